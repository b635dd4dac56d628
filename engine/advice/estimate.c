/* advice/estimate: which tables the steps of a plan read, and how many rows of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 };
static const double fewest_groups = 200; /* of a grouped subquery, and a tenth of rows */
static const double share_of_filter = 0.3; /* of the rows, for each condition */
static const double share_of_range = 0.25; /* of the rows, for each end of a range */
static const double share_that_stands_out = 0.5;
static const double rows_worth_a_mark = 1000;

/* ---- What a step says ---- */

char *node_name(const char *detail)
{
    static const char *const starts[] = {"SCAN ", "SEARCH ", "BLOOM FILTER ON "};
    static const char *const ends[] = {" USING ",     " VIRTUAL TABLE ", " LEFT-JOIN",
                                       " RIGHT-JOIN", " EXISTS",         " ("};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (!string_starts(detail, starts[i]) || strstr(detail, "CONSTANT ROW") != NULL) {
            continue;
        }
        const char *name = detail + strlen(starts[i]);
        size_t length = strlen(name);
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
            const char *end = strstr(name, ends[k]);
            length = end != NULL && (size_t)(end - name) < length ? (size_t)(end - name)
                                                                  : length;
        }
        return string_copy_bytes(name, length);
    }
    return NULL;
}

struct array node_columns(const char *detail, size_t *others)
{
    struct array columns = ARRAY_OF(char *);
    const char *open = strrchr(detail, '(');
    *others = 0;
    while (open != NULL && *open != '\0' && *open != ')') {
        size_t skip = strspn(open, "( ");
        skip += string_starts(open + skip, "AND ") ? 4 : 0;
        const char *name = open + skip;
        size_t length = strcspn(name, "=<> )");
        if (name[length] == '=') {
            *(char **)array_push(&columns) = string_copy_bytes(name, length);
        } else if (length > 0) {
            ++*others;
        }
        open = name + length + strcspn(name + length, " )");
    }
    return columns;
}

/* ---- Which source is it ---- */

static bool is_called(const struct scope_source *source, const char *name)
{
    if (source->alias != NULL) {
        return string_equal_fold(source->alias, name);
    }
    if (source->table == NULL) {
        return false;
    }
    const char *dot = strchr(name, '.');
    bool qualified = source->schema != NULL && dot != NULL &&
                     string_equal_fold(dot + 1, source->table);
    return qualified || string_equal_fold(source->table, name);
}

static bool is_taken(const struct array *nodes, size_t count, size_t query, size_t source)
{
    for (size_t i = 0; i < count; i++) {
        const struct node *node = array_at(nodes, i);
        if (node->query == query && node->source == source) {
            return true;
        }
    }
    return false;
}

/* The first source of the name that no step before it reads, else the first. */
static void match(struct plan_facts *plan, size_t index)
{
    struct node *node = array_at(&plan->nodes, index);
    char *name = node_name(node->detail);
    bool free_one = false;
    node->query = node->source = SCOPE_NONE;
    for (size_t q = 0; name != NULL && q < scope_query_count(plan->scope); q++) {
        const struct scope_query *query = scope_query(plan->scope, q);
        for (size_t s = 0; s < query->sources.count && !free_one; s++) {
            bool taken = is_taken(&plan->nodes, index, q, s);
            if (is_called(array_at(&query->sources, s), name) &&
                (node->query == SCOPE_NONE || !taken)) {
                node->query = q;
                node->source = s;
                free_one = !taken;
            }
        }
    }
    free(name);
}

void plan_match(struct plan_facts *plan)
{
    for (size_t i = 0; i < plan->nodes.count; i++) {
        match(plan, i);
    }
}

static const struct scope_source *source_of(const struct plan_facts *plan,
                                            const struct node *node)
{
    return node->query != SCOPE_NONE
               ? array_at(&scope_query(plan->scope, node->query)->sources, node->source)
               : NULL;
}

/* ---- Rows ---- */

/* What runs within one parent: loops inside each other, SELECTs one after the other. */
struct frame {
    int id;
    double rows; /* of its loops so far: how often the next one runs */
    double sum;  /* of the sides of an OR that are done */
    bool is_or;
};

struct estimator {
    const struct plan_facts *plan;
    struct advice_plan *out;
    struct frame frames[DEEPEST];
    int depth;
    struct array made; /* of struct made: rows of subqueries */
};

struct made {
    char *name;
    double rows;
};

static double rows_made(const struct estimator *estimator, const char *name)
{
    for (size_t i = estimator->made.count; i-- > 0;) {
        const struct made *made = array_at(&estimator->made, i);
        if (string_equal_fold(made->name, name)) {
            return made->rows;
        }
    }
    return -1;
}

static double rows_of_table(const struct estimator *estimator,
                            const struct scope_source *source)
{
    const struct table_facts *facts =
        facts_table(estimator->plan->facts, source->schema, source->table);
    if (facts != NULL) {
        return (double)facts->rows;
    }
    for (size_t i = 0; i < estimator->plan->own.count; i++) {
        const struct own_table *own = array_at(&estimator->plan->own, i);
        const char *dot = strchr(own->name, '.');
        if (dot != NULL && string_equal_fold(dot + 1, source->table)) {
            return (double)own->rows;
        }
    }
    return -1;
}

static bool is_grouped(const struct plan_facts *plan, size_t index)
{
    const struct scope_query *query =
        index != SCOPE_NONE ? scope_query(plan->scope, index) : NULL;
    struct sql_token token;
    if (query == NULL) {
        return false;
    }
    size_t end = query->text.start + query->text.length;
    bool distinct = names_next(plan->sql, end, query->text.start, &token) &&
                    names_next(plan->sql, end, token.start + token.length, &token) &&
                    names_is(plan->sql, &token, "DISTINCT");
    return distinct || query->group.length > 0;
}

static double rows_in_all(const struct estimator *estimator, const struct node *node,
                          const char *name)
{
    const struct scope_source *source = source_of(estimator->plan, node);
    double rows = rows_made(estimator, name);
    bool is_made = source != NULL && source->kind != SCOPE_TABLE;
    if (is_made && source->query != SCOPE_NONE &&
        query_is_single(estimator->plan->scope, estimator->plan->sql, source->query)) {
        return 1;
    }
    if (rows < 0 && is_made && source->table != NULL) {
        rows = rows_made(estimator, source->table);
    }
    if (is_made && is_grouped(estimator->plan, source->query)) {
        double fewer = rows / 10 > fewest_groups ? rows / 10 : fewest_groups;
        rows = rows > fewer ? fewer : rows;
    }
    if (rows < 0 && source != NULL && source->kind == SCOPE_TABLE) {
        rows = rows_of_table(estimator, source);
    }
    return rows;
}

/* Rows that share the values a key is looked up with. */
static double rows_found(const struct estimator *estimator, const struct node *node,
                         double all)
{
    const struct scope_source *source = source_of(estimator->plan, node);
    const struct table_facts *facts =
        source != NULL && source->kind == SCOPE_TABLE
            ? facts_table(estimator->plan->facts, source->schema, source->table)
            : NULL;
    size_t others;
    struct array columns = node_columns(node->detail, &others);
    double found = columns.count > 0 || all < 0 ? 1 : all;
    bool one =
        strstr(node->detail, "(rowid=?)") != NULL ||
        (columns.count == 0 && others == 0 && strstr(node->detail, " USING ") != NULL) ||
        (facts != NULL && facts_is_key(estimator->plan->facts, facts, &columns));
    for (size_t i = 0; i < columns.count && facts != NULL && !one; i++) {
        double per_value = facts_per_value(facts, *(char **)array_at(&columns, i));
        bool better = per_value >= 1 && (i == 0 || per_value < found);
        found = better ? per_value : found;
    }
    for (size_t i = 0; i < others; i++) {
        found *= share_of_range;
    }
    sql_names_release(&columns);
    return one || found < 1 ? 1 : found;
}

static struct frame *frame_of(struct estimator *estimator, int id)
{
    while (estimator->depth > 0 && estimator->frames[estimator->depth].id != id) {
        const struct frame *done = &estimator->frames[estimator->depth--];
        struct frame *around = &estimator->frames[estimator->depth];
        around->sum += around->is_or ? done->rows : 0;
        around->rows = done->is_or && done->sum > around->rows ? done->sum : around->rows;
    }
    return &estimator->frames[estimator->depth];
}

/* Has the index been asked for it already? */
static bool is_looked_up(const struct node *node, const struct condition *condition)
{
    size_t others;
    struct array columns = node_columns(node->detail, &others);
    const char *column =
        condition->left.column != NULL ? condition->left.column : condition->right.column;
    bool is = others > 0 && !condition->is_equality;
    for (size_t i = 0; i < columns.count && !is; i++) {
        is = string_equal_fold(*(char **)array_at(&columns, i), column);
    }
    sql_names_release(&columns);
    return is;
}

static double share_of(const struct estimator *estimator, const struct node *node,
                       const struct condition *condition)
{
    const struct scope_source *source = source_of(estimator->plan, node);
    const struct table_facts *facts =
        source->kind == SCOPE_TABLE
            ? facts_table(estimator->plan->facts, source->schema, source->table)
            : NULL;
    const char *column =
        condition->left.column != NULL ? condition->left.column : condition->right.column;
    if (facts == NULL || facts->rows <= 0 || !condition->is_equality || column == NULL) {
        return share_of_filter;
    }
    double per_value = facts_per_value(facts, column);
    return per_value >= 1 ? per_value / (double)facts->rows : share_of_filter;
}

/* Which share of the rows the conditions on this table alone let pass, roughly. */
static double share_that_passes(const struct estimator *estimator,
                                const struct node *node)
{
    const struct scope_source *source = source_of(estimator->plan, node);
    double share = 1;
    if (source == NULL || node->source >= SOURCES_MOST) {
        return 1;
    }
    struct array conditions =
        conditions_read(estimator->plan->scope, estimator->plan->sql, node->query);
    for (size_t i = 0; i < conditions.count; i++) {
        const struct condition *one = array_at(&conditions, i);
        bool keeps = one->is_on && source->join == SCOPE_LEFT;
        if (one->sources == 1ull << node->source && !keeps && !is_looked_up(node, one)) {
            share *= share_of(estimator, node, one);
        }
    }
    conditions_release(&conditions);
    return share;
}

static void read_rows(struct estimator *estimator, const struct node *node,
                      struct advice_step *step, struct frame *frame)
{
    char *name = node_name(node->detail);
    double all = name != NULL ? rows_in_all(estimator, node, name) : 1;
    bool searches = string_starts(node->detail, "SEARCH ");
    double each = searches ? rows_found(estimator, node, all) : all;
    bool makes_index = strstr(node->detail, " AUTOMATIC ") != NULL && all > 0;
    step->is_read = true;
    step->estimated = each < 0 ? -1 : frame->rows * each + (makes_index ? all : 0);
    if (string_starts(node->detail, "BLOOM FILTER")) {
        step->estimated = all;
    } else if (each >= 0) {
        frame->rows *= each * share_that_passes(estimator, node);
        frame->rows = frame->rows < 1 ? 1 : frame->rows;
    }
    free(name);
}

/* A step that others belong to. */
static void enter(struct estimator *estimator, const struct node *node,
                  struct frame *frame)
{
    bool again = string_starts(node->detail, "CORRELATED ") ||
                 string_equal(node->detail, "MULTI-INDEX OR") ||
                 string_starts(node->detail, "INDEX ");
    if (estimator->depth + 1 < DEEPEST) {
        estimator->frames[++estimator->depth] =
            (struct frame){.id = node->id,
                           .rows = again ? frame->rows : 1,
                           .is_or = string_equal(node->detail, "MULTI-INDEX OR")};
    }
}

static const char *name_made(const char *detail)
{
    static const char *const starts[] = {"CO-ROUTINE ", "MATERIALIZE "};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (string_starts(detail, starts[i])) {
            return detail + strlen(starts[i]);
        }
    }
    return NULL;
}

/* How many rows come out of the steps below a node: what its largest loop reads. */
static double rows_out(const struct advice_plan *out, const struct array *nodes,
                       size_t index)
{
    const struct node *node = array_at(nodes, index);
    double most = 1;
    for (size_t i = index + 1; i < nodes->count; i++) {
        const struct node *below = array_at(nodes, i);
        const struct advice_step *step = array_at(&out->steps, i);
        if (below->depth <= node->depth) {
            break;
        }
        if (string_equal(below->detail, "RECURSIVE STEP")) {
            return fewest_groups; /* nobody knows when it ends */
        }
        most = step->is_read && step->estimated > most ? step->estimated : most;
    }
    return most;
}

/* Are all steps below it before `upto`? */
static bool is_complete(const struct array *nodes, size_t index, size_t upto)
{
    const struct node *node = array_at(nodes, index);
    for (size_t i = index + 1; i <= upto; i++) {
        if (((const struct node *)array_at(nodes, i))->depth <= node->depth) {
            return true;
        }
    }
    return false;
}

static void remember_made(struct estimator *estimator, size_t upto)
{
    const struct array *nodes = &estimator->plan->nodes;
    for (size_t i = 0; i < upto; i++) {
        const struct node *node = array_at(nodes, i);
        const char *name = name_made(node->detail);
        if (name != NULL && rows_made(estimator, name) < 0 &&
            is_complete(nodes, i, upto)) {
            struct made *made = array_push(&estimator->made);
            made->name = string_copy(name);
            made->rows = rows_out(estimator->out, nodes, i);
        }
    }
}

static void estimate_node(struct estimator *estimator, size_t index)
{
    const struct array *nodes = &estimator->plan->nodes;
    const struct node *node = array_at(nodes, index);
    const struct node *next = array_at(nodes, index + 1);
    struct advice_step *step = array_at(&estimator->out->steps, index);
    struct frame *frame = frame_of(estimator, node->parent);
    char *name = node_name(node->detail);
    step->estimated = -1;
    if (name != NULL) {
        remember_made(estimator, index);
        read_rows(estimator, node, step, frame);
    }
    if (next != NULL && next->depth > node->depth) {
        enter(estimator, node, frame);
    }
    free(name);
}

static void count_loops(const struct array *nodes, struct advice_plan *out)
{
    for (size_t i = 0; i < nodes->count; i++) {
        const struct node *node = array_at(nodes, i);
        struct advice_step *step = array_at(&out->steps, i);
        bool is_loop = step->is_read && !string_starts(node->detail, "BLOOM");
        for (size_t k = 0; k < i && is_loop; k++) {
            const struct node *earlier = array_at(nodes, k);
            const struct advice_step *other = array_at(&out->steps, k);
            step->loops += earlier->parent == node->parent && other->is_read &&
                           !string_starts(earlier->detail, "BLOOM");
        }
    }
}

void plan_estimate(const struct plan_facts *plan, struct advice_plan *out)
{
    struct estimator estimator = {
        .plan = plan, .out = out, .made = ARRAY_OF(struct made)};
    estimator.frames[0] = (struct frame){.id = 0, .rows = 1};
    bool known = true;
    out->rows = 0;
    for (size_t i = 0; i < plan->nodes.count; i++) {
        estimate_node(&estimator, i);
        const struct advice_step *step = array_at(&out->steps, i);
        const struct scope_source *source = source_of(plan, array_at(&plan->nodes, i));
        bool is_table = source != NULL && source->kind == SCOPE_TABLE;
        known = known && (!step->is_read || !is_table || step->estimated >= 0);
        out->rows += step->is_read && step->estimated > 0 ? step->estimated : 0;
    }
    out->rows = known ? out->rows : -1;
    count_loops(&plan->nodes, out);
    for (size_t i = 0; i < estimator.made.count; i++) {
        free(((struct made *)array_at(&estimator.made, i))->name);
    }
    array_release(&estimator.made);
}

void plan_mark(struct advice_plan *plan)
{
    struct advice_step *most = NULL;
    double sum = 0, top = 0;
    for (size_t i = 0; i < plan->steps.count; i++) {
        struct advice_step *step = array_at(&plan->steps, i);
        double cost = step->counted >= 0 ? (double)step->counted : step->estimated;
        sum += step->is_read && cost > 0 ? cost : 0;
        if (step->is_read && cost > top) {
            top = cost;
            most = step;
        }
        step->is_expensive = false;
    }
    if (most != NULL && top >= rows_worth_a_mark && top >= share_that_stands_out * sum) {
        most->is_expensive = true;
    }
}
