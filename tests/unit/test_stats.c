/* Statistics of a column: counts, estimates, merging, order of values, lengths.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stdint.h>

#include "engine/import/stats.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

/* ---- A value of any kind, told to the statistics and to SQLite ---- */

struct value {
    enum { NOTHING, WHOLE, REAL, TEXT } kind;
    long long whole;
    double real;
    const char *text;
    size_t length;
};

static void feed_value(struct stats *stats, const struct value *value)
{
    switch (value->kind) {
    case NOTHING:
        stats_null(stats);
        break;
    case WHOLE:
        stats_integer(stats, value->whole);
        break;
    case REAL:
        stats_real(stats, value->real);
        break;
    case TEXT:
        stats_text(stats, value->text, value->length);
        break;
    }
}

static void bind_value(sqlite3_stmt *stmt, const struct value *value)
{
    switch (value->kind) {
    case NOTHING:
        sqlite3_bind_null(stmt, 1);
        break;
    case WHOLE:
        sqlite3_bind_int64(stmt, 1, value->whole);
        break;
    case REAL:
        sqlite3_bind_double(stmt, 1, value->real);
        break;
    case TEXT:
        sqlite3_bind_text(stmt, 1, value->text, (int)value->length, SQLITE_STATIC);
        break;
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* Values of all kinds with many that are equal, near each other or at a limit. Not
 * integers beside doubles that only a long double tells apart: valgrind's does not, and
 * SQLite asks it. */
static struct value random_value(uint64_t *state, char *buffer)
{
    static const long long whole[] = {INT64_MAX, INT64_MIN, 1LL << 53, -7, 0};
    static const double real[] = {-9007199254740992.0, -0.0, 1e300, -1e300, 0.1};
    struct value value = {.kind = (int)(next_random(state) % 4)};
    uint64_t roll = next_random(state);
    value.whole = roll % 8 == 0 ? whole[roll / 8 % 5] : (long long)(roll / 8 % 200) - 100;
    value.real = roll % 8 == 0 ? real[roll / 8 % 5] : (double)(roll / 8 % 200) / 4 - 25;
    value.length = next_random(state) % 8 == 0 ? 250 + roll % 20 : roll % 24;
    for (size_t i = 0; i < value.length; i++) {
        buffer[i] = i < 14 ? 'k' : "ab\x7F~"[next_random(state) % 4];
    }
    value.text = buffer;
    return value;
}

/* ---- Counting ---- */

static long long distinct_of(const struct stats *stats, bool *exact)
{
    struct stats_summary summary;
    stats_summary(stats, &summary);
    *exact = summary.distinct_exact;
    return summary.distinct;
}

static void test_empty(void)
{
    struct stats *stats = stats_new();
    struct stats_summary summary;
    stats_nulls(stats, 3);
    stats_real(stats, NAN);
    stats_summary(stats, &summary);
    is_int(summary.nulls, 4, "nulls are counted, NaN is one");
    is_int(summary.numbers + summary.texts + summary.distinct, 0, "and nothing else");
    is_int(summary.shortest, -1, "no text has no shortest length");
    is_int(summary.longest, -1, "and no longest");
    stats_free(stats);
}

static void test_exact(void)
{
    struct stats *stats = stats_new();
    bool exact;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < STATS_EXACT_MOST; i++) {
            char text[32];
            int length = snprintf(text, sizeof text, "customer-%07d", i);
            stats_text(stats, text, (size_t)length);
        }
    }
    is_int(distinct_of(stats, &exact), STATS_EXACT_MOST, "4096 texts are counted");
    ok(exact, "and exactly");
    stats_text(stats, "one more", 8);
    long long guess = distinct_of(stats, &exact);
    ok(!exact, "one more is an estimate");
    ok(guess > STATS_EXACT_MOST && guess < 4300, "a near one: %lld", guess);
    stats_free(stats);
}

static void test_lengths_apart(void)
{
    static const char text[40] = "aaaaaaaaaaaaaaaa";
    struct stats *stats = stats_new();
    bool exact;
    for (size_t length = 0; length <= 16; length++) {
        stats_text(stats, text, length);
    }
    for (size_t length = 17; length <= sizeof text; length++) {
        stats_text(stats, text, length); /* zeros at the end are bytes as any */
    }
    is_int(distinct_of(stats, &exact), sizeof text + 1, "every length is another text");
    stats_free(stats);
}

static void test_one_byte_apart(void)
{
    enum { LONG = 70 };
    char text[LONG];
    struct stats *stats = stats_new();
    long long wanted = 0;
    bool exact;
    for (size_t length = 1; length <= LONG; length += 3) {
        for (size_t i = 0; i < length; i++, wanted++) {
            memset(text, 'x', sizeof text);
            text[i] = 'y';
            stats_text(stats, text, length);
        }
    }
    is_int(distinct_of(stats, &exact), wanted, "every byte of a text counts");
    stats_free(stats);
}

static void test_estimates(void)
{
    static const struct {
        const char *name;
        long long step;
        double scale;
        int kind;
    } rows[] = {{"whole numbers", 1, 1, 0},
                {"multiples of 4096", 4096, 1, 0},
                {"multiples of 2^40", 1LL << 40, 1, 0},
                {"prices", 1, 0.01, 1},
                {"short texts", 1, 1, 2},
                {"long texts", 7, 1, 3}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        struct stats *stats = stats_new();
        long long count = 0;
        double worst = 0;
        for (long long goal = 10000; goal <= 1000000; goal = goal * 3 / 2) {
            for (; count < goal; count++) {
                char text[64];
                long long value = count * rows[row].step;
                if (rows[row].kind == 0) {
                    stats_integer(stats, value);
                } else if (rows[row].kind == 1) {
                    stats_real(stats, (double)value * rows[row].scale);
                } else {
                    int length =
                        snprintf(text, sizeof text, "%s%lld",
                                 rows[row].kind == 2 ? "id" : "a long name of ", value);
                    stats_text(stats, text, (size_t)length);
                }
            }
            bool exact;
            double error = fabs((double)distinct_of(stats, &exact) / (double)goal - 1);
            worst = error > worst ? error : worst;
        }
        ok(worst < 0.05, "%s: %.1f %% off at most", rows[row].name, worst * 100);
        stats_free(stats);
    }
}

static void test_equal_numbers(void)
{
    struct stats *stats = stats_new();
    bool exact;
    stats_integer(stats, 5);
    stats_real(stats, 5.0);
    is_int(distinct_of(stats, &exact), 1, "5 and 5.0 are one value");
    stats_text(stats, "5", 1);
    is_int(distinct_of(stats, &exact), 2, "5 and '5' are two");
    stats_real(stats, 0.0);
    stats_real(stats, -0.0);
    is_int(distinct_of(stats, &exact), 3, "0.0 and -0.0 are one");
    stats_integer(stats, (1LL << 53) + 1);
    stats_real(stats, 9007199254740992.0);
    is_int(distinct_of(stats, &exact), 5, "2^53+1 and 2^53 are two");
    stats_integer(stats, -0x2545F4914F6CDD1DLL);
    is_int(distinct_of(stats, &exact), 6, "a number whose hash would be 0 is counted");
    stats_free(stats);
}

/* ---- Merging ---- */

static void same_edges(sqlite3 *db, const struct stats *a, const struct stats *b,
                       bool *same)
{
    sqlite3_stmt *stmt =
        store_prepare(db,
                      "SELECT ?1 IS ?2 AND typeof(?1) = typeof(?2) AND ?3 IS ?4 AND "
                      "typeof(?3) = typeof(?4)",
                      NULL);
    stats_bind_least(a, stmt, 1);
    stats_bind_least(b, stmt, 2);
    stats_bind_most(a, stmt, 3);
    stats_bind_most(b, stmt, 4);
    *same &= sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0) == 1;
    store_finish(stmt);
}

static bool same_summary(sqlite3 *db, const struct stats *a, const struct stats *b)
{
    struct stats_summary one, two;
    stats_summary(a, &one);
    stats_summary(b, &two);
    bool same = one.nulls == two.nulls && one.numbers == two.numbers &&
                one.texts == two.texts && one.distinct == two.distinct &&
                one.distinct_exact == two.distinct_exact &&
                one.shortest == two.shortest && one.longest == two.longest;
    same_edges(db, a, b, &same);
    return same;
}

/* Rows dealt to parts at random, the parts merged in turning orders. */
static bool merge_is_sum(sqlite3 *db, int rows, int spread, uint64_t seed)
{
    enum { PARTS = 5 };
    struct stats *parts[PARTS], *whole = stats_new(), *sum = stats_new();
    char buffer[300];
    uint64_t state = seed;
    for (int i = 0; i < PARTS; i++) {
        parts[i] = stats_new();
    }
    for (int i = 0; i < rows; i++) {
        struct value value = random_value(&state, buffer);
        if (value.kind == WHOLE && spread > 0) {
            value.whole = (long long)(next_random(&state) % (uint64_t)spread);
        }
        feed_value(whole, &value);
        feed_value(parts[next_random(&state) % PARTS], &value);
    }
    for (size_t i = 0; i < PARTS; i++) {
        stats_merge(sum, parts[(i * 3 + seed) % PARTS]);
    }
    bool same = same_summary(db, whole, sum);
    for (int i = 0; i < PARTS; i++) {
        stats_free(parts[i]);
    }
    stats_free(whole);
    stats_free(sum);
    return same;
}

static void test_merge(sqlite3 *db)
{
    bool few = true, some = true, many = true;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        few &= merge_is_sum(db, 60, 0, seed);
        some &= merge_is_sum(db, 17000, 5000, seed); /* parts exact, the sum not */
        many &= seed % 8 != 0 || merge_is_sum(db, 120000, 1000000, seed);
    }
    ok(few, "parts with few values merge to the whole");
    ok(some, "parts counted exactly merge to an estimated whole");
    ok(many, "estimated parts merge to the whole");
}

/* Texts with 16 bytes to read behind them are counted as others are; what stands in these
 * bytes must not matter. */
static void test_padded(sqlite3 *db)
{
    static const char signs[] = "kkkkab\xC3\xA9\x7F\0";
    bool same = true;
    for (uint64_t seed = 1; same && seed <= 300; seed++) {
        struct stats *plain = stats_new(), *padded = stats_new();
        uint64_t state = seed;
        for (uint64_t i = seed % 40 * 150 + 1; i > 0; i--) {
            char text[48];
            size_t length = next_random(&state) % (sizeof text - 16);
            for (size_t j = 0; j < sizeof text; j++) {
                text[j] = signs[next_random(&state) % (sizeof signs - 1)];
            }
            stats_text(plain, text, length);
            stats_text_padded(padded, text, length);
        }
        same = same_summary(db, plain, padded);
        stats_free(plain);
        stats_free(padded);
    }
    ok(same, "texts with room behind them are counted as others");
}

/* ---- Least and most, as SQLite says ---- */

static bool edges_as_sqlite(sqlite3 *db, uint64_t seed)
{
    struct stats *stats = stats_new();
    char buffer[300];
    uint64_t state = seed;
    sqlite3_stmt *insert = store_prepare(db, "INSERT INTO v VALUES (?)", NULL);
    store_run(db, "DELETE FROM v", NULL);
    for (uint64_t i = next_random(&state) % 12; i > 0; i--) {
        struct value value = random_value(&state, buffer);
        feed_value(stats, &value);
        bind_value(insert, &value);
        store_execute(insert, NULL);
    }
    store_finish(insert);
    sqlite3_stmt *stmt =
        store_prepare(db,
                      "SELECT ?1 IS substr(min(v), 1, 256) OR ?1 IS min(v), "
                      "?2 IS substr(max(v), 1, 256) OR ?2 IS max(v), "
                      "count(DISTINCT v), count(v) FROM v",
                      NULL);
    stats_bind_least(stats, stmt, 1);
    stats_bind_most(stats, stmt, 2);
    struct stats_summary summary;
    stats_summary(stats, &summary);
    bool same = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0) == 1 &&
                sqlite3_column_int(stmt, 1) == 1 &&
                sqlite3_column_int64(stmt, 2) == summary.distinct &&
                sqlite3_column_int64(stmt, 3) == summary.numbers + summary.texts;
    store_finish(stmt);
    stats_free(stats);
    return same;
}

static void test_edges(sqlite3 *db)
{
    uint64_t seed = 1;
    store_run(db, "CREATE TABLE v(v)", NULL);
    while (seed <= 2000 && edges_as_sqlite(db, seed)) {
        seed++;
    }
    is_int(seed, 2001, "least, most and distinct are what SQLite says of mixed values");
}

static void is_least(sqlite3 *db, const struct stats *stats, const char *wanted,
                     const char *name)
{
    sqlite3_stmt *stmt =
        store_prepare(db, "SELECT iif(typeof(?1) = 'text', quote(?1), ?1 || '')", NULL);
    stats_bind_least(stats, stmt, 1);
    sqlite3_step(stmt);
    is_text(store_text(stmt, 0), wanted, "%s", name);
    store_finish(stmt);
}

static void test_number_edges(sqlite3 *db)
{
    struct stats *stats = stats_new();
    stats_real(stats, 7.0);
    stats_integer(stats, 7);
    is_least(db, stats, "7", "the integer is told where 7 and 7.0 are least");
    stats_real(stats, -0.0);
    is_least(db, stats, "0.0", "-0.0 is told as 0.0");
    stats_real(stats, -1.5);
    stats_integer(stats, -1);
    is_least(db, stats, "-1.5", "-1.5 is below -1");
    stats_real(stats, -9007199254740992.0);
    stats_integer(stats, -9007199254740993);
    is_least(db, stats, "-9007199254740993", "-2^53-1 is below -2^53");
    stats_real(stats, -9223372036854775808.0);
    is_least(db, stats, "-9.22337203685478e+18", "-2^63 is below that");
    stats_integer(stats, INT64_MIN);
    is_least(db, stats, "-9223372036854775808", "and as an integer the same");
    stats_real(stats, -1e300);
    is_least(db, stats, "-1.0e+300", "no integer is below -1e300");
    stats_free(stats);
}

/* ---- Texts ---- */

static void is_lengths(const char *text, size_t length, long long characters)
{
    struct stats *stats = stats_new();
    struct stats_summary summary;
    stats_text(stats, text, length);
    stats_summary(stats, &summary);
    ok(summary.longest == characters && summary.shortest == characters,
       "%zu bytes: %lld characters, %lld said", length, characters, summary.longest);
    stats_free(stats);
}

static void test_characters(void)
{
    static const struct {
        const char *piece;
        int bytes;
    } rows[] = {{"a", 1}, {"\xC3\xA9", 2}, {"\xE2\x82\xAC", 3}, {"\xF0\x9F\x98\x80", 4}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (int count = 0; count < 12; count++) {
            struct text text = {0};
            text_append(&text, count % 2 == 0 ? "" : "x");
            for (int i = 0; i < count; i++) {
                text_append(&text, rows[row].piece);
            }
            is_lengths(text_string(&text), text.length, count + count % 2);
            text_release(&text);
        }
    }
}

static void test_long_texts(void)
{
    enum { BYTES = 100000 };
    char *text = memory_new(BYTES);
    struct stats *stats = stats_new();
    bool exact;
    for (size_t i = 0; i + 2 <= BYTES; i += 2) {
        memcpy(text + i, "\xC3\xA9", 2);
    }
    is_lengths(text, BYTES, BYTES / 2);
    for (int i = 0; i < 50; i++) {
        text[BYTES - 1 - 2 * i] = '\xA8';
        stats_text(stats, text, BYTES);
    }
    is_int(distinct_of(stats, &exact), 50, "long texts differ by their last bytes");
    free(text);
    stats_free(stats);
}

static void test_cut(sqlite3 *db)
{
    for (size_t before = 252; before <= 256; before++) {
        struct text text = {0}, wanted = {0};
        struct stats *stats = stats_new();
        text_append_repeated(&text, 'a', before);
        store_quote_string(&wanted, text_string(&text));
        text_append(&text, "\xF0\x9F\x98\x80 and more");
        if (before == 252) {
            text_clear(&wanted);
            text_append(&wanted, "'");
            text_append_bytes(&wanted, text.data, 256);
            text_append(&wanted, "'");
        }
        stats_text(stats, text_string(&text), text.length);
        is_least(db, stats, text_string(&wanted), "a long text is cut at a character");
        text_release(&text);
        text_release(&wanted);
        stats_free(stats);
    }
}

int main(void)
{
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    test_empty();
    test_exact();
    test_lengths_apart();
    test_one_byte_apart();
    test_estimates();
    test_equal_numbers();
    test_merge(db);
    test_padded(db);
    test_edges(db);
    test_number_edges(db);
    test_characters();
    test_long_texts();
    test_cut(db);
    store_close(db);
    return tap_done();
}
