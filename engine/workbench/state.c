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

/* ---- The session: tabs with their texts, layout, selected product ----
 *
 *   mwb-session 2, layout WORDS, product ID, front INDEX, and for each tab
 *   tab NAME, file PATH, cursor BYTE, in-file LENGTH, text LENGTH, then both texts
 *
 * Version 1 had one text without a name. */

static void append_tab(struct text *out, const struct workbench_tab *tab,
                       const char *buffer, size_t cursor)
{
    const char *in_file = tab->in_file != NULL ? tab->in_file : "";
    text_printf(out, "tab %s\nfile %s\ncursor %zu\nin-file %zu\ntext %zu\n",
                tab->name != NULL ? tab->name : "", tab->file != NULL ? tab->file : "",
                cursor, strlen(in_file), strlen(buffer));
    text_append(out, in_file);
    text_append(out, buffer);
    text_append_char(out, '\n');
}

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
    text_printf(&text, "mwb-session 2\nlayout %s\nproduct %s\nfront %zu\n",
                layout != NULL ? layout : "",
                workbench->product != NULL ? workbench->product : "", workbench->tab);
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        const struct workbench_tab *tab = workbench_tab_at(workbench, i);
        bool is_front = i == workbench->tab;
        append_tab(&text, tab,
                   is_front            ? buffer
                   : tab->text != NULL ? tab->text
                                       : "",
                   is_front ? cursor : tab->cursor);
    }
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

/* The same of a number; SIZE_MAX: there is none. */
static size_t take_size(char **at, const char *name)
{
    char *field = take_field(at, name);
    size_t size = field != NULL ? (size_t)strtoull(field, NULL, 10) : SIZE_MAX;
    free(field);
    return size;
}

/* So many bytes; NULL: there are not. */
static char *take_bytes(char **at, size_t length)
{
    if (strlen(*at) < length) {
        return NULL;
    }
    char *bytes = string_copy_bytes(*at, length);
    *at += length;
    return bytes;
}

static char *unless_empty(char *string)
{
    if (string != NULL && string[0] == '\0') {
        free(string);
        return NULL;
    }
    return string;
}

/* False: what follows is no tab, and what was read of it is given up. */
static bool take_tab(char **at, struct workbench_tab *out)
{
    *out = (struct workbench_tab){.name = unless_empty(take_field(at, "tab")),
                                  .file = unless_empty(take_field(at, "file"))};
    out->cursor = take_size(at, "cursor");
    size_t in_file = take_size(at, "in-file");
    size_t length = take_size(at, "text");
    out->in_file = in_file != SIZE_MAX ? take_bytes(at, in_file) : NULL;
    out->text = length != SIZE_MAX ? take_bytes(at, length) : NULL;
    bool good = out->text != NULL && **at == '\n';
    *at += good;
    if (!good) {
        free(out->name);
        free(out->file);
        free(out->in_file);
        free(out->text);
        return false;
    }
    out->cursor = out->cursor < strlen(out->text) ? out->cursor : strlen(out->text);
    return true;
}

/* The session of a tab that stands already is kept. */
static void fill_tab(struct workbench_tab *tab, const struct workbench_tab *from)
{
    free(tab->name);
    free(tab->text);
    free(tab->file);
    free(tab->in_file);
    tab->name = from->name;
    tab->text = from->text;
    tab->file = from->file;
    tab->in_file = from->in_file;
    tab->cursor = from->cursor;
}

static void read_tabs(struct workbench *workbench, char *at)
{
    size_t front = take_size(&at, "front");
    struct workbench_tab read;
    bool is_first = true;
    while (take_tab(&at, &read)) {
        fill_tab(is_first ? workbench_tab_in_front(workbench) : tabs_add(workbench),
                 &read);
        is_first = false;
    }
    tabs_bring(workbench, front);
}

static void take_product(struct workbench *workbench, char *product)
{
    if (product != NULL && product[0] != '\0' && workbench->product == NULL) {
        workbench->product = product;
    } else {
        free(product);
    }
}

static void read_session(struct workbench *workbench, char *at, char **layout)
{
    char *version = take_field(&at, "mwb-session");
    bool is_old = string_equal(version, "1");
    if (is_old || string_equal(version, "2")) {
        *layout = take_field(&at, "layout");
        take_product(workbench, take_field(&at, "product"));
    }
    if (is_old) {
        size_t cursor = take_size(&at, "cursor"), length = take_size(&at, "buffer");
        if (length == strlen(at)) {
            struct workbench_tab only = {.text = string_copy(at), .cursor = cursor};
            only.cursor = cursor < length ? cursor : length;
            fill_tab(workbench_tab_in_front(workbench), &only);
        }
    } else if (string_equal(version, "2") && workbench->tabs.count == 1) {
        read_tabs(workbench, at);
    }
    free(version);
}

bool workbench_has_state(const struct workbench *workbench)
{
    char *file = state_file(workbench, "session", NULL);
    bool has = file != NULL && path_exists(file);
    free(file);
    return has;
}

void workbench_load_state(struct workbench *workbench, char **buffer, size_t *cursor,
                          char **layout)
{
    *buffer = *layout = NULL;
    *cursor = 0;
    if (workbench->tabs.count > 1) {
        return;
    }
    fill_tab(workbench_tab_in_front(workbench), &(struct workbench_tab){0});
    char *file = state_file(workbench, "session", NULL);
    char *bytes;
    size_t length;
    if (file != NULL && path_exists(file) &&
        path_read_file(file, STATE_LARGEST, &bytes, &length, NULL)) {
        read_session(workbench, bytes, layout);
        free(bytes);
    }
    struct workbench_tab *front = workbench_tab_in_front(workbench);
    *buffer = front->text; /* it is the editor's from now on */
    *cursor = front->cursor;
    front->text = NULL;
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
                          const char *value, bool is_fresh)
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
        found->is_fresh = is_fresh;
    }
}

bool workbench_set_parameter(struct workbench *workbench, const char *name,
                             const char *value, struct error *err)
{
    put_parameter(workbench, name, value, true);
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
                put_parameter(workbench, at, blank + 1, false);
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

/* A mesh that goes with the program leaves no history; that of before had one file for
 * all meshes. */
struct recall *workbench_recall(struct workbench *workbench)
{
    if (workbench->recall == NULL) {
        long long limit = options_number(workbench->options, "history_size");
        bool is_kept = limit > 0 && (workbench->mesh == NULL ||
                                     !workbench_is_passing(workbench, workbench->mesh));
        char *file = is_kept ? state_file(workbench, "history", NULL) : NULL;
        char *before = file != NULL ? path_of_place(PLACE_DATA, "history", NULL) : NULL;
        struct recall_spec spec = {
            .file = file,
            .before = before,
            .limit = (size_t)limit,
        };
        workbench->recall = recall_open(&spec, NULL);
        free(before);
        free(file);
    }
    return workbench->recall;
}
