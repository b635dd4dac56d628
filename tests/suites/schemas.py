# schemas TOOL STANDARDS COUNT SEED: make documents from each schema, right and slightly
# wrong ones, and compare the verdicts of TOOL with those of jsonschema. TAP; the first
# disagreements are told.
# SPDX-License-Identifier: GPL-3.0-or-later
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from jsonschema import validators
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

tool, standards, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

DCAT = "dcat-us/1.1/schema/"
DCAT_PARTS = ("dataset", "distribution", "organization", "vcard")
DCAT_VERSION = "https://project-open-data.cio.gov/v1.1/schema"
PACKAGE_2 = "https://datapackage.org/profiles/2.0/datapackage.json"

# Name, schema, and what the document must hold to be taken for one of this version.
SCHEMAS = [
    ("odps " + version, "odps-bitol/%s/schema/odps-json-schema-v%s.json" % paths,
     {"apiVersion": "v" + version, "kind": "DataProduct"})
    for version, paths in (("0.9.0", ("0.9.0", "0.9.0")), ("1.0.0", ("1.0.0", "1.0.0")),
                           ("1.1.0", ("1.1.0-rebuilt-0362bb1", "1.1.0.rebuilt")))
] + [
    ("dcs " + version, "datacontract-specification/%s/datacontract.schema.json" % version,
     {"dataContractSpecification": version})
    for version in ("0.9.0", "0.9.1", "0.9.2", "0.9.3", "1.1.0", "1.2.0", "1.2.1")
] + [
    ("package 1", "data-package/1.0/profiles/datapackage.json", {}),
    ("package 2", "data-package/2.0/profiles/datapackage.json", {"$schema": PACKAGE_2}),
    ("dcat 1.1", DCAT + "catalog.json", {"conformsTo": DCAT_VERSION}),
    ("dpds 1.0.0", "dpds/1.0.0/schema/schema.json", {"dataProductDescriptor": "1.0.0"}),
    ("open 4.1", "odps-opendataproducts/4.1/schema/odps.json", {"version": "4.1"}),
]

TEXTS = ["a", "x-1", "A_b", "2020-01-02", "R/P1D", "text/csv", "015:11", "015:001",
         "mailto:a@b.co", "99.9%", "99", "en", "http://x.y/z", "a b", "", "../x", "table",
         "data/x.csv", "number", "0123", "text", "sql", "library", "custom", "a" * 32]
WRONG = [None, True, 1, 1.5, "zz", [], {}, ["a"], {"a": 1}, [1, 1], ""]
NAMES = ["a", "b_1", "c-2", "en", "fi", "zz", "d e", "x/y"]


def load(path):
    with open(os.path.join(standards, path), encoding="utf-8") as file:
        return json.load(file)


class Maker:
    """Documents that a schema allows, but for `wrong` of their values."""

    def __init__(self, schema, files):
        self.schema, self.files, self.wrong = schema, files, 0

    def follow(self, reference):
        if reference in self.files:
            return self.files[reference]
        node = self.schema
        for step in reference[2:].split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")] if step else node
        return node

    def make(self, node, depth=0):
        if node is True or node == {} or random.random() < self.wrong:
            return copy.deepcopy(random.choice(WRONG))
        if isinstance(node.get("$ref"), str):
            return self.make(self.follow(node["$ref"]), depth)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return random.choice(node["enum"])
        found = self.make_parts(node, depth)
        if not isinstance(found, dict):
            return found
        kind = node.get("type")
        kind = random.choice(kind) if isinstance(kind, list) else kind
        if kind is None:
            is_map = found or "properties" in node or "required" in node
            kind = "object" if is_map else "array" if "items" in node else "string"
        if kind == "object":
            return {**found, **self.make_map(node, depth)}
        return self.make_list(node, depth) if kind == "array" else self.make_scalar(node, kind)

    def make_parts(self, node, depth):
        found = {}
        for word in ("oneOf", "anyOf"):
            if word in node:
                part = self.make(random.choice(node[word]), depth)
                if not isinstance(part, dict):
                    return part
                found.update(part)
        for part in node.get("allOf", []):
            made = {}
            if "if" not in part:
                made = self.make(part, depth)
            elif random.random() < 0.6:
                made = self.make({**part["then"], "type": "object"}, depth)
                for key, value in part["if"].get("properties", {}).items():
                    if isinstance(made, dict) and "const" in value:
                        made[key] = value["const"]
            if isinstance(made, dict):
                found.update(made)
        return found

    def make_scalar(self, node, kind):
        if kind == "string" and "maxLength" in node and random.random() < 0.2:
            return "x" * random.choice([node["maxLength"], node["maxLength"] + 1])
        if kind == "string" and "pattern" in node and random.random() < 0.8:
            return random.choice([text for text in TEXTS
                                  if re.search(node["pattern"], text)] or TEXTS)
        return random.choice({"string": TEXTS, "integer": [0, 1, 5, -1], "null": [None],
                              "number": [0, 1, 2.5, -3], "boolean": [True, False]}[kind])

    def make_list(self, node, depth):
        length = random.choice([0, 1, 1, 1, 2, 2, 3]) if depth < 12 else 0
        if random.random() < 0.9:
            length = max(length, node.get("minItems", 0))
        return [self.make(node.get("items", True), depth + 1) for _ in range(length)]

    def make_map(self, node, depth):
        made, needed = {}, node.get("required", [])
        often = 0.25 if depth < 4 else 0.15 if depth < 8 else 0.02
        often = often if depth < 15 else 0
        for key, value in node.get("properties", {}).items():
            if random.random() < (0.98 if key in needed and depth < 20 else often):
                made[key] = self.make(value, depth + 1)
        others = [node.get("additionalProperties")]
        others += node.get("patternProperties", {}).values()
        for other in others:
            if isinstance(other, dict) and depth < 12:
                for key in random.sample(NAMES, random.choice([0, 1, 1, 2])):
                    made[key] = self.make(other, depth + 1)
        if random.random() < 0.03:
            made["unknownKey"] = copy.deepcopy(random.choice(WRONG))
        return made


def recognisable(name, made, forced):
    """What tells the standard and version must be there, whatever else is wrong."""
    made = made if isinstance(made, dict) else {}
    made.update(forced)
    if name.startswith("package"):
        if name.endswith("1"):
            made.pop("$schema", None)
        resources = made.get("resources")
        if not isinstance(resources, list) or not resources or not isinstance(
                resources[0], dict):
            made["resources"] = [{"path": "b.csv"}]
        made["resources"][0].setdefault("name", "a")
    elif name.startswith("open"):
        product = made.get("product")
        made["product"] = product if isinstance(product, dict) else {}
        if made["product"].get("details") is None:
            made["product"]["details"] = {}
    elif name.startswith("dcat") and not isinstance(made.get("dataset"), list):
        made["dataset"] = []
    return made


def compare(folder, name, path, forced):
    schema, files, registry = load(path), {}, Registry()
    if path.startswith(DCAT):
        files = {part + ".json": load(DCAT + part + ".json") for part in DCAT_PARTS}
    for file, part in files.items():
        registry = registry.with_resource(
            DCAT_VERSION + "/" + file,
            Resource.from_contents(part, default_specification=DRAFT4))
    validator = validators.validator_for(schema)(schema, registry=registry)
    maker, paths, expected = Maker(schema, files), [], []
    for number in range(count):
        maker.wrong = random.choice([0, 0, 0.005, 0.02])
        made = recognisable(name, maker.make(schema), forced)
        paths.append(os.path.join(folder, "%s-%d.json" % (name.replace(" ", "-"), number)))
        with open(paths[-1], "w", encoding="utf-8") as file:
            json.dump(made, file)
        expected.append("valid" if validator.is_valid(made) else "invalid")
    answer = subprocess.run([tool], input="\n".join(paths) + "\n", text=True, check=True,
                            capture_output=True).stdout.splitlines()
    told = 0
    for path, want, line in zip(paths, expected, answer):
        got, reason = line.split("\t", 1)
        if got not in (want, "unreadable"):
            told += 1
            if told <= 3:
                with open(path, encoding="utf-8") as file:
                    print("# %s by the schema, but %s: %s\n# %s"
                          % (want, got, reason, file.read()[:400]))
    return len(answer) == count and told == 0, expected.count("valid")


with tempfile.TemporaryDirectory() as scratch:
    failed = 0
    for at, (name, path, forced) in enumerate(SCHEMAS, 1):
        random.seed("%d %s" % (seed, name))
        fine, valid = compare(scratch, name, path, forced)
        failed += not fine
        print("%s %d - %s: %d documents (%d valid) have the verdict of the schema"
              % ("ok" if fine else "not ok", at, name, count, valid))
    print("1..%d" % len(SCHEMAS))
sys.exit(failed > 0)
