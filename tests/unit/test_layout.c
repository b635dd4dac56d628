/* layout: screens as text, without a terminal: what keys do, what is seen at which size,
 * and that nothing hostile gets through. Expected screens lie in tests/unit/layout/;
 * `MWB_UPDATE=1 tests/unit/test_layout` writes them anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "tests/unit/tap.h"
#include "tui/layout.h"

struct face {
    struct workbench *workbench;
    struct screen *screen;
    char *folder;
};

static void on_changed(void *owner, unsigned changes)
{
    struct face *face = owner;

    if (face->screen != NULL) {
        screen_changed(face->screen, changes);
    }
}

/* ---- A mesh of two packages ---- */

static void write_file(const char *folder, const char *name, const char *bytes)
{
    char *path = path_join(folder, name);
    struct error err = {0};

    if (!path_write_file(path, bytes, strlen(bytes), 0600, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(1);
    }
    free(path);
}

static void write_package(const char *folder, const char *name, const char *json)
{
    char *package = path_join(folder, name);

    mkdir(package, 0700);
    write_file(package, "datapackage.json", json);
    write_file(package, "rates.csv", "day,rate\n2026-01-01,1.5\n2026-01-02,1.25\n");
    free(package);
}

static const char rates[] =
    "{\"name\": \"exchange-rates\", \"title\": \"Exchange rates\", \"version\": "
    "\"1.2.0\",\n"
    " \"description\": \"What a euro costs on each working day.\",\n"
    " \"resources\": [{\"name\": \"rates\", \"path\": \"rates.csv\", \"schema\": "
    "{\"fields\": [\n"
    "  {\"name\": \"day\", \"type\": \"date\", \"constraints\": {\"required\": true}},\n"
    "  {\"name\": \"rate\", \"type\": \"number\"}], \"primaryKey\": \"day\"}}]}\n";

static const char towns[] =
    "{\"name\": \"towns\", \"title\": \"Towns \xe6\x97\xa5\xe6\x9c\xac\",\n"
    " \"resources\": [{\"name\": \"towns\", \"path\": \"rates.csv\"}]}\n";

/* Every text of it is an attack. */
static const char hostile[] =
    "{\"name\": \"bad\", \"title\": \"\\u001b]52;c;AAAA\\u0007\\u202e evil\",\n"
    " \"description\": \"\\u001b[2J\\u009b31m\\u0008\\r\\n\\ttab "
    "\\u200b\\udb40\\udc01\",\n"
    " \"version\": \"\\u001b[1;1H\",\n"
    " \"resources\": [{\"name\": \"t\\u001bc\", \"path\": \"rates.csv\", \"schema\": "
    "{\"fields\": [\n"
    "  {\"name\": \"\\u001b[?1049l\", \"type\": \"string\", \"description\": "
    "\"\\u0085\\u0000x\"},\n"
    "  {\"name\": "
    "\"e\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\"}]"
    "}}]}\n";

static struct face *open_face(const char *const *packages, int width, int height)
{
    struct face *face = memory_new(sizeof *face);
    struct workbench_spec spec = {.changed = on_changed, .owner = face};
    struct screen_spec screen = {.width = width, .height = height};
    char folder[] = "/tmp/mwb-test-layout-XXXXXX";
    struct error err = {0};

    face->folder = string_copy(mkdtemp(folder));
    setenv("MWB_CACHE", face->folder, 1);
    face->workbench = workbench_new(&spec, &err);
    if (face->workbench != NULL && packages != NULL) {
        char *mesh = path_join(face->folder, "mesh");
        mkdir(mesh, 0700);
        for (int i = 0; packages[2 * i] != NULL; i++) {
            write_package(mesh, packages[2 * i], packages[2 * i + 1]);
        }
        workbench_open_mesh(face->workbench, mesh, &err);
        workbench_wait_catalog(face->workbench, &err);
        free(mesh);
    }
    if (face->workbench == NULL || err.kind != ERROR_NONE) {
        printf("Bail out! %s\n", err.message);
        exit(1);
    }
    screen.workbench = face->workbench;
    face->screen = screen_new(&screen, &err);
    return face;
}

static void close_face(struct face *face)
{
    screen_free(face->screen);
    face->screen = NULL;
    workbench_free(face->workbench);
    path_remove_tree(face->folder, NULL);
    free(face->folder);
    free(face);
}

static const char *const two_packages[] = {"exchange-rates", rates, "towns", towns, NULL};
static const char *const bad_package[] = {"bad", hostile, "towns", towns, NULL};

/* ---- Keys in, text out ---- */

static void press(struct face *face, struct key key)
{
    struct term_event event = {.kind = TERM_KEY, .key = key};

    screen_event(face->screen, &event);
    /* Replies come from the loop: that of a verb, and that of what it started. */
    for (int i = 0; i < 3; i++) {
        loop_step(face->workbench->loop, 0);
    }
}

/* Names of keys, blank-separated; what is no name is typed letter by letter. */
static void keys(struct face *face, const char *names)
{
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        char *name = string_copy_bytes(names, length);
        struct key key;
        if (key_of_name(name, &key)) {
            press(face, key);
        } else {
            for (const char *at = name; *at != '\0'; at++) {
                press(face, (struct key){.code = (unsigned char)*at});
            }
        }
        free(name);
        names += length + strspn(names + length, " ");
    }
}

static void take_text(struct face *face, struct text *out)
{
    text_clear(out);
    screen_draw(face->screen);
    canvas_dump(screen_canvas(face->screen), out);
}

static bool lacks(struct face *face, const char *part)
{
    struct text text = {0};
    bool found;

    take_text(face, &text);
    found = strstr(text_string(&text), part) != NULL;
    text_release(&text);
    return !found;
}

static bool sees(struct face *face, const char *part)
{
    struct text text = {0};
    bool found;

    take_text(face, &text);
    found = strstr(text_string(&text), part) != NULL;
    if (!found) {
        printf("# not seen: %s\n", part);
        for (const char *at = text_string(&text); *at != '\0';
             at += strcspn(at, "\n") + 1) {
            printf("# %.*s\n", (int)strcspn(at, "\n"), at);
        }
    }
    text_release(&text);
    return found;
}

static void is_golden(struct face *face, const char *name)
{
    const char *source =
        getenv("TESTS_SRCDIR") != NULL ? getenv("TESTS_SRCDIR") : "tests";
    char *path = string_printf("%s/unit/layout/%s.txt", source, name);
    struct text text = {0};
    char *want = NULL;
    size_t length;

    take_text(face, &text);
    if (getenv("MWB_UPDATE") != NULL) {
        path_write_file(path, text_string(&text), text.length, 0644, NULL);
    }
    path_read_file(path, 1 << 20, &want, &length, NULL);
    is_text(text_string(&text), want, "the screen %s", name);
    free(want);
    free(path);
    text_release(&text);
}

/* ---- Tests ---- */

static void test_welcome(void)
{
    struct face *face = open_face(NULL, 80, 24);

    is_golden(face, "welcome-80x24");
    keys(face, "o");
    ok(sees(face, "Open which folder or file?"), "o asks for a mesh");
    keys(face, "/nonexistent/mesh Enter");
    ok(sees(face, "/nonexistent/mesh"), "one that is not there is refused in words");
    keys(face, "?");
    ok(sees(face, "Keys of the pane welcome"), "? opens help over it");
    keys(face, "Esc q");
    ok(!screen_wants_quit(face->screen), "q closes what lies on top");
    keys(face, "Q");
    ok(sees(face, "Leave Mesh Workbench? (y/n)"), "Q asks");
    keys(face, "n");
    ok(!screen_wants_quit(face->screen), "n stays");
    keys(face, "Q y");
    ok(screen_wants_quit(face->screen), "y leaves");
    close_face(face);
}

static void test_catalog(void)
{
    struct face *face = open_face(two_packages, 80, 24);

    keys(face, "z");
    is_golden(face, "catalog-80x24");
    keys(face, "j l Down l");
    is_golden(face, "catalog-open-80x24");
    keys(face, "Down h h h h g");
    is_golden(face, "catalog-closed-80x24");
    keys(face, "/ tow");
    ok(sees(face, "1 hit") && sees(face, "/tow"), "search as one types");
    keys(face, "Backspace Backspace rate");
    ok(sees(face, "0 hits") && sees(face, "Nothing is found"), "the list follows");
    keys(face, "C-u rate Enter");
    ok(sees(face, "1 hit"), "Enter keeps what was found");
    keys(face, "Esc");
    ok(sees(face, "2 products"), "Esc goes back to all");
    close_face(face);
}

static void test_card(void)
{
    struct face *face = open_face(two_packages, 100, 30);

    keys(face, "g j o");
    ok(sees(face, "Product card") && sees(face, "What a euro costs on each working day."),
       "o opens the card");
    ok(sees(face, "day") && sees(face, "date") && sees(face, "key"), "with the columns");
    keys(face, "/ euro Enter");
    ok(sees(face, "/euro"), "a page is searched");
    keys(face, "Esc Esc");
    ok(lacks(face, "Product card"), "Esc ends the search, then closes it");
    close_face(face);
}

static void test_sizes(void)
{
    struct face *face = open_face(two_packages, 59, 16);

    is_golden(face, "too-small-59x16");
    screen_resize(face->screen, 60, 16);
    ok(sees(face, "Catalog"), "60x16 is enough");
    screen_resize(face->screen, 200, 60);
    ok(sees(face, "Product card") && sees(face, "Jobs"), "200x60 shows card and jobs");
    for (int i = 0; i < 400; i++) {
        screen_resize(face->screen, i * 37 % 230, i * 13 % 70);
        screen_draw(face->screen);
    }
    screen_resize(face->screen, 120, 40);
    ok(sees(face, "Catalog") && lacks(face, "Product card"), "120x40 has columns");
    close_face(face);
}

static void test_prompt(void)
{
    struct face *face = open_face(two_packages, 80, 24);

    keys(face, ": nosuch Enter");
    ok(sees(face, "there is no verb \"nosuch\""), "an unknown verb is told");
    keys(face, ": canc Tab Enter");
    ok(sees(face, "nothing is running") && lacks(face, "canc"),
       "Tab completes a verb, Enter runs it");
    keys(face, ": s Tab");
    ok(sees(face, "change a setting"), "several open a menu with what they do");
    keys(face, "Esc Esc");
    ok(lacks(face, ":s"), "Esc closes the menu, then the line");
    keys(face, ": set Space theme Space nosuch Enter");
    ok(sees(face, "there is no theme"), "a theme that is not there is told");
    keys(face, ": set Space layout Space columns Enter");
    screen_resize(face->screen, 100, 30);
    ok(sees(face, "layout = columns"), "settings are changed");
    keys(face, ": set Space glyphs Space ascii Enter");
    ok(sees(face, "== Catalog =="), "ASCII lines when asked for");
    close_face(face);
}

static void test_layout_words(void)
{
    struct face *face = open_face(two_packages, 120, 40);
    struct text words = {0};

    screen_apply_layout_words(face->screen, "focus=sql results=grid zoom=1 bogus=9");
    screen_layout_words(face->screen, &words);
    is_text(text_string(&words), "focus=sql results=grid zoom=1", "words come back");
    screen_apply_layout_words(face->screen, "focus=jobs zoom=0");
    is_text(screen_focused(face->screen), "sql", "a pane without a place gets no focus");
    screen_apply_layout_words(face->screen, "focus=chart results=chart");
    is_text(screen_focused(face->screen), "sql", "nor does a chart that is no more");
    text_release(&words);
    close_face(face);
}

/* ---- Nothing hostile gets into a cell, whatever is pressed at whatever size ---- */

static bool is_harmless(const struct canvas *canvas)
{
    for (int y = 0; y < canvas_height(canvas); y++) {
        for (int x = 0; x < canvas_width(canvas); x++) {
            for (const char *at = canvas_cell(canvas, x, y)->bytes; *at != '\0'; at++) {
                unsigned char byte = (unsigned char)*at, next = (unsigned char)at[1];
                bool c1 = byte == 0xc2 && next < 0xa0;
                bool bidi = byte == 0xe2 && next == 0x80 &&
                            (unsigned char)at[2] >= 0xaa && (unsigned char)at[2] <= 0xae;
                if (byte < 0x20 || byte == 0x7f || c1 || bidi) {
                    printf("# byte %02x at %d,%d\n", byte, x, y);
                    return false;
                }
            }
        }
    }
    return true;
}

static void test_hostile_texts(void)
{
    static const int sizes[][2] = {{60, 16}, {80, 24}, {120, 40}, {200, 60}};
    struct face *face = open_face(bad_package, 80, 24);
    bool fine = true;

    keys(face, "j l Down l o");
    for (int i = 0; i < 4; i++) {
        screen_resize(face->screen, sizes[i][0], sizes[i][1]);
        screen_draw(face->screen);
        fine = fine && is_harmless(screen_canvas(face->screen));
    }
    ok(fine, "hostile names, titles and descriptions leave no control byte");
    ok(sees(face, "^["), "an escape is shown as one");
    screen_message(face->screen, ROLE_ERROR, "%s", "bad \033[2J\xc2\x9b message \xff");
    keys(face, "Esc");
    screen_message(face->screen, ROLE_ERROR, "%s", "bad \033[2J\xc2\x9b message \xff");
    screen_draw(face->screen);
    ok(is_harmless(screen_canvas(face->screen)), "nor does a hostile message");
    close_face(face);
}

static void test_any_keys(void)
{
    static const char *const names[] = {
        "j",        "k",   "l",     "h",   "Enter",     "o",   "Esc",  "/",
        "a",        "x",   ":",     "Tab", "S-Tab",     "z",   "?",    "q",
        "n",        "F2",  "F3",    "F4",  "F6",        "J",   "1",    "2",
        "G",        "g",   "Space", "b",   "Backspace", "Up",  "Down", "i",
        "PageDown", "C-d", "C-u",   "M-x", "F1",        "C-l", "C-c",
    };
    struct face *face = open_face(bad_package, 80, 24);
    unsigned seed = 20260101;
    bool fine = true;

    for (int i = 0; i < 4000 && fine; i++) {
        seed = seed * 1103515245u + 12345u;
        keys(face, names[(seed >> 16) % (sizeof names / sizeof names[0])]);
        if (i % 7 == 0) {
            screen_resize(face->screen, 20 + (int)(seed >> 20) % 200,
                          5 + (int)(seed >> 12) % 60);
        }
        screen_draw(face->screen);
        fine = is_harmless(screen_canvas(face->screen));
    }
    ok(fine, "4,000 keys at any size");
    close_face(face);
}

int main(void)
{
    char home[] = "/tmp/mwb-test-home-XXXXXX";

    /* No settings, keys or themes of the person who runs the tests. */
    setenv("HOME", mkdtemp(home), 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    test_welcome();
    test_catalog();
    test_card();
    test_sizes();
    test_prompt();
    test_layout_words();
    test_hostile_texts();
    test_any_keys();
    path_remove_tree(home, NULL);
    return tap_done();
}
