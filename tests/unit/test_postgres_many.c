/* postgres: a million rows of a real server, fetched, broken off, fetched again, and by
 * the program itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gcrypt.h>

#include "tests/unit/postgres_fetch.h"

/* ---- Many rows ---- */

static void hash_rows(char hex[33])
{
    unsigned char digest[16];
    gcry_md_hd_t hash;
    gcry_md_open(&hash, GCRY_MD_MD5, 0);
    sqlite3 *db = store_open(database, STORE_IMMUTABLE, &err);
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(db,
                                   "SELECT id||'/'||coalesce(name,'-')||'/'||"
                                   "amount||'/'||moment||';' FROM t ORDER BY id",
                                   &err)
                   : NULL;
    while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        gcry_md_write(hash, sqlite3_column_text(stmt, 0),
                      (size_t)sqlite3_column_bytes(stmt, 0));
    }
    store_finish(stmt);
    store_close(db);
    memcpy(digest, gcry_md_read(hash, GCRY_MD_MD5), sizeof digest);
    gcry_md_close(hash);
    for (int i = 0; i < 16; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
}

static void test_many(void)
{
    char hex[33];
    postgres_do_sql(
        &server,
        "CREATE TABLE many AS SELECT g AS id, CASE WHEN g%7=0 THEN NULL WHEN g%7=1 THEN "
        "'' ELSE md5(g::text)||E',\"\\n' END AS name, g%1000 AS amount, timestamptz "
        "'2024-01-01 00:00:00+00'+g*interval '1 second' AS moment FROM "
        "generate_series(1,1000000) g; GRANT SELECT ON many TO reader");
    if (!ok(bring(&(struct wish){.name = "many"}), "a million rows come")) {
        printf("# %s\n", err.message);
    }
    is_int(report.stored, 1000000, "all of them");
    is_int(report.rejected, 0, "none rejected");
    char *want = postgres_ask(
        &server,
        "SET timezone TO 'UTC'; SELECT md5(string_agg(id||'/'||coalesce(name,'-')"
        "||'/'||amount||'/'||to_char(moment,'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        "||';','' ORDER BY id)) FROM many");
    hash_rows(hex);
    is_text(hex, want, "every value is what the server's own checksum says");
    free(want);
}

/* ---- Breaking off ---- */

static bool is_idle(void)
{
    double until = path_monotonic() + 20;
    bool idle = false;
    while (!idle && path_monotonic() < until) {
        char *count = postgres_ask(&server, "SELECT count(*) FROM pg_stat_activity WHERE "
                                            "usename='reader'");
        idle = strcmp(count, "0") == 0;
        free(count);
    }
    return idle;
}

static const char endless[] =
    "SELECT generate_series(1,1000000000) AS g, repeat('x',1000) AS x";

static void test_breaking(void)
{
    struct fetch fetch;
    long long length = 0;
    bool opened = fetch_open(&fetch, &(struct wish){.query = endless});
    ok(opened, "an endless query begins: %s", err.message);
    struct access_file *file = array_at(&fetch.files, 0);
    ok(arrival_wait(file->arrival, 1000000, NULL, &length, &err), "and comes");
    fetch_close(&fetch, opened);
    ok(is_idle(), "given up, it leaves nobody behind on the server");

    opened =
        fetch_open(&fetch, &(struct wish){.query = "SELECT 1 AS a, pg_sleep(600) AS b"});
    ok(opened, "a query that is silent begins: %s", err.message);
    double start = path_monotonic();
    fetch_close(&fetch, opened);
    ok(path_monotonic() - start < 5 && is_idle(), "and ends soon when given up");

    opened = fetch_open(&fetch, &(struct wish){.query = endless});
    file = array_at(&fetch.files, 0);
    ok(opened && arrival_wait(file->arrival, 1000000, NULL, &length, &err),
       "another endless one");
    postgres_do_sql(&server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE usename='reader'");
    ok(!access_settle(file, &fetch.table, NULL, &err), "is ended by its server: %s",
       err.message);
    fetch_close(&fetch, opened);

    setenv("PGOPTIONS", "-c statement_timeout=50", 1);
    ok(!bring(&(struct wish){.query = endless}) && says("statement_timeout"),
       "and by a time limit of the person's");
    unsetenv("PGOPTIONS");
}

static void test_again(void)
{
    char first[65];
    struct fetch fetch;
    for (int i = 0; i < 3; i++) {
        bool opened = fetch_open(&fetch, &(struct wish){.name = "many"});
        struct access_file *file = opened ? array_at(&fetch.files, 0) : NULL;
        bool good = opened && access_settle(file, &fetch.table, NULL, &err);
        if (i == 0 && good) {
            memcpy(first, file->facts.sha256, sizeof first);
        }
        ok(good && (i < 2) == (strcmp(first, file->facts.sha256) == 0),
           i < 2 ? "what did not change has the same SHA-256" : "what did has another");
        fetch_close(&fetch, opened);
        if (i == 1) {
            postgres_do_sql(&server, "UPDATE many SET amount=7 WHERE id=5");
        }
    }
}

/* ---- The verb ---- */

/* A get that never ends, ended by a signal once the server works for it. */
static void test_signal(int number)
{
    char *text = string_printf(
        "kind: DataContract\napiVersion: v3.1.0\nid: endless\nname: endless\n"
        "version: 1.0.0\nstatus: active\ndomain: shop\nservers:\n"
        "  - {server: p, type: postgres, host: 127.0.0.1, port: %d, database: postgres}\n"
        "schema:\n  - name: rows\n    customProperties:\n"
        "      - property: query\n        value: \"%s\"\n",
        server.port, endless);
    put_file("mesh/shop/endless.odcs.yaml", text, 0644);
    free(text);
    char *mesh = path_join(home, "mesh"), *program = getenv("MWB");
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execl(program, "mwb", "get", "endless", "--mesh", mesh, (char *)NULL);
        _exit(127);
    }
    bool works = false;
    for (double until = path_monotonic() + 20; !works && path_monotonic() < until;) {
        char *count = postgres_ask(&server, "SELECT count(*) FROM pg_stat_activity WHERE "
                                            "usename='reader' AND query LIKE 'COPY%'");
        works = strcmp(count, "1") == 0;
        free(count);
    }
    kill(pid, number);
    waitpid(pid, NULL, 0);
    ok(works && is_idle(), "signal %d: nobody is left behind on the server", number);
    free(mesh);
}

static const char contract[] =
    "kind: DataContract\napiVersion: v3.1.0\nid: sales\nname: sales\nversion: 1.0.0\n"
    "status: active\ndomain: shop\nservers:\n  - server: production\n"
    "    type: postgres\n    host: 127.0.0.1\n    port: %d\n    database: postgres\n"
    "    schema: public\nschema:\n  - name: many\n    properties:\n"
    "      - {name: id, logicalType: integer}\n      - {name: name}\n"
    "      - {name: amount, logicalType: number}\n"
    "      - {name: moment, logicalType: timestamp}\n"
    "  - name: asked\n    customProperties:\n      - property: query\n"
    "        value: \"SELECT id, name IS NULL AS none FROM many WHERE id < 100\"\n";

/* What the program prints for words, standard error too. Borrowed. */
static const char *mwb(const char *words)
{
    static struct text out;
    char block[4096];
    char *command = string_printf("\"$MWB\" %s --mesh %s/mesh 2>&1", words, home);
    FILE *lines = popen(command, "r");
    text_clear(&out);
    text_append(&out, "");
    for (size_t n; lines != NULL && (n = fread(block, 1, sizeof block, lines)) > 0;) {
        text_append_bytes(&out, block, n);
    }
    if (lines != NULL) {
        pclose(lines);
    }
    free(command);
    return text_string(&out);
}

static bool prints(const char *words, const char *part)
{
    const char *out = mwb(words);
    if (strstr(out, part) == NULL) {
        printf("# mwb %s: %s\n", words, out);
    }
    return strstr(out, part) != NULL;
}

static void test_verb(void)
{
    char *text = string_printf(contract, server.port);
    put_file("mesh/shop/sales.odcs.yaml", text, 0644);
    free(text);
    char *cache = path_join(home, "cache");
    setenv("XDG_CACHE_HOME", cache, 1);
    setenv("XDG_DATA_HOME", cache, 1);
    unsetenv("MWB_CACHE");
    free(cache);
    ok(prints("get sales", "2 tables, 1,000,099 rows"), "get brings table and query");
    ok(prints(
           "query \"SELECT count(*), sum(name IS NULL), sum(name='') FROM sales.many\" "
           "--format csv",
           "1000000,142857,142858"),
       "with NULL and '', where the contract tells no type");
    ok(prints("query \"SELECT typeof(none), sum(none) FROM sales.asked\" --format csv",
              "integer,14"),
       "and the query's boolean");
    ok(prints("get sales --refresh", "here already"),
       "what did not change is no version");
    postgres_do_sql(&server, "DELETE FROM many WHERE id > 999990");
    ok(prints("get sales --refresh", "1,000,089 rows"), "what changed is one");
    put_credentials("wrong");
    ok(prints("get sales --refresh", "authentication failed"), "a wrong password");
    ok(prints("query \"SELECT count(*) FROM sales.many\" --format csv", "999990"),
       "leaves the version that was there");
    put_credentials(POSTGRES_PASSWORD);
}

int main(void)
{
    if (!begin_with_server()) {
        return 0;
    }
    test_many();
    test_breaking();
    test_again();
    if (getenv("MWB") != NULL) {
        test_verb();
        test_signal(SIGINT);
        test_signal(SIGKILL);
    }
    return end_with_server();
}
