/* refresh MESH INDEX FILE [ROUNDS]: what it costs to bring the index up to date when one
 * descriptor changed: changes the first "version:" of FILE each time, and puts the file
 * back at the end. One line: "refresh", 50th percentile and maximum (milliseconds); then
 * "nothing" with the same when no file changed, and "file" when it is known which file
 * did.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/bench/numbers.h"

enum { MOST_ROUNDS = 1000, MOST_BYTES = 1 << 20 };

struct subject {
    const char *mesh, *index, *file;
    char *before; /* its text */
};

static bool write_round(const struct subject *subject, size_t round, struct error *err)
{
    const char *at = strstr(subject->before, "\nversion: ");
    if (at == NULL) {
        return error_set(err, ERROR_FAILED, "%s has no version", subject->file);
    }
    at += strlen("\nversion: ");
    struct text changed = {0};
    text_append_bytes(&changed, subject->before, (size_t)(at - subject->before));
    text_printf(&changed, "9.%zu.0%s", round, at + strcspn(at, "\n"));
    bool done = path_write_file(subject->file, changed.data, changed.length, 0644, err);
    text_release(&changed);
    return done;
}

/* `file` NULL: it is not known which. */
static bool time_refresh(const struct subject *subject, const char *file, bool expected,
                         double *took, struct error *err)
{
    bool changed = false;
    double started = numbers_clock();
    bool done =
        file != NULL
            ? catalog_refresh_file(subject->mesh, subject->index, file, &changed, err)
            : catalog_refresh(subject->mesh, subject->index, NULL, &changed, err);
    *took = (numbers_clock() - started) * 1000;
    if (done && changed != expected) {
        return error_set(err, ERROR_FAILED, "the refresh saw %s change",
                         changed ? "a" : "no");
    }
    return done;
}

static bool run(struct subject *subject, size_t rounds, struct error *err)
{
    static double changes[MOST_ROUNDS];
    static double nothings[MOST_ROUNDS];
    static double files[MOST_ROUNDS];
    bool done = true;
    const char *file = subject->file + strlen(subject->mesh);
    file += strspn(file, "/");
    for (size_t i = 0; done && i < rounds; i++) {
        done = write_round(subject, 2 * i, err) &&
               time_refresh(subject, NULL, true, &changes[i], err) &&
               time_refresh(subject, NULL, false, &nothings[i], err) &&
               write_round(subject, 2 * i + 1, err) &&
               time_refresh(subject, file, true, &files[i], err);
    }
    if (done) {
        double half = numbers_quantile(changes, rounds, 0.5);
        printf("refresh %.2f %.2f\n", half, numbers_quantile(changes, rounds, 1));
        half = numbers_quantile(nothings, rounds, 0.5);
        printf("nothing %.2f %.2f\n", half, numbers_quantile(nothings, rounds, 1));
        half = numbers_quantile(files, rounds, 0.5);
        printf("file %.2f %.2f\n", half, numbers_quantile(files, rounds, 1));
    }
    return path_write_file(subject->file, subject->before, strlen(subject->before), 0644,
                           err) &&
           done;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct subject subject = {0};
    size_t length;
    size_t rounds = argc > 4 ? strtoul(argv[4], NULL, 10) : 10;
    if (argc < 4 || rounds < 1 || rounds > MOST_ROUNDS) {
        fputs("usage: refresh MESH INDEX FILE [ROUNDS]\n", stderr);
        return 2;
    }
    subject.mesh = argv[1];
    subject.index = argv[2];
    subject.file = argv[3];
    bool done =
        path_read_file(subject.file, MOST_BYTES, &subject.before, &length, &err) &&
        run(&subject, rounds, &err);
    free(subject.before);
    if (!done) {
        fprintf(stderr, "refresh: %s\n", err.message);
    }
    return done ? 0 : 1;
}
