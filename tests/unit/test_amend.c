/* Unit tests of engine/amend.h: what changes and what stays, in small texts and, by
 * property, in every descriptor of the shared folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/amend.h"
#include "engine/array.h"
#include "engine/path.h"
#include "files.h"
#include "tap.h"

struct sample {
    const char *what, *before;
    enum amend_kind kind;
    const char *path, *value, *after; /* NULL: refused */
};

#define MARK "\xef\xbb\xbf"
#define NEXT_LINE "\xc2\x85"

static const struct sample yaml_samples[] = {
    {"a plain text stays plain and the comment stays", "a: x # why\nb: 1\n", AMEND_SET,
     "/a", "\"z\"", "a: z # why\nb: 1\n"},
    {"single quotes stay", "a: 'x'\n", AMEND_SET, "/a", "\"it's\"", "a: 'it''s'\n"},
    {"double quotes stay", "a: \"x\"\n", AMEND_SET, "/a", "\"q\\\"\"", "a: \"q\\\"\"\n"},
    {"a day is quoted where it is new", "a: x\n", AMEND_SET, "/b", "\"2026-10-01\"",
     "a: x\nb: '2026-10-01'\n"},
    {"a word that could be a boolean is quoted", "a: x\n", AMEND_SET, "/b", "\"no\"",
     "a: x\nb: 'no'\n"},
    {"a number is a number", "a: 'x'\n", AMEND_SET, "/a", "12.50", "a: 12.50\n"},
    {"a key goes behind the last, before the comment below",
     "a:\n  b: 1 # b\n  c: |\n    text\n\n  # end of a\nd: 2\n", AMEND_SET, "/a/e",
     "true", "a:\n  b: 1 # b\n  c: |\n    text\n  e: true\n\n  # end of a\nd: 2\n"},
    {"an item is indented as the others", "l:\n    -   a: 1\n        b: 2 # two\n# end\n",
     AMEND_ADD, "/l", "{\"a\":3,\"b\":[1,\"x y\"],\"c\":{\"d\":null}}",
     "l:\n    -   a: 1\n        b: 2 # two\n    -   a: 3\n        b:\n            - 1\n"
     "            - x y\n        c:\n          d: null\n# end\n"},
    {"a list without indentation stays so", "l:\n- a\n- b\nm: 1\n", AMEND_ADD, "/l",
     "\"c\"", "l:\n- a\n- b\n- c\nm: 1\n"},
    {"a list that is not there is made", "x:\n- name: a\n", AMEND_ADD, "/x/0/q",
     "{\"k\":1}", "x:\n- name: a\n  q:\n  - k: 1\n"},
    {"a list that is empty is made, its comment stays", "a:\n  q: [] # none\n  z: 1\n",
     AMEND_ADD, "/a/q", "\"i\"", "a:\n  q: # none\n    - i\n  z: 1\n"},
    {"a list where nothing stands is made", "q:   # none\nz: 1\n", AMEND_ADD, "/q", "1",
     "q:   # none\n  - 1\nz: 1\n"},
    {"a list in brackets", "q: [a, \"b\",] # two\n", AMEND_ADD, "/q", "\"c, d\"",
     "q: [a, \"b\", 'c, d',] # two\n"},
    {"a map in braces", "q: {a: 1}\n", AMEND_SET, "/q/b", "\"x\"", "q: {a: 1, b: x}\n"},
    {"an empty map in braces", "q: {}\n", AMEND_SET, "/q/b", "1", "q: {b: 1}\n"},
    {"no line end at the end", "a: 1", AMEND_SET, "/b", "2", "a: 1\nb: 2"},
    {"line ends of two signs", "a: 1\r\nl:\r\n  - x\r\n", AMEND_ADD, "/l", "\"z\"",
     "a: 1\r\nl:\r\n  - x\r\n  - z\r\n"},
    {"several lines become a literal block", "a:\n  b: 1\n", AMEND_SET, "/a/c",
     "\"SELECT 1\\n  FROM t\"", "a:\n  b: 1\n  c: |-\n    SELECT 1\n      FROM t\n"},
    {"a literal block is replaced", "a: |  # note\n  one\n  two\n\nb: 1\n", AMEND_SET,
     "/a", "\"x\"", "a: x\n\nb: 1\n"},
    {"with the blanks at the end of its last line", "a: |-\n  one\n  two \t\n\nb: 1\n",
     AMEND_SET, "/a", "\"x\"", "a: x\n\nb: 1\n"},
    {"blanks at the end of a line are quoted", "a: 1\n", AMEND_SET, "/b",
     "\"one\\ntwo \"", "a: 1\nb: \"one\\ntwo \"\n"},
    {"a value where nothing stands", "a: # later\nb: 1\n", AMEND_SET, "/a", "\"x\"",
     "a: x # later\nb: 1\n"},
    {"a key with signs of pointers and of YAML", "m:\n  'a/b: c':\n    x: 1\n", AMEND_SET,
     "/m/a~1b: c/x", "2", "m:\n  'a/b: c':\n    x: 2\n"},
    {"behind document signs", "---\na: 1\n...\n", AMEND_SET, "/b", "2",
     "---\na: 1\nb: 2\n...\n"},
    {"a byte order mark stays", MARK "a: 1\n", AMEND_SET, "/a", "2", MARK "a: 2\n"},
    {"a byte order mark has no column: a key", MARK "a: 1\n", AMEND_SET, "/b", "2",
     MARK "a: 1\nb: 2\n"},
    {"an item behind one", MARK "- a\n", AMEND_ADD, "", "\"b\"", MARK "- a\n- b\n"},
    {"a list that is made behind one", MARK "a:\n", AMEND_ADD, "/a", "1",
     MARK "a:\n  - 1\n"},
    {"a value begins with no byte order mark: a map", "l:", AMEND_SET, "/6z",
     MARK "{\"cfal\": \"aTnb\", \"n\": [1]}", NULL},
    {"nor does a number", "a: 1\n", AMEND_SET, "/a", MARK "2", NULL},
    {"nor an item", "a: [1]\n", AMEND_ADD, "/a", MARK "2", NULL},
    {"nor the first item", "a: 1\n", AMEND_ADD, "/l", MARK "2", NULL},
    {"blanks around a value say nothing", "a: 1\n", AMEND_SET, "/b", " \n{\"c\": 2}\t",
     "a: 1\nb:\n  c: 2\n"},
    {"signs that end lines for some are escaped", "a: 'x'\n", AMEND_SET, "/a",
     "\"a" NEXT_LINE "b\\u2028c\\u2029d\"", "a: \"a\\u0085b\\u2028c\\u2029d\"\n"},
    {"as are marks and what is no sign, in keys too", "a: 1\n", AMEND_SET,
     "/k" MARK "\xef\xbf\xbe", "\"\\uffff\\u009f\\\\\\\"\"",
     "a: 1\n\"k\\ufeff\\ufffe\": \"\\uffff\\u009f\\\\\\\"\"\n"},
    {"and a text of several lines that has one", "a: 1\n", AMEND_SET, "/b",
     "\"x\\ny\\u2028z\"", "a: 1\nb: \"x\\ny\\u2028z\"\n"},
    {"blanks that do not break and faces stay", "a: 1\n", AMEND_SET, "/a",
     "\"1\\u00a0km \\ud83d\\ude00\"", "a: 1\xc2\xa0km \xf0\x9f\x98\x80\n"},
    {"a list in a list", "l:\n  - - a\n    - b\n", AMEND_ADD, "/l/0", "\"c\"",
     "l:\n  - - a\n    - b\n    - c\n"},
    {"what an alias repeats is not changed", "a: &x 1\nb: *x\n", AMEND_SET, "/a", "2",
     NULL},
    {"an alias is not changed", "a: &x 1\nb: *x\n", AMEND_SET, "/b", "2", NULL},
    {"what lies behind an alias is not changed", "a: &x {k: 1}\nb: *x\n", AMEND_SET,
     "/b/k", "2", NULL},
    {"a map is not replaced", "a:\n  b: 1\n", AMEND_SET, "/a", "2", NULL},
    {"a text is no list", "a: b\n", AMEND_ADD, "/a", "2", NULL},
    {"there is nothing at the place", "a: b\n", AMEND_SET, "/c/d", "2", NULL},
    {"no item behind the last", "a: [1]\n", AMEND_SET, "/a/1", "2", NULL},
    {"no pointer", "a: b\n", AMEND_SET, "a", "2", NULL},
    {"no JSON", "a: b\n", AMEND_SET, "/a", "{", NULL},
    {"no YAML", "a: [\n", AMEND_SET, "/a", "1", NULL},
};

static const struct sample json_samples[] = {
    {"a member is replaced", "{\"a\": \"x\", \"b\": 1}\n", AMEND_SET, "/a", "\"y\"",
     "{\"a\": \"y\", \"b\": 1}\n"},
    {"a member is added on its own line", "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n",
     AMEND_SET, "/a/c", "[1, {\"d\": null}]",
     "{\n\t\"a\": {\n\t\t\"b\": 1,\n\t\t\"c\": [\n\t\t\t1,\n\t\t\t{\n\t\t\t\t\"d\": "
     "null\n\t\t\t}\n\t\t]\n\t}\n}\n"},
    {"an item of a list on one line", "{\"l\": [1, 2]}", AMEND_ADD, "/l", "3",
     "{\"l\": [1, 2, 3]}"},
    {"an empty list is opened", "{\n  \"l\": []\n}\n", AMEND_ADD, "/l", "\"x\"",
     "{\n  \"l\": [\n    \"x\"\n  ]\n}\n"},
    {"a list that is not there", "{\n  \"a\": 1\n}\n", AMEND_ADD, "/l", "2",
     "{\n  \"a\": 1,\n  \"l\": [\n    2\n  ]\n}\n"},
    {"a byte order mark stays", MARK "{\"a\": 1}\n", AMEND_SET, "/b", "2",
     MARK "{\"a\": 1, \"b\": 2}\n"},
    {"none in front of a value", "{\"a\": 1}\n", AMEND_SET, "/a", MARK "2", NULL},
    {"a text behind the value, without an end", "\"\"\"]", AMEND_SET, "", "3", NULL},
    {"one behind a new value", "{\"a\": 1}\n", AMEND_SET, "/a", "3 \"x", NULL},
    {"escapes do not end a text", "{\"a\": \"\\\"}\", \"b\": 1}", AMEND_SET, "/b", "2",
     "{\"a\": \"\\\"}\", \"b\": 2}"},
};

static void change_sample(const struct sample *sample, enum document_format format)
{
    struct text text = {0};
    struct error err = {0};
    struct amend_change change = {sample->kind, sample->path, sample->value};
    text_append(&text, sample->before);
    bool done = amend_text(&text, format, &change, &err);
    if (sample->after != NULL) {
        is_text(text_string(&text), sample->after, "%s", sample->what);
        is_text(err.message, "", "and no complaint");
    } else {
        ok(!done && err.message[0] != '\0', "%s: refused with a sentence", sample->what);
        is_text(text_string(&text), sample->before, "and the text stays");
    }
    text_release(&text);
}

static void texts_keep_their_form(void)
{
    for (size_t i = 0; i < sizeof yaml_samples / sizeof *yaml_samples; i++) {
        change_sample(&yaml_samples[i], DOCUMENT_YAML);
    }
    for (size_t i = 0; i < sizeof json_samples / sizeof *json_samples; i++) {
        change_sample(&json_samples[i], DOCUMENT_JSON);
    }
}

/* ---- Differences ---- */

static void differences_are_unified(void)
{
    struct text out = {0};
    amend_diff("m.yaml", "a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nX\nf\ng\nh\nend", &out);
    is_text(
        text_string(&out),
        "--- a/m.yaml\n+++ b/m.yaml\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n"
        "+end\n\\ No newline at end of file\n",
        "a change and a line more");
    text_clear(&out);
    amend_diff("m.yaml", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n",
               &out);
    is_text(text_string(&out),
            "--- a/m.yaml\n+++ b/m.yaml\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n"
            "@@ -6,4 +7,3 @@\n 6\n 7\n 8\n-9\n",
            "two places apart");
    text_clear(&out);
    amend_diff("new.yaml", "", "a: 1\n", &out);
    is_text(text_string(&out), "--- /dev/null\n+++ b/new.yaml\n@@ -0,0 +1 @@\n+a: 1\n",
            "a new file");
    text_clear(&out);
    amend_diff("m.yaml", "a\n", "a\n", &out);
    is_text(text_string(&out), "", "nothing, when nothing changed");
    text_release(&out);
}

/* ---- Files ---- */

static void write_text(const char *path, const char *text, mode_t mode)
{
    ok(path_write_file(path, text, strlen(text), mode, NULL), "%s is written",
       path_base(path));
}

static void files_are_changed_whole_or_not_at_all(void)
{
    char folder[] = "/tmp/mwb-amend-XXXXXX";
    struct amend_change change = {AMEND_SET, "/a", "2"};
    struct amend_file file;
    struct error err = {0};
    struct stat facts;
    char *text = NULL;
    if (!ok(mkdtemp(folder) != NULL, "a folder")) {
        return;
    }
    char *path = path_join(folder, "m.yaml"), *link = path_join(folder, "link.yaml");
    write_text(path, "a: 1 # one\n", 0640);
    ok(amend_open(&file, folder, "m.yaml", &err) && amend_apply(&file, &change, &err) &&
           amend_write(&file, &err),
       "it is changed: %s", err.message);
    amend_close(&file);
    path_read_text(path, 100, &text, NULL);
    is_text(text, "a: 2 # one\n", "and says so");
    free(text);
    ok(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0640, "with its own mode");

    ok(amend_open(&file, folder, "m.yaml", &err), "it is read again");
    write_text(path, "a: 3\n", 0640);
    change.value = "4";
    ok(amend_apply(&file, &change, &err) && !amend_write(&file, &err) &&
           strstr(err.message, "meanwhile") != NULL,
       "a change of somebody else's is not lost: %s", err.message);
    amend_close(&file);

    ok(symlink(path, link) == 0, "a link");
    ok(!amend_open(&file, folder, "link.yaml", &err) &&
           strstr(err.message, "symbolic link") != NULL,
       "a link is not changed: %s", err.message);
    ok(!amend_open(&file, folder, "../m.yaml", &err), "nor what lies outside");
    free(path);
    free(link);
    path_remove_tree(folder, NULL);
}

/* ---- Every descriptor of the shared folder ---- */

enum { MOST_FILE_BYTES = 256 * 1024, PLACES_A_FILE = 12 };

struct counts {
    long files, made, refused, wrong;
};

/* Places of a document: pointers of its values, in order. */
static void list_places(const struct document_value *value, struct text *path,
                        struct array *places)
{
    size_t length = path->length;
    *(char **)array_push(places) = string_copy(text_string(path));
    for (size_t i = 0; i < document_count(value); i++) {
        char number[32];
        const char *key = number;
        const struct document_value *child = document_member(value, i, &key, NULL);
        if (document_kind(value) == DOCUMENT_LIST) {
            snprintf(number, sizeof number, "%zu", i);
            child = document_item(value, i);
        }
        amend_path_step(path, key);
        list_places(child, path, places);
        text_truncate(path, length);
    }
}

static long lines_with(const char *text, char sign)
{
    long count = 0;
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        bool is_head = strncmp(at, "---", 3) == 0 || strncmp(at, "+++", 3) == 0;
        count += *at == sign && !is_head ? 1 : 0;
    }
    return count;
}

static long feeds_in(const char *text)
{
    long count = 0;
    for (; text != NULL && *text != '\0'; text++) {
        count += *text == '\n' ? 1 : 0;
    }
    return count;
}

/* At most the lines of the value that was replaced are gone. */
static void check_change(const char *name, const char *bytes,
                         const struct amend_change *change,
                         const struct document_value *value, struct counts *counts)
{
    struct text text = {0}, diff = {0};
    struct error err = {0};
    text_append(&text, bytes);
    if (!amend_text(&text, document_format_of(name), change, &err)) {
        counts->refused++;
        if (getenv("AMEND_SHOW") != NULL) {
            printf("# %s: %s\n", name, err.message);
        }
    } else {
        amend_diff("x", bytes, text_string(&text), &diff);
        long gone = lines_with(text_string(&diff), '-');
        bool is_scalar =
            document_kind(value) != DOCUMENT_MAP && document_kind(value) != DOCUMENT_LIST;
        /* A folded text has more lines than its value. */
        bool right = is_scalar && document_text(value) != NULL &&
                             (feeds_in(document_text(value)) > 0 ||
                              strlen(document_text(value)) > 40)
                         ? true
                         : gone <= 1;
        counts->made++;
        if (!right) {
            counts->wrong++;
            printf("# %s %s: %s\n", name, change->path, text_string(&diff));
        }
    }
    text_release(&text);
    text_release(&diff);
}

static void change_at(const char *name, const char *bytes, const char *path,
                      const struct document_value *value, struct counts *counts)
{
    char *key = string_printf("%s/mwb new: key", path);
    struct amend_change add = {AMEND_ADD, path, "{\"k\": \"v: w\", \"n\": [1, 2]}"};
    struct amend_change set_key = {AMEND_SET, key, "\"it's # new\""};
    struct amend_change set = {AMEND_SET, path, "\"other\""};
    const struct amend_change *change = document_kind(value) == DOCUMENT_LIST  ? &add
                                        : document_kind(value) == DOCUMENT_MAP ? &set_key
                                                                               : &set;
    check_change(name, bytes, change, value, counts);
    free(key);
}

static const struct document_value *value_at(const struct document *document,
                                             const struct array *places, size_t at)
{
    const struct document_value *value = document_root(document);
    const char *path = *(char **)array_at(places, at);
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(++path, "/");
        char *step = string_copy_bytes(path, length);
        for (char *in = step, *out = step; (*out = *in) != '\0'; in++, out++) {
            if (*in == '~') {
                *out = *++in == '1' ? '/' : '~';
            }
        }
        value = document_kind(value) == DOCUMENT_LIST
                    ? document_item(value, strtoul(step, NULL, 10))
                    : document_get(value, step);
        free(step);
        path += length;
    }
    return value;
}

static void change_file(const char *path, struct counts *counts)
{
    char *bytes = NULL;
    if (!path_read_text(path, MOST_FILE_BYTES, &bytes, NULL)) {
        return;
    }
    struct document *document =
        document_parse(bytes, strlen(bytes), document_format_of(path), NULL, NULL);
    if (document_count(document_root(document)) > 0) {
        struct text start = {0};
        struct array places = ARRAY_OF(char *);
        list_places(document_root(document), &start, &places);
        size_t step = places.count / PLACES_A_FILE + 1;
        counts->files++;
        for (size_t i = 0; i < places.count; i += step) {
            change_at(path, bytes, *(char **)array_at(&places, i),
                      value_at(document, &places, i), counts);
        }
        for (size_t i = 0; i < places.count; i++) {
            free(*(char **)array_at(&places, i));
        }
        array_release(&places);
        text_release(&start);
    }
    document_free(document);
    free(bytes);
}

static void change_folder(const char *folder, struct counts *counts)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char *path = path_join(folder, name);
        if (name[0] != '.' && path_is_folder(path)) {
            change_folder(path, counts);
        } else if (string_ends(name, ".yaml") || string_ends(name, ".yml") ||
                   string_ends(name, ".json")) {
            change_file(path, counts);
        }
        free(path);
        free(names[i]);
    }
    free(names);
}

static void descriptors_change_in_one_place(void)
{
    static const char *const folders[] = {"standards", "realdata"};
    const char *shared = getenv("MWB_SHARED");
    struct counts counts = {0};
    if (shared == NULL || !path_is_folder(shared)) {
        ok(true, "# SKIP there is no shared folder: set MWB_SHARED");
        return;
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *folder = path_join(shared, folders[i]);
        change_folder(folder, &counts);
        free(folder);
    }
    printf("# %ld files, %ld changes made, %ld refused\n", counts.files, counts.made,
           counts.refused);
    ok(counts.files > 100 && counts.made > 1000, "hundreds of descriptors");
    is_int(counts.wrong, 0, "no line is lost that was not changed");
    ok(counts.refused * 100 < counts.made, "fewer than one change of 100 is refused");
}

int main(void)
{
    texts_keep_their_form();
    differences_are_unified();
    files_are_changed_whole_or_not_at_all();
    descriptors_change_in_one_place();
    return tap_done();
}
