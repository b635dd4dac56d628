/* confine/linear: instr() and replace() in linear time. SQLite's own compare at every
 * place, which over two values of half a mebibyte takes longer than any limit, and no
 * handler is asked meanwhile. memmem() of the C library is linear. And printf() without
 * widths that SQLite would fill one by one long after the value is too big.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/confine/private.h"

#include <string.h>

/* Where `part` starts, counted in characters from 1; 0: nowhere. */
static int place_of(const char *whole, const char *found)
{
    int place = 1;
    for (; whole < found; whole++) {
        place += ((unsigned char)whole[1] & 0xC0) != 0x80;
    }
    return place;
}

static bool is_blob(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_BLOB;
}

static void call_instr(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL ||
        sqlite3_value_type(values[1]) == SQLITE_NULL) {
        return;
    }
    bool bytes = is_blob(values[0]) && is_blob(values[1]);
    const char *whole =
        (const char *)(bytes ? sqlite3_value_blob(values[0])
                             : (const void *)sqlite3_value_text(values[0]));
    const char *part =
        (const char *)(bytes ? sqlite3_value_blob(values[1])
                             : (const void *)sqlite3_value_text(values[1]));
    size_t length = (size_t)sqlite3_value_bytes(values[0]);
    size_t wanted = (size_t)sqlite3_value_bytes(values[1]);
    if (wanted == 0) {
        sqlite3_result_int(context, 1);
    } else if (whole != NULL && part != NULL) {
        const char *found = memmem(whole, length, part, wanted);
        sqlite3_result_int(context, found == NULL ? 0
                                    : bytes       ? (int)(found - whole) + 1
                                                  : place_of(whole, found));
    } else if (length == 0) {
        sqlite3_result_int(context, 0);
    } else {
        sqlite3_result_error_nomem(context);
    }
}

/* A text of three parts, as replace() gets them. */
struct replacement {
    const char *at, *part, *by;
    size_t left, part_length, by_length, most;
};

/* False: the result would be longer than a value may be. */
static bool append_replaced(struct replacement *in, struct text *out)
{
    const char *found;
    while ((found = memmem(in->at, in->left, in->part, in->part_length)) != NULL) {
        size_t before = (size_t)(found - in->at);
        text_append_bytes(out, in->at, before);
        text_append_bytes(out, in->by, in->by_length);
        in->at = found + in->part_length;
        in->left -= before + in->part_length;
        if (out->length + in->left > in->most + in->part_length) {
            return false;
        }
    }
    text_append_bytes(out, in->at, in->left);
    return out->length <= in->most;
}

static void call_replace(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3 *db = sqlite3_context_db_handle(context);
    struct replacement in = {.most = (size_t)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, -1)};
    struct text out = {0};
    (void)count;
    in.at = (const char *)sqlite3_value_text(values[0]);
    in.part = (const char *)sqlite3_value_text(values[1]);
    in.by = (const char *)sqlite3_value_text(values[2]);
    if (in.at == NULL || in.part == NULL) {
        return;
    }
    if (in.part[0] == '\0') {
        sqlite3_result_value(context, values[0]);
        return;
    }
    if (in.by == NULL) {
        return;
    }
    in.left = (size_t)sqlite3_value_bytes(values[0]);
    in.part_length = (size_t)sqlite3_value_bytes(values[1]);
    in.by_length = (size_t)sqlite3_value_bytes(values[2]);
    if (append_replaced(&in, &out)) {
        sqlite3_result_text64(context, text_string(&out), out.length, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
    } else {
        sqlite3_result_error_toobig(context);
    }
    text_release(&out);
}

/* ---- printf ---- */

enum { MOST_WIDE = 1 << 20 };

/* One conversion behind its %, up to its letter. False: a width or precision of it,
 * written or as an argument, is too large. */
static bool read_conversion(const char **at, int count, sqlite3_value **values, int *next)
{
    while (**at != '\0' && strchr("-+ 0#,!.*123456789l", **at) != NULL) {
        long long number = 0;
        if (**at == '*') {
            number = *next < count ? sqlite3_value_int64(values[*next]) : 0;
            (*next)++;
            (*at)++;
        } else if (**at >= '0' && **at <= '9') {
            for (; **at >= '0' && **at <= '9' && number <= MOST_WIDE; (*at)++) {
                number = number * 10 + (**at - '0');
            }
        } else {
            (*at)++;
        }
        if (number > MOST_WIDE || number < -MOST_WIDE) {
            return false;
        }
    }
    return true;
}

static bool is_too_wide(const char *format, int count, sqlite3_value **values)
{
    int next = 1; /* the argument that comes next */
    const char *at = strchr(format, '%');
    while (at != NULL) {
        at++;
        if (!read_conversion(&at, count, values, &next)) {
            return true;
        }
        if (*at != '\0') {
            next += *at != '%';
            at = strchr(at + 1, '%');
        } else {
            at = NULL;
        }
    }
    return false;
}

/* SQLite's own, asked over a connection of its own where it is not replaced. */
static void call_printf(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3 *own = sqlite3_user_data(context);
    const char *format = count > 0 ? (const char *)sqlite3_value_text(values[0]) : NULL;
    sqlite3_stmt *stmt = NULL;
    struct text sql = {0};
    if (format == NULL) {
        return;
    }
    if (is_too_wide(format, count, values)) {
        sqlite3_result_error_toobig(context);
        return;
    }
    text_append(&sql, "SELECT printf(");
    for (int i = 0; i < count; i++) {
        text_append(&sql, i > 0 ? ",?" : "?");
    }
    text_append_char(&sql, ')');
    if (sqlite3_prepare_v2(own, text_string(&sql), -1, &stmt, NULL) == SQLITE_OK) {
        for (int i = 0; i < count; i++) {
            sqlite3_bind_value(stmt, i + 1, values[i]);
        }
        if (sqlite3_step(stmt) == SQLITE_ROW) {
            sqlite3_result_value(context, sqlite3_column_value(stmt, 0));
        } else {
            sqlite3_result_error_code(context, sqlite3_errcode(own));
        }
    } else {
        sqlite3_result_error_code(context, sqlite3_errcode(own));
    }
    sqlite3_finalize(stmt);
    text_release(&sql);
}

static void close_own(void *own)
{
    sqlite3_close_v2(own);
}

static void register_printf(sqlite3 *db)
{
    static const char *const names[] = {"printf", "format"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sqlite3 *own = store_open(NULL, STORE_MEMORY, NULL);
        if (own != NULL) {
            sqlite3_limit(own, SQLITE_LIMIT_LENGTH, MOST_WIDE);
            sqlite3_create_function_v2(
                db, names[i], -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                own, call_printf, NULL, NULL, close_own);
        }
    }
}

static void remove_printf(sqlite3 *db)
{
    sqlite3_create_function_v2(db, "printf", -1, SQLITE_UTF8, NULL, NULL, NULL, NULL,
                               NULL);
    sqlite3_create_function_v2(db, "format", -1, SQLITE_UTF8, NULL, NULL, NULL, NULL,
                               NULL);
}

/* ---- All of them ---- */

static const struct {
    const char *name;
    int arguments;
    void (*call)(sqlite3_context *, int, sqlite3_value **);
} linear[] = {{"instr", 2, call_instr}, {"replace", 3, call_replace}};

void confine_linear_register(sqlite3 *db)
{
    register_printf(db);
    for (size_t i = 0; i < sizeof linear / sizeof *linear; i++) {
        sqlite3_create_function_v2(db, linear[i].name, linear[i].arguments,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                   NULL, linear[i].call, NULL, NULL, NULL);
    }
}

void confine_linear_remove(sqlite3 *db)
{
    remove_printf(db);
    for (size_t i = 0; i < sizeof linear / sizeof *linear; i++) {
        sqlite3_create_function_v2(db, linear[i].name, linear[i].arguments, SQLITE_UTF8,
                                   NULL, NULL, NULL, NULL, NULL);
    }
}
