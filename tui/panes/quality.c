/* quality: runs the rules of products and shows what became of each: outcome, value,
 * threshold, trend. Enter shows the rows that fail. The argument is the ids of the
 * products, in words or a line each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/quality.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"

/* A run outlives its pane: who closes it does not wait for the child to end. */
struct quality_run_in_pane {
    struct quality_state *state; /* NULL: the pane is gone */
};

/* ---- Lines ---- */

const struct quality_line *quality_line_at(const struct quality_state *state, int index)
{
    return index >= 0 ? array_at(&state->lines, (size_t)index) : NULL;
}

const struct quality_trend *quality_trend_of(const struct quality_line *line)
{
    for (size_t i = 0; line->check != NULL && i < line->product->trends.count; i++) {
        const struct quality_trend *trend = array_at(&line->product->trends, i);
        if (string_equal(trend->key, line->check->key)) {
            return trend;
        }
    }
    return NULL;
}

static void push_line(struct quality_state *state, struct quality_product *product,
                      const struct quality_check *check)
{
    *(struct quality_line *)array_push(&state->lines) =
        (struct quality_line){product, check};
}

/* The worst first: that is what one came for. */
static void push_checks(struct quality_state *state, struct quality_product *product)
{
    static const enum quality_outcome order[] = {
        QUALITY_FAILED, QUALITY_ERROR, QUALITY_WARNING, QUALITY_NOT_RUN, QUALITY_PASSED};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        for (size_t j = 0; j < product->checks.count; j++) {
            const struct quality_check *check = array_at(&product->checks, j);
            bool is_hidden = state->only_bad && check->outcome == QUALITY_PASSED;
            if (check->outcome == order[i] && !is_hidden) {
                push_line(state, product, check);
            }
        }
    }
}

static void make_lines(struct quality_state *state)
{
    array_clear(&state->lines);
    for (size_t i = 0; i < state->products.count; i++) {
        struct quality_product *product = array_at(&state->products, i);
        if (state->products.count > 1 || !product->is_done ||
            product->err.kind != ERROR_NONE) {
            push_line(state, product, NULL);
        }
        push_checks(state, product);
    }
    list_set_count(&state->list, (int)state->lines.count);
}

/* ---- The run ---- */

static void add_totals(struct quality_totals *all, const struct quality_totals *one)
{
    all->checks += one->checks;
    all->passed += one->passed;
    all->warnings += one->warnings;
    all->failed += one->failed;
    all->errors += one->errors;
    all->not_run += one->not_run;
}

static struct quality_product *find_product(struct quality_state *state, const char *id)
{
    for (size_t i = 0; i < state->products.count; i++) {
        struct quality_product *product = array_at(&state->products, i);
        if (string_equal(product->id, id)) {
            return product;
        }
    }
    return NULL;
}

static bool on_checked(void *owner, const char *id, struct array *checks, double seconds,
                       const struct error *err)
{
    const struct quality_run_in_pane *run = owner;
    struct quality_product *product =
        run->state != NULL ? find_product(run->state, id) : NULL;
    if (product == NULL) {
        return false;
    }
    product->is_done = true;
    product->seconds = seconds;
    if (checks == NULL) {
        product->err = err != NULL ? *err : (struct error){.kind = ERROR_FAILED};
    } else {
        product->checks = *checks;
        product->totals = quality_totals(checks);
        product->trends = quality_trends(run->state->workbench->mesh, id);
        add_totals(&run->state->totals, &product->totals);
    }
    run->state->done++;
    make_lines(run->state);
    screen_dirty(run->state->screen);
    return checks != NULL;
}

static void on_finished(void *owner, struct job *job)
{
    struct quality_run_in_pane *run = owner;
    struct quality_state *state = run->state;
    if (state != NULL) {
        state->run = NULL;
        state->job = NULL;
        state->is_cancelled = job_state(job) == JOB_CANCELLED;
        if (job_state(job) == JOB_FAILED) {
            screen_message(state->screen, ROLE_ERROR, "%s", job_error(job)->message);
        }
        screen_dirty(state->screen);
    }
    free(run);
}

static void forget_results(struct quality_product *product)
{
    quality_release(&product->checks);
    quality_trends_release(&product->trends);
    product->checks = (struct array)ARRAY_OF(struct quality_check);
    product->trends = (struct array)ARRAY_OF(struct quality_trend);
    product->totals = (struct quality_totals){0};
    product->err = (struct error){0};
    product->is_done = false;
}

static void start(struct quality_state *state)
{
    struct array ids = ARRAY_OF(char *);
    struct error err = {0};
    state->done = 0;
    state->is_cancelled = false;
    state->totals = (struct quality_totals){0};
    for (size_t i = 0; i < state->products.count; i++) {
        struct quality_product *product = array_at(&state->products, i);
        forget_results(product);
        *(char **)array_push(&ids) = product->id;
    }
    state->run = memory_new(sizeof *state->run);
    state->run->state = state;
    const struct workbench_check_spec spec = {.products = &ids,
                                              .checked = on_checked,
                                              .finished = on_finished,
                                              .owner = state->run};
    state->job = ids.count > 0 ? workbench_check(state->workbench, &spec, &err) : NULL;
    if (state->job == NULL) {
        free(state->run);
        state->run = NULL;
        screen_message(state->screen, ROLE_ERROR, "%s", err.message);
    }
    array_release(&ids);
    make_lines(state);
}

/* ---- Life ---- */

static void add_product(struct quality_state *state, const char *name)
{
    struct catalog_entry entry = {0};
    if (state->workbench->catalog != NULL &&
        catalog_find(state->workbench->catalog, name, &entry, NULL) &&
        find_product(state, entry.id) == NULL) {
        struct quality_product *product = array_push(&state->products);
        product->id = string_copy(entry.id);
        product->checks = (struct array)ARRAY_OF(struct quality_check);
        product->trends = (struct array)ARRAY_OF(struct quality_trend);
    }
    catalog_entry_release(&entry);
}

static void *open_quality(struct screen *screen, const char *argument)
{
    struct quality_state *state = memory_new(sizeof *state);
    state->screen = screen;
    state->workbench = screen_workbench(screen);
    state->products = (struct array)ARRAY_OF(struct quality_product);
    state->lines = (struct array)ARRAY_OF(struct quality_line);
    for (const char *at = argument != NULL ? argument : ""; *at != '\0';) {
        size_t length = strcspn(at, " \n");
        char *name = string_copy_bytes(at, length);
        add_product(state, name);
        free(name);
        at += length + strspn(at + length, " \n");
    }
    start(state);
    return state;
}

void quality_open(struct pane *pane, const struct array *products)
{
    struct text argument = {0};
    for (size_t i = 0; i < products->count; i++) {
        text_printf(&argument, "%s\n", *(char **)array_at(products, i));
    }
    screen_open_dialog(pane->screen, "quality", text_string(&argument));
    text_release(&argument);
}

static void close_quality(struct pane *pane)
{
    struct quality_state *state = pane->state;
    if (state->run != NULL) {
        state->run->state = NULL;
        job_cancel(state->job);
    }
    for (size_t i = 0; i < state->products.count; i++) {
        struct quality_product *product = array_at(&state->products, i);
        forget_results(product);
        array_release(&product->checks);
        array_release(&product->trends);
        free(product->id);
    }
    array_release(&state->products);
    array_release(&state->lines);
    free(state);
}

static void title_quality(struct pane *pane, struct text *left, struct text *right)
{
    (void)right;
    const struct quality_state *state = pane->state;
    const struct quality_product *first = array_at(&state->products, 0);
    if (state->products.count == 1) {
        text_printf(left, "Checks of %s", first->id);
    } else {
        text_append(left, "Checks of ");
        text_append_count(left, (long long)state->products.count, "product");
    }
    if (state->only_bad) {
        text_append(left, ", passed ones left out");
    }
}

static void draw_quality(struct pane *pane, struct view view, bool focused)
{
    quality_draw_pane(pane->state, view, focused);
}

/* ---- Actions ---- */

/* The statement becomes the result; the text of the editor stays. */
static void show_rows(struct pane *pane, const struct quality_line *line)
{
    struct screen *screen = pane->screen;
    const struct quality_check *check = line->check;
    struct error err = {0};
    struct workbench_query query = {.sql = check->rows_sql != NULL ? check->rows_sql
                                                                   : check->sql};
    if (query.sql == NULL) {
        screen_message(screen, ROLE_DIM, "%s",
                       check->reason != NULL ? check->reason
                                             : "There are no rows to show.");
        return;
    }
    if (workbench_run(pane->workbench, &query, &err) == NULL) {
        screen_message(screen, ROLE_ERROR, "%s", err.message);
        return;
    }
    screen_close_pane(screen, pane);
    screen_focus(screen, "grid");
}

static void show_descriptor(struct pane *pane, const struct quality_line *line)
{
    if (line->check == NULL || line->check->path == NULL) {
        screen_run_words(pane->screen, "raw", line->product->id, NULL);
        return;
    }
    char *place = string_printf("%s:%d", line->check->path, line->check->line);
    screen_run_words(pane->screen, "raw", place, NULL);
    free(place);
}

static bool act_on_check(struct pane *pane, const char *action,
                         const struct quality_line *line)
{
    static const struct {
        const char *action;
        void (*show)(struct quality_state *state, const struct quality_line *line);
    } pages[] = {{"sql", quality_show_sql},
                 {"trend", quality_show_trend},
                 {"why", quality_show_cause}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (string_equal(action, pages[i].action)) {
            pages[i].show(pane->state, line);
            return true;
        }
    }
    if (string_equal(action, "raw")) {
        show_descriptor(pane, line);
        return true;
    }
    if (string_equal(action, "get")) {
        screen_run_words(pane->screen, "get", line->product->id, NULL);
        return true;
    }
    if (string_equal(action, "open") && line->check != NULL) {
        show_rows(pane, line);
        return true;
    }
    return string_equal(action, "open");
}

static bool act_on_run(struct pane *pane, const char *action)
{
    struct quality_state *state = pane->state;
    if (string_equal(action, "cancel-check") ||
        (string_equal(action, "cancel") && state->job != NULL)) {
        if (state->job != NULL) {
            job_cancel(state->job);
        } else {
            screen_message(pane->screen, ROLE_DIM, "Nothing runs.");
        }
        return true;
    }
    if (string_equal(action, "again")) {
        if (state->job == NULL) {
            start(state);
        }
        return true;
    }
    if (string_equal(action, "only-bad")) {
        state->only_bad = !state->only_bad;
        make_lines(state);
        list_select(&state->list, 0);
        return true;
    }
    return false;
}

static enum reaction act_quality(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct quality_state *state = pane->state;
    const struct quality_line *line = quality_line_at(state, state->list.selected);
    (void)argument;
    bool is_done = list_act(&state->list, action) || act_on_run(pane, action) ||
                   (line != NULL && act_on_check(pane, action, line));
    return is_done ? REACTION_DONE : REACTION_UNKNOWN;
}

static void mouse_quality(struct pane *pane, int x, int y, int button)
{
    struct quality_state *state = pane->state;
    (void)x;
    if (button >= 4) {
        list_act(&state->list, button == 4 ? "up" : "down");
    } else {
        list_select(&state->list, state->list.top + y - QUALITY_SUMMARY);
    }
}

const struct pane_kind pane_kind_quality = {
    .name = "quality",
    .hints = "Enter failing rows  s SQL  t trend  w why  f failing only  r descriptor  "
             "c cancel  R again",
    .is_dialog = true,
    .is_full = true,
    .open = open_quality,
    .close = close_quality,
    .title = title_quality,
    .draw = draw_quality,
    .action = act_quality,
    .mouse = mouse_quality,
};
