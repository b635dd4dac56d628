/* A workbench that is left while its catalog is being read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <sys/stat.h>

#include "engine/path.h"
#include "engine/text.h"
#include "engine/workbench.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/mwb-test-workbench-XXXXXX";

/* Files below the folder whose name has the word in it. */
static int count_named(const char *folder, const char *word)
{
    int count = 0;
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.' && strchr("./", entry->d_name[1]) != NULL) {
            continue;
        }
        char *path = path_join(folder, entry->d_name);
        count += strstr(entry->d_name, word) != NULL ? 1 : 0;
        count += path_is_folder(path) ? count_named(path, word) : 0;
        free(path);
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return count;
}

int main(void)
{
    struct error err = {0};
    if (mkdtemp(home) == NULL) {
        printf("Bail out! no temporary folder\n");
        return EXIT_FAILURE;
    }
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("MWB_CACHE");
    char *mesh = path_join(home, "zoo"), *csv = path_join(mesh, "animals.csv");
    path_make_folders(mesh, &err);
    ok(path_write_file(csv, "id\n1\n", 5, 0600, &err), "a mesh of one file");
    struct workbench_spec spec = {.mesh = mesh};
    for (int i = 0; i < 5; i++) {
        struct workbench *workbench = workbench_new(&spec, &err);
        ok(workbench != NULL && workbench->catalog_is_loading, "its catalog is read");
        workbench_free(workbench);
        is_int(count_named(home, ".part"), 0, "left at once, nothing half made stays");
    }
    struct workbench *workbench = workbench_new(&spec, &err);
    ok(workbench_wait_catalog(workbench, &err), "later it is read all the same");
    workbench_free(workbench);
    free(csv);
    free(mesh);
    path_remove_tree(home, NULL);
    return tap_done();
}
