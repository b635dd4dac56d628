/* edit: a file in the person's editor, at a line where the editor is known to take one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdlib.h>
#include <string.h>

struct editor {
    const char *name;
    const char *line; /* what stands before the file: %d is the line */
    bool is_joined;   /* or FILE:LINE, as one word after `line` */
};

static const struct editor editors[] = {
    {"vi", "+%d", false},          {"vim", "+%d", false},
    {"nvim", "+%d", false},        {"view", "+%d", false},
    {"nvi", "+%d", false},         {"vis", "+%d", false},
    {"ex", "+%d", false},          {"nano", "+%d", false},
    {"pico", "+%d", false},        {"emacs", "+%d", false},
    {"jove", "+%d", false},        {"mg", "+%d", false},
    {"emacsclient", "+%d", false}, {"joe", "+%d", false},
    {"jed", "-g %d", false},       {"ne", "+%d", false},
    {"kak", "+%d", false},         {"micro", "+%d", false},
    {"gedit", "+%d", false},       {"less", "+%d", false},
    {"mcedit", "+%d", false},      {"hx", NULL, true},
    {"helix", NULL, true},         {"subl", NULL, true},
    {"code", "--goto", true},      {"codium", "--goto", true},
    {NULL, NULL, false},
};

/* The setting may hold arguments: its first word, without folders. */
static const struct editor *editor_of(const char *setting)
{
    size_t length = strcspn(setting, " \t");
    char *name = string_copy_bytes(setting, length);
    const char *slash = strrchr(name, '/');
    const struct editor *row = editors;

    while (row->name != NULL && !string_equal(row->name, slash ? slash + 1 : name)) {
        row++;
    }
    free(name);
    return row->name != NULL ? row : NULL;
}

static const char *editor_setting(void)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");

    if (visual != NULL && *visual != '\0') {
        return visual;
    }
    return editor != NULL && *editor != '\0' ? editor : "vi";
}

/* The shell cuts the setting into words; ours are handed over as they are. */
static char *make_script(const char *setting, const struct editor *editor, int line)
{
    struct text script = {0};

    text_printf(&script, "exec %s ", setting);
    if (editor != NULL && line > 0 && editor->line != NULL) {
        const char *number = strstr(editor->line, "%d");
        size_t before =
            number != NULL ? (size_t)(number - editor->line) : strlen(editor->line);
        text_append_bytes(&script, editor->line, before);
        if (number != NULL) {
            text_printf(&script, "%d", line);
        }
        text_append_char(&script, ' ');
    }
    text_append(&script, "\"$1\"");
    return text_take(&script);
}

bool screen_edit_file(struct screen *screen, const char *file, int line,
                      struct error *err)
{
    char shell[] = "/bin/sh", flag[] = "-c", name[] = "sh";
    const char *setting = editor_setting();
    const struct editor *editor = editor_of(setting);
    bool is_joined = editor != NULL && editor->is_joined && line > 0;
    char *script = make_script(setting, editor, line);
    char *word = is_joined ? string_printf("%s:%d", file, line) : string_copy(file);
    char *const argv[] = {shell, flag, script, name, word, NULL};
    bool done = screen_shell_out(screen, argv, err);

    free(word);
    free(script);
    return done;
}
