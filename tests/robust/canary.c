/* canary: see canary.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/robust/canary.h"

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/path.h"

static struct text *add_form(struct canary *canary)
{
    struct text *form = array_push(&canary->forms);
    *form = (struct text){0};
    return form;
}

static void add_case(struct canary *canary, char first, char last)
{
    struct text *form = add_form(canary);
    text_append(form, canary->text);
    for (size_t i = 0; i < form->length; i++) {
        char c = form->data[i];
        form->data[i] = c >= first && c <= last ? (char)(c ^ 0x20) : c;
    }
}

static void add_wide(struct canary *canary, bool big_endian)
{
    struct text *form = add_form(canary);
    for (const char *c = canary->text; *c != '\0'; c++) {
        const char pair[2] = {big_endian ? '\0' : *c, big_endian ? *c : '\0'};
        text_append_bytes(form, pair, 2);
    }
}

static void add_hex(struct canary *canary, const char *signs)
{
    struct text *form = add_form(canary);
    for (const char *c = canary->text; *c != '\0'; c++) {
        text_append_char(form, signs[(unsigned char)*c >> 4]);
        text_append_char(form, signs[*c & 15]);
    }
}

/* With 0, 1 or 2 bytes in front: only the signs that do not depend on what is around. */
static void add_base64(struct canary *canary, size_t before)
{
    static const char signs[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct text *form = add_form(canary);
    size_t length = strlen(canary->text), bits = 8 * length,
           skip = before == 0 ? 0 : 6 - 8 * before % 6;
    for (size_t at = skip % 6; at + 6 <= bits; at += 6) {
        unsigned value = 0;
        for (size_t i = at; i < at + 6; i++) {
            value = value << 1 | ((unsigned char)canary->text[i / 8] >> (7 - i % 8) & 1U);
        }
        text_append_char(form, signs[value]);
    }
}

/* As SQLite stores a number: its bytes, the highest first (fileformat2.html §2.1). */
static void add_number(struct canary *canary)
{
    size_t digits = strspn(canary->text, "0123456789."), length = strlen(canary->text);
    if (digits < length) {
        return;
    }
    uint64_t bits = strtoull(canary->text, NULL, 10);
    int size = 6;
    if (strchr(canary->text, '.') != NULL) {
        double real = strtod(canary->text, NULL);
        memcpy(&bits, &real, sizeof bits);
        size = 8;
    }
    struct text *form = add_form(canary);
    for (int i = size - 1; i >= 0; i--) {
        text_append_char(form, (char)(bits >> (8 * i) & 0xFF));
    }
}

void canary_init(struct canary *canary, const char *text)
{
    canary->text = text;
    canary->forms = (struct array)ARRAY_OF(struct text);
    text_append(add_form(canary), text);
    add_case(canary, 'a', 'z');
    add_case(canary, 'A', 'Z');
    add_wide(canary, false);
    add_wide(canary, true);
    add_hex(canary, "0123456789ABCDEF");
    add_hex(canary, "0123456789abcdef");
    add_number(canary);
    for (size_t before = 0; before < 3; before++) {
        add_base64(canary, before);
    }
}

void canary_release(struct canary *canary)
{
    for (size_t i = 0; i < canary->forms.count; i++) {
        text_release(array_at(&canary->forms, i));
    }
    array_release(&canary->forms);
}

bool canary_is_in(const struct canary *canary, const void *bytes, size_t length)
{
    for (size_t i = 0; i < canary->forms.count; i++) {
        const struct text *form = array_at(&canary->forms, i);
        if (memmem(bytes, length, form->data, form->length) != NULL) {
            return true;
        }
    }
    return false;
}

bool canary_is_below(const struct canary *canary, const char *folder, struct text *where,
                     long *files)
{
    bool found = false;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        struct stat info;
        char *path = path_join(folder, entry->d_name);
        bool dots = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        if (!dots && lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            found |= canary_is_below(canary, path, where, files);
        } else if (!dots && S_ISREG(info.st_mode)) {
            char *bytes = NULL;
            size_t length = 0;
            ++*files;
            if (path_read_file(path, (size_t)1 << 30, &bytes, &length, NULL) &&
                canary_is_in(canary, bytes, length)) {
                text_printf(where, "%s\n", path);
                found = true;
            }
            free(bytes);
        }
        free(path);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return found;
}
