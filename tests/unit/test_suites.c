/* The public suites of YAML and JSON against engine/document.h, where MWB_SHARED has
 * them: what is bad is refused, what is good is read with the value that the suite gives,
 * or refused by a rule of document.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/document.h"
#include "engine/text.h"
#include "tap.h"

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

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

/* ---- JSONTestSuite ---- */

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

/* ---- yaml-test-suite: the value in in.json ---- */

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

/* ---- yaml-test-suite: the events in test.event ---- */

struct events { /* the lines of a test.event, from the next one on */
    char *line;
};

static char *next_event(struct events *events)
{
    char *line = events->line, *end = strchr(line, '\n');
    if (end != NULL) {
        *end = '\0';
        events->line = end + 1;
    } else {
        events->line = line + strlen(line);
    }
    return line;
}

static void unescape(char *text)
{
    static const char signs[] = "ntrb0\\", meant[] = "\n\t\r\b\0\\";
    char *to = text;
    for (; *text != '\0'; text++) {
        const char *sign = *text == '\\' ? strchr(signs, text[1]) : NULL;
        *to++ = sign != NULL ? meant[sign - signs] : *text;
        text += sign != NULL;
    }
    *to = '\0';
}

/* "=VAL &anchor <tag> :text": the sign of its style and the text; NULL: no scalar. */
static char *scalar_of_event(char *line, bool *is_tagged)
{
    *is_tagged = false;
    if (!string_starts(line, "=VAL ")) {
        return NULL;
    }
    for (line += 5; *line == '&' || *line == '<'; line += strcspn(line, " ") + 1) {
        *is_tagged = *is_tagged || *line == '<';
    }
    unescape(line + 1);
    return line;
}

static bool is_scalar_of(const char *scalar, bool is_tagged,
                         const struct document_value *value)
{
    enum document_kind kind = document_kind(value);
    if (kind == DOCUMENT_NULL) {
        return string_equal(scalar, ":") || string_equal(scalar, ":~") ||
               string_equal_fold(scalar, ":null") || is_tagged;
    }
    return kind < DOCUMENT_LIST && string_equal(document_text(value), scalar + 1) &&
           (*scalar == ':' || is_tagged || kind == DOCUMENT_STRING);
}

static bool is_told(struct events *events, const struct document_value *value)
{
    bool is_tagged;
    char *line = next_event(events), *scalar = scalar_of_event(line, &is_tagged);
    if (string_starts(line, "=ALI ")) {
        return value != NULL;
    }
    if (scalar != NULL) {
        return is_scalar_of(scalar, is_tagged, value);
    }
    bool is_map = string_starts(line, "+MAP");
    if (document_kind(value) != (is_map ? DOCUMENT_MAP : DOCUMENT_LIST)) {
        return false;
    }
    for (size_t i = 0; i < document_count(value); i++) {
        const char *key = NULL;
        const struct document_value *item =
            is_map ? document_member(value, i, &key, NULL) : document_item(value, i);
        char *told = is_map ? next_event(events) : NULL;
        scalar = is_map ? scalar_of_event(told, &is_tagged) : NULL;
        if ((scalar != NULL && !string_equal(scalar + 1, key)) ||
            !is_told(events, item)) {
            return false;
        }
    }
    return string_equal(next_event(events), is_map ? "-MAP" : "-SEQ");
}

/* Is the document what the events tell, no more and no less? */
static bool is_all_told(char *bytes, const struct document_value *root)
{
    struct events events = {bytes};
    char *line = next_event(&events);
    while (string_starts(line, "+")) {
        if (string_starts(line, "+DOC")) {
            return is_told(&events, root) && string_starts(events.line, "-DOC");
        }
        line = next_event(&events);
    }
    return root == NULL; /* no document at all */
}

/* ---- yaml-test-suite ---- */

/* The rules of document.h a valid document may be refused by, as their sentences say. */
static const char *const rules[] = {"stands twice", "second document",
                                    "key must be a text", "inside what it names"};
enum { RULES = sizeof rules / sizeof *rules };

struct yaml_tally {
    int bad, bad_accepted, valid, by_rule[RULES], wrongly_refused;
    int compared, unequal, told, untold, slow;
};

static bool count_rule(const struct error *err, struct yaml_tally *tally)
{
    for (size_t i = 0; i < RULES; i++) {
        if (strstr(err->message, rules[i]) != NULL) {
            tally->by_rule[i]++;
            return true;
        }
    }
    return false;
}

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

static void compare_with_events(const char *folder, const struct document *yaml,
                                struct yaml_tally *tally)
{
    size_t length;
    char *path = string_printf("%s/test.event", folder);
    char *bytes = read_whole(path, &length);
    if (bytes != NULL) {
        tally->told++;
        if (!is_all_told(bytes, document_root(yaml))) {
            tally->untold++;
            printf("# %s: it is not what test.event tells\n", folder);
        }
    }
    free(bytes);
    free(path);
}

static void try_yaml(const char *folder, const char *bytes, size_t length, bool is_bad,
                     struct yaml_tally *tally)
{
    struct error err = {0};
    double start = seconds_now();
    struct document *d = document_parse(bytes, length, DOCUMENT_YAML, NULL, &err);
    tally->slow += seconds_now() - start > 1;
    if (is_bad) {
        tally->bad++;
        tally->bad_accepted += d != NULL;
    } else if (d != NULL) {
        tally->valid++;
        compare_with_json(folder, d, tally);
        compare_with_events(folder, d, tally);
    } else if (!count_rule(&err, tally)) {
        tally->wrongly_refused++;
        printf("# %s: %s\n", folder, err.message);
    }
    if (is_bad && d != NULL) {
        printf("# %s: accepted\n", folder);
    }
    document_free(d);
}

static void try_yaml_folder(const char *folder, struct yaml_tally *tally)
{
    struct stat info;
    size_t length;
    char *path = string_printf("%s/in.yaml", folder);
    char *mark = string_printf("%s/error", folder);
    char *bytes = read_whole(path, &length);
    if (bytes != NULL) {
        try_yaml(folder, bytes, length, stat(mark, &info) == 0, tally);
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
    is_int(tally.wrongly_refused, 0, "YAML: %d valid ones read, the others by a rule",
           tally.valid);
    for (size_t i = 0; i < RULES; i++) {
        printf("# refused by the rule \"%s\": %d\n", rules[i], tally.by_rule[i]);
    }
    is_int(tally.unequal, 0, "YAML: %d values equal to their JSON", tally.compared);
    ok(tally.untold == 0 && tally.told == tally.valid,
       "YAML: all %d are what their events tell", tally.told);
    is_int(tally.slow, 0, "YAML: each in a second");
}

int main(void)
{
    const char *shared = getenv("MWB_SHARED");
    if (shared == NULL) {
        tap_skip("MWB_SHARED is not set: the public suites were not run");
        return tap_done();
    }
    json_suite_holds(shared);
    yaml_suite_holds(shared);
    return tap_done();
}
