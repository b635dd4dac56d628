/* Fuzzing of the reader of costs: the input is the file that mesh.yaml names. What stands
 * in the index are months, numbers and currencies, whatever the file holds, and each row
 * comes from a line of it. Run it with TMPDIR in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/fuzz/fuzz.h"

static const char mesh_file[] = "name: m\ncosts: costs.csv\n";

/* Rows that may not be there. */
static const char *const wrong[] = {
    "SELECT count(*) FROM cost WHERE month NOT GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'",
    "SELECT count(*) FROM cost WHERE typeof(amount) NOT IN('integer','real')",
    "SELECT count(*) FROM cost WHERE currency NOT GLOB '[A-Z][A-Z][A-Z]'",
    "SELECT count(*) FROM cost WHERE product_id IS NULL OR line<2",
    "SELECT count(*) FROM cost WHERE category=''",
    "SELECT count(*) FROM problem WHERE line<1 OR sentence='' OR rule=''",
    "SELECT count(*)>220 FROM problem", /* as many as are told, within it and across */
    "SELECT count(*) FROM product",
};

static void check_index(const char *index)
{
    struct error err = {0};
    sqlite3 *db = store_open(index, STORE_READ, &err);
    fuzz_must(db != NULL, "an index that was made opens");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fuzz_must(store_number(db, -1, wrong[i], "") == 0, wrong[i]);
    }
    store_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error err = {0};
    const char *temporary = getenv("TMPDIR");
    char *folder =
        string_printf("%s/mwb-fuzz-costs-XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(folder) == NULL) {
        free(folder);
        return 0;
    }
    char *mesh = path_join(folder, "mesh.yaml");
    char *file = path_join(folder, "costs.csv");
    char *index = path_join(folder, "index.db");
    fuzz_must(path_write_file(mesh, mesh_file, strlen(mesh_file), 0600, &err) &&
                  path_write_file(file, bytes, length, 0600, &err),
              "a mesh is made");
    double start = fuzz_clock();
    fuzz_must(catalog_build(folder, index, NULL, &err), "costs never cost the mesh");
    check_index(index);
    fuzz_must_be_quick(start);
    path_remove_tree(folder, NULL);
    free(index);
    free(file);
    free(mesh);
    free(folder);
    return 0;
}
