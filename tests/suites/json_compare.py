# json_compare: JSON as imported and as Python's json module reads it; and JSONTestSuite.
# Prints TAP. Usage: json_compare.py IMPORT_TOOL JSON_TOOL SHARED
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
from decimal import Decimal

import_tool, json_tool, shared = sys.argv[1:4]
count = 0
failed = 0


def point(good, title, *more):
    global count, failed
    count += 1
    failed += not good
    print("ok" if good else "not ok", count, "-", title, flush=True)
    if not good:
        for line in more:
            print("#", repr(line)[:300])


class Number(str):
    """A number as it is written."""


def read(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def run_import(path, database, size=0, reference=False):
    environment = dict(os.environ, IMPORT_TOOL_READ=str(size))
    if reference:
        environment["IMPORT_TOOL_REFERENCE"] = "yes"
    done = subprocess.run([import_tool, database, path], capture_output=True, check=False,
                          env=environment)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"status {done.returncode}: {done.stderr[:500]!r}")
    return done.returncode == 0, done.stdout.decode("utf-8", "replace")


def number_of(text):
    """What SQLite must hold: an int, a float, or the text."""
    if re.fullmatch(r"-?\d+", text):
        value = int(text)
        return value if -2**63 <= value < 2**63 and text != "-0" else str(text)
    digits = re.sub(r"[eE].*|[-.]", "", text).lstrip("0").rstrip("0")
    value = float(text)
    if not digits:
        return str(text) if text.startswith("-") else value
    good = 2.2250738585072014e-308 <= abs(value) < float("inf") and len(digits) <= 400
    return value if good and Decimal(f"{value:.{len(digits) - 1}e}") == Decimal(text) \
        else str(text)


# ---- Tables as they must be ----

def flatten(value, path, cells):
    for key, below in value.items():
        if isinstance(below, dict) and below:
            flatten(below, path + (key,), cells)
        else:
            cells[path + (key,)] = below
    return cells


def expected(rows):
    flat = [flatten(row, (), {}) for row in rows]
    order = list(dict.fromkeys(path for row in flat for path in row))
    names = []
    for path in order:
        base = ".".join(path) or "column_%d" % (len(names) + 1)
        name, number = base, 2
        while name.lower() in (other.lower() for other in names):
            name, number = f"{base}_{number}", number + 1
        names.append(name)
    return names, [[row.get(path) for path in order] for row in flat]


def same(cell, value):
    if value is None or cell is None:
        return value is None and cell is None
    if isinstance(value, bool):
        return cell in (int(value), "true" if value else "false")
    if isinstance(value, Number):
        wanted = number_of(value)
        return cell == wanted and isinstance(cell, str) == isinstance(wanted, str)
    if isinstance(value, (list, dict)):
        return isinstance(cell, str) and read(cell) == value
    return cell == re.sub("[\ud800-\udfff]", "\ufffd", value)


def table(database):
    with sqlite3.connect(database) as db:
        names = [row[1] for row in db.execute("PRAGMA table_info(t)")]
        return names, db.execute("SELECT * FROM t ORDER BY rowid").fetchall()


def first_difference(found, wanted):
    if len(found) != len(wanted):
        return f"{len(found)} rows, not {len(wanted)}"
    for row, (cells, values) in enumerate(zip(found, wanted)):
        for column, (cell, value) in enumerate(zip(cells, values)):
            if not same(cell, value):
                return f"row {row + 1}, column {column + 1}: {cell!r}, not {value!r}"
    return None


def compare(path, rows, title, size=0):
    compare_way(path, rows, title, size, False)
    compare_way(path, rows, f"{title}, the reference way", size, True)


def compare_way(path, rows, title, size, reference):
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "out.db")
        good, text = run_import(path, database, size, reference)
        if not good:
            point(False, title, text)
            return
        names, cells = table(database)
        wanted_names, wanted = expected(rows)
        difference = first_difference(cells, wanted)
        point(names == wanted_names and difference is None, title, difference, names[:20],
              wanted_names[:20])


def rows_of(document):
    """The rows of a file that is no lines, or None: several tables, or none."""
    if isinstance(document, list):
        return document if document and isinstance(document[0], dict) else None
    tables = [value for value in document.values()
              if isinstance(value, list) and value
              and all(isinstance(item, dict) for item in value)]
    return tables[0] if len(tables) == 1 else [document] if not tables else None


def compare_data():
    pattern = os.path.join(shared, "realdata", "**", "*.json")
    for path in sorted(glob.glob(pattern, recursive=True)):
        title = os.path.relpath(path, shared)
        broken = None
        try:
            with open(path, encoding="utf-8-sig") as file:
                rows = rows_of(read(file.read()))
        except ValueError as problem:
            broken = problem
        with tempfile.TemporaryDirectory() as folder:
            if broken is not None:
                good, text = run_import(path, os.path.join(folder, "out.db"))
                point(not good and f"line {broken.lineno}, " in text,
                      f"{title}: no JSON for both", text, broken)
                continue
            if rows is None:
                good, text = run_import(path, os.path.join(folder, "out.db"))
                point(not good and "tables" in text, f"{title}: several tables", text)
                continue
            compare(path, rows, f"{title}: {len(rows)} rows")
            if len(rows) < 2 or not path.startswith(os.path.join(shared, "realdata", "v")):
                continue
            lines = os.path.join(folder, "lines.jsonl")
            with open(path, encoding="utf-8-sig") as file:
                plain = rows_of(json.load(file))
            with open(lines, "w", encoding="utf-8") as file:
                for row in plain:
                    file.write(json.dumps(row) + "\n")
            with open(lines, encoding="utf-8") as file:
                rows = [read(line) for line in file]
            compare(lines, rows, f"{title}: as lines")
            if os.path.getsize(lines) < 200000:
                for size in (1, 7, 300):
                    compare(lines, rows, f"{title}: as lines, read by {size} bytes", size)


# ---- Random files ----

def blank(rng):
    return rng.choice(["", "", "", " ", "\t ", "\r"])


def write_string(rng):
    parts = ["a", "Z", " ", ".", "\u00e9", "\u20ac", "\U0001f600", '\\"', "\\\\", "\\/", "\\n",
             "\\u00e9", "\\ud83d\\ude00", "\\u0041", "\\ud800", "\\udc00", "{", "]", ",", ":"]
    return '"' + "".join(rng.choice(parts) for _ in range(rng.choice([0, 1, 3, 30]))) + '"'


def write_number(rng):
    form = rng.randrange(8)
    if form < 3:
        return str(rng.randrange(-1000, 1000))
    if form == 3:
        return repr(rng.uniform(-1000, 1000))
    if form == 4:
        return f"{rng.uniform(-10, 10):.{rng.randrange(1, 25)}f}"
    if form == 5:
        return rng.choice(["0", "-0", "0.0", "-0.0", "1e2", "1E+2", "2.50", "1e400", "1e-400",
                           "5e-324", "9007199254740993", "9223372036854775807", "0e9",
                           "9223372036854775808", "-9223372036854775808", "1.0e0"])
    return f"{rng.uniform(1, 10):.{rng.choice([1, 14, 15, 16, 17])}e}"


def write_value(rng, depth):
    form = rng.randrange(10)
    if form < 3:
        return write_string(rng)
    if form < 6:
        return write_number(rng)
    if form == 6 or depth > 3:
        return rng.choice(["true", "false", "null"])
    if form == 7:
        items = (blank(rng) + write_value(rng, depth + 1) for _ in range(rng.randrange(4)))
        return "[" + ",".join(items) + blank(rng) + "]"
    return write_object(rng, depth + 1)


def write_object(rng, depth):
    keys = rng.sample(["id", "Id", "name", "a.b", "a", "b", "", "x\\u0041", "\u00fc"],
                      rng.randrange(6))
    return "{" + ",".join(f'{blank(rng)}"{key}"{blank(rng)}:{blank(rng)}'
                          f"{write_value(rng, depth)}{blank(rng)}" for key in keys) + "}"


def write_file(rng, path):
    """The rows of a file and its texts: array, lines, one after another, or a member."""
    rows = [write_object(rng, 0) for _ in range(rng.choice([2, 5, 40]))]
    rows.append('{"id":1}')
    form = rng.randrange(4)
    text = ["[" + ",\n".join(rows) + "]", "\n".join(rows) + "\n",
            "{}{\n}" + rng.choice([" ", "\n"]).join(rows),
            '{"n":[{}, 1],"rows":[' + ", ".join(rows) + '],"z":{}}'][form]
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return [read(row) for row in (["{}", "{}"] if form == 2 else []) + rows]


def compare_random():
    rng = random.Random(8259)
    for number in range(100):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, rng.choice(["random.json", "random.dat"]))
            rows = write_file(rng, path)
            compare(path, rows, f"random file {number}: {len(rows)} rows",
                    rng.choice([0, 0, 1, 5, 100]))


# ---- JSONTestSuite ----

def says_place(text):
    return re.search(r"line \d+, column \d+ \(byte \d+\): ", text) is not None


def check_suite():
    files = sorted(glob.glob(os.path.join(shared, "suites/JSONTestSuite/test_*/*.json")))
    done = subprocess.run([json_tool, *files], capture_output=True, check=True)
    lines = [line.split("\t") for line in done.stdout.decode("utf-8", "replace").splitlines()]
    verdicts = {name: (verdict, int(took)) for name, verdict, took in lines[:-1]}
    memory = int(lines[-1][1])
    for path in files:
        name = os.path.basename(path)
        verdict, took = verdicts[name]
        kind = name[0] if "test_parsing" in path else "t"
        good = {"y": verdict == "yes", "n": says_place(verdict)}.get(kind, True)
        point(good and took < 1000, f"{name}: {verdict.split(':')[-1][:60]}", verdict, took)
        if kind in "in":
            import_one(path, kind, verdict)
    point(memory < 64 * 1024, "all of them in less than 64 MiB", memory)


# Import takes objects one after another too, and rejects what is none.
def import_one(path, kind, verdict):
    with tempfile.TemporaryDirectory() as folder:
        good, text = run_import(path, os.path.join(folder, "out.db"))
        again = run_import(path, os.path.join(folder, "again.db"), reference=True)
        point(again == (good, text), f"{os.path.basename(path)}: the same both ways", text,
              again)
        rejected = good and int(text.split()[2]) > 0
        point(rejected or (not good and says_place(text)) or kind == "i",
              f"{os.path.basename(path)}: import {'takes' if good else 'refuses'} it", text)
        if kind == "i" and verdict != "yes":
            point(not good or rejected, "and not what the check refuses", text)


check_suite()
compare_data()
compare_random()
print(f"1..{count}")
sys.exit(1 if failed else 0)
