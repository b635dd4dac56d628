/* policy/person: which roles the person who runs the program may take.
 *
 * Asked of the host each time: groups change while meshes stay. The superuser is a person
 * like any other here, for it needs no role to read files.
 *
 * Sources: POSIX.1-2017 getgroups, getgrnam_r, getpwuid_r.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/policy/private.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { RECORD_BYTES = 16384, RECORD_BYTES_MOST = 1 << 24 };

/* A group with thousands of members needs a large buffer. */
long role_group(const struct role *role)
{
    if (role->group == NULL) {
        return -1;
    }
    long id = -1;
    int failed = ERANGE;
    for (size_t size = RECORD_BYTES; failed == ERANGE && size <= RECORD_BYTES_MOST;
         size *= 4) {
        struct group record, *found = NULL;
        char *buffer = memory_new(size);
        failed = getgrnam_r(role->group, &record, buffer, size, &found);
        id = failed == 0 && found != NULL ? (long)found->gr_gid : -1;
        free(buffer);
    }
    return id;
}

static bool is_in_group(long group)
{
    if (group < 0) {
        return false;
    }
    bool is_in = (long)getegid() == group;
    int count = getgroups(0, NULL);
    gid_t *groups = memory_new_many(count > 0 ? (size_t)count : 1, sizeof *groups);
    count = count > 0 ? getgroups(count, groups) : 0;
    for (int i = 0; i < count; i++) {
        is_in = is_in || (long)groups[i] == group;
    }
    free(groups);
    return is_in;
}

/* NULL: the system knows no name. Yours. */
static char *user_name(void)
{
    struct passwd record, *found = NULL;
    char *buffer = memory_new(RECORD_BYTES);
    getpwuid_r(geteuid(), &record, buffer, RECORD_BYTES, &found);
    char *name = found != NULL ? string_copy(found->pw_name) : NULL;
    free(buffer);
    return name;
}

static bool is_member(const struct role *role)
{
    char *name = user_name();
    bool is = false;
    for (size_t i = 0; name != NULL && i < role->members.count; i++) {
        is = is || string_equal(name, *(char **)array_at(&role->members, i));
    }
    free(name);
    return is;
}

char *policy_team(const struct catalog *catalog, const struct policy *policy,
                  const char *otherwise)
{
    const struct role *role = policy != NULL ? policy->role : NULL;
    if (role != NULL && role->team != NULL) {
        return string_copy(role->team);
    }
    char today[32];
    char *name = user_name();
    path_write_instant(catalog_now(catalog), today);
    char *team =
        name != NULL
            ? store_string(
                  catalog_database(catalog),
                  "SELECT t.name FROM member m JOIN team t ON m.owner_id IN(t.name"
                  ",t.id) WHERE m.owner_kind='team' AND m.username=?1 AND "
                  "(m.date_out IS NULL OR m.date_out>substr(?2,1,10)) ORDER BY "
                  "t.rowid LIMIT 1",
                  "ss", name, today)
            : NULL;
    free(name);
    return team != NULL                                ? team
           : otherwise != NULL && otherwise[0] != '\0' ? string_copy(otherwise)
                                                       : NULL;
}

char *role_refusal(const struct catalog *catalog, const struct role *role)
{
    bool is_open = role->group == NULL && !role->has_members;
    long group = role_group(role);
    if (is_open || is_in_group(group) || is_member(role)) {
        return NULL;
    }
    struct text why = {0};
    text_printf(&why, "the role %s ", role->name);
    if (role->group == NULL) {
        text_append(&why, "is open to the users only that mesh.yaml names");
    } else if (group < 0) {
        text_printf(&why, "belongs to the group %s, which this host has not",
                    role->group);
    } else {
        text_printf(&why, "belongs to the group %s, and you are not in it", role->group);
    }
    char *contact = role->contact != NULL ? string_copy(role->contact) : NULL;
    contact = contact != NULL ? contact : mesh_contact(catalog);
    text_printf(&why, "; ask %s",
                contact != NULL ? contact : "the people who look after the mesh");
    free(contact);
    return text_take(&why);
}
