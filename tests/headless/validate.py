"""validate STANDARDS MESH: check all descriptors of a mesh with the official JSON schemas.

An oracle for the tests, not part of the program. Dates stay text, as the schemas want.
SPDX-License-Identifier: GPL-3.0-or-later
"""

import glob
import json
import sys

import yaml
from jsonschema import Draft201909Validator

SCHEMAS = {
    "odps": "odps-bitol/1.0.0/schema/*.json",
    "odcs": "odcs/3.1.0/schema/*.json",
}


class TextDates(yaml.SafeLoader):
    """Reads YAML without making date objects of dates."""


TextDates.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def validators(standards):
    for kind, pattern in SCHEMAS.items():
        (path,) = glob.glob(f"{standards}/{pattern}")
        with open(path, encoding="utf-8") as file:
            yield kind, Draft201909Validator(json.load(file))


def main(standards, mesh):
    checked = wrong = 0
    for kind, validator in validators(standards):
        for path in sorted(glob.glob(f"{mesh}/*/*/*.{kind}.yaml")):
            with open(path, encoding="utf-8") as file:
                document = yaml.load(file, TextDates)
            checked += 1
            for error in validator.iter_errors(document):
                wrong += 1
                where = "/".join(str(part) for part in error.absolute_path)
                print(f"{path}: {where}: {error.message[:200]}")
    print(f"{checked} descriptors, {wrong} errors")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
