/* input_sequence: what xterm and its kin send for keys, whole sequences to one event
 * each. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/input_sequence.h"

#include <string.h>

#include "tui/utf8.h"

enum { SEQUENCE_MOST = 256, PARAMETERS_MOST = 4 };

struct final_row {
    int final, code;
};

static const struct final_row final_rows[] = {
    {'A', KEY_CODE_UP},     {'B', KEY_CODE_DOWN},    {'C', KEY_CODE_RIGHT},
    {'D', KEY_CODE_LEFT},   {'H', KEY_CODE_HOME},    {'F', KEY_CODE_END},
    {'P', KEY_CODE_F1},     {'Q', KEY_CODE_F1 + 1},  {'R', KEY_CODE_F1 + 2},
    {'S', KEY_CODE_F1 + 3}, {'Z', KEY_CODE_BACKTAB}, {0, 0},
};

/* The keypad, where it sends its own codes (SS3). */
static const struct final_row keypad_rows[] = {
    {'M', KEY_CODE_ENTER},
    {'j', '*'},
    {'k', '+'},
    {'l', ','},
    {'m', '-'},
    {'n', '.'},
    {'o', '/'},
    {'p', '0'},
    {'q', '1'},
    {'r', '2'},
    {'s', '3'},
    {'t', '4'},
    {'u', '5'},
    {'v', '6'},
    {'w', '7'},
    {'x', '8'},
    {'y', '9'},
    {'X', '='},
    {0, 0},
};

/* CSI number ~ */
static const struct final_row tilde_rows[] = {
    {1, KEY_CODE_HOME},     {2, KEY_CODE_INSERT},   {3, KEY_CODE_DELETE},
    {4, KEY_CODE_END},      {5, KEY_CODE_PAGE_UP},  {6, KEY_CODE_PAGE_DOWN},
    {7, KEY_CODE_HOME},     {8, KEY_CODE_END},      {11, KEY_CODE_F1},
    {12, KEY_CODE_F1 + 1},  {13, KEY_CODE_F1 + 2},  {14, KEY_CODE_F1 + 3},
    {15, KEY_CODE_F1 + 4},  {17, KEY_CODE_F1 + 5},  {18, KEY_CODE_F1 + 6},
    {19, KEY_CODE_F1 + 7},  {20, KEY_CODE_F1 + 8},  {21, KEY_CODE_F1 + 9},
    {23, KEY_CODE_F1 + 10}, {24, KEY_CODE_F1 + 11}, {0, 0},
};

struct found sequence_key(size_t length, int code, bool alt)
{
    struct found found = {.length = length};

    found.event.kind = code != KEY_CODE_NONE ? TERM_KEY : TERM_NOTHING;
    found.event.key.code = code;
    found.event.key.alt = alt;
    return found;
}

static int code_of_character(int code)
{
    if (code == 0) {
        return KEY_CODE_CONTROL_SPACE;
    }
    if (code == 8) {
        return KEY_CODE_BACKSPACE; /* many terminals send it for the key above Enter */
    }
    return code > 0 && !(code >= 0x80 && code < 0xa0) ? code : KEY_CODE_NONE;
}

static struct found find_character(const char *bytes, size_t length, bool alt)
{
    int code;
    size_t used = utf8_decode(bytes, length, &code);

    return sequence_key(used, code_of_character(code), alt);
}

static int code_of_row(const struct final_row *rows, int value)
{
    for (; rows->code != 0; rows++) {
        if (rows->final == value) {
            return rows->code;
        }
    }
    return KEY_CODE_NONE;
}

/* Alt or Ctrl held: modifiers are sent as 1 + shift 1, alt 2, control 4, meta 8. */
static bool is_modified(int modifier)
{
    return modifier > 1 && ((modifier - 1) & (2 | 4 | 8)) != 0;
}

static int code_of_control_letter(int code, int modifier)
{
    bool control = modifier > 1 && ((modifier - 1) & 4) != 0;
    bool letter = code >= 'a' && code <= 'z';

    return control && letter ? code & 0x1f : code_of_character(code);
}

/* A key with its character and modifiers spelled out (CSI code;modifier u). */
static struct found find_spelled(size_t length, int code, int modifier)
{
    bool alt = modifier > 1 && ((modifier - 1) & 2) != 0;

    if (code == KEY_CODE_ENTER && is_modified(modifier)) {
        return sequence_key(length, KEY_CODE_ENTER, true); /* Ctrl-Enter is Alt-Enter */
    }
    if (code == KEY_CODE_TAB && modifier == 2) {
        return sequence_key(length, KEY_CODE_BACKTAB, false);
    }
    if (code > 0x10ffff || (code >= 57344 && code <= 63743)) {
        return sequence_key(length, KEY_CODE_NONE,
                            false); /* keys of the keypad, media keys */
    }
    return sequence_key(length, code_of_control_letter(code, modifier), alt);
}

static struct found find_mouse(size_t length, const int *values, int final)
{
    struct found found = {.length = length};
    int button = values[0] & ~(4 | 8 | 16); /* without shift, alt, control */

    if (final == 'M' && (button <= 2 || button == 64 || button == 65)) {
        found.event.kind = TERM_MOUSE;
        found.event.mouse_button = button <= 2 ? button + 1 : button - 60;
        found.event.mouse_x = values[1] > 0 ? values[1] - 1 : 0;
        found.event.mouse_y = values[2] > 0 ? values[2] - 1 : 0;
    }
    return found;
}

static int read_parameters(const char *bytes, size_t length, int values[PARAMETERS_MOST])
{
    int count = 0;

    memset(values, 0, PARAMETERS_MOST * sizeof *values);
    for (size_t i = 0; i < length && count < PARAMETERS_MOST; i++) {
        if (bytes[i] >= '0' && bytes[i] <= '9' && values[count] < 1000000) {
            values[count] = values[count] * 10 + (bytes[i] - '0');
        } else if (bytes[i] == ';') {
            count++;
        }
    }
    return count + 1;
}

/* Device status and mode reports (ECMA-48 8.3.35 CPR; DEC STD 070 DECRPM, DA). */
static bool is_answer(const char *bytes, size_t length)
{
    int final = (unsigned char)bytes[length - 1];
    return (final == 'R' && memchr(bytes, ';', length) != NULL) ||
           (bytes[2] == '?' && (final == 'y' || final == 'c'));
}

/* bytes: ESC [ parameters intermediates final, whole. */
static struct found understand_csi(const char *bytes, size_t length)
{
    int values[PARAMETERS_MOST];
    int final = (unsigned char)bytes[length - 1];
    bool is_private = bytes[2] >= '<' && bytes[2] <= '?';
    int code;

    read_parameters(bytes + 2, length - 3, values);
    if (bytes[2] == '<' && (final == 'M' || final == 'm')) {
        return find_mouse(length, values, final);
    }
    if (is_private) {
        return sequence_key(length, KEY_CODE_NONE, false);
    }
    if (final == 'u') {
        return find_spelled(length, values[0], values[1]);
    }
    if (final != '~') {
        /* CSI 5;10 R is a report of the cursor, CSI 1;2 R is F3. */
        code = values[0] <= 1 ? code_of_row(final_rows, final) : KEY_CODE_NONE;
        return sequence_key(length, code, is_modified(values[1]));
    }
    if (values[0] == 200) {
        return (struct found){.length = length, .is_paste_start = true};
    }
    if (values[0] == 27) {
        return find_spelled(length, values[2], values[1]);
    }
    code = code_of_row(tilde_rows, values[0]);
    return sequence_key(length, code, is_modified(values[1]));
}

static struct found find_csi(const char *bytes, size_t length)
{
    for (size_t i = 2; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '[' && i == 2) {
            /* the Linux console's F1..F5: ESC [ [ A */
            if (length < 4) {
                return (struct found){0};
            }
            return sequence_key(4,
                                bytes[3] >= 'A' && bytes[3] <= 'E'
                                    ? KEY_CODE_F1 + bytes[3] - 'A'
                                    : KEY_CODE_NONE,
                                false);
        }
        if (byte >= 0x40 && byte <= 0x7e) {
            struct found found = understand_csi(bytes, i + 1);
            found.is_answer = is_answer(bytes, i + 1);
            return found;
        }
        if (byte < 0x20 || byte > 0x7e || i >= SEQUENCE_MOST) {
            return sequence_key(i, KEY_CODE_NONE, false);
        }
    }
    return (struct found){0};
}

static struct found find_ss3(const char *bytes, size_t length)
{
    if (length < 3) {
        return (struct found){0};
    }
    int code = code_of_row(final_rows, (unsigned char)bytes[2]);
    if (code == KEY_CODE_NONE) {
        code = code_of_row(keypad_rows, (unsigned char)bytes[2]);
    }
    return sequence_key(3, code, false);
}

/* An answer of the terminal: OSC, DCS, APC or PM up to BEL or ST. */
static struct found find_string(const char *bytes, size_t length)
{
    for (size_t i = 2; i < length; i++) {
        if (bytes[i] == '\a') {
            return sequence_key(i + 1, KEY_CODE_NONE, false);
        }
        if (bytes[i] == '\033' && i + 1 < length) {
            return sequence_key(bytes[i + 1] == '\\' ? i + 2 : i, KEY_CODE_NONE, false);
        }
        if (i >= SEQUENCE_MOST) {
            return sequence_key(i, KEY_CODE_NONE, false);
        }
    }
    return (struct found){0};
}

/* Esc ] and Esc P are also Alt with a key: only what goes on like an answer is one. */
static bool starts_string(const char *bytes, size_t length)
{
    return length >= 3 && strchr("]P_^", bytes[1]) != NULL &&
           strchr("0123456789>!", bytes[2]) != NULL && bytes[2] != '\0';
}

/* Esc before a sequence is Alt; else Esc Esc is the key twice. */
static struct found find_double_escape(const char *bytes, size_t length)
{
    struct found found;

    if (length < 3) {
        return (struct found){0};
    }
    if (bytes[2] != '[' && bytes[2] != 'O') {
        return sequence_key(1, KEY_CODE_ESCAPE, false);
    }
    found = bytes[2] == '[' ? find_csi(bytes + 1, length - 1)
                            : find_ss3(bytes + 1, length - 1);
    found.event.key.alt = true;
    found.length += found.length > 0 ? 1 : 0;
    return found;
}

struct found sequence_after_escape(const char *bytes, size_t length)
{
    struct found found;

    if (length < 2) {
        return (struct found){0};
    }
    if (bytes[1] == '[') {
        return find_csi(bytes, length);
    }
    if (bytes[1] == 'O') {
        return find_ss3(bytes, length);
    }
    if (starts_string(bytes, length)) {
        return find_string(bytes, length);
    }
    if (length < 3 && strchr("]P_^", bytes[1]) != NULL) {
        return (struct found){0};
    }
    if (bytes[1] == '\033') {
        return find_double_escape(bytes, length);
    }
    found = find_character(bytes + 1, length - 1, true);
    found.length += found.length > 0 ? 1 : 0;
    return found;
}

/* Nothing more came: an Esc is the key, Esc with one character is Alt, and the beginning
 * of a sequence is nothing. */
struct found sequence_expired(const char *bytes, size_t length)
{
    struct found found;

    if (length == 1 || bytes[1] == '\033') {
        return sequence_key(1, KEY_CODE_ESCAPE, false);
    }
    found = find_character(bytes + 1, length - 1, true);
    if (found.length == 0 || found.length + 1 < length) {
        return sequence_key(length, KEY_CODE_NONE, false);
    }
    found.length++;
    return found;
}

struct found sequence_character(const char *bytes, size_t length)
{
    return find_character(bytes, length, false);
}
