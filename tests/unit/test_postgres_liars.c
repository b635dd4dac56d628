/* postgres: servers that lie: every answer of a fetch is cut, swapped, repeated, made
 * endless or replaced by noise. Whatever comes, it ends soon, with a sentence or with
 * exactly the rows of the honest answer; no password goes where it does not belong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

/* ---- The server: one thread, one connection after the other ---- */

enum stage { LOGIN, SETTINGS, PARSE, DESCRIBE, COPY, STAGES };

enum lie {
    HONEST,
    CLOSES,
    HALF,
    SILENT,
    NOISE,
    LONG_MESSAGE,
    SHORT_MESSAGE,
    UNKNOWN_MESSAGE,
    FAILS,
    TWICE,
    NOTICES,
    OTHER_STAGE,
    LIES
};

static const char *const lie_names[LIES] = {"is honest",
                                            "closes",
                                            "gives half of its answer",
                                            "is silent",
                                            "sends noise",
                                            "announces 2 GB",
                                            "announces less than nothing",
                                            "sends an unknown message",
                                            "fails",
                                            "answers twice",
                                            "sends a thousand notices",
                                            "gives the answer to something else"};
static const char *const stage_names[STAGES] = {"at the login", "to its settings",
                                                "to the statement", "of its columns",
                                                "with the rows"};

struct liar {
    int listener, port;
    pthread_t thread;
    int wake[2]; /* closed: the thread ends */
    enum stage stage;
    enum lie lie;
    struct text special; /* the answer of that stage, when it is not empty */
    struct text received;
};

static struct liar liar;

static void put_number(struct text *out, uint32_t number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        text_append_char(out, (char)(number >> (8 * i)));
    }
}

static void put_message(struct text *out, char type, const void *body, size_t length)
{
    text_append_char(out, type);
    put_number(out, (uint32_t)length + 4, 4);
    text_append_bytes(out, body, length);
}

static void put_text(struct text *out, char type, const char *body)
{
    put_message(out, type, body, strlen(body) + 1);
}

static void put_parameter(struct text *out, const char *name, const char *value)
{
    struct text body = {0};
    text_append_bytes(&body, name, strlen(name) + 1);
    text_append_bytes(&body, value, strlen(value) + 1);
    put_message(out, 'S', body.data, body.length);
    text_release(&body);
}

static void put_failure(struct text *out, char type, const char *sentence)
{
    struct text body = {0};
    text_append_bytes(&body, "SERROR", 7);
    text_append_bytes(&body, "CXX000", 7);
    text_append_char(&body, 'M');
    text_append_bytes(&body, sentence, strlen(sentence) + 1);
    text_append_bytes(&body, "", 1);
    put_message(out, type, body.data, body.length);
    text_release(&body);
}

static void put_columns(struct text *out, uint32_t count, const char *const names[])
{
    struct text body = {0};
    put_number(&body, count, 2);
    for (int i = 0; i < 2; i++) {
        text_append_bytes(&body, names[i], strlen(names[i]) + 1);
        put_number(&body, 0, 4);
        put_number(&body, 0, 2);
        put_number(&body, i == 0 ? 23 : 25, 4); /* int4, text */
        put_number(&body, 0xFFFF, 2);
        put_number(&body, 0xFFFFFFFF, 4);
        put_number(&body, 0, 2);
    }
    put_message(out, 't', "\0\0", 2);
    put_message(out, 'T', body.data, body.length);
    text_release(&body);
}

static void put_rows(struct text *out, const char *const *lines, const char *told)
{
    put_message(out, 'H', "\0\0\2\0\0\0\0", 7);
    for (; *lines != NULL; lines++) {
        put_message(out, 'd', *lines, strlen(*lines));
    }
    put_message(out, 'c', "", 0);
    put_text(out, 'C', told);
}

static void honest_answer(enum stage stage, struct text *out)
{
    static const char *const names[] = {"id", "word"};
    static const char *const lines[] = {"id,word\n", "1,a\n", "2,\"\"\n", "3,\n", NULL};
    text_append(out, "");
    switch (stage) {
    case LOGIN:
        put_message(out, 'R', "\0\0\0\0", 4);
        put_parameter(out, "server_version", "13.0");
        put_parameter(out, "is_superuser", "off");
        put_parameter(out, "client_encoding", "UTF8");
        put_parameter(out, "standard_conforming_strings", "on");
        put_message(out, 'K', "\0\0\0\1\0\0\0\2", 8);
        break;
    case SETTINGS:
        put_text(out, 'C', "SET");
        break;
    case PARSE:
        put_message(out, '1', "", 0);
        break;
    case DESCRIBE:
        put_columns(out, 2, names);
        break;
    default:
        put_rows(out, lines, "COPY 3");
    }
    put_message(out, 'Z', stage == LOGIN ? "I" : "T", 1);
}

static void lying_answer(enum stage stage, struct text *out)
{
    struct text honest = {0};
    honest_answer(stage, &honest);
    text_append(out, "");
    switch (liar.lie) {
    case HALF:
        text_append_bytes(out, honest.data, honest.length / 2);
        break;
    case NOISE:
        for (uint32_t i = 0, n = 7; i < 4096; i++) {
            n = n * 1664525 + 1013904223;
            text_append_char(out, (char)(n >> 24));
        }
        break;
    case LONG_MESSAGE:
        text_append_bytes(out,
                          "D\x7F\xFF\xFF\xFF"
                          "abc",
                          8);
        break;
    case SHORT_MESSAGE:
        text_append_bytes(out, "Z\0\0\0\1I", 6);
        break;
    case UNKNOWN_MESSAGE:
        put_text(out, '~', "what?");
        break;
    case FAILS:
        put_failure(out, 'E', "the disk is on fire\nDETAIL: really");
        put_message(out, 'Z', "E", 1);
        break;
    case TWICE:
        text_append_bytes(out, honest.data, honest.length);
        text_append_bytes(out, honest.data, honest.length);
        break;
    case NOTICES:
        for (int i = 0; i < 1000; i++) {
            put_failure(out, 'N', "by the way");
        }
        text_append_bytes(out, honest.data, honest.length);
        break;
    case OTHER_STAGE:
        honest_answer((enum stage)((stage + 2) % STAGES), out);
        break;
    default:
        text_append_bytes(out, honest.data, honest.length);
    }
    text_release(&honest);
}

static bool read_bytes(int fd, void *bytes, size_t length)
{
    char *at = bytes;
    while (length > 0) {
        struct pollfd files[] = {{.fd = fd, .events = POLLIN},
                                 {.fd = liar.wake[0], .events = POLLIN}};
        poll(files, 2, -1);
        ssize_t n = files[1].revents != 0 ? 0 : read(fd, at, length);
        if (n <= 0) {
            return false;
        }
        at += n;
        length -= (size_t)n;
    }
    return true;
}

/* The next message; its type, 0 at the start, -1 at the end. */
static int read_message(int fd, bool has_type)
{
    unsigned char head[5] = {0};
    if (!read_bytes(fd, has_type ? head : head + 1, has_type ? 5 : 4)) {
        return -1;
    }
    uint32_t length = (uint32_t)head[1] << 24 | (uint32_t)head[2] << 16 |
                      (uint32_t)head[3] << 8 | head[4];
    char *body = memory_new(length + 1);
    bool good = length >= 4 && length < 1 << 20 && read_bytes(fd, body, length - 4);
    text_append_bytes(&liar.received, body, good ? length - 4 : 0);
    bool asks_tls = !has_type && good && length == 8 && body[0] == 4 && body[1] == -46;
    free(body);
    return !good ? -1 : asks_tls ? 1 : head[0];
}

/* False: the connection is to be closed. */
static bool give_answer(int fd, enum stage stage)
{
    struct text out = {0};
    bool lies = stage == liar.stage && liar.lie != HONEST;
    if (stage == liar.stage && liar.special.length > 0) {
        text_append_bytes(&out, liar.special.data, liar.special.length);
    } else if (lies) {
        lying_answer(stage, &out);
    } else {
        honest_answer(stage, &out);
    }
    bool closes = lies && liar.lie != TWICE && liar.lie != NOTICES &&
                  liar.lie != SILENT && liar.lie != FAILS && liar.lie != OTHER_STAGE;
    if (!(lies && (liar.lie == CLOSES || liar.lie == SILENT)) && out.length > 0) {
        ssize_t sent = send(fd, out.data, out.length, MSG_NOSIGNAL);
        closes = closes || sent != (ssize_t)out.length;
    }
    text_release(&out);
    return !closes;
}

static void serve(int fd)
{
    int type;
    enum stage stage = LOGIN;
    while ((type = read_message(fd, false)) == 1) {
        if (send(fd, "N", 1, MSG_NOSIGNAL) != 1) {
            return;
        }
    }
    bool good = type == 0 && give_answer(fd, LOGIN);
    while (good && (type = read_message(fd, true)) > 0) {
        if (type == 'p' || type == 'X') {
            good = type == 'p';
        } else if (type == 'Q' || type == 'S') {
            stage = stage < COPY ? stage + 1 : COPY;
            good = give_answer(fd, stage);
        }
    }
}

static void *run_liar(void *argument)
{
    for (;;) {
        struct pollfd files[] = {{.fd = liar.listener, .events = POLLIN},
                                 {.fd = liar.wake[0], .events = POLLIN}};
        poll(files, 2, -1);
        if (files[1].revents != 0) {
            return argument;
        }
        int fd = accept(liar.listener, NULL, NULL);
        if (fd >= 0) {
            serve(fd);
            close(fd);
        }
    }
}

static bool start_liar(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    liar.listener = socket(AF_INET, SOCK_STREAM, 0);
    bool good = pipe(liar.wake) == 0 &&
                bind(liar.listener, (struct sockaddr *)&address, sizeof address) == 0 &&
                getsockname(liar.listener, (struct sockaddr *)&address, &length) == 0 &&
                listen(liar.listener, 8) == 0;
    liar.port = ntohs(address.sin_port);
    return good && pthread_create(&liar.thread, NULL, run_liar, NULL) == 0;
}

static void stop_liar(void)
{
    close(liar.wake[1]);
    pthread_join(liar.thread, NULL);
    close(liar.listener);
    close(liar.wake[0]);
    text_release(&liar.received);
    text_release(&liar.special);
}

/* ---- A fetch from it ---- */

static char home[] = "/tmp/mwb-test-liars-XXXXXX";
static char *partial, *database;
static struct error err;

static bool bring(void)
{
    struct text details = {0};
    struct array files;
    text_printf(&details, "{\"host\":\"127.0.0.1\",\"port\":%d,\"database\":\"d\"}",
                liar.port);
    struct catalog_server server = {.type = (char *)"postgres", .details = details.data};
    struct catalog_table table = {.name = (char *)"t",
                                  .sql_name = (char *)"t",
                                  .columns = ARRAY_OF(struct catalog_column),
                                  .files = ARRAY_OF(char *),
                                  .server = &server};
    struct catalog_product product = {.folder = home, .entry.id = (char *)"a/b"};
    struct access_spec spec = {.product = &product, .table = &table, .partial = partial};
    struct import_report report = {0};
    err = (struct error){0};
    unlink(database);
    text_clear(&liar.received);
    bool good = access_open(&spec, &files, &err);
    if (good) {
        struct access_file *file = array_at(&files, 0);
        struct import_spec import = {.table = "t",
                                     .columns = file->columns,
                                     .dialect = file->dialect,
                                     .files = &files};
        good = import_table(database, &import, NULL, &report, &err) &&
               access_settle(file, &table, NULL, &err);
        import_report_release(&report);
        access_files_release(&files);
    }
    text_release(&details);
    return good;
}

static bool is_honest(void)
{
    sqlite3 *db = store_open(database, STORE_IMMUTABLE, &err);
    char *rows = db != NULL ? store_string(db,
                                           "SELECT group_concat(id||':'||coalesce(word,"
                                           "'-'),' ') FROM t",
                                           "")
                            : NULL;
    bool same = rows != NULL && strcmp(rows, "1:a 2: 3:-") == 0;
    if (!same) {
        printf("# the rows were: %s\n", rows != NULL ? rows : "none");
    }
    free(rows);
    store_close(db);
    return same;
}

static void test_lies(void)
{
    for (int stage = 0; stage < STAGES; stage++) {
        for (int lie = 0; lie < LIES; lie++) {
            if (lie == SILENT && stage == COPY) {
                continue; /* a statement may take as long as it takes */
            }
            liar.stage = (enum stage)stage;
            liar.lie = (enum lie)lie;
            double start = path_monotonic();
            bool good = bring();
            ok(good ? is_honest() : lie != HONEST && err.message[0] != '\0',
               "one that %s %s: %s", lie_names[lie], stage_names[stage],
               good ? "its rows" : err.message);
            ok(path_monotonic() - start < 8, "and it is over soon");
        }
    }
    liar.lie = HONEST;
}

static bool brings_special(enum stage stage, const char *last)
{
    liar.stage = stage;
    put_message(&liar.special, 'Z', last, 1);
    bool good = bring();
    text_clear(&liar.special);
    return good;
}

static bool says(const char *part)
{
    if (strstr(err.message, part) != NULL) {
        return true;
    }
    printf("# the sentence was: %s\n", err.message);
    return false;
}

static void test_rows(void)
{
    static const char *const lines[] = {"id,word\n", "1,a\n", "2,b\n", NULL};
    put_rows(&liar.special, lines, "COPY 3");
    ok(!brings_special(COPY, "T") && says("told of 3 rows, and 2 came"), "a row is lost");
    put_rows(&liar.special, lines, "COPY 1");
    ok(!brings_special(COPY, "T") && says("told of 1 rows"), "a row too many");
    put_rows(&liar.special, lines, "SELECT 7");
    ok(!brings_special(COPY, "T"), "another statement was done");
    put_rows(&liar.special, lines + 3, "COPY 0");
    ok(!brings_special(COPY, "T"), "not even a header");
    put_message(&liar.special, 'H', "\0\0\2\0\0\0\0", 7);
    put_message(&liar.special, 'd', "id,word\n1,a\n", 12);
    put_failure(&liar.special, 'E', "could not read block 7");
    ok(!brings_special(COPY, "E") && says("could not read block 7"),
       "it fails between two rows");
    put_message(&liar.special, 'H', "\1\0\2\0\0\0\0", 7);
    ok(!brings_special(COPY, "T"), "it sends the binary form");
    put_message(&liar.special, 'G', "\0\0\2\0\0\0\0", 7);
    ok(!brings_special(COPY, "T"), "it wants rows of us");
}

static void test_columns(void)
{
    static const char *const names[] = {"id", "a\nb\"; DROP TABLE x; --"};
    put_columns(&liar.special, 2, names);
    ok(bring() || err.message[0] != '\0', "a name of a column that is no name");
    text_clear(&liar.special);
    put_columns(&liar.special, 65535, names);
    ok(!brings_special(DESCRIBE, "T"), "more columns than it tells of");
    put_columns(&liar.special, 0, names);
    ok(!brings_special(DESCRIBE, "T"), "none, and then some");
    put_message(&liar.special, 'n', "", 0);
    ok(!brings_special(DESCRIBE, "T"), "a statement without columns");
}

/* A server that the person named may ask for a password; it gets its own or none. */
static void test_passwords(void)
{
    static const char *const asks[] = {"\0\0\0\3", "\0\0\0\5salt", "\0\0\0\x63",
                                       "\0\0\0\x0ASCRAM-SHA-1\0\0"};
    static const size_t lengths[] = {4, 8, 4, 18};
    setenv("PGHOST", "db.example.org", 1);
    setenv("PGPASSWORD", "hunter2", 1);
    setenv("PGUSER", "boss", 1);
    liar.stage = LOGIN;
    for (int i = 0; i < 4; i++) {
        put_message(&liar.special, 'R', asks[i], lengths[i]);
        ok(!bring() && err.message[0] != '\0', "it asks for a password: %s", err.message);
        text_clear(&liar.special);
        text_append(&liar.received, "");
        ok(memmem(liar.received.data, liar.received.length, "hunter2", 7) == NULL &&
               memmem(liar.received.data, liar.received.length, "boss", 4) == NULL &&
               strstr(err.message, "hunter2") == NULL,
           "that of another server is not sent, nor its user");
        ok(memmem(liar.received.data, liar.received.length, "reader", 6) != NULL,
           "but the user that belongs to it");
    }
    unsetenv("PGHOST");
    unsetenv("PGPASSWORD");
    unsetenv("PGUSER");
    put_failure(&liar.special, 'E', "try postgres://me:hunter2@db.example.org/x");
    ok(!bring() && strstr(err.message, "hunter2") == NULL,
       "what it says is not believed to be free of passwords");
    text_clear(&liar.special);
}

int main(void)
{
    if (mkdtemp(home) == NULL || !start_liar()) {
        printf("Bail out! no folder or no port\n");
        return 1;
    }
    setenv("HOME", home, 1);
    setenv("PGCONNECT_TIMEOUT", "0.3", 1);
    static const char *const unset[] = {"XDG_CONFIG_HOME", "PGHOST",    "PGPASSWORD",
                                        "PGSERVICE",       "PGSSLMODE", "PGUSER"};
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++) {
        unsetenv(unset[i]);
    }
    partial = path_join(home, "partial");
    database = path_join(home, "out.db");
    char *folder = path_join(home, ".config/mwb");
    char *path = path_join(folder, "credentials");
    char *text = string_printf("[postgres://127.0.0.1:%d]\nuser = reader\n", liar.port);
    path_make_folders(partial, NULL);
    path_make_folders(folder, NULL);
    path_write_file(path, text, strlen(text), 0600, NULL);
    test_lies();
    test_rows();
    test_columns();
    test_passwords();
    stop_liar();
    path_remove_tree(home, NULL);
    free(text);
    free(path);
    free(folder);
    free(partial);
    free(database);
    return tap_done();
}
