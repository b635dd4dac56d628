/* Unit tests of engine/formatter.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter.h"
#include "formatter_cases.h"
#include "tap.h"

/* A title has one line. */
static const char *title(const char *sql)
{
    static char line[72];
    snprintf(line, sizeof line, "%s", sql);
    for (char *c = line; *c != '\0'; c++) {
        *c = *c == '\n' || *c == '\r' || *c == '\t' || *c == '#' ? ' ' : *c;
    }
    return line;
}

static char *formatted(const char *sql, int width)
{
    struct text out = {0};
    struct error err = {0};
    if (!formatter_format(sql, strlen(sql), width, &out, &err)) {
        text_append(&out, err.message);
    }
    char *made = string_copy(text_string(&out));
    text_release(&out);
    return made;
}

static void cases_are_laid_out(void)
{
    for (size_t i = 0; i < sizeof formatter_cases / sizeof *formatter_cases; i++) {
        const struct formatter_case *row = &formatter_cases[i];
        char *once = formatted(row->sql, 0);
        char *twice = formatted(once, 0);
        is_text(once, row->want, "%s", title(row->sql));
        is_text(twice, once, "and laid out again it stays: %s", title(row->sql));
        free(once);
        free(twice);
    }
}

static void lines_of_any_kind_end_alike(void)
{
    char *unix_lines = formatted("select a -- x\nfrom t\n", 0);
    char *other = formatted("\xEF\xBB\xBFselect a -- x \r\nfrom t\r\n", 0);
    is_text(other, unix_lines, "CR LF, blanks at line ends and a byte order mark go");
    free(unix_lines);
    free(other);
}

static void the_width_is_heeded(void)
{
    char *narrow = formatted("select first_one, second_one from t", 20);
    is_text(narrow, "SELECT\n    first_one,\n    second_one\nFROM t", "20 columns");
    free(narrow);
}

static void what_is_no_sql_is_refused(void)
{
    static const char *const rows[][2] = {
        {"select 1;\nselect 'x",
         "could not format: the quote that is opened in line 2 is "
         "never closed"},
        {"/* x",
         "could not format: the comment that is opened in line 1 is never closed"},
        {"select 1\\",
         "could not format: what begins in line 1, byte 9 of the text, is no "
         "SQL"},
    };
    for (size_t i = 0; i < 3; i++) {
        struct text out = {0};
        struct error err = {0};
        bool done = formatter_format(rows[i][0], strlen(rows[i][0]), 0, &out, &err);
        ok(!done && out.length == 0, "nothing is appended: %s", title(rows[i][0]));
        is_text(err.message, rows[i][1], "and a sentence says why");
        text_release(&out);
    }
}

/* Nesting must blow up neither memory nor time. */
static void deep_nesting_stays_small(void)
{
    enum { DEPTH = 20000 };
    struct text sql = {0}, out = {0};
    struct error err = {0};
    text_append(&sql, "select ");
    text_append_repeated(&sql, '(', DEPTH);
    text_append(&sql, "1");
    text_append_repeated(&sql, ')', DEPTH);
    ok(formatter_format(text_string(&sql), sql.length, 0, &out, &err), "20,000 deep");
    ok(out.length < DEPTH * 2 * 50, "and no line is indented beyond its limit");
    text_release(&sql);
    text_release(&out);
}

static void a_cursor_keeps_its_place(void)
{
    const char *before = "select  a,b from t";
    char *after = formatted(before, 0);
    is_int((long long)formatter_cursor(before, 10, after), 10,
           "on the sign behind the comma");
    is_int((long long)formatter_cursor(before, 7, after), 6, "on a blank");
    is_int((long long)formatter_cursor(before, 0, after), 0, "at the start");
    is_int((long long)formatter_cursor(before, strlen(before), after),
           (long long)strlen(after), "at the end");
    free(after);
}

static void new_lines_are_indented(void)
{
    static const struct {
        const char *sql; /* | is the cursor */
        int want;
    } rows[] = {
        {"|", 0},
        {"select|", 4},
        {"select a,|", 0},
        {"  select a,|", 2},
        {"select\n    a,|", 4},
        {"select count(|", 4},
        {"select (\n    1\n)|", 0},
        {"select x in (\n    select 1)|", 0},
        {"select 1;|", 0},
        {"    select 1;|", 0},
        {"select 'a|", 0},
        {"    select 'a|b'", 0},
        {"select \"a|", 0},
        {"-- note|", 0},
        {"    -- note|", 4},
        {"select a from|", 4},
        {"where a group by|", 4},
        {"\tselect a|", 4},
        {"select a|\nfrom t", 0},
        {"select f(a, g(b)|)", 4},
        {"select ';(' from t|", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *bar = strchr(rows[i].sql, '|');
        struct text sql = {0};
        text_append_bytes(&sql, rows[i].sql, (size_t)(bar - rows[i].sql));
        text_append(&sql, bar + 1);
        is_int((long long)formatter_indent(text_string(&sql), sql.length,
                                           (size_t)(bar - rows[i].sql)),
               rows[i].want, "a line behind %s", title(rows[i].sql));
        text_release(&sql);
    }
}

int main(void)
{
    cases_are_laid_out();
    lines_of_any_kind_end_alike();
    the_width_is_heeded();
    what_is_no_sql_is_refused();
    deep_nesting_stays_small();
    a_cursor_keeps_its_place();
    new_lines_are_indented();
    return tap_done();
}
