/* Unit tests of the ground floor: path, safetext, store, options.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/options.h"
#include "engine/path.h"
#include "engine/safetext.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tap.h"

#include <sys/stat.h>
#include <unistd.h>

static void hostile_locations_are_refused(void)
{
    static const char *const bad[] = {"",     "/etc/passwd", "../x",   "a/../b",
                                      "a//b", ".x",          "a/.git", "a\\b",
                                      "a\nb", "..",          "a/",     "./../x"};
    static const char *const good[] = {"a", "a/b.csv", "data/x y.csv", "\xC3\xA9.csv",
                                       "./a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ok(!path_is_safe(bad[i]), "refused: %zu", i);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ok(path_is_safe(good[i]), "taken: %s", good[i]);
    }
}

static void nothing_leads_out_of_the_root(const char *folder)
{
    struct error err = {0};
    char *inside = path_join(folder, "inside.csv");
    char *link = path_join(folder, "link.csv");
    char *fifo = path_join(folder, "fifo.csv");
    ok(path_write_file(inside, "a,b\n", 4, 0600, &err), "a file is written: %s",
       err.message);
    ok(symlink("/etc/passwd", link) == 0, "a link leads out");
    ok(mkfifo(fifo, 0600) == 0, "a pipe lies there");
    int fd = path_open_beneath(folder, "inside.csv", &err);
    ok(fd >= 0, "a file inside is opened");
    close(fd);
    is_int(path_open_beneath(folder, "link.csv", &err), -1, "the link is not followed");
    is_int(path_open_beneath(folder, "fifo.csv", &err), -1, "a pipe is no file");
    ok(strstr(err.message, "a device or a pipe") != NULL, "and that is said: %s",
       err.message);
    is_int(path_open_beneath(folder, "../x", &err), -1, "climbing is refused");
    is_int(path_open_beneath(folder, "missing.csv", &err), -1, "missing");
    ok(strstr(err.message, "no such file") != NULL, "is said: %s", err.message);
    free(inside);
    free(link);
    free(fifo);
}

static void names_come_apart(void)
{
    char *stem = path_stem("a/b.csv.gz");
    is_text(stem, "b", "stem");
    free(stem);
    char *component = path_component("../Ünsafe Näme/x");
    is_text(component, "_._nsafe_n_me_x", "a component cannot climb");
    free(component);
}

static void is_safe(const char *bytes, size_t length, const char *want, int width)
{
    struct text out = {0};
    safetext_append(&out, bytes, length);
    is_text(text_string(&out), want, "safe form of %s", want);
    is_int(safetext_width(bytes, length), width, "its width");
    text_release(&out);
}

static void controls_are_shown(void)
{
    is_safe("a\x1b[31m", 6, "a^[[31m", 7);
    is_safe("\xE2\x80\xAE", 3, "<U+202E>", 8);
    is_safe("\xC2\x9B", 2, "<U+009B>", 8);
    is_safe("\xE9t", 2, "<E9>t", 5);
    is_safe("\0\x7f", 2, "^@^?", 4);
    is_safe("\xE4\xB8\xAD", 3, "\xE4\xB8\xAD", 2);
    is_safe("e\xCC\x81", 3, "e\xCC\x81", 1);
    is_safe("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 8, "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 2);
    is_safe("a\xF3\xA0\x84\x80", 5, "a<U+E0100>", 10);
    is_safe("\xCC\x81", 2, "\xE2\x97\x8C\xCC\x81", 1);
    struct text out = {0};
    is_int(safetext_append_cut(&out, "abcdef", 6, 4), 4, "cut to four columns");
    is_text(text_string(&out), "abc\xE2\x80\xA6", "with an ellipsis");
    text_release(&out);
}

static void no_byte_is_dangerous(void)
{
    unsigned seed = 12345;
    bool clean = true;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1103515245u + 12345u;
            bytes[i] = (char)(seed >> 16);
        }
        struct text out = {0};
        safetext_append(&out, bytes, sizeof bytes);
        for (size_t i = 0; i < out.length; i++) {
            unsigned char c = (unsigned char)out.data[i];
            bool c1 = c == 0xC2 && (unsigned char)out.data[i + 1] < 0xA0;
            clean = clean && c >= 0x20 && c != 0x7F && !c1;
        }
        text_release(&out);
    }
    ok(clean, "20,000 random strings leave no control byte");
}

static void databases_open_defended(const char *folder)
{
    struct error err = {0};
    char *path = path_join(folder, "a b%.db");
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    ok(db != NULL, "a database is made: %s", err.message);
    struct stat info;
    ok(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600, "for its user only");
    ok(store_run(db, "CREATE TABLE t(a, b)", &err), "it can be written");
    sqlite3_stmt *stmt = store_prepare(db, "INSERT INTO t VALUES(?, ?)", &err);
    store_bind(stmt, "sl", "x", 7LL);
    ok(store_execute(stmt, &err), "values are bound");
    store_finish(stmt);
    is_int(store_number(db, -1, "SELECT b FROM t WHERE a = ?", "s", "x"), 7, "and read");
    ok(!store_run(db, "SELECT \"nope\" FROM t", &err), "a quoted name is no string");
    store_close(db);
    db = store_open(path, STORE_IMMUTABLE, &err);
    ok(db != NULL, "signs in the path are escaped: %s", err.message);
    ok(!store_run(db, "DELETE FROM t", &err), "immutable is not written");
    store_close(db);
    free(path);
    char *text = path_join(folder, "inside.csv");
    ok(store_open(text, STORE_READ, &err) == NULL, "a text is no database");
    ok(strstr(err.message, "not an SQLite database") != NULL, "and that is said: %s",
       err.message);
    free(text);
}

static void options_hold_their_ranges(const char *folder)
{
    struct error err = {0};
    struct options *options = options_new();
    is_int(options_number(options, "history_size"), 5000, "a default");
    ok(options_set(options, "timeout", "30", &err), "a number in range");
    ok(!options_set(options, "timeout", "-1", &err), "out of range: %s", err.message);
    is_text(options_get(options, "timeout"), "30", "leaves the setting");
    ok(!options_set(options, "glyphs", "aut", &err), "no choice: %s", err.message);
    ok(!options_set(options, "them", "x", &err) && strstr(err.message, "theme") != NULL,
       "the nearest name is told");
    char *path = path_join(folder, "config");
    static const char config[] = "# mine\nmouse = on\nbroken\ntimeout=nine\n";
    path_write_file(path, config, strlen(config), 0600, &err);
    struct text problems = {0};
    ok(!options_load(options, path, &problems), "a bad config is told");
    ok(options_flag(options, "mouse"), "its good lines count");
    ok(strstr(text_string(&problems), ":3: ") && strstr(text_string(&problems), ":4: "),
       "with the lines");
    text_release(&problems);
    free(path);
    options_free(options);
}

int main(void)
{
    char folder[] = "/tmp/mwb-ground-XXXXXX";
    struct error err = {0};
    if (mkdtemp(folder) == NULL) {
        return EXIT_FAILURE;
    }
    hostile_locations_are_refused();
    nothing_leads_out_of_the_root(folder);
    names_come_apart();
    controls_are_shown();
    no_byte_is_dangerous();
    databases_open_defended(folder);
    options_hold_their_ranges(folder);
    ok(path_remove_tree(folder, &err) && !path_exists(folder), "trees are removed");
    return tap_done();
}
