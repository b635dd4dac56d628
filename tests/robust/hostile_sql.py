# hostile_sql: some hundred statements that want more than to read, in three lists.
#   forbidden   nowhere, whoever asks
#   confined    not in rules and policies; where people type they change at most what is
#               their own
#   foreign     what a rule of the product orders must not read
# FOLDER stands for a folder that can be written to.
# SPDX-License-Identifier: GPL-3.0-or-later

PRAGMAS = (
    "activate_extensions auto_vacuum busy_timeout cache_spill cell_size_check "
    "checkpoint_fullfsync count_changes data_store_directory default_cache_size "
    "defer_foreign_keys empty_result_callbacks full_column_names fullfsync "
    "hard_heap_limit hexkey ignore_check_constraints incremental_vacuum journal_mode "
    "journal_size_limit key legacy_alter_table locking_mode max_page_count mmap_size "
    "page_size parser_trace query_only read_uncommitted rekey schema_version "
    "secure_delete short_column_names soft_heap_limit stats synchronous temp_store "
    "temp_store_directory textkey threads trusted_schema vdbe_addoptrace vdbe_debug "
    "vdbe_listing vdbe_trace wal_autocheckpoint wal_checkpoint writable_schema "
    "analysis_limit optimize shrink_memory"
).split()

LOOKS = (
    "application_id cache_size collation_list compile_options data_version database_list "
    "encoding foreign_key_check foreign_keys freelist_count function_list integrity_check "
    "journal_mode module_list page_count page_size pragma_list quick_check "
    "schema_version table_list user_version"
).split()

LOADERS = (
    "load_extension('FOLDER/new.so')",
    "load_extension('FOLDER/new.so', 'start')",
    '"load_extension"(\'FOLDER/new.so\')',
    "[load_extension]('FOLDER/new.so')",
    "`load_extension`('FOLDER/new.so')",
    "LOAD_EXTENSION/**/('FOLDER/new.so')",
    "Load_Extension -- why not\n('FOLDER/new.so')",
    "writefile('FOLDER/new.txt', 'x')",
    "writefile('FOLDER/new.txt', x'00', 0755)",
    "readfile('/etc/passwd')",
    "edit('x', 'FOLDER/new.sh')",
    "fts3_tokenizer('simple')",
    "fts3_tokenizer('simple', x'0000000000000000')",
    "sqlar_compress('x')",
    "lsmode(1)",
    "shell('touch FOLDER/new')",
    "system('touch FOLDER/new')",
    "exec('touch FOLDER/new')",
    "pg_read_file('/etc/passwd')",
    "pg_ls_dir('/')",
    "lo_export(1, 'FOLDER/new')",
    "xp_cmdshell('touch FOLDER/new')",
    "sys_exec('touch FOLDER/new')",
    "getenv('HOME')",
)

# Places where an expression can hide.
HIDING = (
    "SELECT %s",
    "SELECT 1 WHERE %s",
    "SELECT count(*) FROM orders.orders WHERE id = %s",
    "SELECT (SELECT %s)",
    "WITH c AS (SELECT %s AS v) SELECT v FROM c",
    "SELECT 1 UNION ALL SELECT %s",
    "SELECT id FROM orders.orders ORDER BY %s",
    "SELECT count(*) FILTER (WHERE %s) FROM orders.orders",
    "VALUES (%s)",
)

WRITES = (
    "INSERT INTO {t} VALUES(9, 'x')",
    "INSERT OR REPLACE INTO {t} VALUES(9, 'x')",
    "INSERT INTO {t} SELECT * FROM {t}",
    "INSERT INTO {t} DEFAULT VALUES",
    "REPLACE INTO {t} VALUES(9, 'x')",
    "UPDATE {t} SET id = 9",
    "UPDATE OR IGNORE {t} SET id = 9 WHERE 1",
    "DELETE FROM {t}",
    "DELETE FROM {t} WHERE 1 RETURNING *",
    "WITH c AS (SELECT 1) INSERT INTO {t} SELECT 1, 2 FROM c",
    "WITH c AS (SELECT 1) UPDATE {t} SET id = 1",
    "WITH c AS (SELECT 1) DELETE FROM {t}",
    "WITH c AS (SELECT 1) REPLACE INTO {t} SELECT 1, 2",
    "DROP TABLE {t}",
    "DROP TABLE IF EXISTS {t}",
    "ALTER TABLE {t} ADD COLUMN c",
    "ALTER TABLE {t} RENAME COLUMN id TO di",
    "ALTER TABLE {t} DROP COLUMN word",
    "/**/DELETE/**/FROM/**/{t}/**/",
    "-- nothing\nDELETE FROM {t}",
    "TRUNCATE TABLE {t}",
    "MERGE INTO {t} USING {t} ON 1 WHEN MATCHED THEN DELETE",
)

MAKES = (
    "CREATE TABLE {s}.new1(a)",
    "CREATE TABLE {s}.new2 AS SELECT 1",
    "CREATE TABLE IF NOT EXISTS {s}.new3(a)",
    "CREATE VIEW {s}.new4 AS SELECT 1",
    "CREATE INDEX {s}.new5 ON orders(id)",
    "CREATE UNIQUE INDEX {s}.new6 ON orders(id)",
    "CREATE TRIGGER {s}.new7 AFTER INSERT ON orders BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE {s}.new8 USING fts5(a)",
    "ANALYZE {s}",
)

ALWAYS = (
    "ATTACH 'FOLDER/new.db' AS x",
    "ATTACH ':memory:' AS x",
    "ATTACH '' AS x",
    "attach database 'FOLDER/new.db' as y",
    "/* c */ ATTACH/**/'FOLDER/new.db' AS x",
    "-- c\nATTACH 'FOLDER/new.db' AS x",
    ";;ATTACH 'FOLDER/new.db' AS x",
    "ATTACH 'file:FOLDER/new.db?mode=rwc' AS x",
    "ATTACH CAST(x'2f746d702f6e6577' AS TEXT) AS x",
    "ATTACH (SELECT 'FOLDER/new.db') AS x",
    "EXPLAIN ATTACH 'FOLDER/new.db' AS x",
    "EXPLAIN QUERY PLAN ATTACH 'FOLDER/new.db' AS x",
    "DETACH orders",
    "DETACH mesh",
    "DETACH DATABASE main",
    "VACUUM INTO 'FOLDER/new.db'",
    "VACUUM main INTO 'FOLDER/new.db'",
    "VACUUM orders INTO 'FOLDER/new.db'",
    "VACUUM INTO (SELECT 'FOLDER/new.db')",
    "vacuum/**/into 'FOLDER/new.db'",
    "COPY orders TO 'FOLDER/new.csv'",
    "COPY (SELECT 1) TO 'FOLDER/new.csv'",
    "SELECT 1 INTO OUTFILE 'FOLDER/new.csv'",
    "EXPORT DATABASE 'FOLDER/new'",
    "INSTALL httpfs",
    "LOAD 'FOLDER/new.so'",
    "SET home_directory = 'FOLDER'",
    "CALL pg_reload_conf()",
    "DO $$ BEGIN END $$",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_parquet('s3://bucket/new')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM fsdir('/')",
    "SELECT * FROM zipfile('FOLDER/new.zip')",
    "SELECT * FROM csv('/etc/passwd')",
    "SELECT * FROM sqlite_dbdata",
    "SELECT * FROM completion('x')",
    "SELECT * FROM bytecode('SELECT 1')",
    "CREATE VIRTUAL TABLE new USING csv(filename='/etc/passwd')",
    "CREATE VIRTUAL TABLE new USING fsdir('/')",
    "CREATE VIRTUAL TABLE new USING dbstat",
    "CREATE VIRTUAL TABLE new USING zipfile('FOLDER/new.zip')",
    "CREATE VIRTUAL TABLE new USING sqlite_stmt",
    "CREATE VIRTUAL TABLE temp.new USING bytecode",
    "INSERT INTO sqlite_master VALUES('table','x','x',2,'x')",
    "UPDATE sqlite_schema SET sql = 'x'",
    "DELETE FROM main.sqlite_schema",
    "WITH c AS (SELECT 1) UPDATE sqlite_master SET sql = 'x'",
    "DROP TABLE sqlite_master",
    "CREATE TABLE sqlite_new(a)",
    "UPDATE sqlite_dbpage SET data = x'00' WHERE pgno = 1",
    "SELECT * FROM pragma_writable_schema('1')",
    "SELECT * FROM pragma_journal_mode('off')",
    "SELECT * FROM pragma_temp_store_directory('FOLDER')",
    "SELECT * FROM pragma_wal_checkpoint",
    "SELECT * FROM pragma_optimize",
    ".open FOLDER/new.db",
    ".shell touch FOLDER/new",
    ".output FOLDER/new.txt",
    "\\copy orders to 'FOLDER/new.csv'",
    "SELECT",
    "SELECT FROM WHERE",
    "SELECT 1 UNION SELECT",
    "SELECT (((((((((1",
    "SELECT 'never closed",
    "SELECT /* never closed",
    "\ufeffATTACH 'FOLDER/new.db' AS x",
    "\u00a0DELETE FROM orders.orders",
    "SELECT \x01",
    "%",
    ")",
)

BEHIND = ("SELECT 1; %s", "SELECT count(*) FROM orders.orders;\n%s;", "VALUES (1);/**/%s -- x")

CONFINED = (
    "BEGIN",
    "BEGIN IMMEDIATE",
    "BEGIN EXCLUSIVE",
    "COMMIT",
    "END TRANSACTION",
    "ROLLBACK",
    "SAVEPOINT s",
    "RELEASE s",
    "ROLLBACK TO s",
    "EXPLAIN SELECT 1",
    "EXPLAIN QUERY PLAN SELECT 1",
    "CREATE TEMP TABLE new9(a)",
    "CREATE TEMP VIEW new10 AS SELECT 1",
    "VACUUM",
    "REINDEX",
    "REINDEX orders.orders",
    "REINDEX mesh.product",
    "ANALYZE",
    "PRAGMA application_id = 7",
    "PRAGMA user_version = 7",
    "PRAGMA foreign_keys = 1",
    "PRAGMA case_sensitive_like = 1",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM dbstat",
    "SELECT * FROM sqlite_stmt",
    "SELECT count(*) FROM pragma_function_list",
    "SELECT * FROM pragma_database_list",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000)",
    "SELECT sqlite_version()",
    "SELECT sqlite_source_id()",
    "SELECT sqlite_compileoption_get(1)",
    "SELECT last_insert_rowid()",
    "SELECT changes()",
    "SELECT total_changes()",
    "SELECT 1; SELECT 2",
    "SELECT 1;; SELECT 2;",
)

FOREIGN = (
    "SELECT count(*) FROM mesh.product",
    "SELECT count(*) FROM product",
    "SELECT path FROM main.sqlite_schema",
    "SELECT count(*) FROM sqlite_master",
    "SELECT count(*) FROM ledger.fetch",
    "SELECT count(*) FROM fetch",
    "SELECT count(*) FROM usage",
    "SELECT count(*) FROM temp.usage",
    "WITH usage AS (SELECT * FROM ledger.statement) SELECT count(*) FROM usage",
    "SELECT (SELECT count(*) FROM mesh.contract)",
    "SELECT count(*) FROM orders.orders WHERE id IN (SELECT rowid FROM mesh.contract)",
    "SELECT count(*) FROM orders.orders o JOIN mesh.document d ON d.rowid = o.id",
    "SELECT count(*) FROM other.other",
    "SELECT count(*) FROM temp.sqlite_temp_master",
    "SELECT count(*) FROM orders.orders JOIN other.other USING (id)",
    "SELECT count(*) FROM orders.orders NATURAL JOIN mesh.product",
    "SELECT count(*) FROM orders.orders o JOIN mesh.contract c USING (id)",
)


def forbidden():
    found = list(ALWAYS)
    found += [hide % one for one in LOADERS for hide in HIDING]
    for table in ("orders.orders", "mesh.product", "mesh.model"):
        found += [one.format(t=table) for one in WRITES]
    for schema in ("orders", "mesh"):
        found += [one.format(s=schema) for one in MAKES]
    for name in PRAGMAS:
        found += ["PRAGMA orders.%s = 1" % name]
    harmful = ("ATTACH 'FOLDER/new.db' AS x", "DELETE FROM orders.orders",
               "SELECT load_extension('x')", "VACUUM INTO 'FOLDER/new.db'")
    found += [one % behind for behind in harmful for one in BEHIND]
    return found


def confined():
    found = list(CONFINED)
    found += ["PRAGMA %s = 1" % name for name in PRAGMAS]
    found += ["PRAGMA %s" % name for name in LOOKS]
    found += ["SELECT * FROM pragma_%s" % name for name in LOOKS if name != "table_info"]
    return found


def foreign():
    return list(FOREIGN)
