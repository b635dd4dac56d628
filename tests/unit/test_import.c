/* import: what becomes of rows, quotes, encodings, dialects and broken files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <zlib.h>

#include "tests/unit/import_help.h"

/* ---- Rows ---- */

static void test_ragged(void)
{
    import_string("a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n\"x\ny\",2,3\n7,8\n");
    is_text(all(), "1|2|3\nx\ny|2|3\n", "rows of the right width are stored");
    is_int(report.read, 5, "read");
    is_int(report.stored + report.rejected, report.read, "read = stored + rejected");
    is_text(
        rows("SELECT line, byte, \"column\", reason, raw FROM mwb_reject"),
        "3|12|c|the row has 2 cells and the table has 3 columns [missing-cell]|4,5\n"
        "5|17|~|the row has 4 cells and the table has 3 columns [extra-cell]|6,7,8,9\n"
        "8|35|c|the row has 2 cells and the table has 3 columns [missing-cell]|7,8\n",
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
    is_text(all(), "1|2\n5|6\n7|8\n", "an open quote takes its own line only");
    is_text(rows("SELECT line, reason, raw FROM mwb_reject"),
            "3|the quote opened on line 3 is never closed [source-error]|3,\"open\n",
            "and is reported with the line it was opened on");
    import_string("a,b\r\n\"x\r\n\r\ny\",\"open\r\nz,1\r\n");
    is_text(all(), "z|1\n", "also when the row began before");
    is_text(rows("SELECT line, reason, raw FROM mwb_reject"),
            "2|the quote opened on line 4 is never closed "
            "[source-error]|\"x\r\n\r\ny\",\"open\n",
            "and ends there");
    struct text many = {0};
    text_append(&many, "a,b\n");
    text_append_repeated(&many, '\n', 1);
    for (int i = 0; i < 50; i++) {
        text_append(&many, "x,\"y\n");
        text_append(&many, "z\",\"\n");
    }
    import_string(text_string(&many));
    is_int(report.read, report.stored + report.rejected,
           "many open quotes come to an end");
    text_release(&many);
}

static void test_huge_cell(void)
{
    size_t size = 20 * 1024 * 1024;
    char *bytes = memory_new(size);
    memset(bytes, 'x', size);
    memcpy(bytes, "a\n\"", 3);
    ok(import_bytes(bytes, size, (struct import_spec){0}), "an open quote over 16 MiB");
    is_text(rows("SELECT line, reason, length(raw) FROM mwb_reject"),
            "2|the quote opened on line 2 is never closed [source-error]|4096\n",
            "is rejected");
    bytes[2] = 'x';
    ok(!import_bytes(bytes, size, (struct import_spec){0}),
       "a cell over 16 MiB is refused");
    ok(strstr(err.message, "line 2 is longer than 16 MiB") != NULL, "%s", err.message);
    bytes[2] = '"';
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
    csv = "a, b\n1, \"x, \"\"  y\"\" , z\"\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.dialect = &dialect});
    is_text(rows("SELECT a, b FROM t"), "1|x, \"  y\" , z\n",
            "doubled quotes beside them");
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
    is_text(bytes,
            "table,file,line,byte,column,defect,reason,raw\r\n"
            "\"t\",\"in.csv\",\"3\",\"11\",\"\",\"extra-cell\",\"the row has 3 cells and "
            "the table has 2 columns [extra-cell]\",\"1,2,3\"\r\n",
            "as CSV");
    free(bytes);
    unlink(path);
}

int main(void)
{
    help_start();
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
    return help_end();
}
