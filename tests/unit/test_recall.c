/* recall: what is kept of statements, by many at once, in spite of torn lines and kills.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/recall.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/mwb-recall-XXXXXX";
static char file[64], before[64];

static struct recall *open_history(size_t limit)
{
    struct error err = {0};
    struct recall_spec spec = {.file = file, .before = before, .limit = limit};
    struct recall *recall = recall_open(&spec, &err);
    is_text(err.message, "", "the history opens");
    return recall;
}

static size_t count_of(struct recall *recall, const char *text, const char *role)
{
    struct recall_search search = {.text = text, .role = role};
    struct array found = recall_find(recall, &search);
    size_t count = found.count;
    array_release(&found);
    return count;
}

static const struct recall_entry *newest(struct recall *recall, const char *text)
{
    struct recall_search search = {.text = text};
    struct array found = recall_find(recall, &search);
    const struct recall_entry *entry =
        found.count > 0 ? *(const struct recall_entry **)array_at(&found, 0) : NULL;
    array_release(&found);
    return entry;
}

static bool is_in_file(const char *path, const char *needle)
{
    char *bytes;
    size_t length;
    bool is_in = path_read_file(path, 64 << 20, &bytes, &length, NULL);
    if (is_in) {
        is_in = memmem(bytes, length, needle, strlen(needle)) != NULL;
        free(bytes);
    }
    return is_in;
}

static void write_text(const char *path, const char *text)
{
    path_write_file(path, text, strlen(text), 0600, NULL);
}

static void run(struct recall *recall, const char *sql, const char *role)
{
    char mark[RECALL_MARK];
    const struct recall_facts facts = {.outcome = "done", .rows = 3, .seconds = 0.25};
    if (recall_begin(recall, sql, role, mark, NULL)) {
        recall_end(recall, mark, &facts);
    }
}

static void keeps_facts(void)
{
    struct recall *recall = open_history(100);
    const struct recall_facts facts = {.outcome = "failed",
                                       .products = "checkout/orders\nsales/targets\n",
                                       .error = "no such column: amuont",
                                       .seconds = 1.5,
                                       .rows = -1};
    char mark[RECALL_MARK];
    struct stat now;
    ok(recall_begin(recall, "SELECT\t'a\\b',\n  amuont FROM orders.orders;  \n", NULL,
                    mark, NULL),
       "a statement starts");
    ok(newest(recall, NULL)->outcome == NULL, "it has no outcome yet");
    recall_end(recall, mark, &facts);
    run(recall, "SELECT 2", NULL);
    recall_close(recall);
    ok(stat(file, &now) == 0 && (now.st_mode & 0777) == 0600, "the file is private");
    recall = open_history(100);
    const struct recall_entry *entry = newest(recall, "AMUONT");
    ok(entry != NULL, "it is found by a word, whatever its case");
    is_text(entry->sql, "SELECT\t'a\\b',\n  amuont FROM orders.orders;",
            "as it was typed");
    is_text(entry->outcome, "failed", "with its outcome");
    is_text(entry->error, "no such column: amuont", "its error");
    is_text(entry->products, "checkout/orders, sales/targets", "its products");
    ok(entry->seconds == 1.5 && entry->rows == -1, "its time and rows");
    is_int(count_of(recall, "targets select", NULL), 1, "each word is somewhere in it");
    is_int(count_of(recall, "targets select 2", NULL), 0, "or it is not found");
    struct recall_search failed = {.only_failed = true};
    struct array found = recall_find(recall, &failed);
    is_int((long long)found.count, 1, "failures can be asked for");
    array_release(&found);
    recall_close(recall);
    unlink(file);
}

static void leaves_out(void)
{
    char mark[RECALL_MARK];
    struct recall *recall = open_history(100);
    ok(!recall_begin(recall, " SELECT 'hidden'", NULL, mark, NULL), "a blank hides");
    ok(!recall_begin(recall, "\n", NULL, mark, NULL), "nothing is no statement");
    recall_end(recall, mark, &(struct recall_facts){.outcome = "done"});
    run(recall, "ATTACH 'https://reader:hunter2@data.example.org/x.db' AS x", NULL);
    ok(!is_in_file(file, "hunter2") && newest(recall, "hunter2") == NULL,
       "a password is nowhere");
    ok(newest(recall, "data.example.org") != NULL, "the rest of the statement is");
    recall_close(recall);
    unlink(file);
}

static void separates_roles(void)
{
    struct recall *recall = open_history(100);
    run(recall, "SELECT 1", NULL);
    run(recall, "SELECT * FROM customers.customers_pii WHERE email='a@example.org'",
        "steward");
    run(recall, "SELECT 2", "analyst");
    recall_close(recall);
    recall = open_history(100);
    is_int(count_of(recall, "customers", "analyst"), 0,
           "what another role asked is not told");
    is_int(count_of(recall, NULL, "steward"), 2,
           "each has its own, and what had no role");
    struct array statements = recall_statements(recall, "analyst");
    is_int((long long)statements.count, 2, "the same for the editor");
    array_release(&statements);
    recall_close(recall);
    unlink(file);
}

static void tells_apart(void)
{
    struct recall *recall = open_history(100);
    const char *const ran[] = {"SELECT 1", "SELECT 2", "SELECT 2", "SELECT 1"};
    for (size_t i = 0; i < 4; i++) {
        run(recall, ran[i], NULL);
    }
    struct array statements = recall_statements(recall, NULL);
    is_int((long long)statements.count, 3, "none twice in a row in the editor");
    array_release(&statements);
    struct recall_search distinct = {.only_distinct = true};
    struct array found = recall_find(recall, &distinct);
    is_int((long long)found.count, 2, "or each only once");
    is_text((*(const struct recall_entry **)array_at(&found, 0))->sql, "SELECT 1",
            "the newest first");
    array_release(&found);
    recall_close(recall);
    unlink(file);
}

static void forgets(void)
{
    write_text(before, "#1700000000\nSELECT 'old canary'\n#1700000001\nSELECT 'kept'\n");
    struct recall *recall = open_history(100), *other = open_history(100);
    run(recall, "SELECT 'canary'", NULL);
    run(recall, "SELECT 'else'", NULL);
    run(other, "SELECT 'canary'", NULL);
    const char *marks[2] = {newest(recall, "'canary'")->mark,
                            newest(recall, "old")->mark};
    char copies[2][RECALL_MARK];
    memcpy(copies[0], marks[0], RECALL_MARK);
    memcpy(copies[1], marks[1], RECALL_MARK);
    struct array list = ARRAY_OF(const char *);
    *(const char **)array_push(&list) = copies[0];
    *(const char **)array_push(&list) = copies[1];
    struct error err = {0};
    ok(recall_forget(recall, &list, &err), "statements are forgotten");
    is_text(err.message, "", "without a word");
    array_release(&list);
    ok(!is_in_file(file, "canary") && !is_in_file(before, "canary"),
       "they are in no file");
    is_int(count_of(recall, "canary", NULL), 0, "nor found");
    is_int(count_of(recall, NULL, NULL), 2, "what else ran is");
    recall_look(other);
    is_int(count_of(other, "canary", NULL), 0, "nor by others");
    run(other, "SELECT 'after'", NULL);
    recall_look(recall);
    is_int(count_of(recall, "after", NULL), 1, "who go on writing to the same file");
    recall_close(recall);
    recall_close(other);
    unlink(file);
    unlink(before);
}

static void takes_over(void)
{
    write_text(before,
               "SELECT 'before stamps'\n#1700000000\nSELECT 1,\n##2 AS x\n  FROM t;\n"
               "#1700000060\n\n#1700000061\n leading blank\n#1700000062\nSELECT 3");
    struct recall *recall = open_history(100);
    is_int(count_of(recall, NULL, "any"), 3, "the history of before is taken over");
    const struct recall_entry *entry = newest(recall, "FROM t");
    is_text(entry->sql, "SELECT 1,\n#2 AS x\n  FROM t;", "statement by statement");
    is_int(entry->at, 1700000000, "with its time");
    recall_close(recall);
    recall = open_history(100);
    is_int(count_of(recall, NULL, NULL), 3, "once");
    recall_close(recall);
    unlink(before);
    unlink(file);
}

static void bears_torn_lines(void)
{
    struct recall *recall = open_history(100);
    run(recall, "SELECT 'whole'", NULL);
    int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
    const char torn[] = "0badc0de\tR\t000000000000\t17\t\tSELECT 'bad'\nnothing\n"
                        "12345678\tR\tabcdef";
    ok(write(fd, torn, sizeof torn - 1) == sizeof torn - 1, "a line is torn");
    close(fd);
    run(recall, "SELECT 'after'", NULL);
    recall_close(recall);
    recall = open_history(100);
    is_int(count_of(recall, "bad", NULL), 0, "a wrong sum is no statement");
    is_int(count_of(recall, NULL, NULL), 2, "what stands around it is read");
    recall_close(recall);
    unlink(file);
}

static void is_bounded(void)
{
    struct recall *recall = open_history(50);
    for (int i = 0; i < 200; i++) {
        char *sql = string_printf("SELECT %d", 1000 + i);
        run(recall, sql, NULL);
        free(sql);
    }
    recall_close(recall);
    recall = open_history(50);
    is_int(count_of(recall, NULL, NULL), 50, "no more than the limit are kept");
    ok(newest(recall, "1199") != NULL, "the newest");
    recall_close(recall);
    ok(!is_in_file(file, "SELECT 1000"), "the file is shortened");
    unlink(file);
}

/* Somebody else rewrites the file, on a slow disk, just when one begins. */
static void waits_for_its_turn(void)
{
    int held = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ok(held >= 0 && flock(held, LOCK_EX) == 0, "the file is held by somebody else");
    struct recall *recall = open_history(50);
    run(recall, "SELECT 'meanwhile'", NULL);
    ok(!is_in_file(file, "meanwhile"), "nothing is written meanwhile");
    close(held);
    run(recall, "SELECT 'after'", NULL);
    ok(is_in_file(file, "meanwhile") && is_in_file(file, "after"),
       "all of it is, once the file is free");
    recall_close(recall);
    unlink(file);
}

enum { PROCESSES = 8, EACH = 100 };

static void write_many(int process)
{
    struct recall *recall = recall_open(
        &(struct recall_spec){.file = file, .before = before, .limit = 10000}, NULL);
    for (int i = 0; i < EACH; i++) {
        char *sql = string_printf("SELECT %d, %d", process, i);
        run(recall, sql, NULL);
        free(sql);
    }
    recall_close(recall);
    _exit(0);
}

static void bears_many_processes(void)
{
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            write_many(i);
        }
    }
    while (wait(NULL) > 0) {
    }
    struct recall *recall = open_history(10000);
    is_int(count_of(recall, NULL, NULL), PROCESSES * EACH,
           "of many writers nothing is lost");
    struct recall_search search = {0};
    struct array found = recall_find(recall, &search);
    bool all_done = true;
    for (size_t i = 0; i < found.count; i++) {
        const struct recall_entry *entry =
            *(const struct recall_entry **)array_at(&found, i);
        all_done = all_done && string_equal(entry->outcome, "done");
    }
    ok(all_done, "and all have ended");
    array_release(&found);
    recall_close(recall);
    unlink(file);
}

/* The child tells each statement once it was acknowledged, and is killed among them. */
static void bears_kills(void)
{
    int told = 0;
    for (int round = 0; round < 10; round++) {
        int ends[2];
        char byte;
        if (pipe(ends) != 0) {
            break;
        }
        pid_t child = fork();
        if (child == 0) {
            struct recall *recall =
                recall_open(&(struct recall_spec){.file = file, .limit = 100000}, NULL);
            for (;;) {
                run(recall, "SELECT 'acknowledged'", NULL);
                if (write(ends[1], "x", 1) != 1) {
                    _exit(1);
                }
            }
        }
        close(ends[1]);
        for (int i = 0; i < 5 + round && read(ends[0], &byte, 1) == 1; i++) {
            told++;
        }
        kill(child, SIGKILL);
        while (read(ends[0], &byte, 1) == 1) {
            told++;
        }
        close(ends[0]);
        waitpid(child, NULL, 0);
    }
    struct recall *recall = open_history(100000);
    int found = (int)count_of(recall, "acknowledged", NULL);
    ok(found >= told && found <= told + 10,
       "kill -9 takes nothing that was told: %d of %d", found, told);
    recall_close(recall);
    unlink(file);
}

static void lives_without_a_file(void)
{
    struct error err = {0};
    struct recall_spec nowhere = {.file = "/proc/no/such/history", .limit = 10};
    struct recall *recall = recall_open(&nowhere, &err);
    ok(err.kind != ERROR_NONE, "a place that cannot be written is told");
    run(recall, "SELECT 1", NULL);
    is_int(count_of(recall, NULL, NULL), 1, "statements are remembered all the same");
    recall_close(recall);
    recall = recall_open(&(struct recall_spec){.limit = 10}, &err);
    run(recall, "SELECT 1", NULL);
    is_int(count_of(recall, NULL, NULL), 1, "and without any place");
    recall_close(recall);
}

int main(void)
{
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    snprintf(file, sizeof file, "%s/mesh.history", folder);
    snprintf(before, sizeof before, "%s/history", folder);
    keeps_facts();
    leaves_out();
    separates_roles();
    tells_apart();
    forgets();
    takes_over();
    bears_torn_lines();
    is_bounded();
    waits_for_its_turn();
    bears_many_processes();
    bears_kills();
    lives_without_a_file();
    rmdir(folder);
    return tap_done();
}
