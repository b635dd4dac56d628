/* glance/journey: the level of each domain from its facts, and the next step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance/journey.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"

enum { LEVELS = 5, COTS_LEVEL = 2 };

const char *glance_level_name(int level)
{
    static const char *const names[LEVELS] = {
        "no analytics", "operational queries", "own analytical data",
        "cross-domain analysis", "products published and used"};
    return level >= 0 && level < LEVELS ? names[level] : "";
}

/* ---- Levels ---- */

void journey_take_fact(struct glance_journey *journey, size_t index, long long count)
{
    struct glance_fact *fact = array_push(&journey->facts);
    fact->key = glance_journey_plan.parts[index].key;
    fact->name = journey_facts[index].name;
    fact->level = journey_facts[index].level;
    fact->is_lack = journey_facts[index].is_lack;
    fact->count = count;
    fact->holds = (count == 0) == fact->is_lack;
}

static void take_facts(const struct glance_sheet *sheet, size_t row,
                       struct glance_journey *journey)
{
    journey->facts = (struct array)ARRAY_OF(struct glance_fact);
    for (size_t i = 0; i < journey_fact_count; i++) {
        const struct glance_cell *cell = glance_at(sheet, row, i);
        journey_take_fact(journey, i, cell->has_rows ? (long long)cell->number : 0);
    }
}

static bool holds_level(const struct glance_journey *journey, int level)
{
    bool holds = true;
    for (size_t i = 0; i < journey->facts.count; i++) {
        const struct glance_fact *fact = array_at(&journey->facts, i);
        holds = holds && (fact->level != level || fact->holds);
    }
    return holds;
}

static int level_of(const struct glance_journey *journey)
{
    int level = journey->is_cots ? COTS_LEVEL : 0;
    while (level + 1 < LEVELS && holds_level(journey, level + 1)) {
        level++;
    }
    return level;
}

/* ---- The next step ---- */

/* What {product} and {foreign} stand for. */
struct names {
    char *product, *other;
};

/* Of another domain: what most agreements are about, and this one has none that runs. */
static const char foreign_sql[] =
    "SELECT p.key FROM mesh.product p LEFT JOIN (SELECT product_id,count(*) AS n FROM "
    "mesh.agreement WHERE status='approved' GROUP BY 1) a ON a.product_id=p.id WHERE "
    "p.domain<>?1 AND p.status='active' AND p.tables>0 AND NOT EXISTS(SELECT 1 FROM "
    "mesh.agreement g JOIN mesh.team t ON t.name=g.consumer_team WHERE t.domain=?1 AND "
    "g.product_id=p.id AND g.status='approved' AND coalesce(g.end_date,'9999')>=?2) "
    "ORDER BY coalesce(a.n,0) DESC,p.key LIMIT 1";

static struct names names_of(sqlite3 *db, const struct catalog *catalog,
                             const char *domain)
{
    char today[32];
    path_write_instant(catalog_now(catalog), today);
    return (struct names){
        .product = store_string(
            db, "SELECT key FROM mesh.product WHERE domain=?1 ORDER BY key LIMIT 1", "s",
            domain),
        .other = store_string(db, foreign_sql, "ss", domain, today)};
}

/* NULL when it needs something that there is not. Yours. */
static char *fill_in(const char *template, const char *domain, const struct names *names)
{
    const struct {
        const char *word, *value;
    } words[] = {
        {"{domain}", domain}, {"{product}", names->product}, {"{foreign}", names->other}};
    struct text out = {0};
    bool whole = true;
    while (*template != '\0') {
        size_t plain = strcspn(template, "{");
        text_append_bytes(&out, template, plain);
        template += plain;
        for (size_t i = 0; *template != '\0' && i < 3; i++) {
            if (string_starts(template, words[i].word)) {
                whole = whole && words[i].value != NULL;
                text_append(&out, words[i].value != NULL ? words[i].value : "");
                template += strlen(words[i].word);
            }
        }
    }
    char *filled = text_take(&out);
    if (!whole) {
        free(filled);
        return NULL;
    }
    return filled;
}

static void offer_step(sqlite3 *db, const struct catalog *catalog,
                       struct glance_journey *journey)
{
    struct names names = names_of(db, catalog, journey->domain);
    for (size_t i = 0; i < journey->facts.count && journey->next == NULL; i++) {
        const struct glance_fact *fact = array_at(&journey->facts, i);
        if (!fact->holds && (fact->level == 0 || fact->level == journey->level + 1)) {
            journey->next = string_copy(journey_facts[i].step);
            journey->next_verb = fill_in(journey_facts[i].verb, journey->domain, &names);
        }
    }
    if (journey->next == NULL) {
        journey->next = string_copy("Keep it: watch the trend of its checks, and look at "
                                    "its agreements again in time.");
        journey->next_verb =
            fill_in("check {product} --history", journey->domain, &names);
    }
    free(names.product);
    free(names.other);
}

/* ---- Reading ---- */

static void read_journey(sqlite3 *db, const struct catalog *catalog,
                         const struct glance_sheet *sheet, size_t row,
                         struct glance_journey *journey)
{
    const char *domain = *(char **)array_at(&sheet->rows, row);
    static const char of_domain[] = "FROM mesh.domain WHERE name=?1";
    char *team = string_printf("SELECT team %s", of_domain);
    char *class = string_printf("SELECT class %s", of_domain);
    char *cots = string_printf("SELECT cots %s", of_domain);
    *journey =
        (struct glance_journey){.domain = string_copy(domain),
                                .team = store_string(db, team, "s", domain),
                                .class = store_string(db, class, "s", domain),
                                .is_cots = store_number(db, 0, cots, "s", domain) > 0};
    take_facts(sheet, row, journey);
    journey->level = level_of(journey);
    offer_step(db, catalog, journey);
    free(team);
    free(class);
    free(cots);
}

static bool read_all(sqlite3 *db, const struct catalog *catalog, const char *domain,
                     struct array *journeys, struct error *err)
{
    struct glance_sheet sheet;
    bool good = glance_fill(db, catalog, &glance_journey_plan, &sheet, err);
    for (size_t i = 0; good && i < sheet.rows.count; i++) {
        const char *name = *(char **)array_at(&sheet.rows, i);
        if (name[0] != '\0' && (domain == NULL || string_equal(domain, name))) {
            read_journey(db, catalog, &sheet, i, array_push(journeys));
        }
    }
    glance_sheet_release(&sheet);
    if (good && domain != NULL && journeys->count == 0) {
        good =
            error_set(err, ERROR_USAGE, "there is no domain %.60s in this mesh", domain);
    }
    return good;
}

bool glance_journeys(const struct catalog *catalog, const char *domain,
                     struct array *journeys, struct error *err)
{
    *journeys = (struct array)ARRAY_OF(struct glance_journey);
    sqlite3 *db = glance_open(catalog, err);
    bool good = db != NULL && read_all(db, catalog, domain, journeys, err);
    store_close(db);
    if (!good) {
        glance_journeys_release(journeys);
    }
    return good;
}

void glance_journeys_release(struct array *journeys)
{
    for (size_t i = 0; i < journeys->count; i++) {
        struct glance_journey *journey = array_at(journeys, i);
        free(journey->domain);
        free(journey->team);
        free(journey->class);
        free(journey->next);
        free(journey->next_verb);
        array_release(&journey->facts);
    }
    array_release(journeys);
}

char *glance_fact_sql(const struct catalog *catalog, const char *domain, const char *key,
                      struct error *err)
{
    const struct glance_place place = {"journey", domain, key};
    char *sql = glance_part_sql(catalog, &glance_journey_plan, &place);
    if (sql == NULL) {
        struct text keys = {0};
        for (size_t i = 0; i < glance_journey_plan.count; i++) {
            text_printf(&keys, "%s%s", i > 0 ? ", " : "",
                        glance_journey_plan.parts[i].key);
        }
        error_set(err, ERROR_USAGE, "there is no fact %.60s; there are: %s", key,
                  text_string(&keys));
        text_release(&keys);
    }
    return sql;
}
