/* quality/types: what a declared type means for a stored value.
 *
 * Versions hold what import (import.h) made of declared types: booleans as 0 and 1, dates
 * and times as ISO 8601, nested values as JSON text. What did not fit stayed text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/types.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Types ---- */

static bool fits_text(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT;
}

static bool fits_whole(const struct quality_value *value)
{
    return value->type == SQLITE_INTEGER ||
           (value->type == SQLITE_FLOAT && value->real == floor(value->real));
}

static bool fits_number(const struct quality_value *value)
{
    return value->type == SQLITE_INTEGER || value->type == SQLITE_FLOAT;
}

static bool fits_boolean(const struct quality_value *value)
{
    return value->type == SQLITE_INTEGER && (value->integer == 0 || value->integer == 1);
}

static bool fits_date(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT &&
           quality_form_timestamp(value->text, value->length);
}

static bool fits_time(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT && quality_form_time(value->text, value->length);
}

static bool fits_year(const struct quality_value *value)
{
    return value->type == SQLITE_INTEGER ||
           (value->type == SQLITE_TEXT && quality_form_year(value->text, value->length));
}

static bool fits_month(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT && quality_form_month(value->text, value->length);
}

static bool fits_duration(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT &&
           quality_form_duration(value->text, value->length);
}

/* JSON that starts with this sign; its grammar was checked by whoever stored it, and is
 * by json_valid() where members are looked at. */
static bool starts_with(const struct quality_value *value, char open, char close)
{
    size_t start = 0, end = value->length;
    while (start < end && isspace((unsigned char)value->text[start])) {
        start++;
    }
    while (end > start && isspace((unsigned char)value->text[end - 1])) {
        end--;
    }
    return end - start >= 2 && value->text[start] == open &&
           value->text[end - 1] == close;
}

static bool fits_list(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT && starts_with(value, '[', ']');
}

static bool fits_object(const struct quality_value *value)
{
    return value->type == SQLITE_TEXT && starts_with(value, '{', '}');
}

static bool fits_any(const struct quality_value *value)
{
    (void)value;
    return true;
}

static const struct quality_type types[] = {
    {"string", fits_text},       {"integer", fits_whole}, {"number", fits_number},
    {"boolean", fits_boolean},   {"date", fits_date},     {"timestamp", fits_date},
    {"time", fits_time},         {"year", fits_year},     {"month", fits_month},
    {"duration", fits_duration}, {"array", fits_list},    {"object", fits_object},
    {"any", fits_any},
};

/* Words of standards and of databases; a word that begins so is meant, too: varchar(36),
 * timestamp with time zone. */
static const struct {
    const char *word, *type;
} words[] = {
    {"string", "string"},
    {"text", "string"},
    {"varchar", "string"},
    {"char", "string"},
    {"nvarchar", "string"},
    {"nchar", "string"},
    {"uuid", "string"},
    {"clob", "string"},
    {"integer", "integer"},
    {"int", "integer"},
    {"int2", "integer"},
    {"int4", "integer"},
    {"int8", "integer"},
    {"int64", "integer"},
    {"int32", "integer"},
    {"long", "integer"},
    {"bigint", "integer"},
    {"smallint", "integer"},
    {"tinyint", "integer"},
    {"serial", "integer"},
    {"bigserial", "integer"},
    {"number", "number"},
    {"numeric", "number"},
    {"decimal", "number"},
    {"float", "number"},
    {"float4", "number"},
    {"float8", "number"},
    {"float64", "number"},
    {"double", "number"},
    {"real", "number"},
    {"money", "number"},
    {"boolean", "boolean"},
    {"bool", "boolean"},
    {"date", "date"},
    {"datetime", "timestamp"},
    {"timestamp", "timestamp"},
    {"timestamptz", "timestamp"},
    {"timestamp_tz", "timestamp"},
    {"timestamp_ntz", "timestamp"},
    {"timestamp_ltz", "timestamp"},
    {"instant", "timestamp"},
    {"time", "time"},
    {"year", "year"},
    {"yearmonth", "month"},
    {"duration", "duration"},
    {"array", "array"},
    {"list", "any"},
    {"vector", "array"},
    {"geojson", "object"},
    {"object", "object"},
    {"record", "object"},
    {"struct", "object"},
    {"map", "object"},
    {"any", "any"},
    {"null", "any"},
    {"bytes", "any"},
    {"binary", "any"},
    {"blob", "any"},
    {"bytea", "any"},
    {"varbinary", "any"},
    {"geopoint", "any"},
    {"json", "any"},
    {"jsonb", "any"},
    {"variant", "any"},
    {"character", "string"},
};

const struct quality_type *quality_type_named(const char *word)
{
    size_t length = word != NULL ? strcspn(word, "(<[ \t") : 0;
    const char *type = NULL;
    for (size_t i = 0; length > 0 && type == NULL && i < sizeof words / sizeof *words;
         i++) {
        if (strlen(words[i].word) == length &&
            sqlite3_strnicmp(words[i].word, word, (int)length) == 0) {
            type = words[i].type;
        }
    }
    for (size_t i = 0; type != NULL && i < sizeof types / sizeof *types; i++) {
        if (string_equal(types[i].name, type)) {
            return &types[i];
        }
    }
    return NULL;
}

bool quality_range_named(const char *format, double *least, double *most)
{
    if (format == NULL || strchr("iuf", format[0]) == NULL || format[0] == '\0') {
        return false;
    }
    int bits = atoi(format + 1);
    bool is_float = format[0] == 'f';
    bool is_known =
        is_float ? bits == 32 || bits == 64
                 : bits == 8 || bits == 16 || bits == 32 || bits == 64 || bits == 128;
    if (!is_known) {
        return false;
    }
    if (is_float) {
        *most = bits == 32 ? 3.4028234663852886e38 : INFINITY;
        *least = -*most;
    } else {
        *least = format[0] == 'i' ? -ldexp(1, bits - 1) : 0;
        *most = ldexp(1, format[0] == 'i' ? bits - 1 : bits);
        *most -= bits > 53 ? 0 : 1;
    }
    return true;
}

/* ---- Moments ---- */

/* Where the offset of an instant begins; `length` when it has none. */
static size_t offset_at(const char *text, size_t length)
{
    for (size_t i = length; i > 16; i--) {
        char sign = text[i - 1];
        if (sign == '+' || sign == '-' || sign == 'Z') {
            return i - 1;
        }
        if (!isdigit((unsigned char)sign) && sign != ':') {
            break;
        }
    }
    return length;
}

static long offset_seconds(const char *text, size_t length)
{
    char digits[5] = "0000";
    size_t count = 0;
    for (size_t i = 1; i < length && count < 4; i++) {
        if (isdigit((unsigned char)text[i])) {
            digits[count++] = text[i];
        }
    }
    int number = atoi(digits);
    long seconds = (number / 100) * 3600L + (number % 100) * 60L;
    return text[0] == '-' ? -seconds : seconds;
}

/* 2020-01-01T10:00:00.5+10:00 -> 2020-01-01T00:00:00.5 */
static char *in_utc(const char *text, size_t length, long offset)
{
    struct tm tm = {0};
    char date[sizeof "-2147483648-12-31T23:59:59"] = "";
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    char *copy = string_copy_bytes(text, length);
    copy[10] = 'T';
    sscanf(copy, "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second);
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    tm.tm_mday = day;
    tm.tm_hour = hour;
    tm.tm_min = minute;
    tm.tm_sec = second;
    time_t moment = timegm(&tm) - offset;
    gmtime_r(&moment, &tm);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    char *made = string_printf("%s%s", date, length > 19 ? copy + 19 : "");
    free(copy);
    return made;
}

char *quality_instant(const char *text, size_t length)
{
    size_t end = offset_at(text, length);
    long offset =
        end < length && text[end] != 'Z' ? offset_seconds(text + end, length - end) : 0;
    if (offset != 0) {
        return in_utc(text, end, offset);
    }
    char *made = string_copy_bytes(text, end);
    if (end > 10 && made[10] == ' ') {
        made[10] = 'T';
    }
    return made;
}

int quality_instant_compare(const char *text, size_t length, const char *moment,
                            size_t moment_length)
{
    char *own = NULL;
    if (length > 10 && (text[10] == ' ' || text[length - 1] != 'Z')) {
        own = quality_instant(text, length);
        text = own;
        length = strlen(own);
    } else if (length > 10) {
        length--; /* the Z */
    }
    size_t shared = length < moment_length ? length : moment_length;
    int order = memcmp(text, moment, shared);
    if (order == 0) {
        order = (length > moment_length) - (length < moment_length);
    }
    free(own);
    return order;
}
