/* The scanner of JSON: texts, faults and their places, rows, windows, escapes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>

#include "engine/import/jsonscan.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

/* A copy with room behind it, in which the worst stands: the text goes on. */
static char *with_slack(const char *text, size_t length)
{
    char *copy = memory_new(length + JSONSCAN_SLACK);
    memcpy(copy, text, length);
    for (size_t i = 0; i < JSONSCAN_SLACK; i++) {
        copy[length + i] = length > 0 ? text[length - 1] : '1';
    }
    return copy;
}

/* ---- Faults ---- */

static const struct {
    const char *text;
    enum json_fault fault;
    int at;
} faults[] = {
    {"", JSON_NO_VALUE, 0},
    {"  ", JSON_NO_VALUE, 2},
    {"[1", JSON_ENDS_EARLY, 2},
    {"{\"a\"", JSON_ENDS_EARLY, 4},
    {"\"abc", JSON_ENDS_EARLY, 4},
    {"\"abc\\", JSON_ENDS_EARLY, 5},
    {"\"\\u12", JSON_ENDS_EARLY, 5},
    {"-", JSON_ENDS_EARLY, 1},
    {"1.", JSON_ENDS_EARLY, 2},
    {"1e+", JSON_ENDS_EARLY, 3},
    {"tru", JSON_ENDS_EARLY, 3},
    {"[,1]", JSON_NO_VALUE, 1},
    {"[1,]", JSON_NO_VALUE, 3},
    {"{\"a\":}", JSON_NO_VALUE, 5},
    {"+1", JSON_NO_VALUE, 0},
    {"NaN", JSON_NO_VALUE, 0},
    {"{a:1}", JSON_NO_KEY, 1},
    {"{\"a\":1,}", JSON_NO_KEY, 7},
    {"{\"a\" 1}", JSON_NO_COLON, 5},
    {"[1 2]", JSON_NO_COMMA, 3},
    {"[1}", JSON_NO_COMMA, 2},
    {"{\"a\":1]", JSON_NO_COMMA, 6},
    {"[1] ]", JSON_NO_END, 4},
    {"1\f", JSON_NO_END, 1},
    {"trux", JSON_BAD_WORD, 3},
    {"[nul]", JSON_BAD_WORD, 4},
    {"[-a]", JSON_BAD_NUMBER, 2},
    {"012", JSON_NO_END, 1},
    {"[-01]", JSON_NO_COMMA, 3},
    {"[1.e5]", JSON_BAD_NUMBER, 3},
    {"[1ex]", JSON_BAD_NUMBER, 3},
    {"\"a\\x\"", JSON_BAD_ESCAPE, 3},
    {"\"\\u00G0\"", JSON_BAD_ESCAPE, 5},
    {"\"a\nb\"", JSON_CONTROL, 2},
    {"\"0123456789abcdef\x1F\"", JSON_CONTROL, 17},
    {"\"\x80\"", JSON_BAD_UTF8, 1},
    {"\"ab\xC0\xAF\"", JSON_BAD_UTF8, 3},
    {"\"\xE0\x9F\xBF\"", JSON_BAD_UTF8, 1},
    {"\"\xED\xA0\x80\"", JSON_BAD_UTF8, 1},
    {"\"\xF0\x8F\xBF\xBF\"", JSON_BAD_UTF8, 1},
    {"\"\xC3\xA9\xF4\x90\x80\x80\"", JSON_BAD_UTF8, 3},
    {"\"\xF5\x80\x80\x80\"", JSON_BAD_UTF8, 1},
    {"\"\xE2\x82\"", JSON_BAD_UTF8, 1},
};

static void test_faults(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct jsonscan_fault fault = {0};
        size_t length = strlen(faults[i].text);
        char *text = with_slack(faults[i].text, length);
        bool taken = jsonscan_check(text, length, &fault);
        ok(!taken && fault.fault == faults[i].fault && fault.at == text + faults[i].at,
           "fault %d of row %zu stands at byte %d (found %d at %d)", faults[i].fault, i,
           faults[i].at, fault.fault, taken ? -1 : (int)(fault.at - text));
        free(text);
    }
}

/* Signs beyond ASCII at every place of a block, the least and the greatest of each
 * length. */
static void test_utf8(void)
{
    static const char *const good[] = {
        "\xC2\x80",         "\xDF\xBF",         "\xE0\xA0\x80",
        "\xED\x9F\xBF",     "\xEE\x80\x80",     "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "\xC3\xA9\xE2\x82\xAC"};
    bool all = true;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        for (int place = 0; place < 40; place++) {
            struct jsonscan_fault fault;
            char *text = string_printf("\"%*s%s\"", place, "", good[i]);
            char *copy = with_slack(text, strlen(text));
            all = all && jsonscan_check(copy, strlen(text), &fault);
            free(copy);
            free(text);
        }
    }
    ok(all, "signs of two, three and four bytes are taken wherever they stand");
}

static void test_depth(void)
{
    struct jsonscan_fault fault = {0};
    struct text text = {0};
    text_append_repeated(&text, '[', JSON_DEPTH_MOST);
    text_append_repeated(&text, ']', JSON_DEPTH_MOST);
    text_reserve(&text, JSONSCAN_SLACK);
    memset(text.data + text.length, 0, JSONSCAN_SLACK);
    ok(jsonscan_check(text.data, text.length, &fault), "512 levels are taken");
    text_clear(&text);
    text_append_repeated(&text, '[', 1000 * 1000);
    text_reserve(&text, JSONSCAN_SLACK);
    memset(text.data + text.length, 0, JSONSCAN_SLACK);
    ok(!jsonscan_check(text.data, text.length, &fault) && fault.fault == JSON_TOO_DEEP &&
           fault.at == text.data + JSON_DEPTH_MOST,
       "a million levels end at the 513th");
    text_release(&text);
}

/* ---- The suite ---- */

/* False: the file is not read, or the fault is not in it. */
static bool check_file(const char *folder, const char *name, bool *taken)
{
    char *path = path_join(folder, name), *bytes = NULL;
    size_t length = 0;
    bool good = path_read_file(path, 1 << 20, &bytes, &length, NULL);
    if (good) {
        struct jsonscan_fault fault = {0};
        size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        char *text = with_slack(bytes + mark, length - mark);
        *taken = jsonscan_check(text, length - mark, &fault);
        good = *taken || (fault.at >= text && fault.at <= text + length - mark &&
                          fault.fault != JSON_SOUND);
        free(text);
    }
    free(bytes);
    free(path);
    return good;
}

/* json.h decides what the RFC leaves open. Written as UTF-8, a surrogate is no sign. */
static bool is_to_be_taken(const char *name)
{
    bool open = strncmp(name, "i_number", 8) == 0 ||
                strncmp(name, "i_structure", 11) == 0 ||
                strncmp(name, "i_object", 8) == 0 || strstr(name, "surrogate") != NULL;
    return name[0] == 'y' ||
           (name[0] == 'i' && open && strstr(name, "UTF8_surrogate") == NULL);
}

static void test_suite(void)
{
    const char *shared = getenv("MWB_SHARED");
    char *folder =
        path_join(shared != NULL ? shared : "/", "suites/JSONTestSuite/test_parsing");
    DIR *dir = shared != NULL ? opendir(folder) : NULL;
    if (dir == NULL) {
        tap_skip("JSONTestSuite is not there (MWB_SHARED)");
        free(folder);
        return;
    }
    int files = 0, wrong = 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        bool taken = false;
        if (name[0] == '.') {
            continue;
        }
        files++;
        if (!check_file(folder, name, &taken) || taken != is_to_be_taken(name)) {
            printf("# %s: %s\n", name, taken ? "taken" : "refused");
            wrong++;
        }
    }
    closedir(dir);
    free(folder);
    is_int(wrong, 0, "JSONTestSuite: every y_ is taken, every n_ refused with its place");
    ok(files > 100, "all of it was read");
}

/* ---- Rows ---- */

static void append_cell(struct text *out, const struct jsonscan_cell *cell)
{
    long long replaced = 0;
    if (cell->text == NULL) {
        text_append(out, "~");
    } else if (cell->escaped) {
        char *to = text_reserve(out, cell->length);
        text_grow(out, jsonscan_unescape(to, cell->text, cell->length, &replaced));
        text_append(out, replaced > 0 ? "!" : "");
    } else {
        text_append_bytes(out, cell->text, cell->length);
    }
}

static void append_row(struct text *out, const struct jsonscan *scan,
                       const struct jsonscan_row *row)
{
    static const char signs[] = {[CELL_STRING] = 's',
                                 [CELL_NUMBER] = 'n',
                                 [CELL_BOOLEAN] = 'b',
                                 [CELL_NULL] = '0',
                                 [CELL_NESTED] = 'j'};
    for (size_t i = 0; i < jsonscan_columns(scan); i++) {
        const struct jsonscan_cell *cell = &row->cells[i];
        text_append(out, i > 0 ? "|" : "");
        append_cell(out, cell);
        if (cell->text != NULL) {
            text_append_char(out, ' ');
            text_append_char(out, signs[cell->kind]);
        }
    }
}

static void append_bad(struct text *out, const struct jsonscan_row *row)
{
    if (row->bad == JSONSCAN_FAULT) {
        text_printf(out, "fault %d at %d of %d", row->fault.fault,
                    (int)(row->fault.at - row->start), (int)row->length);
    } else if (row->bad == JSONSCAN_TWICE) {
        text_printf(out, "twice %.*s", (int)row->name_length, row->name);
    } else {
        text_printf(out, "stranger %.*s", (int)row->length, row->start);
    }
}

/* Its rows, a line each; the columns in the last. */
static enum reader_state append_window(struct text *out, struct jsonscan *scan,
                                       const struct jsonscan_window *window)
{
    struct jsonscan_row row;
    enum reader_state state;
    jsonscan_start(scan, window);
    while ((state = jsonscan_next(scan, &row)) == READER_ROW || state == READER_BAD) {
        if (state == READER_ROW) {
            append_row(out, scan, &row);
        } else {
            append_bad(out, &row);
        }
        text_append(out, "\n");
    }
    if (state == READER_FAILED) {
        text_printf(out, "failed: fault %d at %d\n", row.fault.fault,
                    (int)(row.fault.at - window->bytes));
    }
    return state;
}

static void append_columns(struct text *out, const struct jsonscan *scan)
{
    for (size_t i = 0; i < jsonscan_columns(scan); i++) {
        for (size_t level = 0; level < jsonscan_levels(scan, i); level++) {
            size_t length;
            const char *name = jsonscan_name(scan, i, level, &length);
            text_append(out, level > 0 ? "." : i > 0 ? "|" : "");
            text_append_bytes(out, name, length);
        }
    }
}

/* `cut` bytes first, then the rest. */
static const char *scan_in_two(const char *text, struct jsonscan_spec spec, bool array,
                               size_t cut)
{
    static struct text out;
    size_t length = strlen(text);
    char *front = with_slack(text, cut), *rest = with_slack(text + cut, length - cut);
    struct jsonscan *scan = jsonscan_new(&spec), *other;
    struct jsonscan_window windows[] = {{front, cut, array, true, false},
                                        {rest, length - cut, array, cut == 0, true}};
    text_clear(&out);
    if (cut > 0) {
        append_window(&out, scan, &windows[0]);
    }
    other = jsonscan_copy(scan);
    append_window(&out, other, &windows[1]);
    append_columns(&out, other);
    jsonscan_free(scan);
    jsonscan_free(other);
    free(front);
    free(rest);
    return text_string(&out);
}

static const char *scan_text(const char *text, struct jsonscan_spec spec)
{
    return scan_in_two(text, spec, false, 0);
}

static const char *scan_array(const char *text)
{
    return scan_in_two(text, (struct jsonscan_spec){0}, true, 0);
}

static void test_lines(void)
{
    struct jsonscan_spec lines = {0};
    is_text(scan_text("{\"a\":1,\"b\":\"x\"}\n{\"a\":-2.5e3,\"b\":null}\n"
                      "{\"a\":true,\"b\":[1, {}]}\n{\"b\":\"\",\"a\":false}",
                      lines),
            "1 n|x s\n-2.5e3 n|null 0\ntrue b|[1, {}] j\nfalse b| s\na|b",
            "every kind of value");
    is_text(scan_text("{ \"a\" : 1 , \"b\" : 2 }\r\n{\t\"a\":3,\"b\":4}\r\n"
                      "{ \"a\" : 5 , \"b\" :  6 } \n",
                      lines),
            "1 n|2 n\n3 n|4 n\n5 n|6 n\na|b", "blanks anywhere, CR LF");
    is_text(scan_text("{\"a\":1}\n{\"b\":2}\n{\"a\":3,\"c\":4}\n{}\n", lines),
            "1 n\n~|2 n\n3 n|~|4 n\n~|~|~\na|b|c", "members that come late or not");
    is_text(scan_text("{\"a\":1,\"\\u0061\":2}\n{\"\\u0061b\":3}\n{\"ab\":4}\n", lines),
            "twice a\n3 n\n4 n\nab", "names are compared without their escapes");
    is_text(scan_text("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20AC\\ud83d\\uDE00\"}\n"
                      "{\"a\":\"\\ud800x\"}\n{\"a\":\"\\udc00\\ud800\\ud800\\udc00\"}",
                      lines),
            "\"\\/\b\f\n\r\t\xE2\x82\xAC\xF0\x9F\x98\x80 s\n\xEF\xBF\xBDx! s\n"
            "\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x90\x80\x80! s\na",
            "escapes, pairs of surrogates, lone ones");
}

static void test_bad_lines(void)
{
    struct jsonscan_spec lines = {0};
    is_text(scan_text("{\"a\":1}\n{\"a\":}\n\n  \n{\"a\":2} x\n[1]\n\"s\" \n{\"a\":\"b\n"
                      "{\"a\":1,\"a\":2}\n{\"a\":3}",
                      lines),
            "1 n\nfault 2 at 5 of 6\nfault 6 at 8 of 9\nstranger [1]\nstranger \"s\" \n"
            "fault 1 at 7 of 7\ntwice a\n3 n\na",
            "a bad line is left out, and reading goes on behind it");
    is_text(scan_text("{\"a\":1,\"z\":2,\"z\":3}\n{\"y\":{\"x\":1}\n{\"a\":1,\"b\":2}\n",
                      lines),
            "twice z\nfault 1 at 12 of 12\n1 n|2 n\na|b",
            "columns of bad rows are forgotten");
    is_text(scan_text("{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2,\"b\":2}\n{\"a\":1,\"a\":2}\n"
                      "{\"a\":1,\"b\":2}\n",
                      lines),
            "1 n|2 n\ntwice b\ntwice a\n1 n|2 n\na|b", "a member twice on a known way");
}

static void test_nested(void)
{
    static const char *const whole[] = {"p.q", NULL};
    static const char text[] =
        "{\"a\":1,\"p\":{\"q\":{\"r\":2},\"s\":3},\"t\":4}\n"
        "{\"a\":1,\"p\":{\"q\":{\"r\":2},\"s\":3},\"t\":4}\n"
        "{\"a\":1,\"p\":{\"q\":5},\"p.q\":6}\n{\"p\":{ },\"a\":{\"x\":7}}\n"
        "{\"p\":{\"s\":1},\"p\":{\"t\":1}}\n";
    is_text(scan_text(text, (struct jsonscan_spec){0}),
            "1 n|2 n|3 n|4 n\n1 n|2 n|3 n|4 n\n1 n|~|~|~|5 n|6 n\n"
            "~|~|~|~|~|~|{ } j|7 n\ntwice p\na|p.q.r|p.s|t|p.q|p.q|p|a.x",
            "objects become columns a.b, told apart by their path");
    is_text(scan_text(text, (struct jsonscan_spec){.whole = whole}),
            "1 n|{\"r\":2} j|3 n|4 n\n1 n|{\"r\":2} j|3 n|4 n\n1 n|5 n|~|~|6 n\n"
            "~|~|~|~|~|{ } j|7 n\ntwice p\na|p.q|p.s|t|p.q|p|a.x",
            "but for those that are wanted whole");
    is_text(scan_text("{\"a\":{\"b\":[{}, 1]},\"c\":1}\n{\"a\":{\"b\" 1}}",
                      (struct jsonscan_spec){.keep_nested = true}),
            "{\"b\":[{}, 1]} j|1 n\nfault 4 at 10 of 13\na|c",
            "or all of them, and looked at all the same");
}

static void test_nested_twice(void)
{
    is_text(
        scan_text("{\"a\":{\"b\":1,\"c\":2}}\n{\"a\":{\"b\":1,\"b\":2}}\n"
                  "{\"x\":1,\"a\":{\"b\":1}}\n{\"x\":1,\"a\":{\"b\":1},\"a\":{\"b\":2}}\n"
                  "{\"x\":1,\"a\":{\"b\":1},\"a\":{\"b\":2}}\n",
                  (struct jsonscan_spec){0}),
        "1 n|2 n\ntwice b\n1 n|~|1 n\ntwice a\ntwice a\na.b|a.c|x",
        "of members that stand twice the outermost is told");
}

static void test_array(void)
{
    is_text(
        scan_array(" [ {\"a\":1},\n{\"a\":2} , {\"a\"\n:3}\n,7,{\"a\":1,\"a\":1}] \n"),
        "1 n\n2 n\n3 n\nstranger 7\ntwice a\na", "elements of an array");
    is_text(scan_array("[]"), "", "no elements");
    is_text(scan_array("[{\"a\":1},]"), "1 n\nfailed: fault 2 at 9\na",
            "a comma too many");
    is_text(scan_array("[{\"a\":1}{\"a\":1}]"), "1 n\nfailed: fault 5 at 8\na",
            "a comma too few");
    is_text(scan_array("[{\"a\":1}] x"), "1 n\nfailed: fault 6 at 10\na",
            "something behind the end");
    is_text(scan_array("[{\"a\":1}"), "1 n\nfailed: fault 1 at 8\na", "no end");
    is_text(scan_array("[{\"a\":\"x\ny\"}]"), "failed: fault 10 at 8\n",
            "a line feed in a string");
}

static void test_columns_most(void)
{
    struct text text = {0}, out = {0};
    for (int i = 0; i <= JSONSCAN_COLUMNS_MOST; i++) {
        text_printf(&text, "%s\"c%d\":1", i > 0 ? "," : "{", i);
    }
    text_append(&text, "}\n");
    char *bytes = with_slack(text_string(&text), text.length);
    struct jsonscan *scan = jsonscan_new(&(struct jsonscan_spec){0});
    enum reader_state state = append_window(
        &out, scan, &(struct jsonscan_window){bytes, text.length, false, true, true});
    ok(state == READER_FAILED && jsonscan_columns(scan) == JSONSCAN_COLUMNS_MOST + 1,
       "the 2,001st column is no more taken");
    jsonscan_free(scan);
    free(bytes);
    text_release(&text);
    text_release(&out);
}

/* ---- Windows ---- */

static void test_cuts(void)
{
    static const char array[] =
        "[{\"a\":\"}]\\\"}\",\"b\":[{},{\"c\":[]}]} , "
        "{\"a\":\"\\\\\",\"b\":{\"c\":{}}},\n"
        "{\"a\":\"0123456789012345678901234567890123456789012345678901234567890\\\\\"},"
        "{\"b\":{\"c\":[1,[2]]}}]\n";
    static const char lines[] = "{\"a\":1}\n{\"b\":\"\\n\"}\n\n{\"a\":2}\nx\n{\"a\":3}";
    struct jsonscan_spec spec = {0};
    char *whole = string_copy(scan_array(array));
    bool same = true;
    char *copy = with_slack(array, sizeof array - 1);
    for (size_t i = 0; i < sizeof array; i++) {
        size_t cut = jsonscan_cut_array(copy, i, true);
        same =
            same && cut <= i && string_equal(whole, scan_in_two(array, spec, true, cut));
    }
    ok(same, "an array cut anywhere has the same rows");
    is_int((long long)jsonscan_cut_array(copy, sizeof array - 1, true),
           strrchr(array, ']') - array, "it is cut behind its last object");
    free(copy);
    free(whole);
    whole = string_copy(scan_text(lines, spec));
    same = true;
    for (size_t i = 0; i < sizeof lines; i++) {
        size_t cut = jsonscan_cut_lines(lines, i);
        same = same && string_equal(whole, scan_in_two(lines, spec, false, cut));
    }
    ok(same, "lines too");
    free(whole);
}

/* One scan for files of both shapes: a line feed between members is a fault in one. */
static void test_both_shapes(void)
{
    static const char text[] = "[{\"a\":1,\n\"b\":2}]\n{\"a\":1,\n\"b\":2}\n";
    struct text out = {0};
    char *bytes = with_slack(text, sizeof text - 1);
    size_t array = (size_t)(strchr(text, ']') - text) + 1;
    struct jsonscan_window windows[] = {
        {bytes, array, true, true, true},
        {bytes + array, sizeof text - 1 - array, false, true, true}};
    struct jsonscan *scan = jsonscan_new(&(struct jsonscan_spec){0});
    append_window(&out, scan, &windows[0]);
    append_window(&out, scan, &windows[1]);
    is_text(text_string(&out), "1 n|2 n\nfault 1 at 7 of 7\nfault 6 at 3 of 6\n",
            "what is blank in an array is none in lines");
    jsonscan_free(scan);
    free(bytes);
    text_release(&out);
}

static void test_adopt(void)
{
    struct jsonscan *scans[2];
    static const char *const texts[] = {"{\"a\":1,\"b\":{\"c\":2}}",
                                        "{\"x\":1,\"b\":{\"c\":1,\"d\":2},\"b.c\":3}"};
    struct text out = {0}, columns = {0};
    for (int i = 0; i < 2; i++) {
        char *bytes = with_slack(texts[i], strlen(texts[i]));
        struct jsonscan_window window = {bytes, strlen(texts[i]), false, true, true};
        scans[i] = jsonscan_new(&(struct jsonscan_spec){0});
        append_window(&out, scans[i], &window);
        free(bytes);
    }
    jsonscan_adopt(scans[0], scans[1], 1);
    append_columns(&columns, scans[0]);
    is_text(text_string(&columns), "a|b.c|b.d|b.c", "columns of another scan");
    jsonscan_free(scans[0]);
    jsonscan_free(scans[1]);
    text_release(&out);
    text_release(&columns);
}

static void test_unescape_in_place(void)
{
    char text[] = "a\\u00e9\\n\\\\b";
    long long replaced = 0;
    size_t length = jsonscan_unescape(text, text, strlen(text), &replaced);
    text[length] = '\0';
    is_text(text, "a\xC3\xA9\n\\b", "escapes are taken out in place");
}

int main(void)
{
    test_faults();
    test_utf8();
    test_depth();
    test_suite();
    test_lines();
    test_bad_lines();
    test_nested();
    test_nested_twice();
    test_array();
    test_columns_most();
    test_cuts();
    test_both_shapes();
    test_adopt();
    test_unescape_in_place();
    return tap_done();
}
