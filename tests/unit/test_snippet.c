/* snippet: the file of a person, and what a body becomes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/snippet.h"
#include "tests/unit/tap.h"

struct expansion_case {
    const char *name, *body, *indent, *text, *places;
};

/* Places as START+LENGTH. */
static const struct expansion_case expansions[] = {
    {"no place", "SELECT 1;", "", "SELECT 1;", "9+0"},
    {"first texts", "SELECT ${1:a} FROM ${2:t};", "", "SELECT a FROM t;",
     "7+1 14+1 16+0"},
    {"the order of numbers", "${2:b} ${1:a}$0!", "", "b a!", "2+1 0+1 3+0"},
    {"a number again", "${1} IN (${1:x}, $1)", "", "x IN (x, x)", "0+1 11+0"},
    {"bare numbers", "$1, $2", "", ", ", "0+0 2+0 2+0"},
    {"indented", "a\n  ${1:b\nc}\nd", "    ", "a\n      b\n    c\n    d", "8+7 21+0"},
    {"parameters are SQL", "$name = $12 AND ${x} ${1", "", "$name = $12 AND ${x} ${1",
     "24+0"},
    {"signs themselves", "\\$1 \\\\ \\n", "", "$1 \\ \\n", "7+0"},
    {"nothing", "", "", "", "0+0"},
    {"umlauts", "ä${1:ö}ü", "", "äöü", "2+2 6+0"},
};

static void expands(void)
{
    for (size_t i = 0; i < sizeof expansions / sizeof *expansions; i++) {
        const struct expansion_case *one = &expansions[i];
        struct text text = {0}, told = {0};
        struct array places = ARRAY_OF(struct snippet_place);
        text_append(&text, "before ");
        snippet_expand(one->body, one->indent, &text, &places);
        is_text(text_string(&text) + strlen("before "), one->text, "%s: text", one->name);
        for (size_t k = 0; k < places.count; k++) {
            const struct snippet_place *place = array_at(&places, k);
            text_printf(&told, "%s%zu+%zu", k > 0 ? " " : "", place->start,
                        place->length);
        }
        is_text(text_string(&told), one->places, "%s: places", one->name);
        array_release(&places);
        text_release(&text);
        text_release(&told);
    }
}

static void reads_a_file(void)
{
    static const char file[] = "# mine\r\n"
                               "snippet  one  The first \r\n"
                               "\tSELECT 1,\r\n"
                               "    \t2;\n"
                               "\n"
                               "snippet two\n"
                               "\tSELECT 2\n"
                               "\n"
                               "\t;\n"
                               "snippet bad-name x\n"
                               "snippet empty\n"
                               "not indented\n";
    struct text problems = {0};
    struct array snippets = ARRAY_OF(struct snippet);
    snippets_parse(file, &snippets, &problems);
    is_int((long long)snippets.count, 2, "two snippets");
    const struct snippet *one = snippets_named(&snippets, "one");
    is_text(one != NULL ? one->title : NULL, "The first", "what it is");
    is_text(one != NULL ? one->body : NULL, "SELECT 1,\n\t2;",
            "its body without indentation");
    const struct snippet *two = snippets_named(&snippets, "two");
    is_text(two != NULL ? two->body : NULL, "SELECT 2\n\n;", "an empty line within");
    is_text(two != NULL ? two->title : NULL, "", "without a title");
    ok(snippets_named(&snippets, "ONE") == NULL, "letter for letter");
    is_text(
        text_string(&problems),
        "snippets:10: a snippet begins with \"snippet NAME what it is\", and its name "
        "has letters, digits and _\n"
        "snippets:12: this line is no snippet, and not indented as those of a body\n"
        "snippets:14: the snippet before this line has no body; its lines begin with a "
        "tab or four blanks\n",
        "what makes no sense is told with its line");
    text_release(&problems);
    snippets_release(&snippets);
}

static void lists_all(void)
{
    char home[] = "/tmp/mwb-snippet-XXXXXX";
    if (mkdtemp(home) == NULL) {
        return;
    }
    setenv("XDG_CONFIG_HOME", home, 1);
    struct array before = snippets_list(NULL);
    ok(snippets_named(&before, "top") != NULL && before.count >= 10, "some come along");
    char *folder = path_join(home, "mwb");
    char *file = path_join(folder, "snippets");
    mkdir(folder, 0700);
    static const char own[] =
        "snippet top Mine\n\tSELECT 'mine'\nsnippet new\n\tSELECT 2\n";
    path_write_file(file, own, strlen(own), 0600, NULL);
    struct array after = snippets_list(NULL);
    is_int((long long)after.count, (long long)before.count + 1, "one's own beside them");
    is_text(snippets_named(&after, "top")->body, "SELECT 'mine'", "or in their place");
    snippets_release(&before);
    snippets_release(&after);
    path_remove_tree(home, NULL);
    free(file);
    free(folder);
}

int main(void)
{
    expands();
    reads_a_file();
    lists_all();
    return tap_done();
}
