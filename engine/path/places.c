/* path: the places of the program (XDG Base Directory Specification) and the clock.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct place_row {
    const char *variable;
    const char *below_home;
};

static const struct place_row places[] = {
    [PLACE_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [PLACE_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [PLACE_CACHE] = {"XDG_CACHE_HOME", ".cache"},
    [PLACE_RUNTIME] = {"XDG_RUNTIME_DIR", ".cache"},
};

char *path_shared_cache(void)
{
    const char *given = getenv("MWB_CACHE");
    struct stat info;
    bool is_shared = given != NULL && given[0] != '\0' && stat(given, &info) == 0 &&
                     S_ISDIR(info.st_mode) && (info.st_mode & S_ISGID) != 0 &&
                     (info.st_mode & S_IWGRP) != 0;
    return is_shared ? string_copy(given) : NULL;
}

/* $MWB_CACHE, when it is the person's own. */
static char *given_cache(void)
{
    const char *given = getenv("MWB_CACHE");
    char *shared = path_shared_cache();
    char *own =
        given != NULL && given[0] != '\0' && shared == NULL ? string_copy(given) : NULL;
    free(shared);
    return own;
}

char *path_of_place(enum path_place place, const char *name, struct error *err)
{
    const struct place_row *row = &places[place];
    const char *base = getenv(row->variable);
    const char *home = getenv("HOME");
    char *folder = place == PLACE_CACHE ? given_cache() : NULL;
    /* The specification: a relative path in the variable is to be ignored. */
    if (folder == NULL && base != NULL && base[0] == '/') {
        folder = path_join(base, "mwb");
    } else if (folder == NULL && home != NULL && home[0] == '/') {
        folder = string_printf("%s/%s/mwb", home, row->below_home);
    } else if (folder == NULL) {
        error_set(
            err, ERROR_FAILED,
            "there is no home folder to keep files in: set HOME or %s to a folder of "
            "your own",
            row->variable);
        return NULL;
    }
    if (name == NULL) {
        return folder;
    }
    char *path = path_join(folder, name);
    free(folder);
    return path;
}

/* The folder the program was started from, NULL when the system does not tell. */
static char *folder_of_program(void)
{
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return NULL;
    }
    program[length] = '\0';
    return path_folder(program);
}

static bool is_build_folder(const char *folder)
{
    char *sign = path_join(folder, "config.status");
    bool is_one = path_exists(sign);
    free(sign);
    return is_one;
}

/* In a build folder below the sources theirs come first: a program that is worked on must
 * not show what an older one has installed. Last come those beside a moved program. */
char *path_of_package(const char *kind)
{
    const char *given =
        getenv(string_equal(kind, "themes") ? "MWB_THEMES" : "MWB_SAMPLES");
    if (given != NULL && given[0] != '\0') {
        return string_copy(given);
    }
    char *folder = folder_of_program();
    char *installed = path_join(PKGDATADIR, kind);
    char *candidates[3] = {NULL, installed, NULL};
    if (folder != NULL) {
        candidates[0] =
            is_build_folder(folder) ? string_printf("%s/../%s", folder, kind) : NULL;
        candidates[2] = string_printf("%s/../share/mwb/%s", folder, kind);
    }
    size_t found = 1;
    for (size_t i = 3; i-- > 0;) {
        found = candidates[i] != NULL && path_is_folder(candidates[i]) ? i : found;
    }
    char *place = string_copy(candidates[found]);
    free(candidates[0]);
    free(candidates[1]);
    free(candidates[2]);
    free(folder);
    return place;
}

bool path_read_instant(const char *text, long long *seconds)
{
    struct tm tm = {.tm_mday = 1};
    int year;
    int month;
    int used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &tm.tm_mday, &used) == 3) {
        tm.tm_year = year - 1900;
        tm.tm_mon = month - 1;
        if (text[used] == 'T' || text[used] == ' ') {
            sscanf(text + used + 1, "%2d:%2d:%2d", &tm.tm_hour, &tm.tm_min, &tm.tm_sec);
        }
        *seconds = (long long)timegm(&tm);
        return true;
    }
    char *end;
    *seconds = strtoll(text, &end, 10);
    return end != text && *end == '\0';
}

void path_write_instant(long long seconds, char text[32])
{
    time_t when = (time_t)seconds;
    struct tm utc = {0};
    if (gmtime_r(&when, &utc) == NULL ||
        strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        text[0] = '\0'; /* a year that no calendar has */
    }
}

long long path_now_of(const char *clock)
{
    const char *const clocks[] = {getenv("MWB_NOW"), clock};
    long long seconds;
    for (size_t i = 0; i < 2; i++) {
        if (clocks[i] != NULL && path_read_instant(clocks[i], &seconds)) {
            return seconds;
        }
    }
    return (long long)time(NULL);
}

long long path_now(void)
{
    return path_now_of(NULL);
}

double path_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
