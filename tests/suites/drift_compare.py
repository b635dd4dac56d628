"""drift: what `mwb diff` tells of the versions kept in the real data, against what Python
finds in their descriptors and header lines. TAP.
SPDX-License-Identifier: GPL-3.0-or-later"""

import csv
import glob
import json
import os
import re
import subprocess
import sys

PRODUCTS = ["country-codes", "s-and-p-500-companies", "exchange-rates", "owid-co2-data"]
FEWEST = 8  # values that tell a column

# Renames that values cannot prove: too few of them, or figures that were computed anew.
BY_NAME = {
    ("currency_minor_unit", "ISO4217-currency_minor_unit"),
    ("Data", "Date"),
    ("Share of global cumulative CO2 emissions", "share_global_cumulative_co2"),
    ("CO2 per GDP (kg per $PPP)", "co2_per_gdp"),
    ("Consumption-based CO2 per GDP (kg per $PPP)", "consumption_co2_per_gdp"),
}
# Renames that must be found, by product and new version.
MUST = {
    ("s-and-p-500-companies", "2024-12-02"): {("Name", "Security")},
    ("s-and-p-500-companies", "2024-12-08"): {("Security", "Company")},
    ("s-and-p-500-companies", "now"): {("Company", "Security")},
    ("country-codes", "2016-06-09"): {
        ("name_fr", "official_name_fr"),
        ("currency_name", "ISO4217-currency_name"),
    },
    ("country-codes", "2017-01-16"): {
        ("ISO3166-1-numeric", "M49"),
        ("geonameid", "Geoname ID"),
    },
    ("exchange-rates", "2026-03-09"): {("Data", "Date")},
    ("owid-co2-data", "now"): {
        ("Annual CO2 emissions (Mt)", "co2"),
        ("Population", "population"),
        ("Total real GDP", "gdp"),
    },
}

count = failed = 0


def point(good, title, *remarks):
    global count, failed
    count += 1
    failed += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, title))
    for remark in remarks if not good else ():
        print("# %s" % (remark,))


def fields_of_yaml(path):
    """Resources and field names of a package in the plain block style of this one file:
    no YAML library belongs to Python. Within resources, a name two blanks in is that of a
    resource, one six blanks in that of a field."""
    tables, name, in_resources = {}, None, False
    for line in open(path, encoding="utf-8"):
        if re.match(r"\S", line) and not line.startswith("-"):
            in_resources = line.startswith("resources:")
        match = re.match(r"(  |- |      |    - )name:\s*(.+?)\s*$", line)
        if not in_resources or not match:
            continue
        value = match.group(2).strip("'\"")
        if len(match.group(1)) == 2:
            name = value
            tables[name] = []
        else:
            tables[name].append(value)
    return tables


class Version:
    def __init__(self, folder, label):
        self.folder, self.label = folder, label
        self.declared = self.read_descriptor()
        self.headers, self.files, self.seen = {}, {}, {}
        for path in sorted(
            glob.glob(folder + "/data/*.csv") + glob.glob(folder + "/*.csv")
        ):
            stem = os.path.basename(path)[:-4]
            with open(path, newline="", encoding="utf-8") as file:
                self.headers[stem] = next(csv.reader(file))
            self.files[stem] = path
        if self.declared is not None:  # data that no descriptor names are not the product's
            self.headers = {k: v for k, v in self.headers.items() if k in self.declared}

    def read_descriptor(self):
        path = self.folder + "/datapackage.json"
        if os.path.exists(path):
            try:
                package = json.load(open(path, encoding="utf-8"))
            except ValueError:
                return None
            tables = {}
            for resource in package["resources"]:
                path = resource.get("path") or ""
                name = resource.get("name") or os.path.basename(path)[:-4]
                fields = resource.get("schema", {}).get("fields", [])
                tables[name] = [field["name"] for field in fields]
            return tables
        path = self.folder + "/datapackage.yml"
        if os.path.exists(path):
            return fields_of_yaml(path)
        return None

    def tables(self):
        return set(self.declared if self.declared is not None else self.headers)

    def columns(self, table):
        if self.declared is not None and self.declared.get(table):
            return self.declared[table], "contract"
        return self.headers.get(table), "data"

    def values(self, table, column):
        """All values of a column, numbers in one form, from one look at the file."""
        if table not in self.files:
            return set()
        if table not in self.seen:
            with open(self.files[table], newline="", encoding="utf-8") as file:
                rows = csv.reader(file)
                header = next(rows)
                columns = [set(cells) for cells in zip(*rows)] or [set() for _ in header]
            self.seen[table] = {k: plain(v) for k, v in zip(header, columns)}
        return self.seen[table].get(column, set())


def plain(values):
    found = set()
    for value in values:
        try:
            value = "%.12g" % float(value)
        except ValueError:
            pass
        if value:
            found.add(value)
    return found


def run(mwb, *operands):
    done = subprocess.run(
        [mwb, "diff", *operands, "--format", "json"], capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        return None, done
    return json.loads(done.stdout or "[]"), done


class Told:
    """What mwb told of the columns of one table, seen in one place."""

    def __init__(self, rows, table, place):
        self.gone, self.come, self.renamed = [], [], []
        for row in rows:
            if not row["what"].startswith(table + ".") or place not in row["seen_in"]:
                continue
            name = row["what"][len(table) + 1 :]
            if re.match(r"(custom|tags|keys|relations|definitions)\.", name):
                continue
            if row["change"] == "renamed":
                self.renamed.append((row["old"], row["new"]))
                self.gone.append(row["old"])
                self.come.append(row["new"])
            elif row["change"] == "removed":
                self.gone.append(name)
            elif row["change"] == "added":
                self.come.append(name)


def check_columns(title, told, old, new):
    gone = sorted(set(old) - set(new))
    come = sorted(set(new) - set(old))
    point(
        sorted(told.gone) == gone and sorted(told.come) == come,
        "%s: %d gone, %d come" % (title, len(gone), len(come)),
        "gone: got %s" % sorted(told.gone),
        "     want %s" % gone,
        "come: got %s" % sorted(told.come),
        "     want %s" % come,
    )


def share(a, b):
    return len(a & b) / len(a | b) if a | b else 0


def check_renames(title, told, old, new, table):
    for before, after in told.renamed:
        a, b = old.values(table, before), new.values(table, after)
        proven = min(len(a), len(b)) >= FEWEST and share(a, b) >= 0.5
        point(
            proven or (before, after) in BY_NAME,
            "%s: %s is called %s now" % (title, before, after),
            "%.2f of %d and %d values alike" % (share(a, b), len(a), len(b)),
        )
    left = set(told.gone) - {pair[0] for pair in told.renamed}
    come = {name: new.values(table, name) for name in set(told.come)}
    for name in sorted(left):
        values = old.values(table, name)
        same = [k for k, v in come.items() if len(v) >= FEWEST and share(values, v) > 0.95]
        taken = {pair[1] for pair in told.renamed}
        point(
            len(same) != 1 or same[0] in taken,
            "%s: %s is gone, and nothing has its values" % (title, name),
            "but %s has" % same,
        )


def check_pair(mwb, product, old, new, must):
    title = "%s, %s to %s" % (product, old.label, new.label)
    rows, done = run(mwb, old.folder, new.folder)
    if rows is None:
        point(False, title, done.stderr.strip())
        return
    both = old.tables() & new.tables()
    for change, tables in (
        ("removed", old.tables() - new.tables()),
        ("added", new.tables() - old.tables()),
    ):
        told = {
            r["what"]
            for r in rows
            if r["change"] == change and r["what"] in old.tables() | new.tables()
        }
        point(told == tables, "%s: tables %s" % (title, change), told, tables)
    for table in sorted(both):
        a, a_place = old.columns(table)
        b, b_place = new.columns(table)
        name = "%s, %s" % (title, table)
        told = Told(rows, table, "data" if a_place == b_place == "data" else "contract")
        check_columns("%s as told by its %s" % (name, a_place), told, a, b)
        check_renames(name, told, old, new, table)
        must -= set(told.renamed)
        data = old.headers.get(table), new.headers.get(table)
        if a_place == b_place == "contract" and None not in data:
            check_columns("%s in its data" % name, Told(rows, table, "data"), *data)
    point(not must, "%s: every rename is found" % title, must)
    is_breaking = any("breaking" in (r["producer"], r["consumer"]) for r in rows)
    point(done.returncode == is_breaking, "%s: the status tells what breaks" % title)


def check_drift(mwb, product, version):
    """Declared, but not in the data; in the data, but not declared."""
    if version.declared is None:
        return
    rows, done = run(mwb, version.folder)
    title = "%s %s against its own data" % (product, version.label)
    if rows is None:
        point(False, title, done.stderr.strip())
        return
    for table, columns in sorted(version.declared.items()):
        if table in version.headers:
            told = Told(rows, table, "")
            check_columns("%s, %s" % (title, table), told, columns, version.headers[table])


def main(mwb, shared):
    for product in PRODUCTS:
        folder = "%s/realdata/%s" % (shared, product)
        kept = sorted(glob.glob(folder + "/history/*"))
        versions = [Version(k, os.path.basename(k)[:10]) for k in kept]
        versions.append(Version(folder, "now"))
        for old, new in zip(versions, versions[1:]):
            check_pair(mwb, product, old, new, set(MUST.get((product, new.label), ())))
        for old in versions[:-2]:
            check_pair(mwb, product, old, versions[-1], set())
        for version in versions:
            check_drift(mwb, product, version)
    print("1..%d" % count)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
