/* access/declared: the bytes of a file held against the length and the hash that its
 * descriptor declares.
 *
 * Forms of hashes: "sha256:HEX", "sha1:HEX", "md5:HEX", HEX alone, whose length tells
 * which. Many catalogs write the hash of git's blob where they say SHA-1: both forms are
 * right. (Data Package v2, resource properties `bytes` and `hash`; gitformat of objects.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

struct declared {
    const char *kinds[3]; /* of arrival_hash(): one of them must fit */
    const char *hex;
};

static bool is_hex(const char *text, size_t length)
{
    return strlen(text) == length && strspn(text, "0123456789abcdefABCDEF") == length;
}

/* False: a form that nobody here knows. */
static bool parse_hash(const char *text, struct declared *declared)
{
    static const struct {
        const char *name;
        size_t digits;
        const char *kinds[2];
    } forms[] = {
        {"sha256", 64, {"sha256"}}, {"sha1", 40, {"sha1", "git"}}, {"md5", 32, {"md5"}}};
    const char *colon = strchr(text, ':');
    const char *hex = colon != NULL ? colon + 1 : text;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t length = colon != NULL ? (size_t)(colon - text) : 0;
        bool is_named = colon == NULL || (length == strlen(forms[i].name) &&
                                          strncasecmp(text, forms[i].name, length) == 0);
        if (is_named && is_hex(hex, forms[i].digits)) {
            *declared = (struct declared){.kinds = {forms[i].kinds[0], forms[i].kinds[1]},
                                          .hex = hex};
            return true;
        }
    }
    return false;
}

static bool check_length(const struct access_file *file,
                         const struct catalog_table *table, struct error *err)
{
    return table->bytes <= 0 || file->bytes < 0 || table->bytes == file->bytes ||
           error_set(err, ERROR_FAILED,
                     "%s has %lld bytes, and its descriptor declares %lld", file->path,
                     file->bytes, table->bytes);
}

static bool check_hash(const struct access_file *file, struct arrival *arrival,
                       const struct catalog_table *table, struct error *err)
{
    struct declared declared;
    char hex[65];
    if (table->hash == NULL || table->hash[0] == '\0') {
        return true;
    }
    if (!parse_hash(table->hash, &declared)) {
        return error_set(err, ERROR_FAILED,
                         "the hash of %s could not be checked: \"%.100s\" is none that "
                         "is known here",
                         file->path, table->hash);
    }
    for (int i = 0; i < 2 && declared.kinds[i] != NULL; i++) {
        if (!arrival_hash(arrival, declared.kinds[i], hex, err)) {
            return false;
        }
        if (strcasecmp(hex, declared.hex) == 0) {
            return true;
        }
    }
    return error_set(err, ERROR_FAILED,
                     "the hash of %s is not the one its descriptor declares, %.100s: it "
                     "changed, or was damaged on its way",
                     file->path, table->hash);
}

/* A local file is hashed like one that has arrived. */
static bool check_local(const struct access_file *file, const struct catalog_table *table,
                        struct error *err)
{
    if (!check_length(file, table, err)) {
        return false;
    }
    if (table->hash == NULL || table->hash[0] == '\0' || file->fd < 0) {
        return true;
    }
    int copy = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
    struct arrival *whole = copy >= 0 ? arrival_of_file(copy, file->path, err) : NULL;
    if (whole == NULL) {
        return error_set(err, ERROR_FAILED, "could not read %s to check it", file->path);
    }
    bool good = check_hash(file, whole, table, err);
    arrival_free(whole);
    return good;
}

bool access_check(const struct access_file *file, const struct catalog_table *table,
                  struct error *err)
{
    if (table->files.count > 1) {
        return true; /* what is declared is of one file */
    }
    return file->arrival == NULL ? check_local(file, table, err)
                                 : check_length(file, table, err) &&
                                       check_hash(file, file->arrival, table, err);
}

bool access_settle(struct access_file *file, const struct catalog_table *table,
                   struct job_port *port, struct error *err)
{
    if (file->conversion != NULL) {
        return converter_settle(file, port, err);
    }
    if (file->arrival == NULL) {
        return true;
    }
    if (!bring_settle(file, port, err)) {
        return false;
    }
    if (!access_check(file, table, err)) {
        file->bring->is_refused = true;
        return error_prefix(err, "could not fetch %s: ", table->name);
    }
    return true;
}
