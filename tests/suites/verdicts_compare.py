"""Verdicts of checks: those that the tests of datacontract-cli assert, and, where it is
installed, those it gives itself, check by check.

verdicts_compare.py MWB SHARED SCRATCH [--peer DIFFERENCES]

Without --peer it needs nothing but Python: every row of expected-check-results.tsv. With
it, the python that runs this must have datacontract-cli. Differences that are argued stand
in a file: what differs and is not there fails, and so does a line that nothing needs.
"""
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import fnmatch
import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import verdicts_contracts

POINTS = {"count": 0, "failed": 0}


def point(good, title):
    POINTS["count"] += 1
    POINTS["failed"] += not good
    print(f"{'ok' if good else 'not ok'} {POINTS['count']} - {title}", flush=True)


def check(mwb, contract, data):
    """The checks of a contract over a file: the rows, and the exit status."""
    command = [mwb, "check", str(contract), "--format", "json"]
    command += ["--data", str(data)] if data is not None else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    try:
        rows = json.loads(done.stdout)
    except json.JSONDecodeError:
        print(f"# {contract}: {done.stderr.strip()}")
        rows = []
    return rows, done.returncode


# ---- What the tests of datacontract-cli assert ----


def load_sql(script, database):
    """A script for PostgreSQL, as far as another database understands it."""
    database.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(database)) as db:
        db.executescript(script.read_text().replace("public.", ""))
        db.commit()


def union(paths, out):
    """Tables joined by the names of their columns."""
    tables = [verdicts_contracts.read_table(path) for path in paths]
    names = list(dict.fromkeys(name for header, _ in tables for name in header))
    with open(out, "w", newline="", encoding="utf-8") as file:
        writer = verdicts_contracts.csv.writer(file)
        writer.writerow(names)
        for header, rows in tables:
            for row in rows:
                writer.writerow(dict(zip(header, row)).get(name, "") for name in names)


def data_of(row, fixtures, scratch):
    if row["data"].endswith(".sql"):
        database = scratch / "loaded.db"
        load_sql(fixtures / row["data"], database)
        return database
    if row["data"] == "both files":
        out = scratch / "cities.csv"
        union(sorted((fixtures / "schema-evolution").glob("cities-version-*.csv")), out)
        return out
    return fixtures / row["data"]


def overall(rows):
    order = ["error", "failed", "warning", "passed"]
    outcomes = {row["outcome"] for row in rows}
    return next((outcome for outcome in order if outcome in outcomes), "none")


def told(rows):
    return "; ".join(
        f"{row['key']} {row['outcome']} {row['value']} {row['reason'] or ''}"
        for row in rows
        if row["outcome"] not in ("passed", "not run")
    )


def expect_one(row, rows):
    """ "email maxLength": a property and what is checked of it."""
    property_, metric = row["selection"].split()
    found = [r for r in rows if (r["property"], r["metric"]) == (property_, metric)]
    good = len(found) == 1 and found[0]["outcome"] == row["expected"]
    if good and row["value"]:
        good = str(found[0]["value"]) == row["value"]
    if good and "failed_fraction 0.2" in row["note"]:
        good = (found[0]["total"], found[0]["percent"]) == (5, 20)
    point(good, f"{row['contract']}: {row['selection']} {row['expected']} {row['value']}")
    if not good:
        print(f"# {found}")


# What a note says of the failures, as columns of the checks.
NOTED = {
    "among the failures: 95% rule on order totals, max duration rule, row_count > 9": [
        lambda r: (r["property"], r["type"]) == ("field_two", "sql"),
        lambda r: r["key"] == "my_table.sql" and r["threshold"] == "< 3600",
        lambda r: r["metric"] == "rowCount" and r["threshold"] == "> 9",
    ],
    "only the presence check of population fails": [
        lambda r: (r["property"], r["metric"]) == ("population", "present"),
    ],
}


def expect_whole(row, rows, status):
    found = overall(rows)
    point(
        found == row["expected"] and (status == 0) == (found == "passed"),
        f"{row['contract']} over {row['data']}: {row['expected']}",
    )
    if found != row["expected"]:
        print(f"# it is {found} (status {status}): {told(rows)}")
    bad = [r for r in rows if r["outcome"] in ("failed", "error")]
    for holds in NOTED.get(row["note"], []):
        point(any(holds(r) for r in bad), f"{row['note']}: one of them")
    if row["note"].startswith("only"):
        point(len(bad) == 1, f"{row['note']}: {len(bad)}")


def expected_results(mwb, shared, scratch):
    folder = shared / "standards/datacontract-cli/1.1.1"
    lines = (folder / "expected-check-results.tsv").read_text().splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t") + [""] * len(names)))
        contract = folder / "fixtures" / row["contract"]
        rows, status = check(mwb, contract, data_of(row, folder / "fixtures", scratch))
        if row["selection"] == "whole run" or row["selection"].startswith("server "):
            expect_whole(row, rows, status)
        else:
            expect_one(row, rows)


# ---- What datacontract-cli says itself ----

# Its types of checks, and what they are called here. Types of columns in files are not
# checked there: the file is read as the types that the contract declares.
METRICS = {
    "field_is_present": ["present"],
    "field_required": ["required"],
    "field_unique": ["unique", "primaryKey"],
    "field_primary_key_unique": ["primaryKey"],
    "primary_key_unique": ["primaryKey"],
    "field_min_length": ["minLength"],
    "field_max_length": ["maxLength"],
    "field_minimum": ["minimum", "exclusiveMinimum"],
    "field_maximum": ["maximum", "exclusiveMaximum"],
    "field_regex": ["pattern"],
    "field_enum": ["enum"],
    "field_min_items": ["minItems"],
    "field_max_items": ["maxItems"],
    "field_unique_items": ["uniqueItems"],
    "row_count": ["rowCount"],
    "field_duplicate_values": ["duplicateValues"],
    "model_duplicate_values": ["duplicateValues"],
    "field_null_values": ["nullValues"],
    "field_invalid_values": ["invalidValues"],
    "field_missing_values": ["missingValues"],
    "field_quality_sql": [None],
    "model_quality_sql": [None],
    "servicelevel_freshness": ["freshness"],
    "servicelevel_retention": ["retention"],
}


def peer_checks(contract, server):
    """(model, field, type, n-th of them) -> outcome and value; None when it cannot run."""
    from datacontract.data_contract import DataContract

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run = DataContract(data_contract_file=str(contract), server=server).test()
    found = {}
    for one in run.checks:
        if one.type == "lint" and one.result.value in ("failed", "error"):
            return None
        if (one.reason or "").startswith("Error evaluating check"):
            return None  # a file that it cannot read
        if one.type in METRICS and one.result is not None:
            key = [one.model, one.field, one.type, 0]
            while tuple(key) in found:
                key[3] += 1
            found[tuple(key)] = (one.result.value, (one.diagnostics or {}).get("value"))
    return found or None


def our_checks(rows):
    """(object, property, metric) -> the checks of it, in their order."""
    found = {}
    for row in rows:
        name = None if row["type"] == "sql" else row["metric"]
        found.setdefault((row["object"], row["property"], name), []).append(row)
    return found


def same_value(peer, ours):
    try:
        return peer is None or abs(float(peer) - float(ours)) < 0.01
    except (TypeError, ValueError):
        return False


class Differences:
    """Lines of: contract, key of the check, verdict here, verdict there, why. The first two
    are patterns."""

    def __init__(self, path):
        lines = Path(path).read_text().splitlines()
        self.lines = [line.split("\t") for line in lines if line and line[0] != "#"]
        self.used = set()

    def argue(self, contract, key, ours, theirs):
        for number, line in enumerate(self.lines):
            if (
                fnmatch.fnmatch(contract, line[0])
                and fnmatch.fnmatch(key, line[1])
                and (line[2], line[3]) == (ours, theirs)
            ):
                self.used.add(number)
                return True
        return False

    def unused(self):
        return [line for number, line in enumerate(self.lines) if number not in self.used]


def compare(name, rows, peer, differences, counts):
    """Each check of the peer against ours; False when one differs and nobody says why."""
    ours = our_checks(rows)
    good = True
    for (model, field, kind, nth), (theirs, value) in sorted(peer.items(), key=str):
        found = [c for metric in METRICS[kind] for c in ours.get((model, field, metric), [])]
        mine = found[nth] if nth < len(found) else None
        outcome = mine["outcome"] if mine else "no check"
        counts["checks"] += 1
        if outcome == theirs and same_value(value, mine["value"]):
            counts["equal"] += 1
        elif differences.argue(name, f"{model}.{field}.{kind}", outcome, theirs):
            counts["argued"] += 1
        else:
            good = False
            print(f"# {name}\t{model}.{field}.{kind}\t{outcome}\t{theirs}")
            print(f"#   values {mine and mine['value']} there {value}: {mine and mine['reason']}")
    return good


def local_servers(shared):
    """Contracts of the standards whose data lie beside them: (name, contract, server, data)."""
    root = shared / "standards/datacontract-cli/1.1.1"
    fixtures = root / "fixtures"
    yield "diagnostics", fixtures / "diagnostics/datacontract.yaml", "local", [
        fixtures / "diagnostics/data/orders.csv"
    ]
    yield "junit", fixtures / "junit/datacontract.yaml", "local", [
        fixtures / "junit/data/somedata.csv"
    ]
    yield "local-json", fixtures / "local-json/datacontract.yaml", "verbraucherpreisindex/s3", [
        fixtures / "local-json/data/verbraucherpreisindex.json"
    ]
    cities = fixtures / "schema-evolution"
    for version, servers in (
        (1, {"historical-csv": "1.csv", "historical-json": "1.json"}),
        (
            2,
            {
                "historical-csv": "1.csv",
                "current-csv": "2.csv",
                "historical-json": "1.json",
                "current-json": "2.json",
                "current-csv-invalid": None,
            },
        ),
    ):
        contract = cities / f"odcs-datacontract-cities-version-{version}.yaml"
        for server, end in servers.items():
            data = (
                cities / f"cities-version-{end}"
                if end
                else cities / "invalid/cities-version-2-invalid.csv"
            )
            yield f"cities-{version}/{server}", contract, server, [data]


def real_contracts(shared, scratch):
    for seed, path in enumerate(verdicts_contracts.real_tables(shared / "realdata")):
        text = verdicts_contracts.make_contract(path, seed)
        if text is not None:
            contract = scratch / f"made-{seed}.yaml"
            contract.write_text(text)
            name = str(path.relative_to(shared / "realdata"))
            yield name, contract, "here", [path]


def peer_results(mwb, shared, scratch, differences):
    logging.disable(logging.CRITICAL)
    os.chdir(shared / "standards/datacontract-cli/1.1.1")
    counts = {"checks": 0, "equal": 0, "argued": 0, "contracts": 0}
    for name, contract, server, data in [
        *local_servers(shared),
        *real_contracts(shared, scratch),
    ]:
        peer = peer_checks(contract, server)
        if peer is None:
            print(f"# {name}: datacontract-cli does not run it")
            continue
        rows, _ = check(mwb, contract, data[0])
        counts["contracts"] += 1
        good = compare(name, rows, peer, differences, counts)
        point(good, f"{name}: {len(peer)} verdicts are the same, or the difference is argued")
    point(counts["contracts"] >= 40, f"{counts['contracts']} contracts ran in both")
    print(
        f"# {counts['checks']} checks: {counts['equal']} equal, {counts['argued']} argued",
        flush=True,
    )
    for line in differences.unused():
        point(False, f"nothing differs any more: {line[:4]}")


def main():
    mwb, shared, scratch = (Path(word).resolve() for word in sys.argv[1:4])
    if sys.argv[4:5] == ["--peer"]:
        peer_results(str(mwb), shared, scratch, Differences(sys.argv[5]))
    else:
        expected_results(str(mwb), shared, scratch)
    print(f"1..{POINTS['count']}")
    sys.exit(POINTS["failed"] > 0)


main()
