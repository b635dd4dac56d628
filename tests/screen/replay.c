/* replay: bytes of a file through the emulator to text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/replay.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/text.h"
#include "tests/screen/emulator.h"
#include "tests/screen/escapes.h"
#include "tests/screen/terminfo.h"

static void print_screen(const struct emulator *emulator)
{
    struct text out = {0};
    for (int row = 0; row < emulator_height(emulator); row++) {
        emulator_row(emulator, row, &out, NULL);
        text_append_char(&out, '\n');
    }
    emulator_looks(emulator, &out);
    printf("%s", text_string(&out));
    text_release(&out);
}

int replay(const char *path, int width, int height, const char *term)
{
    FILE *file = fopen(path, "re");
    if (file == NULL || !terminfo_choose(term)) {
        fprintf(stderr, "play: %s cannot be replayed for the terminal %s\n", path, term);
        return EXIT_FAILURE;
    }
    struct emulator *emulator = emulator_new(width, height, true);
    struct escapes *escapes = escapes_new();
    struct text shown = {0};
    char bytes[4096];
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        escapes_feed(escapes, bytes, got, &shown);
        emulator_feed(emulator, text_string(&shown), shown.length);
        text_clear(&shown);
    }
    fclose(file);
    print_screen(emulator);
    escapes_left_over(escapes, &shown);
    printf("left over:\n%sforeign:\n%s", text_string(&shown), escapes_foreign(escapes));
    text_release(&shown);
    emulator_free(emulator);
    escapes_free(escapes);
    return EXIT_SUCCESS;
}
