/* sql_advice: what is probably wrong with the statement at the cursor, looked for when
 * the keys rest: underlined, and said while the cursor stands in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/advice.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"

static const double rest = 0.15; /* seconds without a key */
enum { LARGEST = 64 << 10 };     /* bytes of a statement */

void sql_forget_advice(struct sql_pane *sql)
{
    advice_release(&sql->advice);
    sql->advice = (struct array)ARRAY_OF(struct advice);
    sql->advised = (struct sql_span){0};
    loop_cancel(sql->workbench->loop, sql->advice_timer);
    sql->advice_timer = 0;
}

const struct advice *sql_advice_at(const struct sql_pane *sql, size_t at)
{
    for (size_t i = 0; i < sql->advice.count; i++) {
        const struct advice *one = array_at(&sql->advice, i);
        if (at >= one->start && at < one->start + one->length) {
            return one;
        }
    }
    return NULL;
}

/* The cursor stands in it, or right behind. */
static void say(struct sql_pane *sql)
{
    size_t cursor = lineedit_cursor(sql->edit);
    const struct advice *advice = sql_advice_at(sql, cursor);
    if (advice == NULL && cursor > 0) {
        advice = sql_advice_at(sql, cursor - 1);
    }
    bool is_seen = string_equal(screen_focused(sql->screen), "sql");
    if (advice != NULL && is_seen) {
        screen_message(sql->screen, advice->is_note ? ROLE_DIM : ROLE_WARNING, "%s",
                       advice->sentence);
    } else if (sql->has_said && is_seen) {
        screen_message(sql->screen, ROLE_DIM, "%s", "");
    }
    sql->has_said = advice != NULL && is_seen;
}

static void look(void *owner)
{
    struct sql_pane *sql = owner;
    struct sql_span span;
    sql_forget_advice(sql);
    if (!sql_map_statement_at(sql->map, lineedit_cursor(sql->edit), &span) ||
        span.length > LARGEST || lineedit_on_command(sql->edit)) {
        return;
    }
    array_release(&sql->advice);
    sql->advice =
        advice_of(sql->workbench, sql_map_text(sql->map) + span.start, span.length);
    sql->advised = span;
    for (size_t i = 0; i < sql->advice.count; i++) {
        ((struct advice *)array_at(&sql->advice, i))->start += span.start;
    }
    say(sql);
    screen_dirty(sql->screen);
}

void sql_advise(struct sql_pane *sql, bool has_changed)
{
    size_t cursor = lineedit_cursor(sql->edit);
    const struct sql_span *advised = &sql->advised;
    bool elsewhere = cursor < advised->start || cursor > advised->start + advised->length;
    if (has_changed || elsewhere) {
        loop_cancel(sql->workbench->loop, sql->advice_timer);
        sql->advice_timer = loop_after(sql->workbench->loop, rest, look, sql);
    } else {
        say(sql);
    }
    if (has_changed && sql->has_said) {
        screen_message(sql->screen, ROLE_DIM, "%s", "");
        sql->has_said = false;
    }
}

bool sql_is_busy(const struct pane *pane)
{
    const struct sql_pane *sql = pane->state;
    return sql->advice_timer != 0;
}

void sql_plan(struct sql_pane *sql)
{
    struct sql_span span;
    if (!sql_map_statement_at(sql->map, lineedit_cursor(sql->edit), &span)) {
        screen_message(sql->screen, ROLE_DIM, "There is no statement to plan.");
        return;
    }
    char *statement = string_copy_bytes(sql_map_text(sql->map) + span.start, span.length);
    screen_run_words(sql->screen, "plan", statement, (const char *)NULL);
    free(statement);
}
