/* cache: names of versions, stages that become versions, and the broom.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { CURRENT_MOST = 512 };

static const char lock_name[] = "lock";

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
           "byte INTEGER, \"column\" TEXT, reason TEXT, raw TEXT);";
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

static char *version_file(const char *folder, const char *version_key)
{
    return string_printf("%s/%s.db", folder, version_key);
}

char *cache_version(const char *mesh, const char *domain, const char *name,
                    const char *version_key)
{
    char *folder = cache_product_folder(mesh, domain, name, NULL);
    char *file = folder != NULL && path_is_safe(version_key)
                     ? version_file(folder, version_key)
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

/* ---- Folders of one process: stages and spools ---- */

struct cache_stage {
    char *folder, *file;
    int lock;
};

/* Eight signs of the boot's id, so that a person sees whether the number is of this boot.
 */
static void read_boot(char boot[9])
{
    memcpy(boot, "00000000", 9);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        char id[8];
        if (read(fd, id, sizeof id) == (ssize_t)sizeof id) {
            memcpy(boot, id, sizeof id);
        }
        close(fd);
    }
}

/* Take the lock of a folder. Below 0 and errno on failure; EWOULDBLOCK: its owner lives.
 */
static int lock_folder(const char *folder, int flags)
{
    char *path = path_join(folder, lock_name);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    free(path);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

/* Folders are made while the parent is held shared and swept while it is held alone, so a
 * folder that has no lock yet belongs to nobody but a dead process. */
static int hold_parent(const char *parent, int how)
{
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    int status;
    do {
        status = fd >= 0 ? flock(fd, how) : -1;
    } while (status != 0 && fd >= 0 && errno == EINTR);
    if (fd >= 0 && status != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* A new folder below CACHE/kind, locked by this process. */
static char *make_own_folder(const char *kind, int *lock, struct error *err)
{
    char *root = cache_root(err);
    char *parent = root != NULL ? path_join(root, kind) : NULL;
    free(root);
    if (parent == NULL || !path_make_folders(parent, err)) {
        free(parent);
        return NULL;
    }
    char boot[9];
    read_boot(boot);
    int held = hold_parent(parent, LOCK_SH);
    char *folder = string_printf("%s/%ld-%s-XXXXXX", parent, (long)getpid(), boot);
    free(parent);
    *lock = -1;
    if (held >= 0 && mkdtemp(folder) != NULL) {
        *lock = lock_folder(folder, O_CREAT | O_EXCL);
    }
    if (*lock < 0) {
        error_set(err, ERROR_FAILED, "could not make the folder %s in the cache: %s",
                  folder, error_of_errno(errno));
        rmdir(folder);
        free(folder);
        folder = NULL;
    }
    if (held >= 0) {
        close(held);
    }
    return folder;
}

struct cache_stage *cache_stage_new(struct error *err)
{
    int lock;
    char *folder = make_own_folder("stage", &lock, err);
    if (folder == NULL) {
        return NULL;
    }
    struct cache_stage *stage = memory_new(sizeof *stage);
    stage->folder = folder;
    stage->file = path_join(folder, "version.db");
    stage->lock = lock;
    return stage;
}

const char *cache_stage_file(const struct cache_stage *stage)
{
    return stage->file;
}

const char *cache_stage_folder(const struct cache_stage *stage)
{
    return stage->folder;
}

void cache_stage_free(struct cache_stage *stage)
{
    if (stage == NULL) {
        return;
    }
    path_remove_tree(stage->folder, NULL);
    close(stage->lock);
    free(stage->folder);
    free(stage->file);
    free(stage);
}

/* The lock lives as long as the process: nothing closes it. */
char *cache_spool_folder(struct error *err)
{
    int lock;
    return make_own_folder("spool", &lock, err);
}

void cache_spools_end(const char *folder)
{
    if (folder != NULL) {
        path_remove_tree(folder, NULL);
    }
}

/* ---- Publishing ---- */

static bool seal_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 && fchmod(fd, 0440) == 0 && fsync(fd) == 0;
    if (!good) {
        error_set(err, ERROR_FAILED, "could not write %s to the disk: %s", path,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool move(const char *from, const char *to, struct error *err)
{
    if (path_is_folder(to)) { /* nothing of ours, and in the way */
        path_remove_tree(to, NULL);
    }
    return rename(from, to) == 0 ||
           error_set(err, ERROR_FAILED,
                     "could not put the new version in place as %s: %s", to,
                     error_of_errno(errno));
}

bool cache_stage_publish(struct cache_stage *stage, const char *mesh, const char *domain,
                         const char *name, const char *version_key, struct error *err)
{
    if (!path_is_safe(version_key) || strchr(version_key, '/') != NULL) {
        return error_set(err, ERROR_FAILED, "could not keep a version named \"%s\"",
                         version_key);
    }
    char *folder = cache_product_folder(mesh, domain, name, err);
    if (folder == NULL || !path_make_folders(folder, err) ||
        !seal_file(stage->file, err)) {
        free(folder);
        return false;
    }
    char *file = version_file(folder, version_key);
    char *pointer = path_join(folder, "current");
    char *content = string_printf("%s.db\n", version_key);
    char *staged = path_join(stage->folder, "current");
    /* Everything is made in the stage, so that a kill leaves nothing outside of it. */
    bool good = path_write_file(staged, content, strlen(content), 0600, err) &&
                move(stage->file, file, err) && path_sync_folder(folder, err) &&
                move(staged, pointer, err) && path_sync_folder(folder, err);
    free(staged);
    free(content);
    free(pointer);
    free(file);
    free(folder);
    return good;
}

/* ---- The broom ---- */

/* The lock is taken before and held while the folder goes, so two brooms do not meet. */
static void sweep_folder(const char *folder)
{
    int lock = lock_folder(folder, 0);
    if (lock < 0) {
        if (errno == ENOENT) {
            path_remove_tree(folder, NULL);
        }
        return;
    }
    path_remove_tree(folder, NULL);
    close(lock);
}

static void sweep_kind(const char *root, const char *kind)
{
    char *parent = path_join(root, kind);
    int held = hold_parent(parent, LOCK_EX);
    DIR *listing = held >= 0 ? opendir(parent) : NULL;
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') {
            char *folder = path_join(parent, entry->d_name);
            sweep_folder(folder);
            free(folder);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    if (held >= 0) {
        close(held);
    }
    free(parent);
}

void cache_sweep(void)
{
    char *root = cache_root(NULL);
    if (root != NULL) {
        sweep_kind(root, "stage");
        sweep_kind(root, "spool");
    }
    free(root);
}
