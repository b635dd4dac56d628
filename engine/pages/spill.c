/* Sorted runs to a file and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE_BYTES = 1 << 18, WINDOW_MOST = 1 << 20 };

struct pages_value spill_value(enum spill_form form, uint64_t key)
{
    struct pages_value value = {.kind = PAGES_NULL};
    if (key != 0 && form == SPILL_INTEGERS) {
        value.kind = PAGES_INTEGER;
        value.integer = key_to_integer(key);
    } else if (key != 0) {
        value.kind = PAGES_REAL;
        value.real = key_to_real(key);
    }
    return value;
}

/* ---- The file ---- */

/* Not every file system has files without a name: there it loses its name at once. */
static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) {
        return fd;
    }
    char *path = string_printf("%s/mwb-keys-XXXXXX", folder);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) {
        unlink(path);
    }
    free(path);
    return fd;
}

static bool spill_create(struct spill *spill, const char *folder, struct error *err)
{
    spill->fd = open_nameless(folder);
    if (spill->fd < 0) {
        return error_set(err, ERROR_FAILED,
                         "could not make a file for sorted keys in %s: %s", folder,
                         error_of_errno(errno));
    }
    spill->folder = string_printf("a file for sorted keys in %s", folder);
    return true;
}

bool spill_write(struct spill *spill, const char *folder, const void *bytes,
                 size_t length, struct error *err)
{
    if ((spill->folder == NULL && !spill_create(spill, folder, err)) ||
        !file_write(spill->fd, spill->folder, bytes, length, spill->end, err)) {
        return false;
    }
    spill->end += (off_t)length;
    return true;
}

void spill_release(struct spill *spill)
{
    if (spill->folder != NULL) {
        close(spill->fd);
        free(spill->folder);
        spill->folder = NULL;
    }
}

/* ---- Writing ---- */

void spill_begin(struct spill_writer *writer, struct spill *spill, const char *folder,
                 enum spill_form form)
{
    *writer = (struct spill_writer){.spill = spill, .folder = folder};
    writer->run = (struct spill_run){.form = form, .spill = spill, .from = spill->end};
}

static bool write_out(struct spill_writer *writer, struct error *err)
{
    bool good = spill_write(writer->spill, writer->folder, text_string(&writer->buffer),
                            writer->buffer.length, err);
    text_clear(&writer->buffer);
    return good;
}

bool spill_pairs(struct spill_writer *writer, const struct pair *pairs, size_t count,
                 struct error *err)
{
    writer->run.count += count;
    if (count * sizeof *pairs >= WRITE_BYTES) { /* no need to gather these */
        return write_out(writer, err) && spill_write(writer->spill, writer->folder, pairs,
                                                     count * sizeof *pairs, err);
    }
    text_append_bytes(&writer->buffer, pairs, count * sizeof *pairs);
    return writer->buffer.length < WRITE_BYTES || write_out(writer, err);
}

bool spill_entry(struct spill_writer *writer, const unsigned char *entry, size_t length,
                 struct error *err)
{
    text_append_bytes(&writer->buffer, entry - SPILL_LENGTH, SPILL_LENGTH + length);
    if (length > writer->run.longest) {
        writer->run.longest = length;
    }
    writer->run.count++;
    return writer->buffer.length < WRITE_BYTES || write_out(writer, err);
}

bool spill_end(struct spill_writer *writer, bool good, struct error *err)
{
    good = good && write_out(writer, err);
    writer->run.to = writer->spill->end;
    text_release(&writer->buffer);
    return good;
}

/* ---- Reading ---- */

void spill_open(struct spill_reader *reader, const struct spill_run *run,
                enum spill_form form, size_t window)
{
    *reader = (struct spill_reader){
        .run = run, .form = form, .left = run->count, .place = run->from};
    if (run->pairs != NULL) {
        reader->next = run->pairs;
        reader->stop = run->pairs + run->count;
        reader->left = 0;
        return;
    }
    size_t need = spill_need(run);
    size_t all = (size_t)(run->to - run->from);
    window = window < WINDOW_MOST ? window : WINDOW_MOST;
    window = window < all ? window : all;
    reader->capacity = window > need ? window : need;
    reader->window = memory_resize(NULL, reader->capacity);
}

void spill_close(struct spill_reader *reader)
{
    free(reader->window);
    text_release(&reader->made);
}

/* At least `length` bytes in the window, which is large enough for them. */
static bool fill_window(struct spill_reader *reader, size_t length, struct error *err)
{
    size_t held = reader->end - reader->start;
    if (held >= length) {
        return true;
    }
    memmove(reader->window, reader->window + reader->start, held);
    size_t room = reader->capacity - held;
    off_t left = reader->run->to - reader->place;
    size_t part = (off_t)room < left ? room : (size_t)left;
    reader->start = 0;
    reader->end = held + part;
    const struct spill *spill = reader->run->spill;
    off_t place = reader->place;
    reader->place += (off_t)part;
    return file_read(spill->fd, spill->folder, reader->window + held, part, place, err);
}

static void make_entry(struct spill_reader *reader)
{
    struct pages_value value = spill_value(reader->run->form, reader->pair.key);
    text_clear(&reader->made);
    text_append_bytes(&reader->made, "\0\0\0", SPILL_LENGTH);
    key_write(&reader->made, &value, 1, key_to_integer(reader->pair.value));
    reader->length = reader->made.length - SPILL_LENGTH;
    uint32_t stored = (uint32_t)reader->length;
    memcpy(reader->made.data, &stored, sizeof stored);
    reader->entry = (const unsigned char *)reader->made.data + SPILL_LENGTH;
}

/* More pairs of the file come to hand. */
static bool fetch_pairs(struct spill_reader *reader, struct error *err)
{
    size_t fit = reader->capacity / sizeof *reader->next;
    size_t count = reader->left < fit ? reader->left : fit;
    const struct spill *spill = reader->run->spill;
    reader->left -= count;
    reader->next = (const struct pair *)(const void *)reader->window;
    reader->stop = reader->next + count;
    off_t place = reader->place;
    reader->place += (off_t)(count * sizeof *reader->next);
    return file_read(spill->fd, spill->folder, reader->window,
                     count * sizeof *reader->next, place, err);
}

static bool next_pair(struct spill_reader *reader, struct error *err)
{
    if (reader->next == reader->stop) {
        if (reader->left == 0) {
            reader->over = true;
            return true;
        }
        if (!fetch_pairs(reader, err)) {
            return false;
        }
    }
    reader->pair = *reader->next++;
    if (reader->form == SPILL_ENTRIES) {
        make_entry(reader);
    }
    return true;
}

static bool fetch_entry(struct spill_reader *reader, struct error *err)
{
    if (!fill_window(reader, SPILL_LENGTH, err)) {
        return false;
    }
    reader->length = spill_length(reader->window + reader->start);
    if (!fill_window(reader, SPILL_LENGTH + reader->length, err)) {
        return false;
    }
    reader->entry = reader->window + reader->start + SPILL_LENGTH;
    reader->start += SPILL_LENGTH + reader->length;
    return true;
}

static bool next_entry(struct spill_reader *reader, struct error *err)
{
    if (reader->next != reader->stop) {
        const unsigned char *at = reader->run->bytes + reader->next++->value;
        reader->length = spill_length(at);
        reader->entry = at + SPILL_LENGTH;
        return true;
    }
    if (reader->left == 0) {
        reader->over = true;
        return true;
    }
    reader->left--;
    return fetch_entry(reader, err);
}

bool spill_next(struct spill_reader *reader, struct error *err)
{
    bool entries = reader->run->form == SPILL_ENTRIES;
    if (!(entries ? next_entry : next_pair)(reader, err)) {
        return false;
    }
    if (reader->form == SPILL_ENTRIES && !reader->over) {
        unsigned char first[16] = {0};
        memcpy(first, reader->entry,
               reader->length < sizeof first ? reader->length : sizeof first);
        reader->pair = (struct pair){key_get64(first), key_get64(first + 8)};
    }
    return true;
}
