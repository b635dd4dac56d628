/* Unit test of the grades of engine/diff.h: a case for every row of their table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "diff_cases.h"

static const struct {
    const char *name, *form;
} sites[] = {
    [COLUMN] = {"c.yaml",
                HEAD "version: 1.0.0\nschema:\n  - name: t\n    properties:\n" KEPT
                     "      - {name: c%s}\n"},
    [TABLE] = {"t.yaml",
               HEAD "version: 1.0.0\nschema:\n  - name: t\n%s    properties:\n" KEPT},
    [ROOT] = {"r.yaml", HEAD "%sschema:\n  - name: t\n    properties:\n" KEPT},
    [PRODUCT] = {"p.yaml", "kind: DataProduct\napiVersion: v1.1.0\nid: p\n%s"},
    [PACKAGE] = {"datapackage.json",
                 "{\"name\": \"p\", \"resources\": [{\"name\": \"t\", %s}]}"},
    [FIELD] = {"datapackage.json",
               "{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", "
               "\"schema\": {\"fields\": [{\"name\": \"c\" %s}]}}]}"},
    [ABOUT] = {"datapackage.json",
               "{\"name\": \"p\", %s \"resources\": [{\"name\": \"t\", \"path\": "
               "\"t.csv\"}]}"},
    [OPEN] = {"o.yaml", "schema: https://opendataproducts.org/v4.1/schema/odps.yaml\n"
                        "version: 4.1\nproduct:\n  details:\n    en:\n      name: x\n"
                        "      productID: x\n      visibility: private\n      status: "
                        "draft\n      type: raw data\n%s"},
    [DCS] = {"s.yaml",
             "dataContractSpecification: 1.2.1\nid: a\ninfo: {title: a, version: "
             "1.0.0}\n%s"},
    [DCAT] = {"data.json",
              "{\"conformsTo\": \"https://project-open-data.cio.gov/v1.1/schema\", "
              "\"dataset\": [{\"title\": \"x\", \"identifier\": \"x\" %s}]}"},
    [DPDS] = {"d.json",
              "{\"dataProductDescriptor\": \"1.0.0\", \"info\": {\"fullyQualifiedName\": "
              "\"urn:dpds:a:dataproducts:x:1\", \"name\": \"x\", \"version\": \"1.0.0\", "
              "\"domain\": \"d\", \"owner\": {\"id\": \"o\"}}, \"interfaceComponents\": "
              "{\"outputPorts\": [{\"fullyQualifiedName\": "
              "\"urn:dpds:a:dataproducts:x:1:outputports:o:1\", \"name\": \"o\", "
              "\"version\": \"1.0.0\"%s}]}}"},
};

enum { MOST_RULES = 400 };
static bool met[MOST_RULES];

static void meet(const struct diff_report *report)
{
    size_t count;
    const struct diff_rule *rules = diff_rules(&count);
    for (size_t i = 0; i < report->changes.count; i++) {
        const struct diff_change *change = array_at(&report->changes, i);
        met[change->rule - rules] = true;
    }
}

static void put_site(const char *side, enum site site, const char *fragment)
{
    const char *mark = strstr(sites[site].form, "%s");
    char *path = string_printf("%s/%s", side, sites[site].name);
    char *text = string_printf("%.*s%s%s", (int)(mark - sites[site].form),
                               sites[site].form, fragment, mark + 2);
    put(path, text);
    free(text);
    free(path);
}

static void try_case(const struct grade_case *wanted)
{
    struct diff_report report;
    struct error err;
    put_site("old", wanted->site, wanted->before);
    put_site("new", wanted->site, wanted->after);
    char *before = string_printf("old/%s", sites[wanted->site].name);
    char *after = string_printf("new/%s", sites[wanted->site].name);
    if (!compare(before, after, &report, &err)) {
        ok(false, "%s: %s", wanted->what, err.message);
    } else {
        const struct diff_change *found = find(&report, wanted->change, wanted->what);
        bool right = found != NULL && report.changes.count == 1 &&
                     found->rule->producer == wanted->producer &&
                     found->rule->consumer == wanted->consumer;
        if (!ok(right, "%s %s: %s for producers, %s for consumers", wanted->change,
                wanted->what, diff_grade_name(wanted->producer),
                diff_grade_name(wanted->consumer))) {
            printf("# %s => %s\n", wanted->before, wanted->after);
            say(&report);
        }
        meet(&report);
        diff_report_release(&report);
    }
    char *old_side = path_join(home, "old"), *new_side = path_join(home, "new");
    path_remove_tree(old_side, NULL);
    path_remove_tree(new_side, NULL);
    free(old_side);
    free(new_side);
    free(before);
    free(after);
}

static void every_grade_has_its_case(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        try_case(&cases[i]);
    }
}

/* ---- What takes more than one line ---- */

/* Compares, tells the rules that were met, and wants this change among the others. */
static void change_is(const char *before, const char *after, const char *change,
                      const char *what, const char *title)
{
    struct diff_report report;
    struct error err;
    if (!compare(before, after, &report, &err)) {
        ok(false, "%s: %s", title, err.message);
        return;
    }
    if (!ok(find(&report, change, what) != NULL, "%s", title)) {
        say(&report);
    }
    meet(&report);
    diff_report_release(&report);
}

#define VERSION(version) "kind: DataContract\napiVersion: " version "\n"
#define T "schema: [{name: t, properties: [{name: k}]}]\n"

static void whole_things_change(void)
{
    put("one/a.yaml", VERSION("v3.1.0") "id: a\nversion: 1.0.0\n" T);
    put("other/a.yaml", VERSION("v3.2.0") "id: b\nversion: 1.0.0\n" T);
    put("two/a.yaml", VERSION("v3.1.0") "id: a\nversion: 1.0.0\n" T);
    put("two/b.yaml", VERSION("v3.1.0") "id: b\nversion: 1.0.0\n" T);
    change_is("one", "other", "changed", "contract.id", "a contract has another id");
    change_is("one", "other", "changed", "contract.apiVersion",
              "another standard's version");
    change_is("one", "two", "added", "b", "a contract was added");
    change_is("two", "one", "removed", "b", "a contract was removed");
    put("dcs/a.yaml",
        "dataContractSpecification: 1.2.1\nid: a\ninfo: {title: a, version: "
        "1.0.0}\n");
    change_is("dcs", "one", "changed", "contract.standard", "another standard");
    put("p1/a.yaml", "kind: DataProduct\napiVersion: v1.0.0\nid: a\nstatus: active\n");
    put("p3/a.yaml", "kind: DataProduct\napiVersion: v1.0.0\nid: c\nstatus: active\n");
    put("p2/a.yaml", "kind: DataProduct\napiVersion: v1.0.0\nid: a\nstatus: active\n");
    put("p2/b.yaml", "kind: DataProduct\napiVersion: v1.0.0\nid: b\nstatus: active\n");
    change_is("p1", "p3", "changed", "product.id", "a product has another id");
    change_is("p1", "p2", "added", "b", "a product was added");
    change_is("p2", "p1", "removed", "b", "a product was removed");
}

#define FIELDS(fields)                                                                   \
    "{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", "          \
    "\"schema\": "                                                                       \
    "{\"fields\": [" fields "]}}]}"
#define F(name, type) "{\"name\": \"" name "\", \"type\": \"" type "\"}"

static void tables_change(void)
{
    put("t1/datapackage.json", FIELDS(F("a", "string") "," F("b", "string")));
    put("t2/datapackage.json", FIELDS(F("b", "string") "," F("a", "string")));
    change_is("t1", "t2", "changed", "t.columns", "columns change places");
    put("t3/a.yaml",
        HEAD "version: 1.0.0\nschema: [{name: t, properties: [{name: k}]}, {name: "
             "orders, properties: [{name: a}, {name: b}]}]\n");
    put("t4/a.yaml",
        HEAD "version: 1.0.0\nschema: [{name: t, properties: [{name: k}]}]\n");
    put("t5/a.yaml",
        HEAD "version: 1.0.0\nschema: [{name: t, properties: [{name: k}]}, {name: "
             "sales, properties: [{name: a}, {name: b}]}]\n");
    change_is("t3", "t4", "removed", "orders", "a table is gone");
    change_is("t4", "t3", "added", "orders", "a table came");
    change_is("t3", "t5", "renamed", "orders",
              "a table with the same columns is renamed");
}

static void data_are_compared(void)
{
    put("d1/datapackage.json", FIELDS(F("id", "integer") "," F("amount", "integer") "," F(
                                   "given_name", "string") "," F("gone", "string")));
    put("d1/t.csv", "id,amount,given-name,more\n1,x,a,b\n");
    change_is("d1", NULL, "removed", "t.gone", "declared, but not in the data");
    change_is("d1", NULL, "added", "t.more", "in the data, but not declared");
    change_is("d1", NULL, "renamed", "t.given_name", "called otherwise in the data");
    change_is("d1", NULL, "changed", "t.amount.type",
              "data that do not look as declared");
}

static void every_rule_was_met(void)
{
    size_t count;
    const struct diff_rule *rules = diff_rules(&count);
    bool all = count <= MOST_RULES;
    for (size_t i = 0; all && i < count; i++) {
        if (!met[i]) {
            printf("# no case for kind %d field %s way %d: %s\n", rules[i].kind,
                   rules[i].field != NULL ? rules[i].field : "-", rules[i].way,
                   rules[i].why);
        }
    }
    for (size_t i = 0; i < count; i++) {
        all = all && met[i];
    }
    ok(all, "every row of the table of grades has a case");
}

int main(void)
{
    if (!make_home()) {
        return 1;
    }
    every_grade_has_its_case();
    whole_things_change();
    tables_change();
    data_are_compared();
    every_rule_was_met();
    path_remove_tree(home, NULL);
    return tap_done();
}
