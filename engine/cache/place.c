/* cache: whose folders the cache lies in: the person's own root, and one that a group
 * shares. Each step of the way there is looked at, for who owns a folder above may put
 * another one in its place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

/* ---- The way to a folder ---- */

/* Root, this person, the owner of what is shared, and whoever owns "/": inside a user
 * namespace that is root as seen from there. */
static bool is_trusted(uid_t owner, uid_t founder)
{
    struct stat top;
    return owner == 0 || owner == geteuid() || owner == founder ||
           (stat("/", &top) == 0 && owner == top.st_uid);
}

static bool fail_step(const char *path, const char *why, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not use %s as cache: %s; set MWB_CACHE to a folder of your "
                     "own",
                     path, why);
}

static bool check_step(const char *step, const char *path, uid_t founder,
                       struct error *err)
{
    struct stat info;
    char *why = NULL;
    if (lstat(step, &info) != 0) {
        return errno == ENOENT ||
               error_set(err, ERROR_FAILED, "could not look at the cache folder %s: %s",
                         step, error_of_errno(errno));
    }
    if (!S_ISDIR(info.st_mode) && !S_ISLNK(info.st_mode)) {
        why = string_printf("%s is no folder", step);
    } else if (!is_trusted(info.st_uid, founder)) {
        why = string_printf("%s belongs to user %ld, who could put anything there", step,
                            (long)info.st_uid);
    } else if (S_ISDIR(info.st_mode) && (info.st_mode & S_IWOTH) != 0 &&
               (info.st_mode & S_ISVTX) == 0) {
        why = string_equal(step, path) ? string_copy("others may write there")
                                       : string_printf("everybody may write in %s", step);
    }
    bool good = why == NULL || fail_step(path, why, err);
    free(why);
    return good;
}

/* Every folder and link of an absolute path that is there. */
static bool check_way(const char *path, uid_t founder, struct error *err)
{
    char *step = string_copy(path);
    bool good = true;
    for (char *p = step + 1; good; p++) {
        if (*p != '/' && *p != '\0') {
            continue;
        }
        char kept = *p;
        *p = '\0';
        good = check_step(step, path, founder, err);
        *p = kept;
        if (kept == '\0') {
            break;
        }
    }
    free(step);
    return good;
}

static char *absolute_text(const char *path, struct error *err)
{
    if (path[0] == '/') {
        return string_copy(path);
    }
    char *here = path_absolute(".", err);
    char *whole = here != NULL ? path_join(here, path) : NULL;
    free(here);
    return whole;
}

/* ---- The person's own root ---- */

static bool check_own(const char *root, struct error *err)
{
    struct stat info;
    if (lstat(root, &info) != 0) {
        return error_set(err, ERROR_FAILED, "could not look at the cache folder %s: %s",
                         root, error_of_errno(errno));
    }
    if (info.st_uid != geteuid() || (info.st_mode & S_IWOTH) != 0) {
        return fail_step(root, "others may write there", err);
    }
    return (info.st_mode & S_IWGRP) == 0 ||
           error_set(err, ERROR_FAILED,
                     "could not use %s as cache: its group may write there; to share it "
                     "with the group chmod it to 2770, to keep it to yourself to 0700",
                     root);
}

char *cache_root(struct error *err)
{
    char *given = path_of_place(PLACE_CACHE, NULL, err);
    char *whole = given != NULL ? absolute_text(given, err) : NULL;
    free(given);
    struct error why = {0};
    char *root = NULL;
    if (whole != NULL && check_way(whole, geteuid(), err)) {
        if (path_make_folders(whole, &why)) {
            root = path_absolute(whole, err);
        } else {
            error_set(err, ERROR_FAILED,
                      "%s; it is where the cache goes: set MWB_CACHE to a folder of your "
                      "own",
                      why.message);
        }
    }
    free(whole);
    if (root != NULL && (!check_way(root, geteuid(), err) || !check_own(root, err))) {
        free(root);
        root = NULL;
    }
    return root;
}

/* ---- A root that a group shares ---- */

static bool is_member(gid_t group)
{
    gid_t *groups;
    int count = getgroups(0, NULL);
    bool found = geteuid() == 0 || getegid() == group;
    if (found || count <= 0) {
        return found;
    }
    groups = memory_new_many((size_t)count, sizeof *groups);
    count = getgroups(count, groups);
    for (int i = 0; i < count && !found; i++) {
        found = groups[i] == group;
    }
    free(groups);
    return found;
}

static bool check_shared(const char *root, const struct stat *info, struct error *err)
{
    if ((info->st_mode & S_IRWXO) != 0) {
        return error_set(err, ERROR_FAILED,
                         "could not share the cache %s: it is open to others than its "
                         "group; chmod it to 2770",
                         root);
    }
    if (!is_member(info->st_gid)) {
        struct group *group = getgrgid(info->st_gid);
        return error_set(err, ERROR_FAILED,
                         "could not share the cache %s: you are not in its group (%s); "
                         "ask who runs this host, or unset MWB_CACHE",
                         root, group != NULL ? group->gr_name : "one without a name");
    }
    return true;
}

bool cache_home_shared(struct cache_home *home, struct error *err)
{
    struct stat info;
    char *given = path_shared_cache();
    char *whole = given != NULL ? absolute_text(given, err) : NULL;
    free(given);
    *home = (struct cache_home){0};
    if (whole == NULL || stat(whole, &info) != 0) {
        free(whole);
        return false;
    }
    char *root = check_way(whole, info.st_uid, err) ? path_absolute(whole, err) : NULL;
    free(whole);
    if (root == NULL || !check_way(root, info.st_uid, err) ||
        !check_shared(root, &info, err)) {
        free(root);
        return false;
    }
    *home = (struct cache_home){root, true, info.st_gid};
    return true;
}

/* ---- Of a mesh ---- */

/* May the group read the mesh itself? What only one person can read is not shared. */
static bool is_open_to(const char *mesh, gid_t group)
{
    char *step = string_copy(mesh);
    bool is_open = true;
    for (char *p = step + 1; is_open && mesh[0] == '/'; p++) {
        if (*p != '/' && *p != '\0') {
            continue;
        }
        char kept = *p;
        struct stat info;
        *p = '\0';
        if (stat(step, &info) == 0) {
            mode_t wanted = kept != '\0'            ? S_IXOTH
                            : S_ISDIR(info.st_mode) ? S_IXOTH | S_IROTH
                                                    : S_IROTH;
            mode_t mode =
                info.st_gid == group ? (info.st_mode >> 3) & 7 : info.st_mode & 7;
            is_open = (mode & wanted) == wanted;
        }
        *p = kept;
        if (kept == '\0') {
            break;
        }
    }
    free(step);
    return is_open;
}

bool cache_is_shared(void)
{
    char *shared = path_shared_cache();
    bool is_shared = shared != NULL;
    free(shared);
    return is_shared;
}

bool cache_may_share(const char *file)
{
    struct cache_home shared;
    bool may = !cache_home_shared(&shared, NULL) || is_open_to(file, shared.group);
    cache_home_close(&shared);
    return may;
}

/* ROOT, or the spool folder that the mesh lies in. Takes `root`. */
static char *root_of_mesh(char *root, const char *mesh, bool *is_spooled)
{
    char *spools = path_join(root, "spool/");
    size_t length = strlen(spools);
    *is_spooled = string_starts(mesh, spools);
    free(spools);
    if (!*is_spooled) {
        return root;
    }
    free(root);
    return string_copy_bytes(mesh, length + strcspn(mesh + length, "/"));
}

bool cache_home_open(const char *mesh, struct cache_home *home, struct error *err)
{
    struct error why = {0};
    struct cache_home shared;
    bool is_spooled;
    *home = (struct cache_home){0};
    char *root = cache_root(err);
    if (root == NULL) {
        return false;
    }
    root = root_of_mesh(root, mesh, &is_spooled);
    *home = (struct cache_home){.root = root};
    if (is_spooled) {
        return true;
    }
    if (!cache_home_shared(&shared, &why)) {
        if (why.kind != ERROR_NONE) {
            cache_home_close(home);
            return error_set(err, why.kind, "%s", why.message);
        }
        return true;
    }
    if (is_open_to(mesh, shared.group)) {
        cache_home_close(home);
        *home = shared;
    } else {
        cache_home_close(&shared);
    }
    return true;
}

void cache_home_close(struct cache_home *home)
{
    free(home->root);
    *home = (struct cache_home){0};
}
