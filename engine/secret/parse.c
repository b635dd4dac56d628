/* secret: reads the credentials file. What it complains of is told by line only, since
 * any part of a line may be a password. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/secret/private.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    const char *shown, *origin;
    struct secret_section *section;
    int line;
    bool has_section, is_wanted; /* the section that is being read */
};

static bool complain(const struct reading *reading, const char *what, struct error *err)
{
    return error_set(err, ERROR_FAILED, "could not read %s: line %d %s", reading->shown,
                     reading->line, what);
}

static bool open_section(struct reading *reading, char *line, struct error *err)
{
    size_t length = strlen(line);
    if (line[length - 1] != ']') {
        return complain(reading, "begins a section but does not end with ]", err);
    }
    line[length - 1] = '\0';
    char *origin = secret_origin(string_trim(line + 1));
    if (origin == NULL) {
        return complain(reading, "names no origin such as [https://data.example.org]",
                        err);
    }
    reading->has_section = true;
    reading->is_wanted = string_equal(origin, reading->origin);
    free(origin);
    if (reading->is_wanted && reading->section->line > 0) {
        return complain(reading, "begins a section that was there already", err);
    }
    if (reading->is_wanted) {
        reading->section->line = reading->line;
    }
    return true;
}

static bool take_line(struct reading *reading, char *line, struct error *err)
{
    struct secret_section *section = reading->section;
    const struct {
        const char *name;
        char **value;
    } keys[] = {
        {"user", &section->secret.user},
        {"password", &section->secret.password},
        {"token", &section->secret.token},
        {"command", &section->command},
    };
    char *sign = strchr(line, '=');
    if (sign == NULL || !reading->has_section) {
        return complain(reading,
                        sign == NULL ? "is neither a section nor \"key = value\""
                                     : "stands before the first section",
                        err);
    }
    *sign = '\0';
    const char *key = string_trim(line), *value = string_trim(sign + 1);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!string_equal_fold(keys[i].name, key)) {
            continue;
        }
        if (!reading->is_wanted) {
            return true;
        }
        if (*keys[i].value != NULL || strlen(value) > SECRET_VALUE_MOST) {
            return complain(reading,
                            *keys[i].value != NULL ? "gives a key a second value"
                                                   : "is too long",
                            err);
        }
        *keys[i].value = string_copy(value);
        return true;
    }
    return complain(reading, "has a key that is none of user, password, token, command",
                    err);
}

bool secret_parse(char *text, const char *shown, const char *origin,
                  struct secret_section *section, struct error *err)
{
    struct reading reading = {.shown = shown, .origin = origin, .section = section};
    bool good = true;
    while (good && text != NULL) {
        char *next = strchr(text, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        reading.line++;
        char *line = string_trim(text);
        if (line[0] == '[') {
            good = open_section(&reading, line, err);
        } else if (line[0] != '\0' && line[0] != '#' && line[0] != ';') {
            good = take_line(&reading, line, err);
        }
        text = next;
    }
    return good;
}

void secret_section_release(struct secret_section *section)
{
    secret_release(&section->secret);
    free(section->command);
    section->command = NULL;
}
