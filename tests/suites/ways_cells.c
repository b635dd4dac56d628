/* ways_cells: what stands in the cells of random files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/suites/ways.h"

/* Numbers that are none, or lose something when they become one; and their neighbours. */
static const char *const odd[] = {"007",
                                  "+5",
                                  "1e400",
                                  "-1e400",
                                  "9223372036854775807",
                                  "9223372036854775808",
                                  "-9223372036854775808",
                                  "-9223372036854775809",
                                  "9007199254740992",
                                  "9007199254740993",
                                  "-9007199254740993",
                                  "99999999999999999999",
                                  "123456789012345678901234567890.5",
                                  "19.90",
                                  "5.0",
                                  "1.0",
                                  "-0",
                                  "-0.0",
                                  "0.0",
                                  "0",
                                  "00",
                                  "inf",
                                  "-inf",
                                  "nan",
                                  "NaN",
                                  "Infinity",
                                  "0x1F",
                                  "0x1p3",
                                  "1e5",
                                  "1E5",
                                  "1e-5",
                                  "1.5e-07",
                                  "1.5e+20",
                                  "1.0e+15",
                                  "999999999999999.0",
                                  "1000000000000000.0",
                                  "0.0001",
                                  "0.00001",
                                  "1e-400",
                                  "4.9e-324",
                                  "1.7976931348623157e308",
                                  "1.",
                                  ".5",
                                  "-.5",
                                  "1_000",
                                  "1,234",
                                  "1.234,5",
                                  "1 234",
                                  " 7",
                                  "7 ",
                                  "\t7",
                                  "1.2.3",
                                  "1-2",
                                  "--1",
                                  "-",
                                  "+",
                                  ".",
                                  "e5",
                                  "NA",
                                  "NULL",
                                  "null",
                                  "\\N",
                                  "-",
                                  "TRUE",
                                  "2024-02-30",
                                  "2023-02-29",
                                  "24:00:01",
                                  "2024-13-01",
                                  "0000-01-01",
                                  "12345678901234.5",
                                  "123456789012345.6",
                                  "0.1",
                                  "0.30000000000000004",
                                  "100000000000000000000000000000000000000",
                                  "5e-1",
                                  "\xD9\xA3",
                                  "\xC2\xA0"
                                  "5",
                                  "1\xE2\x82\xAC"};

static const char *const foreign[] = {"\xC3\xA9t\xC3\xA9",
                                      "\xE2\x82\xAC 5",
                                      "\xF0\x9F\x98\x80",
                                      "\xE6\x97\xA5\xE6\x9C\xAC",
                                      "\xD8\xA7\xD9\x84",
                                      "e\xCC\x81",
                                      "\xEF\xBB\xBF"
                                      "x",
                                      "\xF4\x8F\xBF\xBF",
                                      "\xE2\x80\xA8line",
                                      "\xC2\x85next",
                                      "\xDF\xBF\xE0\xA0\x80",
                                      "\xED\x9F\xBF\xEE\x80\x80",
                                      "Z\xC3\xBCrich, \"Enge\"",
                                      "\xEF\xBF\xBD"};

static void put_integer(struct ways_chance *chance, struct text *out)
{
    static const uint64_t widths[] = {10, 1000, 100000, 4294967296u, 1u << 31};
    if (ways_happens(chance, 30)) {
        text_printf(out, "%lld", (long long)ways_next(chance));
        return;
    }
    uint64_t width = widths[ways_pick(chance, sizeof widths / sizeof widths[0])];
    long long value = (long long)(ways_next(chance) % width);
    text_printf(out, "%lld", ways_happens(chance, 200) ? -value : value);
}

static void put_fraction(struct ways_chance *chance, struct text *out)
{
    if (ways_happens(chance, 300)) {
        put_integer(chance, out);
        return;
    }
    size_t digits = 1 + ways_pick(chance, ways_happens(chance, 50) ? 16 : 4);
    text_printf(out, "%s%zu.", ways_happens(chance, 200) ? "-" : "",
                ways_pick(chance, 100000));
    for (size_t i = 1; i < digits; i++) {
        text_append_char(out, (char)('0' + ways_pick(chance, 10)));
    }
    text_append_char(out, (char)('1' + ways_pick(chance, 9)));
}

static void put_price(struct ways_chance *chance, struct text *out)
{
    text_printf(out, "%zu.%02zu", ways_pick(chance, 1000), ways_pick(chance, 100));
}

static void put_date(struct ways_chance *chance, struct text *out)
{
    text_printf(out, "%04zu-%02zu-%02zu", 1900 + ways_pick(chance, 200),
                1 + ways_pick(chance, 12), 1 + ways_pick(chance, 28));
}

static void put_time(struct ways_chance *chance, struct text *out)
{
    text_printf(out, "%02zu:%02zu", ways_pick(chance, 24), ways_pick(chance, 60));
    if (ways_happens(chance, 800)) {
        text_printf(out, ":%02zu", ways_pick(chance, 60));
    }
}

static void put_instant(struct ways_chance *chance, struct text *out)
{
    static const char *const ends[] = {"", "Z", "+02:00", ".123Z", "-0330"};
    put_date(chance, out);
    text_append_char(out, ways_happens(chance, 800) ? 'T' : ' ');
    put_time(chance, out);
    text_append(out, ends[ways_pick(chance, sizeof ends / sizeof ends[0])]);
}

static void put_truth(struct ways_chance *chance, struct text *out)
{
    static const char *const words[] = {"true", "false", "TRUE", "False",
                                        "1",    "0",     "yes",  "no"};
    text_append(out, words[ways_pick(chance, ways_happens(chance, 900) ? 4 : 8)]);
}

static void put_word(struct ways_chance *chance, struct text *out)
{
    size_t length = 1 + ways_pick(chance, 12);
    for (size_t i = 0; i < length; i++) {
        text_append_char(out, (char)('a' + ways_pick(chance, 26)));
    }
}

/* Words with the signs between that quotes are for. */
static void put_sentence(struct ways_chance *chance, struct text *out)
{
    static const char *const between[] = {" ",    " ",    " ",    ", ", "; ",
                                          "\t",   "|",    "\"",   "'",  "\n",
                                          "\"\"", "\r\n", "\n\n", "\\", "#"};
    size_t words = 1 + ways_pick(chance, 8);
    for (size_t i = 0; i < words; i++) {
        put_word(chance, out);
        text_append(out, between[ways_pick(chance, sizeof between / sizeof between[0])]);
    }
}

static void put_foreign(struct ways_chance *chance, struct text *out)
{
    size_t words = 1 + ways_pick(chance, 3);
    for (size_t i = 0; i < words; i++) {
        text_append(out, foreign[ways_pick(chance, sizeof foreign / sizeof foreign[0])]);
    }
}

static void put_empty(struct ways_chance *chance, struct text *out)
{
    (void)chance;
    (void)out;
}

static void put_odd(struct ways_chance *chance, struct text *out)
{
    text_append(out, odd[ways_pick(chance, sizeof odd / sizeof odd[0])]);
}

static const struct {
    void (*put)(struct ways_chance *chance, struct text *out);
    const char *type;
} kinds[WAYS_KINDS] = {
    [WAYS_INTEGER] = {put_integer, "integer"},
    [WAYS_FRACTION] = {put_fraction, "number"},
    [WAYS_PRICE] = {put_price, "decimal"},
    [WAYS_DATE] = {put_date, "date"},
    [WAYS_INSTANT] = {put_instant, "timestamp"},
    [WAYS_TIME] = {put_time, "time"},
    [WAYS_TRUTH] = {put_truth, "boolean"},
    [WAYS_WORD] = {put_word, "string"},
    [WAYS_SENTENCE] = {put_sentence, "string"},
    [WAYS_FOREIGN] = {put_foreign, "any"},
    [WAYS_EMPTY] = {put_empty, "any"},
    [WAYS_ODD] = {put_odd, "bigint"},
};

void ways_cell(struct ways_chance *chance, size_t kind, struct text *out)
{
    kinds[kind].put(chance, out);
}

const char *ways_type(size_t kind)
{
    return kinds[kind].type;
}
