/* command: roles and what they may see: role, access.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/policy.h"

#include <stdlib.h>
#include <string.h>

/* ---- role ---- */

static const char *const role_columns[] = {"role",  "yours",       "reads",
                                           "group", "description", "why_not"};
enum { ROLE_COLUMNS = sizeof role_columns / sizeof *role_columns };

static bool list_roles(struct command_call *call, struct error *err)
{
    const struct workbench *workbench = call->workbench;
    struct rows *rows =
        rows_new(workbench->spool_folder, role_columns, ROLE_COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    struct array roles = policy_roles(workbench->catalog);
    for (size_t i = 0; i < roles.count; i++) {
        const struct policy_role *role = array_at(&roles, i);
        bool is_own = string_equal(role->name, workbench->role);
        rows_add(rows, "ssssss", role->name, is_own ? "yes" : NULL, role->classifications,
                 role->group, role->description, role->why_not);
    }
    if (roles.count == 0) {
        call_message(call, "this mesh has no roles: everybody sees everything");
    }
    policy_roles_release(&roles);
    return call_reply_rows(call, rows, role_columns, ROLE_COLUMNS, err);
}

/* On the screen rows of verbs are no result: there they are a page. */
static void describe_roles(struct command_call *call)
{
    struct array roles = policy_roles(call->workbench->catalog);
    struct text *out = &call->reply.text;
    for (size_t i = 0; i < roles.count; i++) {
        const struct policy_role *role = array_at(&roles, i);
        bool is_own = string_equal(role->name, call->workbench->role);
        text_printf(out, "%s %-24s reads %s\n", is_own ? "*" : " ", role->name,
                    role->classifications[0] != '\0' ? role->classifications : "nothing");
        if (role->description != NULL) {
            text_printf(out, "    %s\n", role->description);
        }
        if (role->why_not != NULL) {
            text_printf(out, "    Not yours: %s.\n", role->why_not);
        }
    }
    text_append(out, roles.count > 0 ? "\nrole NAME switches to another one.\n"
                                     : "This mesh has no roles: everybody sees "
                                       "everything.\n");
    policy_roles_release(&roles);
    call->reply.text_title = "Roles";
    call->reply.view = "text";
}

bool verb_role(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    if (name == NULL && call->spec.has_screen) {
        describe_roles(call);
    } else if (name == NULL) {
        if (!list_roles(call, err)) {
            return false;
        }
    } else {
        if (!call_keeps_transactions(call, err) ||
            !workbench_set_role(call->workbench, name, err)) {
            return false;
        }
        call_message(call, "acting as %s from now on", call->workbench->role);
    }
    call_done(call);
    return true;
}

/* ---- access ---- */

static const char *const access_columns[] = {
    "product", "table", "column", "classification", "decision", "mask", "reason", "ask"};
enum { ACCESS_COLUMNS = sizeof access_columns / sizeof *access_columns };

struct access_list {
    const struct policy *policy;
    struct rows *rows;
    const struct catalog_product *product;
    const char *only; /* a table; NULL: all */
    struct text page; /* the same for the screen */
};

static const char *decision_name(enum policy_decision decision)
{
    static const char *const names[] = {
        [POLICY_ALLOW] = "allow", [POLICY_MASK] = "mask", [POLICY_REFUSE] = "refuse"};
    return names[decision];
}

static void add_row(struct access_list *list, const struct catalog_table *table,
                    const struct catalog_column *column,
                    const struct policy_verdict *verdict)
{
    struct text how = {0};
    if (verdict->decision == POLICY_MASK && verdict->mask.kind != MASK_NONE) {
        mask_name(&verdict->mask, &how);
    }
    const char *mask = how.length > 0 ? text_string(&how) : NULL;
    rows_add(list->rows, "ssssssss", list->product->entry.id,
             table != NULL ? table->sql_name : NULL, column != NULL ? column->name : NULL,
             column != NULL ? column->classification : NULL,
             decision_name(verdict->decision), mask, verdict->reason, verdict->ask);
    const char *name = column != NULL  ? column->name
                       : table != NULL ? table->sql_name
                                       : list->product->entry.id;
    text_printf(&list->page, "%s%-*s %s: %s", column != NULL ? "  " : "",
                column != NULL ? 26 : 28, name,
                mask != NULL ? mask : decision_name(verdict->decision), verdict->reason);
    text_printf(&list->page, "%s%s\n", verdict->ask != NULL ? "; ask " : "",
                verdict->ask != NULL ? verdict->ask : "");
    text_release(&how);
}

static void add_table(struct access_list *list, const struct catalog_table *table)
{
    struct policy_verdict verdict;
    policy_of_table(list->policy, list->product, table, &verdict);
    add_row(list, table, NULL, &verdict);
    policy_verdict_release(&verdict);
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        policy_of_column(list->policy, list->product, table, column, &verdict);
        add_row(list, table, column, &verdict);
        policy_verdict_release(&verdict);
    }
}

static bool add_tables(struct access_list *list, struct error *err)
{
    const struct array *tables = &list->product->tables;
    bool found = list->only == NULL;
    for (size_t i = 0; i < tables->count; i++) {
        const struct catalog_table *table = array_at(tables, i);
        bool is = list->only == NULL || string_equal_fold(list->only, table->sql_name) ||
                  string_equal_fold(list->only, table->name);
        if (is) {
            add_table(list, table);
            found = true;
        }
    }
    return found ||
           error_set(err, ERROR_FAILED, "%s has no table %s; show %s lists them",
                     list->product->entry.id, list->only, list->product->entry.id);
}

/* Of a product in short: what of it is refused or masked. */
static void sum_up(const struct access_list *list, struct policy_verdict *verdict)
{
    size_t refused = 0, masked = 0, columns = 0;
    const struct array *tables = &list->product->tables;
    policy_of_product(list->policy, list->product, verdict);
    for (size_t i = 0; verdict->decision == POLICY_ALLOW && i < tables->count; i++) {
        const struct catalog_table *table = array_at(tables, i);
        struct policy_verdict one;
        struct array masks = ARRAY_OF(struct policy_mask);
        policy_of_table(list->policy, list->product, table, &one);
        if (one.decision == POLICY_REFUSE) {
            refused++;
        } else {
            policy_masks(list->policy, list->product, table, &masks);
            masked += masks.count;
            columns += table->columns.count;
        }
        policy_masks_release(&masks);
        policy_verdict_release(&one);
    }
    if (refused + masked > 0) {
        struct text reason = {0};
        text_printf(&reason, "%s; ", verdict->reason);
        if (refused > 0) {
            text_printf(&reason, "%zu of %zu tables refused", refused, tables->count);
        }
        if (masked > 0) {
            text_printf(&reason, "%s%zu of %zu columns masked", refused > 0 ? ", " : "",
                        masked, columns);
        }
        free(verdict->reason);
        verdict->reason = text_take(&reason);
        verdict->decision = POLICY_MASK;
    }
}

static bool add_products(struct access_list *list, const struct catalog *catalog,
                         struct error *err)
{
    static const struct catalog_filter all;
    struct array entries = catalog_list(catalog, &all);
    bool done = true;
    for (size_t i = 0; done && i < entries.count; i++) {
        const struct catalog_entry *entry = array_at(&entries, i);
        struct catalog_product product;
        struct policy_verdict verdict;
        done = catalog_product(catalog, entry->id, &product, err);
        if (done) {
            struct access_list one = *list;
            one.product = &product;
            sum_up(&one, &verdict);
            add_row(&one, NULL, NULL, &verdict);
            list->page = one.page;
            policy_verdict_release(&verdict);
            catalog_product_release(&product);
        }
    }
    catalog_entries_release(&entries);
    return done;
}

/* PRODUCT, or PRODUCT.TABLE: names of products may have dots themselves. */
static bool add_named(struct access_list *list, const struct catalog *catalog,
                      const char *name, struct error *err)
{
    struct catalog_product product;
    struct error first = {0};
    char *copy = string_copy(name);
    char *dot = strrchr(copy, '.');
    bool found = catalog_product(catalog, name, &product, &first);
    if (!found && dot != NULL) {
        *dot = '\0';
        list->only = dot + 1;
        found = catalog_product(catalog, copy, &product, NULL);
    }
    bool done = false;
    if (found) {
        struct access_list one = *list;
        one.product = &product;
        done = add_tables(&one, err);
        list->page = one.page;
        catalog_product_release(&product);
    } else {
        *err = first;
    }
    free(copy);
    return done;
}

static bool list_access(struct command_call *call, const struct policy *policy,
                        struct error *err)
{
    const struct workbench *workbench = call->workbench;
    struct access_list list = {
        .policy = policy,
        .rows = rows_new(workbench->spool_folder, access_columns, ACCESS_COLUMNS, err)};
    if (list.rows == NULL) {
        return false;
    }
    const char *name = call_word(call, 0);
    bool done = name != NULL ? add_named(&list, workbench->catalog, name, err)
                             : add_products(&list, workbench->catalog, err);
    if (!done) {
        rows_close(list.rows, NULL);
    } else {
        done = call_reply_rows(call, list.rows, access_columns, ACCESS_COLUMNS, err);
    }
    if (done && call->spec.has_screen) {
        text_append(&call->reply.text, text_string(&list.page));
        call->reply.text_title = "Access";
        call->reply.view = "text";
    }
    text_release(&list.page);
    return done;
}

/* Decisions are no secret: those of any role may be looked at. */
bool verb_access(struct command_call *call, struct error *err)
{
    const struct workbench *workbench = call->workbench;
    const char *asked = command_flag_value(call, "--role");
    if (asked == NULL && !workbench_has_role(workbench, err)) {
        return false;
    }
    struct policy *other =
        asked != NULL ? policy_look(workbench->catalog, asked, err) : NULL;
    if (asked != NULL && other == NULL) {
        return false;
    }
    bool done = list_access(call, other != NULL ? other : workbench->policy, err);
    policy_close(other);
    if (done) {
        call_done(call);
    }
    return done;
}
