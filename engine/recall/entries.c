/* recall/entries: what is known of statements, in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/recall/private.h"

#include <stdlib.h>
#include <string.h>

enum { FARTHEST_BACK = 1000 };

void recall_entry_release(struct recall_entry *entry)
{
    free(entry->role);
    free(entry->sql);
    free(entry->outcome);
    free(entry->products);
    free(entry->error);
    *entry = (struct recall_entry){0};
}

void recall_clear(struct recall *recall)
{
    for (size_t i = 0; i < recall->entries.count; i++) {
        recall_entry_release(array_at(&recall->entries, i));
    }
    array_release(&recall->entries);
    recall->seen = 0;
    recall->entries = (struct array)ARRAY_OF(struct recall_entry);
}

/* What ends began a short while ago: farther back nothing is looked for, or a file of
 * lines that end nothing would take for ever. */
struct recall_entry *recall_named(const struct recall *recall, const char *mark)
{
    size_t count = recall->entries.count;
    for (size_t i = 0; i < count && i < FARTHEST_BACK; i++) {
        struct recall_entry *entry = array_at(&recall->entries, count - 1 - i);
        if (strcmp(entry->mark, mark) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Many at a time, since each removal moves all that stay. */
static void drop_oldest(struct recall *recall)
{
    size_t kept = recall->limit, count = recall->entries.count;
    struct recall_entry *entries = recall->entries.items;
    for (size_t i = 0; i < count - kept; i++) {
        recall_entry_release(&entries[i]);
    }
    memmove(entries, entries + (count - kept), kept * sizeof *entries);
    recall->entries.count = kept;
}

void recall_push(struct recall *recall, struct recall_entry entry)
{
    *(struct recall_entry *)array_push(&recall->entries) = entry;
    if (recall->entries.count > recall->limit + recall->limit / 2) {
        drop_oldest(recall);
    }
}

/* ---- Finding ---- */

static bool has_word(const struct recall_entry *entry, const char *word)
{
    return string_contains_fold(entry->sql, word) ||
           string_contains_fold(entry->products, word) ||
           string_contains_fold(entry->error, word);
}

static bool has_words(const struct recall_entry *entry, const char *text)
{
    bool has = true;
    char *words = string_copy(text != NULL ? text : "");
    char *rest = words;
    for (char *word = strsep(&rest, " \t\n"); word != NULL && has;
         word = strsep(&rest, " \t\n")) {
        has = *word == '\0' || has_word(entry, word);
    }
    free(words);
    return has;
}

static bool is_of_role(const struct recall_entry *entry, const char *role)
{
    return entry->role == NULL || string_equal(entry->role, role);
}

static bool is_failure(const struct recall_entry *entry)
{
    return entry->outcome != NULL && strcmp(entry->outcome, "done") != 0;
}

static int by_statement(const void *a, const void *b)
{
    const struct recall_entry *const *one = a, *const *other = b;
    int order = strcmp((*one)->sql, (*other)->sql);
    return order != 0 ? order : *one > *other ? -1 : *one < *other;
}

static int by_age(const void *a, const void *b)
{
    const struct recall_entry *const *one = a, *const *other = b;
    return *one > *other ? -1 : *one < *other;
}

/* Of equal statements the newest is the one that lies last. */
static void keep_distinct(struct array *found)
{
    const struct recall_entry **items = found->items;
    size_t kept = 0;
    if (found->count < 2) {
        return;
    }
    qsort(items, found->count, sizeof(struct recall_entry *), by_statement);
    for (size_t i = 0; i < found->count; i++) {
        if (kept == 0 || strcmp(items[kept - 1]->sql, items[i]->sql) != 0) {
            items[kept++] = items[i];
        }
    }
    found->count = kept;
    qsort(items, kept, sizeof(struct recall_entry *), by_age);
}

struct array recall_find(const struct recall *recall, const struct recall_search *search)
{
    struct array found = ARRAY_OF(const struct recall_entry *);
    for (size_t i = recall->entries.count; i-- > 0;) {
        const struct recall_entry *entry = array_at(&recall->entries, i);
        bool is_wanted = is_of_role(entry, search->role) &&
                         (!search->only_failed || is_failure(entry)) &&
                         has_words(entry, search->text);
        if (is_wanted) {
            *(const struct recall_entry **)array_push(&found) = entry;
        }
        if (!search->only_distinct && search->limit > 0 && found.count == search->limit) {
            break;
        }
    }
    if (search->only_distinct) {
        keep_distinct(&found);
    }
    if (search->limit > 0 && found.count > search->limit) {
        found.count = search->limit;
    }
    return found;
}

struct array recall_statements(const struct recall *recall, const char *role)
{
    struct array statements = ARRAY_OF(const char *);
    const char *last = NULL;
    for (size_t i = 0; i < recall->entries.count; i++) {
        const struct recall_entry *entry = array_at(&recall->entries, i);
        if (is_of_role(entry, role) && !string_equal(entry->sql, last)) {
            last = entry->sql;
            *(const char **)array_push(&statements) = last;
        }
    }
    return statements;
}
