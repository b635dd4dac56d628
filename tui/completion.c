/* completion: gathers names that fit the place, ranks them, says what they are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/completion.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/cache.h"
#include "engine/sql.h"
#include "engine/store.h"
#include "tui/completion_hunt.h"
#include "tui/lineedit.h"

/* ---- Life ---- */

/* SQLite's functions, asked for once they are wanted: a start should not wait for them.
 */
static void read_functions(struct completion *completion)
{
    if (completion->functions.count > 0) {
        return;
    }
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    sqlite3_stmt *stmt =
        db != NULL
            ? store_prepare(
                  db,
                  "SELECT DISTINCT lower(name) FROM pragma_function_list "
                  "WHERE name GLOB '[a-zA-Z]*' AND name NOT GLOB '*[^a-zA-Z0-9_]*' "
                  "AND name NOT LIKE 'sqlite%' ORDER BY 1",
                  NULL)
            : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(&completion->functions) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    store_close(db);
}

struct completion *completion_new(const struct workbench *workbench)
{
    struct completion *completion = memory_new(sizeof *completion);
    completion->workbench = workbench;
    completion->functions = (struct array)ARRAY_OF(char *);
    return completion;
}

void completion_free(struct completion *completion)
{
    if (completion != NULL) {
        for (size_t i = 0; i < completion->functions.count; i++) {
            free(*(char **)array_at(&completion->functions, i));
        }
        array_release(&completion->functions);
        free(completion);
    }
}

/* ---- Gathering ---- */

/* The name as SQL needs it where the cursor stands. */
char *hunt_spell(const struct hunt *hunt, const char *name)
{
    struct text out = {0};
    if (hunt->quoted) {
        store_quote_name(&out, name);
        char *rest = string_copy(text_string(&out) + 1);
        text_release(&out);
        return rest;
    }
    sql_append_name(&out, name);
    return text_take(&out);
}

struct found *hunt_add(struct hunt *hunt, enum hunt_kind kind, const char *name)
{
    bool starts = strncasecmp(name, hunt->word, strlen(hunt->word)) == 0;
    if (name[0] == '\0' || (!starts && !string_contains_fold(name, hunt->word))) {
        return NULL;
    }
    struct found *found = array_push(&hunt->found);
    found->kind = kind;
    found->contains = !starts;
    found->order = hunt->found.count;
    return found;
}

void hunt_add_name(struct hunt *hunt, enum hunt_kind kind, const char *name, char *detail)
{
    struct found *found = hunt_add(hunt, kind, name);
    if (found == NULL) {
        free(detail);
        return;
    }
    found->text = hunt_spell(hunt, name);
    found->detail = detail;
}

/* Keywords in the case in which the person types. */
static void add_keywords(struct hunt *hunt)
{
    size_t count;
    const char *const *keywords = sql_keywords(&count);
    bool lower = hunt->word[0] >= 'a' && hunt->word[0] <= 'z';
    for (size_t i = 0; i < count; i++) {
        struct found *found = hunt_add(hunt, KIND_KEYWORD, keywords[i]);
        if (found == NULL) {
            continue;
        }
        found->text = string_copy(keywords[i]);
        found->detail = string_copy("keyword");
        for (char *c = found->text; lower && *c != '\0'; c++) {
            *c |= *c >= 'A' && *c <= 'Z' ? 0x20 : 0;
        }
    }
}

static void add_functions(struct hunt *hunt)
{
    read_functions(hunt->completion);
    const struct array *functions = &hunt->completion->functions;
    for (size_t i = 0; i < functions->count; i++) {
        const char *name = *(char **)array_at(functions, i);
        struct found *found = hunt_add(hunt, KIND_FUNCTION, name);
        if (found != NULL) {
            found->text = string_printf("%s(", name);
            found->detail = string_copy("function");
        }
    }
}

static void add_parameters(struct hunt *hunt)
{
    const struct array *parameters = &hunt->completion->workbench->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct workbench_parameter *parameter = array_at(parameters, i);
        char *name = string_printf("%c%s", hunt->word[0], parameter->name);
        struct found *found = hunt_add(hunt, KIND_COLUMN, name);
        if (found != NULL) {
            found->text = string_copy(name);
            found->detail = string_printf(
                "= %s", parameter->value != NULL ? parameter->value : "NULL");
        }
        free(name);
    }
}

/* ---- Out of the statement ---- */

static bool token_is_word(const struct hunt *hunt, const struct sql_token *token,
                          const char *word)
{
    return token->length == strlen(word) &&
           strncasecmp(hunt->text + token->start, word, token->length) == 0;
}

/* Names that WITH gives: a name, AS, an opening parenthesis. */
static void add_common_tables(struct hunt *hunt, const struct sql_span *span)
{
    struct sql_token token, name = {0}, as = {0};
    size_t end = span->start + span->length;
    for (size_t at = span->start; sql_next(hunt->text, end, at, &token);
         at = token.start + token.length) {
        if (token.kind == SQL_SPACE || token.kind == SQL_COMMENT) {
            continue;
        }
        if (name.kind == SQL_NAME && token_is_word(hunt, &as, "as") &&
            token_is_word(hunt, &token, "(")) {
            char *text = string_copy_bytes(hunt->text + name.start, name.length);
            hunt_add_name(hunt, KIND_SOURCE, text, string_copy("of this statement"));
            free(text);
        }
        name = as;
        as = token;
    }
}

static void add_columns_of(struct hunt *hunt, const struct sql_source *source)
{
    if (source->table == NULL) {
        return;
    }
    if (source->schema == NULL || string_equal_fold(source->schema, "main")) {
        hunt_workspace(hunt, source->table);
    } else {
        hunt_schema(hunt, source->schema, source->table);
    }
}

static bool source_is(const struct sql_source *source, const char *name)
{
    return string_equal_fold(source->alias != NULL ? source->alias : source->table, name);
}

/* Behind `name.`: columns of the table it stands for, else tables of a schema. */
static void add_behind_dot(struct hunt *hunt, const struct array *sources,
                           const char *name)
{
    bool stands = false;
    for (size_t i = 0; i < sources->count && !stands; i++) {
        const struct sql_source *source = array_at(sources, i);
        stands = source_is(source, name);
        if (stands) {
            add_columns_of(hunt, source);
        }
    }
    if (!stands && string_equal_fold(name, "main")) {
        hunt_workspace(hunt, NULL);
    } else if (!stands) {
        hunt_schema(hunt, name, NULL);
    }
}

static void add_anything(struct hunt *hunt, const struct array *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct sql_source *source = array_at(sources, i);
        const char *name = source->alias != NULL ? source->alias : source->table;
        add_columns_of(hunt, source);
        if (name != NULL) {
            hunt_add_name(
                hunt, KIND_SOURCE, name,
                string_printf("%s%s%s", source->schema != NULL ? source->schema : "",
                              source->schema != NULL ? "." : "",
                              source->table != NULL ? source->table : "a subquery"));
        }
    }
    if (!hunt->quoted) {
        add_keywords(hunt);
        add_functions(hunt);
    }
    if (hunt->word[0] != '\0') {
        hunt_schemas(hunt);
    }
}

static void add_tables(struct hunt *hunt, const struct sql_span *span)
{
    add_common_tables(hunt, span);
    hunt_workspace(hunt, NULL);
    hunt_schemas(hunt);
    hunt_tables_anywhere(hunt);
}

static void gather(struct hunt *hunt, const struct sql_context *context, size_t cursor)
{
    struct sql_span span = {0, hunt->length, false};
    if (hunt->word[0] == ':' || hunt->word[0] == '@' || hunt->word[0] == '$') {
        add_parameters(hunt);
        return;
    }
    sql_statement_at(hunt->text, hunt->length, cursor, &span);
    struct array sources = sql_sources(hunt->text + span.start, span.length);
    if (context->expectation == SQL_EXPECT_TABLE && context->qualifier == NULL) {
        add_tables(hunt, &span);
    } else if (context->expectation == SQL_EXPECT_TABLE) {
        struct array none = ARRAY_OF(struct sql_source);
        add_behind_dot(hunt, &none, context->qualifier);
    } else if (context->qualifier != NULL) {
        add_behind_dot(hunt, &sources, context->qualifier);
    } else {
        add_anything(hunt, &sources);
    }
    sql_sources_release(&sources);
}

/* ---- Ranking ---- */

static int by_rank(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    if (a->contains != b->contains) {
        return a->contains ? 1 : -1;
    }
    if (a->kind != b->kind) {
        return (int)a->kind - (int)b->kind;
    }
    return a->order < b->order ? -1 : 1;
}

static bool is_offered(const struct array *candidates, size_t first, const char *text)
{
    for (size_t i = first; i < candidates->count; i++) {
        const struct lineedit_candidate *candidate = array_at(candidates, i);
        if (string_equal_fold(candidate->text, text)) {
            return true;
        }
    }
    return false;
}

static void offer(const struct hunt *hunt, struct found *found, struct array *candidates)
{
    struct lineedit_candidate *candidate = array_push(candidates);
    candidate->text = found->text;
    candidate->detail = found->detail;
    found->text = found->detail = NULL;
    if (found->product != NULL) {
        const char *mesh = hunt->completion->workbench->mesh;
        char *file = cache_current(mesh, found->domain, found->product);
        if (file == NULL) {
            char *detail = string_printf("not here yet, %s", candidate->detail);
            free(candidate->detail);
            candidate->detail = detail;
        }
        free(file);
    }
}

static void rank(struct hunt *hunt, struct array *candidates)
{
    size_t first = candidates->count;
    if (hunt->found.count > 0) {
        qsort(hunt->found.items, hunt->found.count, sizeof(struct found), by_rank);
    }
    for (size_t i = 0; i < hunt->found.count; i++) {
        struct found *found = array_at(&hunt->found, i);
        if (candidates->count - first < COMPLETION_MOST &&
            !is_offered(candidates, first, found->text)) {
            offer(hunt, found, candidates);
        }
        free(found->text);
        free(found->detail);
        free(found->domain);
        free(found->product);
    }
    array_release(&hunt->found);
}

void completion_find(struct completion *completion, const char *text, size_t cursor,
                     size_t *word_start, struct array *candidates)
{
    struct sql_context context = {0};
    const struct workbench *workbench = completion->workbench;
    sql_context_at(text, strlen(text), cursor, &context);
    struct hunt hunt = {
        .completion = completion,
        .index = workbench->catalog != NULL ? catalog_database(workbench->catalog) : NULL,
        .text = text,
        .length = strlen(text),
        .word = string_copy_bytes(text + context.word_start, cursor - context.word_start),
        .quoted = context.word_start > 0 && text[context.word_start - 1] == '"',
        .found = ARRAY_OF(struct found),
    };
    gather(&hunt, &context, cursor);
    rank(&hunt, candidates);
    *word_start = context.word_start;
    free(hunt.word);
    sql_context_release(&context);
}
