# json_compare: JSON as imported and as Python's json module reads it; and JSONTestSuite.
# Prints TAP. Usage: json_compare.py IMPORT_TOOL JSON_TOOL SHARED
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

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


def run_import(path, database, size=0):
    environment = dict(os.environ, IMPORT_TOOL_READ=str(size)) if size else None
    done = subprocess.run([import_tool, database, path], capture_output=True, check=False,
                          env=environment)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"status {done.returncode}: {done.stderr[:500]!r}")
    return done.returncode == 0, done.stdout.decode("utf-8", "replace")


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
        if isinstance(cell, str):
            return cell == value
        return cell == (float(value) if isinstance(cell, float) else int(value))
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
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "out.db")
        good, text = run_import(path, database, size)
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
        rejected = good and int(text.split()[2]) > 0
        point(rejected or (not good and says_place(text)) or kind == "i",
              f"{os.path.basename(path)}: import {'takes' if good else 'refuses'} it", text)
        if kind == "i" and verdict != "yes":
            point(not good or rejected, "and not what the check refuses", text)


check_suite()
compare_data()
print(f"1..{count}")
sys.exit(1 if failed else 0)
