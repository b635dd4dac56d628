/* Unit tests of engine/variables.h, and of the paths that hold them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access.h"
#include "engine/variables.h"
#include "index_help.h"

static void resolved_is(const char *text, const char *want)
{
    struct error err = {0};
    char *got = variables_resolve(text, &err);
    is_text(got, want, "%s", text);
    if (want == NULL) {
        ok(strstr(err.message, "MWB_TEST_NONE") != NULL, "its sentence names it");
    }
    free(got);
}

static void texts_are_resolved(void)
{
    setenv("MWB_TEST_ONE", "1", 1);
    setenv("MWB_TEST_EMPTY", "", 1);
    unsetenv("MWB_TEST_NONE");
    resolved_is("", "");
    resolved_is("a ${MWB_TEST_ONE} b ${MWB_TEST_ONE}", "a 1 b 1");
    resolved_is("${MWB_TEST_NONE:-x/y}z", "x/yz");
    resolved_is("${MWB_TEST_EMPTY:-d}", "d");
    resolved_is("${MWB_TEST_NONE:-}", "");
    resolved_is("${MWB_TEST_NONE:-${MWB_TEST_ONE}}", "${MWB_TEST_ONE}");
    resolved_is("$MWB_TEST_ONE ${} ${1} ${env.user} ${MWB_TEST_ONE", "$MWB_TEST_ONE ${} "
                                                                     "${1} ${env.user} "
                                                                     "${MWB_TEST_ONE");
    resolved_is("a${MWB_TEST_NONE}", NULL);
    ok(variables_stand_in("x${A_1}") && !variables_stand_in("x${a b}"), "told apart");
}

static void put_contract(struct indexed *indexed, const char *path)
{
    char *text = string_printf(
        "apiVersion: v3.2.0\nkind: DataContract\nid: c\nname: c\nversion: 1.0.0\n"
        "domain: d\nservers:\n  - {server: s, type: local, format: csv, path: '%s'}\n"
        "schema:\n  - name: t\n    properties:\n      - {name: a, logicalType: string}\n",
        path);
    indexed_put(indexed, "c.odcs.yaml", text);
    indexed_put(indexed, "data/t.csv", "a\n1\n");
    free(text);
}

/* The files of the only table; gives the sentence when there are none. */
static char *sentence_of(struct indexed *indexed, size_t *count)
{
    struct error err = {0};
    struct catalog *catalog = catalog_open(indexed->index, &err);
    struct catalog_product product;
    struct array files = ARRAY_OF(struct access_file);
    if (catalog != NULL && catalog_product(catalog, "d/c", &product, &err)) {
        access_table_files(&product, array_at(&product.tables, 0), false, &files, &err);
        catalog_product_release(&product);
    }
    *count = files.count;
    access_files_release(&files);
    catalog_close(catalog);
    return string_copy(err.kind != ERROR_NONE ? err.message : NULL);
}

static void files_are(const char *path, size_t want, const char *word)
{
    struct indexed indexed;
    size_t count = 0;
    indexed_make(&indexed);
    put_contract(&indexed, path);
    if (ok(indexed_build(&indexed, NULL), "a contract at %s is read", path)) {
        char *rows =
            indexed_rows(&indexed, "SELECT location FROM server UNION ALL "
                                   "SELECT sentence FROM problem WHERE rule LIKE "
                                   "'%file%' OR rule LIKE '%path%'");
        is_text(rows, path, "kept as it is written, no file is missed");
        char *sentence = sentence_of(&indexed, &count);
        is_int((long long)count, (long long)want, "its files");
        ok(word == NULL ? sentence == NULL
                        : sentence != NULL && strstr(sentence, word) != NULL,
           "%s", sentence != NULL ? sentence : "no sentence");
        free(sentence);
        free(rows);
    }
    indexed_release(&indexed);
}

int main(void)
{
    texts_are_resolved();
    files_are("${MWB_TEST_NONE:-data}/{object}.csv", 1, NULL);
    files_are("${MWB_TEST_NONE}/t.csv", 0, "MWB_TEST_NONE");
    setenv("MWB_TEST_UP", "../..", 1);
    files_are("data/${MWB_TEST_UP}/t.csv", 0, "");
    return tap_done();
}
