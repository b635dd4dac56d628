/* export/markdown: a table as GitHub reads it (GitHub Flavored Markdown, tables).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"

#include <string.h>

static void append_text(struct text *out, const char *bytes, size_t length)
{
    text_append_char(out, ' ');
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '\n') {
            text_append(out, "<br>");
        } else if (c == '&') {
            text_append(out, "&amp;");
        } else if (c != '\r') {
            text_append(out, c != '\0' && strchr("|\\`*[<~", c) != NULL ? "\\" : "");
            text_append_char(out, c);
        }
    }
}

static void append_cell(struct text *out, const char *bytes, size_t length)
{
    append_text(out, bytes, length);
    text_append(out, " |");
}

static bool begin(struct export_run *run, struct error *err)
{
    struct result_page first = {0};
    /* The first page tells which columns are numbers. */
    bool done =
        result_page(run->result, 0, 100, 100, &first, err) || err->kind == ERROR_NONE;
    result_page_release(&first);
    text_append_char(&run->out, '|');
    for (size_t i = 0; i < run->columns; i++) {
        const char *name = result_column(run->result, i)->name;
        append_cell(&run->out, name, strlen(name));
    }
    text_append(&run->out, "\n|");
    for (size_t i = 0; i < run->columns; i++) {
        text_append(&run->out, result_column(run->result, i)->numeric ? "---:|" : "---|");
    }
    text_append_char(&run->out, '\n');
    return done;
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    text_append_char(&run->out, '|');
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL) {
            return false;
        }
        append_cell(&run->out, cell->bytes, cell->length);
    }
    text_append_char(&run->out, '\n');
    return true;
}

/* Facts below, as a list. */
static bool finish(struct export_run *run, struct error *err)
{
    struct array facts = export_facts(run);
    (void)err;
    for (size_t i = 0; i < facts.count; i++) {
        const struct provenance_fact *fact = array_at(&facts, i);
        text_printf(&run->out, "%s- %s:", i == 0 ? "\n" : "", fact->name);
        append_text(&run->out, fact->value, strlen(fact->value));
        text_append_char(&run->out, '\n');
    }
    provenance_facts_release(&facts);
    return true;
}

const struct export_writer export_markdown = {begin, write_row, finish, NULL};
