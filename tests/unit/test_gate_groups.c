/* Unit tests of small groups (engine/gate.h): what is told, and every way to get more.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "gate_help.h"

#include "engine/gate.h"

/* 12 people: five in Alpen, four in Bergen, two in Caden, one in Doom who is the only one
 * with the plague, and 9001. */
static void make_mesh(struct bed *bed)
{
    gate_mesh(bed, "classifications: [public, internal, confidential, sensitive]\n"
                   "small_groups:\n"
                   "  - {table: 'clinic.*', at_least: 4}\n"
                   "  - {classification: sensitive, at_least: 3}\n"
                   "  - {classification: broken, at_least: few}\n");
    gate_describe(bed, "clinic", "patients",
                  "id:internal city:internal illness:sensitive cost:internal");
    gate_describe(bed, "towns", "t", "city:public size:public");
    gate_describe(bed, "mixed", "m", "open:public secret:sensitive");
    bed_publish(
        bed, "test", "clinic", "1.0.0-a",
        "CREATE TABLE patients(id INTEGER PRIMARY KEY, city, illness, cost);"
        "INSERT INTO patients(city,illness,cost) "
        "VALUES('Alpen','flu',1),('Alpen','flu',2),"
        "('Alpen','flu',3),('Alpen','cold',4),('Alpen','cold',NULL),('Bergen','flu',5),"
        "('Bergen','flu',6),('Bergen','flu',7),('Bergen','flu',8),('Caden','cold',9),"
        "('Caden','cold',10),('Doom','plague',9001);"
        "CREATE TABLE mwb_statistic(x); INSERT INTO mwb_statistic VALUES('plague');");
    bed_publish(
        bed, "test", "towns", "1.0.0-a",
        "CREATE TABLE t(city, size); INSERT INTO t VALUES('Alpen',1),('Bergen',2),"
        "('Caden',3),('Doom',4),('Doom',5),('Doom',6),('Doom',7),('Doom',8);");
    bed_publish(bed, "test", "mixed", "1.0.0-a",
                "CREATE TABLE m(open, secret); INSERT INTO m VALUES(1,'plague'),(2,'x'),"
                "(3,'x'),(4,'x');");
}

#define P " FROM clinic.patients "

static const struct {
    const char *sql, *rows;
} told[] = {
    {"SELECT city, count(*)" P "GROUP BY city", "Alpen|5\nBergen|4"},
    {"SELECT city, count(*)" P "GROUP BY 1 ORDER BY 2", "Bergen|4\nAlpen|5"},
    {"SELECT upper(city) AS c, count(*) AS n" P "GROUP BY c ORDER BY n DESC LIMIT 1",
     "ALPEN|5"},
    {"SELECT count(*)" P, "12"},
    {"SELECT count(*) AS n -- of all\n" P "WHERE city = 'Alpen'", "5"},
    {"SELECT count(*)" P "WHERE city = 'Doom'", ""},
    {"SELECT city, sum(cost)" P "GROUP BY city", "Alpen|10\nBergen|26"},
    {"SELECT city, avg(cost), count(DISTINCT illness)" P "GROUP BY city",
     "Alpen|2.5|2\nBergen|6.5|1"},
    {"SELECT city, count(*)" P "GROUP BY city HAVING count(*) < 5", "Bergen|4"},
    {"SELECT city, count(*)" P "GROUP BY city HAVING count(*) < 4", ""},
    {"SELECT city, illness, count(*)" P "GROUP BY city, illness", "Bergen|flu|4"},
    {"SELECT city || '!', round(1.0 * sum(cost) / count(*), 1)" P "GROUP BY city",
     "Alpen!|2.0\nBergen!|6.5"},
    {"SELECT CASE WHEN cost > 4 THEN 'dear' ELSE 'cheap' END AS band, count(*)" P
     "GROUP BY CASE WHEN cost > 4 THEN 'dear' ELSE 'cheap' END",
     "cheap|5\ndear|7"},
    {"SELECT p.city, count(*) FROM clinic.patients AS p JOIN towns.t AS t ON t.city = "
     "p.city GROUP BY p.city",
     "Alpen|5\nBergen|4"},
    {"SELECT size, count(*) FROM clinic.patients JOIN towns.t USING (city) GROUP BY size",
     "1|5\n2|4"},
    {"SELECT count(*)" P "WHERE city LIKE 'A%' OR city IN ('Bergen', 'Caden')", "11"},
    {"SELECT open FROM mixed.m ORDER BY open LIMIT 1", "1"},
    {"SELECT count(*) FROM mixed.m WHERE secret = 'plague'", ""},
    {"SELECT secret, count(*) FROM mixed.m GROUP BY secret", "x|3"},
};

/* Every one has to be refused, and tells what to write instead. */
static const char *const refused[] = {
    "SELECT *" P,
    "SELECT * FROM clinic.patients",
    "SELECT p.*" P "AS p",
    "SELECT illness" P,
    "SELECT illness" P "LIMIT 1 OFFSET 11",
    "SELECT 1" P "WHERE illness = 'plague'",
    "SELECT DISTINCT illness" P,
    "SELECT DISTINCT city, count(*)" P "GROUP BY city",
    "SELECT illness, count(*)" P "GROUP BY city",
    "SELECT illness AS city, count(*)" P "GROUP BY city",
    "SELECT illness AS cost, count(*)" P "GROUP BY cost",
    "SELECT illness AS rowid, count(*)" P "GROUP BY rowid",
    "SELECT illness, count(*)" P "GROUP BY (1)",
    "SELECT illness, count(*)" P "GROUP BY 0x1",
    "SELECT max(illness)" P,
    "SELECT city, min(cost)" P "GROUP BY city",
    "SELECT group_concat(illness)" P,
    "SELECT json_group_array(illness)" P,
    "SELECT median(cost)" P,
    "SELECT percentile(cost, 100)" P,
    "SELECT sum(cost * (illness = 'plague'))" P,
    "SELECT sum(CASE WHEN illness = 'plague' THEN 1 END)" P,
    "SELECT sum(cost + 0)" P,
    "SELECT sum(DISTINCT cost)" P,
    "SELECT count(nullif(illness, 'flu'))" P,
    "SELECT count(*) FILTER (WHERE illness = 'plague')" P,
    "SELECT sum(cost) OVER (ORDER BY id)" P,
    "SELECT city, count(*) OVER w" P "GROUP BY city WINDOW w AS (PARTITION BY city)",
    "SELECT city, count(*)" P "GROUP BY city HAVING max(cost) > 9000",
    "SELECT city, count(*)" P "GROUP BY city HAVING sum(illness = 'plague') > 0",
    "SELECT city, count(*)" P "GROUP BY city HAVING illness = 'plague'",
    "SELECT city, count(*)" P "GROUP BY city ORDER BY max(cost)",
    "SELECT city, count(*)" P "GROUP BY city ORDER BY illness",
    "SELECT city, count(*)" P "GROUP BY city ORDER BY sum(cost = 9001)",
    "SELECT city, count(*)" P "GROUP BY city LIMIT (SELECT count(*)" P ")",
    "SELECT city, count(*)" P "GROUP BY city UNION ALL SELECT illness, 1" P,
    "SELECT city, count(*)" P "GROUP BY city EXCEPT SELECT 'Alpen', 5",
    "SELECT count(*)" P "INTERSECT SELECT 12",
    "SELECT * FROM (SELECT city, count(*) AS n" P "GROUP BY city)",
    "SELECT n FROM (SELECT city, count(*) AS n" P "GROUP BY city) WHERE city = 'Doom'",
    "SELECT (SELECT illness" P "WHERE id = 12)",
    "SELECT count(*), (SELECT illness FROM clinic.patients WHERE id = 12)" P,
    "SELECT count(*) FROM towns.t WHERE EXISTS (SELECT 1" P "WHERE illness = 'plague')",
    "SELECT size FROM towns.t WHERE city IN (SELECT city" P ")",
    "SELECT size FROM towns.t WHERE 'plague' IN clinic.mwb_statistic",
    "SELECT count(*)" P "WHERE illness IN (VALUES('plague'))",
    "WITH x AS (SELECT *" P ") SELECT * FROM x",
    "WITH x AS (SELECT city, count(*) AS n" P "GROUP BY city) SELECT * FROM x",
    "WITH x AS (SELECT 1) SELECT count(*)" P,
    "VALUES((SELECT illness" P "WHERE id = 12))",
    "SELECT t.city, count(*) FROM towns.t, clinic.patients GROUP BY illness",
    "SELECT size FROM towns.t NATURAL JOIN clinic.patients",
    "SELECT size FROM towns.t JOIN clinic.patients USING (city)",
    "SELECT city, count(*) FROM clinic.patients, main.marks GROUP BY city",
    "SELECT sum(mark) FROM clinic.patients JOIN main.marks USING (id)",
    "SELECT count(*) FROM seen",
    "SELECT illness FROM seen",
    "SELECT city, count(*) FROM seen GROUP BY city",
    "CREATE TABLE copied AS SELECT *" P,
    "CREATE TABLE copied AS SELECT city, count(*) AS n" P "GROUP BY city",
    "CREATE TEMP TABLE copied AS SELECT illness" P,
    "INSERT INTO marks SELECT id, illness" P,
    "UPDATE marks SET mark = (SELECT illness" P "WHERE id = 12)",
    "DELETE FROM marks WHERE id IN (SELECT id" P "WHERE illness = 'plague')",
    "INSERT INTO marks VALUES(1, 1) RETURNING (SELECT illness" P "WHERE id = 12)",
    "SELECT * FROM clinic.mwb_statistic",
    "SELECT x, count(*) FROM clinic.mwb_statistic GROUP BY x",
    "SELECT count(*)" P "WHERE abs(iif(illness = 'plague', -9223372036854775808, 1)) > 0",
    "SELECT count(*)" P "WHERE json(iif(illness = 'plague', '{', '{}')) IS NOT NULL",
    "SELECT count(*)" P "WHERE iif(illness = 'plague', '{', '{}') -> 'a' IS NULL",
    "SELECT count(*)" P "WHERE 'a' REGEXP iif(illness = 'plague', '(', 'a')",
    "SELECT count(*)" P "WHERE regexp(iif(illness = 'plague', '(', 'a'), 'a')",
    "SELECT count(*)" P "WHERE 'a' LIKE 'a' ESCAPE iif(illness = 'plague', 'xx', 'x')",
    "SELECT count(*)" P "WHERE 'a' LIKE illness || '%'",
    "SELECT count(*)" P "WHERE like(illness, 'plague')",
    "SELECT count(*)" P "WHERE length(replace(illness, 'p', 'pp')) > 0",
    "SELECT count(*)" P "WHERE length(zeroblob(iif(illness = 'plague', 2000000000, 1)))",
    "SELECT count(*)" P "WHERE randomblob(8) > illness",
    "SELECT count(*)" P "WHERE printf('%s', illness) = 'plague'",
    "SELECT \"count\"(id)" P,
    "SELECT city \"x\", illness" P "GROUP BY city",
    "SELECT a.illness FROM clinic.patients a JOIN clinic.patients b ON a.id = b.id GROUP "
    "BY a.city",
    "SELECT count(*) FROM clinic.patients JOIN clinic.patients USING (id)",
    "SELECT count(*) FROM (clinic.patients)",
    "SELECT count(*) FROM clinic.patients, json_each('[1,2,3,4,5]') GROUP BY illness",
    "SELECT count(*) FROM clinic.patients NOT INDEXED",
};

/* Understood, and still nobody is told of alone. */
static const char *const harmless[] = {
    "SELECT illness, count(*)" P "GROUP BY illness",
    "SELECT city, sum(cost)" P "GROUP BY city HAVING sum(cost) > 9000",
    "SELECT rowid, count(*)" P "GROUP BY rowid",
    "SELECT illness, city, count(*)" P "GROUP BY 1, 2 ORDER BY 3 LIMIT 10",
    "SELECT p.illness, count(*) FROM clinic.patients p JOIN towns.t ON 1 GROUP BY "
    "p.illness",
    "SELECT p.illness, count(*) FROM clinic.patients p CROSS JOIN towns.t GROUP BY 1",
    "SELECT p.illness, sum(t.size) FROM clinic.patients p, towns.t t GROUP BY p.illness",
    "SELECT t.city, count(*), sum(cost) FROM towns.t LEFT JOIN clinic.patients USING "
    "(city) GROUP BY t.city",
    "SELECT a.illness, count(*) FROM clinic.patients a JOIN clinic.patients b ON a.cost "
    "< "
    "b.cost OR a.cost > b.cost GROUP BY a.illness",
    "SELECT iif(illness = 'plague', 'plague', 'other'), count(*)" P
    "GROUP BY iif(illness = 'plague', 'plague', 'other')",
    "SELECT illness COLLATE nocase, count(*)" P "GROUP BY illness COLLATE nocase",
    "SELECT CAST(illness AS TEXT), count(*)" P "GROUP BY CAST(illness AS TEXT)",
};

static void groups_are_told(struct bed *bed)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        bed_is(bed, told[i].sql, told[i].rows);
    }
}

static void ways_around_are_closed(struct bed *bed)
{
    static const char prefix[] = " is told in groups of at least ";
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct session_run *run = bed_run(bed, refused[i]);
        const char *message = session_run_error(run)->message;
        bool is =
            strstr(message, prefix) != NULL && strstr(message, "; write one ") != NULL;
        ok(is, "refused: %.100s", refused[i]);
        if (!is) {
            char *rows = bed_rows(run);
            printf("# %s\n", rows);
            free(rows);
        }
        session_run_free(run);
    }
}

static void harmless_ones_hide(struct bed *bed)
{
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        struct session_run *run = bed_run(bed, harmless[i]);
        char *rows = bed_rows(run);
        bool tells = strstr(rows, "plague") != NULL || strstr(rows, "9001") != NULL ||
                     strstr(rows, "Doom") != NULL || strstr(rows, "error") != NULL;
        ok(!tells, "hidden: %.100s", harmless[i]);
        if (tells) {
            printf("# %s\n", rows);
        }
        free(rows);
        session_run_free(run);
    }
}

/* As many are told to be hidden whether there is one or none: else that would tell. */
static void notes_tell_no_number(struct bed *bed)
{
    static const char *const statements[] = {
        "SELECT city, count(*)" P "WHERE illness = 'plague' GROUP BY city",
        "SELECT city, count(*)" P "WHERE illness = 'nothing' GROUP BY city",
    };
    for (size_t i = 0; i < 2; i++) {
        struct session_run *run = bed_run(bed, statements[i]);
        is_text(session_run_notes(run),
                "groups of fewer than 4 rows or values are left out: at most 3\n",
                "notes of %s", statements[i]);
        session_run_free(run);
    }
    is_int(gate_hidden_at_most(0, 5), 4, "none is told as up to four");
    is_int(gate_hidden_at_most(4, 5), 4, "and so are four");
    is_int(gate_hidden_at_most(5, 5), 9, "five are told as up to nine");
    struct session_run *run = bed_run(bed, "SELECT count(*)" P);
    is_text(session_run_notes(run),
            "an answer about fewer than 4 rows or values is left out\n",
            "one group, one note");
    session_run_free(run);
}

static void parameters_stay_bound(struct bed *bed)
{
    const struct session_parameter parameters[] = {{"c", "Alpen"}};
    struct session_run *run =
        bed_query(bed, (struct session_query){.sql = "SELECT city, count(*)" P
                                                     "WHERE city = :c GROUP BY city",
                                              .parameters = parameters,
                                              .parameter_count = 1});
    char *rows = bed_rows(run);
    is_text(rows, "Alpen|5", "a parameter is a value there, too");
    free(rows);
    session_run_free(run);
}

/* Samples and the least and the most are single values as well. */
static void values_are_kept_back(struct bed *bed)
{
    static const struct {
        const char *product, *table;
        struct catalog_column column;
        bool tells;
    } cases[] = {
        {"clinic", "patients", {.name = (char *)"city"}, false},
        {"towns", "t", {.name = (char *)"size"}, true},
        {"mixed", "m", {.name = (char *)"open"}, true},
        {"mixed",
         "m",
         {.name = (char *)"secret", .classification = (char *)"sensitive"},
         false},
    };
    struct error err = {0};
    struct catalog *catalog = catalog_open(bed->index, &err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct gate_spec spec = {.catalog = catalog};
        struct catalog_product product;
        bool found = catalog_product(catalog, cases[i].product, &product, &err);
        ok(found && gate_tells_values(&spec, &product, cases[i].table,
                                      &cases[i].column) == cases[i].tells,
           "values of %s.%s", cases[i].table, cases[i].column.name);
        catalog_product_release(&product);
    }
    catalog_close(catalog);
}

int main(void)
{
    struct bed bed;
    bed_make(&bed);
    make_mesh(&bed);
    bed_start(&bed);
    bed_is(&bed, "CREATE TABLE marks(id, mark); INSERT INTO marks VALUES(12, 1)", "");
    bed_is(&bed, "CREATE TEMP VIEW seen AS SELECT *" P, "");
    groups_are_told(&bed);
    ways_around_are_closed(&bed);
    harmless_ones_hide(&bed);
    notes_tell_no_number(&bed);
    parameters_stay_bound(&bed);
    values_are_kept_back(&bed);
    bed_release(&bed);
    return tap_done();
}
