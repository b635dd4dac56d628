/* secret: where the secret of an origin is looked for, and how it is forgotten.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/secret/private.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "engine/path.h"

/* ---- Forgetting ---- */

void secret_wipe(void *bytes, size_t length)
{
    explicit_bzero(bytes, length);
}

static void wipe_string(char **string)
{
    if (*string != NULL) {
        secret_wipe(*string, strlen(*string));
    }
    free(*string);
    *string = NULL;
}

void secret_release(struct secret *secret)
{
    wipe_string(&secret->user);
    wipe_string(&secret->password);
    wipe_string(&secret->token);
}

bool secret_is_empty(const struct secret *secret)
{
    return secret->user == NULL && secret->password == NULL && secret->token == NULL;
}

/* Who traces a process reads all of it anyway, and would read nothing of /proc else. */
static bool is_traced(void)
{
    char line[256];
    bool traced = false;
    FILE *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        traced = traced || (strncmp(line, "TracerPid:", 10) == 0 && atoi(line + 10) > 0);
    }
    if (status != NULL) {
        fclose(status);
    }
    return traced;
}

void secret_guard_process(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef HAVE_SYS_PRCTL_H
    if (!is_traced()) { /* also for what reads cores from a pipe: no limit counts there */
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
#endif
}

/* ---- The environment ---- */

/* By its number, or as localhost: 127.example.org is somebody else's. */
static bool is_this_host(const char *host)
{
    size_t digits = strspn(host, "0123456789."), length = strcspn(host, ":");
    return (string_starts(host, "127.") && digits == length) ||
           (string_starts(host, "[::1]") && (host[5] == '\0' || host[5] == ':')) ||
           (length == 9 && strncmp(host, "localhost", 9) == 0);
}

/* "DATA_EXAMPLE_ORG_8443". Two hosts never share a name: who registers data-example.org
 * must not get what belongs to data.example.org. NULL: the host cannot be named so. */
static char *variable_of(const char *host)
{
    struct text name = {0};
    char before = '.';
    for (const char *p = host; *p != '\0'; before = *p++) {
        bool is_edge = before == '.' || p[1] == '.' || p[1] == '\0' || p[1] == ':';
        if (!isalnum((unsigned char)*p) &&
            (*p == '_' || is_edge || strchr(".-:", *p) == NULL)) {
            text_release(&name);
            return NULL;
        }
        if (*p == '-') {
            text_append(&name, "__");
        } else {
            text_append_char(&name, isalnum((unsigned char)*p)
                                        ? (char)toupper((unsigned char)*p)
                                        : '_');
        }
    }
    return text_take(&name);
}

static char *take_variable(const char *kind, const char *host)
{
    char *name = string_printf("MWB_%s_%s", kind, host);
    const char *value = getenv(name);
    char *copy = value != NULL && value[0] != '\0' ? string_copy(value) : NULL;
    free(name);
    return copy;
}

static void look_in_environment(const char *origin, struct secret *secret)
{
    const char *host = strstr(origin, "://") + 3;
    /* A variable names no scheme: a descriptor that does must not send it in the clear.
     */
    if (string_starts(origin, "http:") && !is_this_host(host)) {
        return;
    }
    char *name = variable_of(host);
    if (name != NULL) {
        secret->user = take_variable("USER", name);
        secret->password = take_variable("PASSWORD", name);
        secret->token = take_variable("TOKEN", name);
    }
    free(name);
    if (secret->password == NULL && secret->token == NULL) {
        secret_release(secret);
    }
}

/* ---- The file ---- */

static bool check_file(int fd, const char *path, struct error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return error_set(err, ERROR_FAILED, "%s is no ordinary file", path);
    }
    if (info.st_uid != geteuid()) {
        return error_set(err, ERROR_FAILED,
                         "%s holds passwords but belongs to another user, so it is not "
                         "read",
                         path);
    }
    return (info.st_mode & 077) == 0 ||
           error_set(err, ERROR_FAILED,
                     "%s holds passwords and others may read or change it, so it is not "
                     "used: chmod 600 %s",
                     path, path);
}

static bool read_file(int fd, const char *path, char *bytes, struct error *err)
{
    size_t length = 0;
    ssize_t n;
    while ((n = read(fd, bytes + length, SECRET_FILE_MOST - length)) != 0) {
        if (n < 0 && errno != EINTR) {
            return error_set(err, ERROR_FAILED, "could not read %s: %s", path,
                             error_of_errno(errno));
        }
        length += n > 0 ? (size_t)n : 0;
        if (length == SECRET_FILE_MOST) {
            return error_set(err, ERROR_FAILED, "could not read %s: it is too large",
                             path);
        }
    }
    bytes[length] = '\0';
    return strlen(bytes) == length ||
           error_set(err, ERROR_FAILED, "could not read %s: it is no text", path);
}

bool secret_file(const char *path, char **text, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    *text = NULL;
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ||
               error_set(err, ERROR_FAILED, "could not open %s: %s", path,
                         error_of_errno(errno));
    }
    *text = memory_new(SECRET_FILE_MOST + 1);
    bool good = check_file(fd, path, err) && read_file(fd, path, *text, err);
    close(fd);
    if (!good) {
        secret_file_release(*text);
        *text = NULL;
    }
    return good;
}

void secret_file_release(char *text)
{
    if (text != NULL) {
        secret_wipe(text, SECRET_FILE_MOST + 1);
    }
    free(text);
}

static bool look_in_file(const char *path, const char *origin,
                         struct secret_section *section, struct error *err)
{
    char *text;
    bool good = secret_file(path, &text, err) &&
                (text == NULL || secret_parse(text, path, origin, section, err));
    secret_file_release(text);
    return good;
}

static bool use_section(struct secret_section *section, const char *origin,
                        struct error *err)
{
    if (section->command == NULL || section->secret.password != NULL ||
        secret_run(section->command, SECRET_PATIENCE, &section->secret.password, err)) {
        return true;
    }
    return error_prefix(err,
                        "could not run the command that the credentials file names for "
                        "%s: ",
                        origin);
}

bool secret_find(const char *origin, struct secret *secret, struct error *err)
{
    struct secret_section section = {0};
    *secret = (struct secret){0};
    char *known = secret_origin(origin);
    if (known == NULL) {
        return true;
    }
    look_in_environment(known, secret);
    bool good = true;
    char *path =
        secret_is_empty(secret) ? path_of_place(PLACE_CONFIG, "credentials", NULL) : NULL;
    if (path != NULL) {
        good =
            look_in_file(path, known, &section, err) && use_section(&section, known, err);
        if (good) {
            *secret = section.secret;
            section.secret = (struct secret){0};
        }
    }
    secret_section_release(&section);
    free(path);
    free(known);
    return good;
}
