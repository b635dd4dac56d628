# import_compare: every cell of every CSV file below a folder, as imported and as Python's csv
# module reads it. Prints TAP. Usage: import_compare.py TOOL FOLDER KIND
# KIND realdata also holds the counts of the READMEs; KIND spectrum compares with the json/,
# KIND chunks imports each file again in short reads.
# SPDX-License-Identifier: GPL-3.0-or-later
import codecs
import csv
import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

tool, folder, kind = sys.argv[1:4]
csv.field_size_limit(1 << 30)
count = 0
failed = 0


def point(good, title, *more):
    global count, failed
    count += 1
    failed += not good
    print("ok" if good else "not ok", count, "-", title, flush=True)
    if not good:
        for line in more:
            print("#", str(line)[:300])


def decode(data):
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"),
                       (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name)
    bad = 0

    def mend(err):
        nonlocal bad
        bad += err.end - err.start
        return windows_1252(err.object[err.start:err.end]), err.end

    codecs.register_error("mend", mend)
    text = data.decode("utf-8", "mend")
    good = sum(len(c.encode()) > 1 for c in data.decode("utf-8", "ignore"))
    # Meant as UTF-8, when for each bad byte there are four good characters of several.
    return text if good >= 4 * bad else windows_1252(data)


def windows_1252(data):
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def run_import(path, database, *options):
    done = subprocess.run([tool, *options, database, path], capture_output=True, check=False)
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode not in (0, 1):
        raise RuntimeError(f"status {done.returncode}: {done.stderr[:500]!r}")
    return done.returncode == 0, text


def imported(database):
    with sqlite3.connect(database) as db:
        db.text_factory = lambda data: data.decode("utf-8")
        names = [row[1] for row in db.execute("PRAGMA table_info(t)")]
        stored = [row[0] for row in db.execute("SELECT stored FROM mwb_column ORDER BY position")]
        cells = ", ".join('CAST("%s" AS TEXT)' % name.replace('"', '""') for name in names)
        return stored, db.execute(f"SELECT {cells} FROM t ORDER BY rowid").fetchall()


def same(cell, text, stored):
    if cell is None:
        return text == ""
    if cell == text:
        return True
    # Whole numbers among fractions print with .0
    return stored == "REAL" and re.fullmatch(r"-?[0-9]+", text) and cell == text + ".0"


def python_rows(path, delimiter, skip):
    data = open(path, "rb").read()
    text = decode(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    text = "".join(text.splitlines(keepends=True)[skip:]) if skip else text
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


def sniffed(notes):
    match = re.search(r"delimiter (\w+)", notes)
    words = {"semicolon": ";", "tab": "\t", "bar": "|", "colon": ":", "space": " "}
    return words.get(match[1], ",") if match else ","


# Lines before the table, which are left out and told.
def lines_before(notes):
    match = re.search(r"lines? (?:1 to )?(\d+) stands? before the table", notes)
    return int(match[1]) if match else 0


def compare(path, shown):
    with tempfile.TemporaryDirectory() as scratch:
        database = os.path.join(scratch, "out.db")
        good, out = run_import(path, database)
        if not good:
            empty = os.path.getsize(path) == 0
            archive = open(path, "rb").read(2) == b"PK"
            point((empty and "is empty" in out) or (archive and "ZIP" in out)
                  or "columns and a table can have 2000" in out,
                  f"{shown}: refused with a sentence", out)
            return None
        read, stored_rows, rejected = map(int, out.split("\n")[0].split())
        rows = python_rows(path, sniffed(out), lines_before(out))
        width = len(rows[0])
        fit = [row for row in rows[1:] if len(row) == width]
        stored, cells = imported(database)
        wrong = [f"{i + 2}: {row!r} is {cell!r}" for i, (row, cell) in enumerate(zip(fit, cells))
                 if not all(map(same, cell, row, stored))]
        good = (read == stored_rows + rejected and len(cells) == len(fit) == stored_rows
                and rejected == len(rows) - 1 - len(fit) and not wrong)
        point(good, f"{shown}: {stored_rows} rows of {width} cells, {rejected} rejected",
              f"read {read} stored {stored_rows} table {len(cells)} python "
              f"{len(fit)} + {len(rows) - 1 - len(fit)}", *wrong[:3])
        return read


def files_below(top, suffixes):
    for root, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(suffixes):
                path = os.path.join(root, name)
                yield path, os.path.relpath(path, top)


# The table of a product's README: | file | CSV records | bytes |
def readme_counts(top):
    counts = {}
    for product in sorted(os.listdir(top)):
        readme = os.path.join(top, product, "README.md")
        if os.path.exists(readme):
            for line in open(readme, encoding="utf-8"):
                match = re.match(r"\| (\S+\.(?:csv|tsv|txt)) \| (\d+) \|", line)
                if match:
                    counts[f"{product}/{match[1]}"] = int(match[2])
    return counts


def dump(path, size):
    with tempfile.TemporaryDirectory() as scratch:
        database = os.path.join(scratch, "out.db")
        env = dict(os.environ, IMPORT_TOOL_READ=str(size))
        done = subprocess.run([tool, database, path], capture_output=True, check=False, env=env)
        if done.returncode != 0:
            return done.stdout
        with sqlite3.connect(database) as db:
            db.text_factory = bytes
            return done.stdout, [db.execute(f"SELECT * FROM {t}").fetchall()
                                 for t in ("t", "mwb_table", "mwb_column", "mwb_reject")]


if kind == "chunks":
    sizes = range(1, 301) if os.environ.get("MWB_FULL") else (1, 2, 3, 7, 61, 300)
    for path, shown in files_below(folder, (".csv", ".tsv", ".txt")):
        whole = dump(path, 0)
        other = [size for size in sizes if dump(path, size) != whole]
        point(not other, f"{shown}: the same in reads of any size", other)
elif kind == "spectrum":
    for path, shown in files_below(os.path.join(folder, "csvs"), (".csv",)):
        want = json.load(open(os.path.join(folder, "json", shown[:-4] + ".json"), encoding="utf-8"))
        with tempfile.TemporaryDirectory() as scratch:
            database = os.path.join(scratch, "out.db")
            good, out = run_import(path, database, "-t")
            names = [r[1] for r in sqlite3.connect(database).execute("PRAGMA table_info(t)")]
            got = [dict(zip(names, row)) for row in imported(database)[1]]
            point(good and got == want, f"{shown}: exactly its rows", out, got, want)
else:
    counts = readme_counts(folder) if kind == "realdata" else {}
    for path, shown in files_below(folder, (".csv", ".tsv", ".txt", ".dat")):
        read = compare(path, shown)
        if shown in counts and read is not None:
            point(read == counts[shown] - 1, f"{shown}: the README says {counts[shown]} records",
                  f"read {read}")
    if kind == "realdata":
        point(len(counts) > 50, f"{len(counts)} files are counted in READMEs")
print(f"1..{count}")
sys.exit(1 if failed else 0)
