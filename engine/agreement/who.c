/* agreement/who: who is asked, and who may answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/store.h"

#define PRODUCT_OF "p.key=?1 COLLATE NOCASE"
#define CONTRACTS_OF                                                                     \
    "SELECT o.contract_row FROM product p JOIN port o ON o.product_row=p.rowid "         \
    "WHERE " PRODUCT_OF " AND o.dir='out' AND coalesce(?2,'') IN('',o.name)"

/* ---- Those who are named ---- */

static const char *without_scheme(const char *address)
{
    return string_starts(address, "mailto:") ? address + strlen("mailto:") : address;
}

static bool has_word(const struct array *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (string_equal_fold(*(char **)array_at(words, i), word)) {
            return true;
        }
    }
    return false;
}

/* The words of all columns of all rows, each once. */
static void add_words(const struct catalog *catalog, const char *sql,
                      const struct agreement *about, const char *role,
                      struct array *words)
{
    sqlite3_stmt *stmt = store_prepare(catalog_database(catalog), sql, NULL);
    if (stmt == NULL) {
        return;
    }
    const char *values[] = {about->product, about->port, role};
    for (int i = 0; i < sqlite3_bind_parameter_count(stmt) && i < 3; i++) {
        sqlite3_bind_text(stmt, i + 1, values[i], -1, SQLITE_TRANSIENT);
    }
    while (store_step(stmt, NULL) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *word = without_scheme(store_text(stmt, i));
            if (word[0] != '\0' && !has_word(words, word)) {
                *(char **)array_push(words) = string_copy(word);
            }
        }
    }
    store_finish(stmt);
}

static void words_free(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(*(char **)array_at(words, i));
    }
    array_release(words);
}

/* Of the role itself; of a role that the contract does not name, those of all others. */
static struct array named_approvers(const struct catalog *catalog,
                                    const struct agreement *about, const char *role)
{
    struct array words = ARRAY_OF(char *);
    add_words(catalog,
              "SELECT approver1,approver2 FROM role WHERE contract_row IN(" CONTRACTS_OF
              ") AND role=?3 COLLATE NOCASE ORDER BY rowid",
              about, role, &words);
    if (words.count == 0) {
        add_words(
            catalog,
            "SELECT approver1,approver2 FROM role WHERE contract_row IN(" CONTRACTS_OF
            ") ORDER BY rowid",
            about, NULL, &words);
    }
    return words;
}

static void add_owner(const struct catalog *catalog, const struct agreement *about,
                      struct array *words)
{
    add_words(
        catalog,
        "SELECT coalesce(t.contact,p.team) FROM product p LEFT JOIN team t ON p.team "
        "IN(t.name,t.id) WHERE " PRODUCT_OF,
        about, NULL, words);
}

static char *join_words(const struct array *words)
{
    struct text all = {0};
    for (size_t i = 0; i < words->count; i++) {
        text_printf(&all, "%s%s", i > 0 ? ", " : "", *(char **)array_at(words, i));
    }
    return all.length > 0 ? text_take(&all) : NULL;
}

char *agreement_approvers_of(const struct catalog *catalog, const char *product,
                             const char *port, const char *role)
{
    struct agreement about = {.product = (char *)product, .port = (char *)port};
    struct array words = named_approvers(catalog, &about, role);
    if (words.count == 0) {
        add_owner(catalog, &about, &words);
    }
    char *all = join_words(&words);
    words_free(&words);
    return all;
}

/* ---- Those who may answer ---- */

/* The user's name itself, or an address of it. */
static bool is_person(const char *word, const char *name)
{
    if (name == NULL || name[0] == '\0') {
        return false;
    }
    size_t length = strlen(name);
    return string_equal_fold(word, name) ||
           (strncasecmp(word, name, length) == 0 && word[length] == '@');
}

/* A word that names the person or the team, or the team's contact. */
static bool names_person(const struct catalog *catalog, const char *word,
                         const struct agreement_person *person)
{
    if (is_person(word, person->name)) {
        return true;
    }
    if (person->team == NULL) {
        return false;
    }
    char *contact = store_string(catalog_database(catalog),
                                 "SELECT contact FROM team WHERE ?1 COLLATE NOCASE "
                                 "IN(name,id)",
                                 "s", person->team);
    bool is = string_equal_fold(word, person->team) ||
              (contact != NULL && string_equal_fold(word, without_scheme(contact)));
    free(contact);
    return is;
}

static bool any_names(const struct catalog *catalog, const struct array *words,
                      const struct agreement_person *person)
{
    bool any = false;
    for (size_t i = 0; i < words->count; i++) {
        any = any || names_person(catalog, *(char **)array_at(words, i), person);
    }
    return any;
}

static bool is_steward(const struct catalog *catalog,
                       const struct agreement_person *person)
{
    return (person->role != NULL && string_contains_fold(person->role, "steward")) ||
           (person->team != NULL &&
            store_number(catalog_database(catalog), 0,
                         "SELECT count(*) FROM team WHERE ?1 COLLATE NOCASE IN(name,id) "
                         "AND type='guild'",
                         "s", person->team) > 0);
}

/* Members of the owner team, of the product and of its contracts who are still there. */
static void add_members(const struct catalog *catalog, const struct agreement *about,
                        const char *today, struct array *words)
{
    add_words(
        catalog,
        "SELECT m.username FROM member m WHERE coalesce(m.date_out,'9')>?3 AND "
        "((m.owner_kind='product' AND m.owner_id IN(SELECT p.id FROM product p "
        "WHERE " PRODUCT_OF ")) OR (m.owner_kind='contract' AND m.owner_id IN("
        "SELECT c.id FROM contract c WHERE c.rowid IN(" CONTRACTS_OF
        "))) OR (m.owner_kind='team' AND m.owner_id IN(SELECT p.team FROM product p "
        "WHERE " PRODUCT_OF ")))",
        about, today, words);
}

/* Whoever is in no list of a team's members is not of it, whatever is claimed. */
static bool is_of_team(const struct catalog *catalog,
                       const struct agreement_person *person)
{
    struct agreement about = {.product = (char *)person->team};
    struct array members = ARRAY_OF(char *);
    add_words(catalog,
              "SELECT m.username FROM member m WHERE m.owner_kind='team' AND "
              "m.owner_id=?1 COLLATE NOCASE",
              &about, NULL, &members);
    bool is = members.count == 0;
    for (size_t i = 0; i < members.count; i++) {
        is = is || is_person(*(char **)array_at(&members, i), person->name);
    }
    words_free(&members);
    return is;
}

static bool is_team(const char *team, const struct agreement_person *person)
{
    return team != NULL && person->team != NULL && string_equal_fold(team, person->team);
}

bool agreement_may_answer(const struct catalog *catalog,
                          const struct agreement *agreement, enum agreement_step step,
                          const struct agreement_person *claimed, struct error *err)
{
    char today[AGREEMENT_DAY];
    struct agreement_person known = *claimed, *person = &known;
    agreement_day(catalog, 0, today);
    if (known.team != NULL && !is_of_team(catalog, claimed)) {
        known.team = NULL;
    }
    struct array words = named_approvers(catalog, agreement, agreement->role);
    bool names_approvers = words.count > 0;
    struct array owners = ARRAY_OF(char *);
    add_words(catalog, "SELECT p.team FROM product p WHERE " PRODUCT_OF, agreement, NULL,
              &owners);
    add_members(catalog, agreement, today, &words);
    const char *owner =
        owners.count > 0 ? *(char **)array_at(&owners, 0) : agreement->provider;
    bool may = (!names_approvers && words.count == 0 && owner == NULL) ||
               any_names(catalog, &words, person) || is_team(owner, person) ||
               is_steward(catalog, person) ||
               (step == AGREEMENT_END && is_team(agreement->consumer, person));
    if (!may) {
        error_set(
            err, ERROR_FAILED,
            "%s is answered by %s%s%s or a steward of the mesh, and you act as %s%s%s; "
            "ask them, or act in your role with --role",
            agreement->id, agreement->approvers != NULL ? agreement->approvers : "",
            agreement->approvers != NULL && owner != NULL ? ", " : "",
            owner != NULL ? owner : "", person->name != NULL ? person->name : "nobody",
            person->role != NULL ? " in the role " : "",
            person->role != NULL ? person->role : "");
    }
    words_free(&owners);
    words_free(&words);
    return may;
}
