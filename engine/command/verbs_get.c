/* command: get, which brings products here, several at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/get.h"

#include <stdlib.h>
#include <string.h>

enum {
    AT_ONCE = 4,
    FEW = 8, /* more than so many are asked in one job, over kept connections */
};

/* One product on its way. */
struct one {
    struct command_call *call;
    char *product;
    struct job *job; /* NULL: not started, or over */
    struct text message;
    bool failed, needs_consent;
    struct error err;
};

struct get_state {
    struct array ones; /* of struct one * */
    size_t next, running, failed, refused;
    struct job *look;
    bool is_cancelled;
};

static void start_some(struct command_call *call);

static void free_state(void *own)
{
    struct get_state *state = own;
    for (size_t i = 0; i < state->ones.count; i++) {
        struct one *one = *(struct one **)array_at(&state->ones, i);
        text_release(&one->message);
        free(one->product);
        free(one);
    }
    array_release(&state->ones);
    free(state);
}

static void add_one(struct command_call *call, const char *product)
{
    struct get_state *state = call->own;
    struct one *one = memory_new(sizeof *one);
    one->call = call;
    one->product = string_copy(product);
    *(struct one **)array_push(&state->ones) = one;
}

/* ---- What is told of one ---- */

static void end_lines(struct text *message)
{
    while (message->length > 0 && message->data[message->length - 1] == '\n') {
        text_truncate(message, message->length - 1);
    }
}

static void append_lines(struct text *message, const char *head, const struct text *lines)
{
    if (lines->length > 0) {
        text_printf(message, "\n%s%s", head, text_string(lines));
        end_lines(message);
    }
}

/* "2 tables, 16,000 rows, 1 file" */
static void append_amount(struct text *message, const struct get_report *report,
                          bool with_tables)
{
    bool has_rows = report->tables > 0 || report->files == 0;
    if (has_rows && with_tables) {
        text_append_count(message, report->tables, "table");
        text_append(message, ", ");
    }
    if (has_rows) {
        text_append_count(message, report->rows, "row");
    }
    if (report->files > 0) {
        text_append(message, has_rows ? ", " : "");
        text_append_count(message, report->files, "file");
    }
}

static void describe_report(struct one *one, const struct get_report *report)
{
    char seconds[32];
    struct text *message = &one->message;
    if (report->was_current) {
        text_printf(message, "%s is here already: ", report->product);
        append_amount(message, report, false);
    } else if (report->needs_consent) {
        text_printf(message,
                    "the new version of %s breaks its contract and did not become "
                    "current; look at it, then \"get --accept %s\" takes it",
                    report->product, report->product);
    } else {
        text_printf(message, "got %s: ", report->product);
        append_amount(message, report, true);
        text_printf(message, " in %s",
                    string_of_seconds(report->seconds, seconds, sizeof seconds));
    }
    if (report->rejected > 0 && !report->needs_consent) {
        text_append(message, ", ");
        text_append_count(message, report->rejected, "row");
        text_append(message, " rejected (see mwb_reject)");
    }
    append_lines(message, "", &report->broken);
    append_lines(message, report->drift.length > 0 ? "since the version before:\n" : "",
                 &report->drift);
    append_lines(message, "", &report->notes);
}

/* ---- All are over ---- */

/* On the screen a dialog shows what changed: its first line is the products. */
static void ask_consent(struct command_call *call)
{
    struct get_state *state = call->own;
    struct text *action = &call->reply.action;
    struct text changes = {0};
    if (!call->spec.has_screen) {
        return;
    }
    text_append(action, "consent ");
    for (size_t i = 0; i < state->ones.count; i++) {
        const struct one *one = *(struct one **)array_at(&state->ones, i);
        if (one->needs_consent) {
            text_printf(action, "%s%s", changes.length > 0 ? "\t" : "", one->product);
            text_printf(&changes, "%s\n\n", text_string(&one->message));
        }
    }
    text_printf(action, "\n%s", text_string(&changes));
    text_release(&changes);
    text_clear(&call->reply.message);
    call_message(call, "a new version waits for consent");
}

/* --to FOLDER */
static bool save_all(struct command_call *call, struct error *err)
{
    const struct get_state *state = call->own;
    const char *folder = command_flag_value(call, "--to");
    bool done = true;
    for (size_t i = 0; folder != NULL && done && i < state->ones.count; i++) {
        const struct one *one = *(struct one **)array_at(&state->ones, i);
        struct catalog_entry entry;
        done = catalog_find(call->workbench->catalog, one->product, &entry, err);
        if (done) {
            done = files_save(call, &entry, folder, err);
            catalog_entry_release(&entry);
        }
    }
    return done;
}

static void conclude(struct command_call *call)
{
    struct get_state *state = call->own;
    struct text *message = &call->reply.message;
    const struct one *first = NULL;
    struct error late = {0};
    for (size_t i = 0; i < state->ones.count; i++) {
        const struct one *one = *(struct one **)array_at(&state->ones, i);
        if (one->message.length > 0) {
            text_append(message, message->length > 0 ? "\n" : "");
            text_append(message, text_string(&one->message));
        }
        first = one->failed && first == NULL ? one : first;
    }
    if (first == NULL && !save_all(call, &late)) {
        call_fail(call, &late);
        return;
    }
    if (first == NULL) {
        if (state->refused > 0) {
            error_set(&call->reply.error, ERROR_VERDICT, "a contract is broken");
            ask_consent(call);
        }
        call_done(call);
        return;
    }
    struct error err = first->err;
    if (state->ones.count > 1 && err.kind != ERROR_CANCELLED) {
        error_set(&err, err.kind, "%zu of %zu products could not be had; the first: %s",
                  state->failed, state->ones.count, first->err.message);
    }
    call_fail(call, &err);
}

static void on_got(void *owner, struct job *job, const struct get_report *report)
{
    struct one *one = owner;
    struct get_state *state = one->call->own;
    one->job = NULL;
    state->running--;
    if (report == NULL) {
        one->failed = true;
        one->err = *job_error(job);
        state->failed++;
        if (state->ones.count > 1) {
            text_append(&one->message, one->err.message);
        }
    } else {
        state->refused += report->needs_consent ? 1 : 0;
        one->needs_consent = report->needs_consent;
        describe_report(one, report);
    }
    start_some(one->call);
}

static bool start_one(struct one *one, struct error *err)
{
    struct workbench_get_spec spec = {
        .product = one->product,
        .refresh = call_has_flag(one->call, "--refresh"),
        .again = call_has_flag(one->call, "--again"),
        .accept = call_has_flag(one->call, "--accept"),
        .finished = on_got,
        .owner = one,
    };
    one->job = workbench_get_product(one->call->workbench, &spec, err);
    return one->job != NULL;
}

static void start_some(struct command_call *call)
{
    struct get_state *state = call->own;
    while (!state->is_cancelled && state->running < AT_ONCE &&
           state->next < state->ones.count) {
        struct one *one = *(struct one **)array_at(&state->ones, state->next++);
        if (start_one(one, &one->err)) {
            state->running++;
        } else {
            one->failed = true;
            state->failed++;
        }
    }
    if (state->running == 0) {
        conclude(call);
    }
}

static void cancel(struct command_call *call)
{
    struct get_state *state = call->own;
    state->is_cancelled = true;
    if (state->look != NULL) {
        job_cancel(state->look);
    }
    for (size_t i = 0; i < state->ones.count; i++) {
        struct one *one = *(struct one **)array_at(&state->ones, i);
        if (one->job != NULL) {
            job_cancel(one->job);
        }
    }
}

/* ---- Which ones ---- */

/* NAME@VERSION: the catalog describes one version, and says which. */
static bool check_version(const struct catalog_entry *entry, const char *version,
                          struct error *err)
{
    if (version == NULL || string_equal(entry->version, version)) {
        return true;
    }
    return error_set(err, ERROR_FAILED, "%s is offered as version %s, not %s", entry->id,
                     entry->version != NULL ? entry->version : "(none declared)",
                     version);
}

static bool add_named(struct command_call *call, const char *word, struct error *err)
{
    char *name = string_copy(word);
    char *sign = strrchr(name, '@');
    if (sign != NULL) {
        *sign++ = '\0';
    }
    struct catalog_entry entry;
    bool found = catalog_find(call->workbench->catalog, name, &entry, err);
    if (found) {
        found = check_version(&entry, sign, err);
        if (found) {
            add_one(call, entry.id);
        }
        catalog_entry_release(&entry);
    }
    free(name);
    return found;
}

/* With --refresh those that are here: the others were never asked for. */
static void add_all(struct command_call *call)
{
    bool only_here = call_has_flag(call, "--refresh");
    struct catalog_filter everything = {0};
    struct array entries = catalog_list(call->workbench->catalog, &everything);
    bool *here = memory_new((entries.count + 1) * sizeof(bool));
    workbench_find_here(call->workbench, &entries, here);
    for (size_t i = 0; i < entries.count; i++) {
        const struct catalog_entry *entry = array_at(&entries, i);
        if (here[i] || !only_here) {
            add_one(call, entry->id);
        }
    }
    free(here);
    catalog_entries_release(&entries);
}

/* ---- The plan ---- */

static const char *const plan_columns[] = {"product", "here",   "files",  "bytes",
                                           "free",    "source", "problem"};
enum { PLAN_COLUMNS = sizeof plan_columns / sizeof *plan_columns };

static void add_plan(struct rows *rows, const struct workbench *workbench,
                     const struct one *one)
{
    struct get_spec spec = {
        .index = workbench->index, .product = one->product, .role = workbench->role};
    struct get_plan plan = {0};
    struct error err = {0};
    if (!get_plan(&spec, &plan, &err)) {
        rows_add(rows, "snnnnns", one->product, err.message);
    } else {
        char *bytes = plan.bytes >= 0 ? string_printf("%lld", plan.bytes) : NULL;
        char *room = plan.room >= 0 ? string_printf("%lld", plan.room) : NULL;
        rows_add(rows, "sslsssn", one->product, plan.is_here ? "yes" : "no",
                 (long long)plan.files, bytes, room,
                 plan.is_remote ? "elsewhere" : "local");
        free(bytes);
        free(room);
    }
    get_plan_release(&plan);
}

static bool show_plan(struct command_call *call, struct error *err)
{
    struct get_state *state = call->own;
    struct rows *rows =
        rows_new(call->workbench->spool_folder, plan_columns, PLAN_COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < state->ones.count; i++) {
        add_plan(rows, call->workbench, *(struct one **)array_at(&state->ones, i));
    }
    char *file = string_copy(rows_file(rows));
    if (rows_close(rows, err)) {
        call->rows = rows_open(file, plan_columns, PLAN_COLUMNS, err);
        call->reply.result = call->rows;
    }
    free(file);
    if (call->rows != NULL) {
        call_done(call);
    }
    return call->rows != NULL;
}

/* ---- Asking many sources first ---- */

static bool is_line_of(const char *lines, const char *line)
{
    size_t length = strlen(line);
    for (const char *at = lines; *at != '\0';
         at += strcspn(at, "\n"), at += *at == '\n') {
        if (strncmp(at, line, length) == 0 && at[length] == '\n') {
            return true;
        }
    }
    return false;
}

static void keep_only(struct get_state *state, const char *lines)
{
    struct array kept = ARRAY_OF(struct one *);
    for (size_t i = 0; i < state->ones.count; i++) {
        struct one *one = *(struct one **)array_at(&state->ones, i);
        if (is_line_of(lines, one->product)) {
            *(struct one **)array_push(&kept) = one;
        } else {
            text_release(&one->message);
            free(one->product);
            free(one);
        }
    }
    array_release(&state->ones);
    state->ones = kept;
}

static void on_looked(void *owner, struct job *job, const char *changed,
                      const char *failed)
{
    struct command_call *call = owner;
    struct get_state *state = call->own;
    size_t asked = state->ones.count;
    state->look = NULL;
    if (job_state(job) != JOB_DONE) {
        call_fail(call, job_error(job));
        return;
    }
    keep_only(state, changed);
    text_append_count(&call->reply.message, (long long)asked, "product");
    text_append(&call->reply.message, " looked at, ");
    text_append_count(&call->reply.message, (long long)state->ones.count, "change");
    text_append(&call->reply.message, failed[0] != '\0' ? "; could not be asked:\n" : "");
    text_append(&call->reply.message, failed);
    end_lines(&call->reply.message);
    start_some(call);
}

static bool look_first(struct command_call *call, struct error *err)
{
    struct get_state *state = call->own;
    struct array products = ARRAY_OF(const char *);
    for (size_t i = 0; i < state->ones.count; i++) {
        *(const char **)array_push(&products) =
            (*(struct one **)array_at(&state->ones, i))->product;
    }
    struct workbench_look_spec spec = {
        .products = &products, .finished = on_looked, .owner = call};
    state->look = workbench_look(call->workbench, &spec, err);
    array_release(&products);
    return state->look != NULL;
}

/* ---- The verb ---- */

static bool gather(struct command_call *call, struct error *err)
{
    if (call_has_flag(call, "--all")) {
        if (call_count(call) > 0) {
            return error_set(err, ERROR_USAGE, "get takes products or --all, not both");
        }
        add_all(call);
        return true;
    }
    if (call_count(call) == 0 && call->workbench->product != NULL) {
        add_one(call, call->workbench->product);
    }
    for (size_t i = 0; i < call_count(call); i++) {
        if (!add_named(call, call_word(call, i), err)) {
            return false;
        }
    }
    struct get_state *state = call->own;
    return state->ones.count > 0 ||
           error_set(err, ERROR_USAGE, "get needs a product: get DOMAIN/NAME");
}

bool verb_get(struct command_call *call, struct error *err)
{
    struct get_state *state = memory_new(sizeof *state);
    state->ones = (struct array)ARRAY_OF(struct one *);
    call->own = state;
    call->free_own = free_state;
    call->cancel = cancel;
    if (!gather(call, err)) {
        return false;
    }
    if (call_has_flag(call, "--plan")) {
        return show_plan(call, err);
    }
    if (call_has_flag(call, "--refresh") && state->ones.count > FEW) {
        return look_first(call, err);
    }
    start_some(call);
    return true;
}
