/* agreement/answer: approved, rejected, ended, looked at again: in the agreement's file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/amend.h"

enum { A_YEAR = 365 };

/* What a step asks of an agreement, and what it makes of it. */
static const struct {
    const char *verb, *from, *to;
    const char *by, *on; /* keys of who and when */
} steps[] = {
    [AGREEMENT_APPROVE] = {"approved", "requested", "approved", "answeredBy",
                           "answeredDate"},
    [AGREEMENT_REJECT] = {"rejected", "requested", "rejected", "answeredBy",
                          "answeredDate"},
    [AGREEMENT_END] = {"ended", "approved", "ended", "endedBy", NULL},
    [AGREEMENT_REASSESS] = {"looked at again", "approved", NULL, "reassessedBy",
                            "reassessedDate"},
};

/* Changes on their way to a file. */
struct answering {
    struct amend_file file;
    bool has_info; /* `info.status`, as other tools write it */
    struct error *err;
};

static bool set(struct answering *answering, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return true;
    }
    static const char *const of_info[] = {"status", "startDate", "endDate"};
    bool below = false;
    for (size_t i = 0; i < sizeof of_info / sizeof *of_info; i++) {
        below = below || (answering->has_info && string_equal(key, of_info[i]));
    }
    char *path = string_printf("%s/%s", below ? "/info" : "", key);
    struct text json = {0};
    text_append_json(&json, value);
    struct amend_change change = {AMEND_SET, path, text_string(&json)};
    bool done = amend_apply(&answering->file, &change, answering->err);
    text_release(&json);
    free(path);
    return done;
}

static bool check_day(const char *day, const char *flag, const char *today,
                      struct error *err)
{
    if (day != NULL && !agreement_is_day(day)) {
        return error_set(err, ERROR_USAGE,
                         "%s takes a day such as 2027-03-31, not \"%s\"", flag, day);
    }
    return day == NULL || strcmp(day, today) >= 0 ||
           error_set(err, ERROR_USAGE, "%s is past: today is %s", day, today);
}

static bool check_step(const struct agreement *agreement,
                       const struct agreement_answer *answer, const char *today,
                       struct error *err)
{
    const char *from = steps[answer->step].from;
    if (!string_equal_fold(agreement->status, from)) {
        return error_set(err, ERROR_FAILED, "%s is %s; only what is %s can be %s",
                         agreement->id,
                         agreement->status != NULL ? agreement->status : "a draft", from,
                         steps[answer->step].verb);
    }
    if (answer->step == AGREEMENT_REJECT &&
        (answer->reason == NULL || answer->reason[0] == '\0')) {
        return error_set(err, ERROR_USAGE, "a rejection says why: --reason TEXT");
    }
    if (answer->step == AGREEMENT_REASSESS && answer->until == NULL) {
        return error_set(err, ERROR_USAGE,
                         "say when it is to be looked at again: --until DAY");
    }
    const char *end = answer->until != NULL ? answer->until : agreement->end;
    if (answer->step == AGREEMENT_APPROVE && end != NULL &&
        strncmp(end, today, AGREEMENT_DAY - 1) < 0) {
        return error_set(err, ERROR_FAILED,
                         "%s was to end on %.10s; say until when: --until DAY",
                         agreement->id, end);
    }
    return check_day(answer->until, "--until", today, err) &&
           check_day(answer->reassess, "--reassess", today, err);
}

static bool approve(struct answering *answering, const struct catalog *catalog,
                    const struct agreement *agreement,
                    const struct agreement_answer *answer)
{
    char today[AGREEMENT_DAY], later[AGREEMENT_DAY];
    agreement_day(catalog, 0, today);
    agreement_day(catalog, A_YEAR, later);
    const char *again = answer->reassess != NULL      ? answer->reassess
                        : agreement->reassess != NULL ? NULL
                                                      : later;
    return set(answering, "startDate", agreement->start == NULL ? today : NULL) &&
           set(answering, "endDate", answer->until) &&
           set(answering, "reassessDate", again);
}

static bool change(struct answering *answering, const struct catalog *catalog,
                   const struct agreement *agreement,
                   const struct agreement_answer *answer)
{
    char today[AGREEMENT_DAY];
    bool done = set(answering, "status", steps[answer->step].to);
    agreement_day(catalog, 0, today);
    if (answer->step == AGREEMENT_APPROVE) {
        done = done && approve(answering, catalog, agreement, answer);
    } else if (answer->step == AGREEMENT_END) {
        bool was_over = agreement->end != NULL &&
                        strncmp(agreement->end, today, AGREEMENT_DAY - 1) < 0;
        done = done && set(answering, "endDate", was_over ? NULL : today);
    } else if (answer->step == AGREEMENT_REASSESS) {
        done = done && set(answering, "reassessDate", answer->until);
    }
    done = done && set(answering, steps[answer->step].by, answer->person.name);
    if (steps[answer->step].on != NULL) {
        done = done && set(answering, steps[answer->step].on, today);
    }
    return done && set(answering, "reason", answer->reason);
}

static bool has_info(const struct amend_file *file)
{
    struct document *document = document_parse(
        file->before, file->length, document_format_of(file->path), NULL, NULL);
    const struct document_value *root = document_root(document);
    bool has = document_get(root, "status") == NULL &&
               document_kind(document_get(root, "info")) == DOCUMENT_MAP;
    document_free(document);
    return has;
}

/* Is it a file that can be changed, and not a copy of one? */
static bool check_place(const struct catalog *catalog, const char *path,
                        struct error *err)
{
    enum { MOST = 1024 * 1024 };
    struct catalog_file file;
    if (!catalog_file_text(catalog, path, MOST, &file, err)) {
        return false;
    }
    bool here = file.place != NULL;
    catalog_file_release(&file);
    return here ||
           error_set(err, ERROR_FAILED,
                     "%s is a copy of what lies elsewhere, so nothing is written to "
                     "it; change it where the mesh lies",
                     path);
}

bool agreement_answer(const struct catalog *catalog,
                      const struct agreement_answer *answer, char **path,
                      struct error *err)
{
    struct agreement_filter all = {0};
    struct array list = agreement_list(catalog, &all);
    const struct agreement *agreement = agreement_named(&list, answer->id, err);
    struct answering answering = {.err = err};
    char today[AGREEMENT_DAY];
    agreement_day(catalog, 0, today);
    bool done =
        agreement != NULL && check_step(agreement, answer, today, err) &&
        agreement_may_answer(catalog, agreement, answer->step, &answer->person, err) &&
        check_place(catalog, agreement->path, err) &&
        amend_open(&answering.file, catalog_mesh_path(catalog), agreement->path, err);
    if (done) {
        answering.has_info = has_info(&answering.file);
        done = change(&answering, catalog, agreement, answer) &&
               amend_write(&answering.file, err);
        amend_close(&answering.file);
        *path = done ? string_copy(agreement->path) : NULL;
    }
    agreements_release(&list);
    return done;
}
