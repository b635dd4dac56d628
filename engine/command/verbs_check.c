/* command: check, the rules of products and contracts on the data that are here.
 *
 * What is not here is brought first, in a job: the index of a contract that stands by
 * itself, a file of the person's own (--data), products whose files lie beside them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/command/check_report.h"
#include "engine/access.h"
#include "engine/get.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/secret.h"

enum { TELLS_PRODUCT, TELLS_TROUBLE };

struct check_state {
    const char *contract;    /* a descriptor by itself; NULL: products of the mesh */
    const char *data;        /* --data; NULL: what is in the cache */
    struct array products;   /* of char *, ids */
    struct array absent;     /* of char *: those that are not here */
    char *index, *file;      /* made for this call */
    struct catalog *catalog; /* of `contract` */
    struct array runs;       /* of struct check_run */
    struct text troubles;    /* what could not be fetched or checked, a line each */
    struct error error;      /* of the first product that could not be checked */
};

static void free_state(void *own)
{
    struct check_state *state = own;
    words_release(&state->products);
    words_release(&state->absent);
    check_runs_release(&state->runs);
    text_release(&state->troubles);
    catalog_close(state->catalog);
    free(state->index);
    free(state->file);
    free(state);
}

static void add_name(struct array *names, const char *name)
{
    *(char **)array_push(names) = string_copy(name);
}

/* ---- In the child: bring what is not here ---- */

/* The product of a contract by itself; those of the mesh wait for consent when they break
 * their contracts, but whoever names a contract wants its data judged. */
static void bring(const struct command_call *call, const char *index, const char *product,
                  struct job_port *port)
{
    struct get_spec spec = workbench_get_settings(call->workbench);
    struct get_report report = {0};
    struct error err = {0};
    spec.index = index != NULL ? index : call->workbench->index;
    spec.role = index != NULL ? NULL : call->workbench->role;
    spec.product = product;
    spec.is_implied = true;
    spec.accept = index != NULL;
    bool done = get_product(&spec, port, &report, &err);
    if (done && report.needs_consent) {
        error_set(&err, ERROR_FAILED,
                  "the data of %s break their contract so much that they did not become "
                  "current; \"get --accept %s\" takes them",
                  product, product);
    }
    if (err.kind != ERROR_NONE) {
        job_tell(port, TELLS_TROUBLE, err.message, strlen(err.message));
    }
    get_report_release(&report);
}

/* Which of the contract's tables a file is: the only one, or the one called so. */
static const struct catalog_table *table_of(const struct catalog_product *product,
                                            const char *file, struct error *err)
{
    char *stem = path_stem(file);
    char *name = catalog_sql_name(stem);
    const struct catalog_table *found =
        product->tables.count == 1 ? array_at(&product->tables, 0) : NULL;
    for (size_t i = 0; found == NULL && i < product->tables.count; i++) {
        const struct catalog_table *table = array_at(&product->tables, i);
        if (string_equal_fold(table->sql_name, name) ||
            string_equal_fold(table->name, stem) ||
            string_equal_fold(table->physical_name, stem)) {
            found = table;
        }
    }
    if (found == NULL) {
        error_set(err, ERROR_USAGE,
                  "%s has %zu tables, and none of them is called %s: name the file like "
                  "its table, or give an SQLite file with all of them",
                  product->entry.id, product->tables.count, stem);
    }
    free(name);
    free(stem);
    return found;
}

static bool import_rows(const struct catalog_product *product, const char *path,
                        struct access_file *file, const char *out, struct job_port *port,
                        struct error *err)
{
    const struct catalog_table *table = table_of(product, path, err);
    struct import_report report = {0};
    struct array files = ARRAY_OF(struct access_file);
    *(struct access_file *)array_push(&files) = *file;
    struct import_spec spec = {.table = table != NULL ? table->sql_name : NULL,
                               .format = import_format_of(path, file->fd),
                               .columns = table != NULL ? &table->columns : NULL,
                               .dialect = table != NULL ? &table->dialect : NULL,
                               .files = &files};
    bool done = table != NULL && import_table(out, &spec, port, &report, err);
    if (done && report.rejected > 0) {
        char *trouble = string_printf("%lld of %lld rows of %s were rejected and are not "
                                      "checked; import --rejects lists them",
                                      report.rejected, report.read, path);
        job_tell(port, TELLS_TROUBLE, trouble, strlen(trouble));
        free(trouble);
    }
    import_report_release(&report);
    array_release(&files);
    return done;
}

static bool import_data(const struct catalog *catalog, const char *id,
                        const struct check_state *state, struct job_port *port,
                        struct error *err)
{
    struct catalog_product product = {0};
    struct access_file file = {.fd = open(state->data, O_RDONLY | O_CLOEXEC | O_NONBLOCK),
                               .bytes = -1};
    struct stat info;
    if (file.fd < 0 || fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        error_set(err, ERROR_FAILED,
                  "could not read the data %s: it is no file that can "
                  "be opened",
                  state->data);
        if (file.fd >= 0) {
            close(file.fd);
        }
        return false;
    }
    file.path = string_copy(state->data);
    bool done =
        import_is_sqlite(file.fd)
            ? import_sqlite(state->file, file.fd, state->data, port, err)
            : catalog_product(catalog, id, &product, err) &&
                  import_rows(&product, state->data, &file, state->file, port, err);
    catalog_product_release(&product);
    free(file.path);
    close(file.fd);
    return done;
}

/* The products of a contract that stands by itself. */
static bool read_contract(const struct check_state *state, struct catalog **catalog,
                          struct array *products, struct job_port *port,
                          struct error *err)
{
    *catalog = catalog_build(state->contract, state->index, port, err)
                   ? catalog_open(state->index, err)
                   : NULL;
    if (*catalog == NULL) {
        return false;
    }
    struct array entries = catalog_list(*catalog, &(struct catalog_filter){0});
    for (size_t i = 0; i < entries.count; i++) {
        const struct catalog_entry *entry = array_at(&entries, i);
        add_name(products, entry->id);
        job_tell(port, TELLS_PRODUCT, entry->id, strlen(entry->id));
    }
    catalog_entries_release(&entries);
    return products->count > 0 ||
           error_set(err, ERROR_FAILED,
                     "%s describes no product and no contract that could be checked; "
                     "\"lint\" tells why",
                     state->contract);
}

static bool prepare_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct command_call *call = argument;
    const struct check_state *state = call->own;
    struct array products = ARRAY_OF(char *);
    struct catalog *catalog = NULL;
    secret_guard_process();
    bool done = state->contract != NULL
                    ? read_contract(state, &catalog, &products, port, err)
                    : true;
    const struct catalog *used = catalog != NULL ? catalog : call->workbench->catalog;
    const struct array *all = catalog != NULL ? &products : &state->products;
    const struct array *absent = catalog != NULL ? &products : &state->absent;
    if (done && state->data != NULL) {
        done = import_data(used, *(char **)array_at(all, 0), state, port, err);
    } else {
        for (size_t i = 0; done && i < absent->count && !job_cancelled(port); i++) {
            bring(call, catalog != NULL ? state->index : NULL,
                  *(char **)array_at(absent, i), port);
        }
    }
    catalog_close(catalog);
    words_release(&products);
    return done;
}

/* ---- The end ---- */

static void add_trouble(struct check_state *state, const char *sentence)
{
    text_printf(&state->troubles, "%s%s", state->troubles.length > 0 ? "\n" : "",
                sentence);
}

static bool show_runs(struct command_call *call, struct error *err)
{
    struct check_state *state = call->own;
    const char *format = command_flag_value(call, "--format");
    if (string_equal(format, "junit")) {
        check_report_junit(&state->runs, &call->reply.text);
        call->reply.text_title = "Checks";
        call->reply.view = "text";
        return true;
    }
    bool full = format != NULL && !string_equal(format, "table");
    call->rows =
        check_report_rows(call->workbench->spool_folder, &state->runs, full, err);
    call->reply.result = call->rows;
    call->reply.view = "grid";
    return call->rows != NULL;
}

static const char *first_reason(const struct check_state *state)
{
    const struct check_run *run = array_at(&state->runs, 0);
    const struct quality_check *check = run != NULL ? array_at(&run->checks, 0) : NULL;
    return check != NULL && check->reason != NULL ? check->reason : "nobody knows why";
}

/* Worst first: what could not be checked is no pass. */
static void set_verdict(struct command_call *call)
{
    const struct check_state *state = call->own;
    struct quality_totals totals =
        check_report_totals(&state->runs, &call->reply.message);
    text_append(&call->reply.notes, text_string(&state->troubles));
    if (state->error.kind != ERROR_NONE) {
        call->reply.error = state->error;
    } else if (totals.checks == 0) {
        error_set(&call->reply.error, ERROR_USAGE,
                  "nothing was checked: there is no contract with a schema or a rule");
    } else if (totals.failed + totals.errors > 0) {
        error_set(&call->reply.error, ERROR_VERDICT, "%s",
                  text_string(&call->reply.message));
    } else if (totals.not_run == totals.checks) {
        bool is_told = state->troubles.length > 0;
        error_set(&call->reply.error, ERROR_FAILED, "nothing could be checked: %s",
                  is_told ? text_string(&state->troubles) : first_reason(state));
        text_clear(&call->reply.notes);
    }
}

static void conclude(struct command_call *call)
{
    struct error err = {0};
    struct check_state *state = call->own;
    if (state->runs.count == 0 && state->error.kind != ERROR_NONE) {
        call_fail(call, &state->error);
    } else if (!show_runs(call, &err)) {
        call_fail(call, &err);
    } else {
        set_verdict(call);
        call_done(call);
    }
}

/* Of many products, some may have nothing that was asked for. */
static bool on_checked(void *owner, const char *product, struct array *checks,
                       double seconds, const struct error *err)
{
    struct command_call *call = owner;
    struct check_state *state = call->own;
    if (checks == NULL || checks->count == 0) {
        bool is_one_of_many = state->products.count > 1;
        bool is_unasked = err == NULL || err->kind == ERROR_USAGE;
        if (err != NULL && !(is_one_of_many && is_unasked)) {
            add_trouble(state, err->message);
            state->error = state->error.kind != ERROR_NONE ? state->error : *err;
        }
        return false;
    }
    *(struct check_run *)array_push(&state->runs) =
        (struct check_run){string_copy(product), *checks, seconds};
    return true;
}

static void on_checks_end(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct error err = *job_error(job);
    call->job = NULL;
    if (job_state(job) == JOB_DONE) {
        conclude(call);
    } else {
        call_fail(call, &err);
    }
}

/* ---- The way there ---- */

static bool run_checks(struct command_call *call, struct error *err)
{
    const struct check_state *state = call->own;
    const struct workbench_check_spec spec = {
        .quality = {.catalog = state->catalog,
                    .file = state->file,
                    .selection = {.rule = command_flag_value(call, "--rule"),
                                  .tag = command_flag_value(call, "--tag"),
                                  .dimension = command_flag_value(call, "--dimension"),
                                  .object = command_flag_value(call, "--object")}},
        .products = &state->products,
        .is_aside = state->catalog != NULL || state->file != NULL,
        .checked = on_checked,
        .finished = on_checks_end,
        .owner = call,
    };
    call->job = workbench_check(call->workbench, &spec, err);
    return call->job != NULL;
}

static void on_prepared(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct check_state *state = call->own;
    struct error err = *job_error(job);
    bool done = job_state(job) == JOB_DONE;
    call->job = NULL;
    if (done && state->contract != NULL) {
        state->catalog = catalog_open(state->index, &err);
        done = state->catalog != NULL;
    }
    if (!done || !run_checks(call, &err)) {
        call_fail(call, &err);
    }
    workbench_changed(call->workbench, WORKBENCH_JOBS | WORKBENCH_CACHE);
}

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct command_call *call = owner;
    struct check_state *state = call->own;
    char *text = string_copy_bytes(bytes, length);
    (void)job;
    if (type == TELLS_PRODUCT) {
        add_name(&state->products, text);
    } else {
        add_trouble(state, text);
    }
    free(text);
}

static void on_prepare_progress(void *owner, struct job *job)
{
    const struct command_call *call = owner;
    (void)job;
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

static bool prepare(struct command_call *call, struct error *err)
{
    struct job_spec spec = {.title = "prepare checks",
                            .run = prepare_in_child,
                            .argument = call,
                            .progressed = on_prepare_progress,
                            .received = on_told,
                            .finished = on_prepared,
                            .owner = call};
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    return call->job != NULL;
}

/* ---- Words ---- */

static bool is_descriptor(const char *word)
{
    return (string_ends(word, ".yaml") || string_ends(word, ".yml") ||
            string_ends(word, ".json")) &&
           path_exists(word);
}

static void add_product(struct check_state *state, const struct workbench *workbench,
                        const struct catalog_entry *entry)
{
    add_name(&state->products, entry->id);
    if (state->data == NULL && options_flag(workbench->options, "autofetch") &&
        !workbench_is_here(workbench, entry)) {
        add_name(&state->absent, entry->id);
    }
}

static void add_all(struct check_state *state, const struct workbench *workbench)
{
    struct array entries = catalog_list(workbench->catalog, &(struct catalog_filter){0});
    for (size_t i = 0; i < entries.count; i++) {
        add_product(state, workbench, array_at(&entries, i));
    }
    catalog_entries_release(&entries);
}

static bool add_named(struct check_state *state, const struct workbench *workbench,
                      const char *name, struct error *err)
{
    struct catalog_entry entry = {0};
    bool found = catalog_find(workbench->catalog, name, &entry, err);
    if (found) {
        add_product(state, workbench, &entry);
    }
    catalog_entry_release(&entry);
    return found;
}

static bool read_words(struct command_call *call, struct error *err)
{
    struct check_state *state = call->own;
    const struct workbench *workbench = call->workbench;
    const char *first = call_word(call, 0);
    bool all = call_has_flag(call, "--all");
    if (first != NULL && call_count(call) == 1 && is_descriptor(first)) {
        state->contract = first;
        state->index =
            string_printf("%s/check-%p.index", workbench->spool_folder, (void *)state);
        return true;
    }
    if (workbench->catalog == NULL) {
        return error_set(err, ERROR_USAGE,
                         "check needs a mesh (--mesh FOLDER) or a contract: check "
                         "CONTRACT.yaml --data FILE");
    }
    if (!workbench_has_role(workbench, err)) {
        return false;
    }
    if (all) {
        add_all(state, workbench);
    } else if (first == NULL && workbench->product != NULL) {
        return add_named(state, workbench, workbench->product, err);
    } else if (first == NULL) {
        return error_set(err, ERROR_USAGE,
                         "check what? products, a contract's file, or --all");
    }
    for (size_t i = 0; i < call_count(call); i++) {
        if (!add_named(state, workbench, call_word(call, i), err)) {
            return false;
        }
    }
    return true;
}

static bool start_checks(struct command_call *call, struct error *err)
{
    struct check_state *state = memory_new(sizeof *state);
    state->products = (struct array)ARRAY_OF(char *);
    state->absent = (struct array)ARRAY_OF(char *);
    state->runs = (struct array)ARRAY_OF(struct check_run);
    state->data = command_flag_value(call, "--data");
    call->own = state;
    call->free_own = free_state;
    if (!read_words(call, err)) {
        return false;
    }
    if (state->data != NULL && state->contract == NULL && state->products.count != 1) {
        return error_set(err, ERROR_USAGE,
                         "--data is the data of one product or contract");
    }
    if (state->data != NULL) {
        state->file =
            string_printf("%s/check-%p.db", call->workbench->spool_folder, (void *)state);
    }
    bool prepares =
        state->contract != NULL || state->data != NULL || state->absent.count > 0;
    return prepares ? prepare(call, err) : run_checks(call, err);
}

bool verb_check(struct command_call *call, struct error *err)
{
    bool is_asked = false;
    bool has_mesh = call->workbench->catalog != NULL;
    bool done = !has_mesh || check_otherwise(call, &is_asked, err);
    return is_asked ? done : start_checks(call, err);
}
