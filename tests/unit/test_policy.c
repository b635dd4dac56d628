/* Unit tests of engine/policy: roles, grants, agreements and masks of a small mesh, case
 * by case; keys of sets of decisions; meshes whose roles are missing or broken.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/policy.h"
#include "catalog_help.h"
#include "policy_cases.h"

/* ---- The mesh ---- */

static void put_agreed(const struct agreed_product *product)
{
    char *path = string_printf("shop/%s/c.odcs.yaml", product->name);
    char *text = string_printf(
        "apiVersion: v3.1.0\nkind: DataContract\nid: s-%s\nname: %s\ndomain: shop\n"
        "version: 1.0.0\nstatus: active\nteam: {members: [{username: own@example.org, "
        "role: Owner}]}\nroles: [{role: nobody}]\nschema: [{name: t, properties: [{name: "
        "x, classification: internal}]}]\n",
        product->name, product->name);
    put("m", path, text);
    free(text);
    free(path);
    if (product->agreement != NULL) {
        path = string_printf("agreements/%s.yaml", product->name);
        put("m", path, product->agreement);
        free(path);
    }
}

static void put_plain(const char *name, const char *rest)
{
    char *path = string_printf("shop/%s/c.odcs.yaml", name);
    char *text = string_printf("apiVersion: v3.1.0\nkind: DataContract\nid: s-%s\n"
                               "name: %s\ndomain: shop\nversion: 1.0.0\nstatus: active\n"
                               "%sschema: [{name: t, properties: [{name: x}]}]\n",
                               name, name, rest);
    put("m", path, text);
    free(text);
    free(path);
}

static void make_mesh(void)
{
    put("m", "mesh.yaml", mesh_yaml);
    put("m", "accounts/people/p.odps.yaml", product_yaml);
    put("m", "accounts/people/open.odcs.yaml", open_yaml);
    put("m", "accounts/people/personal.odcs.yaml", personal_yaml);
    for (size_t i = 0; i < sizeof agreed_products / sizeof *agreed_products; i++) {
        put_agreed(&agreed_products[i]);
    }
    put_plain("noroles", "");
    put_plain("writers", "roles: [{role: analyst, access: Write}]\n");
    put_plain("own", "team: {name: team two}\nroles: [{role: reader}]\n");
    put("m", "agreements/personal.yaml",
        "id: a-personal\nprovider: {product: id-people, port: personal_again}\n"
        "consumer: {team: Team Two}\nstatus: approved\nrole: market\n");
    put("m", "agreements/other-port.yaml",
        "id: a-other-port\nprovider: {product: ACCOUNTS/People, port: open}\n"
        "consumer: {team: Team Nine}\nstatus: approved\nrole: guest\n");
}

/* ---- Cases ---- */

/* A column that no contract knows has a name and nothing else. */
static void decide(const struct policy *policy, const struct catalog_product *product,
                   const struct decision *want, struct policy_verdict *verdict)
{
    struct catalog_table *table = NULL;
    for (size_t i = 0; want->table != NULL && i < product->tables.count; i++) {
        struct catalog_table *one = array_at(&product->tables, i);
        table = string_equal(one->name, want->table) ? one : table;
    }
    struct catalog_column unheard = {.name = (char *)want->column};
    const struct catalog_column *column = &unheard;
    for (size_t i = 0; table != NULL && i < table->columns.count; i++) {
        const struct catalog_column *one = array_at(&table->columns, i);
        column = string_equal(one->name, want->column) ? one : column;
    }
    if (table == NULL) {
        policy_of_product(policy, product, verdict);
    } else if (want->column == NULL) {
        policy_of_table(policy, product, table, verdict);
    } else {
        policy_of_column(policy, product, table, column, verdict);
    }
}

static bool is_wanted(const struct policy_verdict *verdict, const char *want)
{
    struct mask_rule mask;
    if (string_equal(want, "allow") || string_equal(want, "refuse")) {
        return verdict->decision ==
               (string_equal(want, "allow") ? POLICY_ALLOW : POLICY_REFUSE);
    }
    return verdict->decision == POLICY_MASK && mask_parse(want, &mask, NULL) &&
           mask_equal(&mask, &verdict->mask);
}

static void test_decision(const struct catalog *catalog, const struct decision *want)
{
    struct error err = {0};
    struct catalog_product product;
    struct policy_verdict verdict = {0};
    struct policy *policy = policy_open(catalog, want->role, &err);
    if (policy == NULL || !catalog_product(catalog, want->product, &product, &err)) {
        ok(false, "%s and %s: %s", want->role, want->product, err.message);
        return;
    }
    decide(policy, &product, want, &verdict);
    bool right = is_wanted(&verdict, want->want) && verdict.reason != NULL &&
                 (want->reason == NULL || strstr(verdict.reason, want->reason) != NULL) &&
                 (want->ask == NULL || string_equal(verdict.ask, want->ask)) &&
                 (verdict.decision == POLICY_ALLOW) == (verdict.ask == NULL);
    if (!ok(right, "%s, %s %s %s: %s", want->role, want->product,
            want->table != NULL ? want->table : "-",
            want->column != NULL ? want->column : "-", want->want)) {
        printf("# decision %d mask %d %d: %s; ask %s\n", (int)verdict.decision,
               (int)verdict.mask.kind, verdict.mask.count,
               verdict.reason != NULL ? verdict.reason : "(no reason)",
               verdict.ask != NULL ? verdict.ask : "(nobody)");
    }
    policy_verdict_release(&verdict);
    catalog_product_release(&product);
    policy_close(policy);
}

/* ---- Personal data found ---- */

static void test_infotypes(const struct catalog *catalog)
{
    static const struct {
        const char *role, *infotype;
        enum policy_decision want;
        enum mask_kind mask;
    } cases[] = {
        {"analyst", "email", POLICY_MASK, MASK_FIRST},
        {"analyst", "EMAIL", POLICY_MASK, MASK_FIRST},
        {"reader", "email", POLICY_ALLOW, MASK_NONE}, /* reads what any role reads */
        {"controller", "email", POLICY_MASK, MASK_FIRST},
        {"analyst", "phone", POLICY_ALLOW, MASK_NONE}, /* only reported */
        {"analyst", "card", POLICY_ALLOW, MASK_NONE},  /* no rule */
        {"analyst", "iban", POLICY_MASK, MASK_NULL},
        {"controller", "iban", POLICY_ALLOW, MASK_NONE}, /* reads what the rule says */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct policy_verdict verdict;
        struct policy *policy = policy_open(catalog, cases[i].role, NULL);
        policy_of_infotype(policy, cases[i].infotype, &verdict);
        ok(verdict.decision == cases[i].want && verdict.mask.kind == cases[i].mask &&
               verdict.reason != NULL,
           "%s, values like %s", cases[i].role, cases[i].infotype);
        policy_verdict_release(&verdict);
        policy_close(policy);
    }
}

/* ---- Masks of a table, and keys ---- */

static void test_masks(const struct catalog *catalog)
{
    struct array masks = ARRAY_OF(struct policy_mask);
    struct catalog_product product;
    struct policy *policy = policy_open(catalog, "analyst", NULL);
    ok(catalog_product(catalog, "people", &product, NULL), "the product is there");
    policy_masks(policy, &product, array_at(&product.tables, 0), &masks);
    is_int((long long)masks.count, 15, "an analyst gets 15 columns of visits masked");
    const struct policy_mask *first = array_at(&masks, 0);
    is_text(first->column, "name", "the first of them");
    policy_masks_release(&masks);
    masks = (struct array)ARRAY_OF(struct policy_mask);
    policy_masks(policy, &product, array_at(&product.tables, 1), &masks);
    is_int((long long)masks.count, 2, "of a refused table all columns");
    const struct policy_mask *last = array_at(&masks, 1);
    is_int(last->rule.kind, MASK_DROP, "are dropped");
    policy_masks_release(&masks);
    masks = (struct array)ARRAY_OF(struct policy_mask);
    policy_masks(NULL, &product, array_at(&product.tables, 1), &masks);
    is_int((long long)masks.count, 0, "without a policy nothing is masked");
    policy_masks_release(&masks);
    catalog_product_release(&product);
    policy_close(policy);
}

static void key_of(const char *mesh, const char *role, char key[17])
{
    struct catalog *catalog = open_mesh(mesh);
    struct catalog_product product;
    struct policy *policy = policy_open(catalog, role, NULL);
    strcpy(key, "?");
    if (policy != NULL && catalog_product(catalog, "people", &product, NULL)) {
        policy_key(policy, &product, key);
        catalog_product_release(&product);
    }
    policy_close(policy);
    catalog_close(catalog);
}

/* The mesh with one text in one of its files replaced by another. */
static void change(const char *path, const char *from, const char *text, const char *to)
{
    const char *at = strstr(text, from);
    char *changed =
        string_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    put("m", path, changed);
    free(changed);
}

static void test_keys(void)
{
    char before[17], other[17], again[17];
    key_of("m", "analyst", before);
    key_of("m", "analyst", again);
    is_int((long long)strlen(before), 16, "a key has 16 digits");
    is_text(again, before, "the same decisions have one key");
    key_of("m", "guest", other);
    ok(strcmp(other, before) != 0, "another role has another key");
    static const struct {
        const char *path, *text, *from, *to, *what;
    } changes[] = {
        {"mesh.yaml", mesh_yaml, "mask: token", "mask: drop", "a mask"},
        {"mesh.yaml", mesh_yaml, "name: analyst, classifications: [public, internal]",
         "name: analyst, classifications: [public, internal, sensitive]",
         "what it reads"},
        {"mesh.yaml", mesh_yaml, "'*Born*'", "'*note*'", "a pattern of names"},
        {"mesh.yaml", mesh_yaml,
         "masking:", "unclassified: sensitive\nmasking:", "unclassified columns"},
        {"mesh.yaml", mesh_yaml, "iban, classification: confidential", "iban",
         "who reads an infotype"},
        {"mesh.yaml", mesh_yaml, "name: analyst, ", "name: analyst, group: root, ",
         "the group"},
        {"accounts/people/open.odcs.yaml", open_yaml, "first 4", "first 5",
         "the mask of a column"},
        {"accounts/people/open.odcs.yaml", open_yaml, "classification: Public",
         "classification: sensitive", "a classification"},
        {"accounts/people/personal.odcs.yaml", personal_yaml, "role: reader",
         "role: analyst", "a grant"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        change(changes[i].path, changes[i].from, changes[i].text, changes[i].to);
        key_of("m", "analyst", other);
        ok(strcmp(other, before) != 0 && strcmp(other, "?") != 0, "%s changes the key",
           changes[i].what);
        put("m", changes[i].path, changes[i].text);
    }
}

/* ---- Which role ---- */

static void role_is(const char *mesh, const char *asked, const char *want,
                    const char *sentence)
{
    struct error err = {0};
    struct catalog *catalog = open_mesh(mesh);
    struct policy *policy = policy_open(catalog, asked, &err);
    if (sentence != NULL) {
        ok(policy == NULL && strstr(err.message, sentence) != NULL &&
               err.kind == ERROR_FAILED,
           "%s: %s", mesh, sentence);
        printf("# %s\n", policy != NULL ? policy_role(policy) : err.message);
    } else {
        ok(policy != NULL, "%s opens: %s", mesh, err.message);
        is_text(policy_role(policy), want, "its role");
    }
    policy_close(policy);
    catalog_close(catalog);
}

static void test_choosing(void)
{
    put("plain", "mesh.yaml", "name: plain\n");
    role_is("plain", NULL, NULL, NULL);
    role_is("plain", "analyst", NULL, "this mesh has no roles");
    role_is("m", NULL, "analyst", NULL);
    role_is("m", "ANALYST", "analyst", NULL);
    role_is("m", "boss", NULL,
            "this mesh has no role boss; it has analyst, Market, controller, reader, "
            "guest, blind; ask guild@example.org");
    put("first", "mesh.yaml", "roles: [{name: a}, {name: b}]\ndefault_role: B\n");
    role_is("first", NULL, "b", NULL);
    put("nofirst", "mesh.yaml", "roles: [{name: a}, {name: b}]\ndefault_role: c\n");
    role_is("nofirst", NULL, "a", NULL);
    put("broken", "mesh.yaml", "roles: [{name: a}\n");
    role_is("broken", NULL, NULL, "cannot be read, so that nobody has one");
    role_is("broken", "a", NULL, "cannot be read, so that nobody has one");
    put("map", "mesh.yaml", "roles: {a: b}\n");
    role_is("map", NULL, NULL, "cannot be read");
    put("empty", "mesh.yaml", "roles: []\n");
    role_is("empty", NULL, NULL, NULL);
    put("null", "mesh.yaml", "roles:\n");
    role_is("null", NULL, NULL, NULL);
    put("bad", "mesh.yaml", "roles: [{name: ../up}, {name: _}, {name: 'a b'}, {}, x]\n");
    role_is("bad", NULL, NULL, "you may take none of the roles of this mesh");
    role_is("bad", "_", NULL, "this mesh has no role _");
    put("group", "mesh.yaml",
        "roles: [{name: a, group: no-such-group-here}, {name: b, members: [nobody-here]},"
        " {name: c}]\n");
    role_is("group", NULL, "c", NULL);
    role_is("group", "a", NULL,
            "belongs to the group no-such-group-here, which this host has not; ask the "
            "people who look after the mesh");
    role_is("group", "b", NULL, "is open to the users only that mesh.yaml names");
    put("closed", "mesh.yaml",
        "roles: [{name: a, members: [], contact: door@example.org}]\n");
    role_is("closed", NULL, NULL,
            "you may take none of the roles of this mesh: the role a is open to the "
            "users only that mesh.yaml names; ask door@example.org");
}

static void test_looking(void)
{
    struct error err = {0};
    struct catalog *catalog = open_mesh("group");
    struct policy *policy = policy_look(catalog, "a", &err);
    is_text(policy_role(policy), "a", "anybody may look at what a role sees");
    is_int(policy_group(policy), -1, "a group that is not there has no number");
    policy_close(policy);
    struct array roles = policy_roles(catalog);
    is_int((long long)roles.count, 3, "all roles are listed");
    const struct policy_role *first = array_at(&roles, 0), *last = array_at(&roles, 2);
    ok(first->why_not != NULL && last->why_not == NULL, "with what is in the way");
    policy_roles_release(&roles);
    catalog_close(catalog);
}

/* ---- What lint says ---- */

static void test_lint(void)
{
    put("slips", "mesh.yaml",
        "roles:\n"
        "  - {name: a, classifications: [public], includes: [gone]}\n"
        "  - {name: A}\n"
        "  - {name: idle, classifications: [public]}\n"
        "default_role: z\n"
        "masking: [{classification: x, mask: wobble}, {mask: token}, {pattern: y}]\n");
    put("slips", "d/p/c.odcs.yaml",
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nname: p\ndomain: d\n"
        "version: 1.0.0\nstatus: active\nroles: [{role: a}, {role: boss}]\n"
        "schema: [{name: t, properties: [{name: x, classification: odd}]}]\n");
    struct catalog *catalog = open_mesh("slips");
    ask_is(
        catalog,
        "SELECT group_concat(n,' ') FROM (SELECT rule||':'||count(*) AS n FROM problem "
        "WHERE rule IN('role','masking','unread-classification') GROUP BY rule ORDER "
        "BY rule)",
        "masking:3 role:5 unread-classification:1", "slips of mesh.yaml are told");
    ask_is(catalog,
           "SELECT count(*) FROM problem WHERE sentence LIKE '%the role boss, which "
           "mesh.yaml has not' AND path='d/p/c.odcs.yaml'",
           "1", "a contract that names a role of nobody");
    ask_is(catalog, "SELECT sentence FROM problem WHERE sentence LIKE '%role idle%'",
           "no contract and no agreement names the role idle; it reads only what names "
           "no roles",
           "a role that nothing names");
    catalog_close(catalog);
}

int main(void)
{
    char template[] = "/tmp/mwb-policy-XXXXXX";
    home = mkdtemp(template);
    char *cache = path_join(home, "cache");
    setenv("MWB_CACHE", cache, 1);
    setenv("MWB_NOW", "2026-06-15T12:00:00Z", 1);
    make_mesh();
    struct catalog *catalog = open_mesh("m");
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
        test_decision(catalog, &decisions[i]);
    }
    test_infotypes(catalog);
    test_masks(catalog);
    catalog_close(catalog);
    test_keys();
    test_choosing();
    test_looking();
    test_lint();
    path_remove_tree(home, NULL);
    free(cache);
    return tap_done();
}
