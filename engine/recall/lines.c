/* recall/lines: what a line of the file says. Reading bears any bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/recall/private.h"

#include <gcrypt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "engine/secret.h"

enum { CRC_DIGITS = 8 };

/* ---- Writing ---- */

static void put_field(struct text *out, const char *value)
{
    static const char signs[] = "\t\n\r\\", letters[] = "tnr\\";
    text_append_char(out, '\t');
    for (const char *p = value != NULL ? value : ""; *p != '\0'; p++) {
        const char *sign = strchr(signs, *p);
        if (sign != NULL) {
            text_append_char(out, '\\');
            text_append_char(out, letters[sign - signs]);
        } else {
            text_append_char(out, *p);
        }
    }
}

static void put_number(struct text *out, double number)
{
    text_printf(out, "\t%.0f", number);
}

static unsigned long sum_of(const char *bytes, size_t length)
{
    return crc32_z(0, (const unsigned char *)bytes, length);
}

static void put_line(struct text *out, struct text *body)
{
    text_printf(out, "%08lx\t%s\n", sum_of(body->data, body->length), body->data);
    text_release(body);
}

void recall_put_begin(struct text *out, const struct recall_entry *entry)
{
    struct text body = {0};
    text_append_char(&body, 'R');
    put_field(&body, entry->mark);
    put_number(&body, (double)entry->at);
    put_field(&body, entry->role);
    put_field(&body, entry->sql);
    put_line(out, &body);
}

void recall_put_end(struct text *out, const struct recall_entry *entry)
{
    struct text body = {0};
    text_append_char(&body, 'E');
    put_field(&body, entry->mark);
    put_field(&body, entry->outcome);
    put_number(&body, entry->seconds * 1000);
    put_number(&body, (double)entry->rows);
    put_field(&body, entry->products);
    put_field(&body, entry->error);
    put_line(out, &body);
}

void recall_put(struct text *out, const struct recall_entry *entry)
{
    recall_put_begin(out, entry);
    if (entry->outcome != NULL) {
        recall_put_end(out, entry);
    }
}

/* ---- Reading ---- */

static void unescape(char *field)
{
    char *to = field;
    for (const char *p = field; *p != '\0'; p++) {
        char c = *p;
        if (c == '\\' && p[1] != '\0') {
            c = *++p;
            c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
        }
        *to++ = c;
    }
    *to = '\0';
}

bool recall_read_line(char *line, size_t length, char *fields[RECALL_FIELDS + 1])
{
    size_t count = 0;
    if (length < CRC_DIGITS + 2 || line[CRC_DIGITS] != '\t' ||
        memchr(line, '\0', length) != NULL) {
        return false;
    }
    char *end = line + length;
    char *rest = line + CRC_DIGITS + 1;
    line[CRC_DIGITS] = *end = '\0';
    char *stop;
    unsigned long sum = strtoul(line, &stop, 16);
    if (stop != line + CRC_DIGITS || sum != sum_of(rest, (size_t)(end - rest))) {
        return false;
    }
    for (char *field = strsep(&rest, "\t"); field != NULL && count < RECALL_FIELDS;
         field = strsep(&rest, "\t")) {
        unescape(field);
        fields[count++] = field;
    }
    fields[count] = NULL;
    return rest == NULL;
}

static size_t count_of(char *const *fields)
{
    size_t count = 0;
    while (fields[count] != NULL) {
        count++;
    }
    return count;
}

static bool is_mark(const char *mark)
{
    return strlen(mark) == RECALL_MARK - 1 &&
           strspn(mark, "0123456789abcdef") == RECALL_MARK - 1;
}

static void take_begin(struct recall *recall, char *const *fields)
{
    recall->seen++;
    bool is_known = !recall->is_anew && recall_named(recall, fields[1]) != NULL;
    if (is_known || fields[4][0] == '\0') {
        return;
    }
    struct recall_entry entry = {
        .at = strtoll(fields[2], NULL, 10),
        .role = fields[3][0] != '\0' ? string_copy(fields[3]) : NULL,
        .sql = string_copy(fields[4]),
        .products = string_copy(""),
        .error = string_copy(""),
        .rows = -1,
    };
    memcpy(entry.mark, fields[1], RECALL_MARK);
    recall_push(recall, entry);
}

static void take_end(struct recall *recall, char *const *fields)
{
    struct recall_entry *entry = recall_named(recall, fields[1]);
    if (entry == NULL || entry->outcome != NULL) {
        return;
    }
    free(entry->products);
    free(entry->error);
    entry->outcome = string_copy(fields[2]);
    entry->seconds = (double)strtoll(fields[3], NULL, 10) / 1000;
    entry->rows = strtoll(fields[4], NULL, 10);
    entry->products = string_copy(fields[5]);
    entry->error = string_copy(fields[6]);
}

void recall_take_line(struct recall *recall, char *line, size_t length)
{
    char *fields[RECALL_FIELDS + 1];
    if (!recall_read_line(line, length, fields)) {
        return;
    }
    size_t count = count_of(fields);
    if (count == 5 && strcmp(fields[0], "R") == 0 && is_mark(fields[1])) {
        take_begin(recall, fields);
    } else if (count == 7 && strcmp(fields[0], "E") == 0 && is_mark(fields[1])) {
        take_end(recall, fields);
    }
}

/* Whole lines: the last one is whatever was torn. */
void recall_take_lines(struct recall *recall, char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        char *end = memchr(bytes + at, '\n', length - at);
        if (end == NULL) {
            return;
        }
        size_t line = (size_t)(end - (bytes + at));
        recall_take_line(recall, bytes + at, line);
        at += line + 1;
    }
}

/* ---- What is kept of a statement ---- */

char *recall_clean(const char *sql)
{
    size_t length = strlen(sql);
    while (length > 0 && strchr(" \t\r\n", sql[length - 1]) != NULL) {
        length--;
    }
    if (length == 0 || length > MOST_STATEMENT || strchr(" \t\r\n", sql[0]) != NULL) {
        return NULL;
    }
    char *copy = string_copy_bytes(sql, length);
    char *redacted = secret_redact(copy);
    free(copy);
    return redacted;
}

void recall_new_mark(char mark[RECALL_MARK])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[RECALL_MARK / 2];
    gcry_create_nonce(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        mark[2 * i] = digits[bytes[i] >> 4];
        mark[2 * i + 1] = digits[bytes[i] & 15];
    }
    mark[RECALL_MARK - 1] = '\0';
}
