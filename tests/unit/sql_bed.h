/* sql_bed: a screen without a terminal, with the SQL editor on it, for tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SQL_BED_H
#define MWB_TESTS_SQL_BED_H

#include <stdint.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/workbench.h"
#include "tests/unit/tap.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"
#include "tui/panes/sql_rows.h"

static char *scratch;

/* ---- A screen without a terminal ---- */

struct bed {
    struct workbench *workbench;
    struct screen *screen;
    struct pane *pane;
    struct sql_pane *sql;
};

static inline void tell(void *owner, unsigned changes)
{
    struct bed *bed = owner;
    if (bed->screen != NULL) {
        screen_changed(bed->screen, changes);
    }
}

/* A folder with one file is mesh enough. */
static inline char *make_mesh(void)
{
    struct error err = {0};
    char *folder = path_join(scratch, "mesh");
    char *file = path_join(folder, "plants.csv");
    if (!path_make_folders(folder, &err) ||
        !path_write_file(file, "id,name\n1,oak\n", 14, 0600, &err)) {
        ok(false, "%s", err.message);
    }
    free(file);
    return folder;
}

static inline bool open_bed(struct bed *bed, bool with_state)
{
    struct error err = {0};
    char *mesh = make_mesh();
    struct workbench_spec spec = {
        .with_state = with_state, .changed = tell, .owner = bed};
    *bed = (struct bed){0};
    bed->workbench = workbench_new(&spec, &err);
    if (bed->workbench != NULL && (!workbench_open_mesh(bed->workbench, mesh, &err) ||
                                   !workbench_wait_catalog(bed->workbench, &err))) {
        ok(false, "%s", err.message);
    }
    free(mesh);
    struct screen_spec screen = {.workbench = bed->workbench, .width = 80, .height = 24};
    bed->screen = bed->workbench != NULL ? screen_new(&screen, &err) : NULL;
    bed->pane = bed->screen != NULL ? screen_pane(bed->screen, "sql") : NULL;
    if (!ok(bed->pane != NULL, "a screen with the pane %s", err.message)) {
        return false;
    }
    screen_focus(bed->screen, "sql");
    bed->sql = bed->pane->state;
    return true;
}

static inline void close_bed(struct bed *bed)
{
    screen_free(bed->screen);
    bed->screen = NULL;
    workbench_free(bed->workbench);
}

static inline void press(struct bed *bed, const char *name)
{
    struct term_event event = {.kind = TERM_KEY};
    if (!key_of_name(name, &event.key)) {
        ok(false, "no key %s", name);
    }
    screen_event(bed->screen, &event);
}

static inline void type(struct bed *bed, const char *text)
{
    for (; *text != '\0'; text++) {
        struct term_event event = {.kind = TERM_KEY, .key = {.code = *text}};
        screen_event(bed->screen, &event);
    }
}

static inline void paste(struct bed *bed, const char *text)
{
    struct term_event event = {.kind = TERM_PASTE};
    text_append(&event.paste, text);
    screen_event(bed->screen, &event);
    text_release(&event.paste);
}

static inline const char *text_of(const struct bed *bed)
{
    return lineedit_text(bed->sql->edit);
}

/* The pane alone on a canvas, as text; `styles` asks for the look instead. */
static inline char *draw(struct bed *bed, int width, int height, bool styles)
{
    struct text out = {0};
    struct canvas *canvas = canvas_new(width, height);
    bed->pane->width = width;
    bed->pane->height = height;
    bed->pane->kind->draw(bed->pane, canvas_view(canvas), true);
    bed->pane->kind->draw_over(bed->pane, canvas_view(canvas));
    int x = -1, y = -1;
    canvas_cursor(canvas, &x, &y);
    if (styles) {
        canvas_dump_styles(canvas, &out);
    } else {
        canvas_dump(canvas, &out);
        text_printf(&out, "@%d,%d", x, y);
    }
    canvas_free(canvas);
    return text_take(&out);
}

static inline void looks(struct bed *bed, int width, int height, const char *want,
                         const char *title)
{
    char *seen = draw(bed, width, height, false);
    is_text(seen, want, "%s", title);
    free(seen);
}

static inline enum role role_at(struct bed *bed, int x, int y, unsigned *flags)
{
    struct canvas *canvas = canvas_new(40, 6);
    bed->pane->kind->draw(bed->pane, canvas_view(canvas), true);
    struct style style = canvas_cell(canvas, x, y)->style;
    canvas_free(canvas);
    *flags = style.flags;
    return (enum role)style.role;
}

static inline void set(struct bed *bed, const char *text, size_t cursor)
{
    lineedit_set_text(bed->sql->edit, text, cursor);
    sql_look(bed->sql);
    bed->sql->top = 0;
}

static inline void bed_begin(void)
{
    static char folder[] = "/tmp/mwb-sqlpane-XXXXXX";
    static const char *const places[] = {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
                                         "XDG_CACHE_HOME", "MWB_CACHE"};
    scratch = string_copy(mkdtemp(folder));
    setenv("INPUTRC", "/dev/null", 1);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        setenv(places[i], scratch, 1);
    }
}

static inline void bed_end(void)
{
    struct error err = {0};
    ok(path_remove_tree(scratch, &err), "cleaned up %s", err.message);
    free(scratch);
}

#endif
