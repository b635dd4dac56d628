/* Unit tests of engine/document.h: own cases and hostile ones. test_suites has the public
 * suites.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "engine/document.h"
#include "engine/text.h"
#include "tap.h"

static struct document *parse(const char *text, enum document_format format,
                              struct document_place *place, struct error *err)
{
    return document_parse(text, strlen(text), format, place, err);
}

static void scalars_keep_their_text(void)
{
    static const struct {
        const char *yaml;
        enum document_kind kind;
        const char *text;
    } rows[] = {
        {"1.0.0", DOCUMENT_STRING, "1.0.0"},
        {"2024-01-01", DOCUMENT_STRING, "2024-01-01"},
        {"007", DOCUMENT_NUMBER, "007"},
        {"1.0", DOCUMENT_NUMBER, "1.0"},
        {"0x1F", DOCUMENT_NUMBER, "0x1F"},
        {"0o17", DOCUMENT_NUMBER, "0o17"},
        {"-.inf", DOCUMENT_NUMBER, "-.inf"},
        {"1e400", DOCUMENT_NUMBER, "1e400"},
        {"1e", DOCUMENT_STRING, "1e"},
        {".", DOCUMENT_STRING, "."},
        {"12:30", DOCUMENT_STRING, "12:30"},
        {"yes", DOCUMENT_STRING, "yes"},
        {"True", DOCUMENT_BOOLEAN, "True"},
        {"~", DOCUMENT_NULL, NULL},
        {"\"007\"", DOCUMENT_STRING, "007"},
        {"!!str 12", DOCUMENT_STRING, "12"},
        {"!!int word", DOCUMENT_STRING, "word"},
        {"! 12", DOCUMENT_STRING, "12"},
        {"\"a\\0b\"", DOCUMENT_STRING,
         "a\xEF\xBF\xBD"
         "b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {0};
        struct document *document = parse(rows[i].yaml, DOCUMENT_YAML, NULL, &err);
        const struct document_value *root = document_root(document);
        is_int(document_kind(root), rows[i].kind, "the kind of %s", rows[i].yaml);
        is_text(document_text(root), rows[i].text, "the text of %s", rows[i].yaml);
        document_free(document);
    }
}

static void numbers_have_values(void)
{
    struct document *d =
        parse("[0x10, 0o17, -1.5e3, .inf, .nan, word]", DOCUMENT_YAML, NULL, NULL);
    const struct document_value *list = document_root(d);
    ok(document_number(document_item(list, 0), 0) == 16, "hexadecimal");
    ok(document_number(document_item(list, 1), 0) == 15, "octal");
    ok(document_number(document_item(list, 2), 0) == -1500, "exponent");
    ok(isinf(document_number(document_item(list, 3), 0)), "infinite");
    ok(isnan(document_number(document_item(list, 4), 0)), "not a number");
    ok(document_number(document_item(list, 5), 7) == 7, "a word gives the fallback");
    document_free(d);
}

static void values_know_their_place(void)
{
    struct document_place place;
    const char *key;
    struct document *d =
        parse("team:\n  members:\n    - username: ä\n      role: owner\n", DOCUMENT_YAML,
              NULL, NULL);
    const struct document_value *role =
        document_find(document_root(d), "team.members.0.role");
    is_text(document_text(role), "owner", "a path of keys and indexes");
    is_int(document_place(role).line, 4, "line of a value");
    is_int(document_place(role).column, 13, "column of a value");
    document_member(document_find(document_root(d), "team.members.0"), 1, &key, &place);
    is_text(key, "role", "members in the order of the document");
    is_int(place.column, 7, "column of a key");
    ok(document_find(document_root(d), "team.members.1.role") == NULL, "out of range");
    ok(document_find(document_root(d), "team.members.x") == NULL, "a word as index");
    document_free(d);

    d = parse("a: [[1, \"x\"], 'y']\nb:\n", DOCUMENT_YAML, NULL, NULL);
    is_int(document_place(document_find(document_root(d), "a.0")).column, 5,
           "a flow list");
    is_int(document_place(document_find(document_root(d), "a.0.1")).column, 9,
           "a quoted text");
    is_int(document_place(document_get(document_root(d), "b")).line, 2, "nothing at all");
    document_free(d);

    d = parse("{\"a\": \"x\\u00e4\",\n\t\"ä\": [1, {\"b\": null}]}", DOCUMENT_JSON, NULL,
              NULL);
    const struct document_value *one = document_find(document_root(d), "ä.0");
    is_int(document_place(one).line, 2, "line in JSON");
    is_int(document_place(one).column, 8, "column in JSON counts characters");
    is_int(document_place(document_find(document_root(d), "ä.1.b")).column, 17,
           "a value behind brackets");
    is_text(document_get_text(document_root(d), "a"), "x\xC3\xA4", "escapes are decoded");
    ok(document_is_plain(one) && !document_is_plain(document_get(document_root(d), "a")),
       "bare and quoted");
    document_free(d);
}

static void not_there_is_fine(void)
{
    is_int(document_kind(NULL), DOCUMENT_NULL, "NULL is nothing");
    ok(document_text(NULL) == NULL && document_count(NULL) == 0, "no text, no items");
    ok(document_get(NULL, "a") == NULL && document_item(NULL, 0) == NULL, "no members");
    ok(document_truth(NULL, true), "the fallback");
    struct document *d = parse("", DOCUMENT_YAML, NULL, NULL);
    ok(d != NULL && document_root(d) == NULL, "an empty file is an empty document");
    document_free(d);
    d = parse("k: {}\n", DOCUMENT_YAML, NULL, NULL);
    ok(document_get(document_get(document_root(d), "k"), "x") == NULL, "an empty map");
    document_free(d);
}

static void tabs_behind_colons_are_fine_without_question_keys(void)
{
    struct document *d = parse("d: who, why? when?\nk:\t|\n  text\nl:\t>\n  two\n",
                               DOCUMENT_YAML, NULL, NULL);
    is_text(document_get_text(document_root(d), "k"), "text\n", "a block behind a tab");
    document_free(d);
    d = parse("? a\n:\tb\n", DOCUMENT_YAML, NULL, NULL);
    is_text(document_get_text(document_root(d), "a"), "b", "a value behind a tab");
    document_free(d);
}

static void broken_text_is_told_with_its_place(void)
{
    static const struct {
        const char *text;
        enum document_format format;
        int line, column;
        const char *word;
    } rows[] = {
        {"a: 1\nb: 2\na: 3\n", DOCUMENT_YAML, 3, 1, "stands twice"},
        {"{\"a\": 1,\n \"a\": 2}", DOCUMENT_JSON, 2, 2, "stands twice"},
        {"a: [1, 2\nb: 3\n", DOCUMENT_YAML, 3, 0, "no YAML"},
        {"a: b: c\n", DOCUMENT_YAML, 1, 0, "no YAML"},
        {"a: *nobody\n", DOCUMENT_YAML, 1, 4, "names no anchor"},
        {"a: &x [1, *x]\n", DOCUMENT_YAML, 1, 11, "inside what it names"},
        {"a: 1\n---\nb: 2\n", DOCUMENT_YAML, 2, 1, "second document"},
        {"? [a]\n: 1\n", DOCUMENT_YAML, 1, 0, "key must be a text"},
        {"? n: \t\t : \n", DOCUMENT_YAML, 1, 4, "a tab stands behind this colon"},
        {"p: 1\n? [n]: \t- x\n", DOCUMENT_YAML, 2, 6, "a tab stands behind this colon"},
        {"x: [? a]\n\xC3\xA4:\t|\n  c\n", DOCUMENT_YAML, 2, 2, "a tab stands"},
        {"{\"a\": 1,\n  b: 2}", DOCUMENT_JSON, 2, 3, "no JSON"},
        {"{\"a\": 1", DOCUMENT_JSON, 1, 8, "no JSON"},
        {"", DOCUMENT_JSON, 1, 1, "no JSON"},
        {"{} \"x", DOCUMENT_JSON, 1, 4, "something follows the value"},
        {"1\n \"", DOCUMENT_JSON, 2, 2, "something follows the value"},
        {"\"a\" 2", DOCUMENT_JSON, 1, 5, "no JSON"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document_place place = {0};
        struct error err = {0};
        struct document *d = parse(rows[i].text, rows[i].format, &place, &err);
        if (!ok(d == NULL && strstr(err.message, rows[i].word) != NULL, "refused: %s",
                rows[i].word)) {
            printf("# %s\n", err.message);
        }
        is_int(place.line, rows[i].line, "its line");
        if (rows[i].column > 0) {
            is_int(place.column, rows[i].column, "its column");
        }
        document_free(d);
    }
}

static void data_may_repeat_keys(void)
{
    struct document *d = parse("{\"b\":0,\"a\":1,\"a\":2,\"c\":4,\"a\":3}",
                               DOCUMENT_JSON_DATA, NULL, NULL);
    is_int((long long)document_count(document_root(d)), 3, "equal keys count once");
    is_text(document_get_text(document_root(d), "a"), "3", "the last one wins");
    is_text(document_get_text(document_root(d), "c"), "4", "the others stay");
    document_free(d);
}

static void aliases_share(void)
{
    struct document *d = parse("a: &x {k: [1, 2]}\nb: *x\nc: &x 5\nd: *x\n*x : e\n",
                               DOCUMENT_YAML, NULL, NULL);
    is_text(document_text(document_find(document_root(d), "b.k.1")), "2", "an alias");
    is_text(document_get_text(document_root(d), "d"), "5", "the last anchor of a name");
    is_text(document_get_text(document_root(d), "5"), "e", "an alias as key");
    document_free(d);
}

static void warnings_are_kept(void)
{
    struct document *d =
        parse("a: !python/object x\nb: {<<: 1}\n", DOCUMENT_YAML, NULL, NULL);
    const struct array *warnings = document_warnings(d);
    is_int((long long)warnings->count, 2, "an unknown tag and a merge key");
    const struct document_warning *first = array_at(warnings, 0);
    ok(strstr(first->sentence, "!python/object") != NULL, "names the tag");
    is_int(first->place.column, 4, "and its place");
    is_text(document_get_text(document_root(d), "a"), "x", "the value stays");
    document_free(d);
}

/* ---- Hostile documents: a sentence, and quickly ---- */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void refuse_quickly(const char *bytes, size_t length, enum document_format format,
                           const char *word, const char *what)
{
    struct error err = {0};
    struct document_place place = {0};
    double start = seconds_now();
    struct document *d = document_parse(bytes, length, format, &place, &err);
    double took = seconds_now() - start;
    if (!ok(d == NULL && place.line > 0 && strstr(err.message, word) != NULL, "%s",
            what)) {
        printf("# %s\n", err.message);
    }
    ok(took < 5, "quickly (%.2f s)", took);
    document_free(d);
}

static void depth_is_limited(void)
{
    struct text t = {0};
    text_append_repeated(&t, '[', 200000);
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "", "200 kB of [ as YAML");
    refuse_quickly(t.data, t.length, DOCUMENT_JSON, "deeper than", "200 kB of [ as JSON");
    text_clear(&t);
    text_append_repeated(&t, '{', 200000);
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "", "200 kB of { as YAML");
    text_clear(&t);
    for (int i = 0; i < 100000; i++) {
        text_append(&t, "- ");
    }
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "", "100,000 lists in one line");
    text_clear(&t);
    for (int i = 0; i < 100000; i++) {
        text_append(&t, "{\"a\":");
    }
    refuse_quickly(t.data, t.length, DOCUMENT_JSON, "deeper than", "100,000 maps");
    text_clear(&t);
    for (int i = 0; i < 1000; i++) {
        text_append_repeated(&t, ' ', (size_t)i);
        text_append(&t, "a:\n");
    }
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "", "1,000 maps by indentation");
    text_clear(&t);
    text_append_repeated(&t, '[', 64);
    text_append_repeated(&t, ']', 64);
    struct document *d = document_parse(t.data, t.length, DOCUMENT_JSON, NULL, NULL);
    ok(d != NULL, "64 levels are allowed");
    document_free(d);
    d = document_parse(t.data, t.length, DOCUMENT_YAML, NULL, NULL);
    ok(d != NULL, "in YAML too");
    document_free(d);
    text_release(&t);
}

static void size_is_limited(void)
{
    struct text t = {0};
    text_append(&t, "a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
        text_printf(&t, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1, i - 1, i - 1,
                    i - 1);
    }
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "aliases repeat", "an alias bomb");
    text_clear(&t);
    text_append(&t, "a0: &a0 [x]\n");
    for (int i = 1; i < 70; i++) {
        text_printf(&t, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    }
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "deeper", "depth through aliases");
    text_clear(&t);
    text_append_char(&t, '[');
    for (int i = 0; i < 100001; i++) {
        text_append(&t, "1,");
    }
    refuse_quickly(t.data, t.length, DOCUMENT_JSON, "more than 100000",
                   "too many values");
    text_clear(&t);
    text_append_repeated(&t, ' ', 8 * 1024 * 1024 + 1);
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "8 MiB", "too many bytes");
    text_clear(&t);
    for (int i = 0; i < 1001; i++) {
        text_printf(&t, "- &a%d 1\n", i);
    }
    refuse_quickly(t.data, t.length, DOCUMENT_YAML, "anchors", "too many anchors");
    text_clear(&t);
    text_append_char(&t, '{');
    for (int i = 0; i < 50000; i++) {
        text_printf(&t, "\"k%d\":1,", i);
    }
    text_append(&t, "\"k7\":2}");
    refuse_quickly(t.data, t.length, DOCUMENT_JSON, "stands twice",
                   "50,000 keys, one twice");
    text_release(&t);
}

/* What libfyaml would hold in memory, before it gives an event, is bounded. */
static void signs_are_limited(void)
{
    static const char *const signs[] = {"[",  "a: ", "? a : b, ", "\"a\" \"b\" ",
                                        "- ", "!a "};
    struct text t = {0};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        text_clear(&t);
        text_append_char(&t, '{');
        for (int n = 0; n < 400001; n++) {
            text_append(&t, signs[i]);
        }
        refuse_quickly(t.data, t.length, DOCUMENT_YAML, "more than 400000", signs[i]);
    }
    text_clear(&t);
    text_append(&t, "a: |\n");
    for (int n = 0; n < 130000; n++) {
        text_append(&t, "  one, two: three.\n");
    }
    struct document *d = document_parse(t.data, t.length, DOCUMENT_YAML, NULL, NULL);
    ok(d != NULL, "a text of 2 MB with such signs is read");
    document_free(d);
    text_release(&t);
}

static void encodings_are_told(void)
{
    refuse_quickly("\xFF\xFE"
                   "a\0",
                   4, DOCUMENT_YAML, "UTF-16", "little end first");
    refuse_quickly("\xFE\xFF\0a", 4, DOCUMENT_JSON, "UTF-16", "big end first");
    struct document *d = parse("\xEF\xBB\xBF"
                               "a: b\n",
                               DOCUMENT_YAML, NULL, NULL);
    is_text(document_get_text(document_root(d), "a"), "b", "the mark of UTF-8 is fine");
    document_free(d);
}

/* ---- Threads ---- */

static void *parse_often(void *unused)
{
    static const char good[] = "a: &x [1, 2.5, {k: \"v\"}]\nb: *x\nc: !own 0x1F\n";
    static const char bad[] = "a: [1, 2\nb: }\n";
    intptr_t right = 0;
    for (int i = 0; i < 200; i++) {
        struct error err = {0};
        struct document *d = parse(good, DOCUMENT_YAML, NULL, NULL);
        const struct document_value *root = document_root(d);
        right += document_number(document_find(root, "b.1"), 0) == 2.5 &&
                 document_warnings(d)->count == 1;
        document_free(d);
        d = parse(bad, DOCUMENT_YAML, NULL, &err);
        right += d == NULL && strstr(err.message, "this is no YAML") != NULL;
        d = parse("{\"a\": 1.5}", DOCUMENT_JSON, NULL, NULL);
        right += document_number(document_get(document_root(d), "a"), 0) == 1.5;
        document_free(d);
    }
    (void)unused;
    return (void *)right;
}

static void threads_do_not_mix(void)
{
    pthread_t threads[4];
    int made = 0, right = 0;
    while (made < 4 && pthread_create(&threads[made], NULL, parse_often, NULL) == 0) {
        made++;
    }
    for (int i = 0; i < made; i++) {
        void *result;
        pthread_join(threads[i], &result);
        right += (int)(intptr_t)result;
    }
    is_int(right, 4 * 600, "documents parsed by four threads at once are right");
}

static void bad_bytes_are_refused(void)
{
    refuse_quickly("a: \"\xff\xfe\"\n", 9, DOCUMENT_YAML, "", "bad UTF-8 in YAML");
    refuse_quickly("[\"\xff\xfe\"]", 6, DOCUMENT_JSON, "", "bad UTF-8 in JSON");
    refuse_quickly("%YA\x8e\x8eML 1.2\n", 12, DOCUMENT_YAML, "UTF-8", "in a directive");
    refuse_quickly("[1]\0", 4, DOCUMENT_JSON, "control", "a NUL behind JSON");
    refuse_quickly("a: b\0c\n", 7, DOCUMENT_YAML, "control", "a NUL in YAML");
}

int main(void)
{
    scalars_keep_their_text();
    numbers_have_values();
    values_know_their_place();
    not_there_is_fine();
    tabs_behind_colons_are_fine_without_question_keys();
    broken_text_is_told_with_its_place();
    data_may_repeat_keys();
    aliases_share();
    warnings_are_kept();
    depth_is_limited();
    size_is_limited();
    signs_are_limited();
    bad_bytes_are_refused();
    encodings_are_told();
    threads_do_not_mix();
    return tap_done();
}
