/* key: names of keys to codes and back. Decoding bytes of a terminal is input.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/key.h"

#include <stdio.h>
#include <string.h>

#include "engine/text.h"
#include "tui/utf8.h"

struct key_row {
    const char *name;
    int code;
};

/* The first name of a code is the one that is shown. */
static const struct key_row key_rows[] = {
    {"Tab", KEY_CODE_TAB},
    {"Enter", KEY_CODE_ENTER},
    {"Esc", KEY_CODE_ESCAPE},
    {"Escape", KEY_CODE_ESCAPE},
    {"Backspace", KEY_CODE_BACKSPACE},
    {"Space", ' '},
    {"C-Space", KEY_CODE_CONTROL_SPACE},
    {"Up", KEY_CODE_UP},
    {"Down", KEY_CODE_DOWN},
    {"Left", KEY_CODE_LEFT},
    {"Right", KEY_CODE_RIGHT},
    {"Home", KEY_CODE_HOME},
    {"End", KEY_CODE_END},
    {"PageUp", KEY_CODE_PAGE_UP},
    {"PageDown", KEY_CODE_PAGE_DOWN},
    {"Insert", KEY_CODE_INSERT},
    {"Delete", KEY_CODE_DELETE},
    {"S-Tab", KEY_CODE_BACKTAB},
    {NULL, 0},
};

static int code_of_control(const char *name)
{
    if (name[0] == '\0' || name[1] != '\0') {
        return KEY_CODE_NONE;
    }
    if ((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= '[' && name[0] <= '_')) {
        return name[0] & 0x1f;
    }
    return KEY_CODE_NONE;
}

static int code_of_function_key(const char *name)
{
    int number = 0;
    size_t digits = strspn(name, "0123456789");

    if (digits == 0 || digits > 2 || name[digits] != '\0') {
        return KEY_CODE_NONE;
    }
    for (size_t i = 0; i < digits; i++) {
        number = number * 10 + (name[i] - '0');
    }
    return number >= 1 && number <= 12 ? KEY_CODE_F1 + number - 1 : KEY_CODE_NONE;
}

static int code_of_name(const char *name)
{
    int code;
    size_t length = strlen(name);

    for (const struct key_row *row = key_rows; row->name != NULL; row++) {
        if (string_equal_fold(row->name, name)) {
            return row->code;
        }
    }
    if (string_starts(name, "C-")) {
        return code_of_control(name + 2);
    }
    if (name[0] == 'F' && name[1] != '\0') {
        return code_of_function_key(name + 1);
    }
    if (length > 0 && utf8_decode(name, length, &code) == length && code > 32 &&
        code != 127) {
        return code;
    }
    return KEY_CODE_NONE;
}

bool key_of_name(const char *name, struct key *key)
{
    *key = (struct key){0};
    if (string_starts(name, "M-")) {
        key->alt = true;
        name += 2;
    }
    key->code = code_of_name(name);
    return key->code != KEY_CODE_NONE;
}

static void name_of_code(int code, char *buffer, size_t size)
{
    char bytes[5] = "";

    for (const struct key_row *row = key_rows; row->name != NULL; row++) {
        if (row->code == code) {
            snprintf(buffer, size, "%s", row->name);
            return;
        }
    }
    if (code >= KEY_CODE_F1 && code <= KEY_CODE_F12) {
        snprintf(buffer, size, "F%d", code - KEY_CODE_F1 + 1);
    } else if (code > 0 && code < 32) {
        int letter = code + 64;
        snprintf(buffer, size, "C-%c",
                 letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    } else if (code > 0 && code < KEY_CODE_FIRST) {
        utf8_encode(code, bytes);
        snprintf(buffer, size, "%s", bytes);
    } else {
        snprintf(buffer, size, "?");
    }
}

const char *key_label(struct key key, char *buffer, size_t size)
{
    char plain[16];

    name_of_code(key.code, plain, sizeof plain);
    snprintf(buffer, size, "%s%s", key.alt ? "M-" : "", plain);
    return buffer;
}

bool key_is(struct key key, int code)
{
    return key.code == code && !key.alt;
}

bool key_is_printable(struct key key)
{
    return !key.alt && key.code >= 32 && key.code < KEY_CODE_FIRST &&
           !(key.code >= 127 && key.code < 160);
}

size_t key_utf8(struct key key, char bytes[5])
{
    bytes[0] = '\0';
    return key_is_printable(key) ? utf8_encode(key.code, bytes) : 0;
}
