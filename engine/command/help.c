/* command: help, manual page and completion, all made from the verb table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access.h"
#include "engine/agreement.h"
#include "engine/command/other_names.h"
#include "engine/command/private.h"
#include "engine/lint.h"
#include "engine/policy.h"
#include "engine/saved.h"

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
                (rows[i].needs & (COMMAND_SCREEN_ONLY | COMMAND_SESSION_ONLY |
                                  COMMAND_NEEDS_RESULT)) != 0;
            if (is_screen != screen) {
                continue;
            }
            snprintf(left, sizeof left, "%s %s", rows[i].name, rows[i].arguments);
            text_printf(out, "  %-28s %s\n", left, rows[i].sentence);
        }
    }
    text_append(out, "\nFlags of every verb:\n");
    append_flags(out, command_common_flags());
    text_append(out, "\nWithout a verb, mwb [MESH] opens the screen; --plain holds a "
                     "dialogue of lines instead.\n");
    text_append(
        out,
        "\nExit status: 0 done; 1 done, and the verdict is negative; 2 wrong usage;\n"
        "3 it could not be done; 124 time limit; 130 cancelled.\n"
        "mwb help VERB tells more about one, mwb help '\\?' which commands of psql and\n"
        "sqlite3 (\\dt, .tables) work here.\n");
}

static void append_rules(struct text *out)
{
    size_t count;
    const struct lint_rule *rules = lint_rules(&count);
    text_append(out, "\nRules:\n");
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "  %-22s %s\n", rules[i].name, rules[i].meaning);
    }
}

bool command_help(const char *verb, struct text *out, struct error *err)
{
    if (verb == NULL) {
        help_all(out);
        return true;
    }
    const struct command_row *row = command_named(verb);
    if (row == NULL && (verb[0] == '\\' || verb[0] == '.')) {
        command_help_others(out);
        return true;
    }
    if (row == NULL) {
        return command_fail_unknown(verb, err);
    }
    text_printf(out, "%s %s\n  %s\n", row->name, row->arguments, row->sentence);
    if (row->flags != NULL) {
        text_append(out, "\nFlags:\n");
        append_flags(out, row->flags);
    }
    if (string_equal(row->name, "lint")) {
        append_rules(out);
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

static void append_roff_rules(struct text *out)
{
    size_t count;
    const struct lint_rule *rules = lint_rules(&count);
    text_append(out, ".SH RULES OF LINT\n");
    for (size_t i = 0; i < count; i++) {
        text_append(out, ".TP\n.B ");
        append_roff(out, rules[i].name);
        text_append_char(out, '\n');
        append_roff(out, rules[i].meaning);
        text_append_char(out, '\n');
    }
}

static void append_roff_places(struct text *out)
{
    const struct access_method *method;
    text_append(out, ".SH WHERE DATA COME FROM\n");
    for (size_t i = 0; (method = access_method_at(i)) != NULL; i++) {
        text_append(out, ".TP\n.B ");
        append_roff(out, method->name);
        text_append_char(out, '\n');
        append_roff(out, method->sentence);
        text_append_char(out, '\n');
    }
}

/* What secret.h and s3.h say, for people. */
static const char secrets_section[] =
    ".SH SECRETS\n"
    "A name, password or token belongs to one origin, and is sent to no other. That of\n"
    "\\fIhttps://data.example.org\\fR is looked for in the variables\n"
    "MWB_TOKEN_DATA_EXAMPLE_ORG, or MWB_USER_... and MWB_PASSWORD_... (a hyphen of the\n"
    "host is two underscores, a port follows after one), and in\n"
    "\\fI$XDG_CONFIG_HOME/mwb/credentials\\fR, which must be of mode 0600:\n"
    ".PP\n.nf\n[https://data.example.org]\nuser = reader\n"
    "password = ...     (or token = ..., or command = pass show data)\n.fi\n.PP\n"
    "Stores of objects (s3://) use the variables and files of the AWS tools; these keys\n"
    "go to Amazon and to endpoints that you configured. For an endpoint that only a\n"
    "contract names, a section says that you trust it:\n"
    ".PP\n.nf\n[s3://minio.example.org:9000]\n"
    "user = ACCESS KEY\npassword = SECRET KEY\n.fi\n";

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
    text_append(out,
                ".SH FLAGS WITHOUT A VERB\n"
                ".TP\n.B \\-\\-plain\nHold the session as a dialogue of lines, without a "
                "screen.\n"
                ".TP\n.B \\-\\-slow\nDraw the screen twice a second at most.\n"
                ".TP\n.BI \\-\\-sync\\-fd \" N\"\nWrite a byte to this file after each "
                "frame and when idle, for tests.\n");
    text_append(out, ".SH FLAGS OF EVERY VERB\n");
    append_roff_flags(out, command_common_flags());
    append_roff_rules(out);
    append_roff_places(out);
    text_append(out, ".SH SETTINGS\nLines \\fIname = value\\fR of "
                     "\\fI$XDG_CONFIG_HOME/mwb/config\\fR, with their defaults:\n");
    append_options(out);
    text_append(
        out, ".SH ENVIRONMENT\n"
             ".TP\n.B MWB_MESH\nThe mesh that is opened when none is named.\n"
             ".TP\n.B MWB_ROLE\nThe role one acts in where a mesh has it; "
             "\\-\\-role goes first.\n"
             ".TP\n.B MWB_CACHE\nWhere product versions are kept; else "
             "\\fI$XDG_CACHE_HOME/mwb\\fR. A folder of a group (mode 2770) is shared.\n"
             ".TP\n.B MWB_TOKEN_\\fIHOST\\fB, MWB_USER_\\fIHOST\\fB, MWB_PASSWORD_"
             "\\fIHOST\nSee SECRETS.\n"
             ".TP\n.B AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, "
             "AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3\nSee SECRETS.\n"
             ".TP\n.B NO_COLOR\nDraw without colours.\n"
             ".TP\n.B MWB_NOW\nFixes the clock, for tests.\n"
             ".SH FILES\n"
             ".TP\n.I $XDG_CONFIG_HOME/mwb/\nconfig, credentials, keys, themes.\n"
             ".TP\n.I $XDG_DATA_HOME/mwb/\nWorkspaces, history, sessions, the sandbox.\n"
             ".TP\n.I $XDG_CACHE_HOME/mwb/\nCatalog indexes and product versions.\n");
    text_append(out, secrets_section);
    text_append(
        out,
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
        if (!(rows[i].needs &
              (COMMAND_SCREEN_ONLY | COMMAND_SESSION_ONLY | COMMAND_NEEDS_RESULT))) {
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
