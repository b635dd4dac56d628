/* diff: both sides are read, compared, graded, and looked at from the mesh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>

#include "engine/path.h"
#include "engine/text.h"

static const char *const grades[] = {"harmless", "risky", "breaking"};

const char *diff_grade_name(enum diff_grade grade)
{
    return grades[grade];
}

/* One side, read and looked at. */
struct read_side {
    struct diff_side side;
    struct diff_node *root;
};

static bool read_side(struct read_side *read, const struct diff_spec *spec,
                      struct job_port *port, struct diff_report *report,
                      struct error *err)
{
    if (!diff_side_open(&read->side, spec, port, err)) {
        return false;
    }
    if (read->side.fault != NULL) {
        diff_note(&report->notes, "%s: only its data were compared: %s", read->side.label,
                  read->side.fault);
    }
    read->root = diff_read(&read->side, err);
    if (read->root != NULL) {
        diff_place_fields(&read->side, read->root);
    }
    return read->root != NULL &&
           diff_look_at_data(&read->side, read->root, &report->notes, err);
}

static void read_side_release(struct read_side *read)
{
    diff_node_free(read->root);
    diff_side_close(&read->side);
}

/* Of the one contract, else of the one product. */
static char *version_of(const struct diff_node *root)
{
    static const enum diff_kind kinds[] = {DIFF_CONTRACT, DIFF_PRODUCT};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < root->children.count; i++) {
            const struct diff_node *node =
                *(struct diff_node **)array_at(&root->children, i);
            const char *version = diff_node_get(node, "version");
            if (node->kind == kinds[k] && diff_node_count(root, kinds[k]) == 1 &&
                version != NULL) {
                return string_copy(version);
            }
        }
    }
    return NULL;
}

/* ---- The worst first ---- */

static enum diff_grade worst_of(const struct diff_change *change)
{
    return change->rule->producer > change->rule->consumer ? change->rule->producer
                                                           : change->rule->consumer;
}

static void sort_changes(struct diff_report *report)
{
    struct array sorted = ARRAY_OF(struct diff_change);
    for (int grade = DIFF_BREAKING; grade >= DIFF_HARMLESS; grade--) {
        for (size_t i = 0; i < report->changes.count; i++) {
            const struct diff_change *change = array_at(&report->changes, i);
            if ((int)worst_of(change) == grade) {
                *(struct diff_change *)array_push(&sorted) = *change;
            }
        }
    }
    array_release(&report->changes);
    report->changes = sorted;
}

/* ---- Drift within a side, as a note ---- */

static void note_drift(const struct read_side *read, struct diff_report *report)
{
    struct diff_report drift = {.changes = ARRAY_OF(struct diff_change),
                                .notes = ARRAY_OF(char *)};
    struct text out = {0};
    diff_promise_and_data(read->root, &drift);
    size_t told = 0;
    for (size_t i = 0; i < drift.changes.count; i++) {
        const struct diff_change *change = array_at(&drift.changes, i);
        bool is_added = string_equal(change->change, "added");
        bool is_removed = string_equal(change->change, "removed");
        if (string_equal(change->change, "changed") || told++ >= 12) {
            continue;
        }
        text_printf(&out, "%s%s %s%s", out.length > 0 ? "; " : "", change->what,
                    is_added     ? "is not declared"
                    : is_removed ? "is declared, but not in the data"
                                 : "is in the data called ",
                    is_added || is_removed ? "" : change->new_value);
    }
    if (told > 0) {
        diff_note(&report->notes, "%s: its data are not as declared: %s%s",
                  read->side.label, text_string(&out), told > 12 ? " ..." : "");
    }
    text_release(&out);
    diff_report_release(&drift);
}

/* ---- All of it ---- */

static bool compare_sides(const struct diff_spec *spec, struct job_port *port,
                          struct diff_report *report, struct error *err)
{
    struct read_side before = {.side = {.label = "the old side",
                                        .operand = spec->old_side,
                                        .folder = path_join(spec->folder, "old")}};
    struct read_side after = {.side = {.label = "the new side",
                                       .operand = spec->new_side,
                                       .folder = path_join(spec->folder, "new")}};
    bool read = read_side(&before, spec, port, report, err) &&
                read_side(&after, spec, port, report, err);
    if (read) {
        report->old_version = version_of(before.root);
        report->new_version = version_of(after.root);
        note_drift(&before, report);
        note_drift(&after, report);
        diff_trees(before.root, after.root, report);
    }
    read_side_release(&before);
    read_side_release(&after);
    return read;
}

static bool compare_with_data(const struct diff_spec *spec, struct job_port *port,
                              struct diff_report *report, struct error *err)
{
    struct read_side read = {.side = {.label = "the side",
                                      .operand = spec->old_side,
                                      .folder = path_join(spec->folder, "old")}};
    bool done = read_side(&read, spec, port, report, err);
    if (done) {
        diff_promise_and_data(read.root, report);
    }
    read_side_release(&read);
    return done;
}

bool diff_compare(const struct diff_spec *spec, struct job_port *port,
                  struct diff_report *report, struct error *err)
{
    *report = (struct diff_report){.changes = ARRAY_OF(struct diff_change),
                                   .notes = ARRAY_OF(char *)};
    bool done = spec->new_side != NULL ? compare_sides(spec, port, report, err)
                                       : compare_with_data(spec, port, report, err);
    done = done &&
           (spec->mesh_index == NULL || diff_find_hits(spec->mesh_index, report, err));
    if (!done) {
        diff_report_release(report);
        return false;
    }
    sort_changes(report);
    diff_judge_versions(report, spec->new_side != NULL);
    return true;
}

static void change_release(struct diff_change *change)
{
    for (size_t i = 0; i < change->hits.count; i++) {
        free(*(char **)array_at(&change->hits, i));
    }
    array_release(&change->hits);
    char *texts[] = {change->what,           change->old_value,      change->new_value,
                     change->old_place.path, change->new_place.path, change->evidence,
                     change->table,          change->column,         change->contract,
                     change->product};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
}

void diff_report_release(struct diff_report *report)
{
    for (size_t i = 0; i < report->changes.count; i++) {
        change_release(array_at(&report->changes, i));
    }
    array_release(&report->changes);
    for (size_t i = 0; i < report->notes.count; i++) {
        free(*(char **)array_at(&report->notes, i));
    }
    array_release(&report->notes);
    free(report->old_version);
    free(report->new_version);
    free(report->summary);
    *report = (struct diff_report){0};
}
