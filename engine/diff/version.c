/* diff/version: the step that the changes call for, and the one that was made.
 * Source: semver.org 2.0.0: major when something breaks, minor when something is new,
 * patch else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

static const char *const steps[] = {"none", "patch", "minor", "major"};

const char *diff_step_name(enum diff_step step)
{
    return steps[step];
}

/* "v1.2.3-beta" -> 1, 2, 3; missing numbers are 0. */
static bool parse_version(const char *text, long numbers[3])
{
    const char *p = text + (text[0] == 'v' || text[0] == 'V');
    for (int i = 0; i < 3; i++) {
        numbers[i] = 0;
        if (i > 0 && *p != '.') {
            continue;
        }
        p += i > 0;
        char *end;
        if (!isdigit((unsigned char)*p)) {
            return false;
        }
        numbers[i] = strtol(p, &end, 10);
        p = end;
    }
    return *p == '\0' || *p == '-' || *p == '+';
}

/* What the versions say; false when they say nothing that can be ordered. */
static bool step_between(const char *before, const char *after, enum diff_step *step,
                         bool *is_back)
{
    static const enum diff_step made[] = {DIFF_MAJOR, DIFF_MINOR, DIFF_PATCH};
    long old_numbers[3], new_numbers[3];
    *step = DIFF_NONE;
    *is_back = false;
    if (before == NULL || after == NULL || !parse_version(before, old_numbers) ||
        !parse_version(after, new_numbers)) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (old_numbers[i] != new_numbers[i]) {
            *is_back = new_numbers[i] < old_numbers[i];
            *step = *is_back ? DIFF_NONE : made[i];
            return true;
        }
    }
    return true;
}

/* The version itself, and that of the standard, call for no version. */
static bool is_of_version(const struct diff_change *change)
{
    enum diff_kind kind = change->rule->kind;
    return (kind == DIFF_CONTRACT || kind == DIFF_PRODUCT) &&
           (string_ends(change->what, ".version") ||
            string_ends(change->what, ".apiVersion"));
}

static enum diff_grade worse_grade(const struct diff_change *change)
{
    return change->rule->producer > change->rule->consumer ? change->rule->producer
                                                           : change->rule->consumer;
}

static bool is_something_new(const struct diff_change *change)
{
    static const enum diff_kind kinds[] = {DIFF_PORT, DIFF_TABLE,    DIFF_COLUMN,
                                           DIFF_RULE, DIFF_RELATION, DIFF_SERVER,
                                           DIFF_SLA,  DIFF_ROLE,     DIFF_CONTRACT};
    bool is_added = string_equal(change->change, "added");
    for (size_t i = 0; is_added && i < sizeof kinds / sizeof *kinds; i++) {
        if (change->rule->kind == kinds[i]) {
            return true;
        }
    }
    return false;
}

static enum diff_step step_of(const struct diff_change *change)
{
    enum diff_grade grade = worse_grade(change);
    return is_of_version(change)                             ? DIFF_NONE
           : grade == DIFF_BREAKING                          ? DIFF_MAJOR
           : grade == DIFF_RISKY || is_something_new(change) ? DIFF_MINOR
                                                             : DIFF_PATCH;
}

static void count_changes(struct diff_report *report)
{
    for (size_t i = 0; i < report->changes.count; i++) {
        const struct diff_change *change = array_at(&report->changes, i);
        size_t *counts[] = {&report->harmless, &report->risky, &report->breaking};
        ++*counts[worse_grade(change)];
        enum diff_step step = step_of(change);
        report->called = step > report->called ? step : report->called;
    }
}

static void say_counts(const struct diff_report *report, struct text *out)
{
    size_t all = report->changes.count;
    if (all == 0) {
        text_append(out, "nothing changed");
        return;
    }
    text_printf(out, "%zu %s: %zu breaking, %zu risky, %zu harmless", all,
                all == 1 ? "change" : "changes", report->breaking, report->risky,
                report->harmless);
}

static void say_versions(const struct diff_report *report, bool is_known, bool is_back,
                         struct text *out)
{
    const char *before = report->old_version, *after = report->new_version;
    if (report->called == DIFF_NONE && (!is_known || report->said == DIFF_NONE)) {
        return;
    }
    if (report->called == DIFF_NONE) {
        text_append(out, "; this calls for no new version");
    } else {
        text_printf(out, "; this calls for a new %s version",
                    diff_step_name(report->called));
    }
    if (before == NULL && after == NULL) {
        text_append(out, "; neither side declares a version");
    } else if (before == NULL || after == NULL) {
        text_printf(out, "; the %s side declares no version",
                    before == NULL ? "old" : "new");
    } else if (!is_known) {
        text_printf(out, "; the versions %s and %s are not of the form 1.2.3", before,
                    after);
    } else if (is_back) {
        text_printf(out, ", but the version goes back from %s to %s", before, after);
    } else if (report->said < report->called && report->said == DIFF_NONE) {
        text_printf(out, ", but the version stays %s", before);
    } else if (report->said < report->called) {
        text_printf(out, ", but from %s to %s is only a %s step", before, after,
                    diff_step_name(report->said));
    } else {
        text_printf(out, "; from %s to %s is a %s step", before, after,
                    diff_step_name(report->said));
    }
}

void diff_judge_versions(struct diff_report *report, bool has_versions)
{
    struct text out = {0};
    bool is_back;
    bool is_known =
        step_between(report->old_version, report->new_version, &report->said, &is_back);
    count_changes(report);
    say_counts(report, &out);
    if (has_versions) {
        say_versions(report, is_known, is_back, &out);
    }
    report->summary = text_take(&out);
}
