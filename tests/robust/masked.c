/* masked: whether a role can see what its version does not hold. A mesh with five roles,
 * whose columns hold canaries; each role runs every attempt of attacks.h and the verbs
 * that write or show something; then what it got, and every file that it could read, is
 * searched for the canaries that are not its own. A sixth role, who may see everything,
 * shows that the attempts find something where there is something. TAP.
 *
 * MASKED_ATTACKS attempts for each role (150; 0: all of them).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/workbench.h"
#include "tests/robust/attacks.h"
#include "tests/robust/canary.h"
#include "tests/unit/tap.h"

/* ---- The mesh ---- */

enum { PERSONAL = 1, CONTACT = 2, PAY = 4, SECRET = 8 };

static const struct role {
    const char *name, *classifications;
    int sees;
} roles[] = {
    {"guest", "[public]", 0},
    {"analyst", "[public, internal]", 0},
    {"marketing", "[public, internal, contact]", CONTACT},
    {"payroll", "[public, internal, pay]", PAY},
    {"support", "[public, internal, contact, personal]", CONTACT | PERSONAL},
    {"owner", "[public, internal, contact, personal, pay, secret]",
     CONTACT | PERSONAL | PAY | SECRET},
};
enum { ROLES = sizeof roles / sizeof roles[0] };

/* What no other byte of the mesh looks like. */
static const struct value {
    const char *product, *table, *column, *canary;
    int needs;
} values[] = {
    {"people", "people", "name", "Zyxname4711", PERSONAL},
    {"people", "people", "email", "zyxmail4712@", CONTACT},
    {"people", "people", "ssn", "471347134713", SECRET},
    {"people", "people", "salary", "4714471.5", PAY},
    {"people", "people", "born", "1947-08-15", PERSONAL},
    {"people", "people", "note", "zyxnote4716", SECRET},
    {"visits", "visits", "who.street", "Zyxstreet4717", PERSONAL},
    {"visits", "visits", "mail", "zyxvisit4718@", CONTACT},
    {"vault", "vault", "holder", "Zyxholder4719", PERSONAL},
    {"vault", "vault", "pin", "472047204720", SECRET},
};
enum { VALUES = sizeof values / sizeof values[0] };

static struct canary canaries[VALUES];
static char *top; /* the folder of everything */

static void write_text(const char *name, const char *text)
{
    struct error err = {0};
    char *path = path_join(top, name), *folder = path_folder(path);
    if (!path_make_folders(folder, &err) ||
        !path_write_file(path, text, strlen(text), 0600, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    free(folder);
    free(path);
}

static void write_mesh_file(void)
{
    struct text yaml = {0};
    text_append(&yaml, "name: canaries\nroles:\n");
    for (size_t i = 0; i < ROLES; i++) {
        text_printf(&yaml, "  - {name: %s, classifications: %s}\n", roles[i].name,
                    roles[i].classifications);
    }
    text_append(&yaml, "masking:\n"
                       "  - {pattern: born, mask: year}\n"
                       "  - {pattern: note, mask: drop}\n"
                       "  - {classification: personal, mask: first 1}\n"
                       "  - {classification: contact, mask: token}\n"
                       "  - {classification: pay, mask: round 1000000}\n"
                       "  - {classification: secret, mask: token}\n");
    write_text("mesh/mesh.yaml", text_string(&yaml));
    text_release(&yaml);
}

static void write_contract(const char *name, const char *file, const char *properties)
{
    char *path = string_printf("mesh/%s.odcs.yaml", name);
    char *yaml = string_printf("apiVersion: v3.1.0\nkind: DataContract\nid: c-%s\nname: "
                               "%s\nversion: 1.0.0\nstatus: active\ndomain: test\n"
                               "servers:\n  - {server: files, type: local, path: %s}\n"
                               "schema:\n  - name: %s\n    properties:\n%s",
                               name, name, file, name, properties);
    write_text(path, yaml);
    free(yaml);
    free(path);
}

static void write_people(void)
{
    struct text csv = {0};
    text_append(&csv, "id,name,email,ssn,salary,born,note,town\n");
    for (int i = 1; i <= 40; i++) {
        text_printf(&csv,
                    "%d,Zyxname4711 %d,zyxmail4712@p%d.example.org,471347134713%d,"
                    "4714471.5,1947-08-15,\"zyxnote4716, %d\",Ulm\n",
                    i, i, i, i, i);
    }
    /* Rows that are none, values that do not fit: what is told must not tell them. */
    text_append(&csv, "41,Zyxname4711,zyxmail4712@x.example.org,471347134713\n"
                      "42,a,b,c,Zyxname4711,zyxnote4716,d,e,f,1947-08-15\n"
                      "43,x,y,z,about 4714471.5,on 1947-08-15,n,Bonn\n"
                      "44,\"Zyxname4711,zyxmail4712@open.example.org,471347134713\n");
    write_text("mesh/people.csv", text_string(&csv));
    text_release(&csv);
    write_contract("people", "people.csv",
                   "      - {name: id, logicalType: integer, classification: internal}\n"
                   "      - {name: name, logicalType: string, classification: personal, "
                   "primaryKey: true, primaryKeyPosition: 1}\n"
                   "      - {name: email, logicalType: string, classification: contact}\n"
                   "      - {name: ssn, logicalType: string, classification: secret}\n"
                   "      - {name: salary, logicalType: number, classification: pay}\n"
                   "      - {name: born, logicalType: date, classification: personal}\n"
                   "      - {name: note, logicalType: string, classification: secret}\n"
                   "      - {name: town, logicalType: string, classification: public}\n");
}

static void write_visits(void)
{
    struct text json = {0};
    for (int i = 1; i <= 30; i++) {
        text_printf(
            &json,
            "{\"id\":%d,\"who\":{\"street\":\"Zyxstreet4717 %d\",\"town\":\"Ulm\"},"
            "\"mail\":\"zyxvisit4718@v%d.example.org\"}\n",
            i, i, i);
    }
    text_append(&json, "{\"id\":31,\"who\":[\"Zyxstreet4717\"],\"mail\":7}\n"
                       "{\"id\":32,\"zyxvisit4718@\":1,\"zyxvisit4718@\":2}\n"
                       "{\"id\":33,\"mail\":\"zyxvisit4718@x.example.org\n");
    write_text("mesh/visits.jsonl", text_string(&json));
    text_release(&json);
    write_contract(
        "visits", "visits.jsonl",
        "      - {name: id, logicalType: integer, classification: public}\n"
        "      - name: who\n        logicalType: object\n        properties:\n"
        "          - {name: street, logicalType: string, classification: personal}\n"
        "          - {name: town, logicalType: string, classification: public}\n"
        "      - {name: mail, logicalType: string, classification: contact}\n");
}

static void write_vault(void)
{
    static const char sql[] =
        "CREATE TABLE vault(id INTEGER PRIMARY KEY, holder TEXT, pin INTEGER);"
        "CREATE INDEX by_holder ON vault(holder);"
        "CREATE VIEW all_of_it AS SELECT * FROM vault;"
        "CREATE TABLE strangers(x); INSERT INTO strangers VALUES ('Zyxholder4719');"
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
        "INSERT INTO vault SELECT i, 'Zyxholder4719 ' || i, 472047204720 FROM n;"
        "DELETE FROM vault WHERE id > 20;";
    struct error err = {0};
    char *path = path_join(top, "mesh/vault.db");
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    if (db == NULL || !store_run(db, sql, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    store_close(db);
    free(path);
    write_contract(
        "vault", "vault.db",
        "      - {name: id, logicalType: integer, classification: public}\n"
        "      - {name: holder, logicalType: string, classification: personal}\n"
        "      - {name: pin, logicalType: integer, classification: secret}\n");
}

/* ---- What a role gets ---- */

struct tries {
    const struct role *role;
    struct workbench *workbench;
    char *home;
    long count, seen; /* attempts, and those that showed a canary of others */
    bool is_found[VALUES];
    struct text last; /* the attempt that showed something, for the log */
};

static bool is_forbidden(const struct role *role, size_t value)
{
    return (values[value].needs & role->sees) == 0;
}

/* The owner is forbidden nothing and finds all. */
static void look_at(struct tries *tries, const void *bytes, size_t length, bool *seen)
{
    bool is_owner = tries->role == &roles[ROLES - 1];
    for (size_t i = 0; i < VALUES; i++) {
        if ((is_owner || is_forbidden(tries->role, i)) &&
            canary_is_in(&canaries[i], bytes, length)) {
            tries->is_found[i] = true;
            *seen = true;
        }
    }
}

static void look_at_rows(struct tries *tries, struct workbench_result *result, bool *seen)
{
    struct result_page page = {0};
    struct error err = {0};
    long long rows = result->result != NULL ? result_count(result->result) : 0;
    struct text all = {0};
    for (long long at = 0; at < rows; at += 256) {
        if (!result_page(result->result, at, 256, 0, &page, &err)) {
            break;
        }
        for (long long row = 0; row < page.rows; row++) {
            for (size_t i = 0; i < page.columns; i++) {
                const struct result_cell *cell = result_page_cell(&page, row, i);
                text_append_bytes(&all, cell->bytes, cell->length);
                text_append_char(&all, '\n');
            }
        }
    }
    look_at(tries, text_string(&all), all.length, seen);
    text_release(&all);
    result_page_release(&page);
}

static void run_one(struct tries *tries, const char *sql)
{
    struct error err = {0};
    struct workbench_query query = {.sql = sql, .timeout = 20, .aside = true};
    struct workbench_result *result = workbench_run(tries->workbench, &query, &err);
    bool seen = false;
    tries->count++;
    while (result != NULL && !result->is_over) {
        loop_step(tries->workbench->loop, 1);
    }
    look_at(tries, err.message, strlen(err.message), &seen);
    if (result != NULL) {
        look_at(tries, result->error.message, strlen(result->error.message), &seen);
        look_at(tries, text_string(&result->notes), result->notes.length, &seen);
        look_at_rows(tries, result, &seen);
        workbench_result_free(result);
    }
    tries->seen += seen ? 1 : 0;
    if (seen) {
        text_clear(&tries->last);
        text_append(&tries->last, sql);
    }
}

/* ---- Attempts ---- */

static char *fill(const char *attack, const struct value *value)
{
    struct text sql = {0};
    for (const char *c = attack; *c != '\0'; c++) {
        if (*c != '$' || strchr("TPNCcR", c[1]) == NULL || c[1] == '\0') {
            text_append_char(&sql, *c);
            continue;
        }
        c++;
        if (*c == 'T') {
            text_printf(&sql, "%s.%s", value->product, value->table);
        } else if (*c == 'C') {
            text_printf(&sql, "\"%s\"", value->column);
        } else {
            text_append(&sql, *c == 'P'   ? value->product
                              : *c == 'N' ? value->table
                              : *c == 'c' ? value->column
                                          : top);
        }
    }
    return text_take(&sql);
}

static void run_attacks(struct tries *tries)
{
    enum {
        COLUMN = sizeof column_attacks / sizeof column_attacks[0],
        TABLE = sizeof table_attacks / sizeof table_attacks[0],
    };
    static const size_t tables[] = {0, 6, 8}; /* a value of each product */
    const char *wanted = getenv("MASKED_ATTACKS");
    long all = COLUMN * VALUES + TABLE * 3, most = wanted != NULL ? atol(wanted) : 150;
    long step = most > 0 && most < all ? all / most : 1, number = 0;
    for (size_t i = 0; i < COLUMN * VALUES; i++, number++) {
        if (number % step == 0) {
            char *sql = fill(column_attacks[i / VALUES], &values[i % VALUES]);
            run_one(tries, sql);
            free(sql);
        }
    }
    for (size_t i = 0; i < (size_t)TABLE * 3; i++, number++) {
        if (number % step == 0) {
            char *sql = fill(table_attacks[i / 3], &values[tables[i % 3]]);
            run_one(tries, sql);
            free(sql);
        }
    }
}

/* ---- Verbs ---- */

/* What they say and write stands in files below the home. */
static const char *const verbs[] = {
    "get people visits vault --refresh",
    "show people",
    "show visits",
    "show vault",
    "products",
    "findings",
    "fetches",
    "access people",
    "access visits",
    "versions people",
    "raw people",
    "changes people",
    "column people people name",
    "column people people salary",
    "column visits visits mail",
    "column vault vault pin",
    "query 'SELECT * FROM people.people' --format json",
    "query 'SELECT * FROM visits.visits' --format markdown",
    "export 'SELECT * FROM people.people' --out $OUT/a.csv",
    "export 'SELECT * FROM people.people' --out $OUT/a.json",
    "export 'SELECT * FROM people.people' --out $OUT/a.jsonl",
    "export 'SELECT * FROM people.people' --out $OUT/a.md",
    "export 'SELECT * FROM people.people' --out $OUT/a.txt",
    "export 'SELECT * FROM visits.visits' --out $OUT/b.tsv",
    "export 'SELECT * FROM vault.vault' --out $OUT/v.csv",
    "chart bar 'SELECT name, id FROM people.people' --out $OUT/c.svg",
    "chart scatter 'SELECT id, length(ssn) AS n FROM people.people' --out $OUT/d.svg",
    "chart histogram 'SELECT pin FROM vault.vault'",
    "lint",
    "diff people",
    "saved",
};

static void run_verbs(const struct tries *tries)
{
    const char *program = getenv("MWB");
    ok(program != NULL, "MWB names the program whose verbs are run");
    for (size_t i = 0; program != NULL && i < sizeof verbs / sizeof verbs[0]; i++) {
        char *command = string_printf(
            "OUT=%s/out; export OUT; cd \"$OUT\" && ulimit -c unlimited 2>/dev/null; "
            "timeout 60 '%s' %s --mesh %s/mesh >verb-%zu.txt 2>&1 </dev/null",
            tries->home, program, verbs[i], top, i);
        if (system(command) == -1) { /* NOLINT: the words are ours */
            printf("# could not run %s\n", verbs[i]);
        }
        free(command);
    }
}

/* ---- One role ---- */

static char *enter_home(const struct role *role)
{
    static const char *const names[][2] = {{"XDG_CONFIG_HOME", "config"},
                                           {"XDG_DATA_HOME", "data"},
                                           {"XDG_CACHE_HOME", "cache"},
                                           {"XDG_RUNTIME_DIR", "run"},
                                           {"XDG_STATE_HOME", "state"},
                                           {"TMPDIR", "tmp"},
                                           {"OUT", "out"}};
    char *home = string_printf("%s/home-%s", top, role->name);
    struct error err = {0};
    setenv("HOME", home, 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *folder = path_join(home, names[i][1]);
        path_make_folders(folder, &err);
        setenv(names[i][0], folder, 1);
        free(folder);
    }
    char *config = string_printf("home-%s/config/mwb/config", role->name);
    char *line = string_printf("role = %s\n", role->name);
    write_text(config, line);
    free(line);
    free(config);
    return home;
}

static bool is_below_home(const struct tries *tries, size_t value, const char *when)
{
    struct text where = {0};
    long files = 0;
    bool found = canary_is_below(&canaries[value], tries->home, &where, &files);
    found |= canary_is_below(&canaries[value], "/dev/shm", &where, &files);
    if (found && is_forbidden(tries->role, value)) {
        printf("# %s, %s, %s: in\n# %s\n", tries->role->name, values[value].column, when,
               text_string(&where));
    }
    text_release(&where);
    return found;
}

static void check_home(const struct tries *tries, bool is_over)
{
    const char *when = is_over ? "afterwards" : "while it works";
    for (size_t i = 0; i < VALUES; i++) {
        if (is_forbidden(tries->role, i)) {
            ok(!is_below_home(tries, i, when), "%s, %s: no file holds a %s",
               tries->role->name, when, values[i].column);
        } else if (is_over) {
            ok(is_below_home(tries, i, when), "%s, %s: files hold a %s",
               tries->role->name, when, values[i].column);
        }
    }
}

static void check_seen(const struct tries *tries)
{
    if (tries->role != &roles[ROLES - 1]) {
        ok(tries->seen == 0, "%s: %ld attempts show nothing (%s)", tries->role->name,
           tries->count, text_string(&tries->last));
        return;
    }
    ok(tries->seen * 3 > tries->count, "%s: %ld of %ld attempts show something",
       tries->role->name, tries->seen, tries->count);
    for (size_t i = 0; i < VALUES; i++) {
        ok(tries->is_found[i], "%s: sees a %s", tries->role->name, values[i].column);
    }
}

static void try_role(const struct role *role)
{
    struct error err = {0};
    struct tries tries = {.role = role, .home = enter_home(role)};
    char *mesh = path_join(top, "mesh");
    struct workbench_spec spec = {.mesh = mesh, .with_state = true};
    tries.workbench = workbench_new(&spec, &err);
    bool good = tries.workbench != NULL && workbench_wait_catalog(tries.workbench, &err);
    if (ok(good && string_equal(tries.workbench->role, role->name), "%s acts: %s",
           role->name, err.message)) {
        run_attacks(&tries);
        check_home(&tries, false);
    }
    workbench_free(tries.workbench);
    check_seen(&tries);
    run_verbs(&tries);
    check_home(&tries, true);
    text_release(&tries.last);
    free(tries.home);
    free(mesh);
}

int main(void)
{
    const char *temporary = getenv("TMPDIR");
    top = string_printf("%s/mwb-masked-XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(top) == NULL) {
        perror(top);
        return 99;
    }
    for (size_t i = 0; i < VALUES; i++) {
        canary_init(&canaries[i], values[i].canary);
    }
    write_mesh_file();
    write_people();
    write_visits();
    write_vault();
    for (size_t i = 0; i < ROLES; i++) {
        try_role(&roles[i]);
    }
    for (size_t i = 0; i < VALUES; i++) {
        canary_release(&canaries[i]);
    }
    if (getenv("MASKED_KEEP") == NULL) {
        path_remove_tree(top, NULL);
    } else {
        printf("# kept: %s\n", top);
    }
    free(top);
    return tap_done();
}
