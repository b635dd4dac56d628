/* postgres: names of tables and files of passwords as people write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/postgres.h"
#include "tests/unit/tap.h"

static void test_names(void)
{
    static const struct {
        const char *name, *parts; /* with bars between; NULL: it is none */
    } cases[] = {
        {"orders", "orders"},
        {"shop.orders", "shop|orders"},
        {"db.shop.orders", "db|shop|orders"},
        {"\"a.b\"", "a.b"},
        {"\"a\"\"b\".\"c\"", "a\"b|c"},
        {"shop.\"Or ders\"", "shop|Or ders"},
        {"with space", "with space"},
        {"a.b.c.d", NULL},
        {"", NULL},
        {".", NULL},
        {"a.", NULL},
        {".a", NULL},
        {"a..b", NULL},
        {"\"", NULL},
        {"\"\"", NULL},
        {"\"a", NULL},
        {"\"a\"b", NULL},
        {"a\"b\"", NULL},
        {"\"a\".", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *parts[3];
        size_t count = 0;
        struct text joined = {0};
        bool good = postgres_split_name(cases[i].name, parts, &count);
        for (size_t j = 0; good && j < count; j++) {
            text_printf(&joined, "%s%s", j > 0 ? "|" : "", parts[j]);
            free(parts[j]);
        }
        is_text(good ? text_string(&joined) : NULL, cases[i].parts, "the name %s",
                cases[i].name);
        text_release(&joined);
    }
}

static void test_passwords(void)
{
    static const struct {
        const char *text;
        bool names;
        const char *user;
    } cases[] = {
        {"db.example.org:5432:*:me:pw\n", true, "me"},
        {"DB.example.org:*:*:*:pw", true, NULL},
        {"db.example.org:5433:*:me:pw\n", false, NULL},
        {"*:5432:*:me:pw\n", false, NULL},
        {"#db.example.org:5432:*:me:pw\n", false, NULL},
        {"# x\n\n:\nother:1:2:3:4\ndb.example.org:5432:d:a\\:b\\\\c:pw", true, "a:b\\c"},
        {"db.example.org.evil.example.org:5432:*:me:pw", false, NULL},
        {"db.example.org", false, NULL},
        {"db.example.org:5432", true, NULL},
        {"db\\.example.org:5432:*:me:pw", true, "me"},
        {"x:db.example.org:5432:*:me:pw", false, NULL},
        {"", false, NULL},
        {"\\", false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *user = NULL;
        bool names = postgres_pass_names(cases[i].text, "db.example.org", "5432", &user);
        ok(names == cases[i].names, "line %zu names the host or not", i + 1);
        is_text(user, cases[i].user, "and its user");
        free(user);
    }
}

/* What no value of a descriptor may do: become another word of the string. */
static void test_connection(void)
{
    struct postgres_source source = {.host = (char *)"h",
                                     .port = (char *)"5432",
                                     .database = (char *)"d' host='evil.example.org",
                                     .user = (char *)"u\\",
                                     .security = "require"};
    char *how = postgres_connection(&source), *problem = NULL;
    PQconninfoOption *options = PQconninfoParse(how, &problem);
    ok(options != NULL, "the string can be read: %s", problem != NULL ? problem : "");
    for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
        const char *want =
            strcmp(o->keyword, "host") == 0     ? source.host
            : strcmp(o->keyword, "dbname") == 0 ? source.database
            : strcmp(o->keyword, "user") == 0   ? source.user
            : strcmp(o->keyword, "password") == 0 || strcmp(o->keyword, "hostaddr") == 0
                ? ""
                : o->val;
        is_text(o->val, want, "%s", o->keyword);
    }
    PQconninfoFree(options);
    PQfreemem(problem);
    free(how);
    source.is_own = true;
    how = postgres_connection(&source);
    ok(strstr(how, "password") == NULL && strstr(how, "hostaddr") == NULL,
       "the person's own server leaves them to libpq");
    free(how);
}

int main(void)
{
    test_names();
    test_passwords();
    test_connection();
    return tap_done();
}
