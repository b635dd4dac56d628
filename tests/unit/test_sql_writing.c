/* test_sql_writing: what the editor does for who writes: colours of long strings,
 * parentheses that belong together, indents, layouts, pastes of any size that run
 * nothing. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "tests/unit/sql_bed.h"

/* A string of 300 KiB, with what looks like SQL inside. */
static void long_strings_have_one_colour(struct bed *bed)
{
    struct text text = {0};
    unsigned flags;
    text_append(&text, "SELECT '\n");
    while (text.length < 300 << 10) {
        text_append(&text, "SELECT 1 -- \"no (comment;\n");
    }
    text_append(&text, "', 2");
    set(bed, text_string(&text), text.length);
    free(draw(bed, 60, 6, false));
    is_int(role_at(bed, 8, 2, &flags), ROLE_SQL_STRING, "inside of a long string");
    is_int(role_at(bed, 8, 5, &flags), ROLE_SQL_OPERATOR, "and behind it");
    lineedit_key(bed->sql->edit, (struct key){.code = 'x'});
    lineedit_set_text(bed->sql->edit, text_string(&text) + 8, text.length - 8);
    is_int(role_at(bed, 18, 2, &flags), ROLE_SQL_COMMENT, "without the opening quote");
    text_clear(&text);
    text_append(&text, "/* a\nSELECT 1\n*/ SELECT 1");
    set(bed, text_string(&text), text.length);
    is_int(role_at(bed, 6, 1, &flags), ROLE_SQL_COMMENT, "inside of a comment");
    is_int(role_at(bed, 8, 2, &flags), ROLE_SQL_KEYWORD, "and behind it");
    text_release(&text);
}

static void parentheses_find_their_partners(struct bed *bed)
{
    unsigned flags;
    set(bed, "SELECT ((1)) + ')'", 12);
    is_int(role_at(bed, 4 + 11, 0, &flags), ROLE_MATCH, "the one before the cursor");
    is_int(role_at(bed, 4 + 7, 0, &flags), ROLE_MATCH, "and its partner");
    is_int(role_at(bed, 4 + 8, 0, &flags), ROLE_SQL_OPERATOR, "another one is not lit");
    set(bed, "SELECT ((1)) + ')'", 16);
    is_int(role_at(bed, 4 + 16, 0, &flags), ROLE_SQL_STRING, "none in a string");
    set(bed, "SELECT (1; SELECT 2)", 7);
    is_int(role_at(bed, 4 + 7, 0, &flags), ROLE_SQL_BROKEN, "one without a partner");
    is_int(role_at(bed, 4 + 19, 0, &flags), ROLE_SQL_OPERATOR,
           "that of another statement is none");
}

static void new_lines_are_indented(struct bed *bed)
{
    set(bed, "", 0);
    type(bed, "SELECT");
    press(bed, "Enter");
    type(bed, "a, count(");
    press(bed, "Enter");
    type(bed, "*)");
    press(bed, "Enter");
    type(bed, "FROM t;");
    is_text(text_of(bed), "SELECT\n    a, count(\n        *)\n    FROM t;",
            "as deep as the parentheses");
    set(bed, "SELECT 'a", 9);
    press(bed, "Enter");
    is_text(text_of(bed), "SELECT 'a\n", "nothing is put into a string");
    set(bed, "  SELECT 1;\n  SELECT 2", 22);
    press(bed, "Enter");
    is_text(text_of(bed), "  SELECT 1;\n  SELECT 2\n  ", "as the line before");
}

static void statements_are_laid_out(struct bed *bed)
{
    set(bed, "select 0;\n  select a,b from t where x=1;\nselect 3", 24);
    press(bed, "C-x");
    press(bed, "C-f");
    is_text(text_of(bed), "select 0;\nSELECT a, b FROM t WHERE x = 1;\nselect 3",
            "the statement at the cursor");
    is_int((long long)lineedit_cursor(bed->sql->edit), 23, "which stays in its word");
    press(bed, "C-_");
    is_text(text_of(bed), "select 0;\n  select a,b from t where x=1;\nselect 3",
            "one step of undo");
    set(bed, "select 1;select a_very_long_name_of_a_column, and_another_one from a_table",
        30);
    press(bed, "C-x");
    press(bed, "C-f");
    is_text(
        text_of(bed),
        "select 1;\nSELECT a_very_long_name_of_a_column, and_another_one\nFROM a_table",
        "a line of its own where it needs several");
    set(bed, "select 1;select 2", 0);
    bed->pane->kind->action(bed->pane, "format", "all");
    is_text(text_of(bed), "SELECT 1;\nSELECT 2", "all statements");
    set(bed, "select 'x", 9);
    press(bed, "C-x");
    press(bed, "C-f");
    is_text(text_of(bed), "select 'x", "a broken one stays");
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of several attempts the best, in time of this process: other programs do not count. */
static double best_of(struct bed *bed, void (*work)(struct bed *bed, int time))
{
    double best = 9;
    for (int i = 0; i < 5; i++) {
        double before = cpu_seconds();
        work(bed, i);
        free(draw(bed, 80, 24, false));
        double took = cpu_seconds() - before;
        best = took < best ? took : best;
    }
    return best;
}

static struct text large;

static void paste_large(struct bed *bed, int time)
{
    (void)time;
    set(bed, "", 0);
    paste(bed, text_string(&large));
}

static void type_amid(struct bed *bed, int time)
{
    if (time == 0) {
        set(bed, text_string(&large), large.length / 2);
    }
    type(bed, "x");
}

static void type_parenthesis(struct bed *bed, int time)
{
    if (time == 0) {
        set(bed, text_string(&large), large.length / 2);
    }
    type(bed, "(");
}

#if defined(__SANITIZE_ADDRESS__)
static const double patience = 20;
#else
static const double patience = 1;
#endif

static void large_pastes_are_quick(struct bed *bed)
{
    static const struct {
        const char *name, *line;
    } texts[] = {
        {"many statements", "SELECT a, b FROM t WHERE c = 'd'; -- and more\n"},
        {"one statement", "    (12, 'text', NULL, 1.5),\n"},
        {"one string", "'' it is; all ( one \"string\n"},
        {"one line", "(12, 'text', NULL, 1.5), "},
        {"CR LF", "SELECT 1;\r\n"},
        {"signs of several bytes", "SELECT 'gr\xC3\xB6\xC3\x9F"
                                   "e \xE6\x97\xA5' ;\n"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        text_clear(&large);
        text_append(&large, i == 2 ? "SELECT '" : i == 0 || i > 3 ? "" : "VALUES ");
        while (large.length < 1 << 20) {
            text_append(&large, texts[i].line);
        }
        double all = best_of(bed, paste_large), key = best_of(bed, type_amid),
               bracket = best_of(bed, type_parenthesis);
        printf("# 1 MiB, %s: paste %.1f ms, a key %.2f ms, a parenthesis %.2f ms\n",
               texts[i].name, all * 1e3, key * 1e3, bracket * 1e3);
        ok(all < 0.050 * patience, "1 MiB of %s is pasted in 50 ms", texts[i].name);
        ok(key < 0.016 * patience && bracket < 0.050 * patience,
           "and keys are quick in it");
    }
    text_release(&large);
}

/* Whatever is pasted, keys of it mean text: line ends, control characters, the end of a
 * paste within it. */
static void pastes_run_nothing(struct bed *bed)
{
    static const char *const pastes[] = {
        "SELECT 1;\n",
        "SELECT 1;\r\n\r\n",
        "\\q\n",
        ".quit\n",
        ":quit\n",
        "\nSELECT 2;\n\n",
        "SELECT 1;\x0A\x0A;;",
        "\x1B[15~\x0F\x18\x05\n",
        "DROP TABLE t;\r",
    };
    size_t ran = lineedit_history_count(bed->sql->edit);
    const struct workbench_result *shown = bed->workbench->shown;
    for (size_t i = 0; i < sizeof pastes / sizeof *pastes; i++) {
        set(bed, "", 0);
        paste(bed, pastes[i]);
        set(bed, "SELECT 1;", 9);
        paste(bed, pastes[i]);
    }
    is_int((long long)lineedit_history_count(bed->sql->edit), (long long)ran,
           "nothing of a paste is run");
    ok(bed->workbench->shown == shown, "nor shown");
    is_text(screen_focused(bed->screen), "sql", "nor does the focus move");
}

int main(void)
{
    struct bed bed;
    bed_begin();
    if (open_bed(&bed, false)) {
        long_strings_have_one_colour(&bed);
        parentheses_find_their_partners(&bed);
        new_lines_are_indented(&bed);
        statements_are_laid_out(&bed);
        pastes_run_nothing(&bed);
        large_pastes_are_quick(&bed);
        close_bed(&bed);
    }
    bed_end();
    return tap_done();
}
