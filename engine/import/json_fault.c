/* json_fault: what is wrong with a text or a row of JSON, in words for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/import/json_text.h"

static const char *const reasons[] = {
    [JSON_SOUND] = "nothing is wrong",
    [JSON_ENDS_EARLY] = "it ends within a value",
    [JSON_NO_VALUE] = "a value is expected here",
    [JSON_NO_KEY] = "a name in double quotes is expected here",
    [JSON_NO_COLON] = "a colon is expected behind the name",
    [JSON_NO_COMMA] = "a comma or the end of the object or array is expected here",
    [JSON_NO_END] = "something follows the end of the value",
    [JSON_BAD_WORD] = "only true, false and null are words of JSON",
    [JSON_BAD_NUMBER] = "this is no number of JSON",
    [JSON_BAD_ESCAPE] = "this is no escape of JSON",
    [JSON_CONTROL] = "a control character must be escaped in a string",
    [JSON_BAD_UTF8] = "this is not UTF-8",
    [JSON_TOO_DEEP] = "it is nested deeper than 512 levels",
    [JSON_LONG_STRING] = "a string or number is longer than 16 MiB",
    [JSON_LONG_ROW] = "the row is longer than 32 MiB",
};

const char *json_fault_reason(enum json_fault fault)
{
    return reasons[fault];
}

static const char *fault_code(enum json_fault fault)
{
    return fault == JSON_BAD_UTF8 ? "encoding-error" : "source-error";
}

void json_tell_fault(struct text *out, enum json_fault fault, long long column)
{
    text_printf(out, "column %lld: %s [%s]", column, json_fault_reason(fault),
                fault_code(fault));
}

void json_tell_duplicate(struct text *out, const char *key, size_t length)
{
    enum { KEY_SHOWN = 40 };
    size_t shown = length;
    if (length > KEY_SHOWN) {
        for (shown = KEY_SHOWN;
             shown > 0 && ((unsigned char)key[shown] & 0xC0) == 0x80;) {
            shown--;
        }
    }
    text_append(out, "its member \"");
    text_append_bytes(out, key, shown);
    text_printf(out, "%s\" is there twice [duplicate-key]", shown < length ? "..." : "");
}

void json_tell_stranger(struct text *out, char first_byte, bool rows_are_arrays)
{
    static const struct {
        const char *signs, *name;
    } kinds[] = {{"{", "an object"},  {"[", "an array"}, {"\"", "a string"},
                 {"tf", "a boolean"}, {"n", "null"},     {"", "a number"}};
    size_t i = 0;
    while (kinds[i].signs[0] != '\0' && strchr(kinds[i].signs, first_byte) == NULL) {
        i++;
    }
    text_printf(out, "it is %s, and the rows here are %s [source-error]", kinds[i].name,
                rows_are_arrays ? "arrays" : "objects");
}

bool json_scan_tell(const struct json_scan *scan, const char *name, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not import %s: line %lld, column %lld (byte %lld): %s [%s]",
                     name, scan->line, json_scan_column(scan), scan->byte,
                     json_fault_reason(scan->fault), fault_code(scan->fault));
}
