/* replay: a fuzz target over the files of a folder, built as everything else is, so that
 * what a fuzzer found stays tested without one. TAP. Usage: replay FOLDER
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"
#include "tests/fuzz/fuzz.h"

enum { FILE_MOST = 1 << 20, PATIENCE = 60 };

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    int count = 0;
    if (folder == NULL) {
        printf("Bail out! usage: replay FOLDER\n");
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char *path = path_join(argv[1], entry->d_name), *bytes = NULL;
        size_t length = 0;
        struct error err = {0};
        if (entry->d_name[0] != '.' &&
            path_read_file(path, FILE_MOST, &bytes, &length, &err)) {
            fprintf(stderr, "%s\n", path); /* the one that crashes is the last named */
            alarm(PATIENCE);
            LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
            count++;
        }
        free(bytes);
        free(path);
    }
    closedir(folder);
    printf("%d files\n", count);
    return count > 0 ? 0 : 1;
}
