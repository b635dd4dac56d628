/* direct_take: the text of all files as chunks of whole rows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/direct_work.h"
#include "engine/text.h"

/* A row that is longer goes the reference way, whose limits are higher. */
enum { ROW_MOST = 8 * 1024 * 1024 };

void direct_begin(struct direct *direct)
{
    direct->file = 0;
    direct->in_file = false;
    direct->next_number = direct->bytes_before = 0;
    text_clear(&direct->carry);
    direct->turns[0] = direct->turns[1] = 0;
    direct->rows = direct->reject_count = 0;
    direct->outcome = DIRECT_DONE;
    direct->stopped = false;
    direct->looking = direct->look_first;
    for (size_t i = 0; i < direct->file_count; i++) {
        direct->files[i].blanks = direct->files[i].blanks_before;
        direct->files[i].beyond_ascii = false;
    }
    if (direct->rejects != NULL) {
        rewind(direct->rejects);
    }
    if (direct->passes == 0 && !direct->has_locks) {
        pthread_mutex_init(&direct->take_lock, NULL);
        pthread_mutex_init(&direct->turn_lock, NULL);
        pthread_cond_init(&direct->turned, NULL);
        direct->has_locks = true;
    }
}

void direct_end(struct direct *direct)
{
    if (direct->has_locks) {
        pthread_mutex_destroy(&direct->take_lock);
        pthread_mutex_destroy(&direct->turn_lock);
        pthread_cond_destroy(&direct->turned);
    }
    if (direct->rejects != NULL) {
        fclose(direct->rejects);
    }
    text_release(&direct->carry);
    text_release(&direct->why);
}

/* Memory for a chunk's text; what it holds stays. */
static void make_room(struct direct_chunk *chunk, size_t room)
{
    if (chunk->room >= room) {
        return;
    }
    char *bytes = memory_resize(NULL, room + 3 * (size_t)SPLIT_BLOCK);
    if (chunk->bytes != NULL) {
        memcpy(bytes + SPLIT_BLOCK, chunk->bytes, chunk->length);
        free(chunk->bytes - SPLIT_BLOCK);
    }
    chunk->bytes = bytes + SPLIT_BLOCK;
    chunk->room = room;
}

/* Rows begin behind the header, which the plan has read. */
static bool skip_header(const struct direct_file *file, struct direct_chunk *chunk,
                        struct error *err)
{
    if (!feed_rewind(file->feed, err)) {
        return false;
    }
    for (long long left = file->skip_bytes; left > 0;) {
        size_t got, room = FEED_ROOM_LEAST;
        room = left > (long long)room ? (size_t)left : room;
        room = room < chunk->room ? room : chunk->room;
        if (!feed_read(file->feed, chunk->bytes, room, &got, err)) {
            return false;
        }
        if (got == 0) {
            break;
        }
        if ((long long)got > left) { /* the first rows came with it */
            chunk->length = got - (size_t)left;
            memmove(chunk->bytes, chunk->bytes + left, chunk->length);
        }
        left -= (long long)got;
    }
    return true;
}

static bool open_file(struct direct *direct, struct direct_chunk *chunk,
                      struct error *err)
{
    const struct direct_file *file = &direct->files[direct->file];
    chunk->first = true;
    direct->in_file = true;
    direct->byte = feed_first_byte(file->feed) + file->skip_bytes;
    return skip_header(file, chunk, err);
}

/* Read until the chunk has `size` bytes or the file ends. */
static bool fill(const struct direct_file *file, struct direct_chunk *chunk, size_t size,
                 bool *ended, struct error *err)
{
    make_room(chunk, size + FEED_ROOM_LEAST);
    while (chunk->length < size && !*ended) {
        size_t got, room = size - chunk->length;
        room = room < FEED_ROOM_LEAST ? FEED_ROOM_LEAST : room;
        if (!feed_read(file->feed, chunk->bytes + chunk->length, room, &got, err)) {
            return false;
        }
        chunk->length += got;
        *ended = got == 0;
    }
    return true;
}

/* What stands behind the whole rows is the next chunk's. */
static void keep_carry(struct direct *direct, struct direct_chunk *chunk, size_t whole)
{
    text_clear(&direct->carry);
    if (whole < chunk->length) {
        text_append_bytes(&direct->carry, chunk->bytes + whole, chunk->length - whole);
        chunk->length = whole;
    }
}

static bool read_chunk(struct direct *direct, struct direct_chunk *chunk, bool *ended,
                       struct error *err)
{
    const struct direct_file *file = &direct->files[direct->file];
    size_t whole = 0, size = direct->chunk_size;
    for (; whole == 0; size *= 2) {
        if (!fill(file, chunk, size, ended, err)) {
            return false;
        }
        /* Short reads may bring more than was asked for: a chunk's end must not depend on
         * them. */
        size_t all = chunk->length;
        chunk->length = *ended || all < size ? all : size;
        whole = direct->format->cut(file, chunk, *ended);
        if (*ended) {
            return true;
        }
        chunk->length = all;
        if (whole == 0 && size > ROW_MOST) {
            chunk->odd = "a row is longer than 8 MiB";
            chunk->odd_place = 0;
            return true;
        }
    }
    keep_carry(direct, chunk, whole);
    return true;
}

/* True: the chunk has rows, or something to tell. */
static bool take_from_file(struct direct *direct, struct direct_chunk *chunk)
{
    bool ended = false;
    chunk->first = false;
    chunk->length = 0;
    chunk->odd = NULL;
    make_room(chunk, direct->chunk_size + direct->carry.length + FEED_ROOM_LEAST);
    if (direct->carry.length > 0) {
        memcpy(chunk->bytes, direct->carry.data, direct->carry.length);
        chunk->length = direct->carry.length;
        text_clear(&direct->carry);
    }
    if ((!direct->in_file && !open_file(direct, chunk, &chunk->failure)) ||
        !read_chunk(direct, chunk, &ended, &chunk->failure)) {
        return true;
    }
    const struct direct_file *file = &direct->files[direct->file];
    chunk->file = direct->file;
    chunk->byte = direct->byte;
    chunk->consumed = direct->bytes_before + feed_consumed(file->feed);
    direct->byte += (long long)chunk->length;
    if (ended) {
        direct->bytes_before += feed_total(file->feed);
        direct->file++;
        direct->in_file = false;
    }
    return chunk->length > 0 || chunk->odd != NULL;
}

bool direct_take(struct direct_worker *worker)
{
    struct direct *direct = worker->direct;
    struct direct_chunk *chunk = &worker->chunk;
    bool taken = false;
    pthread_mutex_lock(&direct->take_lock);
    while (!taken && !direct->stopped && direct->file < direct->file_count) {
        taken = take_from_file(direct, chunk);
    }
    if (taken) {
        chunk->number = direct->next_number++;
    }
    if (taken && chunk->failure.kind != ERROR_NONE) {
        direct->file = direct->file_count; /* nothing more is read */
    }
    pthread_mutex_unlock(&direct->take_lock);
    return taken;
}
