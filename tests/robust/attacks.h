/* Attempts to see what stands in a column that is masked. In the templates $T is the
 * table, $P its product, $N its name in it, $C the column in quotes, $c its bare name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_ATTACKS_H
#define MWB_TESTS_ATTACKS_H

/* One try for each column. */
static const char *const column_attacks[] = {
    "SELECT $C FROM $T",
    "SELECT DISTINCT $C FROM $T ORDER BY $C COLLATE NOCASE",
    "SELECT upper($C), lower($C), trim($C), ltrim($C, 'x') FROM $T",
    "SELECT hex($C), quote($C), length($C), typeof($C), unicode($C) FROM $T",
    "SELECT substr($C, 1, 4) || substr($C, 5) FROM $T",
    "SELECT printf('%s|%q|%w|%20s', $C, $C, $C, $C) FROM $T",
    "SELECT format('%s', group_concat($C)) FROM $T",
    "SELECT group_concat($C, x'00') FROM $T",
    "SELECT min($C), max($C), count(DISTINCT $C), sum($C), total($C), avg($C) FROM $T",
    "SELECT json_group_array($C), json_group_object($C, $C) FROM $T",
    "SELECT json_object('a', $C), json_array($C), json_quote($C) FROM $T",
    "SELECT value FROM $T, json_each(json_array($C))",
    "SELECT atom FROM $T, json_tree(json_object('k', $C))",
    "SELECT json_extract(json_object('k', $C), '$.k') FROM $T",
    "SELECT json_object('a', $C) ->> 'a' FROM $T",
    "SELECT first_value($C) OVER (ORDER BY $C), lag($C) OVER (ORDER BY $C) FROM $T",
    "SELECT last_value($C) OVER w, nth_value($C, 2) OVER w FROM $T WINDOW w AS (ORDER BY "
    "rowid)",
    "SELECT group_concat($C) OVER (ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM $T",
    "WITH q($C) AS (VALUES ('x')) SELECT $C FROM q FULL JOIN $T USING ($C)",
    "WITH q($C) AS (VALUES ('x')) SELECT * FROM q NATURAL FULL JOIN $T",
    "WITH q($C) AS (SELECT $C FROM $T) SELECT * FROM q RIGHT JOIN $T USING ($C)",
    "WITH q AS MATERIALIZED (SELECT * FROM $T) SELECT $C FROM q",
    "WITH RECURSIVE r(v, n) AS (SELECT $C, 0 FROM $T UNION ALL SELECT v, n + 1 FROM r "
    "WHERE "
    "n < 2) SELECT v FROM r",
    "SELECT $C FROM $T UNION SELECT $C FROM $T",
    "SELECT $C FROM $T EXCEPT SELECT 'x'",
    "SELECT (SELECT $C FROM $T LIMIT 1), (SELECT max($C) FROM $T)",
    "SELECT x.$C FROM $T x JOIN $T y ON x.rowid = y.rowid AND x.$C IS y.$C",
    "SELECT \"$P\".\"$N\".\"$c\" FROM \"$P\".\"$N\"",
    "SELECT [$c], `$c` FROM $T",
    "SELECT $C FROM $T WHERE $C LIKE 'zyx%'",
    "SELECT rowid, $C FROM $T WHERE $C GLOB '*[0-9]*' OR $C REGEXP 'zyx'",
    "SELECT CASE WHEN instr($C, 'yx') > 0 THEN $C ELSE 'no' END FROM $T",
    "SELECT coalesce($C, 'n'), ifnull($C, 'n'), nullif($C, ''), iif(1, $C, 0) FROM $T",
    "SELECT replace($C, 'zzz', ''), soundex($C), char(unicode($C)) FROM $T",
    "SELECT CAST($C AS BLOB), CAST($C AS TEXT) || '' FROM $T",
    "SELECT CAST($C AS INTEGER), CAST($C AS NUMERIC), $C + 0 FROM $T",
    "SELECT json($C) FROM $T",
    "SELECT json_extract('{}', $C) FROM $T",
    "SELECT 1 REGEXP $C FROM $T",
    "SELECT median($C) FROM $T",
    "SELECT percentile($C, 50), stddev($C) FROM $T",
    "SELECT abs($C), round($C, 2), strftime('%Y-%m-%d', $C), date($C), julianday($C) "
    "FROM $T",
    "SELECT $C FROM $T GROUP BY $C HAVING count(*) >= 1",
    "SELECT $C FROM $T INDEXED BY \"mwb_key_$N\"",
    "SELECT $C FROM $T NOT INDEXED WHERE rowid IN (SELECT rowid FROM $T ORDER BY $C)",
    "CREATE TEMP VIEW v1 AS SELECT * FROM $T; SELECT $C FROM v1; DROP VIEW v1",
    "CREATE TEMP TABLE t1 AS SELECT * FROM $T; SELECT $C FROM t1; DROP TABLE t1",
    "CREATE TABLE w1 AS SELECT * FROM $T; SELECT $C FROM w1; DROP TABLE w1",
    "CREATE TABLE g1(a, b AS (a || '') STORED); INSERT INTO g1 SELECT $C FROM $T; SELECT "
    "b "
    "FROM g1; DROP TABLE g1",
    "CREATE TABLE i1(a); CREATE INDEX i1x ON i1(lower(a)); INSERT INTO i1 SELECT $C FROM "
    "$T; "
    "SELECT lower(a) FROM i1 ORDER BY lower(a); DROP TABLE i1",
    "CREATE TABLE d1(a, b); CREATE TRIGGER d1t AFTER INSERT ON d1 BEGIN UPDATE d1 SET b "
    "= "
    "a; END; INSERT INTO d1(a) SELECT $C FROM $T; SELECT b FROM d1; DROP TABLE d1",
    "CREATE VIRTUAL TABLE f1 USING fts5(x); INSERT INTO f1 SELECT $C FROM $T; SELECT * "
    "FROM "
    "f1('zyx*'); SELECT snippet(f1, 0, '', '', '', 9) FROM f1; DROP TABLE f1",
    "CREATE VIRTUAL TABLE f2 USING fts5(x, content='$N'); SELECT * FROM f2_content",
    "EXPLAIN SELECT $C FROM $T WHERE $C > 'y'",
    "EXPLAIN QUERY PLAN SELECT $C FROM $T ORDER BY $C",
    "UPDATE $T SET $C = 'x' RETURNING $C",
    "DELETE FROM $T RETURNING $C",
    "SELECT $C FROM $T ORDER BY (SELECT $C) DESC LIMIT 3 OFFSET 1",
    "SELECT * FROM $T WHERE ($C, 1) > ('a', 0)",
    "SELECT zeroblob(length($C)), randomblob(1) || $C FROM $T",
};

/* Tries that need no column; $R is the folder of everything. */
static const char *const table_attacks[] = {
    "SELECT * FROM $T",
    "SELECT rowid, oid, _rowid_, * FROM $T",
    "SELECT count(*), * FROM $T",
    "SELECT * FROM $P.sqlite_schema",
    "SELECT * FROM $P.sqlite_stat1",
    "SELECT * FROM $P.sqlite_stat4",
    "SELECT * FROM $P.mwb_product",
    "SELECT * FROM $P.mwb_table",
    "SELECT * FROM $P.mwb_column",
    "SELECT * FROM $P.mwb_statistic",
    "SELECT * FROM $P.mwb_reject",
    "SELECT * FROM $P.mwb_source",
    "SELECT * FROM $P.mwb_infotype",
    "SELECT * FROM $P.mwb_file",
    "SELECT * FROM dbstat('$P')",
    "SELECT hex(data) FROM sqlite_dbpage('$P')",
    "SELECT * FROM pragma_table_xinfo('$N', '$P')",
    "SELECT * FROM pragma_index_list('$N', '$P')",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_table_list",
    "PRAGMA $P.integrity_check",
    "PRAGMA $P.freelist_count",
    "PRAGMA writable_schema = ON",
    "VACUUM $P INTO '$R/copy.db'",
    "ATTACH '$R/mesh/people.csv' AS raw",
    "ATTACH '$R/mesh/vault.db' AS raw; SELECT * FROM raw.vault",
    "SELECT readfile('$R/mesh/people.csv')",
    "SELECT * FROM fsdir('$R')",
    "SELECT load_extension('$R/mesh/people.csv')",
    "CREATE VIRTUAL TABLE temp.c1 USING csv(filename = '$R/mesh/people.csv'); SELECT * "
    "FROM "
    "temp.c1",
    "SELECT * FROM mesh.product",
    "SELECT * FROM mesh.property",
    "SELECT * FROM ledger",
    "CREATE VIEW v2 AS SELECT * FROM $T; SELECT * FROM v2; DROP VIEW v2",
    "SELECT * FROM $T AS a, $T AS b WHERE a.rowid = b.rowid",
    "SELECT * FROM $T EXCEPT SELECT * FROM $T WHERE 0",
};

#endif
