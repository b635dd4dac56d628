/* Unit tests of engine/quality: what a contract implies and its library rules, each with
 * the value and the outcome that the data have; and every count against the statement
 * that is told to prove it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "quality_help.h"

static const char contract[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: shop-orders\nname: orders\n"
    "version: 1.0.0\nstatus: active\ndomain: shop\n"
    "schema:\n"
    "- name: orders\n"
    "  properties:\n"
    "  - {name: id, logicalType: integer, required: true, primaryKey: true,\n"
    "     primaryKeyPosition: 1}\n"
    "  - {name: email, logicalType: string, classification: geheim, unique: true,\n"
    "     logicalTypeOptions: {format: email, minLength: 6, maxLength: 20}}\n"
    "  - {name: code, logicalType: string,\n"
    "     logicalTypeOptions: {pattern: '^[A-Z]{2}-\\d{3}$'}}\n"
    "  - {name: amount, logicalType: number,\n"
    "     logicalTypeOptions: {minimum: 0, exclusiveMaximum: 100, multipleOf: 0.1},\n"
    "     quality: [{metric: nullValues, mustBeLessThan: 30, unit: percent},\n"
    "               {id: few, metric: nullValues, mustBeBetween: [1, 2]},\n"
    "               {id: none, metric: nullValues},\n"
    "               {id: soft, metric: nullValues, mustBe: 0, severity: warning}]}\n"
    "  - {name: day, logicalType: date,\n"
    "     logicalTypeOptions: {minimum: '2024-01-01', maximum: '2024-12-31'}}\n"
    "  - {name: at, logicalType: timestamp,\n"
    "     logicalTypeOptions: {maximum: '2024-06-01T02:00:00+02:00'}}\n"
    "  - {name: status, logicalType: string,\n"
    "     quality: [{id: words, metric: invalidValues, mustBe: 0,\n"
    "                arguments: {validValues: [open, closed]}},\n"
    "               {id: known, metric: missingValues, mustBeLessOrEqualTo: 1,\n"
    "                arguments: {missingValues: [null, '', n/a]}},\n"
    "               {id: twice, metric: duplicateValues, mustBe: 2}]}\n"
    "  - {name: parts, logicalType: array,\n"
    "     logicalTypeOptions: {minItems: 1, maxItems: 2, uniqueItems: true}}\n"
    "  - {name: gone, logicalType: string, required: true,\n"
    "     logicalTypeOptions: {maxLength: 3}}\n"
    "  quality:\n"
    "  - {id: enough, metric: rowCount, mustBeGreaterThan: 4}\n"
    "  - {id: pairs, metric: duplicateValues, mustBe: 0,\n"
    "     arguments: {properties: [status, day]}}\n"
    "  - {id: lost, metric: duplicateValues, mustBe: 0,\n"
    "     arguments: {properties: [status, nowhere]}}\n"
    "  - {id: odd, metric: medianValue, mustBe: 0}\n"
    "  - {id: two, metric: rowCount, mustBe: 6, mustBeLessThan: 10}\n"
    "  - {id: upside, metric: rowCount, mustBeBetween: [10, 1]}\n"
    "  - {id: wordy, metric: rowCount, mustBe: many}\n"
    "  - {id: prose, type: text, description: looks nice}\n"
    "  - {id: other, type: custom, engine: soda, implementation: x}\n"
    "- name: nothing\n"
    "  properties: [{name: x, logicalType: string}]\n";

static const char data[] =
    "CREATE TABLE orders(id,email,code,amount,day,at,status,parts);"
    "INSERT INTO orders VALUES"
    "(1,'a@b.example','AB-123',0.3,'2024-01-01','2024-05-31T23:59:59Z','open','[1]'),"
    "(2,'c@d.example','AB-12',-1,'2023-12-31','2024-06-01T00:00:00Z','closed','[1,1]'),"
    "(2,'no address at all at','xAB-123',100,'2025-01-01','2024-06-01T00:00:01Z','open',"
    "'[]'),"
    "(NULL,'c@d.example','AB-124',0.25,'2024-02-30','yesterday','n/a','[1,2,3]'),"
    "(5,'f@g.example',NULL,NULL,'2024-01-01','2024-01-01','open','no list'),"
    "(6,'\xC3\xA4@b.de',NULL,'much',NULL,NULL,'',NULL);";

static const struct expected {
    const char *key, *value;
    enum quality_outcome outcome;
} expected[] = {
    {"orders.id.present", "0", QUALITY_PASSED},
    {"orders.id.type", "0", QUALITY_PASSED},
    {"orders.id.required", "1", QUALITY_FAILED},
    {"orders.id.primaryKey", "2", QUALITY_FAILED},
    {"orders.email.unique", "1", QUALITY_FAILED},
    {"orders.email.format", "1", QUALITY_FAILED},
    {"orders.email.minLength", "0", QUALITY_PASSED},
    {"orders.email.maxLength", "0", QUALITY_PASSED},
    {"orders.code.pattern", "2", QUALITY_FAILED},
    {"orders.amount.type", "1", QUALITY_FAILED},
    {"orders.amount.minimum", "1", QUALITY_FAILED},
    {"orders.amount.exclusiveMaximum", "1", QUALITY_FAILED},
    {"orders.amount.multipleOf", "1", QUALITY_FAILED},
    {"orders.amount.nullValues", "1", QUALITY_PASSED},
    {"orders.amount.few", "1", QUALITY_PASSED},
    {"orders.amount.none", NULL, QUALITY_ERROR},
    {"orders.amount.soft", "1", QUALITY_WARNING},
    {"orders.day.type", "1", QUALITY_FAILED},
    {"orders.day.minimum", "1", QUALITY_FAILED},
    {"orders.day.maximum", "1", QUALITY_FAILED},
    {"orders.at.type", "1", QUALITY_FAILED},
    {"orders.at.maximum", "1", QUALITY_FAILED},
    {"orders.status.words", "2", QUALITY_FAILED},
    {"orders.status.known", "2", QUALITY_FAILED},
    {"orders.status.twice", "1", QUALITY_FAILED},
    {"orders.parts.type", "1", QUALITY_FAILED},
    {"orders.parts.minItems", "1", QUALITY_FAILED},
    {"orders.parts.maxItems", "1", QUALITY_FAILED},
    {"orders.parts.uniqueItems", "1", QUALITY_FAILED},
    {"orders.gone.present", "1", QUALITY_FAILED},
    {"orders.gone.type", NULL, QUALITY_NOT_RUN},
    {"orders.gone.required", NULL, QUALITY_NOT_RUN},
    {"orders.gone.maxLength", NULL, QUALITY_NOT_RUN},
    {"orders.enough", "6", QUALITY_PASSED},
    {"orders.pairs", "1", QUALITY_FAILED},
    {"orders.lost", NULL, QUALITY_ERROR},
    {"orders.odd", NULL, QUALITY_ERROR},
    {"orders.two", NULL, QUALITY_ERROR},
    {"orders.upside", NULL, QUALITY_ERROR},
    {"orders.wordy", NULL, QUALITY_ERROR},
    {"orders.prose", NULL, QUALITY_NOT_RUN},
    {"orders.other", NULL, QUALITY_NOT_RUN},
    {"nothing.x.present", "1", QUALITY_FAILED},
    {"nothing.x.type", NULL, QUALITY_NOT_RUN},
};

static void test_outcomes(const struct bench *bench, const struct expected *rows,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct quality_check *check = bench_check(bench, rows[i].key);
        if (!ok(check != NULL, "%s is planned", rows[i].key)) {
            continue;
        }
        is_text(quality_outcome_name(check->outcome),
                quality_outcome_name(rows[i].outcome), "%s: its outcome (%s)", check->key,
                check->reason != NULL ? check->reason : "no reason");
        is_text(check->value, rows[i].value, "%s: its value", check->key);
        ok(check->outcome == QUALITY_PASSED || check->reason != NULL,
           "%s: says why it did not pass", check->key);
    }
}

/* Whoever doubts a count runs its statement; the rows behind it are as many, unless it
 * counts keys. */
static void test_proofs(const struct bench *bench)
{
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    char *attach = string_printf("ATTACH 'file:%s?mode=ro' AS orders", bench->file);
    ok(db != NULL && store_run(db, attach, &err) && quality_functions(db, &err),
       "a connection with conforms(): %s", err.message);
    for (size_t i = 0; i < bench->checks.count; i++) {
        const struct quality_check *check = array_at(&bench->checks, i);
        if (check->value == NULL || check->sql == NULL) {
            continue;
        }
        char *found = store_string(db, check->sql, "");
        is_text(found, check->value, "%s is proved by %s", check->key, check->sql);
        free(found);
        bool counts_keys = string_equal(check->dimension, "uniqueness");
        if (check->rows_sql != NULL && !counts_keys) {
            char *count = string_printf("SELECT count(*) FROM (%s)", check->rows_sql);
            found = store_string(db, count, "");
            is_text(found, check->value, "%s: as many rows: %s", check->key,
                    check->rows_sql);
            free(found);
            free(count);
        }
        ok(check->rows_sql == NULL ||
               strstr(check->rows_sql, "SELECT rowid AS row, \"id\"") == check->rows_sql,
           "%s: rows are named by their key", check->key);
        const char *rows =
            check->rows_sql != NULL ? strstr(check->rows_sql, " FROM ") : NULL;
        const char *email = rows != NULL ? strstr(check->rows_sql, "\"email\"") : NULL;
        ok(email == NULL || email > rows, "%s: personal data is not shown", check->key);
    }
    free(attach);
    store_close(db);
}

static void test_totals(const struct bench *bench)
{
    struct text words = {0};
    struct quality_totals totals = quality_totals(&bench->checks);
    is_int(totals.checks,
           totals.passed + totals.warnings + totals.failed + totals.errors +
               totals.not_run,
           "every check has an outcome");
    is_int(totals.worst, QUALITY_ERROR, "an error is the worst");
    quality_totals_describe(&totals, &words);
    ok(strstr(text_string(&words), " not run") != NULL, "told: %s", text_string(&words));
    text_release(&words);
}

static void test_pack(const struct bench *bench)
{
    struct text bytes = {0};
    struct array copy = ARRAY_OF(struct quality_check);
    quality_pack(&bench->checks, &bytes);
    ok(quality_unpack(bytes.data, bytes.length, &copy), "checks come through a pipe");
    is_int((long long)copy.count, (long long)bench->checks.count, "all of them");
    const struct quality_check *before = bench_check(bench, "orders.id.required");
    struct bench other = {.checks = copy};
    const struct quality_check *after = bench_check(&other, "orders.id.required");
    is_text(after->reason, before->reason, "with their words");
    is_int(after->total, before->total, "and numbers");
    quality_release(&copy);
    for (size_t cut = 1; cut < bytes.length; cut += 97) {
        copy = (struct array)ARRAY_OF(struct quality_check);
        bool whole = quality_unpack(bytes.data, bytes.length - cut, &copy);
        if (whole) { /* cut between two checks */
            ok(copy.count < bench->checks.count, "what is cut off is not there");
        }
        quality_release(&copy);
    }
    text_release(&bytes);
}

static void test_selection(struct bench *bench)
{
    struct array checks = ARRAY_OF(struct quality_check);
    struct error err = {0};
    bench->spec.selection = (struct quality_selection){.rule = "enough"};
    ok(quality_plan(&bench->spec, &checks, &err), "one rule is chosen: %s", err.message);
    is_int((long long)checks.count, 1, "and no other");
    quality_release(&checks);
    checks = (struct array)ARRAY_OF(struct quality_check);
    bench->spec.selection = (struct quality_selection){.dimension = "uniqueness"};
    ok(quality_plan(&bench->spec, &checks, &err), "a dimension is chosen");
    is_int((long long)checks.count, 5, "with its checks");
    quality_release(&checks);
    checks = (struct array)ARRAY_OF(struct quality_check);
    bench->spec.selection = (struct quality_selection){.rule = "enuogh"};
    ok(!quality_plan(&bench->spec, &checks, &err), "a rule that is not there");
    is_int(err.kind, ERROR_USAGE, "is wrong usage: testing nothing must not pass");
    quality_release(&checks);
    bench->spec.selection = (struct quality_selection){0};
}

/* ---- Other standards ---- */

static const char specification[] =
    "dataContractSpecification: 1.2.1\nid: dcs\ninfo: {title: items, version: 1.0.0}\n"
    "models:\n  items:\n    type: table\n    primaryKey: [a, b]\n    fields:\n"
    "      a: {type: varchar, required: true, enum: [x, y]}\n"
    "      b: {type: bigint, minimum: 2}\n"
    "      c: {type: decimal, unique: true}\n"
    "    quality:\n"
    "    - {type: library, metric: rowCount, mustBeGreaterThanOrEqualTo: 4}\n";

static const char package[] =
    "{\"name\": \"p\", \"resources\": [{\"name\": \"items\", \"path\": \"items.csv\",\n"
    "\"schema\": {\"fields\": [\n"
    "{\"name\": \"a\", \"type\": \"string\", \"constraints\": {\"pattern\": \"x|y\",\n"
    "  \"required\": true, \"enum\": [\"x\", \"yy\", \"z\"]}},\n"
    "{\"name\": \"b\", \"type\": \"integer\", \"constraints\": {\"maximum\": 3}},\n"
    "{\"name\": \"c\", \"type\": \"number\"}],\n"
    "\"primaryKey\": \"b\", \"uniqueKeys\": [[\"a\", \"c\"]]}}]}\n";

static const char items[] = "CREATE TABLE items(a,b,c);INSERT INTO items "
                            "VALUES('x',1,1),('yy',2,2.5),('z',2,2.5),"
                            "('x',1,1),(NULL,5,NULL);";

static const struct expected in_specification[] = {
    {"items.a.required", "1", QUALITY_FAILED}, {"items.a.enum", "2", QUALITY_FAILED},
    {"items.b.type", "0", QUALITY_PASSED},     {"items.b.minimum", "2", QUALITY_FAILED},
    {"items.c.type", "0", QUALITY_PASSED},     {"items.c.unique", "2", QUALITY_FAILED},
    {"items.primaryKey", "2", QUALITY_FAILED}, {"items.rowCount", "5", QUALITY_PASSED},
};

static const struct expected in_package[] = {
    {"items.a.required", "1", QUALITY_FAILED},   {"items.a.pattern", "2", QUALITY_FAILED},
    {"items.a.enum", "0", QUALITY_PASSED},       {"items.b.maximum", "1", QUALITY_FAILED},
    {"items.b.primaryKey", "2", QUALITY_FAILED}, {"items.unique", "1", QUALITY_FAILED},
};

static void test_standard(const char *name, const char *descriptor,
                          const struct expected *rows, size_t count)
{
    struct bench bench;
    if (ok(bench_open(&bench, name, descriptor, items), "%s: %s", name,
           bench.err.message) &&
        ok(bench_run(&bench), "%s is run: %s", name, bench.err.message)) {
        test_outcomes(&bench, rows, count);
    }
    bench_close(&bench);
}

int main(void)
{
    struct bench bench;
    bench_home();
    if (ok(bench_open(&bench, "orders", contract, data), "a contract and its data: %s",
           bench.err.message) &&
        ok(bench_run(&bench), "run: %s", bench.err.message)) {
        test_outcomes(&bench, expected, sizeof expected / sizeof *expected);
        test_proofs(&bench);
        test_totals(&bench);
        test_pack(&bench);
        test_selection(&bench);
    }
    bench_close(&bench);
    test_standard("specification", specification, in_specification,
                  sizeof in_specification / sizeof *in_specification);
    test_standard("package", package, in_package, sizeof in_package / sizeof *in_package);
    bench_leave();
    return tap_done();
}
