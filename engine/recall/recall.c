/* recall: a history's life: opening, adding, forgetting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/recall/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/secret.h"

enum { MANY_BYTES = MOST_BYTES / 4 * 3 }; /* a file that is shortened when it is opened */

/* ---- Opening ---- */

static bool is_empty(int fd)
{
    struct stat now;
    return fstat(fd, &now) == 0 && now.st_size == 0;
}

/* It was written before secrets were left out. */
static void redact_before(const struct recall *recall, const char *bytes, size_t length)
{
    char *redacted = secret_redact(bytes);
    if (strlen(bytes) == length && !string_equal(redacted, bytes)) {
        path_write_file(recall->before, redacted, strlen(redacted), 0600, NULL);
    }
    free(redacted);
}

/* A file that is made takes over the history of before. */
static bool take_over(struct recall *recall, struct error *err)
{
    char *bytes;
    size_t length;
    if (recall->before != NULL && path_exists(recall->before) &&
        path_read_file(recall->before, MOST_BYTES, &bytes, &length, NULL)) {
        recall_take_before(recall, bytes, length);
        redact_before(recall, bytes, length);
        free(bytes);
    }
    return recall_rewrite(recall, err);
}

static bool is_long(const struct recall *recall)
{
    return recall->seen > recall->limit + recall->limit / 4 ||
           recall->read_to > MANY_BYTES;
}

/* The newest statements may be long ones: a file shrinks below the bound all the same. */
static void leave_out_oldest(struct recall *recall)
{
    size_t bytes = 0, kept = 0, count = recall->entries.count;
    for (size_t i = count; i-- > 0 && kept < recall->limit; kept++) {
        const struct recall_entry *entry = array_at(&recall->entries, i);
        bytes += 2 * (strlen(entry->sql) + strlen(entry->products));
        if (bytes > MOST_BYTES / 2) {
            break;
        }
    }
    struct recall_entry *entries = recall->entries.items;
    for (size_t i = 0; i < count - kept; i++) {
        recall_entry_release(&entries[i]);
    }
    if (kept > 0 && kept < count) {
        memmove(entries, entries + (count - kept), kept * sizeof *entries);
    }
    recall->entries.count = kept;
}

/* With the lock alone, after reading what others added meanwhile. */
static bool shorten(struct recall *recall, struct error *err)
{
    int fd = recall_lock(recall, RECALL_ALONE, RECALL_AT_ONCE);
    if (fd < 0) {
        return false; /* then it is long until the next time */
    }
    bool done = recall_read(recall, fd);
    if (done && is_empty(fd)) {
        done = take_over(recall, err);
    } else if (done && is_long(recall)) {
        leave_out_oldest(recall);
        done = recall_rewrite(recall, err);
    }
    close(fd);
    recall_look(recall);
    return done;
}

static bool open_file(struct recall *recall, struct error *err)
{
    char *folder = path_folder(recall->file);
    bool done = path_exists(folder) || path_make_folders(folder, err);
    free(folder);
    int fd = done ? recall_lock(recall, RECALL_SHARED, RECALL_AT_ONCE) : -1;
    if (done && fd < 0 && errno == EWOULDBLOCK) {
        return true; /* somebody shortens it: it is read and written to later */
    }
    if (done && fd < 0) {
        return error_set(err, ERROR_FAILED,
                         "could not open the history %s: %s; statements are remembered "
                         "only until you leave",
                         recall->file, error_of_errno(errno));
    }
    if (fd < 0) {
        return false;
    }
    recall_read(recall, fd);
    bool wants_more = is_long(recall) || is_empty(fd);
    close(fd);
    if (wants_more) {
        shorten(recall, NULL);
    }
    return true;
}

struct recall *recall_open(const struct recall_spec *spec, struct error *err)
{
    struct recall *recall = memory_new(sizeof *recall);
    recall->file = string_copy(spec->file);
    recall->before = string_copy(spec->before);
    recall->limit = spec->limit > 0 ? spec->limit : 1;
    recall->entries = (struct array)ARRAY_OF(struct recall_entry);
    if (recall->file != NULL && !open_file(recall, err)) {
        recall->write_failed = true;
    }
    return recall;
}

void recall_close(struct recall *recall)
{
    if (recall == NULL) {
        return;
    }
    recall->is_closing = true;
    recall_write(recall, NULL);
    recall_clear(recall);
    array_release(&recall->entries);
    text_release(&recall->pending);
    free(recall->file);
    free(recall->before);
    free(recall);
}

/* ---- Adding ---- */

static bool is_kept(const struct recall *recall)
{
    return recall->file != NULL && !recall->write_failed;
}

bool recall_begin(struct recall *recall, const char *sql, const char *role,
                  char mark[RECALL_MARK], struct error *err)
{
    char *clean = recall_clean(sql);
    if (clean == NULL) {
        mark[0] = '\0';
        return false;
    }
    struct recall_entry entry = {
        .at = path_now(),
        .role = string_copy(role),
        .sql = clean,
        .products = string_copy(""),
        .error = string_copy(""),
        .rows = -1,
    };
    recall_new_mark(entry.mark);
    memcpy(mark, entry.mark, RECALL_MARK);
    if (is_kept(recall)) {
        recall_put_begin(&recall->pending, &entry);
    }
    recall_push(recall, entry);
    recall_write(recall, err);
    return true;
}

/* "a\nb\n" -> "a, b" */
static char *join_products(const char *products)
{
    struct text joined = {0};
    for (const char *p = products != NULL ? products : ""; *p != '\0';) {
        size_t length = strcspn(p, "\n");
        if (length > 0) {
            text_append(&joined, joined.length > 0 ? ", " : "");
            text_append_bytes(&joined, p, length);
        }
        p += length + (p[length] == '\n');
    }
    char *text = string_copy(text_string(&joined));
    text_release(&joined);
    return text;
}

void recall_end(struct recall *recall, const char *mark, const struct recall_facts *facts)
{
    struct recall_entry *entry = mark[0] != '\0' ? recall_named(recall, mark) : NULL;
    if (entry == NULL || entry->outcome != NULL) {
        return;
    }
    struct error reason = {0};
    error_set(&reason, ERROR_FAILED, "%.*s", MOST_ERROR,
              facts->error != NULL ? facts->error : "");
    secret_redact_error(&reason);
    free(entry->products);
    free(entry->error);
    entry->outcome = string_copy(facts->outcome);
    entry->products = join_products(facts->products);
    entry->error = string_copy(reason.message);
    entry->seconds = facts->seconds;
    entry->rows = facts->rows;
    if (is_kept(recall)) {
        recall_put_end(&recall->pending, entry);
    }
    recall_write(recall, NULL);
}

void recall_look(struct recall *recall)
{
    int fd = is_kept(recall) ? recall_lock(recall, RECALL_SHARED, RECALL_AT_ONCE) : -1;
    if (fd >= 0) {
        recall_read(recall, fd);
        close(fd);
    }
}

/* ---- Forgetting ---- */

/* Copies, for the marks name entries that go. */
static struct array statements_of(const struct recall *recall, const struct array *marks)
{
    struct array statements = ARRAY_OF(char *);
    for (size_t i = 0; i < marks->count; i++) {
        const char *mark = *(const char **)array_at(marks, i);
        for (size_t j = 0; j < recall->entries.count; j++) {
            const struct recall_entry *entry = array_at(&recall->entries, j);
            if (strcmp(entry->mark, mark) == 0) {
                *(char **)array_push(&statements) = string_copy(entry->sql);
            }
        }
    }
    return statements;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void drop(struct recall *recall, const struct array *statements)
{
    struct recall_entry *entries = recall->entries.items;
    size_t kept = 0;
    for (size_t i = 0; i < recall->entries.count; i++) {
        if (statements->count > 0 &&
            bsearch(&entries[i].sql, statements->items, statements->count, sizeof(char *),
                    by_text) != NULL) {
            recall_entry_release(&entries[i]);
        } else {
            entries[kept++] = entries[i];
        }
    }
    recall->entries.count = kept;
}

static bool forget_in_file(struct recall *recall, const struct array *statements,
                           struct error *err)
{
    recall_write(recall, NULL);
    int fd = recall_lock(recall, RECALL_ALONE, RECALL_PATIENT);
    if (fd < 0) {
        return error_set(err, ERROR_FAILED,
                         "could not take statements off the history %s: %s", recall->file,
                         errno == EWOULDBLOCK ? "another program writes to it just now"
                                              : error_of_errno(errno));
    }
    bool done = recall_read(recall, fd);
    drop(recall, statements);
    done = done && recall_rewrite(recall, err);
    close(fd);
    recall_forget_before(recall, statements);
    return done;
}

bool recall_forget(struct recall *recall, const struct array *marks, struct error *err)
{
    struct array statements = statements_of(recall, marks);
    bool done = true;
    if (statements.count > 0) {
        qsort(statements.items, statements.count, sizeof(char *), by_text);
        if (is_kept(recall)) {
            done = forget_in_file(recall, &statements, err);
            recall_look(recall);
        } else {
            drop(recall, &statements);
        }
    }
    for (size_t i = 0; i < statements.count; i++) {
        free(*(char **)array_at(&statements, i));
    }
    array_release(&statements);
    return done;
}
