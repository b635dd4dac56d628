/* command: verbs that look closer: findings, a descriptor as it is written, one column.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

enum { RAW_LARGEST = 64 << 20 };

static char *join_words(const struct command_call *call, size_t first)
{
    struct text words = {0};

    for (size_t i = first; i < call_count(call); i++) {
        text_printf(&words, "%s%s", i > first ? " " : "", call_word(call, i));
    }
    return text_take(&words);
}

/* ---- findings ---- */

static const char *const finding_columns[] = {"path",     "line", "column", "severity",
                                              "sentence", "rule", "fix"};
enum { FINDING_COLUMNS = sizeof finding_columns / sizeof *finding_columns };

static bool write_page(struct command_call *call, const struct catalog_finding_page *page,
                       struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, finding_columns, FINDING_COLUMNS, err);
    char *file;
    bool done;

    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < page->findings.count; i++) {
        const struct finding *one = array_at(&page->findings, i);
        rows_add(rows, "sllssss", one->path, (long long)one->line, (long long)one->column,
                 one->is_error ? "error" : "warning", one->sentence, one->rule, one->fix);
    }
    file = string_copy(rows_file(rows));
    done = rows_close(rows, err);
    call->rows = done ? rows_open(file, finding_columns, FINDING_COLUMNS, err) : NULL;
    free(file);
    return call->rows != NULL;
}

bool verb_findings(struct command_call *call, struct error *err)
{
    char *text = join_words(call, 0);
    struct catalog_finding_filter filter = {.text = text};
    struct catalog_finding_page page;
    bool done = true;

    if (call->spec.has_screen) {
        text_printf(&call->reply.action, "findings %s", text);
    } else {
        catalog_findings(call->workbench->catalog, &filter, &page);
        done = write_page(call, &page, err);
        call->reply.result = call->rows;
        call_message(call, "%zu findings, %zu of them errors", page.total, page.errors);
        catalog_finding_page_release(&page);
    }
    free(text);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- raw ---- */

/* FILE, or FILE:LINE where the file itself has no such name. */
static char *cut_line(const char *word, int *line)
{
    const char *colon = strrchr(word, ':');
    char *end;

    if (colon != NULL && colon[1] >= '1' && colon[1] <= '9') {
        long number = strtol(colon + 1, &end, 10);
        if (*end == '\0' && number < 1 << 30) {
            *line = (int)number;
            return string_copy_bytes(word, (size_t)(colon - word));
        }
    }
    return string_copy(word);
}

static char *find_place(const struct command_call *call, int *line, struct error *err)
{
    const struct catalog *catalog = call->workbench->catalog;
    struct catalog_entry entry;
    struct catalog_column_name name = {0, call_word(call, 1), call_word(call, 2)};
    char *path = NULL;

    if (!catalog_find(catalog, call_word(call, 0), &entry, err)) {
        if (call_count(call) > 1) {
            return NULL;
        }
        *err = (struct error){0};
        return cut_line(call_word(call, 0), line);
    }
    name.product = entry.row;
    if (!catalog_place(catalog, &name, &path, line)) {
        error_set(err, ERROR_FAILED, "no descriptor of this mesh describes %s%s%s",
                  entry.id, name.table != NULL ? " table " : "",
                  name.table != NULL ? name.table : "");
    }
    catalog_entry_release(&entry);
    return path;
}

bool verb_raw(struct command_call *call, struct error *err)
{
    struct catalog_file file = {0};
    int line = 1;
    char *path;
    bool done;

    if (call_word(call, 0) == NULL) {
        return error_set(err, ERROR_USAGE,
                         "raw needs a product or a file of the mesh: raw DOMAIN/NAME");
    }
    path = find_place(call, &line, err);
    done = path != NULL &&
           catalog_file_text(call->workbench->catalog, path, RAW_LARGEST, &file, err);
    if (done && call->spec.has_screen) {
        text_printf(&call->reply.action, "raw %d %s", line, path);
    } else if (done) {
        text_append_bytes(&call->reply.text, file.bytes, file.length);
    }
    catalog_file_release(&file);
    free(path);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- column ---- */

enum { LABEL_WIDTH = 16 };

static void describe_facts(const struct array *facts, struct text *out)
{
    const char *group = "column";

    for (size_t i = 0; i < facts->count; i++) {
        const struct catalog_fact *fact = array_at(facts, i);
        if (!string_equal(fact->group, group)) {
            group = fact->group;
            text_printf(out, "\n%s\n", group);
        }
        if (*fact->name != '\0') {
            text_printf(out, "  %-*s ", LABEL_WIDTH, fact->name);
        } else {
            text_append(out, "  ");
        }
        text_printf(out, "%s\n", fact->value);
    }
}

bool verb_column(struct command_call *call, struct error *err)
{
    const char *table = call_word(call, 1), *column = call_word(call, 2);
    struct array facts = ARRAY_OF(struct catalog_fact);
    struct catalog_entry entry = {0};
    bool done;

    if (column == NULL) {
        return error_set(err, ERROR_USAGE,
                         "column needs a product, a table and a column");
    }
    done = catalog_find(call->workbench->catalog, call_word(call, 0), &entry, err) &&
           workbench_column_facts(call->workbench, &entry, table, column, &facts, err);
    if (done && call->spec.has_screen) {
        text_printf(&call->reply.action, "column %s\n%s\n%s", entry.id, table, column);
    } else if (done) {
        text_printf(&call->reply.text, "%s.%s.%s\n", entry.schema, table, column);
        describe_facts(&facts, &call->reply.text);
    }
    catalog_entry_release(&entry);
    catalog_facts_free(&facts);
    if (done) {
        call_done(call);
    }
    return done;
}
