/* batch: the summary of a mesh as text, for `mwb` and `mwb demo` without a terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command.h"
#include "engine/safetext.h"
#include "engine/sql.h"
#include "tui/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_safe(const char *string, int columns)
{
    struct text safe = {0};
    int width = safetext_append_cut(&safe, string, strlen(string), columns);
    printf("%s%*s", text_string(&safe), columns - width, "");
    text_release(&safe);
}

static void print_products(const struct catalog *catalog)
{
    struct array entries = catalog_list(catalog, &(struct catalog_filter){0});
    const char *domain = NULL;
    for (size_t i = 0; i < entries.count; i++) {
        const struct catalog_entry *entry = array_at(&entries, i);
        if (!string_equal(domain, entry->domain)) {
            domain = entry->domain;
            printf("\n");
            print_safe(domain != NULL ? domain : "", 32);
            printf("%s\n", entry->domain_class != NULL ? entry->domain_class : "");
        }
        printf("  ");
        print_safe(entry->name, 34);
        print_safe(entry->status != NULL ? entry->status : "", 12);
        printf("%2d %s\n", entry->tables, entry->tables == 1 ? "table" : "tables");
    }
    printf("\n");
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

static int print_example(struct workbench *workbench, const struct catalog_query *query)
{
    struct error err = {0};
    printf("An example, the saved query %s: %s\n\n%s\n\n", query->name,
           query->question != NULL ? query->question
           : query->title != NULL  ? query->title
                                   : "",
           query->sql);
    char *run = string_printf("saved '%s'", query->name);
    struct command_call *call = run_line(workbench, run, &err);
    free(run);
    if (call != NULL) {
        batch_print_rows(command_reply(call)->result, 12);
        command_free(call);
        char *line = chart_line(query->chart);
        call = run_line(workbench, line, &err);
        free(line);
    }
    if (call == NULL) {
        batch_complain(&err);
        return err.kind;
    }
    printf("\n");
    batch_print_chart(workbench->chart, NULL);
    command_free(call);
    return ERROR_NONE;
}

static int print_first_example(struct workbench *workbench)
{
    struct array queries = catalog_queries(workbench->catalog);
    int status = ERROR_NONE;
    for (size_t i = 0; i < queries.count; i++) {
        const struct catalog_query *query = array_at(&queries, i);
        if (crosses_products(query)) {
            status = print_example(workbench, query);
            break;
        }
    }
    catalog_queries_release(&queries);
    return status;
}

int batch_summary(struct workbench *workbench, bool with_example)
{
    const struct catalog *catalog = workbench->catalog;
    struct array entries = catalog_list(catalog, &(struct catalog_filter){0});
    const char *name = catalog_mesh_name(catalog);
    print_safe(name, safetext_width_limited(name, strlen(name), 72));
    printf(": %zu data %s in %s\n", entries.count,
           entries.count == 1 ? "product" : "products", catalog_mesh_path(catalog));
    catalog_entries_release(&entries);
    print_products(catalog);
    if (catalog_problem_count(catalog) > 0) {
        printf("%zu problems: mwb query \"SELECT * FROM mesh.problem\" --mesh %s\n\n",
               catalog_problem_count(catalog), catalog_mesh_path(catalog));
    }
    int status = with_example ? print_first_example(workbench) : ERROR_NONE;
    printf("\nHow to go on:\n"
           "  mwb %s\n      in a terminal: the workbench on the full screen\n"
           "  export MWB_MESH=%s\n      and then:\n"
           "  mwb products              list and search data products\n"
           "  mwb show PRODUCT          owner, schema and terms of one\n"
           "  mwb query \"SELECT ...\"    SQL over product.table\n"
           "  mwb saved                 the saved queries of the mesh\n"
           "  mwb help                  all verbs\n",
           catalog_mesh_path(catalog), catalog_mesh_path(catalog));
    return status;
}
