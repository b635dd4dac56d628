/* governance/place: what the row of a violation is about: the product, the file, the
 * line; and what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_VALUE = 200, LONGEST_SENTENCE = 1000 };

/* ---- The statements that look it up: each gives product key, path, line ---- */

static const char product_sql[] =
    "SELECT key,path,line FROM mesh.product WHERE rowid=coalesce((SELECT rowid FROM "
    "mesh.product WHERE key=?1 COLLATE NOCASE),(SELECT rowid FROM mesh.product WHERE "
    "id=?1))";
/* Of several contracts with one id the first; of several ports the first product. */
static const char contract_sql[] =
    "SELECT coalesce((SELECT p.key FROM mesh.port o JOIN mesh.product p ON "
    "p.rowid=o.product_row WHERE o.contract_id=?1 AND o.dir='out' LIMIT 1),(SELECT key "
    "FROM mesh.product WHERE adopted=?1 AND adopted IS NOT NULL LIMIT 1)),path,line FROM "
    "mesh.contract WHERE id=?1 LIMIT 1";
static const char property_sql[] =
    "SELECT line FROM mesh.property WHERE contract_id=?1 AND object=coalesce(?2,object) "
    "AND name=?3 LIMIT 1";
static const char object_sql[] =
    "SELECT o.line FROM mesh.contract c CROSS JOIN mesh.object o ON "
    "o.contract_row=c.rowid WHERE c.id=?1 AND o.name=?2 LIMIT 1";
static const char agreement_sql[] =
    "SELECT product_id,path,1 FROM mesh.agreement WHERE id=?1 LIMIT 1";
static const char path_sql[] =
    "SELECT key FROM mesh.product WHERE rowid=coalesce((SELECT min(rowid) FROM "
    "mesh.product WHERE path=?1 HAVING count(*)=1),(SELECT min(o.product_row) FROM "
    "mesh.contract c CROSS JOIN mesh.port o ON o.contract_id=c.id AND o.dir='out' WHERE "
    "c.path=?1))";

bool violation_places_open(struct places *places, sqlite3 *db, struct error *err)
{
    const struct {
        sqlite3_stmt **stmt;
        const char *sql;
    } all[] = {
        {&places->product, product_sql},     {&places->contract, contract_sql},
        {&places->property, property_sql},   {&places->object, object_sql},
        {&places->agreement, agreement_sql}, {&places->by_path, path_sql},
    };
    *places = (struct places){0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].stmt = store_prepare(db, all[i].sql, err);
        if (*all[i].stmt == NULL) {
            return false;
        }
    }
    return true;
}

void violation_places_release(struct places *places)
{
    store_finish(places->product);
    store_finish(places->contract);
    store_finish(places->property);
    store_finish(places->object);
    store_finish(places->agreement);
    store_finish(places->by_path);
}

/* ---- Which column says what ---- */

static int column_named(sqlite3_stmt *stmt, const char *const *names)
{
    for (; *names != NULL; names++) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            if (string_equal_fold(sqlite3_column_name(stmt, i), *names)) {
                return i;
            }
        }
    }
    return -1;
}

void row_form_of(sqlite3_stmt *stmt, struct row_form *form)
{
    static const char *const product[] = {"product_id", "product", NULL};
    static const char *const contract[] = {"contract_id", "contract", NULL};
    static const char *const id[] = {"id", NULL};
    static const char *const object[] = {"object", "table", "table_name", NULL};
    static const char *const property[] = {"property", "column", "column_name", "name",
                                           NULL};
    static const char *const path[] = {"path", NULL};
    static const char *const line[] = {"line", NULL};
    static const char *const domain[] = {"domain", NULL};
    *form = (struct row_form){
        .product = column_named(stmt, product),
        .contract = column_named(stmt, contract),
        .id = column_named(stmt, id),
        .object = column_named(stmt, object),
        .property = column_named(stmt, property),
        .path = column_named(stmt, path),
        .line = column_named(stmt, line),
        .domain = column_named(stmt, domain),
    };
}

static const char *value_at(sqlite3_stmt *stmt, int column)
{
    return column >= 0 ? (const char *)sqlite3_column_text(stmt, column) : NULL;
}

/* ---- Looking up ---- */

static void take(char **into, sqlite3_stmt *from, int column)
{
    if (*into == NULL) {
        *into = store_text_copy(from, column);
    }
}

/* What the statement gives of this id goes where nothing stands yet. */
static bool look_up(sqlite3_stmt *find, const char *id, struct governance_violation *out)
{
    store_bind(find, "s", id);
    bool there = id != NULL && store_step(find, NULL) == STORE_ROW;
    if (there) {
        take(&out->product, find, 0);
        take(&out->path, find, 1);
        if (out->line == 0 && string_equal(out->path, store_text(find, 1))) {
            out->line = sqlite3_column_int(find, 2);
        }
    }
    sqlite3_reset(find);
    return there;
}

/* The line of the column, else of the table, in its contract. */
static void find_line(const struct places *places, const struct row_form *form,
                      sqlite3_stmt *stmt, const char *contract,
                      struct governance_violation *out)
{
    const char *object = value_at(stmt, form->object);
    const char *property = value_at(stmt, form->property);
    if (property != NULL) {
        store_bind(places->property, "sss", contract, object, property);
        if (store_step(places->property, NULL) == STORE_ROW) {
            out->line = sqlite3_column_int(places->property, 0);
        }
        sqlite3_reset(places->property);
    }
    /* Policies on tables call them by name alone. */
    const char *table = object != NULL ? object : property;
    if (out->line == 0 && table != NULL) {
        store_bind(places->object, "ss", contract, table);
        if (store_step(places->object, NULL) == STORE_ROW) {
            out->line = sqlite3_column_int(places->object, 0);
        }
        sqlite3_reset(places->object);
    }
}

static void take_product(const struct places *places, const char *id,
                         struct governance_violation *out)
{
    struct governance_violation known = {0};
    if (id != NULL && look_up(places->product, id, &known)) {
        out->product = known.product;
        known.product = NULL;
    } else {
        out->product = string_copy(id);
    }
    governance_violation_release(&known);
}

/* A product may break a policy by the contract of another one: it is the one to mend
 * that, so the place is in its own file. */
static void place_in_contract(const struct places *places, const struct row_form *form,
                              sqlite3_stmt *stmt, struct governance_violation *out)
{
    struct governance_violation known = {0};
    const char *contract = value_at(stmt, form->contract);
    if (look_up(places->contract, contract, &known) &&
        (out->product == NULL || string_equal(out->product, known.product))) {
        if (out->line == 0) {
            find_line(places, form, stmt, contract, out);
        }
        out->line = out->line != 0 ? out->line : known.line;
        if (out->path == NULL) {
            out->path = string_copy(known.path);
        }
        if (out->product == NULL) {
            out->product = string_copy(known.product);
        }
    }
    governance_violation_release(&known);
}

static void find_place(const struct places *places, const struct row_form *form,
                       sqlite3_stmt *stmt, struct governance_violation *out)
{
    const char *contract = value_at(stmt, form->contract);
    const char *id = value_at(stmt, form->id);
    const char *path = value_at(stmt, form->path), *product;
    out->path = string_copy(path);
    out->line = form->line >= 0 ? sqlite3_column_int(stmt, form->line) : 0;
    take_product(places, value_at(stmt, form->product), out);
    if (contract != NULL) {
        place_in_contract(places, form, stmt, out);
    }
    /* An id alone may be that of a product, a contract or an agreement. */
    if (id != NULL && contract == NULL && !look_up(places->product, id, out) &&
        !look_up(places->contract, id, out)) {
        look_up(places->agreement, id, out);
    }
    if (out->product == NULL && path != NULL) {
        store_bind(places->by_path, "s", path);
        if (store_step(places->by_path, NULL) == STORE_ROW) {
            out->product = store_text_copy(places->by_path, 0);
        }
        sqlite3_reset(places->by_path);
    }
    product = out->product;
    if (out->path == NULL && product != NULL) {
        look_up(places->product, product, out);
    }
}

/* ---- What it says ---- */

static bool is_told_otherwise(const struct row_form *form, int column)
{
    return column == form->product || column == form->path || column == form->line ||
           column == form->domain;
}

static void append_value(struct text *out, sqlite3_stmt *stmt, int column)
{
    const char *value = (const char *)sqlite3_column_text(stmt, column);
    size_t length = value != NULL ? strlen(value) : 0;
    if (sqlite3_column_type(stmt, column) == SQLITE_BLOB) {
        text_printf(out, "%d bytes", sqlite3_column_bytes(stmt, column));
    } else if (length > LONGEST_VALUE) {
        length = LONGEST_VALUE;
        while (length > 0 && (value[length] & 0xC0) == 0x80) {
            length--; /* not within a character */
        }
        text_append_bytes(out, value, length);
        text_append(out, "...");
    } else {
        text_append(out, value != NULL ? value : "NULL");
    }
}

static char *say(const struct row_form *form, sqlite3_stmt *stmt)
{
    struct text out = {0};
    text_append(&out, "");
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        if (!is_told_otherwise(form, i) && out.length < LONGEST_SENTENCE) {
            text_printf(&out, "%s%s=", out.length > 0 ? ", " : "",
                        sqlite3_column_name(stmt, i));
            append_value(&out, stmt, i);
        }
    }
    return text_take(&out);
}

void place_row(const struct places *places, const struct tally *tally,
               const struct row_form *form, sqlite3_stmt *stmt,
               struct governance_violation *out)
{
    find_place(places, form, stmt, out);
    out->domain = string_copy(value_at(stmt, form->domain));
    const struct tally_product *product = tally_find(tally, out->product);
    if (out->domain == NULL && product != NULL) {
        out->domain = string_copy(product->domain);
    }
    out->sentence = say(form, stmt);
}
