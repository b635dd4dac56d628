/* access/key: what a version of a product is made from, as a key.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access.h"

#include <stdint.h>

/* ---- The key: FNV-1a (64 bit) over a plain listing of everything an import depends on
 * ---- */

enum {
    IMPORT_FORMAT = 3
}; /* raise it when the same source would be stored differently */

static void list_columns(const struct catalog_table *table, struct text *listing)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        const char *const parts[] = {
            column->name,         column->physical_name,
            column->type,         column->format,
            column->true_values,  column->false_values,
            column->decimal_char, column->group_char,
            column->missing,      column->not_bare ? "not bare" : NULL};
        for (size_t j = 0; j < sizeof parts / sizeof parts[0]; j++) {
            text_printf(listing, "%s\x1f", parts[j] != NULL ? parts[j] : "\x1e");
        }
        text_printf(listing, "%d\n", column->key_position);
    }
}

static void list_dialect(const struct catalog_dialect *dialect, struct text *listing)
{
    text_printf(listing, "%d %d %d %d %d %d %d %d %d %s %s %s %s %s\n",
                dialect->delimiter, dialect->quote, dialect->escape, dialect->comment,
                dialect->no_header, dialect->skip_initial_space, dialect->no_double_quote,
                dialect->skip_rows, dialect->header_rows,
                dialect->encoding != NULL ? dialect->encoding : "\x1e",
                dialect->missing != NULL ? dialect->missing : "\x1e",
                dialect->header_join != NULL ? dialect->header_join : "\x1e",
                dialect->comment_rows != NULL ? dialect->comment_rows : "\x1e",
                dialect->property != NULL ? dialect->property : "\x1e");
}

static void list_table(const struct catalog_product *product,
                       const struct catalog_table *table, struct text *listing)
{
    struct array files;
    struct error ignored = {0};
    text_printf(listing, "%s %s\n", table->sql_name,
                table->format != NULL ? table->format : "");
    list_columns(table, listing);
    list_dialect(&table->dialect, listing);
    text_append(listing, table->inline_data != NULL ? table->inline_data : "");
    /* A missing file is part of the state too: when it comes, the key changes. */
    if (!access_table_files(product, table, false, &files, &ignored)) {
        text_append(listing, ignored.message);
        return;
    }
    for (size_t i = 0; i < files.count; i++) {
        const struct access_file *file = array_at(&files, i);
        text_printf(listing, "%s %lld %lld %lld\n", file->path, file->bytes,
                    file->modified_ns, file->changed_ns);
    }
    access_files_release(&files);
}

bool access_source_key(const struct catalog_product *product, const struct array *facts,
                       struct text *key, struct error *err)
{

    if (product->tables.count == 0) {
        return error_set(err, ERROR_FAILED, "%s has no table that could be fetched",
                         product->entry.id);
    }
    struct text listing = {0};
    text_printf(&listing, "%s %d %s\n", PACKAGE_VERSION, IMPORT_FORMAT,
                product->entry.version != NULL ? product->entry.version : "");
    for (size_t i = 0; i < product->tables.count; i++) {
        list_table(product, array_at(&product->tables, i), &listing);
    }
    for (size_t i = 0; facts != NULL && i < facts->count; i++) {
        const struct access_facts *one = array_at(facts, i);
        text_printf(&listing, "%s %lld %s\n", one->location, one->bytes, one->sha256);
    }
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < listing.length; i++) {
        hash = (hash ^ (unsigned char)listing.data[i]) * 0x100000001b3u;
    }
    text_printf(key, "%016llx", (unsigned long long)hash);
    text_release(&listing);
    return true;
}
