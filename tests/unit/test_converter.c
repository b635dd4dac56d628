/* converter: commands of the person's own between a file and the import: what they get,
 * what becomes of what they print, and how they fail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/program.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/mwb-test-convert-XXXXXX";
static char *partial, *database;
static struct error err;
static struct import_report report;

static void put(const char *name, const char *text, mode_t mode)
{
    char *path = path_join(home, name);
    path_write_file(path, text, strlen(text), mode, &err);
    free(path);
}

struct wish {
    const char *command, *file, *format, *hash, *name;
    double seconds;
};

static const char *wished_file(const struct wish *wish)
{
    return wish->file != NULL ? wish->file : "in.xyz";
}

struct fetch {
    struct catalog_product product;
    struct catalog_table table;
    struct array files;
};

static bool fetch_open(struct fetch *fetch, const struct wish *wish)
{
    *fetch = (struct fetch){
        .product = {.folder = home, .entry.id = (char *)"shop/orders"},
        .table = {.name = (char *)"t",
                  .sql_name = (char *)(wish->name != NULL ? wish->name : "t"),
                  .columns = ARRAY_OF(struct catalog_column),
                  .files = ARRAY_OF(char *),
                  .hash = (char *)wish->hash,
                  .format = (char *)wish->format}};
    *(char **)array_push(&fetch->table.files) = (char *)wished_file(wish);
    const char *file = fetch->table.format != NULL ? "" : strrchr(wished_file(wish), '.');
    char *setting = string_printf("other: no; %s%s: %s",
                                  fetch->table.format != NULL ? fetch->table.format : "",
                                  file + (file[0] == '.'), wish->command);
    struct access_spec spec = {.product = &fetch->product,
                               .table = &fetch->table,
                               .partial = partial,
                               .converter = setting,
                               .converter_seconds = wish->seconds};
    err = (struct error){0};
    bool opened = access_open(&spec, &fetch->files, &err);
    array_release(&fetch->table.files);
    free(setting);
    return opened;
}

static const char *format;

static bool convert(const struct wish *wish)
{
    struct fetch fetch;
    unlink(database);
    import_report_release(&report);
    bool good = fetch_open(&fetch, wish);
    if (good) {
        struct access_file *file = array_at(&fetch.files, 0);
        format = file->format;
        struct import_spec spec = {
            .table = "t",
            .format = strcmp(file->format, "csv") == 0 ? IMPORT_CSV : IMPORT_JSON,
            .lines = strcmp(file->format, "jsonl") == 0,
            .dialect = file->dialect,
            .files = &fetch.files};
        good = import_table(database, &spec, NULL, &report, &err) &&
               access_settle(file, &fetch.table, NULL, &err);
        access_files_release(&fetch.files);
    }
    return good;
}

static const char *stored(const char *sql)
{
    static struct text text;
    sqlite3 *db = store_open(database, STORE_IMMUTABLE, &err);
    char *value = db != NULL ? store_string(db, sql, "") : NULL;
    text_clear(&text);
    text_append(&text, value != NULL ? value : "");
    free(value);
    store_close(db);
    return text_string(&text);
}

static bool says(const char *part)
{
    if (strstr(err.message, part) != NULL) {
        return true;
    }
    printf("# the sentence was: %s\n", err.message);
    return false;
}

/* ---- Words ---- */

static void test_words(void)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"a b  c", "a|b|c"},
        {"  duckdb -c \"SELECT * FROM '{file}'\" ", "duckdb|-c|SELECT * FROM '{file}'"},
        {"a 'b \"c\" \\d' e\\ f \"g\\\"h\"", "a|b \"c\" \\d|e f|g\"h"},
        {"a '' \"\"", "a||"},
        {"a$HOME `x` *;|&>b", "a$HOME|`x`|*;|&>b"},
        {"a\tb\\", "a|b\\"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct array words = ARRAY_OF(char *);
        struct text joined = {0};
        program_split(cases[i].line, &words, &err);
        for (size_t j = 0; j < words.count; j++) {
            text_printf(&joined, "%s%s", j > 0 ? "|" : "", *(char **)array_at(&words, j));
        }
        is_text(text_string(&joined), cases[i].words, "%s", cases[i].line);
        text_release(&joined);
        program_words_release(&words);
    }
    static const char *const bad[] = {"", "  ", "a 'b", "a \"b", "\"a\\\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct array words = ARRAY_OF(char *);
        ok(!program_split(bad[i], &words, &err), "no command: %s", bad[i]);
        program_words_release(&words);
    }
}

static void test_setting(void)
{
    static const char setting[] =
        "parquet: duckdb -c \"a; b: c\"; XLSX : x {file};avro:y 'z;'";
    static const char *const cases[][2] = {
        {"parquet", " duckdb -c \"a; b: c\""},
        {"xlsx", " x {file}"},
        {"Avro", "y 'z;'"},
        {"ods", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *command = program_choose(setting, "converter", cases[i][0], &err);
        is_text(command, cases[i][1], "the command for %s",
                cases[i][0] != NULL ? cases[i][0] : "no format");
        free(command);
    }
    err = (struct error){0};
    ok(program_choose("a: b", "converter", "c", &err) == NULL && err.kind == ERROR_NONE &&
           program_choose("", "converter", "c", &err) == NULL && err.kind == ERROR_NONE,
       "none is no failure");
    static const char *const odd[] = {"a", "a b: c", ": x", "\"a\": b", "a: b; c"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        err = (struct error){0};
        ok(program_choose(odd[i], "converter", "a", &err) == NULL &&
               err.kind == ERROR_USAGE && says("the setting converter"),
           "odd: %s", odd[i]);
    }
}

/* ---- What it gets, what becomes of it ---- */

static void test_ways(void)
{
    ok(convert(&(struct wish){.command = "tr ';' ,"}), "standard input: %s", err.message);
    is_text(stored("SELECT a||b FROM t WHERE rowid=2"), "3x,y", "was the file");
    is_text(format, "csv", "and gave CSV");
    ok(convert(&(struct wish){.command = "cat {file}", .file = "in.csv"}),
       "a name of the file: %s", err.message);
    is_text(stored("SELECT count(*) FROM t"), "2", "leads to it");
    ok(convert(
           &(struct wish){.command = "printf 'name\\n%s\\n' {file}", .format = "xlsx"}),
       "its name: %s", err.message);
    ok(strstr(stored("SELECT name FROM t"), "/data.xlsx") != NULL,
       "ends as the format says");
    ok(convert(&(struct wish){.command = "printf 'name\\n%s\\n' {file}",
                              .file = "o'dd;$(touch x).a-b"}),
       "a hostile name: %s", err.message);
    ok(strstr(stored("SELECT name FROM t"), "/data.a") != NULL &&
           strpbrk(stored("SELECT name FROM t"), "';$ ") == NULL,
       "does not reach the command");
    ok(convert(&(struct wish){.command = "printf 'name\\n%s\\n' x{table}y{table}",
                              .name = "orders_2"}),
       "the table: %s", err.message);
    is_text(stored("SELECT name FROM t"), "xorders_2yorders_2", "by its name in SQL");
    ok(convert(&(struct wish){
           .command = "printf '{\"a\": 1, \"b\": {\"c\": null}}\\n{\"a\": 2}\\n'"}),
       "lines of JSON: %s", err.message);
    is_text(format, "jsonl", "are known as such");
    is_text(stored("SELECT sum(a) FROM t"), "3", "and are rows");
    ok(convert(&(struct wish){.command = "printf ' [{\"a\": 1}, {\"a\": 4}]'"}),
       "a list of JSON: %s", err.message);
    is_text(stored("SELECT sum(a) FROM t"), "5", "is rows, too");
    put("print.sh", "#!/bin/sh\nprintf 'key\\n'\nenv | cut -d= -f1\n", 0755);
    char *command = string_printf("%s/print.sh", home);
    setenv("AWS_SECRET_ACCESS_KEY", "s3cret", 1);
    ok(convert(&(struct wish){.command = command}),
       "a program that prints what it knows");
    is_text(
        stored("SELECT count(*) FROM t WHERE key LIKE 'AWS%' OR key LIKE 'PG%' OR key "
               "LIKE 'MWB%'"),
        "0", "knows no secret of ours");
    free(command);
}

static void test_large(void)
{
    ok(convert(&(struct wish){.command = "seq 1 500000"}), "half a million lines: %s",
       err.message);
    is_int(report.stored + 1, 500000, "all come");
    is_text(stored("SELECT sum(\"1\") FROM t"), "125000249999", "as they were");
}

/* ---- How it fails ---- */

static void test_failures(void)
{
    put("fail.sh",
        "#!/bin/sh\necho 'a,b'\necho '1,2'\necho 'first' >&2\n"
        "echo 'page 7 is damaged' >&2\nexit 3\n",
        0755);
    char *fail = string_printf("%s/fail.sh", home);
    ok(!convert(&(struct wish){.command = fail}) && says("fail.sh ended with status 3") &&
           says("page 7 is damaged"),
       "its status counts, however much it printed, and its last words are told");
    ok(!convert(&(struct wish){.command = "no-such-program-here"}) &&
           says("there is no program no-such-program-here"),
       "a program that is not there");
    ok(!convert(&(struct wish){.command = "./fail.sh"}) && says("no program"),
       "a relative path is none");
    ok(!convert(&(struct wish){.command = "/etc/passwd"}) && says("could not start"),
       "nor is a file that is no program");
    ok(!convert(&(struct wish){.command = "cat 'x"}) && says("not closed"),
       "a command that is not well formed");
    put("die.sh", "#!/bin/sh\necho a\nkill -9 $$\n", 0755);
    char *die = string_printf("%s/die.sh", home);
    ok(!convert(&(struct wish){.command = die}) && says("signal 9"),
       "one that is killed");
    ok(!convert(&(struct wish){.command = "tail -f /dev/null", .seconds = 0.2}) &&
           says("longer than"),
       "one that takes too long");
    put("mute.sh", "#!/bin/sh\necho a\nexec >&- 2>&-\nkill -STOP $$\n", 0755);
    char *mute = string_printf("%s/mute.sh", home);
    ok(!convert(&(struct wish){.command = mute, .seconds = 0.3}) && says("longer than"),
       "one that goes on after its last word");
    ok(!convert(&(struct wish){.command = "cat {file}",
                               .file = "in.csv",
                               .hash = "md5:00000000000000000000000000000000"}) &&
           says("hash"),
       "a file that is not the declared one");
    put("loud.sh",
        "#!/bin/sh\nyes complaint | head -c 3000000 >&2\necho the end >&2\n"
        "exit 1\n",
        0755);
    char *loud = string_printf("%s/loud.sh", home);
    ok(!convert(&(struct wish){.command = loud}) && says("the end"),
       "one that complains without end");
    free(loud);
    free(mute);
    free(die);
    free(fail);
}

/* Nobody wants it any more: it and its children end. */
static void test_given_up(void)
{
    put("both.sh", "#!/bin/sh\ntail -f /dev/null &\necho a\necho $!\nwait\n", 0755);
    char *both = string_printf("%s/both.sh", home);
    struct fetch fetch;
    long long length = 0;
    char text[64] = "";
    if (ok(fetch_open(&fetch, &(struct wish){.command = both}),
           "one that waits begins")) {
        struct access_file *file = array_at(&fetch.files, 0);
        ok(arrival_wait(file->arrival, 2, NULL, &length, &err) &&
               pread(file->fd, text, sizeof text - 1, 0) > 2,
           "and says who its child is");
        access_files_release(&fetch.files);
        long child = strtol(text + 2, NULL, 10);
        double until = path_monotonic() + 10;
        while (kill((pid_t)child, 0) == 0 && path_monotonic() < until) {
            char *path = string_printf("/proc/%ld/stat", child), *stat = NULL;
            size_t size = 0;
            bool gone = !path_read_file(path, 4096, &stat, &size, NULL) ||
                        strstr(stat, ") Z ") != NULL;
            free(stat);
            free(path);
            if (gone) {
                break;
            }
        }
        ok(child > 1 && path_monotonic() < until, "which does not outlive it");
    }
    free(both);
}

static void test_left_behind(void)
{
    struct array files;
    struct catalog_product product = {.folder = partial};
    struct catalog_table table = {.files = ARRAY_OF(char *)};
    *(char **)array_push(&table.files) = (char *)"*";
    ok(!access_table_files(&product, &table, false, &files, &err),
       "nothing stays where things arrive");
    array_release(&table.files);
    char *folder = string_printf("rmdir %s", partial);
    ok(system(folder) == 0, "not even a folder");
    free(folder);
}

int main(void)
{
    if (mkdtemp(home) == NULL) {
        printf("Bail out! no folder below /tmp\n");
        return 1;
    }
    partial = path_join(home, "partial");
    database = path_join(home, "out.db");
    path_make_folders(partial, &err);
    put("in.xyz", "a;b\n1;2\n3;\"x;y\"\n", 0600);
    put("in.csv", "a,b\n1,2\n3,4\n", 0600);
    put("o'dd;$(touch x).a-b", "x\n", 0600);
    test_words();
    test_setting();
    test_ways();
    test_large();
    test_failures();
    test_given_up();
    test_left_behind();
    import_report_release(&report);
    path_remove_tree(home, NULL);
    free(partial);
    free(database);
    return tap_done();
}
