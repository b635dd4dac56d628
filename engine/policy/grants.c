/* policy/grants: which tables and products a role gets: by its contract, by an agreement,
 * by ownership.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/policy/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/store.h"
#include "engine/text.h"

/* What is to be decided: a contract of a product, and the port that delivers it. */
struct delivery {
    const struct policy *policy;
    const struct catalog_product *product;
    long long contract; /* row; 0: it is under none */
    char *id, *port;    /* may be NULL */
};

static void delivery_release(struct delivery *delivery)
{
    free(delivery->id);
    free(delivery->port);
}

/* ---- Roles of the contract ---- */

/* Some of these words give something else than reading, or nothing. */
static bool gives_reading(const char *access)
{
    static const char *const others[] = {"write", "none", "no", "deny", "denied"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (string_equal_fold(access, others[i])) {
            return false;
        }
    }
    return true;
}

struct named_roles {
    struct text readers; /* "analyst, steward" */
    int count;           /* of roles that are named at all */
    char *given;         /* the one by which this person reads; or NULL */
    char *approvers;     /* of the first reader */
};

/* Of the contract, else who looks after the role in the mesh. */
static char *approvers_of(const struct policy *policy, sqlite3_stmt *row)
{
    const char *first = store_text(row, 2), *second = store_text(row, 3);
    if (first[0] == '\0' && second[0] == '\0') {
        const struct role *role = mesh_role_named(&policy->mesh, store_text(row, 0));
        return role != NULL ? string_copy(role->contact) : NULL;
    }
    bool both = first[0] != '\0' && second[0] != '\0';
    return string_printf("%s%s%s", first, both ? ", then " : "", second);
}

static void read_named_roles(const struct delivery *delivery, struct named_roles *roles)
{
    *roles = (struct named_roles){0};
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(delivery->policy->catalog),
        "SELECT role,access,approver1,approver2 FROM role WHERE contract_row=?1 ORDER BY "
        "rowid",
        NULL);
    if (stmt == NULL) {
        roles->count = 1; /* what cannot be read opens nothing */
        return;
    }
    store_bind(stmt, "l", delivery->contract);
    while (store_step(stmt, NULL) == STORE_ROW) {
        const char *name = store_text(stmt, 0);
        roles->count++;
        if (!gives_reading(store_text(stmt, 1)) || name[0] == '\0') {
            continue;
        }
        text_printf(&roles->readers, "%s%s", roles->readers.length > 0 ? ", " : "", name);
        if (roles->approvers == NULL) {
            roles->approvers = approvers_of(delivery->policy, stmt);
        }
        if (roles->given == NULL && policy_has_role(delivery->policy, name)) {
            roles->given = string_copy(name);
        }
    }
    store_finish(stmt);
}

static void named_roles_release(struct named_roles *roles)
{
    text_release(&roles->readers);
    free(roles->given);
    free(roles->approvers);
}

/* ---- Agreements ---- */

enum { DAY_LENGTH = 10 };

/* YYYY-MM-DD, alone or before a time. */
static bool is_day(const char *text)
{
    static const char form[] = "0000-00-00";
    for (int i = 0; i < DAY_LENGTH; i++) {
        bool fits = form[i] == '0' ? isdigit((unsigned char)text[i]) : text[i] == form[i];
        if (!fits) {
            return false;
        }
    }
    return strchr("Tt ", text[DAY_LENGTH]) != NULL;
}

/* NULL: it is valid today; else what is in the way, behind "the agreement X". Yours. */
static char *agreement_fault(const char *status, const char *start, const char *end,
                             long long now)
{
    char today[DAY_LENGTH + 1];
    time_t moment = (time_t)now;
    struct tm tm;
    gmtime_r(&moment, &tm);
    strftime(today, sizeof today, "%Y-%m-%d", &tm);
    if (!string_equal_fold(status, "approved")) {
        return string_printf("is %s, not approved",
                             status[0] != '\0' ? status : "a draft");
    }
    if ((start[0] != '\0' && !is_day(start)) || (end[0] != '\0' && !is_day(end))) {
        return string_copy("has a date that is none");
    }
    if (start[0] != '\0' && strncmp(today, start, DAY_LENGTH) < 0) {
        return string_printf("begins on %.10s", start);
    }
    if (end[0] != '\0' && strncmp(today, end, DAY_LENGTH) > 0) {
        return string_printf("ended on %.10s", end);
    }
    return NULL;
}

struct agreed {
    char *id;      /* of the agreement that gives it, or NULL */
    char *fault;   /* "the agreement X ended on ..." of one that would, or NULL */
    char *contact; /* of who gives, by the first agreement about it */
};

/* An agreement is for a role, for the team of a role, or for both. */
static bool is_for_role(const struct policy *policy, const char *role, const char *team)
{
    const char *own = policy->role->team;
    bool is_own_team = own != NULL && string_equal_fold(own, team);
    return role[0] != '\0' ? policy_has_role(policy, role) && (own == NULL || is_own_team)
                           : is_own_team;
}

static void read_agreed(const struct delivery *delivery, struct agreed *agreed)
{
    *agreed = (struct agreed){0};
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(delivery->policy->catalog),
        "SELECT coalesce(a.id,a.path),a.status,a.start_date,a.end_date,a.role,"
        "a.consumer_team,a.contact FROM product p JOIN agreement a ON a.named COLLATE "
        "NOCASE IN(p.key,p.id) WHERE p.rowid=?1 AND (coalesce(a.port,'') IN('',?2) OR "
        "a.port IN(SELECT o.name FROM port o WHERE o.product_row=?1 AND o.dir='out' AND "
        "o.contract_row=?3)) ORDER BY a.rowid",
        NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "lsl", delivery->product->entry.row, delivery->port,
               delivery->contract);
    while (agreed->id == NULL && store_step(stmt, NULL) == STORE_ROW) {
        if (agreed->contact == NULL) {
            agreed->contact = store_text_copy(stmt, 6);
        }
        if (!is_for_role(delivery->policy, store_text(stmt, 4), store_text(stmt, 5))) {
            continue;
        }
        char *fault =
            agreement_fault(store_text(stmt, 1), store_text(stmt, 2), store_text(stmt, 3),
                            catalog_now(delivery->policy->catalog));
        if (fault == NULL) {
            agreed->id = store_text_copy(stmt, 0);
        } else if (agreed->fault == NULL) {
            agreed->fault =
                string_printf("the agreement %s %s", store_text(stmt, 0), fault);
        }
        free(fault);
    }
    store_finish(stmt);
}

static void agreed_release(struct agreed *agreed)
{
    free(agreed->id);
    free(agreed->fault);
    free(agreed->contact);
}

/* ---- The decision ---- */

static void refuse(const struct delivery *delivery, const struct named_roles *roles,
                   struct agreed *agreed, struct policy_verdict *verdict)
{
    bool has_readers = roles->readers.length > 0;
    verdict->decision = POLICY_REFUSE;
    verdict->reason = string_printf(
        "the contract %s %s%s%s", delivery->id != NULL ? delivery->id : "of it",
        has_readers ? "is for " : "gives reading to no role",
        has_readers ? text_string(&roles->readers) : "", has_readers ? " only" : "");
    if (agreed->fault != NULL) {
        char *reason = string_printf("%s, and %s", verdict->reason, agreed->fault);
        free(verdict->reason);
        verdict->reason = reason;
    }
    verdict->ask = string_copy(roles->approvers);
    if (verdict->ask == NULL) {
        verdict->ask = owner_contact(delivery->policy->catalog, delivery->product);
    }
    if (verdict->ask == NULL) {
        verdict->ask = string_copy(agreed->contact);
    }
    if (verdict->ask == NULL) {
        verdict->ask = mesh_contact(delivery->policy->catalog);
    }
}

static void allow(struct policy_verdict *verdict, char *reason)
{
    verdict->decision = POLICY_ALLOW;
    verdict->reason = reason;
}

static void decide_delivery(const struct delivery *delivery,
                            struct policy_verdict *verdict)
{
    const struct role *role = delivery->policy->role;
    const char *id = delivery->id != NULL ? delivery->id : "of it";
    struct named_roles roles;
    struct agreed agreed = {0};
    read_named_roles(delivery, &roles);
    if (role->team != NULL &&
        string_equal_fold(role->team, delivery->product->entry.owner)) {
        allow(verdict, string_printf("it belongs to %s, as the role %s does", role->team,
                                     role->name));
    } else if (roles.count == 0) {
        allow(verdict, delivery->contract != 0
                           ? string_printf("the contract %s names no roles", id)
                           : string_copy("it is under no contract that names roles"));
    } else if (roles.given != NULL) {
        bool is_own = string_equal_fold(roles.given, role->name);
        allow(verdict, string_printf("the contract %s names the role %s%s%s", id,
                                     roles.given, is_own ? "" : ", which is part of ",
                                     is_own ? "" : role->name));
    } else {
        read_agreed(delivery, &agreed);
        if (agreed.id != NULL) {
            allow(verdict, string_printf("the agreement %s gives it to the role %s",
                                         agreed.id, role->name));
        } else {
            refuse(delivery, &roles, &agreed, verdict);
        }
    }
    agreed_release(&agreed);
    named_roles_release(&roles);
}

static struct delivery table_delivery(const struct policy *policy,
                                      const struct catalog_product *product,
                                      const struct catalog_table *table)
{
    struct delivery delivery = {.policy = policy, .product = product};
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(policy->catalog),
        "SELECT t.contract_row,c.id,t.port FROM table_of t LEFT JOIN contract c ON "
        "c.rowid=t.contract_row WHERE t.product_row=?1 AND t.sql_name=?2",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ls", product->entry.row, table->sql_name);
        if (store_step(stmt, NULL) == STORE_ROW) {
            delivery.contract = sqlite3_column_int64(stmt, 0);
            delivery.id = store_text_copy(stmt, 1);
            delivery.port = store_text_copy(stmt, 2);
        }
    }
    store_finish(stmt);
    return delivery;
}

/* Without policy or role: false. */
static bool has_to_decide(const struct policy *policy, struct policy_verdict *verdict)
{
    *verdict = (struct policy_verdict){0};
    if (policy != NULL && policy->role != NULL) {
        return true;
    }
    allow(verdict, string_copy("the mesh has no roles"));
    return false;
}

void policy_of_table(const struct policy *policy, const struct catalog_product *product,
                     const struct catalog_table *table, struct policy_verdict *verdict)
{
    if (has_to_decide(policy, verdict)) {
        struct delivery delivery = table_delivery(policy, product, table);
        decide_delivery(&delivery, verdict);
        delivery_release(&delivery);
    }
}

/* A product without tables has files: its contracts decide. */
static void decide_contracts(const struct policy *policy,
                             const struct catalog_product *product,
                             struct policy_verdict *verdict)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(policy->catalog),
        "SELECT o.contract_row,c.id,o.name FROM port o JOIN contract c ON "
        "c.rowid=o.contract_row WHERE o.product_row=?1 AND o.dir='out' ORDER BY o.rowid",
        NULL);
    bool any = false;
    if (stmt != NULL) {
        store_bind(stmt, "l", product->entry.row);
    }
    while (stmt != NULL && verdict->decision != POLICY_REFUSE &&
           store_step(stmt, NULL) == STORE_ROW) {
        struct delivery delivery = {.policy = policy,
                                    .product = product,
                                    .contract = sqlite3_column_int64(stmt, 0),
                                    .id = store_text_copy(stmt, 1),
                                    .port = store_text_copy(stmt, 2)};
        policy_verdict_release(verdict);
        decide_delivery(&delivery, verdict);
        delivery_release(&delivery);
        any = true;
    }
    store_finish(stmt);
    if (!any) {
        allow(verdict, string_copy("it is under no contract that names roles"));
    }
}

void policy_of_product(const struct policy *policy, const struct catalog_product *product,
                       struct policy_verdict *verdict)
{
    if (!has_to_decide(policy, verdict)) {
        return;
    }
    if (product->tables.count == 0) {
        decide_contracts(policy, product, verdict);
        return;
    }
    for (size_t i = 0; i < product->tables.count; i++) {
        policy_of_table(policy, product, array_at(&product->tables, i), verdict);
        if (verdict->decision == POLICY_ALLOW) {
            return;
        }
        policy_verdict_release(verdict);
    }
    policy_of_table(policy, product, array_at(&product->tables, 0), verdict);
}

void policy_verdict_release(struct policy_verdict *verdict)
{
    free(verdict->reason);
    free(verdict->ask);
    verdict->reason = NULL;
    verdict->ask = NULL;
    verdict->decision = POLICY_ALLOW;
}
