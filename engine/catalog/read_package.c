/* catalog/read_package: a Data Package (1 and 2) into the index: a product whose contract
 * is made from the package, and a table for each tabular resource.
 *
 * Source: datapackage.org/standard (Data Package, Data Resource, Table Dialect, Table
 * Schema), version 2.0, and specs.frictionlessdata.io for version 1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog/formats.h"
#include "engine/catalog/insert.h"
#include "engine/catalog/package.h"
#include "engine/git.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { MOST_SCHEMA_BYTES = 8 * 1024 * 1024 };

static const char *first_text(const struct document_value *map, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        const char *text = document_get_text(map, *keys);
        if (text != NULL && text[0] != '\0') {
            return text;
        }
    }
    return NULL;
}

/* ---- Schema and dialect: inline, or in a file of their own ---- */

struct looked_up {
    const struct document_value *value;
    struct document *document; /* to be freed, or NULL */
};

static bool is_url(const char *reference)
{
    return strstr(reference, "://") != NULL;
}

/* A text names a file beside the descriptor, or beside the resource's first file. */
static struct looked_up look_up(struct package *package,
                                const struct document_value *value, const char *what,
                                const char *first_file)
{
    struct looked_up found = {.value = value};
    struct source *source = package->source;
    const char *reference = document_text(value);
    if (document_kind(value) != DOCUMENT_STRING) {
        return found;
    }
    found.value = NULL;
    if (is_url(reference)) {
        build_problem(source->build, source->path, document_place(value), false,
                      "not-fetched", "the %s is at %s, which was not fetched", what,
                      reference);
        return found;
    }
    struct error err = {0};
    found.document = source_read_beside(source, source->folder, reference, &err);
    if (found.document == NULL && first_file != NULL && path_is_safe(first_file)) {
        char *data = path_beside(source->folder, first_file);
        char *folder = strchr(data, '/') != NULL ? path_folder(data) : string_copy("");
        found.document = source_read_beside(source, folder, reference, NULL);
        free(folder);
        free(data);
    }
    if (found.document == NULL) {
        build_problem(source->build, source->path, document_place(value), false,
                      "missing-file", "the %s %s could not be read: %s", what, reference,
                      err.message);
    }
    found.value = document_root(found.document);
    return found;
}

/* ---- Resources ---- */

/* A path is a text or a list of texts; what may not be opened is told and left out. */
static char *safe_paths(struct package *package, const struct document_value *resource)
{
    struct source *source = package->source;
    const struct document_value *path = document_get(resource, "path");
    size_t count = document_kind(path) == DOCUMENT_LIST ? document_count(path) : 1;
    struct text lines = {0};
    for (size_t i = 0; i < count; i++) {
        const struct document_value *item =
            document_kind(path) == DOCUMENT_LIST ? document_item(path, i) : path;
        const char *text = document_text(item);
        if (text == NULL) {
            continue;
        }
        if (strchr(text, '\n') != NULL || (!is_url(text) && !path_is_safe(text))) {
            build_problem(source->build, source->path, document_place(item), true,
                          "unsafe-path",
                          "the path %s may lead out of the package; it must be relative, "
                          "without .., and name no hidden file",
                          text);
            continue;
        }
        text_append(&lines, lines.length > 0 ? "\n" : "");
        text_append(&lines, text);
    }
    return lines.length > 0 ? text_take(&lines) : NULL;
}

static void check_presence(struct package *package, const char *paths,
                           struct document_place place)
{
    struct source *source = package->source;
    for (const char *p = paths; p != NULL && *p != '\0';) {
        size_t length = strcspn(p, "\n");
        char *relative = string_copy_bytes(p, length);
        char *path = path_beside(source->folder, relative);
        char *full = roots_file(&source->build->roots, path != NULL ? path : "");
        char *folder =
            path != NULL && strchr(path, '/') != NULL ? path_folder(path) : NULL;
        bool is_pattern = strpbrk(relative, "*?[") != NULL; /* see access.h */
        bool is_copy = path != NULL && roots_is_copy(&source->build->roots, path);
        if (!is_url(relative) && !is_pattern && !is_copy && access(full, F_OK) != 0) {
            build_problem(source->build, source->path, place, false, "missing-file",
                          "the file %s is not there", relative);
        }
        if (folder != NULL) {
            document_uses(source->build, folder);
        }
        free(folder);
        free(full);
        free(path);
        free(relative);
        p += length + (p[length] == '\n');
    }
}

/* What the resource holds, by its format, its media type, its file. */
static const struct format *format_of_resource(const struct document_value *resource,
                                               const char *paths)
{
    const char *media = document_get_text(resource, "mediatype");
    const char *profile = document_get_text(resource, "profile");
    const struct format *format = format_of_word(document_get_text(resource, "format"));
    if (format == NULL && paths != NULL) {
        const char *ends = git_location_is(paths) ? "\n" : "?#\n";
        char *first = string_copy_bytes(paths, strcspn(paths, ends));
        format = format_of_name(first);
        free(first);
    }
    bool is_table = string_equal(document_get_text(resource, "type"), "table") ||
                    string_equal(profile, "tabular-data-resource") ||
                    string_equal(media, "text/csv");
    if ((format == NULL || format->kind == FORMAT_OTHER) && is_table) {
        return format_of_word("csv");
    }
    return format != NULL ? format : format_of_name("");
}

/* Licences, sources, the home page: as links with a type. */
static void read_links(struct package *package, struct part_owner owner,
                       const struct document_value *list, const char *type)
{
    static const char *const urls[] = {"path", "url", "uri", "web", NULL};
    static const char *const titles[] = {"title", "name", "id", NULL};
    size_t count = document_kind(list) == DOCUMENT_LIST ? document_count(list) : 1;
    for (size_t i = 0; i < count && list != NULL; i++) {
        const struct document_value *item =
            document_kind(list) == DOCUMENT_LIST ? document_item(list, i) : list;
        bool is_map = document_kind(item) == DOCUMENT_MAP;
        const char *url = is_map ? first_text(item, urls) : document_text(item);
        const char *title = is_map ? first_text(item, titles) : NULL;
        if (url != NULL || title != NULL) {
            build_insert(package->source->build, INSERT_AUTHDEF, "sssssi", owner.kind,
                         owner.id, type, url, title, part_line(item));
        }
    }
}

/* Where one resource comes from, under which licence, and how to know its files. */
static void read_resource_notes(struct package *package,
                                const struct document_value *resource, const char *name)
{
    static const char *const keys[] = {"bytes", "hash", "mediatype", "encoding", NULL};
    char *id = string_printf("%s/%s", package->id, name);
    struct part_owner self = {"object", id};
    read_links(package, self, document_get(resource, "licenses"), "license");
    read_links(package, self, document_get(resource, "sources"), "source");
    read_links(package, self, document_get(resource, "homepage"), "homepage");
    for (size_t i = 0; keys[i] != NULL; i++) {
        const struct document_value *value = document_get(resource, keys[i]);
        if (document_text(value) != NULL) {
            build_insert(package->source->build, INSERT_CUSTOM, "ssssinn", self.kind,
                         self.id, keys[i], document_text(value), part_line(value));
        }
    }
    free(id);
}

static void add_table(struct package *package, const struct document_value *resource,
                      const char *name, const char *paths, const struct format *format)
{
    struct source *source = package->source;
    const struct document_value *data = document_get(resource, "data");
    char *inline_data = paths == NULL ? part_any(data) : NULL;
    char *wanted = catalog_sql_name(name);
    char *sql_name = name_unlike(wanted, &package->sql_names);
    struct object_row row = {
        .contract = package->id,
        .name = name,
        .description = document_get_text(resource, "description"),
        .line = part_line(resource),
        .contract_row = package->contract_row,
        .position = package->position + 1,
        .title = document_get_text(resource, "title"),
    };
    long long object_row = object_insert(source->build, source->path, &row);
    long long table_row = build_insert(
        source->build, INSERT_TABLE, "lisssllssssss", package->product_row,
        ++package->position, name, sql_name, "tables", package->contract_row, object_row,
        document_get_text(resource, "title"), document_get_text(resource, "description"),
        NULL, paths, format != NULL ? format->name : NULL, inline_data);
    char *first = paths != NULL ? string_copy_bytes(paths, strcspn(paths, "\n")) : NULL;
    read_resource_notes(package, resource, name);
    struct looked_up schema =
        look_up(package, document_get(resource, "schema"), "schema", first);
    struct looked_up dialect =
        look_up(package, document_get(resource, "dialect"), "dialect", first);
    package_dialect(package, table_row, dialect.value,
                    document_get_text(resource, "encoding"),
                    document_get(schema.value, "missingValues"));
    package_schema(package, name, object_row, schema.value);
    document_free(schema.document);
    document_free(dialect.document);
    free(first);
    free(sql_name);
    free(wanted);
    free(inline_data);
}

/* What is no table is kept as a file. */
static void add_file(struct package *package, const struct document_value *resource,
                     const char *name, const char *paths)
{
    const char *format = document_get_text(resource, "format");
    const char *media = document_get_text(resource, "mediatype");
    char *wanted = catalog_sql_name(name);
    char *sql_name = name_unlike(wanted, &package->sql_names);
    build_insert(package->source->build, INSERT_FILE, "lissssssssi", package->product_row,
                 ++package->position, name, sql_name,
                 document_get_text(resource, "title"),
                 document_get_text(resource, "description"), paths,
                 format != NULL ? format : media, document_get_text(resource, "bytes"),
                 document_get_text(resource, "hash"), part_line(resource));
    free(sql_name);
    free(wanted);
}

/* A name for a resource that has none: that of its first file. */
static char *name_of_resource(const struct document_value *resource, const char *paths)
{
    const char *name = document_get_text(resource, "name");
    if (name != NULL && name[0] != '\0') {
        return string_copy(name);
    }
    char *first = string_copy_bytes(paths != NULL ? paths : "",
                                    strcspn(paths != NULL ? paths : "", "\n"));
    char *stem = path_stem(first);
    free(first);
    if (paths == NULL || strlen(stem) > MOST_NAME) {
        free(stem);
        return string_copy("data");
    }
    return stem;
}

static void read_resource(struct package *package, const struct document_value *resource)
{
    struct source *source = package->source;
    const struct document_value *data = document_get(resource, "data");
    char *paths = safe_paths(package, resource);
    char *name = name_of_resource(resource, paths);
    const struct format *format = format_of_resource(resource, paths);
    bool is_inline_table = paths == NULL && document_kind(data) == DOCUMENT_LIST;
    if (is_inline_table) {
        add_table(package, resource, name, NULL, NULL);
    } else if (paths != NULL &&
               (format->kind == FORMAT_TABLE || format->kind == FORMAT_SQLITE)) {
        check_presence(package, paths, document_place(resource));
        add_table(package, resource, name, paths, format);
    } else if (paths != NULL) {
        check_presence(package, paths, document_place(resource));
        add_file(package, resource, name, paths);
    }
    if (paths != NULL && format->kind == FORMAT_NOT_READ) {
        build_problem(source->build, source->path, document_place(resource), false,
                      "not-read-yet", "not read yet: the resource %s is %s", name,
                      format->sentence);
    }
    free(name);
    free(paths);
}

/* ---- The package ---- */

/* Who looks after it: the first contributor in a role that owns, else anybody named. */
static const char *owner_of(const struct document_value *root)
{
    static const char *const roles[] = {
        "maintainer", "publisher", "rightsHolder", "contact", "owner", "author", NULL};
    static const char *const names[] = {"title", "name", "organization", NULL};
    static const char *const lists[] = {
        "contributors", "maintainers", "publishers", "publisher",
        "author",       "sources",     NULL};
    const struct document_value *people = document_get(root, "contributors");
    for (size_t r = 0; roles[r] != NULL; r++) {
        for (size_t i = 0; i < document_count(people); i++) {
            const struct document_value *person = document_item(people, i);
            if (string_equal(document_get_text(person, "role"), roles[r]) ||
                package_position(document_get(person, "roles"), roles[r]) > 0) {
                return first_text(person, names);
            }
        }
    }
    for (size_t i = 0; lists[i] != NULL; i++) {
        const struct document_value *list = document_get(root, lists[i]);
        const struct document_value *first =
            document_kind(list) == DOCUMENT_LIST ? document_item(list, 0) : list;
        const char *name = document_kind(first) == DOCUMENT_MAP ? first_text(first, names)
                                                                : document_text(first);
        if (name != NULL) {
            return name;
        }
    }
    return NULL;
}

static void read_people(struct package *package, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *person = document_item(list, i);
        const char *role = document_get_text(person, "role");
        char *roles = part_joined(document_get(person, "roles"), ", ");
        const char *email = document_get_text(person, "email");
        const char *path = document_get_text(person, "path");
        const char *contact = email != NULL ? email : path;
        const char *given = document_get_text(person, "givenName");
        const char *family = document_get_text(person, "familyName");
        char *made = given != NULL && family != NULL
                         ? string_printf("%s %s", given, family)
                         : string_copy(given != NULL ? given : family);
        const char *title = part_either(person, "title", "name");
        build_insert(package->source->build, INSERT_MEMBER, "sssssnnisn", "product",
                     package->id, contact, title != NULL ? title : made,
                     role != NULL ? role : roles, part_line(person),
                     document_get_text(person, "organization"));
        free(made);
        free(roles);
    }
}

static void read_about(struct package *package)
{
    const struct document_value *root = package->source->root;
    static const struct {
        const char *key, *type;
    } links[] = {
        {"licenses", "license"},  {"license", "license"}, {"sources", "source"},
        {"homepage", "homepage"}, {"image", "image"},
    };
    struct part_owner self = {"product", package->id};
    part_tags(package->source, self, document_get(root, "keywords"));
    read_people(package, document_get(root, "contributors"));
    read_people(package, document_get(root, "maintainers"));
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        read_links(package, self, document_get(root, links[i].key), links[i].type);
    }
    struct port_row port = {
        .product = package->id,
        .dir = "out",
        .name = "tables",
        .version = document_get_text(root, "version"),
        .type = "files",
        .contract = package->id,
        .line = part_line(root),
        .product_row = package->product_row,
    };
    port_insert(package->source, &port);
}

static const char *name_of_package(const struct source *source)
{
    const char *name = document_get_text(source->root, "name");
    if (name != NULL && name[0] != '\0') {
        return name;
    }
    const char *slash = strrchr(source->folder, '/');
    return slash != NULL               ? slash + 1
           : source->folder[0] != '\0' ? source->folder
                                       : source->build->name;
}

/* The first licence by its name, else where it stands. */
static const char *license_of(const struct document_value *root)
{
    static const char *const keys[] = {"name", "title", "path", "url", "id", NULL};
    const struct document_value *list = document_get(root, "licenses");
    list = list != NULL ? list : document_get(root, "license");
    const struct document_value *first =
        document_kind(list) == DOCUMENT_LIST ? document_item(list, 0) : list;
    const char *text = document_text(first);
    return text != NULL ? text : first_text(first, keys);
}

static void insert_package(struct package *package, const char *name)
{
    static const char *const dates[] = {"modified", "last_modified", "last_updated",
                                        "updated",  "created",       NULL};
    static const char *const prose[] = {"description", "descriptor", "readme", NULL};
    struct source *source = package->source;
    const struct document_value *root = source->root;
    struct product_row row = {
        .id = package->id,
        .name = name,
        .version = document_get_text(root, "version"),
        .status = "active",
        .team = owner_of(root),
        .title = document_get_text(root, "title"),
        .description = first_text(root, prose),
        .created = document_get_text(root, "created"),
        .modified = first_text(root, dates),
        .license = license_of(root),
        .standard = "package",
        .folder = source->folder,
        .line = part_line(root),
    };
    package->product_row = product_insert(source->build, source->path, &row);
    struct contract_row contract = {
        .id = package->id,
        .version = row.version,
        .name = name,
        .status = row.status,
        .purpose = row.description,
        .created = row.created,
        .team = row.team,
        .standard = row.standard,
        .title = row.title,
        .line = row.line,
    };
    package->contract_row = contract_insert(source, &contract);
}

void read_package(struct source *source)
{
    struct package package = {.source = source, .sql_names = ARRAY_OF(char *)};
    const char *id = document_get_text(source->root, "id");
    const char *name = name_of_package(source);
    char *made = string_printf("%s/%s", source->folder, name);
    package.id = id != NULL ? id : made;
    insert_package(&package, name);
    read_about(&package);
    const struct document_value *resources = document_get(source->root, "resources");
    for (size_t i = 0; i < document_count(resources); i++) {
        if (document_kind(document_item(resources, i)) == DOCUMENT_MAP) {
            read_resource(&package, document_item(resources, i));
        }
    }
    catalog_names_release(&package.sql_names);
    free(made);
}
