/* command: lint, and what explains it: rules and fields.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/command/junit.h"
#include "engine/lint.h"
#include "engine/path.h"
#include "engine/standard.h"

/* ---- lint: in a child, for descriptors are hostile ---- */

static const char *const lint_columns[] = {"path", "line",     "column", "severity",
                                           "rule", "sentence", "fix"};
enum { LINT_COLUMNS = sizeof lint_columns / sizeof *lint_columns };
enum { TELLS_COUNTS, TELLS_ROWS, TELLS_JUNIT };
enum { MOST_JUNIT_BYTES = 1 << 30 };

struct lint_work {
    struct catalog_lint_spec spec;
    const char *rule; /* only findings of this one */
    bool errors_only, is_junit;
    char *folder; /* for the files of the answer */
    char *file;   /* the answer: rows, or XML */
    long long errors, warnings;
};

struct lint_counts {
    long long errors, warnings;
};

/* Keeps the findings that were asked for. */
static void choose(const struct lint_work *work, struct array *findings,
                   struct lint_counts *counts)
{
    struct array chosen = ARRAY_OF(struct finding), others = ARRAY_OF(struct finding);
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        bool wanted = (work->rule == NULL || string_equal(work->rule, finding->rule)) &&
                      (finding->is_error || !work->errors_only);
        *(struct finding *)array_push(wanted ? &chosen : &others) = *finding;
        counts->errors += wanted && finding->is_error;
        counts->warnings += wanted && !finding->is_error;
    }
    array_release(findings);
    findings_release(&others);
    *findings = chosen;
}

static bool write_rows(const struct lint_work *work, const struct array *findings,
                       struct job_port *port, struct error *err)
{
    struct rows *rows = rows_new(work->folder, lint_columns, LINT_COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        rows_add(rows, "sllssss", finding->path, (long long)finding->line,
                 (long long)finding->column, finding->is_error ? "error" : "warning",
                 finding->rule, finding->sentence, finding->fix);
    }
    if (rows != NULL) {
        job_tell(port, TELLS_ROWS, rows_file(rows), strlen(rows_file(rows)));
    }
    return rows != NULL && rows_close(rows, err);
}

static bool write_junit(const struct lint_work *work, const struct array *findings,
                        struct job_port *port, struct error *err)
{
    struct text xml = {0};
    char *file = string_printf("%s/lint.xml", work->folder);
    junit_append(&xml, findings, work->spec.files);
    bool done = path_write_file(file, text_string(&xml), xml.length, 0600, err);
    job_tell(port, TELLS_JUNIT, file, strlen(file));
    text_release(&xml);
    free(file);
    return done;
}

static bool lint_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct lint_work *work = argument;
    struct array findings = ARRAY_OF(struct finding), files = ARRAY_OF(char *);
    struct lint_counts counts = {0};
    work->spec.port = port;
    work->spec.files = &files;
    bool done = catalog_lint(&work->spec, &findings, err);
    if (done) {
        choose(work, &findings, &counts);
        done = work->is_junit ? write_junit(work, &findings, port, err)
                              : write_rows(work, &findings, port, err);
        job_tell(port, TELLS_COUNTS, &counts, sizeof counts);
    }
    findings_release(&findings);
    words_release(&files);
    return done;
}

static void on_findings(void *owner, struct job *job, int type, const void *bytes,
                        size_t length)
{
    (void)job;
    struct command_call *call = owner;
    struct lint_work *work = call->own;
    if (type != TELLS_COUNTS) {
        free(work->file);
        work->file = string_copy_bytes(bytes, length);
    } else if (length == sizeof(struct lint_counts)) {
        struct lint_counts counts;
        memcpy(&counts, bytes, sizeof counts);
        work->errors = counts.errors;
        work->warnings = counts.warnings;
    }
}

/* file:line:column: error: sentence [rule], and below it the fix. */
static void print_finding(struct text *out, const struct result_cell *cells)
{
    text_append_bytes(out, cells[0].bytes, cells[0].length);
    text_printf(out, ":%.*s:%.*s: %.*s: ", (int)cells[1].length, cells[1].bytes,
                (int)cells[2].length, cells[2].bytes, (int)cells[3].length,
                cells[3].bytes);
    text_append_bytes(out, cells[5].bytes, cells[5].length);
    text_printf(out, " [%.*s]\n", (int)cells[4].length, cells[4].bytes);
    if (cells[6].length > 0) {
        text_append(out, "    fix: ");
        text_append_bytes(out, cells[6].bytes, cells[6].length);
        text_append_char(out, '\n');
    }
}

static bool print_findings(struct command_call *call, struct error *err)
{
    struct result_page page = {0};
    long long count = result_count(call->rows);
    bool read = true;
    for (long long first = 0; read && first < count; first += page.rows) {
        read = result_page(call->rows, first, 256, 4096, &page, err);
        for (long long i = 0; read && i < page.rows; i++) {
            print_finding(&call->reply.text, &page.cells[i * LINT_COLUMNS]);
        }
    }
    result_page_release(&page);
    return read;
}

static bool read_junit(struct command_call *call, const char *file, struct error *err)
{
    char *bytes;
    size_t length;
    if (!path_read_file(file, MOST_JUNIT_BYTES, &bytes, &length, err)) {
        return false;
    }
    text_append_bytes(&call->reply.text, bytes, length);
    free(bytes);
    return true;
}

static bool take_answer(struct command_call *call, struct error *err)
{
    const struct lint_work *work = call->own;
    if (work->is_junit) {
        return read_junit(call, work->file, err);
    }
    call->rows = rows_open(work->file, lint_columns, LINT_COLUMNS, err);
    if (call->rows == NULL) {
        return false;
    }
    bool as_rows = command_flag_value(call, "--format") != NULL;
    call->reply.result = as_rows ? call->rows : NULL;
    return as_rows || print_findings(call, err);
}

static void on_linted(void *owner, struct job *job)
{
    struct command_call *call = owner;
    const struct lint_work *work = call->own;
    struct error err = *job_error(job);
    call->job = NULL;
    if (job_state(job) != JOB_DONE || !take_answer(call, &err)) {
        call_fail(call, &err);
        return;
    }
    call->reply.text_title = "Findings";
    call->reply.view = call->reply.text.length > 0 ? "text" : NULL;
    call_message(call, "%lld %s, %lld %s", work->errors,
                 work->errors == 1 ? "error" : "errors", work->warnings,
                 work->warnings == 1 ? "warning" : "warnings");
    if (work->errors > 0) {
        error_set(&call->reply.error, ERROR_VERDICT, "%s",
                  text_string(&call->reply.message));
    }
    call_done(call);
}

static void free_lint(void *own)
{
    struct lint_work *work = own;
    free(work->folder);
    free(work->file);
    free(work);
}

static bool fail_unknown_rule(const char *name, struct error *err)
{
    size_t count;
    const struct lint_rule *rules = lint_rules(&count);
    const char **names = memory_new_many(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = rules[i].name;
    }
    const char *near = string_nearest(name, names);
    free(names);
    return error_set(err, ERROR_USAGE,
                     "there is no rule \"%s\"; %s%s%s\"rules\" lists them all", name,
                     near != NULL ? "did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "? " : "");
}

bool verb_lint(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    const char *rule = command_flag_value(call, "--rule");
    if (rule != NULL && lint_rule_named(rule) == NULL) {
        return fail_unknown_rule(rule, err);
    }
    if (call_count(call) == 0 && workbench->mesh != NULL) {
        *(char **)array_push(&call->words) = string_copy(workbench->mesh);
    }
    if (call_count(call) == 0) {
        return error_set(err, ERROR_USAGE,
                         "lint needs a file or a folder, or a mesh: --mesh FOLDER");
    }
    struct lint_work *work = memory_new(sizeof *work);
    work->folder = string_copy(workbench->spool_folder);
    work->spec = (struct catalog_lint_spec){
        .paths = call->words.items,
        .count = call_count(call),
        .schema_only = call_has_flag(call, "--schema-only"),
        .folder = work->folder,
    };
    work->rule = rule;
    work->errors_only = call_has_flag(call, "--errors-only");
    work->is_junit = string_equal(command_flag_value(call, "--format"), "junit");
    call->own = work;
    call->free_own = free_lint;
    struct job_spec spec = {
        .title = "lint",
        .run = lint_in_child,
        .argument = work,
        .received = on_findings,
        .finished = on_linted,
        .owner = call,
    };
    call->job = jobs_start(workbench->jobs, &spec, err);
    return call->job != NULL;
}

/* ---- rules ---- */

static bool finish_rows(struct command_call *call, struct rows *rows,
                        const char *const *columns, size_t count, struct error *err)
{
    char *file = string_copy(rows_file(rows));
    bool done = rows_close(rows, err);
    call->rows = done ? rows_open(file, columns, count, err) : NULL;
    free(file);
    call->reply.result = call->rows;
    if (call->rows != NULL) {
        call_done(call);
    }
    return call->rows != NULL;
}

bool verb_rules(struct command_call *call, struct error *err)
{
    static const char *const columns[] = {"rule", "stage", "meaning"};
    size_t count;
    const char *wanted = call_word(call, 0);
    const struct lint_rule *rules = lint_rules(&count);
    const struct lint_rule *one = wanted != NULL ? lint_rule_named(wanted) : NULL;
    if (wanted != NULL && one == NULL) {
        return fail_unknown_rule(wanted, err);
    }
    if (one != NULL && command_flag_value(call, "--format") == NULL) {
        text_printf(&call->reply.text, "%s\n  %s\n", one->name, one->meaning);
        call->reply.text_title = "Rule";
        call->reply.view = "text";
        call_done(call);
        return true;
    }
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, 3, err);
    for (size_t i = 0; rows != NULL && i < count; i++) {
        if (one == NULL || one == &rules[i]) {
            rows_add(rows, "sss", rules[i].name, lint_stage_name(rules[i].stage),
                     rules[i].meaning);
        }
    }
    return rows != NULL && finish_rows(call, rows, columns, 3, err);
}

/* ---- fields ---- */

static enum standard_id standard_named(const char *word, size_t length)
{
    for (int id = STANDARD_UNKNOWN + 1; id < STANDARD_COUNT; id++) {
        const char *name = standard_word((enum standard_id)id);
        if (strlen(name) == length && strncmp(name, word, length) == 0) {
            return (enum standard_id)id;
        }
    }
    return STANDARD_UNKNOWN;
}

static bool fail_unknown_standard(const char *word, struct error *err)
{
    struct text words = {0};
    for (int id = STANDARD_UNKNOWN + 1; id < STANDARD_COUNT; id++) {
        text_printf(&words, "%s%s", id > 1 ? ", " : "",
                    standard_word((enum standard_id)id));
    }
    error_set(err, ERROR_USAGE,
              "there is no standard \"%s\"; there are %s, each also as %s@VERSION", word,
              text_string(&words), standard_word(STANDARD_ODCS));
    text_release(&words);
    return false;
}

static const char *version_or_none(int version, char text[STANDARD_VERSION_SIZE])
{
    return version != 0 ? standard_version_text(version, text) : NULL;
}

static void add_field(struct rows *rows, const struct standard_field_info *field)
{
    char since[STANDARD_VERSION_SIZE], until[STANDARD_VERSION_SIZE];
    char *when = field->when_key == NULL    ? NULL
                 : field->when_word == NULL ? string_printf("without %s", field->when_key)
                 : string_equal(field->when_word, "*")
                     ? string_printf("with %s", field->when_key)
                     : string_printf("%s: %s", field->when_key, field->when_word);
    rows_add(rows, "ssssssss", field->name, field->type, field->required ? "yes" : "no",
             field->words, version_or_none(field->since, since),
             version_or_none(field->until, until), when, field->meaning);
    free(when);
}

static bool check_version(enum standard_id id, int version, struct error *err)
{
    char text[STANDARD_VERSION_SIZE];
    struct text known = {0};
    bool has = standard_has_version(id, version, &known);
    if (!has) {
        error_set(err, ERROR_USAGE, "the %s has no version %s; there is %s",
                  standard_title(id), standard_version_text(version, text),
                  known.length > 0 ? text_string(&known) : "none that is checked");
    }
    text_release(&known);
    return has;
}

bool verb_fields(struct command_call *call, struct error *err)
{
    static const char *const columns[] = {"name",  "type",  "required", "words",
                                          "since", "until", "when",     "meaning"};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    const char *word = call_word(call, 0);
    const char *path = call_word(call, 1) != NULL ? call_word(call, 1) : "";
    if (word == NULL) {
        return error_set(err, ERROR_USAGE,
                         "fields needs a standard: fields odcs schema.properties");
    }
    size_t length = strcspn(word, "@");
    enum standard_id id = standard_named(word, length);
    int version = word[length] == '@' ? standard_version_of(word + length + 1) : 0;
    if (id == STANDARD_UNKNOWN) {
        return fail_unknown_standard(word, err);
    }
    if (word[length] == '@' && version == 0) {
        return error_set(err, ERROR_USAGE, "\"%s\" is no version: write %s@3.1.0",
                         word + length + 1, standard_word(STANDARD_ODCS));
    }
    if (version != 0 && !check_version(id, version, err)) {
        return false;
    }
    struct array fields = ARRAY_OF(struct standard_field_info);
    if (!standard_fields(id, version, path, &fields)) {
        array_release(&fields);
        return error_set(err, ERROR_FAILED, "the %s has no fields below \"%s\"",
                         standard_title(id), path);
    }
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < fields.count; i++) {
        add_field(rows, array_at(&fields, i));
    }
    array_release(&fields);
    return rows != NULL && finish_rows(call, rows, columns, COLUMNS, err);
}
