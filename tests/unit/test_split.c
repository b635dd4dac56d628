/* split: the three sets of loops against a reader of one byte at a time, on texts of all
 * kinds of quoting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/import/split.h"
#include "engine/import/utf8.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

enum { LONGEST = 400, ROUNDS = 20000 };

/* What split_run() must find, by reading RFC 4180 aloud. */
struct naive {
    uint32_t ends[LONGEST + 1];
    size_t count, rows, lines;
    bool odd;
};

static bool ends_cell(const char *bytes, size_t at, size_t length, char delimiter)
{
    return at >= length || bytes[at] == delimiter || bytes[at] == '\n' ||
           (bytes[at] == '\r' && at + 1 < length && bytes[at + 1] == '\n');
}

static void read_slowly(const char *bytes, size_t length, struct split_signs signs,
                        struct naive *naive)
{
    bool quoted = false, begins = true;
    *naive = (struct naive){0};
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        bool pair = i + 1 < length && bytes[i + 1] == '\n';
        naive->lines += c == '\n' || (c == '\r' && !pair) ? 1 : 0;
        if (quoted) {
            if (c == signs.quote && i + 1 < length && bytes[i + 1] == signs.quote) {
                i++;
            } else if (c == signs.quote) {
                quoted = false;
                naive->odd |= !ends_cell(bytes, i + 1, length, signs.delimiter);
            }
            continue;
        }
        if (c == signs.quote) {
            naive->odd |= !begins;
            quoted = true;
        } else if (c == signs.delimiter || c == '\n') {
            naive->ends[naive->count++] = (uint32_t)i;
            naive->rows += c == '\n' ? 1 : 0;
        } else if (c == '\r') {
            naive->odd |= !pair;
        }
        begins = c == signs.delimiter || c == '\n';
    }
    naive->odd |= quoted;
}

static bool same(const struct split *split, const struct naive *naive)
{
    if ((split->odd != SPLIT_NONE) != naive->odd) {
        return false;
    }
    return naive->odd ||
           (split->count == naive->count && split->rows == naive->rows &&
            split->lines == naive->lines &&
            memcmp(split->ends, naive->ends, naive->count * sizeof *naive->ends) == 0);
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Texts that are mostly plain, for a wholly random one is odd nearly always. */
static size_t make_text(char *bytes, struct split_signs signs, uint64_t *state)
{
    size_t length = 0, target = next_random(state) % (LONGEST - 40);
    while (length < target) {
        uint64_t kind = next_random(state) % 12;
        size_t inner = next_random(state) % 20;
        bool quoted = kind < 3;
        if (quoted) {
            bytes[length++] = signs.quote;
        }
        for (size_t i = 0; i < inner; i++) {
            static const char signs_within[] = "abc\n,;\r\tx";
            uint64_t which = next_random(state) % (quoted ? 9 : 3);
            bytes[length++] = signs_within[which];
        }
        if (quoted) {
            if (next_random(state) % 3 == 0) {
                bytes[length++] = signs.quote;
                bytes[length++] = signs.quote;
            }
            bytes[length++] = signs.quote;
        }
        if (kind == 11 && next_random(state) % 4 == 0) {
            bytes[length++] = next_random(state) % 2 == 0 ? signs.quote : '\r';
        }
        if (next_random(state) % 4 == 0) {
            if (next_random(state) % 3 == 0) {
                bytes[length++] = '\r';
            }
            bytes[length++] = '\n';
        } else {
            bytes[length++] = signs.delimiter;
        }
    }
    bytes[length++] = '\n';
    return length;
}

static void compare_kernels(enum split_with with, const char *name)
{
    static const struct split_signs signs[] = {
        {',', '"', 0}, {'\t', '"', 0}, {';', '\'', 0}};
    char room[LONGEST + 3 * SPLIT_BLOCK] = {0};
    char *bytes = room + SPLIT_BLOCK;
    struct split split = {0};
    struct naive naive;
    size_t wrong = 0, plain = 0;
    uint64_t state = 7;
    if (!split_has(with)) {
        ok(true, "# SKIP %s: this processor does not have it", name);
        return;
    }
    for (int i = 0; i < ROUNDS; i++) {
        struct split_signs now = signs[i % 3];
        now.with = with;
        size_t length = make_text(bytes, now, &state);
        struct split_census census;
        split_look(bytes, length, now, &census);
        split_run(&split, bytes, length, now, &census);
        read_slowly(bytes, length, now, &naive);
        wrong += same(&split, &naive) ? 0 : 1;
        plain += naive.odd ? 0 : 1;
    }
    ok(wrong == 0 && plain > ROUNDS / 4, "%s finds what reading slowly finds", name);
    split_release(&split);
}

static void cut_whole_rows(void)
{
    static const struct {
        const char *text;
        size_t whole;
    } cases[] = {
        {"a,b\n1,2\n3", 8}, {"a,b", 0},           {"\"a\nb\"\nc", 6},     {"\"a\nb", 0},
        {"x\n\"a\nb", 2},   {"\"a\"\"\n\"\n", 7}, {"1\n\"\"\n\"x\ny", 5}, {"\n", 1},
    };
    char room[3 * SPLIT_BLOCK] = {0};
    bool right = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct split_signs signs = {',', '"', SPLIT_BEST};
        struct split_census census;
        size_t length = strlen(cases[i].text);
        memcpy(room + SPLIT_BLOCK, cases[i].text, length);
        split_look(room + SPLIT_BLOCK, length, signs, &census);
        size_t whole = split_whole(room + SPLIT_BLOCK, length, '"', &census);
        if (whole != cases[i].whole) {
            printf("# case %zu: %zu\n", i, whole);
            right = false;
        }
    }
    ok(right, "a piece is cut behind its last whole row");
}

/* Characters of every length and kind of mistake, at every place around a block's end. */
static void compare_utf8(void)
{
    static const unsigned char some[] = {0x00, 'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                         0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
                                         0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF};
    static const size_t places[] = {0, 27, 28, 29, 30, 31, 32, 60};
    const size_t kinds = sizeof some;
    size_t wrong = 0, whole = 0;
    for (size_t n = 0; n < kinds * kinds * kinds * kinds; n++) {
        char text[80];
        size_t place = places[n % 8];
        memset(text, 'x', sizeof text);
        for (size_t i = 0, rest = n; i < 4; i++, rest /= kinds) {
            text[place + i] = (char)some[rest % kinds];
        }
        size_t length = n % 3 == 0 ? place + 4 : sizeof text;
        size_t slow = utf8_whole_portable(text, length);
        wrong += utf8_whole(text, length) == slow ? 0 : 1;
        whole += slow == length ? 1 : 0;
    }
    ok(wrong == 0 && whole > 0, "UTF-8 is told the same by all ways of looking");
}

int main(void)
{
    compare_kernels(SPLIT_PORTABLE, "the portable loop");
    compare_kernels(SPLIT_SSE2, "the loop with SSE2");
    compare_kernels(SPLIT_AVX2, "the loop with AVX2");
    cut_whole_rows();
    compare_utf8();
    ok(split_lines("a\nb\r\nc\rd", 8) == 3, "LF, CRLF and CR each end a line");
    return tap_done();
}
