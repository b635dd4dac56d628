/* profile: what a kind of terminal was found to do, in a file of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/profile.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { FILE_LARGEST = 1 << 16, NAME_LONGEST = 60 };

static const struct profile_sample samples[PROFILE_SIGN_COUNT] = {
    [PROFILE_LINES] = {"lines", "\xE2\x94\x82", 1, "rules and frames"},
    [PROFILE_BLOCKS] = {"blocks", "\xE2\x96\x85", 1, "bars"},
    [PROFILE_BRAILLE] = {"braille", "\xE2\xA3\xB7", 1, "curves"},
    [PROFILE_ACCENTS] = {"accents", "e\xCC\x81", 1, "letters with marks"},
    [PROFILE_WIDE] = {"wide", "\xE6\xBC\xA2", 2, "East Asian text"},
    [PROFILE_EMOJI] = {"emoji", "\xF0\x9F\x98\x80", 2, "emoji"},
};

const struct profile_sample *profile_samples(void)
{
    return samples;
}

/* TERM comes from the environment: only what is fit for the name of a file. */
char *profile_path(const char *terminal)
{
    char *folder = path_of_place(PLACE_CONFIG, "terminals", NULL);
    char name[NAME_LONGEST + 1];
    size_t length = 0;
    for (; *terminal != '\0' && length < NAME_LONGEST; terminal++) {
        unsigned char c = (unsigned char)*terminal;
        name[length++] = isalnum(c) || c == '-' || c == '+' ? (char)c : '_';
    }
    name[length] = '\0';
    char *path =
        folder != NULL && length > 0 ? string_printf("%s/%s", folder, name) : NULL;
    free(folder);
    return path;
}

static enum profile_answer answer_of(const char *value)
{
    return string_equal(value, "yes")  ? PROFILE_YES
           : string_equal(value, "no") ? PROFILE_NO
                                       : PROFILE_UNKNOWN;
}

static void take_value(struct profile *profile, const char *name, const char *value)
{
    if (string_equal(name, "measured")) {
        snprintf(profile->measured, sizeof profile->measured, "%s", value);
    } else if (string_equal(name, "round_trip_ms")) {
        double milliseconds = strtod(value, NULL);
        bool is_sane = isfinite(milliseconds) && milliseconds > 0 && milliseconds < 60000;
        profile->round_trip = is_sane ? milliseconds / 1000 : 0;
    } else if (string_equal(name, "colours")) {
        long colours = strtol(value, NULL, 10);
        profile->colours = colours >= 0 && colours <= 1 << 24 ? (int)colours : -1;
    } else if (string_equal(name, "synchronized")) {
        profile->synchronized = answer_of(value);
    } else if (string_equal(name, "clipboard")) {
        profile->clipboard = answer_of(value);
    } else if (string_equal(name, "missing_keys")) {
        text_clear(&profile->missing);
        text_append(&profile->missing, value);
    }
    for (int i = 0; i < PROFILE_SIGN_COUNT; i++) {
        if (string_equal(name, samples[i].name)) {
            profile->signs[i] = answer_of(value);
        }
    }
}

/* "name = value", blanks around both left out. */
static void take_line(struct profile *profile, char *line)
{
    char *equals = strchr(line, '=');
    if (line[strspn(line, " \t")] == '#' || equals == NULL) {
        return;
    }
    char *end = equals;
    while (end > line && isspace((unsigned char)end[-1])) {
        end--;
    }
    *end = '\0';
    char *value = equals + 1 + strspn(equals + 1, " \t");
    end = value + strlen(value);
    while (end > value && isspace((unsigned char)end[-1])) {
        end--;
    }
    *end = '\0';
    take_value(profile, line + strspn(line, " \t"), value);
}

void profile_read(const char *terminal, struct profile *profile)
{
    char *path = profile_path(terminal), *text = NULL;
    *profile = (struct profile){.colours = -1};
    profile->is_known = path != NULL && path_exists(path) &&
                        path_read_text(path, FILE_LARGEST, &text, NULL);
    for (char *line = text; line != NULL && *line != '\0';) {
        char *next = line + strcspn(line, "\n");
        bool is_last = *next == '\0';
        *next = '\0';
        take_line(profile, line);
        line = is_last ? NULL : next + 1;
    }
    free(text);
    free(path);
}

static void put_answer(struct text *out, const char *name, enum profile_answer answer)
{
    if (answer != PROFILE_UNKNOWN) {
        text_printf(out, "%s = %s\n", name, answer == PROFILE_YES ? "yes" : "no");
    }
}

bool profile_write(const char *terminal, const struct profile *profile, struct error *err)
{
    char *path = profile_path(terminal);
    if (path == NULL) {
        return error_set(err, ERROR_FAILED,
                         "there is no place for the profile of the terminal: set HOME");
    }
    struct text out = {0};
    text_append(&out, "# What this terminal does, as the doctor measured it. Remove the "
                      "file to forget it.\n");
    text_printf(&out, "measured = %s\n", profile->measured);
    if (profile->round_trip > 0) {
        text_printf(&out, "round_trip_ms = %.3f\n", profile->round_trip * 1000);
    }
    if (profile->colours >= 0) {
        text_printf(&out, "colours = %d\n", profile->colours);
    }
    put_answer(&out, "synchronized", profile->synchronized);
    put_answer(&out, "clipboard", profile->clipboard);
    for (int i = 0; i < PROFILE_SIGN_COUNT; i++) {
        put_answer(&out, samples[i].name, profile->signs[i]);
    }
    text_printf(&out, "missing_keys = %s\n", text_string(&profile->missing));
    char *folder = string_copy_bytes(path, (size_t)(path_base(path) - path));
    bool done = path_make_folders(folder, err) &&
                path_write_file(path, text_string(&out), out.length, 0600, err);
    free(folder);
    text_release(&out);
    free(path);
    return done;
}

void profile_let_go(struct profile *profile)
{
    text_release(&profile->missing);
}
