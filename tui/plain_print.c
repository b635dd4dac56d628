/* plain_print: what a dialogue of lines prints: rows as a table or as records, a page at
 * a time, charts as sentences, everything made safe. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"
#include "tui/plain_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/export.h"
#include "engine/safetext.h"
#include "tui/batch.h"
#include "tui/batch_output.h"
#include "tui/batch_program.h"

enum { ROWS_AT_ONCE = 100 };

void print_line(const char *format, ...)
{
    struct text line = {0}, safe = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&line, format, args);
    va_end(args);
    safetext_append_lines(&safe, text_string(&line), line.length);
    printf("%s\n", text_string(&safe));
    fflush(stdout);
    text_release(&safe);
    text_release(&line);
}

void plain_complain(struct plain *plain, const struct error *err)
{
    plain->status = (int)err->kind;
    print_line("error: %s", err->message);
}

static bool take_bytes(void *to, const char *bytes, size_t length, struct error *err)
{
    (void)err;
    text_append_bytes(to, bytes, length);
    return true;
}

static bool write_page(struct plain *plain, struct result *result, enum shape shape,
                       struct export_outcome *outcome, struct text *page)
{
    struct error err = {0};
    struct export_spec spec = {
        .format = export_format_named(shape == SHAPE_RECORD ? "record" : "table"),
        .first_row = plain->next_row,
        .row_limit = ROWS_AT_ONCE,
        .width = output_width(),
        .unicode = false,
        .null_text = options_get(plain->workbench->options, "null_text"),
    };
    struct export_sink sink = {take_bytes, page};
    bool done = export_result(result, &spec, &sink, NULL, outcome, &err);
    if (!done) {
        plain_complain(plain, &err);
    }
    return done;
}

/* A table where all columns fit, else records. */
static void print_page(struct plain *plain, struct result *result)
{
    struct text page = {0};
    struct export_outcome outcome = {0};
    struct output output;
    struct error err = {0};
    bool done = write_page(plain, result, plain->shape, &outcome, &page);
    if (done && plain->shape == SHAPE_AUTO && outcome.hidden > 0) {
        text_clear(&page);
        done = write_page(plain, result, SHAPE_RECORD, &outcome, &page);
    }
    if (done) {
        output_begin(&output);
        output_rows(&output, text_string(&page), page.length);
        if (!output_end(&output, &err)) {
            plain_complain(plain, &err);
        }
        plain->next_row += outcome.rows;
        if (plain->next_row < result_count(result)) {
            print_line(":more prints the next rows, :export --out FILE writes them all");
        }
    }
    text_release(&page);
}

static void print_rows(struct plain *plain, struct result *result)
{
    const struct workbench_result *shown = plain->workbench->shown;
    plain->printed = shown != NULL ? shown->serial : 0;
    plain->next_row = 0;
    print_page(plain, result);
}

void plain_print_more(struct plain *plain)
{
    const struct workbench_result *shown = plain->workbench->shown;
    if (shown == NULL || shown->result == NULL || shown->serial != plain->printed ||
        plain->next_row >= result_count(shown->result)) {
        print_line("There are no more rows.");
    } else {
        print_page(plain, shown->result);
    }
}

/* From a view to the rows it was made from. */
void plain_go_back(struct plain *plain)
{
    struct workbench_result *shown = plain->workbench->shown;
    if (shown == NULL || shown->below == NULL) {
        print_line("There is nothing to go back to.");
        return;
    }
    workbench_back(plain->workbench);
    shown = plain->workbench->shown;
    if (shown != NULL && shown->result != NULL) {
        print_rows(plain, shown->result);
    }
}

static void print_chart(const struct chart *chart, const struct command_call *call)
{
    struct output output;
    struct error err = {0};
    if (command_flag_value(call, "--ascii") != NULL) {
        output_begin(&output);
        batch_print_chart(&output, chart, call);
        output_end(&output, &err);
        return;
    }
    print_line("%s", chart_summary(chart));
    for (size_t i = 0; i < chart_notes(chart); i++) {
        print_line("%s", chart_note(chart, i));
    }
    print_line("(--ascii draws it, --out FILE writes it)");
}

void plain_print_reply(struct plain *plain, const struct command_call *call)
{
    const struct command_reply *reply = command_reply(call);
    struct error err = {0};
    if (reply->text.length > 0) {
        const char *text = text_string(&reply->text);
        bool ends = text[reply->text.length - 1] == '\n';
        print_line("%.*s", (int)(reply->text.length - ends), text);
    }
    if (reply->result != NULL) {
        print_rows(plain, reply->result);
    }
    if (reply->chart != NULL && command_flag_value(call, "--out") == NULL) {
        print_chart(reply->chart, call);
    } else if (reply->message.length > 0) {
        print_line("%s", text_string(&reply->message));
    }
    if (reply->notes.length > 0) {
        bool ends = reply->notes.data[reply->notes.length - 1] == '\n';
        print_line("%.*s", (int)(reply->notes.length - ends), text_string(&reply->notes));
    }
    if (reply->program.count > 0 && !batch_run_program(reply->program.items, &err)) {
        plain_complain(plain, &err);
    }
}
