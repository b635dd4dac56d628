/* standard/validate: chooses the table and version a document is held against, and tries
 * the newer versions when it does not hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/standard/shape.h"

const struct standard_table standard_tables[] = {
    {STANDARD_ODPS, &standard_odps, {900, 10000, 10100}},
    {STANDARD_ODCS,
     &standard_odcs,
     {20200, 20201, 20202, 30000, 30001, 30002, 30100, 30200}},
    {STANDARD_PACKAGE, &standard_package, {10000, 20000}},
    {STANDARD_DCS, &standard_dcs, {900, 901, 902, 903, 10100, 10200, 10201}},
    {STANDARD_DCAT, &standard_dcat, {10100}},
    {STANDARD_DPDS, &standard_dpds, {10000}},
    {STANDARD_OPEN, &standard_open, {40100}},
    {STANDARD_UNKNOWN, NULL, {0}},
};

const char *standard_version_text(int version, char text[STANDARD_VERSION_SIZE])
{
    snprintf(text, STANDARD_VERSION_SIZE, "%d.%d.%d", version / 10000 % 100,
             version / 100 % 100, version % 100);
    return text;
}

/* ---- Versions ---- */

/* The next version of the standard behind this one; 0: it is the newest. */
static int next_version(enum standard_id id, int version)
{
    for (const struct standard_table *t = standard_tables; t->id != STANDARD_UNKNOWN;
         t++) {
        for (const int *known = t->versions; t->id == id && *known != 0; known++) {
            if (*known > version) {
                return *known;
            }
        }
    }
    return 0;
}

static const struct standard_shape *exact_shape(enum standard_id id, int version)
{
    for (const struct standard_table *t = standard_tables; t->id != STANDARD_UNKNOWN;
         t++) {
        for (const int *known = t->versions; t->id == id && *known != 0; known++) {
            if (*known == version) {
                return t->shape;
            }
        }
    }
    return NULL;
}

bool standard_has_version(enum standard_id id, int version, struct text *known)
{
    char text[STANDARD_VERSION_SIZE];
    for (int one = next_version(id, 0); one != 0; one = next_version(id, one)) {
        text_printf(known, "%s%s", known->length > 0 ? ", " : "",
                    standard_version_text(one, text));
    }
    return exact_shape(id, version) != NULL;
}

const struct standard_shape *standard_shape_of(enum standard_id id, int *version)
{
    const struct standard_shape *shape = exact_shape(id, *version);
    if (shape == NULL) {
        int next = 0;
        do {
            *version = next;
            next = next_version(id, *version);
        } while (next != 0);
        shape = exact_shape(id, *version);
    }
    return shape;
}

/* ---- Checking ---- */

static bool holds(const struct document_value *root, enum standard_id id, int version)
{
    struct standard_check check = {.is_trial = true, .version = version};
    standard_check_value(&check, exact_shape(id, version), root);
    text_release(&check.where);
    return !check.failed;
}

static void try_newer(struct standard_check *check, const struct document_value *root,
                      const struct standard_claim *claim)
{
    char ours[STANDARD_VERSION_SIZE], its[STANDARD_VERSION_SIZE];
    int version = next_version(claim->id, check->version);
    while (version != 0 && !holds(root, claim->id, version)) {
        version = next_version(claim->id, version);
    }
    if (version == 0) {
        return;
    }
    standard_version_text(version, its);
    struct finding *told = standard_tell(
        check, document_place(root), false, "valid-as-newer",
        "it is valid as %s %s, not as %s, which it declares", standard_title(claim->id),
        its, standard_version_text(check->version, ours));
    standard_mend(told, "declare version %s", its);
}

static bool has_told(const struct array *findings, size_t from, const char *rule)
{
    for (size_t i = from; i < findings->count; i++) {
        if (string_equal(((const struct finding *)array_at(findings, i))->rule, rule)) {
            return true;
        }
    }
    return false;
}

static void tell_unknown_version(struct standard_check *check,
                                 const struct document_value *root,
                                 const struct standard_claim *claim, size_t from)
{
    char ours[STANDARD_VERSION_SIZE];
    standard_version_text(check->version, ours);
    if (has_told(check->problems, from, "unknown-version")) {
        return;
    }
    if (claim->text == NULL) {
        standard_tell(check, document_place(root), false, "unknown-version",
                      "it declares no version; it was checked as %s %s",
                      standard_title(claim->id), ours);
        return;
    }
    char *quoted = standard_quote(claim->text);
    standard_tell(check, document_place(root), false, "unknown-version",
                  "it declares %s, which is no version of the %s known here; it was "
                  "checked as %s",
                  quoted, standard_title(claim->id), ours);
    free(quoted);
}

static void tell_left_out(const struct standard_check *check)
{
    if (check->left_out > 0) {
        finding_add(check->problems, (struct finding_place){check->path, 1, 1},
                    check->has_left_out_error, "too-many",
                    "%zu more findings in this file are left out", check->left_out);
    }
}

bool standard_validate(const struct document_value *root,
                       const struct standard_check_spec *spec, struct array *findings)
{
    struct standard_claim claim = standard_of(root);
    int version = spec->version != 0 ? spec->version : claim.version;
    bool known = exact_shape(claim.id, version) != NULL;
    const struct standard_shape *shape = standard_shape_of(claim.id, &version);
    struct standard_check check = {.path = spec->path,
                                   .problems = findings,
                                   .schema_only = spec->strict,
                                   .version = version};
    size_t before = findings->count;
    if (shape == NULL) {
        standard_tell(&check, document_place(root), false, "not-checked",
                      claim.id == STANDARD_UNKNOWN
                          ? "not checked: it is %s"
                          : "not checked: the rules of the %s are not here",
                      standard_title(claim.id));
        return true;
    }
    standard_check_value(&check, shape, root);
    tell_left_out(&check);
    check.told = 0; /* what is said of the whole document is always said */
    if (!known) {
        tell_unknown_version(&check, root, &claim, before);
    } else if (check.failed && !spec->strict) {
        try_newer(&check, root, &claim);
    }
    text_release(&check.where);
    return !check.failed;
}
