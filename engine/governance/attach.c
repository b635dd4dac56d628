/* governance/attach: the versions of products that a statement reads, ten seats at most;
 * who was read longest ago makes room. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/sql.h"

static const char *const own_databases[] = {"main", "temp", "mesh", "ledger"};
enum { OWN_DATABASES = sizeof own_databases / sizeof *own_databases };

static bool is_own_database(const char *name)
{
    for (size_t i = 0; i < OWN_DATABASES; i++) {
        if (string_equal_fold(name, own_databases[i])) {
            return true;
        }
    }
    return false;
}

/* ---- Life ---- */

static void release_seat(struct seat *seat)
{
    for (size_t i = 0; i < seat->masks.count; i++) {
        struct seat_mask *mask = array_at(&seat->masks, i);
        free(mask->table);
        free(mask->column);
        free(mask->reason);
    }
    array_release(&seat->masks);
    free(seat->schema);
    free(seat->product);
}

static int compare_schemas(const void *a, const void *b)
{
    return strcasecmp(*(char *const *)a, *(char *const *)b);
}

/* Asked once: many statements may be about products that are not here. */
static bool find_here(struct seats *seats, struct error *err)
{
    sqlite3_stmt *rows =
        store_prepare(seats->db, "SELECT DISTINCT schema FROM temp.attached", err);
    enum store_step step = STORE_FAILED;
    while (rows != NULL && (step = store_step(rows, err)) == STORE_ROW) {
        *(char **)array_push(&seats->here) = string_copy(store_text(rows, 0));
    }
    store_finish(rows);
    if (seats->here.count > 1) {
        qsort(seats->here.items, seats->here.count, sizeof(char *), compare_schemas);
    }
    return step == STORE_DONE;
}

bool seats_open(struct seats *seats, const struct evidence_spec *spec, sqlite3 *db,
                struct error *err)
{
    *seats = (struct seats){
        .spec = spec, .db = db, .here = ARRAY_OF(char *), .list = ARRAY_OF(struct seat)};
    if (!find_here(seats, err)) {
        return false;
    }
    if (spec->role != NULL) {
        seats->policy = policy_open(spec->catalog, spec->role, err);
    }
    return spec->role == NULL || seats->policy != NULL;
}

void seats_release(struct seats *seats)
{
    for (size_t i = 0; i < seats->list.count; i++) {
        release_seat(array_at(&seats->list, i));
    }
    array_release(&seats->list);
    for (size_t i = 0; i < seats->here.count; i++) {
        free(*(char **)array_at(&seats->here, i));
    }
    array_release(&seats->here);
    policy_close(seats->policy);
}

/* ---- What the role does not see as it is ---- */

static void add_mask(struct seat *seat, const char *table, const char *column,
                     const struct mask_rule *rule)
{
    struct text reason = {0};
    mask_describe(rule, &reason);
    *(struct seat_mask *)array_push(&seat->masks) = (struct seat_mask){
        .table = string_copy(table),
        .column = string_copy(column),
        .is_dropped = rule->kind == MASK_DROP,
        .reason = text_take(&reason),
    };
}

static void read_declared_masks(const struct seats *seats, struct seat *seat)
{
    struct catalog_product product;
    if (!catalog_product(seats->spec->catalog, seat->product, &product, NULL)) {
        return;
    }
    for (size_t i = 0; i < product.tables.count; i++) {
        const struct catalog_table *table = array_at(&product.tables, i);
        struct array masks = ARRAY_OF(struct policy_mask);
        policy_masks(seats->policy, &product, table, &masks);
        for (size_t k = 0; k < masks.count; k++) {
            const struct policy_mask *mask = array_at(&masks, k);
            add_mask(seat, table->sql_name, mask->column, &mask->rule);
        }
        policy_masks_release(&masks);
    }
    catalog_product_release(&product);
}

/* Columns that hold what nobody declared are masked by their values. */
static void read_found_masks(const struct seats *seats, struct seat *seat)
{
    struct text sql = {0};
    text_append(&sql, "SELECT table_name,column_name,infotype FROM ");
    store_quote_name(&sql, seat->schema);
    text_append(&sql, ".mwb_infotype");
    sqlite3_stmt *rows = store_prepare(seats->db, text_string(&sql), NULL);
    while (rows != NULL && store_step(rows, NULL) == STORE_ROW) {
        struct policy_verdict verdict = {0};
        policy_of_infotype(seats->policy, store_text(rows, 2), &verdict);
        if (verdict.decision == POLICY_MASK) {
            add_mask(seat, store_text(rows, 0), store_text(rows, 1), &verdict.mask);
        }
        policy_verdict_release(&verdict);
    }
    store_finish(rows);
    text_release(&sql);
}

/* ---- Taking a seat ---- */

static struct seat *seat_of(const struct seats *seats, const char *schema)
{
    for (size_t i = 0; i < seats->list.count; i++) {
        struct seat *seat = array_at(&seats->list, i);
        if (string_equal_fold(seat->schema, schema)) {
            return seat;
        }
    }
    return NULL;
}

/* What the connection has attached already takes seats too: main and temp do not. */
static size_t seat_count(const struct seats *seats)
{
    enum { MAIN_AND_TEMP = 2 };
    int most = sqlite3_limit(seats->db, SQLITE_LIMIT_ATTACHED, -1), taken = 0;
    while (sqlite3_db_name(seats->db, MAIN_AND_TEMP + taken) != NULL) {
        taken++;
    }
    int free_seats = most - taken + (int)seats->list.count;
    return free_seats > 0 ? (size_t)free_seats : 0;
}

/* False: all that sit there are needed by this very statement. */
static bool make_room(struct seats *seats)
{
    size_t least = SIZE_MAX;
    if (seats->list.count < seat_count(seats)) {
        return true;
    }
    for (size_t i = 0; i < seats->list.count; i++) {
        const struct seat *seat = array_at(&seats->list, i);
        const struct seat *best =
            least != SIZE_MAX ? array_at(&seats->list, least) : NULL;
        if (seat->used < seats->clock && (best == NULL || seat->used < best->used)) {
            least = i;
        }
    }
    if (least == SIZE_MAX) {
        return false;
    }
    struct seat *seat = array_at(&seats->list, least);
    evidence_detach(seats->db, seat->schema);
    release_seat(seat);
    array_remove(&seats->list, least);
    return true;
}

static bool lack_product(struct lack *lack, const struct catalog_entry *entry)
{
    lack_note(&lack->absent, entry->id);
    lack->is_absent = true;
    return false;
}

static bool is_here(const struct seats *seats, const char *schema)
{
    return seats->here.count > 0 && bsearch(&schema, seats->here.items, seats->here.count,
                                            sizeof(char *), compare_schemas) != NULL;
}

static bool attach_entry(struct seats *seats, const struct catalog_entry *entry,
                         struct lack *lack, struct error *err)
{
    bool absent = false;
    if (!is_here(seats, entry->schema)) {
        return lack_product(lack, entry);
    }
    if (!make_room(seats)) {
        return error_set(err, ERROR_FAILED,
                         "it reads more than %zu products at once; split it, or let "
                         "`each` give one after the other",
                         seat_count(seats));
    }
    if (!evidence_attach(seats->db, seats->spec, entry, &absent, err)) {
        return absent ? lack_product(lack, entry) : false;
    }
    struct seat *seat = array_push(&seats->list);
    *seat = (struct seat){.schema = string_copy(entry->schema),
                          .product = string_copy(entry->id),
                          .masks = ARRAY_OF(struct seat_mask),
                          .used = seats->clock};
    if (seats->policy != NULL) {
        read_declared_masks(seats, seat);
        read_found_masks(seats, seat);
    }
    return true;
}

/* A schema that is no product is left to SQLite, which says what it does not find. */
static bool take_schema(struct seats *seats, const char *schema, struct lack *lack,
                        struct error *err)
{
    struct seat *seat = seat_of(seats, schema);
    struct catalog_entry entry;
    if (seat != NULL) {
        seat->used = seats->clock;
        return true;
    }
    if (!catalog_find_schema(seats->spec->catalog, schema, &entry)) {
        return true;
    }
    confine_trusted(seats->confine, true);
    bool done = attach_entry(seats, &entry, lack, err);
    confine_trusted(seats->confine, false);
    catalog_entry_release(&entry);
    return done;
}

static void allow(const struct seats *seats, const struct array *schemas)
{
    const char **names = memory_new_many(OWN_DATABASES + schemas->count, sizeof *names);
    memcpy(names, own_databases, sizeof own_databases);
    for (size_t i = 0; i < schemas->count; i++) {
        names[OWN_DATABASES + i] = *(char **)array_at(schemas, i);
    }
    confine_allow(seats->confine, names, OWN_DATABASES + schemas->count);
    free(names);
}

bool seats_take(struct seats *seats, const char *sql, struct lack *lack,
                struct error *err)
{
    struct array schemas = sql_schemas(sql, strlen(sql));
    bool done = true;
    seats->clock++;
    for (size_t i = 0; i < schemas.count && done; i++) {
        const char *schema = *(char **)array_at(&schemas, i);
        done = is_own_database(schema) || take_schema(seats, schema, lack, err);
    }
    allow(seats, &schemas);
    sql_names_release(&schemas);
    return done;
}

/* ---- Seeing ---- */

static void note_unseen(struct lack *lack, const struct seat *seat,
                        const struct seat_mask *mask)
{
    char *name = string_printf("%s.%s.%s (%s)", seat->schema, mask->table, mask->column,
                               mask->is_dropped ? "not there" : mask->reason);
    lack_note(&lack->unseen, name);
    free(name);
}

bool seats_is_blind(const struct seats *seats, struct lack *lack)
{
    const struct array *reads = confine_reads(seats->confine);
    bool is_blind = false;
    for (size_t i = 0; i < reads->count; i++) {
        const struct confine_read *read = array_at(reads, i);
        const struct seat *seat = seat_of(seats, read->database);
        for (size_t k = 0; seat != NULL && k < seat->masks.count; k++) {
            const struct seat_mask *mask = array_at(&seat->masks, k);
            if (string_equal_fold(mask->column, read->column) &&
                string_equal_fold(mask->table, read->table)) {
                note_unseen(lack, seat, mask);
                is_blind = true;
            }
        }
    }
    return is_blind;
}

static bool names_column(const char *sql, const char *column)
{
    size_t length = strlen(sql), wanted = strlen(column), at = 0;
    struct sql_token token;
    while (sql_next(sql, length, at, &token)) {
        const char *name = sql + token.start;
        size_t quote = token.length > 2 && strchr("\"`[", *name) != NULL;
        if ((token.kind == SQL_NAME || token.kind == SQL_KEYWORD) &&
            token.length == wanted + 2 * quote &&
            sqlite3_strnicmp(name + quote, column, (int)wanted) == 0) {
            return true;
        }
        at = token.start + token.length;
    }
    return false;
}

bool seats_misses_dropped(const struct seats *seats, const char *sql, struct lack *lack)
{
    bool misses = false;
    for (size_t i = 0; i < seats->list.count; i++) {
        const struct seat *seat = array_at(&seats->list, i);
        for (size_t k = 0; seat->used == seats->clock && k < seat->masks.count; k++) {
            const struct seat_mask *mask = array_at(&seat->masks, k);
            if (mask->is_dropped && names_column(sql, mask->column)) {
                note_unseen(lack, seat, mask);
                misses = true;
            }
        }
    }
    return misses;
}
