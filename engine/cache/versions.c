/* cache: where versions lie, which one is current, and whether it is whole. How they come
 * there is in stage.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { CURRENT_MOST = 512 };

const char *cache_version_schema(void)
{
    return "CREATE TABLE IF NOT EXISTS mwb_product(key TEXT PRIMARY KEY, value TEXT);"
           "CREATE TABLE IF NOT EXISTS mwb_table(name TEXT, rows INTEGER, rejected "
           "INTEGER, "
           "contiguous INTEGER, source TEXT, path_taken TEXT);"
           "CREATE TABLE IF NOT EXISTS mwb_column(table_name TEXT, position INTEGER, "
           "name TEXT, "
           "original TEXT, declared TEXT, stored TEXT, nulls INTEGER, misfits INTEGER, "
           "examples TEXT);"
           "CREATE TABLE IF NOT EXISTS mwb_reject(table_name TEXT, file TEXT, line "
           "INTEGER, "
           "byte INTEGER, \"column\" TEXT, defect TEXT, reason TEXT, raw TEXT);"
           "CREATE TABLE IF NOT EXISTS mwb_statistic(table_name TEXT, position INTEGER, "
           "name TEXT, rows INTEGER, nulls INTEGER, integers INTEGER, reals INTEGER, "
           "texts INTEGER, \"distinct\" INTEGER, exact INTEGER, least, most, "
           "shortest INTEGER, longest INTEGER);"
           "CREATE TABLE IF NOT EXISTS mwb_source(location TEXT, etag TEXT, changed "
           "TEXT, "
           "bytes INTEGER, sha256 TEXT);";
}

/* ---- Names ---- */

/* FNV-1a, 64 bit (draft-eastlake-fnv): tells names apart, protects nothing. */
static uint64_t name_hash(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = name; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    }
    return hash;
}

/* A name as one path component. Where that changes the name, a key keeps two names that
 * become the same apart. */
static char *unique_component(const char *name)
{
    char *component = path_component(name);
    if (string_equal(component, name)) {
        return component;
    }
    char *unique =
        string_printf("%s-%08x", component, (unsigned)(name_hash(name) & 0xFFFFFFFF));
    free(component);
    return unique;
}

/* The part of a role in the path: no role may take the place of "without roles". */
static char *role_component(const char *role)
{
    return role == NULL              ? string_copy("_")
           : string_equal(role, "_") ? string_copy("_-role")
                                     : unique_component(role);
}

/* The folder of all products of a mesh in one role. Yours. */
static char *mesh_folder(const struct cache_home *home, const char *mesh,
                         const char *role)
{
    char *part = role_component(role);
    char *folder = string_printf("%s/products/%016llx/%s", home->root,
                                 (unsigned long long)name_hash(mesh), part);
    free(part);
    return folder;
}

static char *folder_in(const char *products, const char *domain, const char *name)
{
    char *domain_part =
        unique_component(domain != NULL && domain[0] != '\0' ? domain : "_");
    char *name_part = unique_component(name);
    char *folder = string_printf("%s/%s/%s", products, domain_part, name_part);
    free(domain_part);
    free(name_part);
    return folder;
}

char *cache_folder_below(const struct cache_home *home,
                         const struct cache_product *product)
{
    char *products = mesh_folder(home, product->mesh, product->role);
    char *folder = folder_in(products, product->domain, product->name);
    free(products);
    return folder;
}

bool cache_home_of(const struct cache_product *product, struct cache_home *home,
                   struct error *err)
{
    if (!cache_home_open(product->mesh, home, err) || !home->is_shared) {
        return home->root != NULL;
    }
    struct cache_home own = {.root = cache_root(NULL)};
    char *folder = own.root != NULL ? cache_folder_below(&own, product) : NULL;
    char *mine = folder != NULL ? cache_current_in(folder) : NULL;
    if (own.root != NULL && (product->is_private || mine != NULL)) {
        cache_home_close(home);
        *home = own;
    } else {
        cache_home_close(&own);
    }
    free(mine);
    free(folder);
    return true;
}

char *cache_product_folder(const struct cache_product *product, struct error *err)
{
    struct cache_home home;
    if (!cache_home_of(product, &home, err)) {
        return NULL;
    }
    char *folder = cache_folder_below(&home, product);
    cache_home_close(&home);
    return folder;
}

bool cache_key_is_safe(const char *version_key)
{
    return path_is_safe(version_key) && strchr(version_key, '/') == NULL;
}

char *cache_current_in(const char *folder)
{
    char *pointer = path_join(folder, "current");
    char *content = NULL, *file = NULL;
    size_t length;
    struct stat info;
    if (lstat(pointer, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1 &&
        (info.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
        path_read_file(pointer, CURRENT_MOST, &content, &length, NULL)) {
        content[strcspn(content, "\n")] = '\0';
        file = cache_key_is_safe(content) ? path_join(folder, content) : NULL;
        if (file != NULL && !path_exists(file)) {
            free(file);
            file = NULL;
        }
    }
    free(content);
    free(pointer);
    return file;
}

/* ---- Many questions about one mesh ---- */

struct cache_mesh {
    struct cache_home home;
    char *folder; /* NULL: nothing of the mesh is here */
    char *own;    /* the same below the person's own root, when `home` is shared */
};

static void keep_folder(char **folder)
{
    if (*folder != NULL && !path_is_folder(*folder)) {
        free(*folder);
        *folder = NULL;
    }
}

struct cache_mesh *cache_mesh_open(const char *mesh, const char *role)
{
    struct cache_mesh *open = memory_new(sizeof *open);
    if (cache_home_open(mesh, &open->home, NULL)) {
        open->folder = mesh_folder(&open->home, mesh, role);
    }
    if (open->home.is_shared) {
        struct cache_home own = {.root = cache_root(NULL)};
        open->own = own.root != NULL ? mesh_folder(&own, mesh, role) : NULL;
        cache_home_close(&own);
    }
    keep_folder(&open->folder);
    keep_folder(&open->own);
    return open;
}

static bool has_in(const char *products, const struct cache_home *home,
                   const char *domain, const char *name)
{
    char *folder = products != NULL ? folder_in(products, domain, name) : NULL;
    bool believed = folder != NULL && (home == NULL || cache_is_believed(home, folder));
    char *file = believed ? cache_current_in(folder) : NULL;
    bool has = file != NULL;
    free(folder);
    free(file);
    return has;
}

bool cache_mesh_has(const struct cache_mesh *mesh, const char *domain, const char *name)
{
    return has_in(mesh->folder, &mesh->home, domain, name) ||
           has_in(mesh->own, NULL, domain, name);
}

void cache_mesh_close(struct cache_mesh *mesh)
{
    if (mesh != NULL) {
        cache_home_close(&mesh->home);
        free(mesh->folder);
        free(mesh->own);
        free(mesh);
    }
}

/* ---- Versions ---- */

static unsigned read_big_endian(const unsigned char *at)
{
    return (unsigned)at[0] << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
}

/* Has the file the size its first page tells? A version is never half when it comes into
 * its place, but disks and people damage files: then it counts as not there and is
 * fetched again. (sqlite.org/fileformat2.html, section 1.3; the size is valid when the
 * two counters agree.) */
bool cache_is_whole(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char head[100];
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool whole = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
                 pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head &&
                 memcmp(head, magic, sizeof magic) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (!whole || read_big_endian(head + 24) != read_big_endian(head + 92)) {
        return whole;
    }
    long long page = head[16] << 8 | head[17];
    page = page == 1 ? 65536 : page;
    return info.st_size >= page * read_big_endian(head + 28);
}

char *cache_version_file(const char *folder, const char *version_key)
{
    return string_printf("%s/%s.db", folder, version_key);
}

char *cache_beside(const char *file, const char *suffix)
{
    size_t length = strlen(file) - strlen(".db");
    return string_printf("%.*s%s", (int)length, file, suffix);
}

/* The file, when it is whole and may be believed; takes it. */
static char *checked(const struct cache_home *home, const char *folder, char *file)
{
    bool good = file != NULL && string_ends(file, ".db") &&
                cache_is_believed(home, folder) && cache_is_whole(file) &&
                cache_is_verified(home, file);
    if (!good) {
        free(file);
        file = NULL;
    }
    return file;
}

/* A version by its key, or the current one. */
static char *find_version(const struct cache_product *product, const char *version_key)
{
    struct cache_home home;
    if (!cache_home_of(product, &home, NULL)) {
        return NULL;
    }
    char *folder = cache_folder_below(&home, product);
    char *file = version_key == NULL ? cache_current_in(folder)
                 : cache_key_is_safe(version_key)
                     ? cache_version_file(folder, version_key)
                     : NULL;
    file = checked(&home, folder, file);
    free(folder);
    cache_home_close(&home);
    return file;
}

char *cache_version(const struct cache_product *product, const char *version_key)
{
    return version_key != NULL ? find_version(product, version_key) : NULL;
}

char *cache_current(const struct cache_product *product)
{
    return find_version(product, NULL);
}

char *cache_version_files(const struct cache_product *product, const char *version_key)
{
    char *file = cache_version(product, version_key);
    char *files = file != NULL ? cache_beside(file, ".files") : NULL;
    free(file);
    if (files != NULL && !path_is_folder(files)) {
        free(files);
        files = NULL;
    }
    return files;
}
