/* policy_cases: the mesh that tests of policy decide about, and what must come out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_POLICY_CASES_H
#define MWB_TESTS_POLICY_CASES_H

#include <stddef.h>

/* ---- The mesh ---- */

static const char mesh_yaml[] =
    "name: m\n"
    "teams:\n"
    "  - {name: Team One, contact: 'mailto:one@example.org'}\n"
    "  - {name: Team Two}\n"
    "  - {name: Guild, type: guild, contact: guild@example.org}\n"
    "roles:\n"
    "  - {name: analyst, classifications: [public, internal]}\n"
    "  - {name: Market, classifications: [PUBLIC, internal], team: Team Two,\n"
    "     includes: [analyst]}\n"
    "  - {name: controller, classifications: [public, internal, confidential],\n"
    "     includes: [analyst, reader]}\n"
    "  - {name: reader, classifications: [public, internal, confidential, sensitive],\n"
    "     includes: [controller], contact: protection@example.org}\n"
    "  - {name: guest, classifications: [public]}\n"
    "  - {name: blind}\n"
    "masking:\n"
    "  - {classification: Sensitive, mask: token}\n"
    "  - {classification: confidential, mask: round 100}\n"
    "  - {classification: secret, mask: scramble}\n"
    "  - {infotype: email, mask: first 1}\n"
    "  - {infotype: phone, mask: report}\n"
    "  - {infotype: iban, classification: confidential, mask: 'null'}\n"
    "  - {pattern: '*ZIP*', mask: first 2}\n"
    "infotypes:\n"
    "  - {pattern: '*email*', classification: sensitive}\n"
    "  - {pattern: '*Born*', classification: sensitive}\n";

static const char product_yaml[] =
    "apiVersion: v1.0.0\nkind: DataProduct\nid: id-people\nname: people\nversion: 1\n"
    "status: active\ndomain: accounts\nteam: {name: Team One}\n"
    "outputPorts:\n"
    "  - {name: open, version: '1', contractId: c-open}\n"
    "  - {name: personal, version: '1', contractId: c-personal}\n"
    "  - {name: personal_again, version: '1', contractId: c-personal}\n";

static const char open_yaml[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: c-open\nversion: 1.0.0\nstatus: active\n"
    "roles: [{role: ANALYST}, {role: guest, access: read}, {role: blind}]\n"
    "schema:\n"
    "  - name: visits\n"
    "    properties:\n"
    "      - {name: id, logicalType: integer, classification: internal}\n"
    "      - {name: country, logicalType: string, classification: Public}\n"
    "      - {name: name, logicalType: string, classification: SENSITIVE}\n"
    "      - {name: mail, logicalType: string, classification: sensitive,\n"
    "         logicalTypeOptions: {format: email}}\n"
    "      - {name: zip_code, logicalType: string, classification: sensitive}\n"
    "      - {name: salary, logicalType: integer, classification: confidential}\n"
    "      - {name: note, logicalType: string}\n"
    "      - {name: blank, logicalType: string, classification: ''}\n"
    "      - {name: email_of_friend, logicalType: string}\n"
    "      - {name: BORN_ON, logicalType: date}\n"
    "      - {name: odd, logicalType: string, classification: top secret}\n"
    "      - {name: broken, logicalType: string, classification: secret}\n"
    "      - {name: phone, logicalType: string, classification: sensitive,\n"
    "         customProperties: [{property: masking, value: first 4}]}\n"
    "      - {name: fax, logicalType: string, classification: sensitive,\n"
    "         customProperties: [{property: masking, value: whatever}]}\n"
    "      - {name: open_fax, logicalType: string, classification: internal,\n"
    "         customProperties: [{property: masking, value: drop}]}\n"
    "      - name: address\n"
    "        logicalType: object\n"
    "        classification: internal\n"
    "        properties:\n"
    "          - {name: country, logicalType: string, classification: public}\n"
    "          - {name: street, logicalType: string, classification: sensitive}\n"
    "      - name: place\n"
    "        logicalType: object\n"
    "        properties: [{name: city, logicalType: string, classification: public}]\n"
    "      - name: contacts\n"
    "        logicalType: array\n"
    "        items: {logicalType: object, properties: [{name: email, logicalType: "
    "string}]}\n"
    "      - {name: level, logicalType: integer, classification: 3}\n"
    "      - {name: padded, logicalType: string, classification: ' internal'}\n"
    "      - {name: zip, physicalName: PLZ, logicalType: string, classification: "
    "secret}\n";

static const char personal_yaml[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: c-personal\nversion: 1.0.0\n"
    "status: active\n"
    "roles:\n"
    "  - {role: reader, firstLevelApprovers: lead@example.org,\n"
    "     secondLevelApprovers: second@example.org}\n"
    "  - {role: guest, access: write}\n"
    "schema:\n"
    "  - name: persons\n"
    "    properties: [{name: id, classification: internal}, {name: secret_name}]\n";

/* A contract that names a role of nobody, and an agreement about it. */
struct agreed_product {
    const char *name, *agreement; /* NULL: there is none */
};
#define ABOUT(name)                                                                      \
    "id: a-" name "\nprovider: {product: shop/" name ", contact: give@example.org}\n"
#define FOR(team) "consumer: {team: " team "}\n"
static const struct agreed_product agreed_products[] = {
    {"valid", ABOUT("valid") FOR("Team X") "status: Approved\nrole: analyst\n"
                                           "startDate: '2026-01-01'\n"},
    {"expired", ABOUT("expired") FOR("Team X") "status: approved\nrole: analyst\n"
                                               "endDate: '2026-06-14'\n"},
    {"lastday", ABOUT("lastday") FOR("Team X") "status: approved\nrole: analyst\n"
                                               "endDate: '2026-06-15'\n"},
    {"firstday", ABOUT("firstday") FOR("Team X") "status: approved\nrole: analyst\n"
                                                 "startDate: '2026-06-15T23:00:00Z'\n"},
    {"future", ABOUT("future") FOR("Team X") "status: approved\nrole: analyst\n"
                                             "startDate: '2026-06-16'\n"},
    {"requested", ABOUT("requested") FOR("Team X") "status: requested\nrole: analyst\n"},
    {"draft", ABOUT("draft") FOR("Team X") "role: analyst\n"},
    {"baddate", ABOUT("baddate") FOR("Team X") "status: approved\nrole: analyst\n"
                                               "endDate: next year\n"},
    {"otherrole", ABOUT("otherrole") FOR("Team X") "status: approved\nrole: reader\n"},
    {"unknownrole", ABOUT("unknownrole") FOR("Team X") "status: approved\nrole: boss\n"},
    {"teamonly", ABOUT("teamonly") FOR("team two") "status: approved\n"},
    {"rolefold", ABOUT("rolefold") FOR("Team X") "status: approved\nrole: Analyst\n"},
    {"otherteam", ABOUT("otherteam") FOR("Team X") "status: approved\nrole: market\n"},
    {"none", NULL},
};

/* ---- Cases ---- */

struct decision {
    const char *role, *product, *table, *column; /* column NULL: table; both: product */
    const char *want;   /* allow, refuse, or the mask in words of mesh.yaml */
    const char *reason; /* a part of it, or NULL */
    const char *ask;    /* NULL: not looked at */
};

#define SEES(role, column, want)                                                         \
    {                                                                                    \
        role, "people", "visits", column, want, NULL, NULL                               \
    }
static const struct decision decisions[] = {
    /* Columns by classification. */
    {"analyst", "people", "visits", "id", "allow", "it is classified internal", NULL},
    SEES("analyst", "country", "allow"),
    {"analyst", "people", "visits", "name", "token", "classified SENSITIVE", NULL},
    SEES("reader", "name", "allow"),
    SEES("controller", "name", "token"),
    SEES("Market", "country", "allow"),
    SEES("market", "name", "token"),
    SEES("analyst", "salary", "round 100"),
    SEES("controller", "salary", "allow"),
    SEES("guest", "country", "allow"),
    SEES("guest", "id", "drop"),
    SEES("guest", "salary", "round 100"),
    SEES("blind", "country", "drop"),
    SEES("blind", "note", "drop"),
    {"analyst", "people", "visits", "odd", "drop", "top secret", "one@example.org"},
    SEES("reader", "odd", "drop"),
    SEES("reader", "broken", "drop"),
    SEES("analyst", "level", "drop"),
    SEES("analyst", "padded", "drop"),
    {"analyst", "people", "visits", "name", "token", NULL, "protection@example.org"},
    /* The most special rule. */
    SEES("analyst", "mail", "first 1"),
    SEES("reader", "mail", "allow"),
    SEES("analyst", "zip_code", "first 2"),
    SEES("reader", "zip_code", "allow"),
    SEES("reader", "zip", "first 2"),
    SEES("analyst", "phone", "first 4"),
    SEES("reader", "phone", "allow"),
    SEES("analyst", "fax", "drop"),
    SEES("analyst", "open_fax", "allow"),
    /* Columns without a classification. */
    {"analyst", "people", "visits", "note", "allow", "counts as internal", NULL},
    SEES("guest", "note", "drop"),
    SEES("analyst", "blank", "allow"),
    {"analyst", "people", "visits", "email_of_friend", "token", "by its name", NULL},
    SEES("reader", "email_of_friend", "allow"),
    SEES("analyst", "BORN_ON", "token"),
    /* Columns that hold others. */
    {"analyst", "people", "visits", "address", "drop", "address.street", NULL},
    SEES("reader", "address", "allow"),
    SEES("analyst", "place", "allow"),
    SEES("analyst", "contacts", "drop"),
    SEES("reader", "contacts", "allow"),
    /* Columns that no contract knows. */
    SEES("analyst", "unheard", "allow"),
    SEES("guest", "unheard", "drop"),
    SEES("analyst", "email2", "token"),
    SEES("analyst", "some_zip", "allow"),
    /* Tables of two ports. */
    {"analyst", "people", "visits", NULL, "allow", "names the role ANALYST", NULL},
    {"guest", "people", "visits", NULL, "allow", "c-open names the role guest", NULL},
    {"market", "people", "visits", NULL, "allow", "part of Market", NULL},
    {"reader", "people", "visits", NULL, "allow", "part of reader", NULL},
    {"analyst", "people", "persons", NULL, "refuse", "c-personal is for reader only",
     "lead@example.org, then second@example.org"},
    {"analyst", "people", "persons", "id", "refuse", "c-personal is for reader only",
     "lead@example.org, then second@example.org"},
    {"reader", "people", "persons", NULL, "allow", NULL, NULL},
    {"controller", "people", "persons", NULL, "allow", "part of controller", NULL},
    {"controller", "people", "persons", "secret_name", "allow", NULL, NULL},
    {"guest", "people", "persons", NULL, "refuse", "c-personal is for reader only", NULL},
    {"market", "people", "persons", NULL, "allow", "the agreement a-personal", NULL},
    {"market", "people", NULL, NULL, "allow", NULL, NULL},
    {"analyst", "people", NULL, NULL, "allow", NULL, NULL},
    {"controller", "people", NULL, NULL, "allow", NULL, NULL},
    /* Agreements. */
    {"analyst", "valid", "t", NULL, "allow", "the agreement a-valid gives it", NULL},
    {"analyst", "valid", NULL, NULL, "allow", NULL, NULL},
    {"analyst", "valid", "t", "x", "allow", NULL, NULL},
    {"guest", "valid", "t", NULL, "refuse", "s-valid is for nobody only",
     "own@example.org"},
    {"controller", "valid", "t", NULL, "allow", NULL, NULL},
    {"analyst", "expired", "t", NULL, "refuse", "a-expired ended on 2026-06-14", NULL},
    {"analyst", "expired", NULL, NULL, "refuse", "a-expired ended on 2026-06-14", NULL},
    {"analyst", "lastday", "t", NULL, "allow", NULL, NULL},
    {"analyst", "firstday", "t", NULL, "allow", NULL, NULL},
    {"analyst", "future", "t", NULL, "refuse", "a-future begins on 2026-06-16", NULL},
    {"analyst", "requested", "t", NULL, "refuse", "is requested, not approved", NULL},
    {"analyst", "draft", "t", NULL, "refuse", "is a draft, not approved", NULL},
    {"analyst", "baddate", "t", NULL, "refuse", "has a date that is none", NULL},
    {"analyst", "otherrole", "t", NULL, "refuse", "s-otherrole is for nobody only", NULL},
    {"reader", "otherrole", "t", NULL, "allow", NULL, NULL},
    {"analyst", "unknownrole", "t", NULL, "refuse", NULL, NULL},
    {"analyst", "teamonly", "t", NULL, "refuse", NULL, NULL},
    {"market", "teamonly", "t", NULL, "allow", NULL, NULL},
    {"analyst", "rolefold", "t", NULL, "allow", NULL, NULL},
    {"market", "otherteam", "t", NULL, "refuse", NULL, NULL},
    {"market", "valid", "t", NULL, "refuse", NULL, NULL},
    {"analyst", "none", "t", NULL, "refuse", "s-none is for nobody only", NULL},
    {"analyst", "none", NULL, NULL, "refuse", NULL, "own@example.org"},
    /* Contracts without roles, with writers only, of one's own team. */
    {"guest", "noroles", "t", NULL, "allow", "names no roles", NULL},
    {"analyst", "writers", "t", NULL, "refuse", "gives reading to no role",
     "guild@example.org"},
    {"market", "own", "t", NULL, "allow", "it belongs to Team Two", NULL},
    {"analyst", "own", "t", NULL, "refuse", NULL, NULL},
};

#endif
