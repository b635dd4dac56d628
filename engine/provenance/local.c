/* provenance: files of the mesh itself, which no fetch has told of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/provenance/private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/digest.h"
#include "engine/path.h"

/* All files of an export together: some seconds of reading. */
static const long long hashed_most = 4LL << 30;

static bool is_told(const struct array *files, const char *location)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct provenance_file *file = array_at(files, i);
        if (string_equal(file->location, location)) {
            return true;
        }
    }
    return false;
}

static void add_table(struct provenance_source *source,
                      const struct catalog_product *product,
                      const struct catalog_table *table)
{
    struct array files;
    if (!access_table_files(product, table, false, &files, NULL)) {
        return;
    }
    for (size_t i = 0; i < files.count; i++) {
        const struct access_file *one = array_at(&files, i);
        if (one->changed_ns == 0 || is_told(&source->files, one->path)) {
            continue;
        }
        struct provenance_file *file = array_push(&source->files);
        *file = (struct provenance_file){.location = string_copy(one->path),
                                         .sha256 = string_copy(""),
                                         .bytes = one->bytes,
                                         .root = string_copy(product->folder),
                                         .modified_ns = one->modified_ns};
    }
    access_files_release(&files);
}

/* The key of a version tells its sources apart by path, size and time: while theirs is
 * that key, they are what the version was made from. */
static bool is_made_from(const struct provenance_source *source,
                         const struct catalog_product *product)
{
    struct text key = {0};
    bool is = !access_is_remote(product) &&
              access_source_key(product, NULL, &key, NULL) && key.length > 0 &&
              strstr(source->key, text_string(&key)) != NULL;
    text_release(&key);
    return is;
}

void provenance_add_local(struct provenance_source *source, const struct catalog *catalog)
{
    struct catalog_product product;
    if (source->key[0] == '\0' ||
        !catalog_product(catalog, source->product, &product, NULL)) {
        return;
    }
    if (is_made_from(source, &product)) {
        for (size_t i = 0; i < product.tables.count; i++) {
            add_table(source, &product, array_at(&product.tables, i));
        }
    }
    catalog_product_release(&product);
}

/* ---- Sums ---- */

static bool is_as_seen(int fd, const struct provenance_file *file)
{
    struct stat now;
    return fstat(fd, &now) == 0 && now.st_size == file->bytes &&
           (long long)now.st_mtim.tv_sec * 1000000000 + now.st_mtim.tv_nsec ==
               file->modified_ns;
}

static void hash_file(struct provenance_file *file)
{
    char digest[DIGEST_SIZE];
    int fd = path_open_beneath(file->root, file->location, NULL);
    if (fd < 0) {
        return;
    }
    if (is_as_seen(fd, file) && digest_file(fd, digest) && is_as_seen(fd, file)) {
        free(file->sha256);
        file->sha256 = string_copy(digest);
    }
    close(fd);
}

void provenance_hash_files(struct provenance *provenance)
{
    long long left = hashed_most;
    for (size_t i = 0; i < provenance->sources.count; i++) {
        struct provenance_source *source = array_at(&provenance->sources, i);
        for (size_t k = 0; k < source->files.count; k++) {
            struct provenance_file *file = array_at(&source->files, k);
            if (file->root != NULL && file->sha256[0] == '\0' && file->bytes <= left) {
                hash_file(file);
                left -= file->bytes;
            }
        }
    }
}
