"""What Python's peers do, timed from inside: peers.py csv|json INPUT DATABASE SQL TOTALS

DuckDB reads INPUT into table `t` of a new DATABASE, with the defaults of its reader and as
many threads as it wants. Printed are wall seconds, CPU seconds, wall seconds again and the
largest resident memory in KiB, as `clock` does: from opening the database to having closed
it, so that the start of the interpreter does not count. SQL must then give TOTALS, values
with `|` between, else nothing is printed.
SPDX-License-Identifier: GPL-3.0-or-later
"""

import resource
import sys
import time

import duckdb

READERS = {"csv": "read_csv_auto", "json": "read_json_auto"}


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    kind, source, database, sql, totals = sys.argv[1:]
    wall, cpu = time.perf_counter(), cpu_seconds()
    connection = duckdb.connect(database)
    connection.execute(f"CREATE TABLE t AS SELECT * FROM {READERS[kind]}(?)", [source])
    connection.close()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    row = duckdb.connect(database).execute(sql).fetchone()
    found = "|".join(str(value) for value in row)
    if found != totals:
        sys.exit(f"wrong result: DuckDB: expected {totals}, found {found}")
    print(f"{wall:.4f} {cpu:.4f} {wall:.4f} {memory}")


main()
