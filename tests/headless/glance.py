# glance: turns `mwb glance --sql` and `mwb journey --sql` (JSON lines) into statements
# that count again, and holds what they give against the numbers shown.
#   glance.py ask LINES OUT   statements, each a compound of some cells
#   glance.py compare LINES ROWS   prints what differs; status 1 when anything does
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import sys

MOST = 60  # cells of one statement: SQLite joins no more than 500 SELECTs


def cells(path):
    for line in open(path, encoding="utf-8"):
        cell = json.loads(line)
        measure = cell.get("measure", "count(*)")
        shown = cell["number"] if "number" in cell else cell["rows"]
        name = " ".join(str(cell[key]) for key in ("sheet", "row", "column", "domain", "fact")
                        if key in cell)
        yield name, measure, shown, cell["sql"], cell.get("text")


def ask(lines, out):
    every = list(cells(lines))
    for start in range(0, len(every), MOST):
        parts = ["SELECT %d AS cell, %s AS number, count(*) AS n FROM (%s)"
                 % (start + i, measure, sql)
                 for i, (_, measure, _, sql, _) in enumerate(every[start:start + MOST])]
        with open("%s.%04d.sql" % (out, start), "w", encoding="utf-8") as file:
            file.write("\nUNION ALL ".join(parts) + "\n")


def compare(lines, rows):
    counted = {}
    for line in open(rows, encoding="utf-8"):
        row = json.loads(line)
        counted[row["cell"]] = row
    bad = with_rows = 0
    every = list(cells(lines))
    for i, (name, measure, shown, _, text) in enumerate(every):
        row = counted.get(i)
        number = row["number"] if row else "nothing"
        same = number == shown if shown is None or number is None else (
            row is not None and abs(number - shown) <= 1e-9 * max(1, abs(shown)))
        if text is not None:
            same = same and (text == "") == (row["n"] == 0)
        with_rows += row is not None and row["n"] > 0
        if not same:
            bad += 1
            print("%s shows %s, its own SELECT gives %s of %s rows (%s)"
                  % (name, shown, number, row["n"] if row else "no", measure))
    print("# %d cells, %d of them with rows" % (len(every), with_rows))
    return 1 if bad or not with_rows else 0


if sys.argv[1] == "ask":
    ask(sys.argv[2], sys.argv[3])
else:
    sys.exit(compare(sys.argv[2], sys.argv[3]))
