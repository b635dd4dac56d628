/* glance: the mesh on one screen: a sheet of numbers by domains, each with the rows
 * behind it. The argument is the sheet to begin with; without one it is the last that was
 * seen. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/glance.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum {
    FOOT_ROWS = 3,    /* below the numbers: a line, what a cell says, what to do */
    LEAST_COLUMN = 5, /* of a column of numbers, its gap included */
    MOST_COLUMN = 17,
    MOST_LABEL = 24,
};

struct glance_pane {
    struct list rows;
    int column, left; /* under the cursor; the first in sight */
};

static struct workbench_glance *glance_of(const struct pane *pane)
{
    return &pane->workbench->glance;
}

static const struct glance_sheet *sheet_of(const struct pane *pane)
{
    return array_at(&glance_of(pane)->sheets, glance_of(pane)->sheet);
}

/* ---- Life ---- */

static void take_place(struct pane *pane)
{
    struct glance_pane *state = pane->state;
    const struct glance_sheet *sheet = sheet_of(pane);
    const struct workbench_glance *glance = glance_of(pane);

    list_set_count(&state->rows, sheet != NULL ? (int)sheet->rows.count : 0);
    list_select(&state->rows, (int)glance->row);
    state->column =
        sheet != NULL && glance->column < sheet->columns.count ? (int)glance->column : 0;
}

static void keep_place(struct pane *pane)
{
    const struct glance_pane *state = pane->state;
    struct workbench_glance *glance = glance_of(pane);

    glance->row = (size_t)state->rows.selected;
    glance->column = (size_t)state->column;
}

static void *open_glance(struct screen *screen, const char *argument)
{
    struct glance_pane *state = memory_new(sizeof *state);
    struct workbench *workbench = screen_workbench(screen);

    for (size_t i = 0; argument != NULL && glance_name(i) != NULL; i++) {
        if (string_equal(argument, glance_name(i)) && workbench->glance.sheet != i) {
            workbench->glance.sheet = i;
            workbench->glance.row = workbench->glance.column = 0;
        }
    }
    workbench_look_around(workbench);
    return state;
}

static void close_glance(struct pane *pane)
{
    free(pane->state);
}

static void title_glance(struct pane *pane, struct text *left, struct text *right)
{
    const struct glance_sheet *sheet = sheet_of(pane);

    text_append(left, sheet != NULL ? sheet->title : "The mesh at a glance");
    if (glance_of(pane)->job != NULL) {
        text_append(right, "looking ...");
    } else if (sheet != NULL) {
        text_printf(right, "%zu of %zu", glance_of(pane)->sheet + 1,
                    glance_of(pane)->sheets.count);
    }
}

/* ---- Where columns stand ---- */

struct shape {
    int label, room; /* width of the names of rows, and of what is left */
    int *widths;     /* of each column, its gap included */
    int columns, height;
};

static int text_width(const char *text)
{
    return safetext_width(text, strlen(text));
}

static int label_width(const struct glance_sheet *sheet)
{
    int width = 1;

    for (size_t i = 0; i < sheet->rows.count; i++) {
        int own = text_width(*(char **)array_at(&sheet->rows, i));
        width = own > width ? own : width;
    }
    return width < MOST_LABEL ? width : MOST_LABEL;
}

/* What the numbers of a column need, at least. */
static int least_width(const struct glance_sheet *sheet, size_t column)
{
    int width = LEAST_COLUMN;

    for (size_t i = 0; i < sheet->rows.count; i++) {
        int own = text_width(glance_at(sheet, i, column)->text) + 1;
        width = own > width ? own : width;
    }
    return width;
}

/* Names are cut, the widest first, as long as all columns are in sight so. */
static void narrow(struct shape *shape, const int *least)
{
    int sum = 0, widest = 0;

    for (int i = 0; i < shape->columns; i++) {
        sum += shape->widths[i];
    }
    while (sum > shape->room) {
        for (int i = widest = 0; i < shape->columns; i++) {
            bool is_wider = shape->widths[i] > shape->widths[widest];
            bool can = shape->widths[i] > least[i];
            bool stuck = shape->widths[widest] <= least[widest];
            widest = can && (is_wider || stuck) ? i : widest;
        }
        if (shape->widths[widest] <= least[widest]) {
            return;
        }
        shape->widths[widest]--;
        sum--;
    }
}

static struct shape shape_of(const struct glance_sheet *sheet, struct view view)
{
    struct shape shape = {.label = label_width(sheet),
                          .columns = (int)sheet->columns.count,
                          .height = view.height - 2 - FOOT_ROWS};
    int *least = memory_new_many(sheet->columns.count + 1, sizeof *least);

    shape.room = view.width - shape.label;
    shape.widths = memory_new_many(sheet->columns.count + 1, sizeof *shape.widths);
    for (size_t i = 0; i < sheet->columns.count; i++) {
        int name = text_width(*(char **)array_at(&sheet->columns, i)) + 1;
        name = name < MOST_COLUMN ? name : MOST_COLUMN;
        least[i] = least_width(sheet, i);
        shape.widths[i] = name > least[i] ? name : least[i];
    }
    narrow(&shape, least);
    free(least);
    return shape;
}

/* Where a column begins, behind those that are out of sight; -1: it is not in sight. */
static int place_of(const struct glance_pane *state, const struct shape *shape,
                    int column)
{
    int x = shape->label;

    for (int i = state->left; i < column; i++) {
        x += shape->widths[i];
    }
    return column >= state->left && column < shape->columns &&
                   x + shape->widths[column] <= shape->label + shape->room
               ? x
               : -1;
}

static void show_column(struct glance_pane *state, const struct shape *shape)
{
    state->left = state->column < state->left ? state->column : state->left;
    while (state->left < state->column && place_of(state, shape, state->column) < 0) {
        state->left++;
    }
}

/* ---- Drawing ---- */

/* All sheets in a line, this one marked; moved to the left when it would be out of sight.
 */
static void draw_names(struct view view, size_t current)
{
    int end = 0, x = 0;

    for (size_t i = 0; i <= current; i++) {
        end += (int)strlen(glance_name(i)) + 2;
    }
    x = end > view.width ? view.width - end : 0;
    for (size_t i = 0; glance_name(i) != NULL; i++) {
        int width = (int)strlen(glance_name(i));
        if (x >= 0) {
            view_text(view, x, 0, style_of(i == current ? ROLE_TITLE_FOCUS : ROLE_DIM),
                      glance_name(i), -1);
        }
        x += width + 2;
    }
}

static void draw_headings(struct view line, const struct glance_pane *state,
                          const struct glance_sheet *sheet, const struct shape *shape)
{
    for (int i = state->left; place_of(state, shape, i) >= 0; i++) {
        const char *name = *(char **)array_at(&sheet->columns, (size_t)i);
        int x = place_of(state, shape, i) + 1, width = shape->widths[i] - 1;
        if (text_width(name) > width) { /* a sign more tells more than an ellipsis */
            view_text(view_inside(line, x, 0, width, 1), 0, 0, style_of(ROLE_HEADER),
                      name, -1);
        } else {
            view_field(line, x, 0, width, style_of(ROLE_HEADER), name, -1, true);
        }
    }
}

static enum role role_of(enum glance_grade grade)
{
    static const enum role roles[] = {[GLANCE_PLAIN] = ROLE_TEXT,
                                      [GLANCE_GOOD] = ROLE_MESSAGE,
                                      [GLANCE_LOOK] = ROLE_WARNING,
                                      [GLANCE_BAD] = ROLE_ERROR};
    return grade <= GLANCE_BAD ? roles[grade] : ROLE_TEXT;
}

static void draw_row(struct view line, const struct glance_pane *state,
                     const struct glance_sheet *sheet, size_t row,
                     const struct shape *shape)
{
    view_field(line, 0, 0, shape->label, style_of(ROLE_LABEL),
               *(char **)array_at(&sheet->rows, row), -1, false);
    for (int i = state->left; place_of(state, shape, i) >= 0; i++) {
        const struct glance_cell *cell = glance_at(sheet, row, (size_t)i);
        view_field(line, place_of(state, shape, i) + 1, 0, shape->widths[i] - 1,
                   style_of(cell->has_rows ? role_of(cell->grade) : ROLE_DIM),
                   cell->has_rows ? cell->text : "·", -1, true);
    }
}

static void draw_foot(const struct pane *pane, struct view view,
                      const struct glance_sheet *sheet)
{
    const struct glance_pane *state = pane->state;
    const struct glance_place place = {
        .sheet = sheet->name,
        .row = *(char **)array_at(&sheet->rows, (size_t)state->rows.selected),
        .column = *(char **)array_at(&sheet->columns, (size_t)state->column)};
    const struct glance_cell *cell =
        glance_at(sheet, (size_t)state->rows.selected, (size_t)state->column);
    struct text says = {0}, made = {0};

    glance_say(&place, cell, &says);
    text_printf(&made, "%s of the rows that Enter shows. %s", glance_measure(&place),
                sheet->meaning);
    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    view_field(view, 0, 1, view.width, style_of(role_of(cell->grade)), text_string(&says),
               -1, false);
    view_field(view, 0, 2, view.width, style_of(ROLE_DIM), text_string(&made), -1, false);
    text_release(&made);
    text_release(&says);
}

/* What stands there while there is nothing to show. */
static void draw_nothing(const struct pane *pane, struct view view)
{
    const struct workbench_glance *glance = glance_of(pane);

    textview_paragraph(view, glance->error.kind != ERROR_NONE ? ROLE_ERROR : ROLE_DIM,
                       glance->job != NULL                ? "Looking at the mesh ..."
                       : glance->error.kind != ERROR_NONE ? glance->error.message
                                                          : "There is no mesh open.");
}

static void draw_empty(struct view view, const struct glance_sheet *sheet)
{
    textview_paragraph(view_inside(view, 0, 3, view.width, 4), ROLE_DIM,
                       sheet->rows.count == 0
                           ? "Nothing is known of it in this mesh."
                           : "No columns: nothing of this kind happened yet.");
}

static void draw_rows(const struct pane *pane, struct view view,
                      const struct glance_sheet *sheet, const struct shape *shape,
                      bool focused)
{
    const struct glance_pane *state = pane->state;

    for (int y = 0; y < shape->height && state->rows.top + y < state->rows.count; y++) {
        int row = state->rows.top + y;
        struct view line = view_inside(view, 0, y, view.width, 1);
        draw_row(line, state, sheet, (size_t)row, shape);
        if (row == state->rows.selected) {
            view_restyle(line, place_of(state, shape, state->column) + 1, 0,
                         shape->widths[state->column] - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
}

static void draw_sheet(struct pane *pane, struct view view,
                       const struct glance_sheet *sheet, bool focused)
{
    struct glance_pane *state = pane->state;
    struct shape shape = shape_of(sheet, view);

    show_column(state, &shape);
    list_show(&state->rows, shape.height);
    draw_headings(view_inside(view, 0, 1, view.width, 1), state, sheet, &shape);
    draw_rows(pane, view_inside(view, 0, 2, view.width, shape.height), sheet, &shape,
              focused);
    draw_foot(pane, view_inside(view, 0, view.height - FOOT_ROWS, view.width, FOOT_ROWS),
              sheet);
    free(shape.widths);
}

static void draw_glance(struct pane *pane, struct view view, bool focused)
{
    struct glance_pane *state = pane->state;
    const struct glance_sheet *sheet = sheet_of(pane);
    struct view inside = view_inside(view, 1, 0, view.width - 2, view.height);

    if (sheet == NULL) {
        draw_nothing(pane, inside);
        return;
    }
    if (state->rows.count != (int)sheet->rows.count) {
        take_place(pane); /* it was known before */
    }
    draw_names(inside, glance_of(pane)->sheet);
    if (sheet->cells.count == 0) {
        draw_empty(inside, sheet);
        return;
    }
    draw_sheet(pane, inside, sheet, focused);
    list_draw_bar(view_inside(view, 0, 2, view.width, view.height - 2 - FOOT_ROWS),
                  state->rows.top, view.height - 2 - FOOT_ROWS, state->rows.count);
}

/* ---- Actions ---- */

static void turn_sheet(struct pane *pane, int step)
{
    struct workbench_glance *glance = glance_of(pane);
    struct glance_pane *state = pane->state;
    size_t count = glance->sheets.count;

    if (count > 0) {
        glance->sheet = (glance->sheet + count + (size_t)(step + (int)count)) % count;
        glance->row = glance->column = 0;
        state->left = state->rows.top = 0;
        take_place(pane);
    }
}

static void move_column(struct pane *pane, int column)
{
    struct glance_pane *state = pane->state;
    const struct glance_sheet *sheet = sheet_of(pane);
    int last = sheet != NULL ? (int)sheet->columns.count - 1 : 0;

    state->column = column > last ? last : column;
    state->column = state->column < 0 ? 0 : state->column;
    keep_place(pane);
}

/* The rows behind the cell come where results stand: the sheet makes room. */
static void open_cell(struct pane *pane)
{
    const struct glance_pane *state = pane->state;
    const struct glance_sheet *sheet = sheet_of(pane);
    struct screen *screen = pane->screen;

    if (sheet == NULL || sheet->cells.count == 0) {
        return;
    }
    char *row =
        string_copy(*(char **)array_at(&sheet->rows, (size_t)state->rows.selected));
    char *column =
        string_copy(*(char **)array_at(&sheet->columns, (size_t)state->column));
    const char *name = sheet->name;
    screen_close_pane(screen, pane);
    screen_run_words(screen, "glance", name, row, column, NULL);
    screen_focus(screen, "grid");
    free(row);
    free(column);
}

static bool act_on_sheet(struct pane *pane, const char *action)
{
    const struct glance_pane *state = pane->state;
    const struct {
        const char *action;
        int column;
    } moves[] = {{"left", state->column - 1},
                 {"right", state->column + 1},
                 {"first-column", 0},
                 {"last-column", 1 << 20}};

    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (string_equal(action, moves[i].action)) {
            move_column(pane, moves[i].column);
            return true;
        }
    }
    if (string_equal(action, "next-sheet") || string_equal(action, "previous-sheet")) {
        turn_sheet(pane, string_equal(action, "next-sheet") ? 1 : -1);
        return true;
    }
    if (string_equal(action, "way")) {
        struct screen *screen = pane->screen;
        screen_close_pane(screen, pane);
        screen_run(screen, "journey");
        return true;
    }
    if (string_equal(action, "again")) {
        workbench_look_around(pane->workbench);
        return true;
    }
    return false;
}

static enum reaction act_glance(struct pane *pane, const char *action,
                                const char *argument)
{
    struct glance_pane *state = pane->state;

    (void)argument;
    if (list_act(&state->rows, action)) {
        keep_place(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "open")) {
        open_cell(pane);
        return REACTION_DONE;
    }
    return act_on_sheet(pane, action) ? REACTION_DONE : REACTION_UNKNOWN;
}

static void follow_glance(struct pane *pane, unsigned changes)
{
    if ((changes & WORKBENCH_GLANCE) != 0) {
        take_place(pane);
        screen_dirty(pane->screen);
    }
    if ((changes & WORKBENCH_CATALOG) != 0) {
        workbench_look_around(pane->workbench);
    }
}

const struct pane_kind pane_kind_glance = {
    .name = "glance",
    .hints = "Enter the rows behind it  Tab next sheet  w the way of each domain",
    .is_dialog = true,
    .is_full = true,
    .open = open_glance,
    .close = close_glance,
    .title = title_glance,
    .draw = draw_glance,
    .action = act_glance,
    .changed = follow_glance,
};
