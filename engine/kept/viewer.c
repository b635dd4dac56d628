/* kept: the program that the person's configuration names for a type of file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/kept.h"

#include <stdlib.h>
#include <string.h>

static const char file_sign[] = "{file}";

void kept_words_release(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(*(char **)array_at(words, i));
    }
    array_release(words);
}

/* Where a part ends: at a semicolon outside of quotes. False: a quote has no end. */
static bool part_end(const char *text, const char **end)
{
    char quote = '\0';
    for (; *text != '\0' && (quote != '\0' || *text != ';'); text++) {
        if (quote != '\0' ? *text == quote : *text == '"' || *text == '\'') {
            quote = quote != '\0' ? '\0' : *text;
        }
    }
    *end = text;
    return quote == '\0';
}

static void push_word(struct array *words, struct text *word, const char *path)
{
    struct text out = {0};
    const char *text = text_string(word), *sign;
    while ((sign = strstr(text, file_sign)) != NULL) {
        text_append_bytes(&out, text, (size_t)(sign - text));
        text_append(&out, path);
        text = sign + strlen(file_sign);
    }
    text_append(&out, text);
    text_release(word);
    *(char **)array_push(words) = text_take(&out);
}

static void split_words(const char *from, const char *end, const char *path,
                        struct array *words)
{
    struct text word = {0};
    bool is_open = false;
    char quote = '\0';
    for (; from < end; from++) {
        if (quote != '\0' ? *from == quote : *from == '"' || *from == '\'') {
            quote = quote != '\0' ? '\0' : *from;
            is_open = true;
        } else if (quote == '\0' && (*from == ' ' || *from == '\t')) {
            if (is_open) {
                push_word(words, &word, path);
            }
            is_open = false;
        } else {
            text_append_char(&word, *from);
            is_open = true;
        }
    }
    if (is_open) {
        push_word(words, &word, path);
    }
    text_release(&word);
}

/* 3: of the type, 2: of its group, 1: of all, 0: of others. */
static int rank_of(const char *name, size_t length, const struct kept_type *type)
{
    const char *const names[] = {"*", type->group, type->name};
    int least = strcmp(type->group, "program") == 0 ? 1 : 0; /* `*` could start it */
    for (int i = 2; i >= least; i--) {
        if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static bool say_odd(const char *part, struct error *err)
{
    return error_set(err, ERROR_USAGE,
                     "the setting viewer cannot be read at \"%.60s\": it is "
                     "TYPE: PROGRAM {file}; TYPE: ..., as in pdf: zathura {file}",
                     part);
}

bool kept_viewer(const char *setting, const struct kept_file *file, struct array *words,
                 struct error *err)
{
    const char *best = NULL, *best_end = NULL, *end;
    int best_rank = 0;
    for (const char *part = setting; part != NULL && *part != '\0';) {
        part += strspn(part, " \t;");
        if (*part == '\0') {
            break;
        }
        size_t name = strcspn(part, ": \t;");
        const char *colon = part + name + strspn(part + name, " \t");
        if (name == 0 || *colon != ':' || !part_end(colon + 1, &end)) {
            return say_odd(part, err);
        }
        int rank = rank_of(part, name, file->type);
        if (rank > best_rank) {
            best_rank = rank;
            best = colon + 1;
            best_end = end;
        }
        part = end;
    }
    if (best == NULL) {
        return true;
    }
    split_words(best, best_end, file->path, words);
    char *command = string_copy_bytes(best, (size_t)(best_end - best));
    if (words->count > 0 && strstr(command, file_sign) == NULL) {
        *(char **)array_push(words) = string_copy(file->path);
    }
    free(command);
    return words->count > 0 || say_odd(best, err);
}
