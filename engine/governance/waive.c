/* governance/waive: writes a waiver into the mesh's file of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/amend.h"
#include "engine/path.h"

static const char new_file[] =
    "# Violations that are put up with for a while: which policy, whose product or "
    "domain,\n"
    "# why, who answers for it, and until when. After that day they count again.\n"
    "waivers: []\n";

/* ---- Which file ---- */

static char *find_file(const struct catalog *catalog, struct error *err)
{
    sqlite3 *db = catalog_database(catalog);
    char *path = store_string(db,
                              "SELECT path FROM document WHERE role='policy' AND hash IS "
                              "NOT NULL AND (path LIKE '%/waivers.yaml' OR path LIKE "
                              "'%/waivers.yml') ORDER BY path LIMIT 1",
                              "");
    if (path == NULL) {
        char *folder = store_string(
            db, "SELECT path FROM document WHERE role='policy' AND hash IS NULL LIMIT 1",
            "");
        path = folder != NULL ? path_join(folder, "waivers.yaml") : NULL;
        free(folder);
    }
    char *origin = path != NULL ? catalog_origin(catalog, path) : NULL;
    if (path == NULL) {
        error_set(err, ERROR_FAILED,
                  "only a mesh with a mesh.yaml has waivers: this one has none");
    } else if (origin != NULL) {
        error_set(err, ERROR_FAILED,
                  "the mesh is a copy of %s: write the waiver where it comes from",
                  origin);
        free(path);
        path = NULL;
    }
    free(origin);
    return path;
}

static bool make_file(const struct catalog *catalog, const char *path, struct error *err)
{
    char *full = path_join(catalog_mesh_path(catalog), path);
    char *folder = path_folder(full);
    bool done = path_exists(full) || (path_make_folders(folder, err) &&
                                      path_write_file(full, new_file, sizeof new_file - 1,
                                                      path_usual_mode(), err));
    free(folder);
    free(full);
    return done;
}

/* ---- What is written ---- */

static void append_member(struct text *json, const char *key, const char *value)
{
    if (value != NULL) {
        text_printf(json, "%s\"%s\":", json->length > 1 ? "," : "", key);
        text_append_json(json, value);
    }
}

static bool check_waiver(const struct catalog *catalog,
                         const struct governance_waiver *waiver, struct error *err)
{
    long long day;
    if (waiver->reason == NULL || *waiver->reason == '\0' || waiver->owner == NULL ||
        *waiver->owner == '\0') {
        return error_set(err, ERROR_USAGE,
                         "a waiver needs a reason and an owner who answers for it");
    }
    if (waiver->until == NULL || strlen(waiver->until) != strlen("2027-03-31") ||
        !path_read_instant(waiver->until, &day)) {
        return error_set(err, ERROR_USAGE,
                         "a waiver needs its last day, such as 2027-03-31");
    }
    if (day < catalog_now(catalog) - 86400) {
        return error_set(err, ERROR_USAGE, "the last day %s is over", waiver->until);
    }
    return true;
}

static bool is_list(const struct amend_file *file)
{
    struct document_place place;
    struct document *document =
        document_parse(file->before, file->length, DOCUMENT_YAML, &place, NULL);
    bool is = document_kind(document_root(document)) == DOCUMENT_LIST;
    document_free(document);
    return is;
}

static bool add_to_file(const char *root, const char *path, const char *json,
                        struct error *err)
{
    struct amend_file file;
    if (!amend_open(&file, root, path, err)) {
        return false;
    }
    struct amend_change change = {
        .kind = AMEND_ADD, .path = is_list(&file) ? "" : "/waivers", .value = json};
    bool done = amend_apply(&file, &change, err) && amend_write(&file, err);
    amend_close(&file);
    return done;
}

bool governance_waive(const struct catalog *catalog,
                      const struct governance_waiver *waiver, char **path,
                      struct error *err)
{
    struct text json = {0};
    *path = NULL;
    char *file = check_waiver(catalog, waiver, err) ? find_file(catalog, err) : NULL;
    text_append(&json, "{");
    append_member(&json, "policy", waiver->policy);
    append_member(&json, "product", waiver->product);
    append_member(&json, "domain", waiver->domain);
    append_member(&json, "reason", waiver->reason);
    append_member(&json, "owner", waiver->owner);
    append_member(&json, "until", waiver->until);
    text_append(&json, "}");
    bool done = file != NULL && make_file(catalog, file, err) &&
                add_to_file(catalog_mesh_path(catalog), file, text_string(&json), err);
    text_release(&json);
    if (done) {
        *path = file;
        file = NULL;
    }
    free(file);
    return done;
}
