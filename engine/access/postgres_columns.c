/* access/postgres: what the columns of a statement are here, and how they are asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access/postgres.h"

#include <stdlib.h>
#include <string.h>

/* Types by their number, which never changes (catalog/pg_type.dat of PostgreSQL): what
 * the import calls them, and what has to be done with a value so that it can read it. All
 * others (arrays, JSON, bytes, enumerations, ranges ...) are texts. */
static const struct type {
    Oid oid;
    const char *name;
    const char *as; /* a cast, or NULL */
} types[] = {
    {16, "boolean", "::int"},  {20, "integer", NULL},     {21, "integer", NULL},
    {23, "integer", NULL},     {26, "integer", NULL},     {700, "number", NULL},
    {701, "number", NULL},     {1082, "date", NULL},      {1083, "time", NULL},
    {1114, "timestamp", NULL}, {1184, "timestamp", NULL},
};
enum { NUMERIC = 1700, EXACT_DIGITS = 15 };

static const struct type *type_of(Oid oid)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].oid == oid) {
            return &types[i];
        }
    }
    return NULL;
}

/* A numeric of few digits is a number for certain; of others the values decide, so that
 * none loses digits. */
static const char *type_name(const PGresult *described, int column)
{
    const struct type *type = type_of(PQftype(described, column));
    int modifier = PQfmod(described, column); /* (digits << 16 | scale) + 4, or -1 */
    if (PQftype(described, column) == NUMERIC) {
        return modifier >= 4 && (modifier - 4) >> 16 <= EXACT_DIGITS ? "number" : "any";
    }
    return type != NULL ? type->name : "string";
}

static bool append_name(struct postgres_talk *talk, struct text *out, const char *name,
                        struct error *err)
{
    char *quoted = PQescapeIdentifier(talk->conn, name, strlen(name));
    if (quoted == NULL) {
        return postgres_fail(talk, NULL, err);
    }
    text_append(out, quoted);
    PQfreemem(quoted);
    return true;
}

/* Columns are renamed within, since a query may call two of them the same. */
bool postgres_columns_make(struct postgres_talk *talk, const PGresult *described,
                           const char *base, struct postgres_columns *out,
                           struct error *err)
{
    struct text aliases = {0};
    bool good = true;
    int count = PQnfields(described);
    text_append(&out->select, "SELECT ");
    for (int i = 0; good && i < count; i++) {
        const struct type *type = type_of(PQftype(described, i));
        struct catalog_column *column = array_push(&out->columns);
        column->name = string_copy(PQfname(described, i));
        column->type = string_copy(type_name(described, i));
        text_printf(&aliases, "%sc%d", i > 0 ? "," : "", i);
        text_printf(&out->select, "%sc%d%s AS ", i > 0 ? "," : "", i,
                    type != NULL && type->as != NULL ? type->as : "");
        good = append_name(talk, &out->select, column->name, err);
    }
    text_printf(&out->select, " FROM (%s\n) AS t(%s)", base, text_string(&aliases));
    text_release(&aliases);
    return good;
}

void postgres_columns_release(struct array *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct catalog_column *column = array_at(columns, i);
        free(column->name);
        free(column->type);
    }
    array_release(columns);
}
