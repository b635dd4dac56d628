/* Unit tests of the lint rules across the files of a mesh, as catalog_build() keeps them:
 * each rule with what breaks it and what does not; circles of any length.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "engine/catalog.h"
#include "engine/lint.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "files.h"
#include "tap.h"

static char *home, *mesh, *index_file;

static void put(const char *path, const char *text)
{
    files_put(mesh, path, text);
}

#define PRODUCT(id, status)                                                              \
    "apiVersion: v1.0.0\nkind: DataProduct\nid: " id "\nname: " id                       \
    "\nversion: 1.0.0\nstatus: " status "\n"
#define CONTRACT(id, status)                                                             \
    "apiVersion: v3.1.0\nkind: DataContract\nid: " id "\nstatus: " status                \
    "\nversion: 1.0.0\n"
#define IN(id) "inputPorts: [{name: in, version: '1', contractId: " id "}]\n"
#define OUT(id) "outputPorts: [{name: out, version: '1', contractId: " id "}]\n"

static const struct {
    const char *path, *text;
} files[] = {
    {"mesh.yaml",
     "name: m\ndomains: [{name: sales, class: source}]\nteams: [{name: Team One}]\n"
     "roles: [{name: reader, classifications: [Open]},\n  {name: idle, "
     "classifications: [open]}]\ncosts: costs.csv\n"},
    {"costs.csv", "product,month,amount,currency\na,2026-08,1,EUR\nm/none,2026-08,1,"
                  "EUR\na,2026-08,2,EUR\na,2026-09,2,EUR\n"},
    {"usage/team.jsonl", "{\"day\":\"2026-09-01\",\"product\":\"sales/a\"}\n"
                         "{\"day\":\"2026-09-01\",\"product\":\"m/none\"}\n"},
    {"sales/a.odps.yaml",
     PRODUCT("a", "active") "domain: sales\nteam: {name: Team One}\n" IN("c-b")
         OUT("c-a")},
    {"sales/a.odcs.yaml",
     CONTRACT("c-a", "active") "schema: [{name: t, properties: [{name: x, id: xx}, "
                               "{name: y, relationships: [{to: "
                               "'b.odcs.yaml#/schema/u/properties/v'}, {to: "
                               "'b.odcs.yaml#/schema/u/properties/no'}, "
                               "{to: 'b.odcs.yaml#/schema/no/properties/v'}, {to: "
                               "'gone.odcs.yaml#/schema/u/properties/v'}, {to: "
                               "'a.odps.yaml#/schema/u/properties/v'}]}]}]\n"},
    /* a and b feed each other; b's contract is on its way out. */
    {"sales/b.odps.yaml",
     PRODUCT("b", "active") "domain: shop\nteam: {name: Nobody}\n" IN("c-a") OUT("c-b")},
    {"sales/b.odcs.yaml",
     CONTRACT("c-b", "deprecated") "schema: [{name: u, properties: [{name: v}]}]\n"},
    {"sales/self.odps.yaml", PRODUCT("self", "active") IN("c-s") OUT("c-s")},
    {"sales/s.odcs.yaml", CONTRACT("c-s", "active")},
    {"sales/lost.odps.yaml", PRODUCT("lost", "draft") IN("nowhere") OUT("nothing")},
    {"sales/thirsty.odps.yaml", PRODUCT("thirsty", "active") IN("c-own") OUT("c-t")},
    {"sales/t.odcs.yaml", CONTRACT("c-t", "active")},
    {"sales/own.odcs.yaml",
     CONTRACT("c-own", "active") "roles: [{role: Reader}, {role: boss}]\nschema: "
                                 "[{name: t, properties: [{name: x, classification: "
                                 "OPEN}, {name: y, classification: odd}]}]\n"},
    {"sales/unused.odcs.yaml", CONTRACT("c-unused", "active")},
    {"sales/twice.odcs.yaml", CONTRACT("c-t", "active")},
    {"twins/one.odps.yaml", PRODUCT("twin", "draft") OUT("c-1")},
    {"twins/two.odps.yaml", PRODUCT("twin", "draft") OUT("c-1")},
    {"twins/1.odcs.yaml",
     CONTRACT(
         "c-1",
         "active") "servers: [{server: s, type: local, path: gone.csv, format: csv}]\n"
                   "schema: [{name: gone}]\n"},
    {"agreements/x.yaml",
     "id: x\nprovider: {product: m/none}\nconsumer: {product: lost}\n"},
    {"agreements/y.yaml",
     "id: y\nprovider: {product: a, port: none}\nconsumer: {team: t}\n"},
    {"agreements/z.yaml",
     "id: z\nprovider: {product: a, port: out}\nconsumer: {team: t}\n"},
    {"queries/good.sql",
     "-- title: good\nWITH w AS (SELECT 1) SELECT * FROM a.t JOIN w JOIN mesh.product\n"},
    {"queries/bad.sql", "SELECT * FROM a.gone JOIN none.t\n"},
};

/* What must stand in `problem`: rule, file, a word; nothing else of the stage may. */
static const struct {
    const char *rule, *path, *word;
    bool is_error;
    int line;
} wanted[] = {
    {"agreement", "agreements/x.yaml", "m/none", false, 1},
    {"agreement", "agreements/y.yaml", "the port none", false, 1},
    {"cost", "costs.csv", "product m/none", false, 3},
    {"cost", "costs.csv", "costs of a in 2026-08 are told twice", false, 4},
    {"cycle", "sales/a.odps.yaml", "2 products", true, 1},
    {"cycle", "sales/b.odps.yaml", "2 products", true, 1},
    {"duplicate", "sales/t.odcs.yaml", "sales/twice.odcs.yaml", true, 1},
    {"duplicate", "sales/twice.odcs.yaml", "sales/t.odcs.yaml", true, 1},
    {"duplicate", "twins/one.odps.yaml", "twins/two.odps.yaml", true, 1},
    {"duplicate", "twins/two.odps.yaml", "twins/one.odps.yaml", true, 1},
    {"duplicate-product", "twins/two.odps.yaml", "twin", false, 1},
    {"missing-file", "twins/1.odcs.yaml", "gone.csv", false, 6},
    {"missing-file", "twins/1.odcs.yaml", "gone.csv", false, 6},
    {"reference", "sales/a.odcs.yaml", "has no column no", true, 6},
    {"reference", "sales/a.odcs.yaml", "has no object no", true, 6},
    {"reference", "sales/a.odcs.yaml", "sales/gone.odcs.yaml is not there", true, 6},
    {"reference", "sales/a.odcs.yaml", "no data contract", true, 6},
    {"role", "mesh.yaml", "names the role idle", false, 5},
    {"role", "sales/own.odcs.yaml", "names the role boss", false, 6},
    {"saved-query", "queries/bad.sql", "no table gone", false, 1},
    {"saved-query", "queries/bad.sql", "no product none", false, 1},
    {"self-feeding", "sales/self.odps.yaml", "c-s", true, 7},
    {"undelivered-contract", "sales/thirsty.odps.yaml", "c-own", false, 7},
    {"unknown-contract", "sales/lost.odps.yaml", "delivers under the contract nothing",
     false, 8},
    {"unknown-contract", "sales/lost.odps.yaml", "reads under the contract nowhere",
     false, 7},
    {"unknown-domain", "sales/b.odps.yaml", "shop", false, 1},
    {"unknown-team", "sales/b.odps.yaml", "Nobody", false, 1},
    {"unread-classification", "sales/own.odcs.yaml", "classified odd", false, 7},
    {"unused-contract", "sales/unused.odcs.yaml", "c-unused", false, 1},
    {"use", "usage/team.jsonl", "product m/none", false, 2},
    {"withdrawn-input", "sales/a.odps.yaml", "deprecated", false, 9},
};

static long long count_of(sqlite3 *db, size_t i)
{
    return store_number(db, -1,
                        "SELECT count(*) FROM problem WHERE stage='mesh' AND rule=?1 AND "
                        "path=?2 AND instr(sentence,?3)>0 AND severity=?4 AND line=?5",
                        "ssssi", wanted[i].rule, wanted[i].path, wanted[i].word,
                        wanted[i].is_error ? "error" : "warning", wanted[i].line);
}

static void say(sqlite3 *db)
{
    sqlite3_stmt *rows = store_prepare(
        db,
        "SELECT path||':'||line||': '||severity||': '||sentence||' ['||rule||']' FROM "
        "problem WHERE stage='mesh' ORDER BY rule,path,line",
        NULL);
    while (rows != NULL && store_step(rows, NULL) == STORE_ROW) {
        printf("# %s\n", store_text(rows, 0));
    }
    store_finish(rows);
}

static sqlite3 *build(void)
{
    struct error err = {0};
    if (!ok(catalog_build(mesh, index_file, NULL, &err), "the mesh is read%s",
            err.message)) {
        return NULL;
    }
    return store_open(index_file, STORE_READ, &err);
}

static void rules_find_what_is_wrong(void)
{
    size_t count, found = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        put(files[i].path, files[i].text);
    }
    sqlite3 *db = build();
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        ok(count_of(db, i) >= 1, "%s: %s", wanted[i].rule, wanted[i].word);
        found++;
    }
    bool whole = store_number(db, 0, "SELECT count(*) FROM problem WHERE stage='mesh'",
                              "") == (long long)found;
    if (!ok(whole, "and nothing else")) {
        say(db);
    }
    const struct lint_rule *rules = lint_rules(&count);
    for (size_t i = 0; i < count; i++) {
        bool tried = rules[i].stage != LINT_MESH;
        for (size_t k = 0; k < sizeof wanted / sizeof *wanted && !tried; k++) {
            tried = string_equal(rules[i].name, wanted[k].rule);
        }
        if (!tried) {
            ok(false, "the rule %s was tried", rules[i].name);
        }
    }
    store_close(db);
    path_remove_tree(mesh, NULL);
}

/* A circle through many products, and as many that hang on it. */
static void long_circles_are_found(void)
{
    enum { LENGTH = 1500 };
    char path[64];
    for (int i = 0; i < LENGTH * 2; i++) {
        int from = i < LENGTH ? (i + LENGTH - 1) % LENGTH : i - 1;
        char *text = string_printf(
            "apiVersion: v1.0.0\nkind: DataProduct\nid: p%d\nname: p%d\nstatus: active\n"
            "inputPorts: [{name: in, version: '1', contractId: c%d}]\n"
            "outputPorts: [{name: out, version: '1', contractId: c%d}]\n",
            i, i, from, i);
        snprintf(path, sizeof path, "d/p%d.odps.yaml", i);
        put(path, text);
        free(text);
    }
    sqlite3 *db = build();
    is_int(store_number(db, 0,
                        "SELECT count(*) FROM problem WHERE rule='cycle' AND "
                        "instr(sentence,'1500 products')>0",
                        ""),
           LENGTH, "all of the circle, and none of those that only hang on it");
    is_int(store_number(db, 0, "SELECT count(*) FROM problem WHERE rule='cycle'", ""),
           LENGTH, "told once each");
    store_close(db);
    path_remove_tree(mesh, NULL);
}

int main(void)
{
    char template[] = "/tmp/mwb-test-lint-links-XXXXXX";
    home = mkdtemp(template);
    mesh = path_join(home, "mesh");
    index_file = path_join(home, "index.db");
    rules_find_what_is_wrong();
    long_circles_are_found();
    path_remove_tree(home, NULL);
    free(mesh);
    free(index_file);
    return tap_done();
}
