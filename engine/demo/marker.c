/* marker: reads and writes the file that says what the demo made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/demo/marker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "engine/path.h"
#include "engine/text.h"

enum { MARKER_LIMIT = 1 << 20, MARKER_MODE = 0644 };
static const char *const marker_name = ".mwb-demo";
static const char *const first_line =
    "# Made by mwb demo. Keep it: it tells your files apart.";

uint32_t marker_sum(const void *bytes, size_t length)
{
    return (uint32_t)crc32_z(0, bytes, length);
}

void marker_add(struct marker *marker, const char *path, uint32_t sum)
{
    struct marker_file *file = array_push(&marker->files);
    file->path = string_copy(path);
    file->sum = sum;
}

static bool has_file(const struct marker *marker, const char *path, const uint32_t *sum)
{
    for (size_t i = 0; i < marker->files.count; i++) {
        const struct marker_file *file = array_at(&marker->files, i);
        if (strcmp(file->path, path) == 0 && (sum == NULL || file->sum == *sum)) {
            return true;
        }
    }
    return false;
}

bool marker_knows(const struct marker *marker, const char *path, uint32_t sum)
{
    return has_file(marker, path, &sum);
}

bool marker_names(const struct marker *marker, const char *path)
{
    return has_file(marker, path, NULL);
}

static void read_line(struct marker *marker, const char *line)
{
    uint32_t sum;
    int at = 0;
    if (sscanf(line, "file %8" SCNx32 " %n", &sum, &at) == 1 && at > 0) {
        if (path_is_safe(line + at)) {
            marker_add(marker, line + at, sum);
        }
    } else if (strcmp(line, "state complete") == 0) {
        marker->complete = true;
    } else if (string_starts(line, "version ")) {
        marker->version = (int)strtol(line + 8, NULL, 10);
    } else if (string_starts(line, "scale ")) {
        marker->scale = (int)strtol(line + 6, NULL, 10);
    } else if (string_starts(line, "seed ")) {
        marker->seed = strtoull(line + 5, NULL, 10);
    }
}

void marker_read(struct marker *marker, const char *folder)
{
    *marker = (struct marker){.files = ARRAY_OF(struct marker_file)};
    char *path = path_join(folder, marker_name);
    char *bytes = NULL;
    size_t length;
    marker->exists = path_read_file(path, MARKER_LIMIT, &bytes, &length, NULL);
    free(path);
    if (!marker->exists) {
        return;
    }
    for (char *line = bytes, *next; line != NULL && *line != '\0'; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        read_line(marker, line);
    }
    free(bytes);
}

bool marker_write(const struct marker *marker, const char *folder, struct error *err)
{
    struct text text = {0};
    text_printf(&text, "%s\nstate %s\nversion %d\nscale %d\nseed %" PRIu64 "\n",
                first_line, marker->complete ? "complete" : "building", marker->version,
                marker->scale, marker->seed);
    for (size_t i = 0; i < marker->files.count; i++) {
        const struct marker_file *file = array_at(&marker->files, i);
        text_printf(&text, "file %08" PRIx32 " %s\n", file->sum, file->path);
    }
    char *path = path_join(folder, marker_name);
    bool done = path_write_file(path, text_string(&text), text.length, MARKER_MODE, err);
    free(path);
    text_release(&text);
    return done;
}

void marker_release(struct marker *marker)
{
    for (size_t i = 0; i < marker->files.count; i++) {
        struct marker_file *file = array_at(&marker->files, i);
        free(file->path);
    }
    array_release(&marker->files);
}
