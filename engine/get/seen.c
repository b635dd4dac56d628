/* get/seen: what of a product the role may see: tables that are refused, columns that are
 * masked, and personal data that nobody classified.
 *
 * The last are known only when rows are there. Then the version is made once more, with
 * those columns masked from the first byte: a column that is written over leaves its
 * values in pages, statistics and reject rows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/mask.h"
#include "engine/path.h"

/* ---- Tables ---- */

bool seen_refuses(const struct get *get, struct get_table *part)
{
    struct policy_verdict verdict;
    policy_of_table(get->policy, &get->product, part->table, &verdict);
    part->is_refused = verdict.decision == POLICY_REFUSE;
    if (part->is_refused) {
        error_set(&part->why, ERROR_FAILED, "it is not for the role %s: %s%s%s",
                  get->place.role, verdict.reason, verdict.ask != NULL ? "; ask " : "",
                  verdict.ask != NULL ? verdict.ask : "");
    }
    policy_verdict_release(&verdict);
    return part->is_refused;
}

/* ---- Columns ---- */

static struct mask_rule rule_of_stranger(const void *context, const char *column)
{
    const struct get_table *part = context;
    struct catalog_column stranger = {.name = (char *)column};
    struct policy_verdict verdict;
    struct mask_rule rule = {.kind = MASK_NONE};
    policy_of_column(part->get->policy, &part->get->product, part->table, &stranger,
                     &verdict);
    if (verdict.decision != POLICY_ALLOW) {
        rule = verdict.decision == POLICY_MASK ? verdict.mask
                                               : (struct mask_rule){.kind = MASK_DROP};
    }
    policy_verdict_release(&verdict);
    for (size_t i = 0; i < part->get->personal.count; i++) {
        const struct get_personal *found = array_at(&part->get->personal, i);
        if (string_equal(found->table, part->table->sql_name) &&
            string_equal_fold(found->column, column)) {
            rule = found->rule;
        }
    }
    return rule;
}

struct import_strangers seen_strangers(struct get *get, struct get_table *part)
{
    part->get = get;
    return policy_role(get->policy) != NULL
               ? (struct import_strangers){.rule = rule_of_stranger, .context = part}
               : (struct import_strangers){0};
}

static bool is_masked(const struct array *masks, const char *column)
{
    for (size_t i = 0; i < masks->count; i++) {
        const struct policy_mask *mask = array_at(masks, i);
        if (string_equal_fold(mask->column, column)) {
            return true;
        }
    }
    return false;
}

static void add_found(const struct get *get, struct get_table *part)
{
    for (size_t i = 0; i < get->personal.count; i++) {
        const struct get_personal *found = array_at(&get->personal, i);
        if (string_equal(found->table, part->table->sql_name) &&
            !is_masked(&part->masks, found->column)) {
            struct policy_mask *mask = array_push(&part->masks);
            *mask = (struct policy_mask){string_copy(found->column), found->rule};
        }
    }
}

/* A column of which nothing is known but that nobody declared it. */
static bool masks_strangers(struct get *get, struct get_table *part)
{
    struct import_strangers strangers = seen_strangers(get, part);
    return strangers.rule != NULL &&
           strangers.rule(strangers.context, "").kind != MASK_NONE;
}

/* The key is needed only where something is masked. */
bool seen_decide(struct get *get, struct error *err)
{
    for (size_t i = 0; i < get->tables.count; i++) {
        struct get_table *part = array_at(&get->tables, i);
        policy_masks(get->policy, &get->product, part->table, &part->masks);
        add_found(get, part);
        get->is_masked = get->is_masked || part->masks.count > 0 || part->is_refused ||
                         masks_strangers(get, part);
    }
    if (!get->is_masked || get->mask_key != NULL) {
        return true;
    }
    char *name = path_component(get->place.mesh);
    get->mask_key = mask_key_open(name, err);
    free(name);
    return get->mask_key != NULL;
}

/* ---- Personal data ---- */

static const struct catalog_column *column_named(const struct catalog_table *table,
                                                 const char *name)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        if (string_equal_fold(column->name, name)) {
            return column;
        }
    }
    return NULL;
}

enum column_state { STATE_OPEN, STATE_CLASSIFIED, STATE_MASKED };

static enum column_state state_of(const struct get *get,
                                  const struct import_personal *personal)
{
    for (size_t i = 0; i < get->tables.count; i++) {
        const struct get_table *part = array_at(&get->tables, i);
        if (!string_equal(part->table->sql_name, personal->table)) {
            continue;
        }
        if (is_masked(&part->masks, personal->column)) {
            return STATE_MASKED;
        }
        const struct catalog_column *column = column_named(part->table, personal->column);
        bool is_classified = column != NULL && !catalog_is_open(column->classification);
        return is_classified ? STATE_CLASSIFIED : STATE_OPEN;
    }
    return STATE_OPEN;
}

static bool add_personal(struct get *get, const struct import_personal *personal)
{
    struct policy_verdict verdict;
    policy_of_infotype(get->policy, personal->infotype, &verdict);
    bool hides = verdict.decision != POLICY_ALLOW;
    if (hides) {
        struct get_personal *found = array_push(&get->personal);
        struct text note = {0};
        import_note_personal(personal, &note);
        *found = (struct get_personal){
            .table = string_copy(personal->table),
            .column = string_copy(personal->column),
            .note = text_take(&note),
            .infotype = personal->infotype,
            .seen = personal->seen,
            .matched = personal->matched,
            .rule = verdict.mask,
        };
    }
    policy_verdict_release(&verdict);
    return hides;
}

/* Tokens are random signs, and may look like anything; what a contract says of a column
 * that is not for everybody is no news. */
static bool judge_personal(struct get *get, const struct import_personal *personal)
{
    enum column_state state = state_of(get, personal);
    if (state == STATE_OPEN && add_personal(get, personal)) {
        return true;
    }
    if (state == STATE_OPEN) {
        import_note_personal(personal, &get->report->notes);
    }
    return false;
}

static void keep(struct array *kept, const struct import_personal *one)
{
    *(struct import_personal *)array_push(kept) =
        (struct import_personal){string_copy(one->table), string_copy(one->column),
                                 one->infotype, one->seen, one->matched};
}

/* What stays in the version: of masked columns what made them so. What their tokens look
 * like tells nobody anything. */
static bool keep_found(const struct get *get, const struct array *found,
                       struct error *err)
{
    struct array kept = ARRAY_OF(struct import_personal);
    for (size_t i = 0; i < found->count; i++) {
        if (state_of(get, array_at(found, i)) != STATE_MASKED) {
            keep(&kept, array_at(found, i));
        }
    }
    for (size_t i = 0; i < get->personal.count; i++) {
        const struct get_personal *one = array_at(&get->personal, i);
        const struct import_personal before = {one->table, one->column, one->infotype,
                                               one->seen, one->matched};
        keep(&kept, &before);
    }
    bool good = import_keep_personal(cache_stage_file(get->stage), &kept, err);
    import_personal_release(&kept);
    return good;
}

bool seen_find_personal(struct get *get, bool *hides, struct error *err)
{
    struct array found;
    size_t before = get->personal.count;
    bool good =
        import_find_personal(cache_stage_file(get->stage), &found, get->port, err);
    *hides = false;
    for (size_t i = 0; good && i < found.count; i++) {
        *hides |= judge_personal(get, array_at(&found, i));
    }
    for (size_t i = 0; good && i < before; i++) { /* why they are masked now */
        const struct get_personal *one = array_at(&get->personal, i);
        text_append(&get->report->notes, one->note);
    }
    good = good && (*hides || keep_found(get, &found, err));
    import_personal_release(&found);
    return good;
}

/* ---- Decisions that changed ---- */

/* A version's key ends in the start of the key of its decisions (begin.c). */
static bool is_by_these(const struct get *get, const char *version_key)
{
    size_t length = strlen(version_key);
    return get->decided[0] == '\0' ||
           (length > GET_DECIDED_SHOWN &&
            version_key[length - GET_DECIDED_SHOWN - 1] == '-' &&
            strncmp(version_key + length - GET_DECIDED_SHOWN, get->decided,
                    GET_DECIDED_SHOWN) == 0);
}

bool seen_is_comparable(const struct get *get, const char *file)
{
    char *key = string_copy(path_base(file));
    char *dot = strrchr(key, '.');
    if (dot != NULL) {
        *dot = '\0';
    }
    bool is = is_by_these(get, key);
    free(key);
    return is;
}

/* What a mesh without roles left is all that everybody saw. */
static void forget_open(const struct get *get)
{
    struct cache_product open = get->place;
    open.role = NULL;
    open.group = -1;
    char *folder = cache_product_folder(&open, NULL);
    if (folder != NULL) {
        path_remove_tree(folder, NULL);
    }
    free(folder);
}

void seen_forget_others(const struct get *get)
{
    if (get->decided[0] == '\0') {
        return;
    }
    forget_open(get);
    struct array versions = cache_versions(&get->place);
    for (size_t i = 0; i < versions.count; i++) {
        const struct cache_version *version = array_at(&versions, i);
        if (!is_by_these(get, version->key)) {
            cache_version_remove(&get->place, version->key, NULL);
        }
    }
    cache_versions_release(&versions);
}

void seen_release(struct get *get)
{
    for (size_t i = 0; i < get->personal.count; i++) {
        struct get_personal *found = array_at(&get->personal, i);
        free(found->table);
        free(found->column);
        free(found->note);
    }
    array_release(&get->personal);
}
