/* agreement/ask: a request, as a new file of the mesh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/amend.h"
#include "engine/path.h"
#include "engine/store.h"

enum { MOST_MESH_BYTES = 1024 * 1024, MOST_NUMBERS = 100 };

/* ---- The product ---- */

struct target {
    char *product, *id, *team, *contact;
};

static void target_release(struct target *target)
{
    free(target->product);
    free(target->id);
    free(target->team);
    free(target->contact);
}

static bool find_target(const struct catalog *catalog,
                        const struct agreement_request *request, struct target *target,
                        struct error *err)
{
    struct catalog_entry entry;
    if (!catalog_find(catalog, request->product, &entry, err)) {
        return false;
    }
    sqlite3 *db = catalog_database(catalog);
    *target = (struct target){.product = string_copy(entry.id)};
    target->team = store_string(db, "SELECT nullif(team,'') FROM product WHERE rowid=?1",
                                "l", entry.row);
    char *contact = store_string(db,
                                 "SELECT t.contact FROM product p JOIN team t ON p.team "
                                 "IN(t.name,t.id) WHERE p.rowid=?1 LIMIT 1",
                                 "l", entry.row);
    target->contact = contact != NULL && string_starts(contact, "mailto:")
                          ? string_copy(contact + strlen("mailto:"))
                          : string_copy(contact);
    free(contact);
    bool has_port =
        request->port == NULL ||
        store_number(db, 0,
                     "SELECT count(*) FROM port WHERE product_row=?1 AND dir='out' AND "
                     "name=?2",
                     "ls", entry.row, request->port) > 0;
    catalog_entry_release(&entry);
    return has_port ||
           error_set(err, ERROR_FAILED, "%s has no output port %s; show %s lists them",
                     target->product, request->port, target->product);
}

/* The same wish is not written down twice. */
static bool check_new(const struct catalog *catalog,
                      const struct agreement_request *request,
                      const struct target *target, struct error *err)
{
    struct agreement_filter filter = {.product = target->product};
    struct array list = agreement_list(catalog, &filter);
    char today[AGREEMENT_DAY];
    bool is_new = true;
    agreement_day(catalog, 0, today);
    for (size_t i = 0; is_new && i < list.count; i++) {
        const struct agreement *one = array_at(&list, i);
        bool same = string_equal_fold(one->consumer, request->person.team) &&
                    string_equal_fold(one->role, request->person.role) &&
                    (one->port == NULL || string_equal(one->port, request->port));
        bool holds =
            string_equal_fold(one->status, "approved") &&
            (one->end == NULL || strncmp(one->end, today, AGREEMENT_DAY - 1) >= 0);
        if (same && (holds || string_equal_fold(one->status, "requested"))) {
            is_new = error_set(err, ERROR_FAILED, "the same is %s already: %s in %s",
                               holds ? "agreed upon" : "asked for", one->id, one->path);
        }
    }
    agreements_release(&list);
    return is_new;
}

/* ---- The text ---- */

static void add_member(struct text *json, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        text_append(json, json->length > 1 ? "," : "");
        text_append_json(json, key);
        text_append_char(json, ':');
        text_append_json(json, value);
    }
}

/* `object`: JSON of a map that is complete but for its brace; else a text. */
static bool add_key(struct text *out, const char *path, const char *value,
                    struct error *err)
{
    struct amend_change change = {AMEND_SET, path, NULL};
    struct text json = {0};
    if (value == NULL || value[0] == '\0') {
        return true;
    }
    text_append_json(&json, value);
    change.value = text_string(&json);
    bool done = amend_text(out, DOCUMENT_YAML, &change, err);
    text_release(&json);
    return done;
}

static bool add_map(struct text *out, const char *path, struct text *members,
                    struct error *err)
{
    text_append_char(members, '}');
    struct amend_change change = {AMEND_SET, path, text_string(members)};
    bool done = members->length == 2 || amend_text(out, DOCUMENT_YAML, &change, err);
    text_release(members);
    return done;
}

static bool write_text(const struct catalog *catalog,
                       const struct agreement_request *request,
                       const struct target *target, struct agreement_asked *asked,
                       struct error *err)
{
    char today[AGREEMENT_DAY];
    struct text out = {0}, provider = {0}, consumer = {0};
    agreement_day(catalog, 0, today);
    text_append(&out, "# A request to use a data product. It is answered with\n"
                      "# approve ID, or reject ID --reason TEXT.\n");
    text_printf(&out, "id: %s\n", asked->id);
    text_append_char(&provider, '{');
    add_member(&provider, "product", target->product);
    add_member(&provider, "port", request->port);
    add_member(&provider, "team", target->team);
    add_member(&provider, "contact", target->contact);
    text_append_char(&consumer, '{');
    add_member(&consumer, "team", request->person.team);
    if (consumer.length == 1) {
        add_member(&consumer, "user", request->person.name);
    }
    bool done = add_map(&out, "/provider", &provider, err) &&
                add_map(&out, "/consumer", &consumer, err) &&
                add_key(&out, "/purpose", request->purpose, err) &&
                add_key(&out, "/status", "requested", err) &&
                add_key(&out, "/role", request->person.role, err) &&
                add_key(&out, "/requestedBy", request->person.name, err) &&
                add_key(&out, "/requestedDate", today, err) &&
                add_key(&out, "/endDate", request->until, err) &&
                add_key(&out, "/approvers", asked->approvers, err);
    text_release(&provider);
    text_release(&consumer);
    asked->text = done ? text_take(&out) : NULL;
    text_release(&out);
    return done;
}

/* ---- The file ---- */

/* The folder of agreements, relative to the mesh; NULL: the mesh cannot be changed. */
static char *find_folder(const struct catalog *catalog, struct agreement_asked *asked)
{
    struct catalog_file mesh;
    struct error err = {0};
    if (!catalog_file_text(catalog, "mesh.yaml", MOST_MESH_BYTES, &mesh, &err)) {
        asked->why_not =
            string_copy("this mesh has no mesh.yaml, so it keeps no agreements");
        return NULL;
    }
    struct document *document =
        document_parse(mesh.bytes, mesh.length, DOCUMENT_YAML, NULL, NULL);
    const char *named = document_get_text(document_root(document), "agreements");
    char *folder = string_copy(named != NULL ? named : "agreements");
    if (mesh.place == NULL || !path_is_safe(folder)) {
        asked->why_not = string_copy(
            mesh.place == NULL ? "this mesh is a copy of what lies elsewhere, so nothing "
                                 "is written to it"
                               : "the folder of agreements leads out of the mesh");
        free(folder);
        folder = NULL;
    }
    document_free(document);
    catalog_file_release(&mesh);
    return folder;
}

/* "team-marketing-uses-payments", with a number when that is taken. */
static char *new_id(const struct catalog *catalog,
                    const struct agreement_request *request, const struct target *target,
                    const char *folder)
{
    const char *who =
        request->person.team != NULL ? request->person.team : request->person.name;
    char *wish = string_printf(
        "%s-uses-%s%s%s", who != NULL ? who : "somebody", path_base(target->product),
        request->port != NULL ? "-" : "", request->port != NULL ? request->port : "");
    for (char *at = wish; (at = strchr(at, ' ')) != NULL;) {
        *at = '-';
    }
    char *stem = path_component(wish);
    char *id = string_copy(stem);
    for (int i = 2; i < MOST_NUMBERS; i++) {
        char *file = string_printf("%s/%s.yaml", folder != NULL ? folder : ".", id);
        bool taken =
            (folder != NULL && path_exists(file)) ||
            store_number(catalog_database(catalog), 0,
                         "SELECT count(*) FROM agreement WHERE id=?1", "s", id) > 0;
        free(file);
        if (!taken) {
            break;
        }
        free(id);
        id = string_printf("%s-%d", stem, i);
    }
    free(stem);
    free(wish);
    return id;
}

static bool check_request(const struct catalog *catalog,
                          const struct agreement_request *request, struct error *err)
{
    char today[AGREEMENT_DAY];
    agreement_day(catalog, 0, today);
    if (request->purpose == NULL ||
        request->purpose[strspn(request->purpose, " \t\n")] == '\0') {
        return error_set(err, ERROR_USAGE, "a request says what for: --purpose TEXT");
    }
    if (request->until != NULL && !agreement_is_day(request->until)) {
        return error_set(err, ERROR_USAGE, "\"%s\" is no day; write it as 2027-03-31",
                         request->until);
    }
    return request->until == NULL || strcmp(request->until, today) >= 0 ||
           error_set(err, ERROR_USAGE, "%s is past: today is %s", request->until, today);
}

static bool write_request(const struct catalog *catalog,
                          const struct agreement_request *request,
                          const struct target *target, struct agreement_asked *asked,
                          struct error *err)
{
    char *folder = find_folder(catalog, asked);
    char *full =
        folder != NULL ? amend_folder(catalog_mesh_path(catalog), folder, err) : NULL;
    bool done = folder == NULL || full != NULL;
    asked->approvers = agreement_approvers_of(catalog, target->product, request->port,
                                              request->person.role);
    if (done) {
        asked->id = new_id(catalog, request, target, full);
        done = write_text(catalog, request, target, asked, err);
    }
    if (done && full != NULL) {
        char *path = string_printf("%s/%s.yaml", full, asked->id);
        done = amend_create(path, asked->text, err);
        asked->path = done ? string_printf("%s/%s.yaml", folder, asked->id) : NULL;
        free(path);
    }
    free(full);
    free(folder);
    return done;
}

bool agreement_ask(const struct catalog *catalog, const struct agreement_request *request,
                   struct agreement_asked *asked, struct error *err)
{
    struct target target = {0};
    *asked = (struct agreement_asked){0};
    bool done = check_request(catalog, request, err) &&
                find_target(catalog, request, &target, err) &&
                check_new(catalog, request, &target, err) &&
                write_request(catalog, request, &target, asked, err);
    target_release(&target);
    if (!done) {
        agreement_asked_release(asked);
    }
    return done;
}

void agreement_asked_release(struct agreement_asked *asked)
{
    free(asked->id);
    free(asked->path);
    free(asked->text);
    free(asked->approvers);
    free(asked->why_not);
    *asked = (struct agreement_asked){0};
}
