/* make_sandbox SAMPLES DIR [INDEX]: the sandbox, and the index of its catalog, for tests
 * that need nothing else of the program. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/catalog.h"
#include "engine/demo.h"

int main(int argc, char **argv)
{
    struct error err = {0};
    if (argc < 3) {
        fputs("usage: make_sandbox SAMPLES DIR [INDEX]\n", stderr);
        return ERROR_USAGE;
    }
    struct demo_install_spec spec = {.samples = argv[1], .dir = argv[2]};
    if (!demo_install(&spec, &err) ||
        (argc > 3 && !catalog_build(argv[2], argv[3], NULL, &err))) {
        fprintf(stderr, "%s\n", err.message);
        return (int)err.kind;
    }
    return EXIT_SUCCESS;
}
