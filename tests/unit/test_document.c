/* Unit tests of engine/document.h: own cases, hostile cases, and the public suites when
 * MWB_SHARED says where they lie.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <math.h>
#include <sys/stat.h>
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
        {"{\"a\": 1,\n  b: 2}", DOCUMENT_JSON, 2, 3, "no JSON"},
        {"{\"a\": 1", DOCUMENT_JSON, 1, 8, "no JSON"},
        {"", DOCUMENT_JSON, 1, 1, "no JSON"},
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

static void bad_bytes_are_refused(void)
{
    refuse_quickly("a: \"\xff\xfe\"\n", 9, DOCUMENT_YAML, "", "bad UTF-8 in YAML");
    refuse_quickly("[\"\xff\xfe\"]", 6, DOCUMENT_JSON, "", "bad UTF-8 in JSON");
    refuse_quickly("%YA\x8e\x8eML 1.2\n", 12, DOCUMENT_YAML, "UTF-8", "in a directive");
    refuse_quickly("[1]\0", 4, DOCUMENT_JSON, "control", "a NUL behind JSON");
    refuse_quickly("a: b\0c\n", 7, DOCUMENT_YAML, "control", "a NUL in YAML");
}

/* ---- The public suites ---- */

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    struct text t = {0};
    size_t n;
    while ((n = fread(text_reserve(&t, 65536), 1, 65536, file)) > 0) {
        text_grow(&t, n);
    }
    fclose(file);
    *length = t.length;
    return text_take(&t);
}

static bool is_duplicate_rule(const struct error *err)
{
    return strstr(err->message, "stands twice") != NULL;
}

struct tally {
    int accepted, refused, wrong, slow;
};

static void try_json_file(const char *folder, const char *name, struct tally *tally)
{
    struct error err = {0};
    struct document_place place = {0};
    char *path = string_printf("%s/%s", folder, name);
    size_t length;
    char *bytes = read_whole(path, &length);
    double start = seconds_now();
    struct document *d = document_parse(bytes, length, DOCUMENT_JSON_DATA, &place, &err);
    tally->slow += seconds_now() - start > 1;
    tally->accepted += d != NULL;
    tally->refused += d == NULL;
    bool right = name[0] == 'y'   ? d != NULL
                 : name[0] == 'n' ? d == NULL && place.line > 0 && place.column > 0
                                  : true;
    if (!right) {
        tally->wrong++;
        printf("# %s: %s\n", name, d != NULL ? "accepted" : err.message);
    }
    document_free(d);
    d = document_parse(bytes, length, DOCUMENT_JSON, &place, &err);
    if (name[0] == 'y' && d == NULL && !is_duplicate_rule(&err)) {
        tally->wrong++;
        printf("# %s as descriptor: %s\n", name, err.message);
    }
    document_free(d);
    free(bytes);
    free(path);
}

static void json_suite_holds(const char *shared)
{
    static const char *const groups[] = {"y", "n", "i"};
    char *folder = string_printf("%s/suites/JSONTestSuite/test_parsing", shared);
    struct tally tallies[3] = {0};
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        tap_skip("suites/JSONTestSuite is not there");
        free(folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        for (int g = 0; g < 3; g++) {
            if (entry->d_name[0] == groups[g][0] && entry->d_name[1] == '_') {
                try_json_file(folder, entry->d_name, &tallies[g]);
            }
        }
    }
    closedir(dir);
    ok(tallies[0].accepted > 0 && tallies[0].wrong == 0, "JSON y: all %d accepted",
       tallies[0].accepted);
    ok(tallies[1].refused > 0 && tallies[1].wrong == 0, "JSON n: all %d refused",
       tallies[1].refused);
    ok(tallies[2].accepted + tallies[2].refused > 0, "JSON i: %d accepted, %d refused",
       tallies[2].accepted, tallies[2].refused);
    is_int(tallies[0].slow + tallies[1].slow + tallies[2].slow, 0,
           "JSON: each in a second");
    free(folder);
}

static bool same_value(const struct document_value *a, const struct document_value *b)
{
    if (document_kind(a) != document_kind(b) || document_count(a) != document_count(b)) {
        return false;
    }
    switch (document_kind(a)) {
    case DOCUMENT_NULL:
        return true;
    case DOCUMENT_BOOLEAN:
        return document_truth(a, false) == document_truth(b, false);
    case DOCUMENT_NUMBER:
        return document_number(a, 0) == document_number(b, 1);
    case DOCUMENT_STRING:
        return string_equal(document_text(a), document_text(b));
    default:
        break;
    }
    for (size_t i = 0; i < document_count(a); i++) {
        const char *key = NULL;
        const struct document_value *x = document_kind(a) == DOCUMENT_MAP
                                             ? document_member(a, i, &key, NULL)
                                             : document_item(a, i);
        if (!same_value(x, key != NULL ? document_get(b, key) : document_item(b, i))) {
            return false;
        }
    }
    return true;
}

/* Refused by one of the rules that document.h names? */
static bool is_documented_rule(const struct error *err)
{
    return is_duplicate_rule(err) || strstr(err->message, "second document") != NULL ||
           strstr(err->message, "key must be a text") != NULL ||
           strstr(err->message, "inside what it names") != NULL;
}

struct yaml_tally {
    int bad, bad_accepted, valid, by_rule, wrongly_refused, compared, unequal, slow;
};

static void compare_with_json(const char *folder, const struct document *yaml,
                              struct yaml_tally *tally)
{
    size_t length;
    char *path = string_printf("%s/in.json", folder);
    char *bytes = read_whole(path, &length);
    if (bytes != NULL) {
        struct document *json =
            document_parse(bytes, length, DOCUMENT_JSON_DATA, NULL, NULL);
        tally->compared++;
        if (length > 0 && !same_value(document_root(yaml), document_root(json))) {
            tally->unequal++;
            printf("# %s: value differs from in.json\n", folder);
        }
        document_free(json);
    }
    free(bytes);
    free(path);
}

static void try_yaml_folder(const char *folder, struct yaml_tally *tally)
{
    struct error err = {0};
    struct stat info;
    size_t length;
    char *path = string_printf("%s/in.yaml", folder);
    char *mark = string_printf("%s/error", folder);
    char *bytes = read_whole(path, &length);
    if (bytes != NULL) {
        double start = seconds_now();
        struct document *d = document_parse(bytes, length, DOCUMENT_YAML, NULL, &err);
        tally->slow += seconds_now() - start > 1;
        if (stat(mark, &info) == 0) {
            tally->bad++;
            tally->bad_accepted += d != NULL;
        } else if (d != NULL) {
            tally->valid++;
            compare_with_json(folder, d, tally);
        } else {
            bool by_rule = is_documented_rule(&err);
            tally->by_rule += by_rule;
            tally->wrongly_refused += !by_rule;
        }
        if (stat(mark, &info) == 0 ? d != NULL : d == NULL && !is_documented_rule(&err)) {
            printf("# %s: %s\n", folder, d != NULL ? "accepted" : err.message);
        }
        document_free(d);
    }
    free(bytes);
    free(mark);
    free(path);
}

static void walk_yaml(const char *folder, int depth, struct yaml_tally *tally)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    try_yaml_folder(folder, tally);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.' && depth < 2) {
            char *below = string_printf("%s/%s", folder, entry->d_name);
            walk_yaml(below, depth + 1, tally);
            free(below);
        }
    }
    closedir(dir);
}

static void yaml_suite_holds(const char *shared)
{
    struct yaml_tally tally = {0};
    char *folder = string_printf("%s/suites/yaml-test-suite", shared);
    walk_yaml(folder, 0, &tally);
    free(folder);
    if (tally.bad == 0) {
        tap_skip("suites/yaml-test-suite is not there");
        return;
    }
    is_int(tally.bad_accepted, 0, "YAML: all %d bad ones refused", tally.bad);
    is_int(tally.wrongly_refused, 0, "YAML: %d valid ones read, %d refused by a rule",
           tally.valid, tally.by_rule);
    is_int(tally.unequal, 0, "YAML: %d values equal to their JSON", tally.compared);
    is_int(tally.slow, 0, "YAML: each in a second");
}

int main(void)
{
    scalars_keep_their_text();
    numbers_have_values();
    values_know_their_place();
    not_there_is_fine();
    broken_text_is_told_with_its_place();
    data_may_repeat_keys();
    aliases_share();
    warnings_are_kept();
    depth_is_limited();
    size_is_limited();
    bad_bytes_are_refused();
    const char *shared = getenv("MWB_SHARED");
    if (shared == NULL) {
        tap_skip("MWB_SHARED is not set: the public suites were not run");
        return tap_done();
    }
    json_suite_holds(shared);
    yaml_suite_holds(shared);
    return tap_done();
}
