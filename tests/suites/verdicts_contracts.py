"""Contracts for real data: what a table holds, declared, with rules at random whose
thresholds lie on both sides of the truth, so that some hold and some do not."""
# SPDX-License-Identifier: GPL-3.0-or-later
import csv
import io
import json
import random
import re
from pathlib import Path

MOST_BYTES = 2_000_000
MOST_COLUMNS = 12
OPERATORS = [
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
]


def read_table(path):
    """Header and rows of a plain CSV file; None when it is none."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if len(rows) < 3 or len({len(row) for row in rows}) != 1:
        return None
    names = [name.lower() for name in rows[0]]
    plain = [i for i, name in enumerate(names) if re.fullmatch("[a-z_][a-z0-9_]*", name)]
    if len(plain) < 2 or len(set(names)) != len(names):
        return None
    plain = plain[:MOST_COLUMNS]
    return [rows[0][i] for i in plain], [[row[i] for i in plain] for row in rows[1:]]


def type_of(values):
    """The narrowest type that all values have. Numbers that would not be printed the same
    again (leading zeros, plus signs) are texts to everybody."""
    filled = [value for value in values if value != ""]
    if filled and all(re.fullmatch(r"0|-?[1-9]\d{0,14}", value) for value in filled):
        return "integer"
    if filled and all(re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", value) for value in filled):
        return "number"
    return "string"


def threshold(rng, truth, operator):
    near = truth + rng.choice([-1, 0, 0, 1])
    if operator.endswith("Between"):
        low = near - rng.choice([0, 2])
        return [low, low + rng.choice([1, 2, 3])]
    return near


def rule(rng, metric, truth, **rest):
    operator = rng.choice(OPERATORS)
    kind = {"type": "library", "metric": metric} if metric else {}
    return kind | {operator: threshold(rng, truth, operator)} | rest


def column_rules(rng, values):
    filled = [value for value in values if value != ""]
    kinds = sorted(set(filled))
    some = kinds[:: max(1, len(kinds) // 5)][:5]
    repeated = sum(filled.count(kind) > 1 for kind in some) if len(filled) < 5000 else 0
    rules = [rule(rng, "nullValues", len(values) - len(filled))]
    rules.append(rule(rng, "duplicateValues", repeated))
    if type_of(values) == "string" and some:
        missing = [value for value in some if value not in ("null", "NULL")][:2]
        valid = [value for value in some if value == value.strip()]
        empty = len(values) - len(filled)
        if missing:
            truth = empty + sum(value in missing for value in values)
            rules.append(
                rule(rng, "missingValues", truth, arguments={"missingValues": [None, *missing]})
            )
        if valid:
            truth = sum(value not in valid for value in filled)
            rules.append(
                rule(rng, "invalidValues", truth, arguments={"validValues": valid})
            )
            share = round(100 * truth / len(values))
            rules.append(
                rule(rng, "invalidValues", share, unit="percent", arguments={"validValues": valid})
            )
        rules.append(
            rule(rng, "invalidValues", 0, arguments={"pattern": "^[A-Za-z0-9 .,_-]+$"})
        )
    rng.shuffle(rules)
    one_each = {rule["metric"]: rule for rule in rules}  # two would have one name there
    return list(one_each.values())[:3]


# Rules in SQL: what every dialect has, and what DuckDB alone has. {c} is the column.
SQL = {
    "any": [
        "SELECT count(*) FROM {object} WHERE {c} IS NULL",
        "SELECT count(DISTINCT {c}) FROM {model}",
        "SELECT count(*) - count({c}) FROM {table}",
        "SELECT 100.0 * count({c}) / count(*) FROM {object}",
        "SELECT count(*) FILTER (WHERE {c} IS NOT NULL) FROM {object}",
        "SELECT count(*) FROM (SELECT {c} FROM {object} GROUP BY {c} HAVING count(*) > 1) d",
    ],
    "string": [
        "SELECT max(length({c})) FROM {object}",
        "SELECT count(*) FROM {object} WHERE {c} LIKE 'A%'",
        "SELECT count(*) FROM {object} WHERE {c} LIKE '%a%'",
        "SELECT count(*) FROM {object} WHERE {c} ILIKE '%a%'",
        "SELECT count(*) FROM {object} WHERE regexp_matches({c}, '^[A-M]')",
        "SELECT count(*) FROM {object} WHERE starts_with({c}, 'A')",
        "SELECT count(*) FROM {object} WHERE contains({c}, 'an')",
        "SELECT count(*) FROM {object} WHERE strpos({c}, 'e') > 2",
        "SELECT count(*) FROM {object} WHERE lower({c}) = {c}",
        "SELECT count(*) FROM {object} WHERE upper(left({c}, 1)) <> left({c}, 1)",
        "SELECT count(*) FROM {object} WHERE {c}::VARCHAR = ''",
        "SELECT sum(CASE WHEN length(trim({c})) = 0 THEN 1 ELSE 0 END) FROM {object}",
    ],
    "number": [
        "SELECT avg({c}) FROM {object}",
        "SELECT max({c}) - min({c}) FROM {object}",
        "SELECT median({c}) FROM {object}",
        "SELECT quantile_cont({c}, 0.9) FROM {object}",
        "SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY {c}) FROM {object}",
        "SELECT stddev_samp({c}) FROM {object}",
        "SELECT count(*) FROM {object} WHERE {c}::INTEGER % 2 = 0",
        "SELECT count(*) FROM {object} WHERE greatest({c}, 0) > least({c}, 10)",
        "SELECT sum(CAST({c} AS DOUBLE)) FROM {object}",
        "SELECT round(avg({c}), 2) FROM {object}",
        "SELECT {c} / 2 FROM {object} LIMIT 1",
    ],
}


def sql_rule(rng, name, values):
    kind = "string" if type_of(values) == "string" else "number"
    query = rng.choice(SQL[rng.choice(["any", kind, kind])]).replace("{c}", name)
    return rule(rng, None, len(values) // 2, type="sql", query=query)


def column_options(rng, kind, values):
    filled = [value for value in values if value != ""]
    if not filled:
        return {}
    if kind in ("integer", "number"):
        numbers = sorted((int if kind == "integer" else float)(value) for value in filled)
        return {
            "minimum": numbers[0] + rng.choice([0, 0, 1]),
            "maximum": numbers[-1] - rng.choice([0, 0, 1]),
        }
    lengths = sorted(len(value) for value in filled)
    return {
        "minLength": lengths[0] + rng.choice([0, 0, 1]),
        "maxLength": lengths[-1] - rng.choice([0, 0, 1]),
        "pattern": rng.choice(["^[^<>]*$", "[A-Za-z]", "^\\S", "^.{1,20}$"]),
    }


def make_property(rng, name, values):
    kind = type_of(values)
    made = {
        "name": name,
        "logicalType": kind,
        "required": rng.random() < 0.4,
        "unique": rng.random() < 0.2,
        "quality": column_rules(rng, values) + [sql_rule(rng, name, values)],
    }
    options = column_options(rng, kind, values)
    if options:
        made["logicalTypeOptions"] = options
    return made


def make_contract(path, seed):
    """The contract of a CSV file, as a JSON document (which is YAML as well)."""
    table = read_table(path)
    if table is None:
        return None
    header, rows = table
    rng = random.Random(seed)
    columns = list(zip(*rows))
    return json.dumps(
        {
            "apiVersion": "v3.1.0",
            "kind": "DataContract",
            "id": "made",
            "name": "made",
            "version": "1.0.0",
            "status": "active",
            "servers": [{"server": "here", "type": "local", "format": "csv", "path": str(path)}],
            "schema": [
                {
                    "name": "t",
                    "logicalType": "object",
                    "properties": [
                        make_property(rng, name, values)
                        for name, values in zip(header, columns)
                    ],
                    "quality": [
                        rule(rng, "rowCount", len(rows)),
                        rule(
                            rng,
                            "duplicateValues",
                            0,
                            arguments={"properties": header[:2]},
                        ),
                    ],
                }
            ],
        },
        indent=1,
    )


def real_tables(realdata):
    for path in sorted(Path(realdata).rglob("*.csv")):
        if path.stat().st_size <= MOST_BYTES and "history" not in path.parts:
            yield path
