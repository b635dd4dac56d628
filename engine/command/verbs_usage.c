/* command: the verb usage: who read what, from the ledger and from what teams share. Its
 * rows are those of a statement over `ledger` and `mesh`, that anybody can run and
 * change. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/result.h"
#include "engine/store.h"

/* What all views are over: `told` has a row for each column that a statement read;
 * `shared` one for what a team shared of a day. @mesh and @since are texts of SQL. */
static const char sources[] =
    "WITH told AS (SELECT s.id,s.at,coalesce(s.team,s.person) AS "
    "team,s.saved_query,s.rows,"
    "s.ms,r.product,r.table_name,r.column_name FROM ledger.statement s JOIN "
    "ledger.reading "
    "r ON r.statement=s.id WHERE s.outcome='done' AND s.mesh=@mesh AND s.at>=@since),\n"
    "shared AS (SELECT u.day AS at,u.team,u.saved_query,p.key AS product,u.object AS "
    "table_name,u.property AS column_name,u.statements,u.rows FROM mesh.shared_use u "
    "JOIN "
    "mesh.product p ON p.id=u.product_id WHERE u.day>=substr(@since,1,10)),\n"
    /* A statement that reads three columns is one statement. */
    "days AS (SELECT at,team,saved_query,product,table_name,max(statements) AS "
    "statements,"
    "max(rows) AS rows FROM shared GROUP BY 1,2,3,4,5),\n"
    "used AS (SELECT product,table_name,team,saved_query,at,id,1 AS statements,rows,ms "
    "FROM told GROUP BY id,product,table_name UNION ALL SELECT product,table_name,team,"
    "saved_query,at,NULL,statements,rows,NULL FROM days)\n";

static const struct usage_view {
    const char *name, *meaning;
    const char *sql; /* @only: a condition on `product` */
} usage_views[] = {
    {"products", "how often each product was read, by how many teams, when last",
     "SELECT product,sum(statements) AS statements,count(DISTINCT team) AS teams,"
     "sum(rows) AS rows,round(avg(ms),1) AS mean_ms,max(at) AS last FROM used WHERE "
     "@only "
     "GROUP BY product ORDER BY statements DESC,product"},
    {"tables", "the same of tables",
     "SELECT product,table_name,sum(statements) AS statements,count(DISTINCT team) AS "
     "teams,max(at) AS last FROM used WHERE @only GROUP BY 1,2 ORDER BY statements "
     "DESC,1,2"},
    {"columns", "the same of columns: those that nobody reads are not among them",
     "SELECT product,table_name,column_name,sum(n) AS statements,count(DISTINCT team) AS "
     "teams,max(at) AS last FROM (SELECT product,table_name,column_name,team,at,1 AS n "
     "FROM "
     "told UNION ALL SELECT product,table_name,column_name,team,at,statements FROM "
     "shared) "
     "WHERE column_name IS NOT NULL AND @only GROUP BY 1,2,3 ORDER BY statements "
     "DESC,1,2,3"},
    {"joins", "products that were read by one statement",
     "SELECT product,other,count(*) AS statements,count(DISTINCT team) AS teams,max(at) "
     "AS "
     "last FROM (SELECT DISTINCT a.id,a.product,b.product AS other,a.team,a.at FROM told "
     "a "
     "JOIN told b ON b.id=a.id AND b.product>a.product) WHERE @only GROUP BY 1,2 ORDER "
     "BY "
     "statements DESC,1,2"},
    {"teams", "who reads what: whom a change would hit, and whom to tell",
     "SELECT team,product,table_name,sum(statements) AS statements,sum(rows) AS rows,"
     "max(at) AS last FROM used WHERE @only GROUP BY 1,2,3 ORDER BY statements "
     "DESC,1,2,3"},
    {"queries", "saved queries, and what they read",
     "SELECT saved_query,count(DISTINCT product) AS products,sum(statements) AS "
     "statements,"
     "max(at) AS last FROM used WHERE saved_query IS NOT NULL AND @only GROUP BY 1 ORDER "
     "BY "
     "statements DESC,1"},
    {"unused", "products that no other team than their own has read",
     "SELECT p.key AS product,p.team AS owner,p.status,(SELECT max(at) FROM used u WHERE "
     "u.product=p.key) AS last FROM mesh.product p WHERE NOT EXISTS(SELECT 1 FROM used u "
     "WHERE u.product=p.key AND u.team IS NOT p.team) AND (@only) ORDER BY last,1"},
    {"statements", "what was asked, newest first",
     "SELECT at,person,team,role,outcome,rows,ms,classification,purpose,saved_query,"
     "(SELECT group_concat(DISTINCT product) FROM ledger.reading WHERE statement=s.id) "
     "AS "
     "products,sql FROM ledger.statement s WHERE s.mesh=@mesh AND s.at>=@since AND "
     "EXISTS(SELECT 1 FROM (SELECT product FROM ledger.reading WHERE statement=s.id "
     "UNION "
     "ALL SELECT NULL) WHERE @only) ORDER BY s.id DESC"},
};
enum { VIEWS = sizeof usage_views / sizeof *usage_views };

static const struct usage_view *view_named(const char *name, struct error *err)
{
    struct text names = {0};
    for (size_t i = 0; i < VIEWS; i++) {
        if (string_equal(usage_views[i].name, name)) {
            text_release(&names);
            return &usage_views[i];
        }
        text_printf(&names, "%s%s", i > 0 ? ", " : "", usage_views[i].name);
    }
    error_set(err, ERROR_USAGE, "--by %s is no view of use; there are %s", name,
              text_string(&names));
    text_release(&names);
    return NULL;
}

/* ---- The statement ---- */

struct usage_words {
    char *mesh, *since, *only; /* texts of SQL */
};

static void release_words(struct usage_words *words)
{
    free(words->mesh);
    free(words->since);
    free(words->only);
}

static char *quoted(const char *string)
{
    struct text out = {0};
    store_quote_string(&out, string);
    return text_take(&out);
}

/* Of usage_words, what stands behind an @. */
static void put_sql(struct text *out, const char *sql, const struct usage_words *words)
{
    const struct {
        const char *sign, *value;
    } signs[] = {
        {"@mesh", words->mesh}, {"@since", words->since}, {"@only", words->only}};
    while (*sql != '\0') {
        size_t plain = strcspn(sql, "@");
        text_append_bytes(out, sql, plain);
        sql += plain;
        for (size_t i = 0; *sql == '@' && i < sizeof signs / sizeof *signs; i++) {
            if (string_starts(sql, signs[i].sign)) {
                text_append(out, signs[i].value);
                sql += strlen(signs[i].sign);
                break;
            }
        }
    }
}

static bool take_words(const struct command_call *call, struct usage_words *words,
                       struct error *err)
{
    struct catalog_entry entry = {0};
    char since[32];
    *words = (struct usage_words){0};
    bool good = call_since(call, since, err) &&
                (call_count(call) == 0 ||
                 catalog_find(call->workbench->catalog, call_word(call, 0), &entry, err));
    if (good) {
        char *product = entry.id != NULL ? quoted(entry.id) : NULL;
        words->mesh = quoted(call->workbench->mesh);
        words->since = quoted(since);
        words->only =
            product != NULL ? string_printf("product=%s", product) : string_copy("1");
        free(product);
    }
    catalog_entry_release(&entry);
    return good;
}

/* ---- Sharing ---- */

static const char share_sql[] =
    "SELECT json_object('day',substr(at,1,10),'team',@team,'product',product,'table',"
    "table_name,'column',column_name,'statements',count(*),'rows',sum(rows),'saved_query'"
    ","
    "saved_query) AS line FROM told GROUP BY "
    "substr(at,1,10),product,table_name,column_name,"
    "saved_query ORDER BY substr(at,1,10),product,table_name,column_name,saved_query";

/* One file for each person of a team, under a name that tells the team only. */
static char *share_file(const struct command_call *call, const char *team)
{
    struct utsname host;
    char digest[DIGEST_SIZE];
    struct passwd *person = getpwuid(geteuid());
    uname(&host);
    char *who = string_printf("%s@%s %s", person != NULL ? person->pw_name : "",
                              host.nodename, team);
    digest_bytes(who, strlen(who), digest);
    char *name = path_component(team);
    char *relative = string_printf("usage/%s-%.6s.jsonl", name, digest);
    char *path = catalog_file(call->workbench->catalog, relative);
    free(relative);
    free(name);
    free(who);
    return path;
}

static bool write_lines(struct result *rows, const char *path, struct error *err)
{
    struct text lines = {0};
    char *folder = path_folder(path);
    text_append(&lines, "");
    bool good =
        path_exists(folder) || mkdir(folder, 0777) == 0 ||
        error_set(err, ERROR_FAILED,
                  "could not make the folder %s: the mesh cannot be written to", folder);
    for (long long i = 0; good && i < result_count(rows); i++) {
        enum result_type type;
        good = result_cell(rows, i, 0, &lines, &type, err);
        text_append_char(&lines, '\n');
    }
    good =
        good && path_write_file(path, lines.data, lines.length, path_usual_mode(), err);
    text_release(&lines);
    free(folder);
    return good;
}

static void share(struct command_call *call)
{
    struct error err = {0};
    char *team = workbench_team(call->workbench);
    char *path = share_file(call, team);
    struct result *rows = call->ran->result;
    if (write_lines(rows, path, &err)) {
        call_message(call,
                     "wrote %lld lines of use of %s to %s: no person and no statement "
                     "is in them",
                     result_count(rows), team, path);
        call_done(call);
    } else {
        call_fail(call, &err);
    }
    free(path);
    free(team);
}

static bool start_sharing(struct command_call *call, const struct usage_words *words,
                          struct error *err)
{
    struct text sql = {0};
    char *team = workbench_team(call->workbench);
    if (team == NULL) {
        return error_set(
            err, ERROR_USAGE,
            "use is shared by teams, and it is not known which is yours; say "
            "so in the config file: team = NAME");
    }
    char *quoted_team = quoted(team);
    put_sql(&sql, sources, words);
    const char *at = strstr(share_sql, "@team");
    text_append_bytes(&sql, share_sql, (size_t)(at - share_sql));
    text_append(&sql, quoted_team);
    text_append(&sql, at + strlen("@team"));
    bool started = call_run_aside(call, text_string(&sql), share, err);
    text_release(&sql);
    free(quoted_team);
    free(team);
    return started;
}

bool verb_usage(struct command_call *call, struct error *err)
{
    struct usage_words words;
    const char *by = command_flag_value(call, "--by");
    const struct usage_view *view = view_named(by != NULL             ? by
                                               : call_count(call) > 0 ? "teams"
                                                                      : "products",
                                               err);
    bool started = view != NULL && take_words(call, &words, err);
    if (!started) {
        return false;
    }
    if (call_has_flag(call, "--share")) {
        started = start_sharing(call, &words, err);
    } else {
        struct text sql = {0};
        put_sql(&sql, sources, &words);
        put_sql(&sql, view->sql, &words);
        started = call_run_shown(call, text_string(&sql), err);
        text_release(&sql);
    }
    release_words(&words);
    return started;
}
