/* Unit tests of engine/diff.h: renames, other standards, git refs, hits, versions, and
 * sides that cannot be read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "diff_help.h"

/* ---- Renames, sides that cannot be read, versions ---- */

static void renames_are_not_guessed(void)
{
    struct diff_report report;
    struct error err;
    put("n1/a.yaml", HEAD "version: 1.0.0\nschema: [{name: t, properties: [{name: total, "
                          "logicalType: number}]}]\n");
    put("n2/a.yaml",
        HEAD "version: 2.0.0\nschema: [{name: t, properties: [{name: total_1, "
             "logicalType: number}, {name: total_2, logicalType: number}]}]\n");
    if (compare("n1", "n2", &report, &err)) {
        const struct diff_change *gone = find(&report, "removed", "t.total");
        ok(gone != NULL && gone->evidence != NULL && strstr(gone->evidence, "may be"),
           "two that look alike: removed, and the doubt is told");
        is_int((long long)report.changes.count, 4, "both others were added");
        is_text(report.summary,
                "4 changes: 1 breaking, 0 risky, 3 harmless; this calls for a new major "
                "version; from 1.0.0 to 2.0.0 is a major step",
                "the step that was made is the one called for");
        diff_report_release(&report);
    } else {
        ok(false, "%s", err.message);
    }
}

static void standards_are_compared(void)
{
    put("s1.yaml", "dataContractSpecification: 1.2.1\nid: a\ninfo: {title: a, version: "
                   "1.0.0}\nmodels: {t: {type: table, fields: {k: {type: text, required: "
                   "true}, n: {type: bigint}}}}\n");
    put("s2.yaml", HEAD "version: 1.0.0\nschema: [{name: t, properties: [{name: k, "
                        "logicalType: string, required: true}, {name: n, logicalType: "
                        "string}]}]\n");
    struct diff_report report;
    struct error err;
    if (compare("s1.yaml", "s2.yaml", &report, &err)) {
        ok(find(&report, "changed", "t.n.type") != NULL, "bigint became string");
        ok(find(&report, "changed", "t.k.type") == NULL, "text is string");
        is_int((long long)report.breaking, 1, "nothing else breaks");
        diff_report_release(&report);
    } else {
        ok(false, "%s", err.message);
    }
}

static void fails_with(const char *before, const char *after, const char *words)
{
    struct diff_report report;
    struct error err;
    bool done = compare(before, after, &report, &err);
    if (!ok(!done && err.kind == ERROR_FAILED && strstr(err.message, words) != NULL, "%s",
            words)) {
        printf("# %s\n", done ? "it was compared" : err.message);
    }
    if (done) {
        diff_report_release(&report);
    }
}

static void sides_fail_by_name(void)
{
    struct text deep = {0};
    text_append(&deep, HEAD "schema: ");
    text_append_repeated(&deep, '[', 100000);
    put("deep.yaml", text_string(&deep));
    text_clear(&deep);
    text_append(&deep, HEAD "name: ");
    text_append_repeated(&deep, 'x', 9 * 1024 * 1024);
    put("large.yaml", text_string(&deep));
    text_release(&deep);
    put("twice.yaml", HEAD "id: b\n");
    fails_with("one", "deep.yaml", "the new side");
    fails_with("deep.yaml", "one", "the old side");
    fails_with("large.yaml", "one", "the old side");
    fails_with("one", "twice.yaml", "the new side");
    fails_with("one", "nowhere", "the new side");
    fails_with("nowhere@HEAD", "one", "the old side");
    fails_with("../../..@--output=x", "one", "the old side");
}

int main(void)
{
    if (!make_home()) {
        return 1;
    }
    put("one/a.yaml", HEAD "version: 1.0.0\nschema: [{name: t}]\n");
    renames_are_not_guessed();
    standards_are_compared();
    sides_fail_by_name();
    path_remove_tree(home, NULL);
    return tap_done();
}
