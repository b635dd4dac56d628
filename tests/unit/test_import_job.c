/* import: SQLite files of others, and the import as a job.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/feed.h"
#include "engine/job.h"
#include "engine/loop.h"
#include "tests/unit/import_help.h"

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

/* Import what lies in `source` and look at every table. A crash or a hang is the failure.
 */
static bool try_sqlite(const char *source)
{
    int fd = open(source, O_RDONLY);
    unlink(database);
    err = (struct error){0};
    bool good = import_sqlite(database, fd, "source.db", NULL, &err);
    close(fd);
    return good;
}

static void test_sqlite_attacks(void)
{
    char source[80];
    snprintf(source, sizeof source, "%s/hostile.db", folder);
    sqlite3 *db = store_open(source, STORE_CREATE, &err);
    /* Every one of these would take for ever if it ran. */
    ok(store_run(
           db,
           "CREATE TABLE \"a\"\"b; DROP TABLE x\"(v);"
           "CREATE TABLE c(v CHECK (length(hex(zeroblob(400000000))) > v));"
           "CREATE TABLE g(v, w AS (hex(zeroblob(400000000))));"
           "CREATE VIEW w AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
           "FROM n) "
           "SELECT max(i) FROM n;"
           "PRAGMA ignore_check_constraints = ON;"
           "INSERT INTO c VALUES (1), (2); INSERT INTO g(v) VALUES (1);"
           "CREATE TRIGGER t AFTER INSERT ON c BEGIN INSERT INTO c SELECT * FROM w; END;",
           &err),
       "a hostile database is made");
    store_close(db);
    double start = path_monotonic();
    ok(try_sqlite(source), "is listed: %s", err.message);
    ok(path_monotonic() - start < 5, "without running what it holds");
    is_text(rows("SELECT name, rows FROM mwb_table"), "a\"b; DROP TABLE x|0\nc|2\ng|1\n",
            "tables only");
    char *bytes = NULL;
    size_t length = 0;
    int refused = 0, silent = 0;
    ok(path_read_file(source, 1 << 20, &bytes, &length, &err), "its bytes");
    for (size_t i = 0; i < length; i += i < 200 ? 1 : 97) {
        bytes[i] = (char)~bytes[i];
        write_bytes(source, bytes, length);
        bool good = try_sqlite(source);
        refused += good ? 0 : 1;
        silent += !good && err.message[0] == '\0' ? 1 : 0;
        bytes[i] = (char)~bytes[i];
    }
    ok(refused > 20, "of its copies with one byte flipped %d are refused", refused);
    is_int(silent, 0, "each with a sentence");
    free(bytes);
    unlink(source);
}

/* ---- Cancel ---- */

static struct loop *loop;
static bool asked;

static bool import_in_child(struct job_port *port, void *argument, struct error *problem)
{
    (void)argument;
    struct array files = ARRAY_OF(struct access_file);
    add_input(&files, input);
    struct import_spec spec = {.table = "t", .files = &files};
    struct import_report told;
    unlink(database);
    /* Again and again, so that it is cancelled in the middle however fast it is. */
    while (import_table(database, &spec, port, &told, problem)) {
        import_report_release(&told);
        unlink(database);
    }
    import_report_release(&told);
    access_files_release(&files);
    return false;
}

static void cancel_it(void *owner, struct job *job)
{
    (void)owner;
    if (!asked) {
        asked = true;
        job_cancel(job);
    }
}

/* Nobody writes into the pipe, and it stays open. */
static bool wait_for_a_pipe(struct job_port *port, void *argument, struct error *problem)
{
    (void)argument;
    int ends[2];
    char byte[FEED_ROOM_LEAST];
    size_t got;
    struct job_progress progress = {.note = "waiting"};
    if (pipe(ends) != 0) {
        return false;
    }
    job_report(port, &progress);
    struct feed *feed = feed_new(&(struct feed_spec){.fd = ends[0],
                                                     .name = "standard input",
                                                     .spool_folder = folder,
                                                     .port = port},
                                 problem);
    bool good = feed != NULL && feed_read(feed, byte, sizeof byte, &got, problem);
    feed_free(feed);
    job_tell(port, 0, problem->message, strlen(problem->message));
    return good;
}

static char last_words[200];

static void hear(void *owner, struct job *job, int type, const void *bytes, size_t length)
{
    (void)owner;
    (void)job;
    (void)type;
    snprintf(last_words, sizeof last_words, "%.*s", (int)length, (const char *)bytes);
}

static void test_cancel_pipe(void)
{
    loop = loop_new();
    struct jobs *jobs = jobs_new(loop);
    struct job_spec spec = {.title = "import",
                            .run = wait_for_a_pipe,
                            .progressed = cancel_it,
                            .received = hear};
    asked = false;
    struct job *job = jobs_start(jobs, &spec, &err);
    while (job != NULL && !job_is_over(job)) {
        loop_step(loop, 1);
    }
    is_int(job != NULL ? (int)job_state(job) : -1, JOB_CANCELLED,
           "a job that waits for a pipe can be cancelled");
    is_text(last_words, "the import of standard input was cancelled",
            "and is not killed");
    jobs_free(jobs);
    loop_free(loop);
}

static void test_cancel(void)
{
    struct text csv = {0};
    text_append(&csv, "a,b\n");
    for (int i = 0; i < 200000; i++) {
        text_printf(&csv, "%d,x\n", i);
    }
    write_bytes(input, csv.data, csv.length);
    text_release(&csv);
    loop = loop_new();
    struct jobs *jobs = jobs_new(loop);
    struct job_spec spec = {
        .title = "import", .run = import_in_child, .progressed = cancel_it};
    struct job *job = jobs_start(jobs, &spec, &err);
    ok(job != NULL, "a job imports: %s", err.message);
    while (job != NULL && !job_is_over(job)) {
        loop_step(loop, 1);
    }
    ok(asked, "it tells its progress: %s", job != NULL ? job_error(job)->message : "");
    is_int(job != NULL ? (int)job_state(job) : -1, JOB_CANCELLED, "and can be cancelled");
    jobs_free(jobs);
    loop_free(loop);
}

int main(void)
{
    help_start();
    test_sqlite();
    test_sqlite_attacks();
    test_cancel();
    test_cancel_pipe();
    return help_end();
}
