/* access: files beside the descriptor and nothing else, however the path is written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/path.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-access-XXXXXX";
static char *folder;
static struct error err;

static void put(const char *relative, const char *content)
{
    char *path = path_join(root, relative);
    path_write_file(path, content, strlen(content), 0600, &err);
    free(path);
}

static struct catalog_product product_of(const char *const *locations, size_t count)
{
    struct catalog_product product = {.folder = folder,
                                      .entry.id = (char *)"shop/orders",
                                      .tables = ARRAY_OF(struct catalog_table)};
    struct catalog_table *table = array_push(&product.tables);
    *table = (struct catalog_table){.name = (char *)"t",
                                    .sql_name = (char *)"t",
                                    .columns = ARRAY_OF(struct catalog_column),
                                    .files = ARRAY_OF(char *)};
    for (size_t i = 0; i < count; i++) {
        *(char **)array_push(&table->files) = (char *)locations[i];
    }
    return product;
}

static void release(struct catalog_product *product)
{
    struct catalog_table *table = array_at(&product->tables, 0);
    array_release(&table->files);
    array_release(&product->tables);
}

/* The files' paths with blanks between, or the error. */
static const char *files_of(const char *location)
{
    static struct text out;
    struct array files;
    struct catalog_product product = product_of(&location, 1);
    text_clear(&out);
    err = (struct error){0};
    if (access_table_files(&product, array_at(&product.tables, 0), true, &files, &err)) {
        for (size_t i = 0; i < files.count; i++) {
            const struct access_file *file = array_at(&files, i);
            char byte;
            bool opened = read(file->fd, &byte, 1) == 1;
            text_printf(&out, "%s%s%s", i > 0 ? " " : "", file->path,
                        opened ? "" : "(closed)");
        }
        access_files_release(&files);
    } else {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    release(&product);
    return text_string(&out);
}

static void test_plain(void)
{
    is_text(files_of("data/a.csv"), "data/a.csv", "a file");
    is_text(files_of("./data/a.csv"), "data/a.csv", "with a dot before");
    is_text(files_of("data/*.csv"), "data/[table].csv data/a.csv data/b.csv",
            "a pattern, in byte order");
    is_text(files_of("*/?.csv"), "data/a.csv data/b.csv", "a pattern of folders");
    is_text(files_of("data/[table].csv"), "data/[table].csv",
            "a name that looks like a pattern");
    is_text(files_of("data/[b-z].csv"), "data/b.csv", "and a pattern that is one");
    /* Where the kernel cannot tell where a link leads, none is followed. */
    const char *link = files_of("data/link/inner.csv");
    ok(string_equal(link, "data/link/inner.csv") || string_equal(link, "refused"),
       "a link that stays below is read, or refused: %s", link);
    is_text(files_of("data/none.csv"), "refused", "a missing file");
    ok(strstr(err.message, "data/none.csv") != NULL, "is named: %s", err.message);
    is_text(files_of("data/*.tsv"), "refused", "a pattern without files");
    ok(strstr(err.message, "*.tsv") != NULL, "is named: %s", err.message);
}

static void test_attacks(void)
{
    static const char *const locations[] = {"../secret.csv",
                                            "/etc/passwd",
                                            "data/../../secret.csv",
                                            "data/out.csv",
                                            "data/outside/secret.csv",
                                            "data/fifo.csv",
                                            "/dev/zero",
                                            "data",
                                            "data/",
                                            "",
                                            ".",
                                            "data/.hidden.csv",
                                            "data//a.csv",
                                            "..\\secret.csv",
                                            "../*.csv",
                                            "data/../../*.csv",
                                            "data/outside/*.csv",
                                            "data/zero.csv"};
    for (size_t i = 0; i < sizeof locations / sizeof locations[0]; i++) {
        is_text(files_of(locations[i]), "refused", "\"%s\" is refused", locations[i]);
    }
    is_text(files_of("https://example.org/a.csv"), "refused",
            "an address is no local file");
    ok(strstr(err.message, "get the product") != NULL, "with what to do: %s",
       err.message);
    is_text(files_of("file:///etc/passwd"), "refused", "file: too");
}

static void test_key(void)
{
    static const char *const locations[] = {"data/a.csv", "data/late.csv"};
    struct text keys[4] = {{0}};
    struct catalog_product product = product_of(locations, 2);
    struct catalog_table *table = array_at(&product.tables, 0);
    access_source_key(&product, NULL, &keys[0], &err);
    access_source_key(&product, NULL, &keys[1], &err);
    is_int((long long)keys[0].length, 16, "a key is 16 digits");
    is_text(text_string(&keys[1]), text_string(&keys[0]),
            "the same source, the same key");
    put("product/data/late.csv", "x\n");
    access_source_key(&product, NULL, &keys[2], &err);
    ok(!string_equal(text_string(&keys[2]), text_string(&keys[0])),
       "a new file changes it");
    struct catalog_column *column = array_push(&table->columns);
    column->name = (char *)"id";
    column->type = (char *)"integer";
    access_source_key(&product, NULL, &keys[3], &err);
    ok(!string_equal(text_string(&keys[3]), text_string(&keys[2])),
       "so does a declared type");
    array_release(&table->columns);
    for (size_t i = 0; i < 4; i++) {
        text_release(&keys[i]);
    }
    release(&product);
}

static void link_at(const char *relative, const char *target)
{
    char *path = path_join(root, relative);
    ok(symlink(target, path) == 0, "link %s", relative);
    free(path);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    folder = path_join(root, "product");
    char *data = path_join(folder, "data");
    path_make_folders(data, &err);
    put("secret.csv", "s\n");
    put("product/data/a.csv", "a\n");
    put("product/data/b.csv", "b\n");
    put("product/data/[table].csv", "t\n");
    put("product/data/.hidden.csv", "h\n");
    char *fifo = path_join(data, "fifo.csv.x");
    ok(mkfifo(fifo, 0600) == 0, "a FIFO");
    free(fifo);
    char *links = path_join(data, "link");
    path_make_folders(links, &err);
    free(links);
    link_at("product/data/link/inner.csv", "../b.csv");
    test_key();
    char *late = path_join(data, "late.csv");
    unlink(late);
    free(late);
    /* Named so that the patterns above meet them only where they are meant. */
    link_at("product/data/out.csv", "../../secret.csv");
    link_at("product/data/outside", "../..");
    link_at("product/data/zero.csv", "/dev/zero");
    link_at("product/data/fifo.csv", "fifo.csv.x");
    test_attacks();
    static const char *const gone[] = {"out.csv", "zero.csv", "fifo.csv"};
    for (size_t i = 0; i < 3; i++) {
        char *path = path_join(data, gone[i]);
        unlink(path);
        free(path);
    }
    test_plain();
    path_remove_tree(root, NULL);
    free(data);
    free(folder);
    return tap_done();
}
