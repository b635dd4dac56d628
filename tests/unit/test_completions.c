/* test_completions: what Tab offers on a `:` line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "engine/command.h"
#include "engine/path.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/mwb-test-completions-XXXXXX";

struct line_case {
    const char *line, *want; /* the word's start and the first of what is offered */
    size_t most;
};

static const struct line_case of_any[] = {
    {"prod", "0: products", 1},
    {"hist", "0: history", 1},
    {"jrn", "0:", 1},
    {"\\d", "0: \\d", 1},
    {".sch", "0: .schema", 1},
    {"show ord", "5: checkout/orders", 1},
    {"show chec", "5: checkout/orders", 9},
    {"column checkout/orders ", "23: orders line_items", 2},
    {"column checkout/orders line_items quan", "34: quantity", 1},
    {"access checkout/orders.li", "7: checkout/orders.line_items", 1},
    {"access checkout/orders.orders.stat", "7: checkout/orders.orders.status", 1},
    {"products --stat", "9: --status", 1},
    {"products --domain checkout --format mark", "36: markdown", 1},
    {"query --format js", "15: json jsonl", 2},
    {"set layo", "4: layout", 1},
    {"set layout st", "11: stack", 1},
    {"set mouse ", "10: on off", 2},
    {"role stew", "5: steward", 1},
    {"tab re", "4: rename", 1},
    {"select * from orders.li", "21: line_items", 9},
    {"query SELECT * FROM orders.li", "27: line_items", 9},
    {"query \"SELECT * FROM orders.li", "28: line_items", 9},
    {"lint HOME/a", "5: HOME/alone.yaml", 9},
    {"lint HOME/with", "5: \"HOME/with blank/\"", 9},
    {"lint \"HOME/with blank/", "5: \"HOME/with blank/inner.yaml\"", 9},
    {"lint ~/.hid", "5: ~/.hidden", 9},
    {"nothing like ", "13:", 9},
};

/* Once rows are shown: id, region, sold_at and "net price". */
static const struct line_case of_shown[] = {
    {"sort re", "5: region", 9},
    {"sort region ", "12: id region sold_at \"net price\" desc", 5},
    {"frequency ", "10: id region sold_at \"net price\"", 4},
    {"frequency sold", "10: sold_at", 1},
    {"frequency sold_at:m", "10: sold_at:month", 1},
    {"pivot net", "6: \"net price\"", 1},
    {"pivot region,so", "6: region,sold_at", 1},
    {"pivot region sold_at:y", "13: sold_at:year", 1},
    {"pivot region sold_at me", "21: median", 1},
    {"pivot region sold_at sum i", "25: id", 1},
    {"totals region,sold_at:quarter a", "30: avg", 1},
    {"totals region avg id,ne", "18: \"id,net price\"", 1},
    {"filter ", "7: id region sold_at \"net price\"", 4},
    {"filter --column re", "16: region", 1},
    {"filter id re", "10:", 9},
    {"drill ", "6:", 1},
    {"chart bar --x so", "14: sold_at", 1},
};

/* HOME stands for the folder of the test. */
static char *with_home(const char *text, size_t *added)
{
    struct text out = {0};
    const char *at = strstr(text, "HOME");
    *added = at != NULL ? strlen(home) - 4 : 0;
    text_append_bytes(&out, text, at != NULL ? (size_t)(at - text) : strlen(text));
    text_append(&out, at != NULL ? home : "");
    text_append(&out, at != NULL ? at + 4 : "");
    return text_take(&out);
}

static void lines_are_completed(struct workbench *workbench, const struct line_case *rows,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct text got = {0};
        size_t start, added;
        char *line = with_home(rows[i].line, &added);
        char *want = with_home(rows[i].want, &added);
        struct array words = command_completions(workbench, line, &start);
        text_printf(&got, "%zu:", start);
        for (size_t k = 0; k < words.count && k < rows[i].most; k++) {
            const struct command_completion *word = array_at(&words, k);
            text_printf(&got, " %s", word->text);
        }
        is_text(text_string(&got), want, ":%s", rows[i].line);
        command_completions_release(&words);
        text_release(&got);
        free(want);
        free(line);
    }
}

static void show_rows(struct workbench *workbench)
{
    struct error err = {0};
    struct workbench_query query = {
        .sql = "SELECT 1 AS id, 'north' AS region, '2026-01-01' AS sold_at, 2.5 AS "
               "\"net price\""};
    ok(workbench_run(workbench, &query, &err) != NULL, "rows are shown %s", err.message);
    while (workbench_is_running(workbench)) {
        loop_step(workbench->loop, -1);
    }
}

static void write_empty(const char *name)
{
    struct error err = {0};
    char *path = path_join(home, name), *folder = path_folder(path);
    ok(path_make_folders(folder, &err) && path_write_file(path, "", 0, 0600, &err),
       "%s %s", name, err.message);
    free(folder);
    free(path);
}

int main(void)
{
    struct error err = {0};
    if (mkdtemp(home) == NULL) {
        printf("Bail out! no temporary folder\n");
        return EXIT_FAILURE;
    }
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("MWB_CACHE");
    write_empty("alone.yaml");
    write_empty("with blank/inner.yaml");
    write_empty(".hidden");
    char *samples = path_of_package("samples"), *mesh = path_join(samples, "mesh");
    struct workbench_spec spec = {.mesh = mesh};
    struct workbench *workbench = workbench_new(&spec, &err);
    ok(workbench != NULL && workbench_wait_catalog(workbench, &err), "the samples %s",
       err.message);
    lines_are_completed(workbench, of_any, sizeof of_any / sizeof *of_any);
    show_rows(workbench);
    lines_are_completed(workbench, of_shown, sizeof of_shown / sizeof *of_shown);
    workbench_free(workbench);
    free(mesh);
    free(samples);
    ok(path_remove_tree(home, &err), "cleaned up %s", err.message);
    return tap_done();
}
