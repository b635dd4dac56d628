/* command: SQL that is kept under a name: queries (listing, running, saving, removing)
 * and snippets. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/saved.h"
#include "engine/snippet.h"

#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"name", "title", "question", "where", "products"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- saved ---- */

static bool list_saved(struct command_call *call, const struct array *queries,
                       struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < queries->count; i++) {
        const struct saved_query *query = array_at(queries, i);
        struct text products = {0};
        saved_put_products(query, &products);
        rows_add(rows, "sssss", query->name, query->title, query->description,
                 query->is_mine ? "mine" : "mesh", text_string(&products));
        text_release(&products);
    }
    if (!call_reply_rows(call, rows, columns, COLUMNS, err)) {
        return false;
    }
    call_done(call);
    return true;
}

static bool remove_saved(struct command_call *call, const struct saved_query *query,
                         struct error *err)
{
    if (!saved_remove(call->workbench->catalog, query, err)) {
        return false;
    }
    call_message(call, "%s is removed: %s", query->name, query->path);
    if (!query->is_mine) {
        return call_read_again(call, err);
    }
    workbench_changed(call->workbench, WORKBENCH_SAVED);
    call_done(call);
    return true;
}

static bool run_saved(struct command_call *call, const struct saved_query *query,
                      struct error *err)
{
    struct workbench *workbench = call->workbench;
    call->is_typed = call->spec.is_dialog && !call->spec.is_hidden;
    free(workbench->buffer);
    workbench->buffer = string_copy(query->sql);
    workbench_changed(workbench, WORKBENCH_BUFFER);
    return call_run_over(call, query->sql, NULL, err);
}

static bool do_saved(struct command_call *call, const struct saved_query *query,
                     struct error *err)
{
    if (call_has_flag(call, "--remove")) {
        return remove_saved(call, query, err);
    }
    if (!call_has_flag(call, "--show")) {
        return run_saved(call, query, err);
    }
    text_append(&call->reply.text, query->sql);
    call->reply.text_title = "Saved query";
    call->reply.view = "text";
    call_done(call);
    return true;
}

bool verb_saved(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    if (name == NULL && call->spec.has_screen) {
        text_append(&call->reply.action, "queries");
        call_done(call);
        return true;
    }
    struct array queries = saved_list(call->workbench->catalog);
    const struct saved_query *query =
        name != NULL ? saved_named(&queries, name, err) : NULL;
    bool done = name == NULL    ? list_saved(call, &queries, err)
                : query != NULL ? do_saved(call, query, err)
                                : false;
    saved_release(&queries);
    return done;
}

/* ---- save ---- */

/* The statement of the call, else what ran last: not a view of its rows, but itself. */
static char *sql_to_save(struct command_call *call, struct error *err)
{
    if (call_count(call) > 1 || call_has_flag(call, "-f")) {
        return call_sql(call, 1, err);
    }
    const struct workbench_result *shown = call->workbench->shown;
    while (shown != NULL && shown->below != NULL) {
        shown = shown->below;
    }
    if (shown == NULL) {
        error_set(err, ERROR_USAGE,
                  "save needs a statement: save NAME SQL, or -f FILE, or one that ran");
        return NULL;
    }
    return string_copy(shown->sql);
}

static bool save(struct command_call *call, const struct saved_spec *spec,
                 struct error *err)
{
    char *path;
    if (!saved_write(spec, &path, err)) {
        return false;
    }
    call_message(call, "saved as %s in %s; \"saved %s\" runs it", spec->name, path,
                 spec->name);
    free(path);
    if (!spec->is_mine) {
        return call_read_again(call, err);
    }
    workbench_changed(call->workbench, WORKBENCH_SAVED);
    call_done(call);
    return true;
}

bool verb_save(struct command_call *call, struct error *err)
{
    const char *in = command_flag_value(call, "--in");
    struct saved_spec spec = {
        .catalog = call->workbench->catalog,
        .name = call_word(call, 0),
        .title = command_flag_value(call, "--title"),
        .description = command_flag_value(call, "--description"),
        .is_mine = !string_equal(in, "mesh"),
        .replace = call_has_flag(call, "--replace"),
    };
    if (spec.name == NULL) {
        return error_set(err, ERROR_USAGE, "save needs a name: save NAME [SQL]");
    }
    if (in != NULL && !string_equal(in, "mesh") && !string_equal(in, "mine")) {
        return error_set(err, ERROR_USAGE, "--in is mesh or mine, not \"%s\"", in);
    }
    char *sql = sql_to_save(call, err);
    spec.sql = sql;
    bool done = sql != NULL && save(call, &spec, err);
    free(sql);
    return done;
}

/* ---- snippet ---- */

static bool list_snippets(struct command_call *call, const struct array *snippets,
                          struct error *err)
{
    static const char *const titles[] = {"name", "title", "where", "body"};
    struct rows *rows = rows_new(call->workbench->spool_folder, titles, 4, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < snippets->count; i++) {
        const struct snippet *snippet = array_at(snippets, i);
        rows_add(rows, "ssss", snippet->name, snippet->title,
                 snippet->is_mine ? "mine" : "builtin", snippet->body);
    }
    return call_reply_rows(call, rows, titles, 4, err);
}

static bool find_snippet(struct command_call *call, const struct array *snippets,
                         const char *name, struct error *err)
{
    const char **names = memory_new_many(snippets->count + 1, sizeof *names);
    const struct snippet *snippet = snippets_named(snippets, name);
    for (size_t i = 0; i < snippets->count; i++) {
        names[i] = ((struct snippet *)array_at(snippets, i))->name;
    }
    const char *near = snippet == NULL ? string_nearest(name, names) : NULL;
    if (snippet == NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no snippet %s%s%s%s \"snippet\" lists them", name,
                  near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                  near != NULL ? "?" : ";");
    } else if (call->spec.has_screen) {
        text_printf(&call->reply.action, "insert-snippet %s", name);
    } else {
        struct array places = ARRAY_OF(struct snippet_place);
        snippet_expand(snippet->body, "", &call->reply.text, &places);
        text_append_char(&call->reply.text, '\n');
        array_release(&places);
    }
    free(names);
    return snippet != NULL;
}

bool verb_snippet(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    struct array snippets = snippets_list(&call->reply.notes);
    bool done = true;
    if (name != NULL) {
        done = find_snippet(call, &snippets, name, err);
    } else if (call->spec.has_screen) {
        text_append(&call->reply.action, "snippets");
    } else {
        done = list_snippets(call, &snippets, err);
    }
    snippets_release(&snippets);
    if (done) {
        call_done(call);
    }
    return done;
}
