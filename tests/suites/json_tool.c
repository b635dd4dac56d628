/* json_tool: is each file one JSON text, by the check that import does first? For each a
 * line: FILE, "yes" or the sentence, milliseconds of CPU; last the memory at most (KiB).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "engine/import/json_text.h"
#include "engine/import/source.h"
#include "engine/path.h"

static bool run_piece(struct json_scan *scan, const struct source_piece *piece)
{
    for (size_t at = 0, used; at < piece->length; at += used) {
        if (json_scan_run(scan, piece->data + at, piece->length - at, &used) ==
            JSON_FAULT) {
            return false;
        }
    }
    return true;
}

static bool check_source(struct source *source, struct error *err)
{
    struct json_scan scan;
    struct source_piece piece;
    enum source_state state;
    json_scan_init(&scan, -1, false);
    bool sound = true;
    while (sound && (state = source_next(source, &piece, err)) == SOURCE_PIECE) {
        sound = run_piece(&scan, &piece);
    }
    if (sound && state == SOURCE_FAILED) {
        return false;
    }
    for (enum json_event event = JSON_END; sound && event == JSON_END;) {
        event = json_scan_finish(&scan);
        sound = event != JSON_FAULT;
    }
    return sound || json_scan_tell(&scan, source_name(source), err);
}

int main(int count, char **names)
{
    for (int i = 1; i < count; i++) {
        struct error err = {0};
        clock_t start = clock();
        int fd = open(names[i], O_RDONLY);
        struct feed_spec spec = {.fd = fd, .name = path_base(names[i])};
        struct source *source = source_new(&spec, &err);
        bool good = source != NULL && check_source(source, &err);
        printf("%s\t%s\t%ld\n", spec.name, good ? "yes" : err.message,
               (long)(clock() - start) * 1000 / CLOCKS_PER_SEC);
        source_free(source);
        close(fd);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("memory\t%ld\n", usage.ru_maxrss);
    return 0;
}
