/* import: what becomes of cells, rows, headers, encodings and broken files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/mwb-test-import-XXXXXX";
static char database[64], input[64], second[64];

static void write_bytes(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length) {
        printf("Bail out! cannot write %s\n", path);
        exit(1);
    }
    close(fd);
}

static void add_input(struct array *files, const char *path)
{
    struct access_file *file = array_push(files);
    struct stat info;
    file->path = string_copy(path_base(path));
    file->fd = open(path, O_RDONLY);
    file->bytes = fstat(file->fd, &info) == 0 ? (long long)info.st_size : 0;
}

/* What the last import said. */
static struct import_report report;
static struct error err;

static bool run(struct import_spec spec, int count)
{
    struct array files = ARRAY_OF(struct access_file);
    add_input(&files, input);
    if (count > 1) {
        add_input(&files, second);
    }
    import_report_release(&report);
    err = (struct error){0};
    spec.table = "t";
    spec.files = &files;
    if (!spec.add_to_existing) {
        unlink(database);
    }
    bool good = import_table(database, &spec, NULL, &report, &err);
    access_files_release(&files);
    return good;
}

static bool import_bytes(const void *bytes, size_t length, struct import_spec spec)
{
    write_bytes(input, bytes, length);
    return run(spec, 1);
}

static bool import_string(const char *text)
{
    return import_bytes(text, strlen(text), (struct import_spec){0});
}

/* The rows of a query as text: cells between |, NULL as ~, rows end in a newline. */
static const char *rows(const char *sql)
{
    static struct text out;
    text_clear(&out);
    sqlite3 *db = store_open(database, STORE_READ, &err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, &err) : NULL;
    while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            bool null = sqlite3_column_type(stmt, i) == SQLITE_NULL;
            text_append(&out, i > 0 ? "|" : "");
            text_append(&out, null ? "~" : store_text(stmt, i));
        }
        text_append(&out, "\n");
    }
    store_finish(stmt);
    store_close(db);
    return text_string(&out);
}

static const char *all(void)
{
    return rows("SELECT * FROM t ORDER BY rowid");
}

static const char *stored(const char *column)
{
    for (size_t i = 0; i < report.columns.count; i++) {
        struct import_column_report *row = array_at(&report.columns, i);
        if (string_equal(row->name, column)) {
            return row->stored;
        }
    }
    return NULL;
}

static bool noted(const char *words)
{
    return strstr(text_string(&report.notes), words) != NULL;
}

/* ---- Typing ---- */

static void test_lossless(void)
{
    static const struct {
        const char *values, *stored, *back;
    } cases[] = {
        {"1\n2\n-3\n0", "INTEGER", "1\n2\n-3\n0\n"},
        {"007\n8", "TEXT", "007\n8\n"},
        {"1.10\n2.5", "TEXT", "1.10\n2.5\n"},
        {"1.1\n-2.25\n0.5", "REAL", "1.1\n-2.25\n0.5\n"},
        {"5.0\n2.5", "REAL", "5.0\n2.5\n"},
        {"5\n2.5", "REAL", "5.0\n2.5\n"},
        {"5\n5.0\n2.5", "TEXT", "5\n5.0\n2.5\n"},
        {"+5", "TEXT", "+5\n"},
        {"-0", "TEXT", "-0\n"},
        {"1e400", "TEXT", "1e400\n"},
        {"1e5", "TEXT", "1e5\n"},
        {"1.0e+20", "REAL", "1.0e+20\n"},
        {"0x10", "TEXT", "0x10\n"},
        {"inf\nnan", "TEXT", "inf\nnan\n"},
        {"9223372036854775807\n-9223372036854775808", "INTEGER",
         "9223372036854775807\n-9223372036854775808\n"},
        {"9223372036854775808", "TEXT", "9223372036854775808\n"},
        {"12345678901234567890123456789012345678", "TEXT",
         "12345678901234567890123456789012345678\n"},
        {"9007199254740993\n0.5", "TEXT", "9007199254740993\n0.5\n"},
        {"0.1234567890123456", "TEXT", "0.1234567890123456\n"},
        {"0.00001", "TEXT", "0.00001\n"},
        {"0.0001", "REAL", "0.0001\n"},
        {"999999999999.123", "REAL", "999999999999.123\n"},
        {".5", "TEXT", ".5\n"},
        {"5.", "TEXT", "5.\n"},
        {" 5", "TEXT", " 5\n"},
        {"5 ", "TEXT", "5 \n"},
        {"NA\n1", "TEXT", "NA\n1\n"},
        {"24:00:00\n1.0.0.0", "TEXT", "24:00:00\n1.0.0.0\n"},
        {"1-684\n7", "TEXT", "1-684\n7\n"},
        {"-", "TEXT", "-\n"},
        {"true", "TEXT", "true\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *csv = string_printf("v\n%s\n", cases[i].values);
        ok(import_string(csv), "imports %s", cases[i].stored);
        is_text(stored("v"), cases[i].stored, "type of case %zu", i);
        is_text(all(), cases[i].back, "values of case %zu", i);
        free(csv);
    }
}

static void test_empty_cells(void)
{
    import_string("n,s,q\n1,a,\"1\"\n,,\"\"\n3,\"\",3\n");
    is_text(all(), "1|a|1\n~||~\n3||3\n", "empty: NULL in number columns, '' in text");
    is_int(report.read, 3, "rows read");
    import_string("a,b\n,\n,\n");
    is_text(all(), "|\n|\n", "a column of empty cells is text");
}

static struct catalog_column declared(const char *name, const char *type)
{
    return (struct catalog_column){.name = (char *)(uintptr_t)name,
                                   .type = (char *)(uintptr_t)type};
}

static void test_declared(void)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    static const char *const types[][2] = {{"i", "integer"}, {"n", "number"},
                                           {"b", "boolean"}, {"s", "string"},
                                           {"d", "date"},    {"t", "timestamp"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        *(struct catalog_column *)array_push(&columns) =
            declared(types[i][0], types[i][1]);
    }
    struct import_spec spec = {.columns = &columns};
    const char *csv = "i,n,b,s,d,t\n"
                      "007,1.10,true,007,2024-02-29,2024-01-01T00:00:00Z\n"
                      "+5, 2 ,FALSE,,2023-02-29,yesterday\n"
                      ",,,\"\",,\n"
                      "x,y,maybe,NA,,2024-01-01 10:00\n";
    import_bytes(csv, strlen(csv), spec);
    is_text(all(),
            "7|1.1|1|007|2024-02-29|2024-01-01T00:00:00Z\n"
            "5|2.0|0|~|2023-02-29|yesterday\n"
            "~|~|~||~|~\n"
            "x|y|maybe|NA|~|2024-01-01 10:00\n",
            "declared types; misfits stay as written");
    const struct import_column_report *date = array_at(&report.columns, 4);
    is_int(date->misfits, 1, "a date that is none is counted");
    is_text(date->examples, "line 3: '2023-02-29'", "and shown with its line");
    is_int(report.rejected, 0, "no row is rejected for a misfit");

    const char *big =
        "i,n,b,s,d,t\n99999999999999999999,123456789012345678901234567890,,,,\n1,1,,,,\n";
    import_bytes(big, strlen(big), spec);
    is_text(rows("SELECT i, n, typeof(i) FROM t"),
            "99999999999999999999|123456789012345678901234567890|text\n1|1.0|integer\n",
            "numbers that no number holds stay text to the last digit");
    is_text(stored("i"), "MIXED", "and the column says so");

    struct catalog_dialect dialect = {.missing = (char *)(uintptr_t) "-\nn/a"};
    spec.dialect = &dialect;
    const char *marked = "i,n,b,s,d,t\n-,n/a,-,-,-,\n";
    import_bytes(marked, strlen(marked), spec);
    is_text(all(), "~|~|~|~|~|\n", "declared markers, and only they, are NULL");
    array_release(&columns);
}

static void test_contract_names(void)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    *(struct catalog_column *)array_push(&columns) = declared("order_id", "integer");
    *(struct catalog_column *)array_push(&columns) = declared("city", "string");
    ((struct catalog_column *)array_at(&columns, 0))->physical_name =
        (char *)(uintptr_t) "OID";
    ((struct catalog_column *)array_at(&columns, 0))->key_position = 1;
    *(struct catalog_column *)array_push(&columns) = declared("gone", "string");
    const char *csv = "City,extra,OID\nRome,1.5,04\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    is_text(rows("SELECT order_id, city, extra FROM t"), "4|Rome|1.5\n",
            "columns get the contract's names");
    is_text(rows("SELECT name, original FROM mwb_column"),
            "city|City\nextra|~\norder_id|OID\n", "the header's names are kept");
    ok(noted("not in the file: gone"), "a column the file lacks is told");
    is_text(
        rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 't'"),
        "t_key\n", "the declared key has an index");
    array_release(&columns);
}

/* ---- Headers ---- */

static void test_headers(void)
{
    import_string("id,,ID,id,\"a\"\"b\",select,\"x\ny\",id_2\n1,2,3,4,5,6,7,8\n");
    is_text(rows("SELECT group_concat(name, '/') FROM pragma_table_info('t')"),
            "id/column_2/ID_2/id_3/a\"b/select/x\ny/id_2_2\n", "names are made unique");
    ok(noted("changed"), "and the report says so");
    import_string("rowid,a\n7,8\n");
    is_text(rows("SELECT contiguous FROM mwb_table"), "0\n",
            "a column named rowid hides the row's number");
    struct text wide = {0};
    for (int i = 1; i <= 2001; i++) {
        text_printf(&wide, "c%d%s", i, i < 2001 ? "," : "\n");
    }
    ok(!import_string(text_string(&wide)), "2001 columns are refused");
    ok(strstr(err.message, "2001 columns") != NULL && strstr(err.message, "2000") != NULL,
       "with both numbers: %s", err.message);
    text_truncate(&wide, wide.length - 7);
    text_append(&wide, "\n");
    ok(import_string(text_string(&wide)), "2000 columns are fine");
    text_release(&wide);
    ok(!import_string(""), "an empty file is refused");
    ok(strstr(err.message, "empty") != NULL, "and called empty");
    ok(import_string("a,b\n"), "a header alone is a table without rows");
    is_int(report.stored, 0, "without rows");
}

/* ---- Rows ---- */

static void test_ragged(void)
{
    import_string("a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n\"x\ny\",2,3\n7,8\n");
    is_text(all(), "1|2|3\nx\ny|2|3\n", "rows of the right width are stored");
    is_int(report.read, 5, "read");
    is_int(report.stored + report.rejected, report.read, "read = stored + rejected");
    is_text(rows("SELECT line, byte, \"column\", reason, raw FROM mwb_reject"),
            "3|12|c|the row has 2 cells and the table has 3 columns|4,5\n"
            "5|17|~|the row has 4 cells and the table has 3 columns|6,7,8,9\n"
            "8|35|c|the row has 2 cells and the table has 3 columns|7,8\n",
            "rejects have line, byte, column, reason and raw text");
    ok(noted("1 blank line was left out"), "blank lines are told");
    import_string("a,b\n1\n2\n3\n");
    ok(!import_bytes("a,b\n1\n2\n3\n", 10, (struct import_spec){.reject_limit = 2}),
       "the limit of rejects stops");
    ok(strstr(err.message, "line 3") != NULL, "and says where: %s", err.message);
}

static void test_quotes(void)
{
    import_string("a,b\n\"x, \"\"y\"\"\",5\" pipe\n\"l1\r\nl2\",z\n");
    is_text(all(), "x, \"y\"|5\" pipe\nl1\r\nl2|z\n", "quotes, doubled and in mid-cell");
    import_string("a,b\n  x  ,\" y \"\n\"q\"  ,r\n");
    is_text(all(), "  x  | y \nq|r\n", "blanks are kept, except behind a closing quote");
    import_string("a,b\n\"x\"y,2\n3,4\n");
    is_text(all(), "3|4\n", "text behind a closing quote rejects its row only");
    ok(strstr(rows("SELECT reason FROM mwb_reject"), "line 2") != NULL, "with the line");
    is_text(rows("SELECT raw FROM mwb_reject"), "\"x\"y,2\n", "and the raw row");
    import_string("a,b\n1,2\n3,\"open\n5,6\n7,8\n");
    is_text(all(), "1|2\n", "an open quote takes the rest");
    ok(strstr(rows("SELECT reason FROM mwb_reject"),
              "opened on line 3 is never closed") != NULL,
       "and is reported with the line it was opened on");
    import_string("a,b\n\"x\n\ny\",\"open\nz\n");
    ok(strstr(rows("SELECT reason FROM mwb_reject"), "opened on line 4") != NULL,
       "also when the row began before");
}

static void test_huge_cell(void)
{
    size_t size = 20 * 1024 * 1024;
    char *bytes = memory_new(size);
    memset(bytes, 'x', size);
    memcpy(bytes, "a\n\"", 3);
    ok(!import_bytes(bytes, size, (struct import_spec){0}),
       "a cell over 16 MiB is refused");
    ok(strstr(err.message, "line 2 is longer than 16 MiB") != NULL, "%s", err.message);
    size = 10 * 1024 * 1024;
    memcpy(bytes + size - 2, "\"\n", 2);
    ok(import_bytes(bytes, size, (struct import_spec){0}), "a cell of 10 MiB is stored");
    is_text(rows("SELECT length(a) FROM t"), "10485755\n", "whole");
    free(bytes);
}

static void test_line_ends(void)
{
    import_string("a,b\r1,2\r3,4\r");
    is_text(all(), "1|2\n3|4\n", "lone CR");
    import_string("a,b\r\n1,2\r\n3,4");
    is_text(all(), "1|2\n3|4\n", "CRLF, no end sign at the end");
    import_string("a,b\r\n1,2\n3,4\r5\r\n");
    is_text(rows("SELECT line FROM mwb_reject"), "4\n",
            "mixed: every kind counts as a line");
    is_text(all(), "1|2\n3|4\n", "mixed");
}

/* ---- Encodings ---- */

static void test_encodings(void)
{
    import_string("\xEF\xBB\xBF"
                  "a\nx\n");
    is_text(rows("SELECT a FROM t"), "x\n", "the byte order mark is no part of the name");
    import_string("a\ncaf\xE9 \x93q\x94 \x81\n");
    is_text(all(), "caf\xC3\xA9 \xE2\x80\x9Cq\xE2\x80\x9D \xC2\x81\n", "Windows-1252");
    ok(noted("not UTF-8 (byte 5)"), "said with the byte: %s", text_string(&report.notes));
    static const char wide[] = "\xFF\xFE"
                               "a\0\n\0"
                               "\xAC\x20\x3D\xD8\x00\xDE\n";
    import_bytes(wide, sizeof wide, (struct import_spec){0});
    is_text(all(), "\xE2\x82\xAC\xF0\x9F\x98\x80\n", "UTF-16 LE with a surrogate pair");
    static const char big[] = "\xFE\xFF\0a\0\n\0z\0\n";
    import_bytes(big, sizeof big - 1, (struct import_spec){0});
    is_text(all(), "z\n", "UTF-16 BE");
    struct catalog_dialect dialect = {.encoding = (char *)(uintptr_t) "iso-8859-7"};
    import_bytes("a\n\xE1\n", 4, (struct import_spec){.dialect = &dialect});
    is_text(all(), "\xCE\xB1\n", "a declared encoding");
    dialect.encoding = (char *)(uintptr_t) "ISO-8859-1";
    import_bytes("a\ncaf\xC3\xA9\n", 8, (struct import_spec){.dialect = &dialect});
    is_text(all(), "caf\xC3\xA9\n", "a declared encoding that is wrong: it is UTF-8");
    ok(noted("declared as ISO-8859-1, but it is UTF-8"), "is told");
    dialect.encoding = (char *)(uintptr_t) "klingon";
    ok(!import_bytes("a\n1\n", 4, (struct import_spec){.dialect = &dialect}),
       "unknown encoding");
    ok(strstr(err.message, "klingon") != NULL, "is named: %s", err.message);
    import_bytes("a,b\n\0,1\nx\0y,2\n", 14, (struct import_spec){0});
    is_text(rows("SELECT hex(a), b FROM t"), "00|1\n780079|2\n", "NUL bytes are kept");
}

static void test_gzip(void)
{
    gzFile gz = gzopen(input, "wb");
    gzputs(gz, "a,b\n");
    for (int i = 0; i < 20000; i++) {
        gzprintf(gz, "%d,x%d\n", i, i);
    }
    gzclose(gz);
    ok(run((struct import_spec){0}, 1), "gzip by its first bytes");
    is_text(rows("SELECT count(*), sum(a) FROM t"), "20000|199990000\n", "all of it");
    struct stat info;
    stat(input, &info);
    ok(truncate(input, info.st_size / 2) == 0 && !run((struct import_spec){0}, 1),
       "a gzip file cut in half fails");
    ok(strstr(err.message, "gzip") != NULL, "%s", err.message);
    ok(!import_string("PK\x03\x04zip"), "a ZIP archive is refused");
    ok(strstr(err.message, "ZIP") != NULL, "by name");
}

/* ---- Dialects ---- */

static void test_dialects(void)
{
    import_string("a;b;c\n1;2,5;x\n3;4,5;y\n");
    is_text(all(), "1|2,5|x\n3|4,5|y\n", "semicolons are found");
    ok(noted("semicolon"), "and told");
    import_string("a\tb\n1,5\t2\n");
    is_text(all(), "1,5|2\n", "tabs");
    import_string("a|b\n1|2\n");
    is_text(all(), "1|2\n", "bars");
    import_string("sep=;\na;b\n1;2\n");
    is_text(all(), "1|2\n", "sep= is obeyed");
    import_string("only\nx y\n");
    is_text(all(), "x y\n", "one column");
    struct catalog_dialect dialect = {.no_header = true, .comment = '#', .skip_rows = 1};
    import_bytes("junk,,\n#c\n1,2\n#d\n3,4\n", 22,
                 (struct import_spec){.dialect = &dialect});
    is_text(rows("SELECT column_1, column_2 FROM t"), "1|2\n3|4\n",
            "no header, comments, skipped lines");
    dialect = (struct catalog_dialect){.escape = '\\', .skip_initial_space = true};
    const char *csv = "a, b\n1, \"x \\\" y\"\n2, z\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.dialect = &dialect});
    is_text(rows("SELECT a, b FROM t"), "1|x \" y\n2|z\n", "escape sign, blanks skipped");
    dialect = (struct catalog_dialect){.header_rows = 2};
    csv = "A,A,B\nx,y,\n1,2,3\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.dialect = &dialect});
    is_text(rows("SELECT \"A x\", \"A y\", B FROM t"), "1|2|3\n",
            "two header rows are joined");
    ok(import_bytes("a\n1\n", 4, (struct import_spec){.all_text = true}), "all as text");
    is_text(stored("a"), "TEXT", "is text");
}

static void test_several_files(void)
{
    write_bytes(input, "id,v\n1,a\n", 9);
    write_bytes(second, "v,id\nb,2\n", 9);
    ok(run((struct import_spec){0}, 2), "a second file in another order");
    is_text(all(), "1|a\n2|b\n", "is brought into the first one's");
    write_bytes(second, "2,b\n3,c\n", 8);
    ok(run((struct import_spec){0}, 2), "a part without header");
    is_text(all(), "1|a\n2|b\n3|c\n", "goes on with its first line");
    write_bytes(second, "id,v,w\n2,b,c\n", 13);
    ok(!run((struct import_spec){0}, 2), "a column the first file has not is refused");
    ok(strstr(err.message, ": w") != NULL, "by name: %s", err.message);
    run((struct import_spec){0}, 1);
    ok(!run((struct import_spec){.add_to_existing = true}, 1),
       "a table is not made twice");
}

static void test_pipe(void)
{
    int ends[2];
    struct array files = ARRAY_OF(struct access_file);
    ok(pipe(ends) == 0 && write(ends[1], "a,b\n1,x\n", 8) == 8, "a pipe");
    close(ends[1]);
    struct access_file *file = array_push(&files);
    file->path = string_copy("-");
    file->fd = ends[0];
    unlink(database);
    import_report_release(&report);
    struct import_spec spec = {.table = "t", .files = &files};
    ok(import_table(database, &spec, NULL, &report, &err), "is imported like a file");
    is_text(all(), "1|x\n", "in both passes");
    access_files_release(&files);
}

static void test_rejects_file(void)
{
    char path[80];
    snprintf(path, sizeof path, "%s/rejects.csv", folder);
    import_string("a,b\n\"x\"\"\",\n1,2,3\n");
    ok(import_write_rejects(database, path, &err), "rejects are written");
    char *bytes = NULL;
    size_t length = 0;
    path_read_file(path, 4096, &bytes, &length, &err);
    is_text(
        bytes,
        "table,file,line,byte,column,reason,raw\r\n"
        "\"t\",\"in.csv\",\"3\",\"11\",\"\",\"the row has 3 cells and the table has 2 "
        "columns\",\"1,2,3\"\r\n",
        "as CSV");
    free(bytes);
    unlink(path);
}

static void test_sqlite(void)
{
    char source[80];
    snprintf(source, sizeof source, "%s/source.db", folder);
    sqlite3 *db = store_open(source, STORE_CREATE, &err);
    store_run(db,
              "CREATE TABLE x(a, b); INSERT INTO x VALUES (1, 2), (3, 4);"
              "CREATE TABLE y(k PRIMARY KEY) WITHOUT ROWID; INSERT INTO y VALUES ('p');",
              &err);
    store_close(db);
    unlink(database);
    int fd = open(source, O_RDONLY);
    ok(import_sqlite(database, fd, "source.db", NULL, &err),
       "an SQLite file is copied: %s", err.message);
    is_text(rows("SELECT name, rows, contiguous FROM mwb_table"), "x|2|1\ny|1|0\n",
            "its tables are listed");
    char journal[96];
    snprintf(journal, sizeof journal, "%s-journal", source);
    write_bytes(journal, "hot", 3);
    ok(!import_sqlite(database, fd, "source.db", NULL, &err) &&
           strstr(err.message, "-journal") != NULL,
       "not with a journal beside it: %s", err.message);
    unlink(journal);
    close(fd);
    write_bytes(source, "SQLite format 3\0broken", 22);
    fd = open(source, O_RDONLY);
    ok(!import_sqlite(database, fd, "source.db", NULL, &err),
       "a broken one is refused: %s", err.message);
    close(fd);
    unlink(source);
}

int main(void)
{
    if (mkdtemp(folder) == NULL) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    snprintf(database, sizeof database, "%s/out.db", folder);
    snprintf(input, sizeof input, "%s/in.csv", folder);
    snprintf(second, sizeof second, "%s/more.csv", folder);
    report.columns = (struct array)ARRAY_OF(struct import_column_report);
    test_lossless();
    test_empty_cells();
    test_declared();
    test_contract_names();
    test_headers();
    test_ragged();
    test_quotes();
    test_huge_cell();
    test_line_ends();
    test_encodings();
    test_gzip();
    test_dialects();
    test_several_files();
    test_pipe();
    test_rejects_file();
    test_sqlite();
    import_report_release(&report);
    path_remove_tree(folder, NULL);
    return tap_done();
}
