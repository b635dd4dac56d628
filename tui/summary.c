/* batch: the summary of a mesh as text, for `mwb` and `mwb demo` without a terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement.h"
#include "engine/command.h"
#include "engine/safetext.h"
#include "engine/sql.h"
#include "tui/batch.h"
#include "tui/batch_output.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 72, EXAMPLE_ROWS = 12 };

static void print_field(struct output *output, const char *string, int columns)
{
    struct text safe = {0};
    int width = safetext_append_cut(&safe, string, strlen(string), columns);
    output_printf(output, "%s%*s", text_string(&safe), columns - width, "");
    text_release(&safe);
}

static void print_products(struct output *output, const struct catalog *catalog)
{
    struct array entries = catalog_list(catalog, &(struct catalog_filter){0});
    const char *domain = NULL;
    for (size_t i = 0; i < entries.count; i++) {
        const struct catalog_entry *entry = array_at(&entries, i);
        if (!string_equal(domain, entry->domain)) {
            domain = entry->domain;
            output_printf(output, "\n");
            print_field(output, domain != NULL ? domain : "", 32);
            output_printf(output, "%s\n",
                          entry->domain_class != NULL ? entry->domain_class : "");
        }
        output_printf(output, "  ");
        print_field(output, entry->name, 34);
        print_field(output, entry->status != NULL ? entry->status : "", 12);
        output_printf(output, "%2d %s\n", entry->tables,
                      entry->tables == 1 ? "table" : "tables");
    }
    output_printf(output, "\n");
    catalog_entries_release(&entries);
}

/* ---- One example: a saved query over several products, with a chart ---- */

static bool crosses_products(const struct catalog_query *query)
{
    struct array schemas = sql_schemas(query->sql, strlen(query->sql));
    bool crosses = schemas.count > 1 && query->chart != NULL;
    sql_names_release(&schemas);
    return crosses;
}

static void set_flag(void *owner, struct command_call *call)
{
    (void)call;
    *(bool *)owner = true;
}

static struct command_call *run_line(struct workbench *workbench, const char *line,
                                     struct error *err)
{
    bool is_over = false;
    struct command_spec spec = {
        .workbench = workbench, .finished = set_flag, .owner = &is_over};
    struct command_call *call = command_start_line(&spec, line, err);
    while (call != NULL && !is_over) {
        loop_step(workbench->loop, -1);
    }
    if (call != NULL && command_reply(call)->error.kind != ERROR_NONE) {
        *err = command_reply(call)->error;
        command_free(call);
        return NULL;
    }
    return call;
}

/* "bar x=carrier y=days" -> "chart bar --x carrier --y days" */
static char *chart_line(const char *hint)
{
    struct text line = {0};
    text_append(&line, "chart");
    char *words = string_copy(hint);
    char *rest = words;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        char *sign = strchr(word, '=');
        if (sign != NULL) {
            *sign = '\0';
            text_printf(&line, " --%s '%s'", word, sign + 1);
        } else if (word[0] != '\0') {
            text_printf(&line, " %s", word);
        }
    }
    free(words);
    return text_take(&line);
}

static bool print_example(struct output *output, struct workbench *workbench,
                          const struct catalog_query *query, struct error *err)
{
    output_printf(output, "An example, the saved query %s: %s\n\n%s\n\n", query->name,
                  query->question != NULL ? query->question
                  : query->title != NULL  ? query->title
                                          : "",
                  query->sql);
    char *run = string_printf("saved '%s'", query->name);
    struct command_call *call = run_line(workbench, run, err);
    free(run);
    bool done = call != NULL &&
                batch_print_rows(output, command_reply(call)->result, EXAMPLE_ROWS, err);
    command_free(call);
    call = NULL;
    if (done) {
        char *line = chart_line(query->chart);
        call = run_line(workbench, line, err);
        free(line);
    }
    if (call == NULL) {
        return false;
    }
    output_printf(output, "\n");
    batch_print_chart(output, workbench->chart, NULL);
    command_free(call);
    return true;
}

static bool print_first_example(struct output *output, struct workbench *workbench,
                                struct error *err)
{
    struct array queries = catalog_queries(workbench->catalog);
    bool done = true;
    for (size_t i = 0; i < queries.count; i++) {
        const struct catalog_query *query = array_at(&queries, i);
        if (crosses_products(query)) {
            done = print_example(output, workbench, query, err);
            break;
        }
    }
    catalog_queries_release(&queries);
    return done;
}

static void print_head(struct output *output, const struct catalog *catalog,
                       const char *place)
{
    struct array entries = catalog_list(catalog, &(struct catalog_filter){0});
    const char *name = catalog_mesh_name(catalog);
    print_field(output, name, safetext_width_limited(name, strlen(name), NAME_MOST));
    output_printf(output, ": %zu data %s in %s\n", entries.count,
                  entries.count == 1 ? "product" : "products", place);
    catalog_entries_release(&entries);
}

static const char verbs_to_try[] =
    "  mwb products              list and search data products\n"
    "  mwb show PRODUCT          owner, schema and terms of one\n"
    "  mwb query \"SELECT ...\"    SQL over product.table\n"
    "  mwb saved                 the saved queries of the mesh\n"
    "  mwb help                  all verbs\n";

static void print_ways_on(struct output *output, const char *mesh)
{
    output_printf(output,
                  "\nHow to go on:\n"
                  "  mwb %s\n      in a terminal: the workbench on the full screen\n"
                  "  export MWB_MESH=%s\n      and then:\n",
                  mesh, mesh);
    output_text(output, verbs_to_try);
}

static void print_ways_on_with_stdin(struct output *output)
{
    output_text(output,
                "\nHow to go on:\n"
                "  mwb - < FILE\n      in a terminal: the workbench on the full screen\n"
                "  mwb query \"SELECT * FROM stdin.stdin\" --mesh - < FILE\n"
                "      SQL over these rows; --mesh - works with every verb\n"
                "  mwb help\n      all verbs\n");
}

static void print_reminders(struct output *output, const struct catalog *catalog)
{
    struct agreement_filter filter = {.due = true};
    struct array list = agreement_list(catalog, &filter);
    if (list.count > 0) {
        output_printf(
            output, "%zu %s for an answer or another look: mwb agreements --due\n\n",
            list.count, list.count == 1 ? "agreement waits" : "agreements wait");
    }
    agreements_release(&list);
}

bool batch_summary(struct output *output, struct workbench *workbench, bool with_example,
                   struct error *err)
{
    const struct catalog *catalog = workbench->catalog;
    const char *mesh = catalog_mesh_path(catalog);
    bool is_passing = workbench_is_passing(workbench, mesh);
    print_head(output, catalog, is_passing ? "standard input" : mesh);
    print_products(output, catalog);
    if (catalog_problem_count(catalog) > 0) {
        output_printf(output,
                      "%zu problems: mwb query \"SELECT * FROM mesh.problem\" --mesh "
                      "%s\n\n",
                      catalog_problem_count(catalog), is_passing ? "-" : mesh);
    }
    print_reminders(output, catalog);
    bool done = !with_example || print_first_example(output, workbench, err);
    if (is_passing) {
        print_ways_on_with_stdin(output);
    } else {
        print_ways_on(output, mesh);
    }
    return done;
}
