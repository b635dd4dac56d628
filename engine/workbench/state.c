/* workbench: what is kept for next time, in small files of the user's own. A file that
 * cannot be read or makes no sense is left alone and counts as empty.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/workbench/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_LARGEST = 16 << 20 };

/* DATA/state/<mesh key>.<suffix>; the folder is made. NULL when nothing is to be kept. */
static char *state_file(const struct workbench *workbench, const char *suffix,
                        struct error *err)
{
    if (!workbench->with_state) {
        return NULL;
    }
    char *folder = path_of_place(PLACE_DATA, "state", err);
    if (folder == NULL || !path_make_folders(folder, err)) {
        free(folder);
        return NULL;
    }
    char *key =
        workbench->index != NULL ? path_stem(workbench->index) : string_copy("no-mesh");
    char *file = string_printf("%s/%s.%s", folder, key, suffix);
    free(key);
    free(folder);
    return file;
}

/* ---- The session: editor text, layout, selected product ---- */

bool workbench_save_state(struct workbench *workbench, const char *buffer, size_t cursor,
                          const char *layout, struct error *err)
{
    struct error reason = {0};
    char *file = state_file(workbench, "session", &reason);
    if (file == NULL) {
        return reason.kind == ERROR_NONE ||
               error_set(err, reason.kind, "%s", reason.message);
    }
    struct text text = {0};
    text_printf(&text, "mwb-session 1\nlayout %s\nproduct %s\ncursor %zu\nbuffer %zu\n",
                layout != NULL ? layout : "",
                workbench->product != NULL ? workbench->product : "", cursor,
                strlen(buffer));
    text_append(&text, buffer);
    bool done = path_write_file(file, text_string(&text), text.length, 0600, err);
    text_release(&text);
    free(file);
    return done;
}

/* The rest of a line "name rest" at *at, which moves to the next line; NULL: another
 * name. */
static char *take_field(char **at, const char *name)
{
    size_t length = strlen(name);
    char *end = strchr(*at, '\n');
    if (end == NULL || strncmp(*at, name, length) != 0 || (*at)[length] != ' ') {
        return NULL;
    }
    char *field = string_copy_bytes(*at + length + 1, (size_t)(end - *at) - length - 1);
    *at = end + 1;
    return field;
}

static void read_session(struct workbench *workbench, char *at, char **buffer,
                         size_t *cursor, char **layout)
{
    char *version = take_field(&at, "mwb-session");
    if (string_equal(version, "1")) {
        *layout = take_field(&at, "layout");
        char *product = take_field(&at, "product");
        char *point = take_field(&at, "cursor");
        char *length = take_field(&at, "buffer");
        if (length != NULL && point != NULL && strtoull(length, NULL, 10) == strlen(at)) {
            *buffer = string_copy(at);
            *cursor = (size_t)strtoull(point, NULL, 10);
            *cursor = *cursor > strlen(at) ? strlen(at) : *cursor;
        }
        if (product != NULL && product[0] != '\0' && workbench->product == NULL) {
            workbench->product = product;
            product = NULL;
        }
        free(product);
        free(point);
        free(length);
    }
    free(version);
}

void workbench_load_state(struct workbench *workbench, char **buffer, size_t *cursor,
                          char **layout)
{
    *buffer = *layout = NULL;
    *cursor = 0;
    char *file = state_file(workbench, "session", NULL);
    char *bytes;
    size_t length;
    if (file != NULL && path_exists(file) &&
        path_read_file(file, STATE_LARGEST, &bytes, &length, NULL)) {
        read_session(workbench, bytes, buffer, cursor, layout);
        free(bytes);
    }
    free(file);
}

/* ---- Parameters: name, a blank, the value with newlines escaped ---- */

static bool save_parameters(struct workbench *workbench, struct error *err)
{
    struct error reason = {0};
    char *file = state_file(workbench, "parameters", &reason);
    if (file == NULL) {
        return reason.kind == ERROR_NONE ||
               error_set(err, reason.kind, "%s", reason.message);
    }
    struct text text = {0};
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        const struct workbench_parameter *one = array_at(&workbench->parameters, i);
        text_printf(&text, "%s ", one->name);
        for (const char *p = one->value; *p != '\0'; p++) {
            text_append(&text, *p == '\n'   ? "\\n"
                               : *p == '\\' ? "\\\\"
                                            : (char[]){*p, '\0'});
        }
        text_append_char(&text, '\n');
    }
    bool done = path_write_file(file, text_string(&text), text.length, 0600, err);
    text_release(&text);
    free(file);
    return done;
}

static void unescape(char *value)
{
    char *to = value;
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0') {
            p++;
            *to++ = *p == 'n' ? '\n' : *p;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
}

static void put_parameter(struct workbench *workbench, const char *name,
                          const char *value)
{
    struct workbench_parameter *found = NULL;
    size_t index = 0;
    for (size_t i = 0; i < workbench->parameters.count && found == NULL; i++) {
        struct workbench_parameter *one = array_at(&workbench->parameters, i);
        if (string_equal(one->name, name)) {
            found = one;
            index = i;
        }
    }
    if (value == NULL && found != NULL) {
        free(found->name);
        free(found->value);
        array_remove(&workbench->parameters, index);
    } else if (value != NULL) {
        if (found == NULL) {
            found = array_push(&workbench->parameters);
            found->name = string_copy(name);
        }
        free(found->value);
        found->value = string_copy(value);
    }
}

bool workbench_set_parameter(struct workbench *workbench, const char *name,
                             const char *value, struct error *err)
{
    put_parameter(workbench, name, value);
    return save_parameters(workbench, err);
}

void workbench_load_parameters(struct workbench *workbench)
{
    char *file = state_file(workbench, "parameters", NULL);
    char *bytes = NULL;
    size_t length;
    if (file != NULL && path_exists(file) &&
        path_read_file(file, STATE_LARGEST, &bytes, &length, NULL)) {
        char *at = bytes;
        for (char *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
            *end = '\0';
            char *blank = strchr(at, ' ');
            if (blank != NULL) {
                *blank = '\0';
                unescape(blank + 1);
                put_parameter(workbench, at, blank + 1);
            }
        }
    }
    free(bytes);
    free(file);
}

void workbench_free_parameters(struct workbench *workbench)
{
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        struct workbench_parameter *one = array_at(&workbench->parameters, i);
        free(one->name);
        free(one->value);
    }
    array_clear(&workbench->parameters);
}

/* ---- The last mesh, the history ---- */

char *workbench_last_mesh(void)
{
    char *file = path_of_place(PLACE_DATA, "last-mesh", NULL);
    char *mesh = NULL;
    size_t length;
    if (file != NULL && path_exists(file) &&
        path_read_file(file, 65536, &mesh, &length, NULL) && !path_exists(mesh)) {
        free(mesh);
        mesh = NULL;
    }
    free(file);
    return mesh;
}

void workbench_remember_mesh(struct workbench *workbench)
{
    /* Mostly it is the same one: a start should not wait for a disk to say so again. */
    char *last = workbench_last_mesh();
    bool is_kept = workbench->with_state &&
                   !workbench_is_passing(workbench, workbench->mesh) &&
                   !string_equal(last, workbench->mesh);
    char *file = is_kept ? path_of_place(PLACE_DATA, "last-mesh", NULL) : NULL;
    char *folder = file != NULL ? path_folder(file) : NULL;
    if (folder != NULL && path_make_folders(folder, NULL)) {
        path_write_file(file, workbench->mesh, strlen(workbench->mesh), 0600, NULL);
    }
    free(folder);
    free(file);
    free(last);
}

char *workbench_history_file(const struct workbench *workbench)
{
    char *file =
        workbench->with_state ? path_of_place(PLACE_DATA, "history", NULL) : NULL;
    char *folder = file != NULL ? path_folder(file) : NULL;
    if (folder != NULL) {
        path_make_folders(folder, NULL);
    }
    free(folder);
    return file;
}
