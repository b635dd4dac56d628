/* make_sandbox SAMPLES DIR [SCALE]: the sandbox for tests that need nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/demo.h"

int main(int argc, char **argv)
{
    struct error err = {0};
    if (argc < 3) {
        fputs("usage: make_sandbox SAMPLES DIR [SCALE]\n", stderr);
        return ERROR_USAGE;
    }
    struct demo_install_spec spec = {
        .samples = argv[1], .dir = argv[2], .scale = argc > 3 ? atoi(argv[3]) : 1};
    if (!demo_install(&spec, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return (int)err.kind;
    }
    return EXIT_SUCCESS;
}
