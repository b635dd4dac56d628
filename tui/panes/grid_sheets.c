/* grid: sheets made from the rows (pivot, totals), and what is behind a cell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command.h"
#include "tui/completion.h"
#include "tui/panes/grid.h"

#include <string.h>

/* Its words are typed: names, commas and a word for the aggregate. */
static void on_pivot_line(struct pane *pane, const char *line)
{
    if (line != NULL && line[0] != '\0') {
        screen_runf(pane->screen, "pivot %s", line);
    }
}

static void on_totals_line(struct pane *pane, const char *line)
{
    if (line != NULL && line[0] != '\0') {
        screen_runf(pane->screen, "totals %s", line);
    }
}

static void complete_pivot(struct pane *pane, const char *text, size_t cursor,
                           size_t *word_start, struct array *candidates)
{
    completion_find_words(pane->workbench, "pivot", text, cursor, word_start, candidates);
}

static void complete_totals(struct pane *pane, const char *text, size_t cursor,
                            size_t *word_start, struct array *candidates)
{
    completion_find_words(pane->workbench, "totals", text, cursor, word_start,
                          candidates);
}

/* With the column under the cursor as a word to begin with. */
static void ask_from_column(struct grid *grid, struct screen_question question)
{
    struct text initial = {0};
    command_append_word(&initial, grid_column_name(grid));
    text_append_char(&initial, ' ');
    question.initial = text_string(&initial) + 1;
    screen_ask_question(grid->pane->screen, &question, grid->pane);
    text_release(&initial);
}

void grid_pivot(struct grid *grid)
{
    ask_from_column(
        grid, (struct screen_question){.prompt = "pivot by ROWS [ACROSS [sum COLUMN]]: ",
                                       .done = on_pivot_line,
                                       .complete = complete_pivot});
}

void grid_totals(struct grid *grid)
{
    ask_from_column(grid,
                    (struct screen_question){.prompt = "totals by KEYS [sum COLUMNS]: ",
                                             .done = on_totals_line,
                                             .complete = complete_totals});
}

/* A sheet that was only sorted or filtered is still one. */
bool grid_drill(struct grid *grid)
{
    const struct workbench_result *shown = grid->source;
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    shown = shown->view != NULL ? shown->base : shown;
    bool has_behind = shown->sheet != NULL && shown->sheet->kind != PIVOT_ROWS &&
                      shown->sheet->kind != PIVOT_COMPARISON;
    if (has_behind && at != NULL) {
        screen_runf(grid->pane->screen, "drill %lld %zu", grid->row + 1, at->index + 1);
    }
    return has_behind;
}

/* ---- A comparison ---- */

static const struct result_cell *cell_named(const struct grid *grid, long long row,
                                            const char *name)
{
    for (size_t i = 0; i < result_column_count(grid->result); i++) {
        if (string_equal(result_column(grid->result, i)->name, name)) {
            return result_page_cell(&grid->page, row - grid->page.first, i);
        }
    }
    return NULL;
}

/* "amount: 10 -> 12; status: open -> paid" begins a part with the column's name. */
static bool tells_of(const char *changes, const char *name)
{
    size_t length = strlen(name);
    for (const char *part = changes; part != NULL; part = strstr(part, "; ")) {
        part += part != changes ? 2 : 0;
        if (strncmp(part, name, length) == 0 && strncmp(part + length, ": ", 2) == 0) {
            return true;
        }
    }
    return false;
}

bool grid_compared(const struct grid *grid, long long row, size_t column,
                   struct style *look)
{
    const struct workbench_result *shown = grid->source;
    const struct pivot *sheet = shown->view != NULL ? shown->base->sheet : shown->sheet;
    if (sheet == NULL || sheet->kind != PIVOT_COMPARISON) {
        return false;
    }
    const struct result_cell *mark = cell_named(grid, row, "mark");
    const struct result_cell *changes = cell_named(grid, row, "changes");
    *look = style_of(ROLE_WARNING);
    if (mark == NULL || mark->length != 1) {
        return false;
    }
    if (*mark->bytes == '+' || *mark->bytes == '-') {
        *look = style_of(*mark->bytes == '+' ? ROLE_MESSAGE : ROLE_ERROR);
        return true;
    }
    look->flags = STYLE_UNDERLINE; /* never by colour alone */
    return *mark->bytes == '~' && changes != NULL &&
           tells_of(changes->bytes, result_column(grid->result, column)->name);
}
