"""exported: what spreadsheets and other programs read of exported files.

An oracle for the tests, not part of the program.
    exported.py rows FILE.xlsx SHEET      the rows of a sheet as JSON, a line each
    exported.py sheets FILE.xlsx          the names of its sheets and how many rows each has
    exported.py package FILE SCHEMA       hold a descriptor against the official schema
SPDX-License-Identifier: GPL-3.0-or-later
"""

import hashlib
import json
import os
import sys


def rows(path, name):
    import openpyxl
    from openpyxl.utils.escape import unescape

    book = openpyxl.load_workbook(path, read_only=True)
    for row in book[name].iter_rows():
        cells = [(cell.data_type, cell.value) for cell in row]
        if any(kind == "f" for kind, _ in cells):
            sys.exit("a cell is a formula")
        values = [unescape(value) if kind in ("s", "inlineStr") else value
                  for kind, value in cells]
        print(json.dumps(values, ensure_ascii=True))


def sheets(path):
    import openpyxl

    for sheet in openpyxl.load_workbook(path, read_only=True):
        print(sheet.title, sum(1 for _ in sheet.iter_rows()))


def package(path, schema):
    import jsonschema

    with open(path, encoding="utf-8") as file:
        descriptor = json.load(file)
    with open(schema, encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(json.load(file))
    errors = [error.message for error in validator.iter_errors(descriptor)]
    for resource in descriptor["resources"]:
        target = os.path.join(os.path.dirname(path), resource["path"])
        with open(target, "rb") as file:
            content = file.read()
        if resource["bytes"] != len(content):
            errors.append("bytes differ")
        if resource["hash"] != "sha256:" + hashlib.sha256(content).hexdigest():
            errors.append("the hash differs")
    sys.exit("\n".join(errors) if errors else 0)


if __name__ == "__main__":
    {"rows": rows, "sheets": sheets, "package": package}[sys.argv[1]](*sys.argv[2:])
