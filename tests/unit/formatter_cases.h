/* Statements and how they are laid out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_FORMATTER_CASES_H
#define MWB_TESTS_FORMATTER_CASES_H

struct formatter_case {
    const char *sql, *want;
};

static const struct formatter_case formatter_cases[] = {
    {"", ""},
    {"select 1", "SELECT 1"},
    {"select o.day,c.region,sum(o.amount) as revenue from orders o join customers c "
     "using(customer_id) where o.day>=:from group by 1,2 order by 1;",
     "SELECT o.day, c.region, sum(o.amount) AS revenue\n"
     "FROM orders o\n"
     "JOIN customers c USING (customer_id)\n"
     "WHERE o.day >= :from\n"
     "GROUP BY 1, 2\n"
     "ORDER BY 1;"},
    {"select a,b from t where x=1 and y between 2 and 3 or z is not distinct from 4 and "
     "long_column_name_here = 'some text that is long' limit 10 offset 5;",
     "SELECT a, b\n"
     "FROM t\n"
     "WHERE x = 1\n"
     "    AND y BETWEEN 2 AND 3\n"
     "    OR z IS NOT DISTINCT FROM 4\n"
     "    AND long_column_name_here = 'some text that is long'\n"
     "LIMIT 10 OFFSET 5;"},
    {"-- head note\n"
     "select a, -- first\n"
     " b /* second */, c\n"
     "-- before from\n"
     "from t -- table\n"
     "where a = 1;\n"
     "-- end",
     "-- head note\n"
     "SELECT\n"
     "    a, -- first\n"
     "    b /* second */,\n"
     "    c\n"
     "-- before from\n"
     "FROM t -- table\n"
     "WHERE a = 1;\n"
     "-- end"},
    {"with recursive c(n) as (select 1 union all select n+1 from c where n<10), d as "
     "(select * from c) select n, -n, - -n, n - 1 from c join d using (n);",
     "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10),\n"
     "d AS (SELECT * FROM c)\n"
     "SELECT n, -n, - -n, n - 1\n"
     "FROM c\n"
     "JOIN d USING (n);"},
    {"insert into t(a,b,c) values (1,'x',null),(2,'y',-1),(3,'a long text in the third "
     "row','more of it here') on conflict(a) do update set b=excluded.b,c=excluded.c "
     "where a>1 returning *;",
     "INSERT INTO t (a, b, c)\n"
     "VALUES\n"
     "    (1, 'x', NULL),\n"
     "    (2, 'y', -1),\n"
     "    (3, 'a long text in the third row', 'more of it here')\n"
     "ON CONFLICT (a) DO UPDATE\n"
     "SET b = excluded.b, c = excluded.c\n"
     "WHERE a > 1\n"
     "RETURNING *;"},
    {"create table if not exists main.things(id integer primary key,name text not null "
     "default 'x' collate nocase,price decimal(10,2) check(price>0),foreign key(name) "
     "references names(name) on delete cascade) without rowid;",
     "CREATE TABLE IF NOT EXISTS main.things (\n"
     "    id integer PRIMARY KEY,\n"
     "    name text NOT NULL DEFAULT 'x' COLLATE nocase,\n"
     "    price decimal(10, 2) CHECK (price > 0),\n"
     "    FOREIGN KEY (name) REFERENCES names (name) ON DELETE CASCADE\n"
     ") WITHOUT rowid;"},
    {"create trigger if not exists tr after update of a on t for each row when new.a>1 "
     "begin update t set a=case when new.a then 1 else 2 end where id=new.id; delete "
     "from u; end; select 1;",
     "CREATE TRIGGER IF NOT EXISTS tr AFTER UPDATE OF a ON t\n"
     "    FOR EACH ROW\n"
     "    WHEN new.a > 1\n"
     "BEGIN\n"
     "    UPDATE t\n"
     "    SET a = CASE WHEN new.a THEN 1 ELSE 2 END\n"
     "    WHERE id = new.id;\n"
     "    DELETE FROM u;\n"
     "END;\n"
     "SELECT 1;"},
    {"select case when status='open' then 'still open and waiting' when status='closed' "
     "then 'closed for good' else 'unknown to us' end as state, count(*) filter(where x) "
     "over (partition by a,b order by c desc rows between unbounded preceding and "
     "current row) as running_total from t",
     "SELECT\n"
     "    CASE\n"
     "        WHEN status = 'open' THEN 'still open and waiting'\n"
     "        WHEN status = 'closed' THEN 'closed for good'\n"
     "        ELSE 'unknown to us'\n"
     "    END AS state,\n"
     "    count(*) FILTER (WHERE x) OVER (\n"
     "        PARTITION BY a, b\n"
     "        ORDER BY c DESC\n"
     "        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW\n"
     "    ) AS running_total\n"
     "FROM t"},
    {"select key, first, t.desc as desc, replace(a,'x','y'), \"select\", [a b], "
     "left(a,2) from \"my table\" as \"t\" where t.order like 'a%' escape '\\' and "
     "cast(a as integer) in (1,2,3)",
     "SELECT\n"
     "    key,\n"
     "    first,\n"
     "    t.desc AS desc,\n"
     "    replace(a, 'x', 'y'),\n"
     "    \"select\",\n"
     "    [a b],\n"
     "    left(a, 2)\n"
     "FROM \"my table\" AS \"t\"\n"
     "WHERE t.order LIKE 'a%' ESCAPE '\\' AND CAST(a AS integer) IN (1, 2, 3)"},
    {"select * from a left outer join b on a.id=b.id and a.kind=b.kind and "
     "a.very_long_column_name=b.very_long_column_name cross join c natural join d, e",
     "SELECT *\n"
     "FROM a\n"
     "LEFT OUTER JOIN b\n"
     "    ON a.id = b.id\n"
     "    AND a.kind = b.kind\n"
     "    AND a.very_long_column_name = b.very_long_column_name\n"
     "CROSS JOIN c\n"
     "NATURAL JOIN d, e"},
    {"update t set a=1,b=(select max(x) from u where u.id=t.id and u.kind='something "
     "long enough'),c=3 where id in (select id from v)",
     "UPDATE t\n"
     "SET\n"
     "    a = 1,\n"
     "    b = (\n"
     "        SELECT max(x)\n"
     "        FROM u\n"
     "        WHERE u.id = t.id AND u.kind = 'something long enough'\n"
     "    ),\n"
     "    c = 3\n"
     "WHERE id IN (SELECT id FROM v)"},
    {"select a from t union all select b from u union select c from v order by 1",
     "SELECT a\n"
     "FROM t\n"
     "UNION ALL\n"
     "SELECT b\n"
     "FROM u\n"
     "UNION\n"
     "SELECT c\n"
     "FROM v\n"
     "ORDER BY 1"},
    {".mode csv\n"
     "select 1;\n"
     "\\d orders",
     ".mode csv\n"
     "SELECT 1;\n"
     "\\d orders"},
    {"select 'multi\n"
     "line', /* block\n"
     "comment */ x from t",
     "SELECT\n"
     "    'multi\n"
     "line', /* block\n"
     "comment */\n"
     "    x\n"
     "FROM t"},
    {"delete from orders where day<'2020-01-01'; update t set a=2;;\n"
     "\n"
     "begin; commit;",
     "DELETE FROM orders WHERE day < '2020-01-01';\n"
     "UPDATE t SET a = 2;;\n"
     "\n"
     "BEGIN;\n"
     "COMMIT;"},
    {"explain query plan select * from t where exists(select 1 from u where u.a=t.a) and "
     "not exists (select 1)",
     "EXPLAIN QUERY PLAN\n"
     "SELECT *\n"
     "FROM t\n"
     "WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND NOT EXISTS (SELECT 1)"},
    {"select data->>'$.a' as a, data -> 'b', x'00ff', 1.5e-3, ~a, not b, a||b||'c', "
     "a<>b, :p, @q, $r, ?1 from json_each(:doc) j",
     "SELECT\n"
     "    data ->> '$.a' AS a,\n"
     "    data -> 'b',\n"
     "    x'00ff',\n"
     "    1.5e-3,\n"
     "    ~a,\n"
     "    NOT b,\n"
     "    a || b || 'c',\n"
     "    a <> b,\n"
     "    :p,\n"
     "    @q,\n"
     "    $r,\n"
     "    ?1\n"
     "FROM json_each(:doc) j"},
    {"select sum(x) over w, rank() over (order by a) from t window w as (partition by a "
     "order by b)",
     "SELECT sum(x) OVER w, rank() OVER (ORDER BY a)\n"
     "FROM t\n"
     "WINDOW w AS (PARTITION BY a ORDER BY b)"},
    {"create view v as select a,b from t where a is null",
     "CREATE VIEW v AS SELECT a, b FROM t WHERE a IS NULL"},
    {"create index if not exists i on t(a desc,b) where a>1",
     "CREATE INDEX IF NOT EXISTS i ON t (a DESC, b) WHERE a > 1"},
    {"pragma table_info('t')", "PRAGMA table_info('t')"},
    {"select ((((a+b)*(c+d))))  from (select * from (select 1 as "
     "one_long_name_number_one, 2 as two_long_name_number_two, 3 as three))",
     "SELECT ((((a + b) * (c + d))))\n"
     "FROM (\n"
     "    SELECT *\n"
     "    FROM (\n"
     "        SELECT\n"
     "            1 AS one_long_name_number_one,\n"
     "            2 AS two_long_name_number_two,\n"
     "            3 AS three\n"
     "    )\n"
     ")"},
    {"select )a( from", "SELECT ) a(FROM"},
    {"select a from t where x in ('one value here','another value here','a third value "
     "here','and a fourth')",
     "SELECT a\n"
     "FROM t\n"
     "WHERE x IN (\n"
     "    'one value here',\n"
     "    'another value here',\n"
     "    'a third value here',\n"
     "    'and a fourth'\n"
     ")"},
    {"select round(coalesce(sum(order_amount_in_cents),0)/100.0,2) as revenue, "
     "strftime('%Y-%m',order_day) as month_of_the_order",
     "SELECT\n"
     "    round(coalesce(sum(order_amount_in_cents), 0) / 100.0, 2) AS revenue,\n"
     "    strftime('%Y-%m', order_day) AS month_of_the_order"},
    {"alter table t rename column a to b; alter table t add column c text",
     "ALTER TABLE t RENAME COLUMN a TO b;\n"
     "ALTER TABLE t ADD COLUMN c text"},
    {"attach 'x.db' as other; detach other; vacuum into 'copy.db'; savepoint s; release "
     "savepoint s; rollback to savepoint s",
     "ATTACH 'x.db' AS other;\n"
     "DETACH other;\n"
     "VACUUM INTO 'copy.db';\n"
     "SAVEPOINT s;\n"
     "RELEASE SAVEPOINT s;\n"
     "ROLLBACK TO SAVEPOINT s"},
    {"create table t(a int, b int generated always as (a*2) stored, c int as (a+1) "
     "virtual, unique(a,b) on conflict replace)",
     "CREATE TABLE t (\n"
     "    a int,\n"
     "    b int GENERATED ALWAYS AS (a * 2) stored,\n"
     "    c int AS (a + 1) VIRTUAL,\n"
     "    UNIQUE (a, b) ON CONFLICT REPLACE\n"
     ")"},
    {"with a as not materialized (select 1 as x), b as materialized (values (1),(2)) "
     "select * from a, b",
     "WITH a AS NOT MATERIALIZED (SELECT 1 AS x), b AS MATERIALIZED (VALUES (1), (2))\n"
     "SELECT *\n"
     "FROM a, b"},
    {"select (a,b)=(1,2), (select 1), exists(select 2), a between 1 and 2 and b, x is "
     "null or y notnull",
     "SELECT\n"
     "    (a, b) = (1, 2),\n"
     "    (SELECT 1),\n"
     "    EXISTS (SELECT 2),\n"
     "    a BETWEEN 1 AND 2 AND b,\n"
     "    x IS NULL OR y NOTNULL"},
    {"-- only a comment", "-- only a comment"},
    {"/* a */ /* b */ select /* c */ 1 /* d */; -- e", "/* a */ /* b */\n"
                                                       "SELECT /* c */ 1 /* d */; -- e"},
    {"select naïve, \"größe\", 'ünïcode' from \"täble\" where größe>1",
     "SELECT naïve, \"größe\", 'ünïcode'\n"
     "FROM \"täble\"\n"
     "WHERE größe > 1"},
    {"values(1,2),(3,4)", "VALUES (1, 2), (3, 4)"},
    {"replace into t(a) values(1); insert or ignore into t default values; insert into t "
     "select * from u where true on conflict do nothing",
     "REPLACE INTO t (a) VALUES (1);\n"
     "INSERT OR IGNORE INTO t DEFAULT VALUES;\n"
     "INSERT INTO t\n"
     "SELECT *\n"
     "FROM u\n"
     "WHERE true\n"
     "ON CONFLICT DO NOTHING"},
    {"update or rollback t set (a,b)=(1,2) from u where t.id=u.id returning id, a as "
     "changed",
     "UPDATE OR ROLLBACK t\n"
     "SET (a, b) = (1, 2)\n"
     "FROM u\n"
     "WHERE t.id = u.id\n"
     "RETURNING id, a AS changed"},
    {"select count(distinct a), group_concat(b, ',' order by c desc), max(d) filter "
     "(where d>0), lag(e,1,0) over win from t window win as (partition by f order by g "
     "rows 2 preceding)",
     "SELECT\n"
     "    count(DISTINCT a),\n"
     "    group_concat(b, ',' ORDER BY c DESC),\n"
     "    max(d) FILTER (WHERE d > 0),\n"
     "    lag(e, 1, 0) OVER win\n"
     "FROM t\n"
     "WINDOW win AS (PARTITION BY f ORDER BY g ROWS 2 PRECEDING)"},
    {"create temp trigger tr instead of delete on v begin select raise(abort,'no'); -- "
     "why\n"
     "-- alone\n"
     "end",
     "CREATE TEMP TRIGGER tr INSTEAD OF DELETE ON v\n"
     "BEGIN\n"
     "    SELECT RAISE(abort, 'no'); -- why\n"
     "    -- alone\n"
     "END"},
    {"select a\n"
     "-- one\n"
     ",b\n"
     "/* two */\n"
     ",c from t where a=1 -- three\n"
     "and b=2\n"
     "-- four\n"
     "or c=3",
     "SELECT\n"
     "    a\n"
     "    -- one\n"
     "    ,\n"
     "    b\n"
     "    /* two */\n"
     "    ,\n"
     "    c\n"
     "FROM t\n"
     "WHERE a = 1 -- three\n"
     "    AND b = 2\n"
     "    -- four\n"
     "    OR c = 3"},
    {"select * from (a join b using(id)) left join (select id from c) d on d.id=a.id "
     "where (a.x=1 or a.y=2) and (a.very_long_name_of_a_column=1 or "
     "b.another_long_name=2 or c.z=3)",
     "SELECT *\n"
     "FROM (a JOIN b USING (id))\n"
     "LEFT JOIN (SELECT id FROM c) d ON d.id = a.id\n"
     "WHERE (a.x = 1 OR a.y = 2)\n"
     "    AND (a.very_long_name_of_a_column = 1 OR b.another_long_name = 2 OR c.z = 3)"},
    {"select a,case x when 1 then 'one' when 2 then case when y then 'a' else 'b' end "
     "end z from t group by a,z having count(*)>1 order by a collate nocase asc nulls "
     "last,z desc limit 10,5",
     "SELECT\n"
     "    a,\n"
     "    CASE x WHEN 1 THEN 'one' WHEN 2 THEN CASE WHEN y THEN 'a' ELSE 'b' END END z\n"
     "FROM t\n"
     "GROUP BY a, z\n"
     "HAVING count(*) > 1\n"
     "ORDER BY a COLLATE nocase ASC NULLS LAST, z DESC\n"
     "LIMIT 10, 5"},
    {"select * from t indexed by i where a glob 'x*' and b not like 'y' and c not in "
     "(select d from e) and f regexp 'g'\n"
     "\n"
     "\n"
     ";\n"
     "\n"
     "\n"
     "select 2",
     "SELECT *\n"
     "FROM t INDEXED BY i\n"
     "WHERE a GLOB 'x*'\n"
     "    AND b NOT LIKE 'y'\n"
     "    AND c NOT IN (SELECT d FROM e)\n"
     "    AND f REGEXP 'g';\n"
     "\n"
     "SELECT 2"},
    {"select end, temp, desc from t order by desc desc",
     "SELECT end, temp, desc FROM t ORDER BY desc DESC"},
    {"insert into t(a) with x as (select 1) select * from x",
     "INSERT INTO t (a) WITH x AS (SELECT 1) SELECT * FROM x"},
    {"insert into t with recursive x(n) as (values (1)) select n from x",
     "INSERT INTO t\n"
     "WITH RECURSIVE x (n) AS (VALUES (1))\n"
     "SELECT n\n"
     "FROM x"},
    {"select a with, with from t", "SELECT a with, with FROM t"},
};

#endif
