/* Fuzzing of the readers of descriptors: the first byte chooses the name of the file, the
 * rest is the file; it is read as a mesh of one file, and what stands in the index has to
 * hang together. Run it with TMPDIR in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {"x.yaml", "x.json", "x.odcs.yaml", "x.odps.yaml",
                                    "datapackage.json"};

/* Rows that may not be there. */
static const char *const wrong[] = {
    "SELECT count(*) FROM property WHERE object_row NOT IN(SELECT rowid FROM object)",
    "SELECT count(*) FROM object WHERE contract_row NOT IN(SELECT rowid FROM contract)",
    "SELECT count(*) FROM table_of WHERE product_row NOT IN(SELECT rowid FROM product)",
    "SELECT count(*) FROM port WHERE product_row NOT IN(SELECT rowid FROM product)",
    "SELECT count(*)-count(DISTINCT lower(key)) FROM product",
    "SELECT count(*)-count(DISTINCT schema_name) FROM product",
    "SELECT count(*) FROM product WHERE path IS NULL OR line<0 OR key IS NULL",
    "SELECT count(*) FROM problem WHERE line<1 OR sentence='' OR rule=''",
    "SELECT count(*) FROM rule WHERE typeof(line)<>'integer'",
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
    char *folder = string_printf("%s/mwb-fuzz-readers-XXXXXX",
                                 temporary != NULL ? temporary : "/tmp");
    if (length == 0 || mkdtemp(folder) == NULL) {
        free(folder);
        return 0;
    }
    /* The folder's name becomes that of a product: each input has the same. */
    char *inside = path_join(folder, "product");
    char *file = path_join(inside, names[bytes[0] % (sizeof names / sizeof *names)]);
    char *index = path_join(folder, "index.db");
    fuzz_must(mkdir(inside, 0700) == 0 &&
                  path_write_file(file, bytes + 1, length - 1, 0600, &err),
              "a file is made");
    double start = fuzz_clock();
    if (catalog_build(file, index, NULL, &err)) {
        check_index(index);
    } else {
        fuzz_must(err.message[0] != '\0', "every refusal says why");
    }
    fuzz_must_be_quick(start);
    path_remove_tree(folder, NULL);
    free(index);
    free(file);
    free(inside);
    free(folder);
    return 0;
}
