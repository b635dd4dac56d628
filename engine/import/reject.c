/* reject: rows that cannot be stored, with the reason. Writing them to a file for people
 * is rejects.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/reject.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"
#include "engine/text.h"

/* Why a row is rejected: the sentence, the code, the column. */
struct reason {
    struct text sentence;
    char *code;
    const char *column;
};

static void explain_cells(const struct load *load, const struct reject *reject,
                          struct reason *reason)
{
    const struct plan_file *file = plan_file(&load->plan, reject->file);
    bool missing = reject->cells < file->cells;
    if (missing) {
        int map = file->map[reject->cells];
        const struct plan_column *column =
            map >= 0 ? plan_column(&load->plan, (size_t)map) : NULL;
        reason->column = column != NULL && column->place >= 0 ? column->name : NULL;
    }
    text_printf(&reason->sentence,
                "the row has %zu cell%s and the table has %zu column%s", reject->cells,
                reject->cells == 1 ? "" : "s", file->cells, file->cells == 1 ? "" : "s");
    reason->code = string_copy(missing ? "missing-cell" : "extra-cell");
}

/* "sentence [code]" to its parts. */
static void explain_problem(const char *problem, struct reason *reason)
{
    const char *open = strrchr(problem, '[');
    size_t length = strlen(problem);
    if (open == NULL || open == problem || problem[length - 1] != ']') {
        text_append(&reason->sentence, problem);
        reason->code = string_copy("source-error");
        return;
    }
    reason->code = string_copy_bytes(open + 1, strlen(open) - 2);
    while (open > problem && open[-1] == ' ') {
        open--;
    }
    text_append_bytes(&reason->sentence, problem, (size_t)(open - problem));
}

static struct reason explain(const struct load *load, const struct reject *reject)
{
    struct reason reason = {0};
    if (reject->problem != NULL) {
        explain_problem(reject->problem, &reason);
        if (string_equal(reason.code, "duplicate-key") && plan_masked(&load->plan)) {
            text_clear(&reason.sentence); /* which quotes the name of a member */
            text_append(&reason.sentence, "one of its members is there twice");
        }
    } else {
        explain_cells(load, reject, &reason);
    }
    return reason;
}

static void reason_release(struct reason *reason)
{
    text_release(&reason->sentence);
    free(reason->code);
}

static bool check_limit(const struct load *load, const struct reject *reject,
                        const struct reason *reason, long long count, struct error *err)
{
    long long limit = load->spec->reject_limit;
    if (limit <= 0 || count < limit) {
        return true;
    }
    const char *name = source_name(plan_file(&load->plan, reject->file)->source);
    const char *sentence = text_string(&reason->sentence);
    if (limit == 1) {
        return error_set(
            err, ERROR_FAILED,
            "stopped importing %s at line %lld, the first row that cannot be "
            "stored: %s [%s]",
            name, reject->line, sentence, reason->code);
    }
    return error_set(err, ERROR_FAILED,
                     "stopped importing %s at line %lld: %lld rows were rejected, the "
                     "limit; the last one because %s [%s]",
                     name, reject->line, count, sentence, reason->code);
}

bool reject_allowed(const struct load *load, const struct reject *reject, long long count,
                    struct error *err)
{
    struct reason reason = explain(load, reject);
    bool allowed = check_limit(load, reject, &reason, count, err);
    reason_release(&reason);
    return allowed;
}

static bool insert(struct load *load, const struct reject *reject,
                   const struct reason *reason, struct error *err)
{
    const char *masked = plan_masked(&load->plan);
    struct text why = {0};
    text_append(&why, text_string(&reason->sentence));
    if (masked != NULL) {
        text_printf(&why, "; the row is not shown, for its column %s is %s", masked,
                    load->spec->masks != NULL && load->spec->masks->count > 0
                        ? "masked"
                        : "classified");
    }
    text_printf(&why, " [%s]", reason->code);
    store_bind(load->reject, "ssllsss", load->spec->table,
               source_name(plan_file(&load->plan, reject->file)->source), reject->line,
               reject->byte, reason->column, reason->code, text_string(&why));
    if (masked != NULL) {
        sqlite3_bind_null(load->reject, 8);
    } else {
        size_t length =
            reject->raw_length < READER_RAW_MOST ? reject->raw_length : READER_RAW_MOST;
        sqlite3_bind_text(load->reject, 8, reject->raw, (int)length, SQLITE_STATIC);
    }
    bool good = store_execute(load->reject, err);
    text_release(&why);
    return good;
}

bool reject_store(struct load *load, const struct reject *reject, struct error *err)
{
    if (load->reject == NULL) {
        load->reject = store_prepare(
            load->db,
            "INSERT INTO mwb_reject (table_name, file, line, byte, \"column\", defect, "
            "reason, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            err);
    }
    if (load->reject == NULL) {
        return false;
    }
    load->report->rejected++;
    load->report->read++;
    struct reason reason = explain(load, reject);
    bool good = insert(load, reject, &reason, err) &&
                check_limit(load, reject, &reason, load->report->rejected, err);
    reason_release(&reason);
    return good;
}

void reject_finish(struct load *load)
{
    store_finish(load->reject);
    load->reject = NULL;
}
