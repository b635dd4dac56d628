# gets_compare: MWB REALDATA SCRATCH: TAP. Each version of a file is put where the version
# before was and got; the lines told are held against the headers and rows of both.
# SPDX-License-Identifier: GPL-3.0-or-later
import csv
import json
import os
import re
import shutil
import subprocess
import sys

MWB, REALDATA, SCRATCH = sys.argv[1:4]
FILES = {
    "country-codes": "data/country-codes.csv",
    "covid-19": "data/time-series-19-covid-combined.csv",
    "exchange-rates": "data/daily.csv",
    "owid-co2-data": "owid-co2-data.csv",
    "s-and-p-500-companies": "data/constituents.csv",
}
count = failed = 0


def ok(condition, title, seen=""):
    global count, failed
    count += 1
    print(("ok " if condition else "not ok ") + f"{count} - {title}")
    if not condition:
        failed += 1
        for line in str(seen).splitlines()[:40]:
            print("#   " + line)


def mwb(*words):
    run = subprocess.run([MWB, *words], capture_output=True, text=True, timeout=120,
                         stdin=subprocess.DEVNULL)
    return run.returncode, run.stdout, run.stderr


def versions(name):
    """The file's versions, oldest first; the one beside history/ is the newest."""
    path = FILES[name]
    kept = sorted(os.listdir(f"{REALDATA}/{name}/history"))
    places = [f"{REALDATA}/{name}/history/{one}/{path}" for one in kept]
    return [place for place in places + [f"{REALDATA}/{name}/{path}"]
            if os.path.exists(place)]


def look(place):
    with open(place, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        return header, sum(1 for row in rows if row and len(row) == len(header))


def told_of(text):
    """What the lines say: column names by kind, and rows before and after."""
    told = {"added": [], "removed": [], "renamed": [], "moved": [], "rows": None}
    for line in text.splitlines():
        if match := re.match(r"t: (.*) was renamed to (.*)$", line):
            told["renamed"].append(match.groups())
        elif match := re.match(r"t: (.*) was (added|removed)$", line):
            told[match[2]].append(match[1])
        elif match := re.match(r"t: (.*) moved from place (\d+) to (\d+)$", line):
            told["moved"].append((match[1], int(match[2]), int(match[3])))
        elif match := re.match(r"t: (\d+) rows, before (\d+) ", line):
            told["rows"] = (int(match[1]), int(match[2]))
    return told


def check_columns(title, told, before, after):
    gone = told["removed"] + [old for old, new in told["renamed"]]
    come = told["added"] + [new for old, new in told["renamed"]]
    ok(sorted(gone) == sorted(set(before) - set(after)), title + ": what is gone",
       f"told {sorted(gone)}\nare  {sorted(set(before) - set(after))}")
    ok(sorted(come) == sorted(set(after) - set(before)), title + ": what is new",
       f"told {sorted(come)}\nare  {sorted(set(after) - set(before))}")
    renamed = dict(told["renamed"])
    places = [renamed.get(name, name) for name in before]
    for name, was, now in told["moved"]:
        ok(places[was - 1] == name and after[now - 1] == name,
           f"{title}: {name} stood at {was} and stands at {now}")
    moved = {name for name, was, now in told["moved"]}
    stayed = [name for name in places if name in after and name not in moved]
    ok(stayed == [name for name in after if name in stayed],
       title + ": what did not move kept its order")


def check_step(name, step, before, after):
    title = f"{name} {step}"
    mesh = f"{SCRATCH}/{name}"
    shutil.copyfile(after, f"{mesh}/t.csv")
    old, old_rows = look(before)
    new, new_rows = look(after)
    status, _, said = mwb("get", "d", "--mesh", mesh)
    told = told_of(said)
    check_columns(title, told, old, new)
    if old_rows != new_rows:
        ok(told["rows"] == (new_rows, old_rows), title + ": rows",
           f"told {told['rows']}, are {(new_rows, old_rows)}")
    lost = new_rows == 0 or (old_rows >= 10 and new_rows <= old_rows // 2)
    broken = bool(set(old) - set(new)) or lost
    ok(status == (1 if broken else 0), f"{title}: status {status}", said)
    _, rows, problem = mwb("query", "SELECT count(*) AS n FROM d.t", "--mesh", mesh,
                           "--format", "csv")
    current = old_rows if broken else new_rows
    ok(rows.split() == ["n", str(current)], f"{title}: {current} rows are current",
       rows + problem)
    if broken:
        status, _, said = mwb("get", "d", "--accept", "--mesh", mesh)
        _, rows, _ = mwb("query", "SELECT count(*) AS n FROM d.t", "--mesh", mesh,
                         "--format", "csv")
        ok(status == 0 and rows.split() == ["n", str(new_rows)],
           f"{title}: {new_rows} rows with consent", said + rows)


for name in FILES:
    places = versions(name)
    mesh = f"{SCRATCH}/{name}"
    os.makedirs(mesh)
    with open(f"{mesh}/datapackage.json", "w", encoding="utf-8") as file:
        json.dump({"name": "d", "version": "1.0.0",
                   "resources": [{"name": "t", "path": "t.csv"}]}, file)
    shutil.copyfile(places[0], f"{mesh}/t.csv")
    status, _, said = mwb("get", "d", "--mesh", mesh)
    ok(status == 0, f"{name}: the first version comes", said)
    for step in range(1, len(places)):
        check_step(name, step, places[step - 1], places[step])
print(f"1..{count}")
sys.exit(1 if failed else 0)
