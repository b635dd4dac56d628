/* catalog/read_roles: roles, masking rules and name patterns of mesh.yaml. What they mean
 * is decided by engine/policy.h.
 *
 * Who may see what must not hang on a slip: an entry that is not understood stays in the
 * index, so that it opens nothing, and is told as a problem.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <string.h>

#include "engine/mask.h"
#include "engine/text.h"

static void complain(struct build *build, const struct document_value *value,
                     const char *rule, const char *sentence)
{
    build_problem(build, "mesh.yaml", document_place(value), true, rule, "%s", sentence);
}

/* ---- Roles ---- */

/* One word, or a list of words. */
static void read_words(struct build *build, int role, const char *kind,
                       const struct document_value *list)
{
    const char *one = document_text(list);
    if (one != NULL) {
        build_insert(build, INSERT_MESH_ROLE_WORD, "iss", role, kind, one);
    }
    for (size_t i = 0; one == NULL && i < document_count(list); i++) {
        const char *word = document_text(document_item(list, i));
        if (word == NULL) {
            complain(build, document_item(list, i), "role",
                     "a list of a role has words only; this is none, and is left out");
        } else {
            build_insert(build, INSERT_MESH_ROLE_WORD, "iss", role, kind, word);
        }
    }
}

/* The name is a folder's in the cache, in lower case, where "_" stands for no role: two
 * roles must never share one. */
static bool is_role_name(const char *name)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_.";
    enum { LONGEST = 64, ALONE = 3 }; /* the last ones do not stand first */
    size_t length = name != NULL ? strlen(name) : 0;
    return length > 0 && length <= LONGEST && strspn(name, signs) == length &&
           strchr(signs + sizeof signs - 1 - ALONE, name[0]) == NULL;
}

static bool is_said_before(const struct document_value *list, size_t index,
                           const char *name)
{
    for (size_t i = 0; i < index; i++) {
        const char *other = document_get_text(document_item(list, i), "name");
        if (string_equal_fold(other, name)) {
            return true;
        }
    }
    return false;
}

static void read_role(struct build *build, const struct document_value *list,
                      size_t index)
{
    static const char *const kinds[] = {"classifications", "includes", "members"};
    const struct document_value *role = document_item(list, index);
    const char *name = document_get_text(role, "name");
    if (!is_role_name(name) || is_said_before(list, index, name)) {
        complain(build, role, "role",
                 name == NULL ? "a role without a name is nobody's"
                 : is_role_name(name)
                     ? "the role is there already; this one is left out"
                     : "the name of a role has up to 64 letters, digits, "
                       "hyphens, underscores and dots, and begins with "
                       "a letter or digit; this role is left out");
        return;
    }
    int position = (int)index + 1;
    build_insert(build, INSERT_MESH_ROLE, "sisssssi", name, position,
                 document_get_text(role, "description"), document_get_text(role, "group"),
                 document_get_text(role, "team"), document_get_text(role, "contact"),
                 document_get(role, "members") != NULL ? "members" : NULL,
                 part_line(role));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        read_words(build, position, kinds[i], document_get(role, kinds[i]));
    }
    if (document_count(document_get(role, "classifications")) == 0) {
        complain(build, role, "role",
                 "the role reads no classification: name them in `classifications`");
    }
}

static bool has_role(const struct document_value *list, const char *name)
{
    return is_said_before(list, document_count(list), name);
}

static void check_included(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *included =
            document_get(document_item(list, i), "includes");
        for (size_t k = 0; k < document_count(included); k++) {
            const struct document_value *word = document_item(included, k);
            if (document_text(word) != NULL && !has_role(list, document_text(word))) {
                build_problem(build, "mesh.yaml", document_place(word), true, "role",
                              "the role includes %s, which this mesh has not",
                              document_text(word));
            }
        }
    }
}

/* none, some, unreadable: nobody may take a role. */
static const char *read_list(struct build *build, const struct document_value *root)
{
    const struct document_value *list = document_get(root, "roles");
    const struct document_value *first = document_get(root, "default_role");
    if (list == NULL || document_kind(list) == DOCUMENT_NULL) {
        return build->has_mesh_file && root == NULL ? "unreadable" : "none";
    }
    if (document_kind(list) != DOCUMENT_LIST) {
        complain(build, list, "role", "`roles` is a list; until then nobody has a role");
        return "unreadable";
    }
    for (size_t i = 0; i < document_count(list); i++) {
        read_role(build, list, i);
    }
    check_included(build, list);
    if (first != NULL && !has_role(list, document_text(first))) {
        complain(build, first, "role", "`default_role` names a role this mesh has not");
    }
    return document_count(list) > 0 ? "some" : "none";
}

/* ---- Masking ---- */

/* A classification may stand beside an infotype: whoever reads it sees such values. */
static void read_rule(struct build *build, const struct document_value *rule,
                      int position)
{
    static const char *const kinds[] = {"pattern", "infotype", "classification"};
    struct error err = {0};
    struct mask_rule parsed;
    const char *mask = document_get_text(rule, "mask");
    const char *kind = NULL;
    for (size_t i = 0; kind == NULL && i < sizeof kinds / sizeof *kinds; i++) {
        kind = document_get_text(rule, kinds[i]) != NULL ? kinds[i] : NULL;
    }
    if (kind == NULL) {
        complain(build, rule, "masking",
                 "a masking rule is about a classification, an infotype or a pattern");
        return;
    }
    if (mask == NULL) {
        complain(build, rule, "masking",
                 "the rule says no `mask`; what it is about is dropped");
    } else if (!(string_equal(kind, "infotype") && string_equal_fold(mask, "report")) &&
               !mask_parse(mask, &parsed, &err)) {
        build_problem(build, "mesh.yaml", document_place(document_get(rule, "mask")),
                      true, "masking", "%s; what it is about is dropped", err.message);
    }
    bool is_class = string_equal(kind, "classification");
    build_insert(build, INSERT_MASKING, "ssssii", kind, document_get_text(rule, kind),
                 is_class ? NULL : document_get_text(rule, "classification"), mask,
                 position, part_line(rule));
}

static void read_masking(struct build *build, const struct document_value *list)
{
    if (list != NULL && document_kind(list) != DOCUMENT_LIST) {
        complain(build, list, "masking", "`masking` is a list of rules");
    }
    for (size_t i = 0; i < document_count(list); i++) {
        read_rule(build, document_item(list, i), (int)i + 1);
    }
}

static void read_infotypes(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *row = document_item(list, i);
        build_insert(build, INSERT_INFOTYPE, "ss", document_get_text(row, "pattern"),
                     document_get_text(row, "classification"));
    }
}

void read_mesh_roles(struct build *build, const struct document_value *root)
{
    read_infotypes(build, document_get(root, "infotypes"));
    const char *roles = read_list(build, root);
    read_masking(build, document_get(root, "masking"));
    build_run(build, "UPDATE mesh SET roles=?1,default_role=?2,unclassified=?3", "sss",
              roles, document_get_text(root, "default_role"),
              document_get_text(root, "unclassified"));
}
