/* export/html: one page with the table, which needs no other file and runs nothing.
 * Source: WHATWG HTML, "The table element", "Named character references".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"

#include <string.h>

/* Bytes that HTML cannot hold (C0 but blanks) are shown as their pictures. */
static void append_escaped(struct text *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        const char *name = c == '&'   ? "&amp;"
                           : c == '<' ? "&lt;"
                           : c == '>' ? "&gt;"
                           : c == '"' ? "&quot;"
                                      : NULL;
        if (name != NULL) {
            text_append(out, name);
        } else if (c < ' ' && c != '\t' && c != '\n') {
            text_printf(out, "&#x%X;", 0x2400U + c);
        } else {
            text_append_char(out, (char)c);
        }
    }
}

static const char head[] =
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n<title>";
static const char style[] =
    "</title>\n<style>\n"
    "body { font-family: sans-serif; margin: 2em }\n"
    "table { border-collapse: collapse }\n"
    "th, td { border: 1px solid #999; padding: .2em .6em; text-align: left;\n"
    "  vertical-align: top; white-space: pre-wrap }\n"
    "td.n { text-align: right; font-variant-numeric: tabular-nums }\n"
    "td.null { color: #777; font-style: italic }\n"
    "dt { font-weight: bold }\ndd { margin: 0 0 .4em 1em; white-space: pre-wrap }\n"
    "</style>\n</head>\n<body>\n<table>\n<thead>\n<tr>";

static bool begin(struct export_run *run, struct error *err)
{
    const char *title = run->spec->table != NULL ? run->spec->table : "rows";
    (void)err;
    text_append(&run->out, head);
    append_escaped(&run->out, title, strlen(title));
    text_append(&run->out, style);
    for (size_t i = 0; i < run->columns; i++) {
        const char *name = result_column(run->result, i)->name;
        text_append(&run->out, "<th>");
        append_escaped(&run->out, name, strlen(name));
        text_append(&run->out, "</th>");
    }
    text_append(&run->out, "</tr>\n</thead>\n<tbody>\n");
    return true;
}

static void append_blob(struct text *out, const struct result_cell *cell)
{
    text_append(out, "<td>");
    export_append_sql(out, cell);
    text_append(out, "</td>");
}

static void append_cell(struct export_run *run, const struct result_cell *cell)
{
    if (cell->type == RESULT_NULL) {
        text_append(&run->out, "<td class=\"null\">NULL</td>");
    } else if (cell->type == RESULT_BLOB) {
        append_blob(&run->out, cell);
    } else {
        text_append(&run->out, cell->type == RESULT_TEXT ? "<td>" : "<td class=\"n\">");
        if (cell->type == RESULT_REAL) {
            export_append_real(&run->out, cell);
        } else {
            append_escaped(&run->out, cell->bytes, cell->length);
        }
        text_append(&run->out, "</td>");
    }
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    text_append(&run->out, "<tr>");
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL) {
            return false;
        }
        append_cell(run, cell);
    }
    text_append(&run->out, "</tr>\n");
    return true;
}

static bool finish(struct export_run *run, struct error *err)
{
    struct array facts = export_facts(run);
    (void)err;
    text_append(&run->out, "</tbody>\n</table>\n");
    for (size_t i = 0; i < facts.count; i++) {
        const struct provenance_fact *fact = array_at(&facts, i);
        text_append(&run->out, i == 0 ? "<h2>Where it comes from</h2>\n<dl>\n" : "");
        text_printf(&run->out, "<dt>%s</dt><dd>", fact->name);
        append_escaped(&run->out, fact->value, strlen(fact->value));
        text_append(&run->out, "</dd>\n");
    }
    text_append(&run->out, facts.count > 0 ? "</dl>\n" : "");
    text_append(&run->out, "</body>\n</html>\n");
    provenance_facts_release(&facts);
    return true;
}

const struct export_writer export_html = {begin, write_row, finish, NULL};
