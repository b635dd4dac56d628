/* json_text: the states of RFC 8259, byte by byte. What values mean is left to others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_text.h"

#include <string.h>

enum state {
    AT_VALUE,      /* a value must follow */
    AT_FIRST_ITEM, /* or the end of the array */
    AT_FIRST_KEY,  /* or the end of the object */
    AT_KEY,
    AT_COLON,
    AT_COMMA, /* or the end of the array or object */
    AT_TOP,   /* behind a whole value, or where many may begin */
    IN_STRING,
    IN_CHARACTER, /* of several bytes */
    IN_ESCAPE,
    IN_CODE, /* the digits of \uXXXX */
    IN_WORD,
    NUMBER_MINUS,
    NUMBER_ZERO, /* states from here on to NUMBER_POWER are numbers that may end */
    NUMBER_WHOLE,
    NUMBER_FRACTION,
    NUMBER_POWER,
    NUMBER_POINT,
    NUMBER_E,
    NUMBER_SIGN,
};

void json_scan_init(struct json_scan *scan, int watch, bool many)
{
    memset(scan, 0, sizeof *scan);
    scan->watch = watch;
    scan->many = many;
    scan->line = 1;
    json_scan_restart(scan);
}

void json_scan_restart(struct json_scan *scan)
{
    scan->state = AT_VALUE;
    scan->depth = 0;
    scan->fault = JSON_SOUND;
    scan->in_value = scan->high = false;
}

void json_scan_next_line(struct json_scan *scan, long long byte)
{
    scan->byte = scan->line_byte = byte;
    scan->trailing = 0;
    scan->line++;
    json_scan_restart(scan);
}

long long json_scan_column(const struct json_scan *scan)
{
    return scan->byte - scan->line_byte - scan->trailing + 1;
}

bool json_scan_has_value(const struct json_scan *scan)
{
    return scan->in_value;
}

static bool in_object(const struct json_scan *scan)
{
    int level = scan->depth - 1;
    return level >= 0 && (scan->stack[level / 8] >> (level % 8) & 1) != 0;
}

static enum json_event fail(struct json_scan *scan, enum json_fault fault)
{
    scan->fault = fault;
    return JSON_FAULT;
}

/* ---- Between tokens ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void pass_blank(struct json_scan *scan, char c)
{
    scan->byte++;
    if (c == '\n') {
        scan->line++;
        scan->line_byte = scan->byte;
        scan->trailing = 0;
    }
}

/* Something at the level of the containers that are open begins or has ended. */
static enum json_event tell(struct json_scan *scan, enum json_event event)
{
    scan->level = scan->depth;
    return scan->depth <= scan->watch ? event : JSON_MORE;
}

static enum json_event value_ended(struct json_scan *scan)
{
    scan->is_key = false;
    scan->state = scan->depth > 0 ? AT_COMMA : AT_TOP;
    return tell(scan, JSON_END);
}

static enum json_event open_level(struct json_scan *scan, bool object)
{
    int level = scan->depth;
    if (level >= JSON_DEPTH_MOST) {
        return fail(scan, JSON_TOO_DEEP);
    }
    unsigned char bit = (unsigned char)(1U << (level % 8));
    scan->stack[level / 8] = (unsigned char)(object ? scan->stack[level / 8] | bit
                                                    : scan->stack[level / 8] & ~bit);
    enum json_event event = tell(scan, JSON_BEGIN);
    scan->depth++;
    scan->state = object ? AT_FIRST_KEY : AT_FIRST_ITEM;
    scan->byte++;
    return event;
}

static enum json_event close_level(struct json_scan *scan)
{
    scan->byte++;
    scan->depth--;
    return value_ended(scan);
}

static void begin_string(struct json_scan *scan)
{
    scan->high = false;
    scan->token = scan->byte++;
    scan->state = IN_STRING;
}

static enum json_event begin_value(struct json_scan *scan, char c)
{
    static const char *const words[] = {"true", "false", "null"};
    scan->first = c;
    scan->in_value = true;
    scan->is_key = false;
    if (c == '{' || c == '[') {
        return open_level(scan, c == '{');
    }
    if (c == '"') {
        begin_string(scan);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        scan->token = scan->byte++;
        scan->state = c == '-' ? NUMBER_MINUS : c == '0' ? NUMBER_ZERO : NUMBER_WHOLE;
    } else {
        scan->word = NULL;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            scan->word = words[i][0] == c ? words[i] + 1 : scan->word;
        }
        if (scan->word == NULL) {
            return fail(scan, JSON_NO_VALUE);
        }
        scan->byte++;
        scan->state = IN_WORD;
    }
    return tell(scan, JSON_BEGIN);
}

static enum json_event begin_key(struct json_scan *scan, char c)
{
    if (c != '"') {
        return fail(scan, JSON_NO_KEY);
    }
    scan->is_key = true;
    begin_string(scan);
    return tell(scan, JSON_BEGIN);
}

static enum json_event pass_comma(struct json_scan *scan, char c)
{
    bool object = in_object(scan);
    if (c == (object ? '}' : ']')) {
        return close_level(scan);
    }
    if (c != ',') {
        return fail(scan, JSON_NO_COMMA);
    }
    scan->byte++;
    scan->state = object ? AT_KEY : AT_VALUE;
    return JSON_MORE;
}

/* A byte where a token begins. */
static enum json_event begin_token(struct json_scan *scan, char c)
{
    switch ((enum state)scan->state) {
    case AT_FIRST_ITEM:
        return c == ']' ? close_level(scan) : begin_value(scan, c);
    case AT_FIRST_KEY:
        return c == '}' ? close_level(scan) : begin_key(scan, c);
    case AT_KEY:
        return begin_key(scan, c);
    case AT_COLON:
        if (c != ':') {
            return fail(scan, JSON_NO_COLON);
        }
        scan->byte++;
        scan->state = AT_VALUE;
        return JSON_MORE;
    case AT_COMMA:
        return pass_comma(scan, c);
    case AT_TOP:
        return scan->many ? begin_value(scan, c) : fail(scan, JSON_NO_END);
    default:
        return begin_value(scan, c);
    }
}

/* ---- Strings ---- */

/* The first byte of a character of several: how many follow, and between which bounds the
 * next one lies (RFC 3629 §4). */
static enum json_event begin_character(struct json_scan *scan, unsigned char byte)
{
    scan->character = scan->byte;
    scan->least = 0x80;
    scan->most = 0xBF;
    if (byte >= 0xC2 && byte <= 0xDF) {
        scan->need = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
        scan->need = 2;
        scan->least = byte == 0xE0 ? 0xA0 : 0x80;
        scan->most = byte == 0xED ? 0x9F : 0xBF;
    } else if (byte >= 0xF0 && byte <= 0xF4) {
        scan->need = 3;
        scan->least = byte == 0xF0 ? 0x90 : 0x80;
        scan->most = byte == 0xF4 ? 0x8F : 0xBF;
    } else {
        return fail(scan, JSON_BAD_UTF8);
    }
    scan->byte++;
    scan->state = IN_CHARACTER;
    return JSON_MORE;
}

static enum json_event fail_character(struct json_scan *scan)
{
    scan->trailing -= scan->byte - scan->character - 1;
    scan->byte = scan->character;
    return fail(scan, JSON_BAD_UTF8);
}

static enum json_event pass_character(struct json_scan *scan, unsigned char byte)
{
    if (byte < scan->least || byte > scan->most) {
        return fail_character(scan);
    }
    scan->least = 0x80;
    scan->most = 0xBF;
    scan->byte++;
    scan->trailing++;
    if (--scan->need == 0) {
        scan->state = IN_STRING;
    }
    return JSON_MORE;
}

/* A first half waits for its second; anything else leaves it alone. */
static void end_pair(struct json_scan *scan)
{
    scan->lone |= scan->high;
    scan->high = false;
}

static enum json_event string_ended(struct json_scan *scan)
{
    end_pair(scan);
    scan->byte++;
    if (scan->is_key) {
        scan->state = AT_COLON;
        return tell(scan, JSON_END);
    }
    return value_ended(scan);
}

static enum json_event pass_string(struct json_scan *scan, char c)
{
    if (c == '"') {
        return string_ended(scan);
    }
    if (c == '\\') {
        scan->byte++;
        scan->state = IN_ESCAPE;
        return JSON_MORE;
    }
    end_pair(scan);
    if ((unsigned char)c < 0x20) {
        return fail(scan, JSON_CONTROL);
    }
    return begin_character(scan, (unsigned char)c);
}

/* Most bytes of a string are none of those above. Returns how many. */
static size_t plain_length(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && (unsigned char)bytes[i] >= 0x20 &&
           (unsigned char)bytes[i] < 0x80 && bytes[i] != '"' && bytes[i] != '\\') {
        i++;
    }
    return i;
}

static enum json_event pass_escape(struct json_scan *scan, char c)
{
    if (c == 'u') {
        scan->digits = 4;
        scan->code = 0;
        scan->state = IN_CODE;
    } else if (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) {
        end_pair(scan);
        scan->state = IN_STRING;
    } else {
        return fail(scan, JSON_BAD_ESCAPE);
    }
    scan->byte++;
    return JSON_MORE;
}

static enum json_event pass_code(struct json_scan *scan, char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    if (at == NULL) {
        return fail(scan, JSON_BAD_ESCAPE);
    }
    scan->code = scan->code * 16 + (unsigned)((at - digits) % 16);
    scan->byte++;
    if (--scan->digits > 0) {
        return JSON_MORE;
    }
    bool low = (scan->code & 0xFC00) == 0xDC00;
    scan->lone |= scan->high != low;
    scan->high = (scan->code & 0xFC00) == 0xD800;
    scan->state = IN_STRING;
    return JSON_MORE;
}

/* ---- Words and numbers ---- */

static enum json_event pass_word(struct json_scan *scan, char c)
{
    if (c != *scan->word) {
        return fail(scan, JSON_BAD_WORD);
    }
    scan->byte++;
    return *++scan->word == '\0' ? value_ended(scan) : JSON_MORE;
}

static bool may_end(int state)
{
    return state >= NUMBER_ZERO && state <= NUMBER_POWER;
}

/* Which state a byte leads to, or -1: it is no part of the number. */
static int number_state(int state, char c)
{
    bool digit = c >= '0' && c <= '9';
    switch ((enum state)state) {
    case NUMBER_MINUS:
        return !digit ? -1 : c == '0' ? NUMBER_ZERO : NUMBER_WHOLE;
    case NUMBER_ZERO:
    case NUMBER_WHOLE:
        return digit && state == NUMBER_WHOLE ? NUMBER_WHOLE
               : c == '.'                     ? NUMBER_POINT
               : c == 'e' || c == 'E'         ? NUMBER_E
                                              : -1;
    case NUMBER_POINT:
        return digit ? NUMBER_FRACTION : -1;
    case NUMBER_FRACTION:
        return digit ? NUMBER_FRACTION : c == 'e' || c == 'E' ? NUMBER_E : -1;
    case NUMBER_E:
        return digit ? NUMBER_POWER : c == '+' || c == '-' ? NUMBER_SIGN : -1;
    default:
        return digit ? NUMBER_POWER : -1;
    }
}

static enum json_event pass_number(struct json_scan *scan, char c)
{
    int next = number_state(scan->state, c);
    if (next >= 0) {
        scan->state = next;
        scan->byte++;
        return JSON_MORE;
    }
    return may_end(scan->state) ? value_ended(scan) : fail(scan, JSON_BAD_NUMBER);
}

/* ---- All together ---- */

static enum json_event pass_byte(struct json_scan *scan, char c)
{
    if (scan->state <= AT_TOP) {
        if (is_blank(c)) {
            pass_blank(scan, c);
            return JSON_MORE;
        }
        return begin_token(scan, c);
    }
    switch ((enum state)scan->state) {
    case IN_STRING:
        return pass_string(scan, c);
    case IN_CHARACTER:
        return pass_character(scan, (unsigned char)c);
    case IN_ESCAPE:
        return pass_escape(scan, c);
    case IN_CODE:
        return pass_code(scan, c);
    case IN_WORD:
        return pass_word(scan, c);
    default:
        return pass_number(scan, c);
    }
}

enum json_event json_scan_run(struct json_scan *scan, const char *bytes, size_t length,
                              size_t *used)
{
    long long start = scan->byte;
    enum json_event event = JSON_MORE;
    for (size_t at = 0; event == JSON_MORE && at < length;
         at = (size_t)(scan->byte - start)) {
        if (scan->state == IN_STRING) {
            size_t plain = plain_length(bytes + at, length - at);
            if (plain > 0) {
                end_pair(scan);
                scan->byte += (long long)plain;
                continue;
            }
        }
        event = pass_byte(scan, bytes[at]);
    }
    bool open = scan->state >= IN_STRING && scan->state != IN_WORD;
    if (event == JSON_MORE && open && scan->byte - scan->token > JSON_STRING_MOST) {
        event = fail(scan, JSON_LONG_STRING);
    }
    *used = event != JSON_FAULT ? (size_t)(scan->byte - start) : 0;
    return event;
}

enum json_event json_scan_finish(struct json_scan *scan)
{
    if (may_end(scan->state) && scan->depth == 0) {
        return value_ended(scan);
    }
    if (scan->state == AT_TOP) {
        return JSON_MORE;
    }
    if (scan->state == IN_CHARACTER) {
        return fail_character(scan);
    }
    return fail(scan, scan->state == AT_VALUE && scan->depth == 0 ? JSON_NO_VALUE
                                                                  : JSON_ENDS_EARLY);
}

bool json_check(const char *bytes, size_t length, struct json_scan *scan)
{
    enum json_event event = JSON_MORE;
    json_scan_init(scan, -1, false);
    for (size_t at = 0, used; at < length && event != JSON_FAULT; at += used) {
        event = json_scan_run(scan, bytes + at, length - at, &used);
    }
    while (event != JSON_FAULT && scan->fault == JSON_SOUND) {
        event = json_scan_finish(scan);
        if (event == JSON_MORE) {
            return true;
        }
    }
    return false;
}
