/* escapes: a reader of control sequences that knows modes and the permitted set.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/escapes.h"
#include "tests/screen/terminfo.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"

enum { SEQUENCE_LONGEST = 1 << 20 };

enum state { GROUND, ESCAPE, CSI, STRING, STRING_ESCAPE };

struct reader {
    enum state state;
    struct text sequence; /* the bytes since ESC, ESC included */
};

/* A mode the program may switch on, and how the shell must find it. */
struct mode {
    const char *on, *off; /* keys of sequences, see key_of() */
    const char *sentence; /* when it is not as found */
    bool starts_on;
};

static const struct mode modes[] = {
    {"CSI ?1049h", "CSI ?1049l", "the alternate screen is still shown", false},
    {"CSI ?1047h", "CSI ?1047l", "the alternate screen is still shown", false},
    {"CSI ?47h", "CSI ?47l", "the alternate screen is still shown", false},
    {"CSI ?25h", "CSI ?25l", "the cursor is hidden", true},
    {"CSI ?7h", "CSI ?7l", "lines do not wrap", true},
    {"CSI ?6h", "CSI ?6l", "the origin follows the margins", false},
    {"CSI ?1h", "CSI ?1l", "cursor keys send application codes", false},
    {"ESC =", "ESC >", "the keypad sends application codes", false},
    {"CSI ?9h", "CSI ?9l", "the mouse is reported", false},
    {"CSI ?1000h", "CSI ?1000l", "the mouse is reported", false},
    {"CSI ?1002h", "CSI ?1002l", "mouse drags are reported", false},
    {"CSI ?1003h", "CSI ?1003l", "mouse moves are reported", false},
    {"CSI ?1005h", "CSI ?1005l", "the mouse is reported in UTF-8", false},
    {"CSI ?1006h", "CSI ?1006l", "the mouse is reported by SGR", false},
    {"CSI ?1004h", "CSI ?1004l", "the focus is reported", false},
    {"CSI ?2004h", "CSI ?2004l", "pastes are bracketed", false},
    {"CSI ?2026h", "CSI ?2026l", "output is held back", false},
    {"CSI 4h", "CSI 4l", "typing inserts", false},
    {"ESC (0", "ESC (B", "line drawing replaces letters", false},
    {"C0 0e", "C0 0f", "the second character set is shown", false},
};

enum { MODE_COUNT = sizeof modes / sizeof *modes };

/* What the program may send besides the strings of terminfo. */
static const char *const own_keys[] = {
    "C0 07",      "C0 08",      "C0 09",      "C0 0a",      "C0 0d",
    "CSI ?1000h", "CSI ?1000l", "CSI ?1002h", "CSI ?1002l", "CSI ?1006h",
    "CSI ?1006l", "CSI ?2004h", "CSI ?2004l", "CSI ?2026h", "CSI ?2026l",
    "CSI 6n",     "CSI c",      "CSI ?$p",    "CSI ?25h",   "CSI ?25l",
};

/* Never, whatever terminfo says. */
static const char *const banned_keys[] = {"OSC 0", "OSC 1", "OSC 2", "OSC 8", "OSC 52",
                                          "DCS",   "APC",   "PM",    "SOS"};

struct escapes {
    struct reader reader;
    struct array known;   /* of char *: keys this terminal may get */
    struct array allowed; /* of char *: banned keys this play permits */
    struct text foreign;
    struct text clipboard;
    bool has_clipboard;
    bool is_on[MODE_COUNT];
    bool was_set[MODE_COUNT]; /* by the program */
    bool linux_palette;       /* ESC ] P and ESC ] R without an end */
    struct text *shown;       /* where bytes for the emulator go; NULL while learning */
    unsigned code;            /* the character being put together */
    int code_left;
};

static void know(struct escapes *escapes, const char *key)
{
    *(char **)array_push(&escapes->known) = string_copy(key);
}

static bool has_key(const struct array *keys, const char *key)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(*(char **)array_at(keys, i), key) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_known(const struct escapes *escapes, const char *key)
{
    for (size_t i = 0; i < sizeof banned_keys / sizeof *banned_keys; i++) {
        if (strcmp(banned_keys[i], key) == 0) {
            return has_key(&escapes->allowed, key);
        }
    }
    return has_key(&escapes->known, key) || has_key(&escapes->allowed, key);
}

/* Remember a foreign key once. */
static void blame(struct escapes *escapes, const char *key)
{
    char *line = string_printf("%s\n", key);
    if (strstr(text_string(&escapes->foreign), line) == NULL) {
        text_append(&escapes->foreign, line);
    }
    free(line);
}

static void obey(struct escapes *escapes, const char *key)
{
    for (size_t i = 0; i < MODE_COUNT; i++) {
        if (strcmp(modes[i].on, key) == 0) {
            escapes->is_on[i] = escapes->was_set[i] = true;
        } else if (strcmp(modes[i].off, key) == 0) {
            escapes->is_on[i] = false;
        }
    }
}

typedef void key_function(struct escapes *escapes, const char *key);

static void meet(struct escapes *escapes, const char *key)
{
    obey(escapes, key);
    if (!is_known(escapes, key)) {
        blame(escapes, key);
    }
}

/* CSI: leader, intermediates and final byte make the key; modes and window commands
 * are told apart by their numbers, each of which is a key of its own. */
static void csi_keys(struct escapes *escapes, const char *body, key_function *each)
{
    char final = body[strlen(body) - 1];
    size_t leader = strspn(body, "<=>?");
    const char *numbers = body + leader;
    size_t length = strspn(numbers, "0123456789;:");
    const char *tail = numbers + length;
    bool by_number = strchr("hlnt", final) != NULL;
    for (const char *at = numbers;;) {
        size_t digits = by_number ? strspn(at, "0123456789") : 0;
        char *key =
            string_printf("CSI %.*s%.*s%s", (int)leader, body, (int)digits, at, tail);
        each(escapes, key);
        free(key);
        at += digits;
        if (!by_number || final == 't' || *at != ';') {
            return;
        }
        at++;
    }
}

/* OSC: its number is the key (a letter on the Linux console). */
static void osc_key(struct escapes *escapes, const char *body, key_function *each)
{
    size_t digits = strspn(body, "0123456789");
    char *key = string_printf("OSC %.*s", (int)(digits > 0 ? digits : 1), body);
    each(escapes, key);
    free(key);
}

/* The keys of a whole sequence. */
static void sequence_keys(struct escapes *escapes, const char *sequence,
                          key_function *each)
{
    const char *body = sequence + 1;
    if (*body == '[' && body[1] != '\0') {
        csi_keys(escapes, body + 1, each);
    } else if (*body == ']') {
        osc_key(escapes, body + 1, each);
    } else if (*body != '\0' && strchr("P_^X", *body) != NULL) {
        each(escapes, *body == 'P'   ? "DCS"
                      : *body == '_' ? "APC"
                      : *body == '^' ? "PM"
                                     : "SOS");
    } else {
        char *key = string_printf("ESC %s", body);
        each(escapes, key);
        free(key);
    }
}

/* Only the Linux console knows where its palette sequences end: an emulator of the xterm
 * kind would swallow the text behind them. */
static bool is_for_console_only(const struct escapes *escapes,
                                const struct text *sequence)
{
    return escapes->linux_palette && sequence->length >= 3 && sequence->data[1] == ']' &&
           strchr("PR", sequence->data[2]) != NULL;
}

/* OSC 52 ; c ; BASE64 (xterm control sequences, "Operating System Commands"). */
static void keep_clipboard(struct escapes *escapes, const struct text *sequence)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(text_string(sequence), ';');
    at = at != NULL ? strchr(at + 1, ';') : NULL;
    unsigned value = 0;
    int bits = 0;
    text_clear(&escapes->clipboard);
    escapes->has_clipboard = true;
    for (at = at != NULL ? at + 1 : ""; *at != '\0' && strchr(digits, *at) != NULL;
         at++) {
        value = value << 6 | (unsigned)(strchr(digits, *at) - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            text_append_char(&escapes->clipboard, (char)(value >> bits));
        }
    }
}

static void reader_end(struct escapes *escapes, key_function *each)
{
    struct text *sequence = &escapes->reader.sequence;
    if (string_starts(text_string(sequence), "\033]52;")) {
        keep_clipboard(escapes, sequence);
    }
    sequence_keys(escapes, text_string(sequence), each);
    if (escapes->shown != NULL && !is_for_console_only(escapes, sequence)) {
        text_append_bytes(escapes->shown, sequence->data, sequence->length);
    }
    text_clear(sequence);
    escapes->reader.state = GROUND;
}

static void control_key(struct escapes *escapes, unsigned char c, key_function *each)
{
    char key[16];
    snprintf(key, sizeof key, "C0 %02x", c);
    each(escapes, key);
}

static void step_escape(struct escapes *escapes, unsigned char c, key_function *each)
{
    if (c == '[') {
        escapes->reader.state = CSI;
    } else if (strchr("]P_^X", c) != NULL) {
        escapes->reader.state = STRING;
    } else if (c >= 0x30 || c < 0x20) {
        reader_end(escapes, each);
    }
}

static void step_string(struct escapes *escapes, unsigned char c, key_function *each)
{
    struct reader *reader = &escapes->reader;
    const char *sequence = text_string(&reader->sequence);
    if (c == '\a' || reader->sequence.length > SEQUENCE_LONGEST) {
        reader_end(escapes, each);
    } else if (c == '\033') {
        reader->state = STRING_ESCAPE;
    } else if (escapes->linux_palette && sequence[1] == ']' &&
               (c == 'R' || (sequence[2] == 'P' && reader->sequence.length == 10))) {
        reader_end(escapes, each);
    }
}

/* One byte; false when the byte belongs to no sequence: it is text. */
static bool reader_step(struct escapes *escapes, unsigned char c, key_function *each)
{
    struct reader *reader = &escapes->reader;
    if (reader->state == GROUND) {
        if (c == '\033') {
            reader->state = ESCAPE;
            text_append_char(&reader->sequence, (char)c);
            return true;
        }
        if (c < 0x20 || c == 0x7F) {
            control_key(escapes, c, each);
        }
        return false;
    }
    if (c == '\033' && reader->state != STRING) {
        reader_end(escapes, each);
        return reader_step(escapes, c, each);
    }
    if (c < 0x20 && reader->state == CSI) {
        control_key(escapes, c, each); /* obeyed in the middle, as terminals do */
        return false;
    }
    text_append_char(&reader->sequence, (char)c);
    if (reader->state == ESCAPE) {
        step_escape(escapes, c, each);
    } else if (reader->state == CSI && c >= 0x40) {
        reader_end(escapes, each);
    } else if (reader->state == STRING) {
        step_string(escapes, c, each);
    } else if (reader->state == STRING_ESCAPE) {
        reader_end(escapes, each);
    }
    return true;
}

/* A string of terminfo without its % operations and $<..> delays. */
static void plain_string(const char *string, struct text *out)
{
    while (*string != '\0') {
        const char *delay =
            string[0] == '$' && string[1] == '<' ? strchr(string, '>') : NULL;
        if (delay != NULL) {
            string = delay + 1;
        } else if (*string != '%') {
            text_append_char(out, *string++);
        } else if (string[1] == '%') {
            text_append_char(out, '%');
            string += 2;
        } else if (string[1] == '{') {
            string += strcspn(string, "}") + 1;
        } else if (string[1] == '\'') {
            string += 4;
        } else if (string[1] == 'p' || string[1] == 'P' || string[1] == 'g') {
            string += 3;
        } else if (string[1] == ':' || isdigit((unsigned char)string[1])) {
            string += strcspn(string, "doxXs") + 1;
        } else {
            string += string[1] != '\0' ? 2 : 1;
        }
    }
}

static void know_string(void *owner, const char *string)
{
    struct escapes *escapes = owner;
    struct text plain = {0};
    plain_string(string, &plain);
    for (size_t i = 0; i < plain.length; i++) {
        reader_step(escapes, (unsigned char)plain.data[i], know);
    }
    if (escapes->reader.state != GROUND) {
        reader_end(escapes, know);
    }
    text_release(&plain);
}

struct escapes *escapes_new(void)
{
    struct escapes *escapes = memory_new(sizeof *escapes);
    const char *palette = terminfo_string("oc");
    escapes->known = (struct array)ARRAY_OF(char *);
    escapes->allowed = (struct array)ARRAY_OF(char *);
    escapes->linux_palette = palette != NULL && strcmp(palette, "\033]R") == 0;
    for (size_t i = 0; i < sizeof own_keys / sizeof *own_keys; i++) {
        know(escapes, own_keys[i]);
    }
    if (!terminfo_flag("npc")) {
        know(escapes, "C0 00");
    }
    terminfo_each_string(know_string, escapes);
    for (size_t i = 0; i < MODE_COUNT; i++) {
        escapes->is_on[i] = modes[i].starts_on;
    }
    return escapes;
}

static void release_keys(struct array *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        free(*(char **)array_at(keys, i));
    }
    array_release(keys);
}

void escapes_free(struct escapes *escapes)
{
    if (escapes == NULL) {
        return;
    }
    release_keys(&escapes->known);
    release_keys(&escapes->allowed);
    text_release(&escapes->clipboard);
    text_release(&escapes->reader.sequence);
    text_release(&escapes->foreign);
    free(escapes);
}

/* Characters that turn, hide or control. The joiners U+200C and U+200D belong to the
 * spelling of several scripts and are no such. */
static bool is_treacherous(unsigned code)
{
    return (code >= 0x80 && code < 0xA0) || code == 0x61C || code == 0x200B ||
           code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

static void read_text(struct escapes *escapes, unsigned char c)
{
    if (c >= 0xC0) {
        escapes->code_left = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        escapes->code = c & (0x3FU >> escapes->code_left);
    } else if (c >= 0x80 && escapes->code_left > 0) {
        escapes->code = escapes->code << 6 | (c & 0x3F);
        if (--escapes->code_left == 0 && is_treacherous(escapes->code)) {
            char key[16];
            snprintf(key, sizeof key, "U+%04X", escapes->code);
            blame(escapes, key);
        }
    } else {
        escapes->code_left = 0;
    }
}

void escapes_feed(struct escapes *escapes, const char *bytes, size_t length,
                  struct text *shown)
{
    escapes->shown = shown;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (!reader_step(escapes, c, meet)) {
            read_text(escapes, c);
            text_append_char(shown, (char)c);
        }
    }
    escapes->shown = NULL;
}

void escapes_allow(struct escapes *escapes, const char *key)
{
    *(char **)array_push(&escapes->allowed) = string_copy(key);
}

const char *escapes_clipboard(const struct escapes *escapes)
{
    return escapes->has_clipboard ? text_string(&escapes->clipboard) : NULL;
}

bool escapes_was_set(const struct escapes *escapes, const char *key)
{
    for (size_t i = 0; i < MODE_COUNT; i++) {
        if (strcmp(modes[i].on, key) == 0) {
            return escapes->was_set[i];
        }
    }
    return false;
}

void escapes_left_over(const struct escapes *escapes, struct text *out)
{
    for (size_t i = 0; i < MODE_COUNT; i++) {
        if (escapes->is_on[i] != modes[i].starts_on) {
            text_printf(out, "%s\n", modes[i].sentence);
        }
    }
}

const char *escapes_foreign(const struct escapes *escapes)
{
    return text_string(&escapes->foreign);
}
