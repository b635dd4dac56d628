/* input and key: names of keys, sequences whole and byte by byte, pastes, nonsense.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/tap.h"
#include "tui/input.h"
#include "tui/utf8.h"

static void append_event(struct text *out, struct term_event *event)
{
    char name[24];

    if (event->kind == TERM_KEY) {
        text_printf(out, "%s ", key_label(event->key, name, sizeof name));
    } else if (event->kind == TERM_PASTE) {
        text_printf(out, "<%s> ", text_string(&event->paste));
        text_release(&event->paste);
    } else if (event->kind == TERM_MOUSE) {
        text_printf(out, "mouse%d@%d,%d ", event->mouse_button, event->mouse_x,
                    event->mouse_y);
    }
}

static void drain(struct input *input, struct text *out)
{
    struct term_event event;

    while (input_next(input, &event)) {
        append_event(out, &event);
    }
}

static void expire(struct input *input, struct text *out)
{
    for (int i = 0; i < 4 && input_is_waiting(input); i++) {
        input_expire(input);
        drain(input, out);
    }
}

/* The events of these bytes, fed in pieces of `step` bytes. */
static void understands(const char *bytes, const char *want)
{
    size_t length = strlen(bytes);

    for (size_t step = 1; step <= 2; step++) {
        size_t piece = step == 1 ? 1 : length;
        struct input *input = input_new();
        struct text got = {0};
        input_define(input, "\033[25~", KEY_CODE_F12);
        input_define(input, "x", KEY_CODE_F1);
        for (size_t at = 0; at < length; at += piece) {
            input_feed(input, bytes + at, piece < length - at ? piece : length - at);
            drain(input, &got);
        }
        expire(input, &got);
        is_text(text_string(&got), want, "%s (%s)", want,
                step == 1 ? "by bytes" : "at once");
        text_release(&got);
        input_free(input);
    }
}

static void test_sequences(void)
{
    understands("aB é日\r\t\n\x7f\x08\x03",
                "a B Space é 日 Enter Tab C-j Backspace Backspace C-c ");
    understands("\033[A\033OB\033[C\033OD", "Up Down Right Left ");
    understands("\033[1~\033[4~\033[5~\033[6~\033[3~\033[Z",
                "Home End PageUp PageDown Delete S-Tab ");
    understands("\033OP\033[15~\033[24~\033[[A\033[25~", "F1 F5 F12 F1 F12 ");
    understands("\033[1;5C\033[1;2A\033[1;3D", "M-Right Up M-Left ");
    understands("\033\r\033x\033é", "M-Enter M-x M-é ");
    understands("\033[13;5u\033[27;5;13~\033[97;5u\033[9;2u",
                "M-Enter M-Enter C-a S-Tab ");
    understands("\033", "Esc ");
    understands("\033\033", "Esc Esc ");
    understands("\033\033[A", "M-Up ");
    understands("\033\033x", "Esc M-x ");
    understands("\033OMa\033Oq", "Enter a 1 ");
    understands("\033[<0;10;5M\033[<0;10;5m\033[<64;1;1M\033[<35;3;3M",
                "mouse1@9,4 mouse4@0,0 ");
}

static void test_nonsense(void)
{
    understands("a\033[99;99;99xb", "a b ");
    understands("a\033[?1;2cb", "a b ");
    understands("a\033[29~b", "a b ");
    understands("a\033Ozb", "a b ");
    understands("a\033[24;80Rb", "a b ");
    understands("a\033[Ib\033[Oc", "a b c ");
    understands("a\033]11;rgb:0000/0000/0000\033\\b", "a b ");
    understands("a\033]11;rgb:0000/0000/0000\007b", "a b ");
    understands("a\033P1$r0m\033\\b", "a b ");
    understands("a\xff\xc3(b\xed\xa0\x80"
                "c",
                "a ( b c ");
    understands("\xc2\x85\xc2\x9bx", "x ");
    understands("\033]", "M-] ");
    understands("\033[1;2", "");
}

static void test_paste(void)
{
    understands("a\033[200~one\ntwo\033[Athree\033[201~b", "a <one\ntwo\033[Athree> b ");
    understands("\033[200~one\rtwo\r\nthree\r\033[201~", "<one\ntwo\nthree\n> ");
    understands("\033[200~\033[201~", "<> ");
    understands("\033[200~a\033[20b\033[201", "");
}

static void test_long_input(void)
{
    struct input *input = input_new();
    struct text got = {0};
    size_t total = 0;
    char block[1000];

    memset(block, 27, sizeof block);
    for (int i = 0; i < 1000; i++) {
        input_feed(input, block, sizeof block);
        drain(input, &got);
        total += got.length;
        text_clear(&got);
    }
    ok(total > 3 * 999000, "a million Esc are a million keys");
    memset(block, 'y', sizeof block);
    input_feed(input, "z\033[200~", 7);
    for (int i = 0; i < 1000; i++) {
        input_feed(input, block, sizeof block);
        drain(input, &got);
    }
    input_feed(input, "\033[201~", 6);
    drain(input, &got);
    ok(got.length > 1000000 && got.length < 1000020,
       "a paste of a megabyte is one event");
    text_release(&got);
    input_free(input);
}

static void test_random_bytes(void)
{
    struct input *input = input_new();
    struct text got = {0};
    unsigned seed = 12345;

    for (int i = 0; i < 200000; i++) {
        static const char likely[] = "\033[O;0123456789~uM<]P\\\a\xc3\xe2";
        char byte;
        seed = seed * 1103515245u + 12345u;
        byte = (seed >> 16) % 3 == 0 ? (char)(seed >> 20) : likely[(seed >> 18) % 24];
        input_feed(input, &byte, 1);
        drain(input, &got);
        text_clear(&got);
    }
    ok(true, "random bytes are survived");
    text_release(&got);
    input_free(input);
}

static void test_names(void)
{
    static const char *const names[] = {"a",   "C-c",     "M-Enter",  "S-Tab", "F1",
                                        "F12", "C-Space", "PageDown", "Space", "é",
                                        "[",   "C-]",     "M-x",      "Esc"};
    char buffer[24];
    struct key key;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ok(key_of_name(names[i], &key), "%s is a key", names[i]);
        is_text(key_label(key, buffer, sizeof buffer), names[i], "and so it is called");
    }
    ok(!key_of_name("F13", &key) && !key_of_name("C-", &key) && !key_of_name("", &key) &&
           !key_of_name("Hyper", &key) && !key_of_name("M-", &key),
       "names that mean nothing");
}

int main(void)
{
    test_names();
    test_sequences();
    test_nonsense();
    test_paste();
    test_long_input();
    test_random_bytes();
    return tap_done();
}
