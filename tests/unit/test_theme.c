/* theme: colours of every kind of terminal, parents, mistakes in files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "tests/unit/tap.h"
#include "tui/theme.h"

static void test_builtin(void)
{
    static const char *const names[] = {"dark", "light", "high-contrast", "mono"};
    static const int colours[] = {0, 8, 16, 256, 1 << 24};

    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 5; j++) {
            struct error err = {0};
            struct theme *theme = theme_load(names[i], colours[j], &err);
            struct look look;
            ok(theme != NULL, "%s with %d colours %s", names[i], colours[j], err.message);
            look = theme_look(theme, ROLE_SELECTED);
            ok(look.foreground < colours[j] || colours[j] == 1 << 24,
               "its selection is in the palette");
            ok(colours[j] > 0 || (look.flags & STYLE_REVERSE) != 0,
               "without colours the selection is reversed");
            theme_free(theme);
        }
    }
}

static char *write_theme(const char *text)
{
    char *path = string_copy("/tmp/mwb-test-theme-XXXXXX");
    int fd = mkstemp(path);

    if (fd < 0 || write(fd, text, strlen(text)) < 0) {
        printf("Bail out! cannot write %s\n", path);
        exit(1);
    }
    close(fd);
    return path;
}

static struct theme *load_text(const char *text, int colours, struct error *err)
{
    char *path = write_theme(text);
    struct theme *theme = theme_load(path, colours, err);

    unlink(path);
    free(path);
    return theme;
}

static void test_alternatives(void)
{
    const char *text = "# a comment\n\ngrid = #010203/110/cyan 7 bold italic\n"
                       "text = red default\n";
    struct theme *theme = load_text(text, 1 << 24, NULL);
    struct look look = theme_look(theme, ROLE_HEADER);

    is_int(look.foreground, 0x1010203, "true colour where there is");
    is_int(look.background, 7, "a number of the palette");
    is_int(look.flags, STYLE_BOLD | STYLE_ITALIC, "attributes");
    is_int(theme_look(theme, ROLE_NULL).foreground, 0x1010203,
           "grid.null looks like grid");
    is_int(theme_look(theme, ROLE_DOMAIN).foreground, 1, "and what has none like text");
    theme_free(theme);
    theme = load_text(text, 256, NULL);
    is_int(theme_look(theme, ROLE_HEADER).foreground, 110, "one of 256");
    theme_free(theme);
    theme = load_text(text, 8, NULL);
    is_int(theme_look(theme, ROLE_HEADER).foreground, 6, "one of 8");
    theme_free(theme);
    theme = load_text("text = #ff0000 #ffffff\n", 8, NULL);
    is_int(theme_look(theme, ROLE_TEXT).foreground, 1, "the nearest of 8 to red");
    is_int(theme_look(theme, ROLE_TEXT).background, 7, "and to white");
    theme_free(theme);
    theme = load_text("base = light\nkey = blue default\n", 256, NULL);
    is_int(theme_look(theme, ROLE_KEY).foreground, 4, "a theme changes its base");
    is_int(theme_look(theme, ROLE_ERROR).foreground, 124, "and keeps the rest of it");
    theme_free(theme);
}

static void is_refused(const char *text, const char *part)
{
    struct error err = {0};
    struct theme *theme = load_text(text, 256, &err);

    ok(theme == NULL && strstr(err.message, part) != NULL, "\"%s\" is refused: %s", part,
       err.message);
    theme_free(theme);
}

static void test_mistakes(void)
{
    struct error err = {0};

    is_refused("text = default\n\ngrid.heder = red\n", "line 3");
    is_refused("grid.heder = red\n", "did you mean \"grid.header\"");
    is_refused("text = crimson\n", "this is no colour: \"crimson\"");
    is_refused("text = 256\n", "this is no colour");
    is_refused("text = #12345\n", "this is no colour");
    is_refused("text = red default shiny\n", "this is no attribute: \"shiny\"");
    is_refused("text red\n", "there is no =");
    is_refused(" = red\n", "there is no role");
    ok(theme_load("nosuch", 256, &err) == NULL, "an unknown theme is refused");
    ok(strstr(err.message, "dark") != NULL, "and the known ones are told: %s",
       err.message);
}

static void test_names(void)
{
    struct text list = {0};
    enum role role;

    for (int i = 0; i < ROLE_COUNT; i++) {
        if (role_name((enum role)i) == NULL ||
            !role_of_name(role_name((enum role)i), &role) || (int)role != i) {
            ok(false, "role %d has a name", i);
        }
    }
    ok(!role_of_name("grid", &role), "a group is no role");
    theme_list(&list);
    ok(strstr(text_string(&list), "high-contrast\n") != NULL, "themes are listed");
    text_release(&list);
}

int main(void)
{
    test_builtin();
    test_alternatives();
    test_mistakes();
    test_names();
    return tap_done();
}
