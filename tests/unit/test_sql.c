/* Unit tests of engine/sql.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql.h"
#include "tap.h"

#include <sqlite3.h>
#include <time.h>

/* A title has one line. */
static const char *title(const char *sql)
{
    static char line[160];
    snprintf(line, sizeof line, "%s", sql);
    for (char *c = line; *c != '\0'; c++) {
        *c = *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c;
    }
    return line;
}

/* One letter a kind, in the order of the enum. */
static const char kind_letters[] = "_cKNSBnPo;!";

static void kinds_of(const char *sql, struct text *out)
{
    struct sql_token token = {0};
    text_clear(out);
    while (sql_next(sql, strlen(sql), token.start + token.length, &token)) {
        text_append_char(out, kind_letters[token.kind]);
    }
}

static void tokens_have_kinds(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"SELECT 1", "K_n"},
        {"select a.b", "K_NoN"},
        {"'it''s'", "S"},
        {"'open", "!"},
        {"\"a\"\"b\"", "N"},
        {"[a b]", "N"},
        {"[a", "!"},
        {"`a``b`", "N"},
        {"x'0aFF'", "B"},
        {"X'0a'", "B"},
        {"x'0'", "!"},
        {"x'zz'1", "!n"},
        {"x'00", "!"},
        {"x", "N"},
        {"1.5e-3", "n"},
        {".5", "n"},
        {"1.", "n"},
        {"1e", "!"},
        {"0x1F", "n"},
        {"12ab", "!"},
        {"1..2", "nn"},
        {":a", "P"},
        {"@a $a ?1 ? #a", "P_P_P_P_P"},
        {"$a::b(c) x", "P_N"},
        {":a(b) $a(b", "P_!"},
        {":", "!"},
        {"a->>b->c", "NoNoN"},
        {"a||b<<c>>d<=e>=f<>g!=h==i", "NoNoNoNoNoNoNoNoN"},
        {"a-b", "NoN"},
        {"-- c\n1", "c_n"},
        {"--", "c"},
        {"/* c */1", "cn"},
        {"/**/", "c"},
        {"/*/", "!"},
        {"/* open", "!"},
        {"a/b", "NoN"},
        {";;", ";;"},
        {"a\r\n\tb\fc", "N_N_N"},
        {"gr\xC3\xB6\xC3\x9F"
         "e",
         "N"},
        {"\xEF\xBB\xBFselect", "_K"},
        {"!", "!"},
        {"\\", "!"},
        {"a$b_1", "N"},
        {"{}", "!!"},
    };
    struct text kinds = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kinds_of(cases[i][0], &kinds);
        is_text(text_string(&kinds), cases[i][1], "tokens of: %s", title(cases[i][0]));
    }
    text_release(&kinds);
}

/* Statements joined by `|`, a closed one with its `;`. */
static void split_text(const char *sql, struct text *out)
{
    struct array spans = sql_split(sql, strlen(sql));
    text_clear(out);
    for (size_t i = 0; i < spans.count; i++) {
        const struct sql_span *span = array_at(&spans, i);
        text_append(out, i > 0 ? "|" : "");
        text_append_bytes(out, sql + span->start, span->length);
        text_append(out, span->closed ? ";" : "");
    }
    array_release(&spans);
}

#define TRIGGER_A "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT 2; END"
#define TRIGGER_B                                                                        \
    "create temp trigger t after insert on x begin "                                     \
    "update y set a = case when b then 1 else 2 end; end"

static void statements_split(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {" ;; ; ", ""},
        {"select 1", "select 1"},
        {" select 1 ; ", "select 1;"},
        {"select 1;select 2", "select 1;|select 2"},
        {"select ';'; select \";\"; select [;]; select `;`",
         "select ';';|select \";\";|select [;];|select `;`"},
        {"-- a;b\nselect 1; /* ; */ select 2 -- ;", "select 1;|select 2"},
        {"select 1 /* in ; side */ + 2; x", "select 1 /* in ; side */ + 2;|x"},
        {"select 1;\r\nselect 2;\r\n", "select 1;|select 2;"},
        {TRIGGER_A "; select 3;", TRIGGER_A ";|select 3;"},
        {TRIGGER_B "; select 3", TRIGGER_B ";|select 3"},
        {"explain query plan " TRIGGER_A ";x", "explain query plan " TRIGGER_A ";|x"},
        {"create trigger if not exists \"\xC3\xBC;\" after insert on x when new.a = "
         "';'\r\n"
         "begin\r\n select case when 1 then 2 end; -- end;\r\n delete from y;\r\nend;;x",
         "create trigger if not exists \"\xC3\xBC;\" after insert on x when new.a = "
         "';'\r\n"
         "begin\r\n select case when 1 then 2 end; -- end;\r\n delete from y;\r\nend;|x"},
        {"create trigger broken; select 1;", "create trigger broken;|select 1;"},
        {"begin; select 1; end; select 2", "begin;|select 1;|end;|select 2"},
        {"select case when 1 then 2 end; select 3",
         "select case when 1 then 2 end;|select 3"},
        {"create table t(a); select 1", "create table t(a);|select 1"},
        {"select 'open; select 2", "select 'open; select 2"},
        {"select 'gr\xC3\xBC\xC3\x9F"
         "e;'; x",
         "select 'gr\xC3\xBC\xC3\x9F"
         "e;';|x"},
    };
    struct text joined = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        split_text(cases[i][0], &joined);
        is_text(text_string(&joined), cases[i][1], "statements of: %s",
                title(cases[i][0]));
    }
    text_release(&joined);
}

static void cursor_finds_its_statement(void)
{
    static const struct {
        const char *sql; /* the cursor stands at the ^ */
        const char *want;
    } cases[] = {
        {"^select 1; select 2", "select 1"},
        {"sel^ect 1; select 2", "select 1"},
        {"select 1^; select 2", "select 1"},
        {"select 1;^ select 2", "select 1"},
        {"select 1; ^select 2", "select 2"},
        {"select 1; select 2;\n\n^", "select 2"},
        {"select 1; \n^\n select 2", "select 1"},
        {"-- head^ing\nselect 1; select 2", "select 1"},
        {"^ ; -- nothing", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *mark = strchr(cases[i].sql, '^');
        size_t cursor = (size_t)(mark - cases[i].sql);
        char *sql = string_printf("%.*s%s", (int)cursor, cases[i].sql, mark + 1);
        struct sql_span span;
        char *got = NULL;
        if (sql_statement_at(sql, strlen(sql), cursor, &span)) {
            got = string_copy_bytes(sql + span.start, span.length);
        }
        is_text(got, cases[i].want, "statement at: %s", title(cases[i].sql));
        free(got);
        free(sql);
    }
}

static void completeness_is_judged(void)
{
    static const char *const complete[] = {"select 1;", "select 1; -- x\n ", "a; /* c */",
                                           TRIGGER_A ";", TRIGGER_B " ; "};
    static const char *const open[] = {"",
                                       ";",
                                       "select 1",
                                       "select ';",
                                       "select 1; x",
                                       "select 1; /*",
                                       TRIGGER_A,
                                       "select 1 -- ;"};
    for (size_t i = 0; i < sizeof complete / sizeof complete[0]; i++) {
        ok(sql_is_complete(complete[i], strlen(complete[i])), "complete: %s",
           title(complete[i]));
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        ok(!sql_is_complete(open[i], strlen(open[i])), "not complete: %s",
           title(open[i]));
    }
}

static void join_names(struct array *names, struct text *out)
{
    text_clear(out);
    for (size_t i = 0; i < names->count; i++) {
        text_printf(out, "%s%s", i > 0 ? " " : "", *(char **)array_at(names, i));
    }
    sql_names_release(names);
}

static void schemas_are_found(void)
{
    static const char *const cases[][2] = {
        {"select * from orders.line_items", "orders"},
        {"select o.a, p.b from orders.lines o, payments.paid as p where o.a = p.b",
         "orders payments"},
        {"select * from a.x join b.y on b.y.k = a.x.k, c.z", "a b c"},
        {"select * from a.x join b.y using (k), c.z left join d.w on 1", "a b c d"},
        {"select (select max(q) from a.x) from b.y where z in (select k from c.w)",
         "a b c"},
        {"with t as (select * from a.x), u as (select 1) select * from t join b.y",
         "a b"},
        {"select * from A.x, a.y, \"A\".z", "A"},
        {"select * from \"we\"\"ird\".t, [a b].t, `c d`.t, 'e f'.t",
         "we\"ird a b c d e f"},
        {"insert into main.t select * from a.x", "main a"},
        {"insert or replace into temp.t(a, b) values (1, 2)", "temp"},
        {"update or ignore main.t set a = b.c, d = e.f from g.h", "main g"},
        {"delete from main.t where x in a.keys", "main a"},
        {"create table if not exists main.t as select * from a.x", "main a"},
        {"drop table if exists a.x", "a"},
        {"pragma a.table_info(x)", "a"},
        {"select * from (a.x join (b.y)) join c.z", "a b c"},
        {"select * from (select * from a.x) as q, b.y", "a b"},
        {"select x.y from t where t.a is not distinct from b.c order by d.e, f.g", ""},
        {"select x.y, coalesce(a.b, c.d) from t group by e.f, g.h having i.j", ""},
        {"select 'from a.b', \"from c.d\" -- from e.f\n/* from g.h */", ""},
        {"select * from plan.steps, key.\"value\"", "plan key"},
        {"insert into t(a) values (1) on conflict do update set a = b.c", ""},
        {"select * from a.", "a"},
        {"select count(*) filter (where a.b) over (order by c.d) from e.f", "e"},
        {"select * from a.x where (b.c, d.e) in (values (f.g, h.i)) union select 1 from "
         "j.k",
         "a j"},
        {"select * from a.x; select * from b.y", "a b"},
        {"select * from json_each(t.a, b.c), d.e", "d"},
    };
    struct text joined = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct array names = sql_schemas(cases[i][0], strlen(cases[i][0]));
        join_names(&names, &joined);
        is_text(text_string(&joined), cases[i][1], "schemas of: %s", title(cases[i][0]));
    }
    static const char parameters[] = "select :a, @b, $c, ?2, :a, ':d', ? -- :e";
    struct array names = sql_parameters(parameters, strlen(parameters));
    join_names(&names, &joined);
    is_text(text_string(&joined), ":a @b $c ?2", "parameters, each once");
    text_release(&joined);
}

static void sources_have_aliases(void)
{
    static const char *const cases[][2] = {
        {"select * from orders.lines o", "orders.lines=o"},
        {"select * from t", "-.t=-"},
        {"select * from t as \"x y\", a.b where 1", "-.t=x y a.b=-"},
        {"select * from t left join u on 1 join v w using (k)", "-.t=- -.u=- -.v=w"},
        {"select * from t as key", "-.t=key"},
        {"update a.t as x set b = 1", "a.t=x"},
        {"create table t as select * from u", "-.t=- -.u=-"},
        {"select * from t not indexed", "-.t=-"},
    };
    struct text joined = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct array sources = sql_sources(cases[i][0], strlen(cases[i][0]));
        text_clear(&joined);
        for (size_t j = 0; j < sources.count; j++) {
            const struct sql_source *s = array_at(&sources, j);
            text_printf(&joined, "%s%s.%s=%s", j > 0 ? " " : "",
                        s->schema != NULL ? s->schema : "-", s->table,
                        s->alias != NULL ? s->alias : "-");
        }
        is_text(text_string(&joined), cases[i][1], "sources of: %s", title(cases[i][0]));
        sql_sources_release(&sources);
    }
    text_release(&joined);
}

static void cursor_has_a_context(void)
{
    static const struct {
        const char *sql, *word, *qualifier;
        enum sql_expectation expectation;
    } cases[] = {
        {"sel^", "sel", NULL, SQL_EXPECT_ANY},
        {"select ^", "", NULL, SQL_EXPECT_ANY},
        {"select * from ^", "", NULL, SQL_EXPECT_TABLE},
        {"select * from or^", "or", NULL, SQL_EXPECT_TABLE},
        {"select * from orders.^", "", "orders", SQL_EXPECT_TABLE},
        {"select * from orders.li^ where", "li", "orders", SQL_EXPECT_TABLE},
        {"select * from \"my o\".li^", "li", "my o", SQL_EXPECT_TABLE},
        {"select * from a, ^", "", NULL, SQL_EXPECT_TABLE},
        {"select * from a join ^", "", NULL, SQL_EXPECT_TABLE},
        {"select * from a o where o.^", "", "o", SQL_EXPECT_COLUMN_OF},
        {"select o.am^ from a o", "am", "o", SQL_EXPECT_COLUMN_OF},
        {"select * from a where ^", "", NULL, SQL_EXPECT_ANY},
        {"select 'or^", "", NULL, SQL_EXPECT_ANY},
        {"select * from -- ^", "", NULL, SQL_EXPECT_ANY},
        {"select * from \"or^", "or", NULL, SQL_EXPECT_TABLE},
        {"select * from a; ^", "", NULL, SQL_EXPECT_ANY},
        {"select * from (^", "", NULL, SQL_EXPECT_TABLE},
        {"select max(^", "", NULL, SQL_EXPECT_ANY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *mark = strchr(cases[i].sql, '^');
        size_t cursor = (size_t)(mark - cases[i].sql);
        char *sql = string_printf("%.*s%s", (int)cursor, cases[i].sql, mark + 1);
        struct sql_context context;
        sql_context_at(sql, strlen(sql), cursor, &context);
        char *word =
            string_copy_bytes(sql + context.word_start, cursor - context.word_start);
        is_text(word, cases[i].word, "word at: %s", title(cases[i].sql));
        is_text(context.qualifier, cases[i].qualifier, "qualifier at: %s",
                title(cases[i].sql));
        is_int(context.expectation, cases[i].expectation, "expects at: %s",
               title(cases[i].sql));
        free(word);
        free(sql);
        sql_context_release(&context);
    }
}

static void whole_tables_are_seen(void)
{
    char *schema;
    char *table;
    static const char yes[] = " select /* all */ * from \"or ders\".[line items] ; ";
    ok(sql_is_whole_table(yes, strlen(yes), &schema, &table), "a whole table");
    is_text(schema, "or ders", "its schema");
    is_text(table, "line items", "its table");
    free(schema);
    free(table);
    static const char *const no[] = {"select * from t",
                                     "select * from a.b where 1",
                                     "select a from a.b",
                                     "select * from a.b c",
                                     "select *, 1 from a.b",
                                     "select * from a.b; x",
                                     "select distinct * from a.b",
                                     "select * from a.b limit 1",
                                     "select * from"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        ok(!sql_is_whole_table(no[i], strlen(no[i]), &schema, &table), "not whole: %s",
           no[i]);
        ok(schema == NULL && table == NULL, "and nothing to free");
    }
}

static void reading_is_told_from_writing(void)
{
    static const char *const reads[] = {"select 1", "VALUES (1)",
                                        "-- c\nexplain delete from t",
                                        "with a as (insert_x), b as (select 1) select 2"};
    static const char *const writes[] = {"", "insert into t values (1)", "drop table t",
                                         "with a as (select 1) delete from t", "with"};
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        ok(sql_is_select(reads[i], strlen(reads[i])), "reads: %s", reads[i]);
    }
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        ok(!sql_is_select(writes[i], strlen(writes[i])), "may write: %s", writes[i]);
    }
}

static void names_are_quoted_when_they_must(void)
{
    static const char *const cases[][2] = {
        {"orders", "orders"},   {"line items", "\"line items\""},
        {"a\"b", "\"a\"\"b\""}, {"select", "\"select\""},
        {"1a", "\"1a\""},       {"", "\"\""},
        {"a;b", "\"a;b\""},     {"gr\xC3\xBC", "gr\xC3\xBC"},
    };
    struct text out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        text_clear(&out);
        sql_append_name(&out, cases[i][0]);
        is_text(text_string(&out), cases[i][1], "name: %s", title(cases[i][0]));
    }
    text_release(&out);
    size_t count;
    const char *const *words = sql_keywords(&count);
    bool sorted = true;
    for (size_t i = 1; i < count; i++) {
        sorted = sorted && strcmp(words[i - 1], words[i]) < 0;
    }
    is_int((long long)count, sqlite3_keyword_count(), "all keywords of the library");
    ok(sorted && sql_is_keyword(words[0], strlen(words[0])),
       "sorted, and they are keywords");
}

/* Whatever the bytes: tokens lie end to end and cover the text, spans lie inside it. */
static void check_any_text(const char *sql, size_t length, int *wrong)
{
    struct sql_token token = {0};
    size_t covered = 0;
    while (sql_next(sql, length, covered, &token)) {
        *wrong += token.start != covered || token.length == 0;
        covered += token.length;
    }
    *wrong += covered != length;
    struct array spans = sql_split(sql, length);
    size_t behind = 0;
    for (size_t i = 0; i < spans.count; i++) {
        const struct sql_span *span = array_at(&spans, i);
        *wrong += span->start < behind || span->length == 0;
        behind = span->start + span->length;
    }
    *wrong += behind > length;
    array_release(&spans);
    struct array names = sql_schemas(sql, length);
    sql_names_release(&names);
    struct sql_context context;
    sql_context_at(sql, length, length / 2, &context);
    *wrong += context.word_start > length / 2;
    sql_context_release(&context);
}

static void any_bytes_are_covered(void)
{
    static const char *const pieces[] = {"select ",
                                         "from ",
                                         "a.b",
                                         "'",
                                         "\"",
                                         "[",
                                         "]",
                                         "`",
                                         "--",
                                         "\n",
                                         "/*",
                                         "*/",
                                         ";",
                                         "create trigger ",
                                         "begin ",
                                         "end",
                                         "x'",
                                         "1e",
                                         ":",
                                         "$a(",
                                         "(",
                                         ")",
                                         ",",
                                         "\xC3",
                                         "\xEF\xBB\xBF",
                                         "in ",
                                         "as ",
                                         ".",
                                         "->>",
                                         "\r\n",
                                         "case "};
    unsigned seed = 12345;
    int wrong = 0;
    struct text sql = {0};
    for (int round = 0; round < 3000; round++) {
        text_clear(&sql);
        for (int i = 0; i < 1 + round % 40; i++) {
            seed = seed * 1103515245u + 12345u;
            text_append(&sql, pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])]);
        }
        check_any_text(sql.data, sql.length, &wrong);
    }
    is_int(wrong, 0, "tokens cover any text, spans lie in order");
    char zeros[3] = {0};
    check_any_text(zeros, sizeof zeros, &wrong);
    is_int(wrong, 0, "also NUL bytes");
    text_release(&sql);
}

/* Processor seconds: the machine may be busy. Quadratic behaviour would need minutes. */
static void a_mebibyte_takes_no_time(void)
{
    static const char *const pieces[] = {"select a, 'x;y' from b.c where d = :e;\n",
                                         "(",
                                         "a.b,",
                                         "[",
                                         "/*",
                                         "-",
                                         ":p1 ",
                                         "$a("};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct text sql = {0};
        text_append(&sql, "select 1 from ");
        while (sql.length < 1024 * 1024) {
            text_append(&sql, pieces[i]);
        }
        int wrong = 0;
        clock_t start = clock();
        check_any_text(sql.data, sql.length, &wrong);
        struct array names = sql_parameters(sql.data, sql.length);
        sql_names_release(&names);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        ok(wrong == 0 && seconds < 5, "1 MiB of `%.10s` in %.2f s", pieces[i], seconds);
        text_release(&sql);
    }
}

int main(void)
{
    tokens_have_kinds();
    statements_split();
    cursor_finds_its_statement();
    completeness_is_judged();
    schemas_are_found();
    sources_have_aliases();
    cursor_has_a_context();
    whole_tables_are_seen();
    reading_is_told_from_writing();
    names_are_quoted_when_they_must();
    any_bytes_are_covered();
    a_mebibyte_takes_no_time();
    return tap_done();
}
