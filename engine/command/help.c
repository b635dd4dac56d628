/* command: help, manual page and completion, all made from the verb table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- help ---- */

static void append_flags(struct text *out, const struct command_flag *flags)
{
    for (; flags != NULL && flags->name != NULL; flags++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", flags->name,
                 flags->argument != NULL ? " " : "",
                 flags->argument != NULL ? flags->argument : "");
        text_printf(out, strlen(left) > 24 ? "  %s\n%27s%s\n" : "  %-24s%s%s\n", left,
                    " ", flags->sentence);
    }
}

static void help_all(struct text *out)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    text_append(out, "mwb [MESH]                  open the workbench\n"
                     "mwb VERB [ARGUMENT...]      run one verb without a screen\n\n"
                     "MESH is a folder with mesh.yaml, any folder of descriptors, one\n"
                     "descriptor, or a CSV or SQLite file.\n\n");
    for (int screen = 0; screen < 2; screen++) {
        text_append(out, screen ? "\nOn the screen, after a colon:\n" : "Verbs:\n");
        for (size_t i = 0; i < count; i++) {
            char left[64];
            bool is_screen =
                (rows[i].needs & (COMMAND_SCREEN_ONLY | COMMAND_NEEDS_RESULT)) != 0;
            if (is_screen != screen) {
                continue;
            }
            snprintf(left, sizeof left, "%s %s", rows[i].name, rows[i].arguments);
            text_printf(out, "  %-28s %s\n", left, rows[i].sentence);
        }
    }
    text_append(out, "\nFlags of every verb:\n");
    append_flags(out, command_common_flags());
    text_append(
        out,
        "\nExit status: 0 done; 1 done, and the verdict is negative; 2 wrong usage;\n"
        "3 it could not be done; 124 time limit; 130 cancelled.\n"
        "mwb help VERB tells more about one.\n");
}

bool command_help(const char *verb, struct text *out, struct error *err)
{
    if (verb == NULL) {
        help_all(out);
        return true;
    }
    const struct command_row *row = command_named(verb);
    if (row == NULL) {
        return command_fail_unknown(verb, err);
    }
    text_printf(out, "%s %s\n  %s\n", row->name, row->arguments, row->sentence);
    if (row->flags != NULL) {
        text_append(out, "\nFlags:\n");
        append_flags(out, row->flags);
    }
    if (row->examples != NULL) {
        text_printf(out, "\nExamples:\n  ");
        for (const char *p = row->examples; *p != '\0'; p++) {
            text_append(out, *p == '\n' ? "\n  " : (char[]){*p, '\0'});
        }
        text_append_char(out, '\n');
    }
    if (row->alias != NULL) {
        text_printf(out, "\nAlso typed as: %s\n", row->alias);
    }
    return true;
}

/* ---- The manual page (man-pages(7), groff_man(7)) ---- */

static void append_roff(struct text *out, const char *string)
{
    for (const char *p = string; *p != '\0'; p++) {
        if (*p == '\\') {
            text_append(out, "\\e");
        } else if (*p == '-') {
            text_append(out, "\\-");
        } else if ((*p == '.' || *p == '\'') && (p == string || p[-1] == '\n')) {
            text_printf(out, "\\&%c", *p);
        } else {
            text_append_char(out, *p);
        }
    }
}

static void append_roff_flags(struct text *out, const struct command_flag *flags)
{
    for (; flags != NULL && flags->name != NULL; flags++) {
        text_append(out, ".RS\n.TP\n.B ");
        append_roff(out, flags->name);
        if (flags->argument != NULL) {
            text_append(out, " \\fI");
            append_roff(out, flags->argument);
            text_append(out, "\\fR");
        }
        text_append_char(out, '\n');
        append_roff(out, flags->sentence);
        text_append(out, ".\n.RE\n");
    }
}

static void append_verbs(struct text *out)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++) {
        text_append(out, ".TP\n.B ");
        append_roff(out, rows[i].name);
        text_append(out, " \\fI");
        append_roff(out, rows[i].arguments);
        text_append(out, "\\fR\n");
        append_roff(out, rows[i].sentence);
        text_append(out, (rows[i].needs & COMMAND_SCREEN_ONLY) ? " (on the screen).\n"
                                                               : ".\n");
        append_roff_flags(out, rows[i].flags);
        if (rows[i].examples != NULL) {
            text_append(out, ".RS\n.nf\n\n");
            append_roff(out, rows[i].examples);
            text_append(out, "\n.fi\n.RE\n");
        }
    }
}

static void append_options(struct text *out)
{
    size_t count;
    const struct option_row *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        text_append(out, ".TP\n.B ");
        append_roff(out, rows[i].name);
        text_printf(out, " = \\fI%s\\fR\n", rows[i].fallback);
        append_roff(out, rows[i].sentence);
        text_append(out, ".\n");
    }
}

void command_manual(struct text *out)
{
    text_printf(
        out,
        ".TH MWB 1 \"\" \"mwb %s\" \"User Commands\"\n"
        ".SH NAME\nmwb \\- a terminal workbench for data products\n"
        ".SH SYNOPSIS\n.B mwb\n[\\fIMESH\\fR]\n.br\n.B mwb\n\\fIVERB\\fR "
        "[\\fIARGUMENT\\fR...]\n"
        ".SH DESCRIPTION\n"
        "Mesh Workbench finds the data products of a data mesh, fetches them into\n"
        "immutable SQLite files, runs SQL across them, and shows rows and charts, on a\n"
        "full screen or as plain verbs. MESH is a folder with mesh.yaml, any folder of\n"
        "descriptors (Open Data Product Standard, Open Data Contract Standard, Data\n"
        "Package), one descriptor, or a CSV or SQLite file.\n"
        ".SH VERBS\n",
        PACKAGE_VERSION);
    append_verbs(out);
    text_append(out, ".SH FLAGS OF EVERY VERB\n");
    append_roff_flags(out, command_common_flags());
    text_append(out, ".SH SETTINGS\nLines \\fIname = value\\fR of "
                     "\\fI$XDG_CONFIG_HOME/mwb/config\\fR, with their defaults:\n");
    append_options(out);
    text_append(
        out,
        ".SH ENVIRONMENT\n"
        ".TP\n.B MWB_MESH\nThe mesh that is opened when none is named.\n"
        ".TP\n.B MWB_CACHE\nWhere product versions are kept; else "
        "\\fI$XDG_CACHE_HOME/mwb\\fR.\n"
        ".TP\n.B NO_COLOR\nDraw without colours.\n"
        ".TP\n.B MWB_NOW\nFixes the clock, for tests.\n"
        ".SH FILES\n"
        ".TP\n.I $XDG_CONFIG_HOME/mwb/\nconfig, keys, themes.\n"
        ".TP\n.I $XDG_DATA_HOME/mwb/\nWorkspaces, history, sessions, the sandbox.\n"
        ".TP\n.I $XDG_CACHE_HOME/mwb/\nCatalog indexes and product versions.\n"
        ".SH EXIT STATUS\n"
        "0 done; 1 done, and the verdict is negative; 2 wrong usage; 3 it could not be\n"
        "done; 124 time limit; 130 cancelled.\n");
}

/* ---- Completion ---- */

void command_bash_completion(struct text *out)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    text_append(
        out, "# Completion of mwb for bash, made from its verb table.\n_mwb()\n{\n"
             "    local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} flags=\n"
             "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < count; i++) {
        if (!(rows[i].needs & (COMMAND_SCREEN_ONLY | COMMAND_NEEDS_RESULT))) {
            text_printf(out, "%s ", rows[i].name);
        }
    }
    text_append(out,
                "' -- \"$word\") $(compgen -f -- \"$word\"))\n        return\n    fi\n"
                "    case $verb in\n");
    for (size_t i = 0; i < count; i++) {
        if (rows[i].flags == NULL || (rows[i].needs & COMMAND_SCREEN_ONLY)) {
            continue;
        }
        text_printf(out, "    %s) flags='", rows[i].name);
        for (const struct command_flag *f = rows[i].flags; f->name != NULL; f++) {
            text_printf(out, "%s ", f->name);
        }
        text_append(out, "' ;;\n");
    }
    text_append(out,
                "    esac\n    case $word in\n"
                "    -*) COMPREPLY=($(compgen -W \"$flags --mesh --format --help\" -- "
                "\"$word\")) ;;\n"
                "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n    esac\n}\n"
                "complete -o filenames -F _mwb mwb\n");
}

static void add(struct array *words, const char *word, const char *start)
{
    if (strncasecmp(word, start, strlen(start)) == 0) {
        *(char **)array_push(words) = string_copy(word);
    }
}

static void add_arguments(struct workbench *workbench, const struct command_row *row,
                          const char *start, struct array *words)
{
    for (const struct command_flag *f = row->flags; f != NULL && f->name != NULL; f++) {
        add(words, f->name, start);
    }
    if (strstr(row->arguments, "PRODUCT") != NULL && workbench->catalog != NULL) {
        struct array entries =
            catalog_list(workbench->catalog, &(struct catalog_filter){0});
        for (size_t i = 0; i < entries.count; i++) {
            add(words, ((struct catalog_entry *)array_at(&entries, i))->id, start);
        }
        catalog_entries_release(&entries);
    }
    size_t count;
    const struct option_row *options = options_rows(&count);
    for (size_t i = 0; i < count && string_equal(row->name, "set"); i++) {
        add(words, options[i].name, start);
    }
    const struct chart_kind_row *kinds = chart_kinds(&count);
    for (size_t i = 0; i < count && string_equal(row->name, "chart"); i++) {
        add(words, kinds[i].name, start);
    }
    if (string_equal(row->name, "saved") && workbench->catalog != NULL) {
        struct array queries = catalog_queries(workbench->catalog);
        for (size_t i = 0; i < queries.count; i++) {
            add(words, ((struct catalog_query *)array_at(&queries, i))->name, start);
        }
        catalog_queries_release(&queries);
    }
}

static void add_verbs(const char *start, struct array *words)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (!(rows[i].needs & COMMAND_HIDDEN)) {
            add(words, rows[i].name, start);
        }
    }
}

struct array command_completions(struct workbench *workbench, const char *line,
                                 size_t *word_start)
{
    struct array words = ARRAY_OF(char *);
    const char *blank = strrchr(line, ' ');
    const char *start = blank != NULL ? blank + 1 : line;
    *word_start = (size_t)(start - line);
    if (blank == NULL) {
        add_verbs(start, &words);
        return words;
    }
    char *verb = string_copy_bytes(line, strcspn(line, " "));
    const struct command_row *row = command_named(verb);
    if (row != NULL) {
        add_arguments(workbench, row, start, &words);
    }
    free(verb);
    return words;
}

void command_completions_release(struct array *words)
{
    words_release(words);
}
