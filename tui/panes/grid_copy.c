/* grid_copy: cells to the clipboard, as they are: the true bytes, never what the screen
 * shows instead of some.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export.h"
#include "tui/panes/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than any terminal takes: enough to say how much it would have been. */
enum { BYTES_MOST = 16 << 20 };

/* ---- Formats: what stands before, between and behind cells and rows ---- */

static void cell_as_text(struct text *out, const struct result_cell *cell)
{
    text_append_bytes(out, cell->bytes, cell->length);
}

/* RFC 4180; the empty text as "", for NULL is nothing. */
static void cell_as_csv(struct text *out, const struct result_cell *cell)
{
    bool is_plain = cell->type == RESULT_NULL || cell->length > 0;
    for (size_t i = 0; is_plain && i < cell->length; i++) {
        is_plain = strchr(",\"\r\n", cell->bytes[i]) == NULL || cell->bytes[i] == '\0';
    }
    if (is_plain) {
        cell_as_text(out, cell);
        return;
    }
    text_append_char(out, '"');
    for (size_t i = 0; i < cell->length; i++) {
        text_append(out, cell->bytes[i] == '"' ? "\"" : "");
        text_append_char(out, cell->bytes[i]);
    }
    text_append_char(out, '"');
}

static void cell_as_markdown(struct text *out, const struct result_cell *cell)
{
    for (size_t i = 0; i < cell->length; i++) {
        char c = cell->bytes[i];
        if (c == '\n' || c == '\r') {
            text_append(out, c == '\n' ? "<br>" : "");
        } else {
            text_append(out, c == '|' || c == '\\' ? "\\" : "");
            text_append_char(out, c);
        }
    }
}

struct format {
    const char *name, *sentence;
    bool has_header;
    const char *row, *between, *row_end, *next_row; /* around cells and between rows */
    const char *start, *end;
    void (*cell)(struct text *out, const struct result_cell *cell);
};

static const struct format formats[] = {
    {"text", "cells with tabs between", false, "", "\t", "", "\n", "", "", cell_as_text},
    {"csv", "with a header", true, "", ",", "\n", "", "", "", cell_as_csv},
    {"markdown", "a table", true, "| ", " | ", " |\n", "", "", "", cell_as_markdown},
    {"sql", "VALUES of SQL", false, "(", ", ", ")", ",\n", "VALUES\n", "\n",
     export_append_sql},
};

/* The nearest by its first letters: "m" is markdown. */
static const struct format *format_named(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (name[0] != '\0' && string_starts(formats[i].name, name)) {
            return &formats[i];
        }
    }
    return NULL;
}

static const char *format_names(struct text *names)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        text_printf(names, "%s%s", i > 0 ? ", " : "", formats[i].name);
    }
    return text_string(names);
}

/* ---- What is copied ---- */

struct selection {
    const struct format *format;
    bool by_marks; /* rows are places among the marks */
    struct grid_block cells;
};

static void append_header(struct grid *grid, const struct selection *what,
                          struct text *out)
{
    const struct format *format = what->format;
    const struct grid_block *cells = &what->cells;
    text_append(out, format->row);
    for (size_t i = cells->from_column; i <= cells->to_column; i++) {
        size_t index = grid_columns_at(&grid->columns, i)->index;
        const char *name = result_column(grid->result, index)->name;
        const struct result_cell cell = {
            .type = RESULT_TEXT, .bytes = name, .length = strlen(name)};
        text_append(out, i > cells->from_column ? format->between : "");
        format->cell(out, &cell);
    }
    text_append(out, format->row_end);
    if (string_equal(format->name, "markdown")) {
        text_append(out, "|");
        for (size_t i = cells->from_column; i <= cells->to_column; i++) {
            text_append(out, " --- |");
        }
        text_append(out, "\n");
    }
}

static void append_row(struct grid *grid, const struct selection *what,
                       const struct result_page *page, struct text *out)
{
    const struct format *format = what->format;
    text_append(out, format->row);
    for (size_t i = what->cells.from_column; i <= what->cells.to_column; i++) {
        size_t index = grid_columns_at(&grid->columns, i)->index;
        text_append(out, i > what->cells.from_column ? format->between : "");
        format->cell(out, result_page_cell(page, 0, index));
    }
    text_append(out, format->row_end);
}

static bool append_rows(struct grid *grid, const struct selection *what, struct text *out,
                        struct error *err)
{
    struct result_page page = {0};
    bool done = true;
    text_append(out, what->format->start);
    for (long long i = what->cells.from_row; done && i <= what->cells.to_row; i++) {
        const long long *mark = what->by_marks ? array_at(&grid->marks, (size_t)i) : NULL;
        done = result_page(grid->result, mark != NULL ? *mark : i, 1, 0, &page, err);
        if (done && page.rows == 1) {
            text_append(out, i > what->cells.from_row ? what->format->next_row : "");
            append_row(grid, what, &page, out);
        }
        if (done && out->length > BYTES_MOST) {
            done = error_set(err, ERROR_FAILED,
                             "that is more than a clipboard takes; export writes a file");
        }
    }
    text_append(out, what->format->end);
    result_page_release(&page);
    return done;
}

/* "rows csv": which cells and how; the cell under the cursor when nothing is said. */
static bool read_selection(struct grid *grid, const char *asked, struct selection *what,
                           struct error *err)
{
    char *words = string_copy(asked), *rest = words;
    size_t last = grid_columns_shown(&grid->columns) - 1;
    *what = (struct selection){.format = &formats[0],
                               .cells = {.from_row = grid->row,
                                         .to_row = grid->row,
                                         .from_column = grid->column,
                                         .to_column = grid->column}};
    bool has_block = grid->block.is_set, has_rows = grid->marks.count > 0;
    bool wants_marked = true;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        bool is_row = string_equal(word, "row");
        if (is_row || string_equal(word, "cell")) {
            wants_marked = has_block = has_rows = false;
            what->cells.from_column = is_row ? 0 : grid->column;
            what->cells.to_column = is_row ? last : grid->column;
        } else if (string_equal(word, "rows") || string_equal(word, "block")) {
            has_block = has_block && string_equal(word, "block");
            has_rows = has_rows && string_equal(word, "rows");
        } else if (word[0] != '\0') {
            what->format = format_named(word);
        }
        if (what->format == NULL) {
            struct text names = {0};
            error_set(err, ERROR_USAGE, "cells are not copied as \"%s\" but as %s", word,
                      format_names(&names));
            text_release(&names);
            free(words);
            return false;
        }
    }
    free(words);
    if (wants_marked && has_block) {
        what->cells = grid_block_of(grid);
    } else if (wants_marked && has_rows) {
        what->by_marks = true;
        what->cells = (struct grid_block){.to_row = (long long)grid->marks.count - 1,
                                          .to_column = last};
    }
    return true;
}

/* ---- May it leave? ---- */

static void copy_with_purpose(struct pane *pane, const char *purpose)
{
    struct grid *grid = pane->state;
    if (purpose != NULL && purpose[0] != '\0' && grid_sync(grid)) {
        char *what = string_copy(grid->copy_asked);
        screen_run_words(pane->screen, "purpose", purpose, (const char *)NULL);
        grid_copy(grid, what);
        free(what);
    }
}

/* Rows that are shown may still not leave, or only for a purpose. */
static bool may_copy(struct grid *grid, const char *what)
{
    const struct workbench_leaving leaving = {.way = "copy"};
    struct error err = {0};
    bool wants_purpose = false;
    if (workbench_may_leave(grid->pane->workbench, grid->source, &leaving, &wants_purpose,
                            &err)) {
        return true;
    }
    if (wants_purpose) {
        free(grid->copy_asked);
        grid->copy_asked = string_copy(what);
        screen_ask(grid->pane->screen, "What is it copied for? ", "", copy_with_purpose,
                   grid->pane);
    } else {
        screen_message(grid->pane->screen, ROLE_ERROR, "%s", err.message);
    }
    return false;
}

void grid_copy(struct grid *grid, const char *what)
{
    struct text copy = {0};
    struct error err = {0};
    struct selection selection;
    if (grid_rows(grid) == 0) {
        screen_message(grid->pane->screen, ROLE_DIM, "there is nothing to copy");
        return;
    }
    bool done = read_selection(grid, what, &selection, &err);
    if (done && !may_copy(grid, what)) {
        return;
    }
    if (done && selection.format->has_header) {
        append_header(grid, &selection, &copy);
    }
    if (!done || !append_rows(grid, &selection, &copy, &err)) {
        screen_message(grid->pane->screen, ROLE_ERROR, "%s", err.message);
    } else {
        screen_copy(grid->pane->screen, text_string(&copy), copy.length);
    }
    text_release(&copy);
}

static void on_copy_line(struct pane *pane, const char *line)
{
    struct grid *grid = pane->state;
    if (line != NULL && grid_sync(grid)) {
        grid_copy(grid, line);
    }
}

void grid_ask_copy(struct grid *grid)
{
    bool is_marked = grid->block.is_set || grid->marks.count > 0;
    struct text names = {0}, prompt = {0};
    text_printf(&prompt, "copy %s as (%s): ",
                grid->block.is_set ? "the block"
                : is_marked        ? "the marked rows"
                                   : "cell or row, ",
                format_names(&names));
    screen_ask(grid->pane->screen, text_string(&prompt), is_marked ? "" : "row ",
               on_copy_line, grid->pane);
    text_release(&names);
    text_release(&prompt);
}
