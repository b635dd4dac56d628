/* s3: reads the files of the AWS tools: sections of `key = value` lines, values of a key
 * on lines that are set in below it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/s3/private.h"

/* Ways to keys that lead over services or programs of the AWS tools. */
static const char *const other_ways[] = {"sso_session", "sso_start_url", "role_arn",
                                         "credential_process", "web_identity_token_file"};

enum { CONFIG_MOST = 64 * 1024 };

enum section { SECTION_OTHER, SECTION_PROFILE, SECTION_SERVICES };

struct reading {
    struct s3_profile *profile;
    bool is_config;
    enum section section;
    char *services; /* the section that the profile names */
    char *inside;   /* the key whose values are set in: "s3" */
};

static void keep(char **to, const char *value)
{
    if (*to == NULL && value[0] != '\0') {
        *to = string_copy(value);
    }
}

/* "[profile NAME]", "[default]", in the file of credentials "[NAME]"; "[services NAME]".
 */
static enum section section_of(const struct reading *reading, char *name)
{
    const char *wanted = reading->profile->name;
    if (reading->is_config && string_starts(name, "services ")) {
        return string_equal(string_trim(name + 9), reading->services) ? SECTION_SERVICES
                                                                      : SECTION_OTHER;
    }
    bool has_prefix = reading->is_config && string_starts(name, "profile ");
    const char *called = has_prefix ? string_trim(name + 8) : name;
    bool counts = has_prefix || !reading->is_config || string_equal(called, "default");
    return counts && string_equal(called, wanted) ? SECTION_PROFILE : SECTION_OTHER;
}

static void take_profile(struct reading *reading, const char *key, const char *value)
{
    struct s3_profile *profile = reading->profile;
    const struct {
        const char *name;
        char **value;
    } keys[] = {
        {"aws_access_key_id", &profile->secret.user},
        {"aws_secret_access_key", &profile->secret.password},
        {"aws_session_token", &profile->secret.token},
        {"region", &profile->region},
        {"endpoint_url", &profile->endpoint},
        {"services", &reading->services},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i].name) == 0) {
            keep(keys[i].value, value);
        }
    }
    for (size_t i = 0; i < sizeof other_ways / sizeof *other_ways; i++) {
        if (strcmp(key, other_ways[i]) == 0) {
            keep(&profile->other, key);
        }
    }
}

/* The endpoint of the service counts before that of the profile. */
static void take_services(struct reading *reading, const char *key, const char *value)
{
    if (string_equal(reading->inside, "s3") && strcmp(key, "endpoint_url") == 0 &&
        value[0] != '\0') {
        free(reading->profile->endpoint);
        reading->profile->endpoint = string_copy(value);
    }
}

static void take_line(struct reading *reading, char *line)
{
    bool is_set_in = line[0] == ' ' || line[0] == '\t';
    char *text = string_trim(line), *sign = strchr(text, '=');
    size_t length = strlen(text);
    if (text[0] == '#' || text[0] == ';' || length == 0) {
        return;
    }
    if (text[0] == '[' && text[length - 1] == ']') {
        text[length - 1] = '\0';
        reading->section = section_of(reading, string_trim(text + 1));
        reading->profile->is_found |= reading->section == SECTION_PROFILE;
        return;
    }
    if (sign == NULL) {
        return;
    }
    *sign = '\0';
    const char *key = string_trim(text), *value = string_trim(sign + 1);
    if (is_set_in && reading->section == SECTION_SERVICES) {
        take_services(reading, key, value);
    } else if (!is_set_in) {
        free(reading->inside);
        reading->inside = string_copy(key);
        if (reading->section == SECTION_PROFILE) {
            take_profile(reading, key, value);
        }
    }
}

static void read_lines(struct reading *reading, char *text)
{
    reading->section = SECTION_OTHER;
    while (text != NULL) {
        char *next = strchr(text, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        take_line(reading, text);
        text = next;
    }
}

void s3_profile_parse(char *text, bool is_config, struct s3_profile *profile)
{
    struct reading reading = {.profile = profile, .is_config = is_config};
    char *again = is_config ? string_copy(text) : NULL;
    read_lines(&reading, text);
    if (reading.services != NULL) { /* its section may stand before the profile's */
        read_lines(&reading, again);
    }
    if (again != NULL) {
        secret_wipe(again, strlen(again));
    }
    free(again);
    free(reading.services);
    free(reading.inside);
}

/* ---- The files ---- */

static char *place_of(const char *variable, const char *name)
{
    const char *value = getenv(variable), *home = getenv("HOME");
    if (value != NULL && value[0] != '\0') {
        return string_copy(value);
    }
    return home != NULL && home[0] == '/' ? string_printf("%s/.aws/%s", home, name)
                                          : NULL;
}

/* A file of credentials is the person's alone; others may read one that only tells a
 * region. */
static bool load_credentials(const char *path, struct s3_profile *profile,
                             struct error *err)
{
    char *text = NULL;
    bool good = secret_file(path, &text, err);
    if (good && text != NULL) {
        s3_profile_parse(text, false, profile);
    }
    secret_file_release(text);
    return good;
}

static bool load_config(const char *path, struct s3_profile *profile, struct error *err)
{
    char *text = NULL, *checked = NULL;
    if (!path_exists(path)) {
        return true;
    }
    if (!path_read_text(path, CONFIG_MOST, &text, err)) {
        return false;
    }
    size_t length = strlen(text);
    s3_profile_parse(text, true, profile);
    secret_wipe(text, length);
    free(text);
    bool good = secret_is_empty(&profile->secret) || secret_file(path, &checked, err);
    secret_file_release(checked);
    return good;
}

/* What both say: keys of one file only, since a token belongs to its keys. */
static void merge(struct s3_profile *profile, struct s3_profile *config)
{
    struct s3_profile *from = config;
    if (profile->secret.user == NULL || profile->secret.password == NULL) {
        secret_release(&profile->secret);
        profile->secret = config->secret;
        config->secret = (struct secret){0};
    }
    char **const to[] = {&profile->region, &profile->endpoint, &profile->other};
    char *const values[] = {from->region, from->endpoint, from->other};
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        if (*to[i] == NULL) {
            *to[i] = string_copy(values[i]);
        }
    }
    profile->is_found = profile->is_found || config->is_found;
}

bool s3_profile_load(struct s3_profile *profile, bool with_keys, struct error *err)
{
    const char *name = getenv("AWS_PROFILE");
    bool is_named = name != NULL && name[0] != '\0', good = true;
    *profile = (struct s3_profile){.name = string_copy(is_named ? name : "default")};
    struct s3_profile config = {.name = profile->name};
    char *path = place_of("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    if (path != NULL && with_keys) {
        good = load_credentials(path, profile, err);
    }
    free(path);
    path = place_of("AWS_CONFIG_FILE", "config");
    good = good && (path == NULL || load_config(path, &config, err));
    free(path);
    merge(profile, &config);
    config.name = NULL;
    s3_profile_release(&config);
    if (good && is_named && with_keys && !profile->is_found) {
        good = error_set(err, ERROR_FAILED,
                         "AWS_PROFILE is %s, and no file of the AWS tools has a profile "
                         "of that name",
                         name);
    }
    return good;
}

void s3_profile_release(struct s3_profile *profile)
{
    secret_release(&profile->secret);
    free(profile->name);
    free(profile->region);
    free(profile->endpoint);
    free(profile->other);
}
