/* test_history: statements kept by both makers of editors, and what becomes of their file
 * when it is shared, broken, long or not to be written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "tests/unit/keys.h"

static char *scratch;

static void write_file(const char *path, const char *bytes, size_t length)
{
    struct error err = {0};
    ok(path_write_file(path, bytes, length, 0644, &err), "wrote %s %s", path_base(path),
       err.message);
}

static struct lineedit *open_with_file(maker *make, const char *file, int size)
{
    struct lineedit_spec spec = {
        .multiline = true, .history_file = file, .history_size = size};
    return make(&spec);
}

static void history_survives(maker *make, const char *name)
{
    struct error err = {0};
    char *file = path_join(scratch, name);
    struct lineedit *edit = open_with_file(make, file, 0);
    ok(lineedit_history_add(edit, "SELECT 1\nFROM t;\n", &err), "%s: a statement is kept",
       name);
    ok(!lineedit_history_add(edit, "SELECT 1\nFROM t;", &err), "%s: not twice in a row",
       name);
    ok(!lineedit_history_add(edit, " SELECT secret", &err), "%s: not after a blank",
       name);
    ok(!lineedit_history_add(edit, "", &err), "%s: not nothing", name);
    ok(lineedit_history_add(edit, "SELECT '\n#1700000000\n##2\n';", &err),
       "%s: one with lines like stamps", name);
    lineedit_free(edit);
    struct stat status;
    ok(stat(file, &status) == 0 && (status.st_mode & 0777) == 0600, "%s: mode 0600",
       name);
    edit = open_with_file(make, file, 0);
    is_int((long long)lineedit_history_count(edit), 2, "%s: two come back", name);
    is_text(lineedit_history_at(edit, 0), "SELECT 1\nFROM t;", "%s: with its lines",
            name);
    is_text(lineedit_history_at(edit, 1), "SELECT '\n#1700000000\n##2\n';",
            "%s: also the one with stamps", name);
    play(edit, "<C-p><C-p>");
    is_text(lineedit_text(edit), "SELECT 1\nFROM t;", "%s: C-p finds it", name);
    lineedit_set_text(edit, "", 0);
    play(edit, "<C-r>FROM");
    is_text(lineedit_text(edit), "SELECT 1\nFROM t;", "%s: and so does C-r", name);
    lineedit_free(edit);
    free(file);
}

/* A run after a search: the list must be as it was, with the new statement at its end. */
static void searches_leave_history_alone(maker *make, const char *name)
{
    struct lineedit *edit = open_with_file(make, NULL, 0);
    lineedit_history_add(edit, "SELECT 1;", NULL);
    lineedit_history_add(edit, "SELECT *\nFROM orders\nWHERE a > 1;", NULL);
    lineedit_history_add(edit, "SELECT 2;", NULL);
    play(edit, "<C-r>orders<End>");
    lineedit_insert(edit, " o");
    lineedit_history_add(edit, lineedit_text(edit), NULL);
    is_int((long long)lineedit_history_count(edit), 4, "%s: one more after the search",
           name);
    is_text(lineedit_history_at(edit, 1), "SELECT *\nFROM orders\nWHERE a > 1;",
            "%s: the one found is as it was", name);
    is_text(lineedit_text(edit), "SELECT *\nFROM orders o\nWHERE a > 1;",
            "%s: the text stays", name);
    lineedit_set_text(edit, "", 0);
    play(edit, "<C-r>orders");
    is_text(lineedit_text(edit), "SELECT *\nFROM orders o\nWHERE a > 1;",
            "%s: the newest is found first", name);
    play(edit, "<C-r>");
    is_text(lineedit_text(edit), "SELECT *\nFROM orders\nWHERE a > 1;",
            "%s: then the one before", name);
    lineedit_free(edit);
}

static void two_programs_append(void)
{
    char *file = path_join(scratch, "shared");
    struct lineedit *one = open_with_file(lineedit_new_plain, file, 0);
    struct lineedit *two = open_with_file(lineedit_new_plain, file, 0);
    lineedit_history_add(one, "first;", NULL);
    lineedit_history_add(two, "second\nof two;", NULL);
    lineedit_history_add(one, "third;", NULL);
    lineedit_free(one);
    lineedit_free(two);
    one = open_with_file(lineedit_new_plain, file, 0);
    is_int((long long)lineedit_history_count(one), 3, "two programs share a file");
    is_text(lineedit_history_at(one, 1), "second\nof two;", "none overwrites the other");
    lineedit_free(one);
    free(file);
}

static void broken_files_are_borne(void)
{
    static const char bytes[] =
        "plain line\n#1700000000\nSELECT 1\0\033[31m;\nb\xFF\n\n"
        "#1700000001\n#1700000002\n\r\nlast;\r\n#1700000003\ncut o";
    char *file = path_join(scratch, "broken");
    write_file(file, bytes, sizeof bytes - 1);
    struct lineedit *edit = open_with_file(lineedit_new_plain, file, 0);
    is_int((long long)lineedit_history_count(edit), 4,
           "four statements in a broken file");
    is_text(lineedit_history_at(edit, 0), "plain line", "a line without a stamp");
    is_text(lineedit_history_at(edit, 1), "SELECT 1[31m;\nb\xEF\xBF\xBD",
            "without controls");
    is_text(lineedit_history_at(edit, 2), "\n\nlast;", "carriage returns are breaks");
    ok(lineedit_history_add(edit, "next;", NULL), "more is added");
    lineedit_free(edit);
    edit = open_with_file(lineedit_new_plain, file, 0);
    is_text(lineedit_history_at(edit, 3), "cut o", "the half entry stands alone");
    is_text(lineedit_history_at(edit, 4), "next;", "the next one is whole");
    struct stat status;
    ok(stat(file, &status) == 0 && (status.st_mode & 0777) == 0600,
       "its mode is 0600 now");
    lineedit_free(edit);
    free(file);
}

static void long_files_are_shortened(void)
{
    char *file = path_join(scratch, "long");
    struct text bytes = {0};
    for (int i = 0; i < 100; i++) {
        text_printf(&bytes, "#17000000%02d\nSELECT %d\n;\n", i, i);
    }
    write_file(file, bytes.data, bytes.length);
    struct lineedit *edit = open_with_file(lineedit_new_plain, file, 10);
    is_int((long long)lineedit_history_count(edit), 10, "ten of a hundred are kept");
    is_text(lineedit_history_at(edit, 0), "SELECT 90\n;", "the newest ten");
    struct stat status;
    ok(stat(file, &status) == 0 && status.st_size < (long long)bytes.length / 5,
       "the file is shorter");
    lineedit_history_add(edit, "SELECT 100;", NULL);
    is_int((long long)lineedit_history_count(edit), 10, "the oldest goes");
    play(edit, "<C-p><C-p>");
    is_text(lineedit_text(edit), "SELECT 99\n;", "and the way back is right");
    lineedit_free(edit);
    text_release(&bytes);
    free(file);
}

static void failures_are_told_once(void)
{
    struct error err = {0};
    char *file = path_join(scratch, "no/such/folder");
    struct lineedit *edit = open_with_file(lineedit_new_plain, file, 0);
    ok(lineedit_history_add(edit, "one;", &err),
       "kept though the file cannot be written");
    ok(err.kind == ERROR_FAILED && strstr(err.message, file) != NULL, "told: %s",
       err.message);
    err = (struct error){0};
    ok(lineedit_history_add(edit, "two;", &err) && err.kind == ERROR_NONE, "told once");
    lineedit_free(edit);
    free(file);
}

int main(void)
{
    char folder[] = "/tmp/mwb-history-XXXXXX";
    struct error err = {0};
    scratch = string_copy(mkdtemp(folder));
    setenv("INPUTRC", "/dev/null", 1);
    history_survives(lineedit_new_plain, "plain");
    searches_leave_history_alone(lineedit_new_plain, "plain");
    two_programs_append();
    broken_files_are_borne();
    long_files_are_shortened();
    failures_are_told_once();
#ifdef HAVE_READLINE
    history_survives(new_readline, "readline");
    searches_leave_history_alone(new_readline, "readline");
#endif
    ok(path_remove_tree(scratch, &err), "cleaned up %s", err.message);
    free(scratch);
    return tap_done();
}
