/* advice/plan: asks the session how a statement will run, what it costs, and on request
 * how many rows its loops visit.
 *
 * One look is several runs, one after the other: the plan; the statement with counters;
 * the plans of statements of the past, whose seconds are known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { ROWS_MOST = 5000 };

struct advice_look {
    struct advice_look_spec spec; /* strings are ours */
    struct workbench_result *run; /* on its way */
    int timer;
    struct advice_plan plan;
    struct array past;  /* of struct past_statement */
    struct array paces; /* of struct pace */
    size_t next;        /* of the past */
    struct array counters;
    struct error error;
};

/* ---- Life ---- */

static void release_plan(struct advice_plan *plan)
{
    for (size_t i = 0; i < plan->steps.count; i++) {
        struct advice_step *step = array_at(&plan->steps, i);
        free(step->words);
        free(step->detail);
    }
    array_release(&plan->steps);
    free(plan->not_counted);
}

static void copy_spec(struct advice_look_spec *to, const struct advice_look_spec *from)
{
    struct session_parameter *parameters =
        memory_new_many(from->parameter_count + 1, sizeof *parameters);
    for (size_t i = 0; i < from->parameter_count; i++) {
        parameters[i].name = string_copy(from->parameters[i].name);
        parameters[i].value = string_copy(from->parameters[i].value);
    }
    *to = *from;
    to->sql = string_copy(from->sql);
    to->purpose = string_copy(from->purpose);
    to->parameters = parameters;
}

static void release_spec(struct advice_look_spec *spec)
{
    for (size_t i = 0; i < spec->parameter_count; i++) {
        free((char *)spec->parameters[i].name);
        free((char *)spec->parameters[i].value);
    }
    free((struct session_parameter *)spec->parameters);
    free((char *)spec->sql);
    free((char *)spec->purpose);
}

void advice_look_free(struct advice_look *look)
{
    if (look == NULL) {
        return;
    }
    struct workbench_result *run = look->run;
    look->run = NULL;
    look->spec.finished = NULL;
    if (run != NULL) {
        workbench_result_cancel(run);
        workbench_result_free(run);
    }
    loop_cancel(look->spec.workbench->loop, look->timer);
    release_plan(&look->plan);
    release_spec(&look->spec);
    pace_statements_release(&look->past);
    array_release(&look->paces);
    array_release(&look->counters);
    free(look);
}

/* ---- What the session tells ---- */

static void release_facts(struct plan_facts *facts)
{
    for (size_t i = 0; i < facts->nodes.count; i++) {
        free(((struct node *)array_at(&facts->nodes, i))->detail);
    }
    for (size_t i = 0; i < facts->own.count; i++) {
        free(((struct own_table *)array_at(&facts->own, i))->name);
    }
    array_release(&facts->nodes);
    array_release(&facts->own);
    scope_free(facts->scope);
    facts_release(facts->facts);
}

/* A row of the answer: kind, id, parent, number, words (session.h). */
struct told {
    const char *kind, *words;
    long long id, parent, number;
};

static void take_fact(struct plan_facts *facts, const struct told *told)
{
    if (string_equal(told->kind, "step")) {
        struct node *node = array_push(&facts->nodes);
        *node = (struct node){.id = (int)told->id,
                              .parent = (int)told->parent,
                              .depth = (int)told->number,
                              .detail = string_copy(told->words)};
    } else if (string_equal(told->kind, "table")) {
        struct own_table *own = array_push(&facts->own);
        *own = (struct own_table){string_copy(told->words), told->id == 1, told->number};
    }
}

static bool read_answer(struct workbench_result *run, void *owner,
                        void (*take)(void *owner, const struct told *told))
{
    struct result_page page = {0};
    struct error err = {0};
    bool good = run->result != NULL &&
                result_page(run->result, 0, ROWS_MOST, 0, &page, &err) &&
                page.columns == 5;
    for (long long row = 0; good && row < page.rows; row++) {
        const struct told told = {
            .kind = result_page_cell(&page, row, 0)->bytes,
            .id = strtoll(result_page_cell(&page, row, 1)->bytes, NULL, 10),
            .parent = strtoll(result_page_cell(&page, row, 2)->bytes, NULL, 10),
            .number = strtoll(result_page_cell(&page, row, 3)->bytes, NULL, 10),
            .words = result_page_cell(&page, row, 4)->bytes};
        take(owner, &told);
    }
    result_page_release(&page);
    return good;
}

static void take_fact_of(void *owner, const struct told *told)
{
    take_fact(owner, told);
}

/* The plan of this text, estimated. */
static void read_plan(const char *sql, struct workbench_result *run,
                      struct plan_facts *facts, struct advice_plan *plan)
{
    const struct scope_spec spec = {.sql = sql,
                                    .length = strlen(sql),
                                    .columns = facts_columns,
                                    .owner = facts->facts};
    facts->nodes = (struct array)ARRAY_OF(struct node);
    facts->own = (struct array)ARRAY_OF(struct own_table);
    facts->scope = scope_new(&spec);
    facts->sql = sql;
    plan->steps = (struct array)ARRAY_OF(struct advice_step);
    read_answer(run, facts, take_fact_of);
    plan_match(facts);
    for (size_t i = 0; i < facts->nodes.count; i++) {
        const struct node *node = array_at(&facts->nodes, i);
        struct advice_step *step = array_push(&plan->steps);
        const struct scope_source *source =
            node->query != SCOPE_NONE
                ? array_at(&scope_query(facts->scope, node->query)->sources, node->source)
                : NULL;
        step->depth = node->depth;
        step->detail = string_copy(node->detail);
        step->words = words_of_step(node->detail, source);
        step->counted = -1;
    }
    plan_estimate(facts, plan);
}

/* ---- Stages ---- */

static void next_stage(struct advice_look *look);

static struct workbench_result *start(struct advice_look *look, const char *sql,
                                      const char *counting,
                                      void (*finished)(void *, struct workbench_result *),
                                      struct error *err)
{
    const struct workbench_query query = {.sql = sql,
                                          .parameters = look->spec.parameters,
                                          .parameter_count = look->spec.parameter_count,
                                          .purpose = look->spec.purpose,
                                          .aside = true,
                                          .plans = true,
                                          .counting = counting,
                                          .only_here = look->spec.only_here,
                                          .finished = finished,
                                          .owner = look};
    return workbench_run(look->spec.workbench, &query, err);
}

static void end_run(struct advice_look *look)
{
    struct workbench_result *run = look->run;
    look->run = NULL;
    workbench_result_free(run);
}

static void tell(struct advice_look *look, const struct advice_plan *plan)
{
    void (*finished)(void *, const struct advice_plan *, const struct error *) =
        look->spec.finished;
    look->spec.finished = NULL;
    if (finished != NULL) {
        finished(look->spec.owner, plan, &look->error);
    }
}

static void on_past(void *owner, struct workbench_result *run)
{
    struct advice_look *look = owner;
    const struct past_statement *past = array_at(&look->past, look->next++);
    if (look->run == NULL) {
        return; /* given up */
    }
    if (run->error.kind == ERROR_NONE) {
        struct facts tables = {look->spec.workbench, ARRAY_OF(struct table_facts *)};
        struct plan_facts facts = {.facts = &tables};
        struct advice_plan plan = {0};
        read_plan(past->sql, run, &facts, &plan);
        struct pace *pace = array_push(&look->paces);
        *pace = (struct pace){plan.rows, past->seconds};
        release_plan(&plan);
        release_facts(&facts);
    }
    end_run(look);
    next_stage(look);
}

/* The next statement of the past; those that cannot be planned any more are left out. */
static void next_stage(struct advice_look *look)
{
    struct error ignored = {0};
    while (look->next < look->past.count) {
        const struct past_statement *past = array_at(&look->past, look->next);
        look->run = start(look, past->sql, NULL, on_past, &ignored);
        if (look->run != NULL) {
            return;
        }
        look->next++;
    }
    look->plan.seconds = pace_seconds(&look->paces, look->plan.rows, &look->plan.past);
    plan_mark(&look->plan);
    tell(look, &look->plan);
}

static void look_at_past(struct advice_look *look)
{
    if (look->plan.rows >= look->spec.rows_that_matter) {
        look->past = pace_statements(look->spec.workbench);
    }
    next_stage(look);
}

/* ---- Counting ---- */

struct counted {
    struct advice_look *look;
    const struct plan_facts *facts;
};

static void take_count(void *owner, const struct told *told)
{
    struct counted *counted = owner;
    struct advice_plan *plan = &counted->look->plan;
    const struct counter *counter = array_at(&counted->look->counters, (size_t)told->id);
    if (string_equal(told->kind, "rows")) {
        plan->rows_told = told->number;
    }
    if (!string_equal(told->kind, "visits") || counter == NULL) {
        return;
    }
    plan->rows_read += told->number;
    bool is_told = false; /* SQLite may go through the same text more than once */
    for (size_t i = 0; i < plan->steps.count; i++) {
        const struct node *node = array_at(&counted->facts->nodes, i);
        struct advice_step *step = array_at(&plan->steps, i);
        bool is_same = node->query == counter->query && node->source == counter->source;
        bool is_loop = step->is_read && !string_starts(node->detail, "BLOOM");
        if (is_same && is_loop) {
            step->counted = is_told ? -1 : told->number;
            is_told = true;
        }
    }
}

/* Steps whose counter never moves read nothing. */
static void set_zeros(struct advice_look *look, const struct plan_facts *facts)
{
    for (size_t i = 0; i < facts->nodes.count; i++) {
        const struct node *node = array_at(&facts->nodes, i);
        struct advice_step *step = array_at(&look->plan.steps, i);
        for (size_t k = 0; k < look->counters.count; k++) {
            const struct counter *counter = array_at(&look->counters, k);
            if (node->query == counter->query && node->source == counter->source &&
                step->is_read && !string_starts(node->detail, "BLOOM")) {
                step->counted = 0;
            }
        }
    }
}

static void on_counted(void *owner, struct workbench_result *run)
{
    struct advice_look *look = owner;
    struct advice_plan *plan = &look->plan;
    if (look->run == NULL) {
        return;
    }
    if (run->error.kind != ERROR_NONE) {
        plan->not_counted = string_copy(run->error.message);
    } else {
        struct facts tables = {look->spec.workbench, ARRAY_OF(struct table_facts *)};
        struct plan_facts facts = {.facts = &tables};
        struct counted counted = {look, &facts};
        release_plan(plan);
        *plan = (struct advice_plan){.is_counted = true, .took = run->seconds};
        read_plan(look->spec.sql, run, &facts, plan);
        set_zeros(look, &facts);
        read_answer(run, &counted, take_count);
        release_facts(&facts);
    }
    end_run(look);
    look_at_past(look);
}

static bool start_counting(struct advice_look *look, const struct plan_facts *facts)
{
    struct error err = {0};
    char *text = sql_is_select(look->spec.sql, strlen(look->spec.sql))
                     ? count_text(facts, look->spec.sql, &look->counters)
                     : NULL;
    look->run = text != NULL ? start(look, look->spec.sql, text, on_counted, &err) : NULL;
    if (look->run == NULL) {
        look->plan.not_counted = string_copy(
            text != NULL ? err.message
                         : "only statements that read tables are run to be counted");
    }
    free(text);
    return look->run != NULL;
}

/* ---- The plan itself ---- */

static void on_planned(void *owner, struct workbench_result *run)
{
    struct advice_look *look = owner;
    struct facts tables = {look->spec.workbench, ARRAY_OF(struct table_facts *)};
    struct plan_facts facts = {.facts = &tables};
    bool is_counting = false;
    if (look->run == NULL) {
        return;
    }
    if (run->error.kind != ERROR_NONE) {
        look->error = run->error;
        end_run(look);
        tell(look, NULL);
        return;
    }
    read_plan(look->spec.sql, run, &facts, &look->plan);
    end_run(look);
    if (look->spec.counts) {
        is_counting = start_counting(look, &facts);
    }
    release_facts(&facts);
    if (!is_counting) {
        look_at_past(look);
    }
}

struct advice_look *advice_look(const struct advice_look_spec *spec, struct error *err)
{
    struct advice_look *look = memory_new(sizeof *look);
    copy_spec(&look->spec, spec);
    look->plan.rows = look->plan.seconds = -1;
    look->past = (struct array)ARRAY_OF(struct past_statement);
    look->paces = (struct array)ARRAY_OF(struct pace);
    look->counters = (struct array)ARRAY_OF(struct counter);
    look->run = start(look, look->spec.sql, NULL, on_planned, err);
    if (look->run == NULL) {
        advice_look_free(look);
        return NULL;
    }
    return look;
}
