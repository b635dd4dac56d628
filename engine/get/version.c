/* get/version: what a version tells of itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdlib.h>
#include <time.h>

#include "engine/path.h"
#include "engine/store.h"

static bool put_fact(sqlite3_stmt *stmt, const char *key, const char *value,
                     struct error *err)
{
    store_bind(stmt, "ss", key, value);
    return store_execute(stmt, err);
}

static void format_instant(long long seconds, char text[32])
{
    time_t when = (time_t)seconds;
    struct tm tm;
    gmtime_r(&when, &tm);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* The notes too, so that a second get tells them again. */
static bool put_facts(struct get *get, sqlite3 *db, struct error *err)
{
    char imported[32];
    format_instant(path_now(), imported);
    const struct catalog_entry *entry = &get->product.entry;
    const char *const facts[][2] = {{"product", entry->id},
                                    {"version", entry->version},
                                    {"source", get->product.folder},
                                    {"imported", imported},
                                    {"key", get->report->version_key},
                                    {"definition", get->definition},
                                    {"role", get->place.role},
                                    {"policy", get->decided},
                                    {"program", PACKAGE_STRING},
                                    {"notes", text_string(&get->report->notes)}};
    sqlite3_stmt *stmt =
        store_prepare(db, "INSERT OR REPLACE INTO mwb_product VALUES (?, ?)", err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < sizeof facts / sizeof facts[0]; i++) {
        good = put_fact(stmt, facts[i][0], facts[i][1], err);
    }
    store_finish(stmt);
    return good;
}

static bool put_sources(struct get *get, sqlite3 *db, struct error *err)
{
    struct array facts = sources_facts(get);
    sqlite3_stmt *stmt =
        store_prepare(db, "INSERT INTO mwb_source VALUES (?, ?, ?, ?, ?)", err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < facts.count; i++) {
        const struct access_facts *one = array_at(&facts, i);
        store_bind(stmt, "sssls", one->location, one->etag, one->changed, one->bytes,
                   one->sha256);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    array_release(&facts);
    return good;
}

bool version_write(struct get *get, struct error *err)
{
    sqlite3 *db = store_open(cache_stage_file(get->stage), STORE_WRITE, err);
    bool good = db != NULL && store_run(db, "PRAGMA journal_mode = MEMORY; BEGIN", err) &&
                store_run(db, cache_version_schema(), err) && put_facts(get, db, err) &&
                put_sources(get, db, err) && store_run(db, "COMMIT", err);
    store_close(db);
    return good;
}

void version_read(struct get *get, const char *file)
{
    struct get_report *report = get->report;
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    if (db == NULL) {
        return;
    }
    report->tables = store_number(db, 0, "SELECT count(*) FROM mwb_table", "");
    report->files = store_number(db, 0, "SELECT count(*) FROM mwb_file", "");
    report->rows = store_number(db, 0, "SELECT sum(rows) FROM mwb_table", "");
    report->rejected = store_number(db, 0, "SELECT sum(rejected) FROM mwb_table", "");
    if (report->notes.length == 0) { /* they were told when it was made */
        char *notes =
            store_string(db, "SELECT value FROM mwb_product WHERE key = 'notes'", "");
        text_append(&report->notes, notes != NULL ? notes : "");
        free(notes);
    }
    store_close(db);
}
