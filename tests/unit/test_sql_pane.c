/* test_sql_pane: the editor as it is drawn: rows, colours, cursor, menu, marks; what its
 * keys do to the screen around it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/sql_bed.h"

/* ---- Drawing ---- */

static void text_is_drawn(struct bed *bed)
{
    set(bed, "SELECT 1\nFROM t", 15);
    looks(bed, 40, 3, "  1 SELECT 1\n  2 FROM t\n\n@10,1",
          "lines with numbers and the cursor");
    set(bed, "SELECT 'abcdefghijklmnopqrstuvwxyz'", 35);
    looks(bed, 24, 3, "  1 SELECT 'abcdefghijkl\n    mnopqrstuvwxyz'\n\n@19,1",
          "a long line goes on in the next row");
    set(bed, "12345678901234567890", 20);
    looks(bed, 24, 3, "  1 12345678901234567890\n\n\n@23,0",
          "a line as wide as the view keeps its cursor in sight");
    set(bed, "a\tb\n\tc", 6);
    looks(bed, 40, 2, "  1 a   b\n  2     c\n@9,1", "TABs stop every four columns");
    set(bed, "'\xE6\x97\xA5\xE6\x9C\xAC' x", 7);
    looks(bed, 40, 1, "  1 '\xE6\x97\xA5\xE6\x9C\xAC' x\n@9,0",
          "wide signs take two columns");
    set(bed, "SELECT 1", 8);
    looks(bed, 12, 2, "SELECT 1\n\n@8,0", "a narrow view has no numbers");
    looks(bed, 1, 1, "1\n@0,0", "a view of one cell");
}

static void long_texts_scroll(struct bed *bed)
{
    struct text big = {0};
    for (int i = 1; i <= 30; i++) {
        text_printf(&big, "%sline%d", i > 1 ? "\n" : "", i);
    }
    set(bed, text_string(&big), big.length);
    looks(bed, 40, 3, " 28 line28\n 29 line29\n 30 line30\n@10,2",
          "the end of a long text is in sight");
    press(bed, "Up");
    looks(bed, 40, 3, " 28 line28\n 29 line29\n 30 line30\n@10,1",
          "up within sight moves the cursor only");
    press(bed, "Up");
    press(bed, "Up");
    looks(bed, 40, 3, " 27 line27\n 28 line28\n 29 line29\n@10,0", "then one row more");
    lineedit_set_text(bed->sql->edit, text_string(&big), 0);
    looks(bed, 40, 2, "  1 line1\n  2 line2\n@4,0", "and the start again");
    is_int(sql_wanted_height(bed->pane, 40, 12), 12,
           "thirty lines want all they may have");
    set(bed, "a\nb\nc", 0);
    is_int(sql_wanted_height(bed->pane, 40, 12), 3, "three lines want three");
    set(bed, "", 0);
    is_int(sql_wanted_height(bed->pane, 40, 12), 2, "none want two");
    text_release(&big);
}

static void large_texts_are_quick(struct bed *bed)
{
    struct text big = {0};
    while (big.length < 1 << 20) {
        text_append(&big, "SELECT a, b FROM some_table WHERE c = 'd';\n");
    }
    set(bed, text_string(&big), big.length);
    double best = 9;
    for (int i = 0; i < 5; i++) {
        double before = path_monotonic();
        press(bed, i % 2 == 0 ? "M-<" : "M->");
        free(draw(bed, 80, 20, false));
        double took = path_monotonic() - before;
        best = took < best ? took : best;
    }
    ok(best < 0.1 || tap_is_slow(), "a key and a drawing in 1 MiB of text: %.1f ms",
       best * 1000);
    set(bed, "", 0);
    text_release(&big);
}

static void tokens_have_colours(struct bed *bed)
{
    unsigned flags;
    set(bed, "SELECT 'a', 12, :p -- x", 0);
    is_int(role_at(bed, 4, 0, &flags), ROLE_SQL_KEYWORD, "a keyword");
    is_int(role_at(bed, 11, 0, &flags), ROLE_SQL_STRING, "a string");
    is_int(role_at(bed, 16, 0, &flags), ROLE_SQL_NUMBER, "a number");
    is_int(role_at(bed, 20, 0, &flags), ROLE_SQL_PARAMETER, "a parameter");
    is_int(role_at(bed, 25, 0, &flags), ROLE_SQL_COMMENT, "a comment");
    set(bed, "SELECT 'open", 0);
    is_int(role_at(bed, 13, 0, &flags), ROLE_SQL_BROKEN, "an open string");
    bed->sql->error = 8;
    set(bed, "SELECT nofun(1)", 0);
    bed->sql->error = 9;
    is_int(role_at(bed, 11, 0, &flags), ROLE_ERROR, "the token of an error");
    ok((flags & STYLE_UNDERLINE) != 0, "is underlined, too");
    is_int(role_at(bed, 0, 0, &flags), ROLE_ERROR, "and its line is marked");
    bed->sql->error = SIZE_MAX;
}

static void statements_are_marked(struct bed *bed)
{
    set(bed, "SELECT 1;\nSELECT\n2;\nSELECT 3;", 13);
    looks(bed, 24, 4,
          "  1 SELECT 1;\n\xE2\x94\x82 2 SELECT\n\xE2\x94\x82 3 2;\n  4 SELECT 3;\n@7,1",
          "the statement at the cursor has a bar");
    set(bed, "SELECT 1;", 0);
    looks(bed, 24, 1, "  1 SELECT 1;\n@4,0", "a single one has none");
}

static void titles_tell(struct bed *bed)
{
    struct text left = {0}, right = {0};
    set(bed, "SELECT 1\nFROM x", 13);
    sql_title(bed->pane, &left, &right);
    is_text(text_string(&left), "SQL", "the title");
    is_text(text_string(&right), "emacs  2:5", "mode, line and column");
    press(bed, "C-r");
    text_clear(&left);
    text_clear(&right);
    sql_title(bed->pane, &left, &right);
    is_text(text_string(&left), "(reverse-i-search)`': ", "the search asks in the title");
    press(bed, "C-g");
    text_release(&left);
    text_release(&right);
}

/* ---- Keys ---- */

/* How many functions there are differs between versions of SQLite. */
static bool all_candidates_hold(const struct bed *bed, const char *part)
{
    const struct array *candidates = lineedit_candidates(bed->sql->edit);
    for (size_t i = 0; i < candidates->count; i++) {
        const struct lineedit_candidate *one = array_at(candidates, i);
        if (strstr(one->text, part) == NULL) {
            return false;
        }
    }
    return candidates->count >= 2;
}

static void menus_work(struct bed *bed)
{
    set(bed, "", 0);
    type(bed, "SELECT gr");
    press(bed, "Tab");
    is_int(bed->sql->menu_kind, SQL_MENU_COMPLETION, "Tab opens the menu");
    char *seen = draw(bed, 60, 12, false);
    ok(strstr(seen, "group_concat(") != NULL && strstr(seen, "function") != NULL,
       "names and what they are");
    free(seen);
    type(bed, "oup_");
    ok(all_candidates_hold(bed, "group_"), "typing narrows it to what holds the word");
    press(bed, "Enter");
    is_text(text_of(bed), "SELECT group_concat(", "Enter chooses");
    is_int(bed->sql->menu_kind, SQL_MENU_NONE, "and closes it");
    set(bed, "", 0);
    type(bed, "SELECT gr");
    press(bed, "Tab");
    int selected = bed->sql->menu.list.selected;
    press(bed, "Tab");
    is_int(bed->sql->menu.list.selected, selected + 1, "Tab goes on");
    press(bed, "Up");
    is_int(bed->sql->menu.list.selected, selected, "Up goes back");
    press(bed, "Esc");
    is_int(bed->sql->menu_kind, SQL_MENU_NONE, "Esc closes it");
    is_text(text_of(bed), "SELECT gr", "and leaves the text");
}

static void keys_reach_the_screen(struct bed *bed)
{
    set(bed, "SELECT 1", 8);
    press(bed, "F4");
    is_text(screen_focused(bed->screen), "grid", "F4 goes to the results");
    screen_focus(bed->screen, "sql");
    press(bed, "C-x");
    type(bed, "o");
    is_text(screen_focused(bed->screen), "grid", "so does C-x o");
    screen_focus(bed->screen, "sql");
    press(bed, "F2");
    is_text(screen_focused(bed->screen), "catalog", "F2 goes to the catalog");
    screen_focus(bed->screen, "sql");
    type(bed, ":?qQ");
    is_text(text_of(bed), "SELECT 1:?qQ", "printable keys are text");
    press(bed, "C-c");
    is_text(text_of(bed), "", "C-c clears the text");
    press(bed, "C-_");
    is_text(text_of(bed), "SELECT 1:?qQ", "and undo brings it back");
    set(bed, "", 0);
    type(bed, ":zoom");
    is_text(text_of(bed), "", "a colon on an empty text starts a verb");
    press(bed, "Esc");
    paste(bed, "SELECT 1;\nSELECT 2;\n");
    is_int((long long)lineedit_history_count(bed->sql->edit), 0, "a paste runs nothing");
    set(bed, "select a from b where c", 9);
    press(bed, "C-x");
    press(bed, "C-f");
    is_text(text_of(bed), "SELECT a FROM b WHERE c", "C-x C-f lays the statement out");
}

static bool is_over(const struct bed *bed)
{
    return bed->workbench->shown != NULL && bed->workbench->shown->is_over;
}

static void run_until_over(struct bed *bed)
{
    double end = path_monotonic() + 20;
    while (!is_over(bed) && path_monotonic() < end) {
        loop_step(bed->workbench->loop, 0.1);
    }
}

static void statements_run(struct bed *bed)
{
    set(bed, "", 0);
    type(bed, "SELECT 40 + \"x\\y\"\"z\" FROM (SELECT 2 AS \"x\\y\"\"z\");");
    press(bed, "Enter");
    run_until_over(bed);
    if (!ok(is_over(bed), "Enter behind the last ; runs")) {
        struct text dump = {0};
        screen_draw(bed->screen);
        canvas_dump(screen_canvas(bed->screen), &dump);
        printf("# %s\n", text_string(&dump));
        text_release(&dump);
        return;
    }
    is_text(bed->workbench->shown->error.message, "",
            "quotes and backslashes come through");
    ok(*text_of(bed) != '\0', "the text stays");
    is_int((long long)lineedit_history_count(bed->sql->edit), 1, "it is in the history");
    set(bed, "SELECT 1;\nSELECT nofun(2);\nSELECT 3;", 14);
    press(bed, "F5");
    while (bed->workbench->shown == NULL || !is_over(bed) ||
           !string_contains_fold(bed->workbench->shown->sql, "nofun")) {
        if (!loop_step(bed->workbench->loop, 5)) {
            break;
        }
    }
    is_text(lineedit_history_at(bed->sql->edit, 1), "SELECT nofun(2);",
            "F5 runs the statement at the cursor");
    ok(is_over(bed) && bed->workbench->shown->error.kind != ERROR_NONE, "which fails");
    if (bed->workbench->shown->error_offset != SIZE_MAX) {
        is_int((long long)bed->sql->error, 17, "the place is marked in the text");
    }
    type(bed, "x");
    ok(bed->sql->error == SIZE_MAX, "until the text changes");
    press(bed, "F8");
    is_text(screen_focused(bed->screen), "history", "F8 shows the history");
    press(bed, "Enter");
    is_text(text_of(bed), "SELECT 1;\nSELExCT nofun(2);\nSELECT 3;\n\nSELECT nofun(2)",
            "Enter puts a statement of it behind the others");
    set(bed, "SELECT 4 -- open", 4);
    press(bed, "F8");
    press(bed, "Enter");
    is_text(text_of(bed), "SELECT 4; -- open\n\nSELECT nofun(2)",
            "one that is open is closed first");
}

static void verbs_set_the_text(struct bed *bed)
{
    free(bed->workbench->buffer);
    bed->workbench->buffer = string_copy("SELECT 'from a verb'");
    workbench_changed(bed->workbench, WORKBENCH_BUFFER);
    is_text(text_of(bed), "SELECT 'from a verb'", "a verb sets the text");
    set(bed, "a ", 2);
    screen_insert_sql(bed->screen, "orders.items");
    is_text(text_of(bed), "a orders.items", "the catalog inserts a name");
}

static void texts_are_kept(void)
{
    struct bed bed;
    if (!open_bed(&bed, true)) {
        return;
    }
    set(&bed, "", 0);
    type(&bed, "SELECT 'kept'");
    press(&bed, "C-a");
    close_bed(&bed); /* as on a hang-up */
    if (open_bed(&bed, true)) {
        is_text(text_of(&bed), "SELECT 'kept'", "the text is there next time");
        is_int((long long)lineedit_cursor(bed.sql->edit), 0, "with its cursor");
        type(&bed, "x");
        double end = path_monotonic() + 20;
        while (bed.sql->save_timer != 0 && path_monotonic() < end) {
            loop_step(bed.workbench->loop, 0.2);
        }
        char *buffer, *layout;
        size_t cursor;
        workbench_load_state(bed.workbench, &buffer, &cursor, &layout);
        is_text(buffer, "xSELECT 'kept'", "it is saved after a pause in typing");
        is_int((long long)cursor, 1, "and so is the cursor");
        free(buffer);
        free(layout);
        close_bed(&bed);
    }
}

int main(void)
{
    struct bed bed;
    bed_begin();
    if (open_bed(&bed, false)) {
        text_is_drawn(&bed);
        long_texts_scroll(&bed);
        large_texts_are_quick(&bed);
        tokens_have_colours(&bed);
        statements_are_marked(&bed);
        titles_tell(&bed);
        menus_work(&bed);
        keys_reach_the_screen(&bed);
        statements_run(&bed);
        verbs_set_the_text(&bed);
        close_bed(&bed);
    }
    texts_are_kept();
    bed_end();
    return tap_done();
}
