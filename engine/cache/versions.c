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
           "shortest INTEGER, longest INTEGER);";
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

/* What lies in the cache is believed later, so nobody else may have put it there. */
static bool check_owner(const char *folder, struct error *err)
{
    struct stat info;
    if (lstat(folder, &info) != 0) {
        return error_set(err, ERROR_FAILED, "could not look at the cache folder %s: %s",
                         folder, error_of_errno(errno));
    }
    if (!S_ISDIR(info.st_mode)) {
        return error_set(
            err, ERROR_FAILED,
            "could not use %s as cache: it is no folder; set MWB_CACHE to one of "
            "your own",
            folder);
    }
    if (info.st_uid != geteuid() || (info.st_mode & S_IWOTH) != 0) {
        return error_set(
            err, ERROR_FAILED,
            "could not use %s as cache: others may write there; set MWB_CACHE to a "
            "folder of your own",
            folder);
    }
    return true;
}

char *cache_root(struct error *err)
{
    const char *given = getenv("MWB_CACHE");
    char *root = given != NULL && given[0] != '\0'
                     ? string_copy(given)
                     : path_of_place(PLACE_CACHE, NULL, err);
    if (root == NULL) {
        return NULL;
    }
    struct error why = {0};
    if (!path_make_folders(root, &why)) {
        error_set(err, ERROR_FAILED,
                  "%s; it is where the cache goes: set MWB_CACHE to a folder of your own",
                  why.message);
    } else {
        char *real = path_absolute(root, err);
        free(root);
        root = real;
        if (root != NULL && check_owner(root, err)) {
            return root;
        }
    }
    free(root);
    return NULL;
}

/* ROOT, or the spool folder that the mesh lies in. Takes `root`. */
static char *root_of_mesh(char *root, const char *mesh)
{
    char *spools = path_join(root, "spool/");
    size_t length = strlen(spools);
    bool is_spooled = string_starts(mesh, spools);
    free(spools);
    if (!is_spooled) {
        return root;
    }
    free(root);
    return string_copy_bytes(mesh, length + strcspn(mesh + length, "/"));
}

static char *mesh_folder(const char *mesh, struct error *err)
{
    char *root = cache_root(err);
    if (root == NULL) {
        return NULL;
    }
    root = root_of_mesh(root, mesh);
    char *folder =
        string_printf("%s/products/%016llx", root, (unsigned long long)name_hash(mesh));
    free(root);
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

char *cache_product_folder(const char *mesh, const char *domain, const char *name,
                           struct error *err)
{
    char *products = mesh_folder(mesh, err);
    char *folder = products != NULL ? folder_in(products, domain, name) : NULL;
    free(products);
    return folder;
}

/* The file that "current" in a product's folder names, if it is there. */
static char *current_in(const char *folder)
{
    char *pointer = path_join(folder, "current");
    char *content = NULL, *file = NULL;
    size_t length;
    if (path_read_file(pointer, CURRENT_MOST, &content, &length, NULL)) {
        content[strcspn(content, "\n")] = '\0';
        bool safe = path_is_safe(content) && strchr(content, '/') == NULL;
        file = safe ? path_join(folder, content) : NULL;
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
    char *folder; /* NULL: nothing of the mesh is here */
};

struct cache_mesh *cache_mesh_open(const char *mesh)
{
    struct cache_mesh *open = memory_new(sizeof *open);
    open->folder = mesh_folder(mesh, NULL);
    if (open->folder != NULL && !path_is_folder(open->folder)) {
        free(open->folder);
        open->folder = NULL;
    }
    return open;
}

bool cache_mesh_has(const struct cache_mesh *mesh, const char *domain, const char *name)
{
    if (mesh->folder == NULL) {
        return false;
    }
    char *folder = folder_in(mesh->folder, domain, name);
    char *file = current_in(folder);
    bool has = file != NULL;
    free(folder);
    free(file);
    return has;
}

void cache_mesh_close(struct cache_mesh *mesh)
{
    if (mesh != NULL) {
        free(mesh->folder);
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
static bool is_whole_database(const char *path)
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

char *cache_version(const char *mesh, const char *domain, const char *name,
                    const char *version_key)
{
    char *folder = cache_product_folder(mesh, domain, name, NULL);
    char *file = folder != NULL && path_is_safe(version_key)
                     ? cache_version_file(folder, version_key)
                     : NULL;
    free(folder);
    if (file != NULL && !is_whole_database(file)) {
        free(file);
        file = NULL;
    }
    return file;
}

char *cache_current(const char *mesh, const char *domain, const char *name)
{
    char *folder = cache_product_folder(mesh, domain, name, NULL);
    char *file = folder != NULL ? current_in(folder) : NULL;
    if (file != NULL && !is_whole_database(file)) {
        free(file);
        file = NULL;
    }
    free(folder);
    return file;
}
