/* access/postgres: which server a contract means, and what the person keeps for it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access/postgres.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/document.h"
#include "engine/path.h"
#include "engine/secret.h"

enum { PASS_MOST = 1 << 20, PATIENCE = 15 };

/* ---- What libpq would take: the environment and the service file ---- */

static char *default_of(const PQconninfoOption *defaults, const char *keyword)
{
    for (; defaults != NULL && defaults->keyword != NULL; defaults++) {
        if (string_equal(defaults->keyword, keyword)) {
            return defaults->val != NULL && defaults->val[0] != '\0'
                       ? string_copy(defaults->val)
                       : NULL;
        }
    }
    return NULL;
}

/* ---- Files of passwords ---- */

/* A field of a line up to its colon; `\` takes away the meaning of the sign behind it. */
static const char *take_field(const char *at, struct text *field)
{
    text_clear(field);
    text_append(field, "");
    for (; *at != '\0' && *at != '\n' && *at != ':'; at++) {
        if (*at == '\\' && at[1] != '\0' && at[1] != '\n') {
            at++;
        }
        text_append_char(field, *at);
    }
    return *at == ':' ? at + 1 : at;
}

static bool line_names(const char *line, const char *host, const char *port, char **user)
{
    struct text fields[4] = {{0}};
    for (int i = 0; i < 4; i++) {
        line = take_field(line, &fields[i]);
    }
    const char *of_port = text_string(&fields[1]), *of_user = text_string(&fields[3]);
    bool names = string_equal_fold(text_string(&fields[0]), host) &&
                 (string_equal(of_port, port) || string_equal(of_port, "*"));
    if (names && user != NULL && of_user[0] != '\0' && !string_equal(of_user, "*")) {
        *user = string_copy(of_user);
    }
    for (int i = 0; i < 4; i++) {
        text_release(&fields[i]);
    }
    return names;
}

bool postgres_pass_names(const char *text, const char *host, const char *port,
                         char **user)
{
    while (text != NULL && *text != '\0') {
        if (*text != '#' && line_names(text, host, port, user)) {
            return true;
        }
        size_t line = strcspn(text, "\n");
        text += line + (text[line] == '\n' ? 1 : 0);
    }
    return false;
}

/* As libpq reads it: a file that others may read counts for nothing. */
static bool pass_file_names(const PQconninfoOption *defaults,
                            struct postgres_source *source)
{
    struct passwd *person = getpwuid(geteuid());
    const char *home = getenv("HOME");
    home = home == NULL && person != NULL ? person->pw_dir : home;
    char *path = default_of(defaults, "passfile"), *text = NULL;
    struct stat info;
    if (path == NULL && home != NULL) {
        path = path_join(home, ".pgpass");
    }
    bool names = path != NULL && stat(path, &info) == 0 && (info.st_mode & 077) == 0 &&
                 path_read_text(path, PASS_MOST, &text, NULL) &&
                 postgres_pass_names(text, source->host, source->port,
                                     source->user == NULL ? &source->user : NULL);
    if (text != NULL) {
        secret_wipe(text, strlen(text));
    }
    free(text);
    free(path);
    return names;
}

/* ---- May it be asked, and as whom ---- */

static bool is_own_server(const PQconninfoOption *defaults,
                          const struct postgres_source *source)
{
    char *host = default_of(defaults, "host"), *port = default_of(defaults, "port");
    bool is = string_equal_fold(host, source->host) && string_equal(port, source->port);
    free(host);
    free(port);
    return is;
}

/* "postgres://[::1]:5432". Yours. */
static char *origin_of(const struct postgres_source *source)
{
    bool is_number = strchr(source->host, ':') != NULL;
    return string_printf("postgres://%s%s%s:%s", is_number ? "[" : "", source->host,
                         is_number ? "]" : "", source->port);
}

static bool refuse_host(const struct postgres_source *source, struct error *err)
{
    char *origin = origin_of(source);
    error_set(err, ERROR_FAILED,
              "could not fetch from %s: only PostgreSQL servers that you have named "
              "yourself are asked; if you trust it, write the lines \"[%s]\" and "
              "\"user = ...\" into the file credentials beside the configuration, or a "
              "line for it into ~/.pgpass, or set PGHOST",
              origin, origin);
    free(origin);
    return false;
}

/* What stands in the credentials for this server goes before what libpq knows. */
static bool find_person(const PQconninfoOption *defaults, struct postgres_source *source,
                        struct error *err)
{
    struct secret secret = {0};
    char *origin = origin_of(source);
    bool good = source->host[0] == '/' || secret_find(origin, &secret, err);
    bool is_named = good && !secret_is_empty(&secret);
    free(origin);
    if (good && is_named) {
        source->user = string_copy(secret.user);
        source->password =
            string_copy(secret.password != NULL ? secret.password : secret.token);
    }
    secret_release(&secret);
    source->is_own = is_own_server(defaults, source);
    bool has_line = good && !source->is_own && pass_file_names(defaults, source);
    struct passwd *person = getpwuid(geteuid());
    if (source->user == NULL && !source->is_own && person != NULL) {
        source->user = string_copy(person->pw_name);
    }
    return good && (is_named || has_line || source->is_own || refuse_host(source, err));
}

/* ---- What the contract says ---- */

/* A key of the server, or one of its custom properties. */
static char *server_value(const struct place *place, const char *key)
{
    char *value = place_value(place, key);
    const char *details = place->server->details;
    if (value != NULL || details == NULL) {
        return value;
    }
    struct document_place where;
    struct document *document =
        document_parse(details, strlen(details), DOCUMENT_JSON, &where, NULL);
    const struct document_value *list =
        document != NULL ? document_get(document_root(document), "customProperties")
                         : NULL;
    for (size_t i = 0; value == NULL && i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (string_equal(document_get_text(item, "property"), key)) {
            value = string_copy(document_get_text(item, "value"));
        }
    }
    document_free(document);
    return value;
}

/* From the weakest to the strongest. A descriptor may ask for more than the person does,
 * never for less. */
static const char *choose_security(const PQconninfoOption *defaults, const char *wanted)
{
    static const char *const modes[] = {"disable", "allow",     "prefer",
                                        "require", "verify-ca", "verify-full"};
    enum { PREFER = 2, MODES = 6 };
    char *own = default_of(defaults, "sslmode");
    int of_person = PREFER, of_contract = -1;
    for (int i = 0; i < MODES; i++) {
        of_person = string_equal(own, modes[i]) ? i : of_person;
        of_contract = string_equal(wanted, modes[i]) ? i : of_contract;
    }
    free(own);
    return modes[of_contract > PREFER && of_contract > of_person ? of_contract
                                                                 : of_person];
}

/* libpq takes lists of hosts and of ports, and sockets by their path. */
static bool check_place(const struct postgres_source *source, struct error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%";
    const char *host = source->host;
    size_t good = host[0] == '/' ? strcspn(host, ",") : strspn(host, letters);
    long port = strtol(source->port, NULL, 10);
    if (host[0] == '\0' || host[good] != '\0') {
        return error_set(err, ERROR_FAILED, "could not fetch from \"%s\": it is no host",
                         host);
    }
    return (source->port[strspn(source->port, "0123456789")] == '\0' && port > 0 &&
            port < 65536) ||
           error_set(err, ERROR_FAILED,
                     "could not fetch from %s: its port is a number from 1 to 65535, not "
                     "\"%s\"",
                     host, source->port);
}

static bool name_server(const struct place *place, const PQconninfoOption *defaults,
                        struct postgres_source *source, struct error *err)
{
    source->host = place_value(place, "host");
    source->port = place_value(place, "port");
    source->database = place_value(place, "database");
    source->schema = place_value(place, "schema");
    if (source->host == NULL) {
        source->host = default_of(defaults, "host");
        source->port = source->port != NULL ? source->port : default_of(defaults, "port");
    }
    if (source->port == NULL) {
        source->port = string_copy("5432");
    }
    if (source->database == NULL) {
        source->database = default_of(defaults, "dbname");
    }
    if (source->host == NULL || source->database == NULL) {
        return error_set(err, ERROR_FAILED,
                         "could not fetch %s: its server %s names no %s; set %s, or let "
                         "the contract say it",
                         place->table->name,
                         place->server->name != NULL ? place->server->name : "",
                         source->host == NULL ? "host" : "database",
                         source->host == NULL ? "PGHOST" : "PGDATABASE");
    }
    return check_place(source, err);
}

/* ---- The table, or the query ---- */

static const char *take_part(const char *at, struct text *part)
{
    if (*at != '"') {
        size_t length = strcspn(at, ".\"");
        text_append_bytes(part, at, length);
        return length > 0 ? at + length : NULL;
    }
    for (at++; *at != '\0'; at++) {
        if (*at == '"' && *++at != '"') {
            return part->length > 0 ? at : NULL;
        }
        text_append_char(part, *at);
    }
    return NULL;
}

bool postgres_split_name(const char *name, char *parts[3], size_t *count)
{
    bool good = false;
    for (*count = 0; name != NULL && *count < 3;) {
        struct text part = {0};
        text_append(&part, "");
        name = take_part(name, &part);
        parts[(*count)++] = text_take(&part);
        good = name != NULL && *name == '\0';
        name = name != NULL && *name == '.' ? name + 1 : NULL;
    }
    for (size_t i = 0; !good && i < *count; i++) {
        free(parts[i]);
    }
    *count = good ? *count : 0;
    return good;
}

/* No table is called so, unless its name stands in quotes. */
static bool is_query(const char *name)
{
    static const char *const words[] = {"select", "with", "values", "table"};
    while (*name == ' ' || *name == '\t' || *name == '\n' || *name == '\r' ||
           *name == '(') {
        name++;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        char *start = string_copy_bytes(name, strnlen(name, length));
        bool is = string_equal_fold(start, words[i]) && name[length] != '\0' &&
                  strchr(" \t\r\n(*", name[length]) != NULL;
        free(start);
        if (is) {
            return true;
        }
    }
    return false;
}

/* The end of a statement is not part of it: it will stand inside another. */
static char *without_end(const char *query)
{
    size_t length = strlen(query);
    while (length > 0 && strchr(" \t\r\n;", query[length - 1]) != NULL) {
        length--;
    }
    return string_copy_bytes(query, length);
}

static bool name_table(const struct place *place, struct postgres_source *source,
                       struct error *err)
{
    const struct catalog_table *table = place->table;
    const char *name = table->physical_name != NULL ? table->physical_name : table->name;
    const char *query = table->query != NULL ? table->query : name;
    char *parts[3];
    size_t count;
    if (table->query != NULL || is_query(name)) {
        source->query = without_end(query);
        return true;
    }
    /* What is written in no such way is a name all the same: "my table.v2.new.x" */
    if (!postgres_split_name(name, parts, &count)) {
        source->name = string_copy(name);
        return true;
    }
    source->name = parts[count - 1];
    if (count > 1) {
        free(source->schema);
        source->schema = parts[count - 2];
    }
    bool same = count < 3 || string_equal(parts[0], source->database);
    if (!same) {
        error_set(err, ERROR_FAILED,
                  "could not fetch %s: it lies in the database %s, and its server is "
                  "that of %s",
                  name, parts[0], source->database);
    }
    if (count == 3) {
        free(parts[0]);
    }
    return same;
}

bool postgres_source_init(const struct place *place, struct postgres_source *source,
                          struct error *err)
{
    *source = (struct postgres_source){.patience = PATIENCE};
    PQconninfoOption *defaults = PQconndefaults();
    if (defaults == NULL) {
        return error_set(err, ERROR_FAILED,
                         "could not read the settings of PostgreSQL: look at PGSERVICE "
                         "and the file of services that it names");
    }
    char *wanted = server_value(place, "sslmode");
    char *patience = default_of(defaults, "connect_timeout");
    source->security = choose_security(defaults, wanted);
    source->patience = patience != NULL && strtod(patience, NULL) > 0
                           ? strtod(patience, NULL)
                           : PATIENCE;
    bool good = name_server(place, defaults, source, err) &&
                name_table(place, source, err) && find_person(defaults, source, err);
    PQconninfoFree(defaults);
    free(patience);
    free(wanted);
    if (!good) {
        postgres_source_release(source);
    }
    return good;
}

void postgres_source_release(struct postgres_source *source)
{
    char *const texts[] = {source->host, source->port,  source->database, source->schema,
                           source->name, source->query, source->user};
    if (source->password != NULL) {
        secret_wipe(source->password, strlen(source->password));
    }
    free(source->password);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    *source = (struct postgres_source){0};
}

/* ---- Connecting ---- */

/* Values stand in single quotes, with `\` before quotes and itself. An empty value keeps
 * libpq from looking into the environment, a missing one does not. */
static void append_value(struct text *out, const char *keyword, const char *value)
{
    text_printf(out, "%s='", keyword);
    for (; *value != '\0'; value++) {
        if (*value == '\'' || *value == '\\') {
            text_append_char(out, '\\');
        }
        text_append_char(out, *value);
    }
    text_append(out, "' ");
}

char *postgres_connection(const struct postgres_source *source)
{
    static const char *const fixed[][2] = {
        {"client_encoding", "UTF8"}, {"fallback_application_name", "mwb"},
        {"keepalives_idle", "30"},   {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
    };
    struct text out = {0};
    append_value(&out, "host", source->host);
    append_value(&out, "port", source->port);
    append_value(&out, "dbname", source->database);
    append_value(&out, "sslmode", source->security);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        append_value(&out, fixed[i][0], fixed[i][1]);
    }
    if (source->user != NULL) {
        append_value(&out, "user", source->user);
    }
    if (source->password != NULL) {
        append_value(&out, "password", source->password);
    } else if (!source->is_own) {
        append_value(&out, "password", "");
    }
    if (!source->is_own) {
        append_value(&out, "hostaddr", "");
    }
    return text_take(&out);
}

char *postgres_address(const struct postgres_source *source)
{
    char *origin = origin_of(source);
    bool has_schema = source->name != NULL && source->schema != NULL;
    char *address =
        source->name != NULL
            ? string_printf("%s/%s/%s%s%s", origin, source->database,
                            has_schema ? source->schema : "", has_schema ? "." : "",
                            source->name)
            : string_printf("%s/%s/(%s)", origin, source->database, source->query);
    free(origin);
    return address;
}
