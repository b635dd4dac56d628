/* command: verbs about the catalog: products, show, lint, open, refresh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

/* ---- products ---- */

static bool list_products(struct command_call *call, const struct array *entries,
                          struct error *err)
{
    static const char *const columns[] = {"product",   "name",   "domain",  "class",
                                          "status",    "owner",  "version", "tables",
                                          "freshness", "quality"};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < entries->count; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        const char *freshness = catalog_freshness(call->workbench->catalog, entry->row);
        rows_add(rows, "sssssssls", entry->id, entry->name, entry->domain,
                 entry->domain_class, entry->status, entry->owner, entry->version,
                 (long long)entry->tables, freshness);
    }
    char *file = string_copy(rows_file(rows));
    bool done = rows_close(rows, err);
    call->rows = done ? rows_open(file, columns, COLUMNS, err) : NULL;
    free(file);
    return call->rows != NULL;
}

static void tell_problems(struct command_call *call)
{
    size_t problems = catalog_problem_count(call->workbench->catalog);
    if (problems > 0) {
        call_message(
            call, "%zu %s of this mesh %s reported: SELECT * FROM mesh.problem, or lint",
            problems, problems == 1 ? "problem" : "problems",
            problems == 1 ? "is" : "are");
    }
}

/* On the screen the catalog shows them all; a selection is a page of its own. */
static void describe_products(struct command_call *call, const struct array *entries)
{
    struct text *out = &call->reply.text;
    for (size_t i = 0; i < entries->count; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        text_printf(out, "%-44s %-10s %s%s%s\n", entry->id,
                    entry->status != NULL ? entry->status : "",
                    entry->owner != NULL ? entry->owner : "",
                    entry->why != NULL && entry->why[0] != '\0' ? "  matched by " : "",
                    entry->why != NULL ? entry->why : "");
    }
    if (entries->count == 0) {
        text_append(out, "No product matches.\n");
    }
    call->reply.text_title = "Products";
    call->reply.view = "text";
}

bool verb_products(struct command_call *call, struct error *err)
{
    struct text words = {0};
    for (size_t i = 0; i < call_count(call); i++) {
        text_printf(&words, "%s%s", i > 0 ? " " : "", call_word(call, i));
    }
    struct catalog_filter filter = {
        .text = words.length > 0 ? text_string(&words) : NULL,
        .domain = command_flag_value(call, "--domain"),
        .status = command_flag_value(call, "--status"),
        .tag = command_flag_value(call, "--tag"),
        .domain_class = command_flag_value(call, "--class"),
    };
    struct array entries = catalog_list(call->workbench->catalog, &filter);
    bool done = list_products(call, &entries, err);
    if (done) {
        tell_problems(call);
        call->reply.result = call->rows;
        call->reply.view = "catalog";
        if (call->spec.has_screen && (call_count(call) > 0 || call->values.count > 0)) {
            describe_products(call, &entries);
        }
        call_done(call);
    }
    catalog_entries_release(&entries);
    text_release(&words);
    return done;
}

/* ---- show ---- */

bool verb_show(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    const char *name =
        call_word(call, 0) != NULL ? call_word(call, 0) : workbench->product;
    struct catalog_product product;
    if (name == NULL) {
        return error_set(err, ERROR_USAGE, "show needs a product: show DOMAIN/NAME");
    }
    if (!catalog_product(workbench->catalog, name, &product, err)) {
        return false;
    }
    free(workbench->product);
    workbench->product = string_copy(product.entry.id);
    if (string_equal(command_flag_value(call, "--format"), "json")) {
        card_json(workbench, &product, &call->reply.text);
    } else if (!call->spec.has_screen) {
        card_text(workbench, &product, &call->reply.text);
    }
    catalog_product_release(&product);
    call->reply.view = "card";
    workbench_changed(workbench, WORKBENCH_PRODUCT);
    call_done(call);
    return true;
}

/* ---- lint: in a child, for descriptors are hostile ---- */

static const char *const lint_columns[] = {"path",     "line",     "column",
                                           "severity", "sentence", "rule"};
enum { LINT_COLUMNS = sizeof lint_columns / sizeof *lint_columns };

struct lint_work {
    const char *const *paths;
    size_t count;
    bool schema_only;
    char *file; /* of the rows, ours */
    long long errors, warnings;
};

struct lint_counts {
    long long errors, warnings;
};

static void write_findings(struct rows *rows, const struct array *problems,
                           struct lint_counts *counts)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct catalog_problem *problem = array_at(problems, i);
        counts->errors += problem->is_error;
        counts->warnings += !problem->is_error;
        rows_add(rows, "sllsss", problem->path, (long long)problem->line,
                 (long long)problem->column, problem->is_error ? "error" : "warning",
                 problem->sentence, problem->rule);
    }
}

static bool lint_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct lint_work *work = argument;
    struct array problems = ARRAY_OF(struct catalog_problem);
    struct lint_counts counts = {0};
    char *folder = path_folder(work->file);
    bool done = catalog_lint(work->paths, work->count, work->schema_only, &problems, err);
    struct rows *rows = done ? rows_new(folder, lint_columns, LINT_COLUMNS, err) : NULL;
    if (rows != NULL) {
        write_findings(rows, &problems, &counts);
        job_tell(port, 1, rows_file(rows), strlen(rows_file(rows)));
        done = rows_close(rows, err);
        job_tell(port, 0, &counts, sizeof counts);
    }
    catalog_problems_release(&problems);
    free(folder);
    return done && rows != NULL;
}

static void on_findings(void *owner, struct job *job, int type, const void *bytes,
                        size_t length)
{
    (void)job;
    struct command_call *call = owner;
    struct lint_work *work = call->own;
    if (type == 1) {
        free(work->file);
        work->file = string_copy_bytes(bytes, length);
    } else if (length == sizeof(struct lint_counts)) {
        struct lint_counts counts;
        memcpy(&counts, bytes, sizeof counts);
        work->errors = counts.errors;
        work->warnings = counts.warnings;
    }
}

/* file:line:column: error: sentence [rule] */
static bool print_findings(struct command_call *call, struct error *err)
{
    struct result_page page = {0};
    long long count = result_count(call->rows);
    bool read = true;
    for (long long first = 0; read && first < count; first += page.rows) {
        read = result_page(call->rows, first, 256, 4096, &page, err);
        for (long long i = 0; read && i < page.rows; i++) {
            const struct result_cell *cells = &page.cells[i * LINT_COLUMNS];
            text_append_bytes(&call->reply.text, cells[0].bytes, cells[0].length);
            text_printf(&call->reply.text, ":%.*s:%.*s: %.*s: ", (int)cells[1].length,
                        cells[1].bytes, (int)cells[2].length, cells[2].bytes,
                        (int)cells[3].length, cells[3].bytes);
            text_append_bytes(&call->reply.text, cells[4].bytes, cells[4].length);
            text_printf(&call->reply.text, " [%.*s]\n", (int)cells[5].length,
                        cells[5].bytes);
        }
    }
    result_page_release(&page);
    return read;
}

static void on_linted(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct lint_work *work = call->own;
    struct error err = *job_error(job);
    call->job = NULL;
    if (job_state(job) == JOB_DONE) {
        call->rows = rows_open(work->file, lint_columns, LINT_COLUMNS, &err);
    }
    bool as_rows = command_flag_value(call, "--format") != NULL;
    if (call->rows == NULL || (!as_rows && !print_findings(call, &err))) {
        call_fail(call, &err);
        return;
    }
    call->reply.result = as_rows ? call->rows : NULL;
    call->reply.text_title = "Findings";
    call->reply.view = call->reply.text.length > 0 ? "text" : NULL;
    call_message(call, "%lld %s, %lld %s", work->errors,
                 work->errors == 1 ? "error" : "errors", work->warnings,
                 work->warnings == 1 ? "warning" : "warnings");
    if (work->errors > 0) {
        error_set(&call->reply.error, ERROR_VERDICT, "%s",
                  text_string(&call->reply.message));
    }
    call_done(call);
}

static void free_lint(void *own)
{
    struct lint_work *work = own;
    free(work->file);
    free(work);
}

bool verb_lint(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    if (call_count(call) == 0 && workbench->mesh != NULL) {
        *(char **)array_push(&call->words) = string_copy(workbench->mesh);
    }
    if (call_count(call) == 0) {
        return error_set(err, ERROR_USAGE, "lint needs a file or a folder");
    }
    struct lint_work *work = memory_new(sizeof *work);
    work->paths = call->words.items;
    work->count = call_count(call);
    work->schema_only = call_has_flag(call, "--schema-only");
    work->file = string_printf("%s/rows", workbench->spool_folder);
    call->own = work;
    call->free_own = free_lint;
    struct job_spec spec = {
        .title = "lint",
        .run = lint_in_child,
        .argument = work,
        .received = on_findings,
        .finished = on_linted,
        .owner = call,
    };
    call->job = jobs_start(workbench->jobs, &spec, err);
    return call->job != NULL;
}

/* ---- open, refresh ---- */

bool verb_open(struct command_call *call, struct error *err)
{
    const char *mesh = call_word(call, 0);
    if (mesh == NULL) {
        return error_set(err, ERROR_USAGE, "open needs a folder or a file: open MESH");
    }
    if (!workbench_open_mesh(call->workbench, mesh, err)) {
        return false;
    }
    call_message(call, "opened %s", call->workbench->mesh);
    call->reply.view = "catalog";
    call_done(call);
    return true;
}

bool verb_refresh(struct command_call *call, struct error *err)
{
    if (call->workbench->mesh == NULL) {
        return error_set(err, ERROR_USAGE, "refresh needs an open mesh");
    }
    if (!workbench_read_catalog(call->workbench, err)) {
        return false;
    }
    call_message(call, "reading %s again", call->workbench->mesh);
    call_done(call);
    return true;
}
