/* lineage_statements: statements, and by hand what each column of their results is made
 * from: `column=direct sources|sources that only decide about rows`, each sorted. Tables
 * t(a,b,c,d) and u(a,x,y) of main, s.orders(id,customer,amount,day) and
 * s.items(order_id,sku,qty,price) of another database, a view v(p,q) of main.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_LINEAGE_STATEMENTS_H
#define MWB_TESTS_LINEAGE_STATEMENTS_H

static const char statements_schema[] =
    "ATTACH ':memory:' AS s;"
    "CREATE TABLE t(a,b,c,d);"
    "CREATE TABLE u(a,x,y);"
    "CREATE TABLE s.orders(id,customer,amount,day);"
    "CREATE TABLE s.items(order_id,sku,qty,price);"
    "CREATE VIEW v(p,q) AS SELECT a+b,c FROM t WHERE d>0;"
    "CREATE VIEW w AS SELECT q AS r,count(*) AS n FROM v GROUP BY q;";

struct statement_case {
    const char *sql, *want;
};

static const struct statement_case statement_cases[] = {
    /* One table. */
    {"SELECT a FROM t", "a=t.a"},
    {"SELECT a,b FROM t", "a=t.a; b=t.b"},
    {"SELECT a+b AS s, c FROM t", "s=t.a,t.b; c=t.c"},
    {"SELECT 1 AS one FROM t", "one=|t"},
    {"SELECT 1 AS one", "one="},
    {"SELECT a FROM t WHERE b=1", "a=t.a|t.b"},
    {"SELECT a AS x FROM t ORDER BY b LIMIT 1", "x=t.a|t.b"},
    {"SELECT a x FROM t", "x=t.a"},
    {"SELECT t.a \"the a\" FROM main.t", "the a=t.a"},
    {"SELECT DISTINCT a,b FROM t", "a=t.a|t.b; b=t.b|t.a"},
    {"SELECT ALL a FROM t", "a=t.a"},
    {"SELECT * FROM u", "a=u.a; x=u.x; y=u.y"},
    {"SELECT u.* FROM u WHERE x", "a=u.a|u.x; x=u.x; y=u.y|u.x"},
    {"SELECT *, x+1 AS z FROM u", "a=u.a; x=u.x; y=u.y; z=u.x"},
    {"SELECT *, x+y AS z FROM u WHERE z>1",
     "a=u.a|u.x,u.y; x=u.x|u.y; y=u.y|u.x; z=u.x,u.y"},
    {"SELECT b, sum(x) AS n FROM t JOIN u USING(a) GROUP BY b HAVING n>1",
     "b=t.b|t.a,u.a,u.x; n=u.x|t.a,t.b,u.a"},
    {"SELECT CASE WHEN a>1 THEN b ELSE c END AS k FROM t", "k=t.a,t.b,t.c"},
    {"SELECT a IS NOT DISTINCT FROM b AS k FROM t", "k=t.a,t.b"},
    {"SELECT a COLLATE nocase FROM t", "a COLLATE nocase=t.a"},
    {"SELECT a -> '$.x' FROM t", "a -> '$.x'=t.a"},
    {"SELECT 'from t where b' AS k, a /* , b */ FROM t -- , c", "k=|t; a=t.a"},
    {"SELECT a k FROM t AS k WHERE k.d IN (1,2)", "k=t.a|t.d"},
    /* Groups. */
    {"SELECT count(*) FROM t", "count(*)=|t"},
    {"SELECT count(*) n FROM t WHERE a=1", "n=|t.a"},
    {"SELECT a, sum(b) AS s FROM t GROUP BY a", "a=t.a; s=t.b|t.a"},
    {"SELECT a, sum(b) AS s FROM t GROUP BY 1 HAVING count(c)>1",
     "a=t.a|t.c; s=t.b|t.a,t.c"},
    {"SELECT a+1 AS k, count(*) AS n FROM t GROUP BY k", "k=t.a; n=|t.a"},
    {"SELECT a AS k, max(b) AS m FROM t GROUP BY k ORDER BY m DESC LIMIT 3",
     "k=t.a|t.b; m=t.b|t.a"},
    {"SELECT max(b) AS m, c FROM t", "m=t.b; c=t.c|t.b"},
    {"SELECT a, max(b) AS m FROM t GROUP BY a", "a=t.a; m=t.b|t.a"},
    {"SELECT sum(b) FILTER (WHERE c>0) AS s FROM t", "s=t.b,t.c"},
    {"SELECT sum(b) AS s FROM t HAVING count(*)>1", "s=t.b"},
    {"SELECT a FROM t GROUP BY a ORDER BY count(b)", "a=t.a|t.b"},
    /* Windows. */
    {"SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) AS n FROM t",
     "a=t.a; n=t.b,t.c"},
    {"SELECT sum(a) OVER w AS s, d FROM t WINDOW w AS (PARTITION BY b)",
     "s=t.a,t.b; d=t.d"},
    /* Joins. */
    {"SELECT t.b, u.x FROM t JOIN u ON u.a=t.a", "b=t.b|t.a,u.a; x=u.x|t.a,u.a"},
    {"SELECT b, x FROM t LEFT JOIN u ON u.a=t.a AND y>1",
     "b=t.b|t.a,u.a,u.y; x=u.x|t.a,u.a,u.y"},
    {"SELECT b FROM t, u", "b=t.b|u"},
    {"SELECT b, x FROM t JOIN u USING(a)", "b=t.b|t.a,u.a; x=u.x|t.a,u.a"},
    {"SELECT a FROM t JOIN u USING(a)", "a=t.a|u.a"},
    {"SELECT a, x FROM t NATURAL JOIN u", "a=t.a|u.a; x=u.x|t.a,u.a"},
    {"SELECT * FROM u JOIN s.orders o ON o.id=u.a",
     "a=u.a|s.orders.id; x=u.x|s.orders.id,u.a; y=u.y|s.orders.id,u.a; "
     "id=s.orders.id|u.a; customer=s.orders.customer|s.orders.id,u.a; "
     "amount=s.orders.amount|s.orders.id,u.a; day=s.orders.day|s.orders.id,u.a"},
    {"SELECT * FROM (SELECT a,b FROM t) JOIN u USING(a)",
     "a=t.a|u.a; b=t.b|t.a,u.a; x=u.x|t.a,u.a; y=u.y|t.a,u.a"},
    {"SELECT p.a, q.b FROM t p, t q WHERE p.c=q.d", "a=t.a|t.c,t.d; b=t.b|t.c,t.d"},
    {"SELECT o.id, sum(qty*price) AS total FROM s.orders o JOIN s.items i ON "
     "i.order_id=o.id GROUP BY o.id",
     "id=s.orders.id|s.items.order_id; "
     "total=s.items.price,s.items.qty|s.items.order_id,s.orders.id"},
    {"SELECT t.b FROM (t JOIN u ON t.a=u.a) WHERE u.y=1", "b=t.b|t.a,u.a,u.y"},
    /* Subqueries in FROM. */
    {"SELECT k FROM (SELECT a+b AS k, c FROM t)", "k=t.a,t.b"},
    {"SELECT k FROM (SELECT a AS k, c FROM t WHERE d) z WHERE z.c=1", "k=t.a|t.c,t.d"},
    {"SELECT z.n FROM (SELECT count(*) AS n, a FROM t GROUP BY a) AS z", "n=|t.a"},
    {"SELECT n FROM (SELECT n+1 AS n FROM (SELECT a AS n FROM t))", "n=t.a"},
    {"SELECT x.a, y.a FROM (SELECT a FROM t) x, (SELECT b AS a FROM t) y",
     "a=t.a; a=t.b"},
    {"SELECT z.* FROM (SELECT a, b FROM t) z", "a=t.a; b=t.b"},
    {"SELECT column1 FROM (VALUES (1,2),(3,4))", "column1="},
    /* CTEs. */
    {"WITH z AS (SELECT a,b FROM t WHERE c) SELECT b FROM z", "b=t.b|t.c"},
    {"WITH z(k) AS (SELECT a+b FROM t) SELECT k*2 AS m FROM z", "m=t.a,t.b"},
    {"WITH z AS (SELECT a FROM t), y AS (SELECT a+1 AS e FROM z) SELECT e FROM y",
     "e=t.a"},
    {"WITH y AS (SELECT a+1 AS e FROM z), z AS (SELECT a FROM t) SELECT e FROM y",
     "e=t.a"},
    {"WITH z AS (SELECT b AS a FROM t) SELECT a FROM (WITH z AS (SELECT c AS a FROM t) "
     "SELECT a FROM z)",
     "a=t.c"},
    {"WITH z AS NOT MATERIALIZED (SELECT a FROM t) SELECT p.a, q.a AS b FROM z p JOIN z "
     "q ON p.a<q.a",
     "a=t.a; b=t.a"},
    {"WITH t AS (SELECT x AS a FROM u) SELECT a FROM t", "a=u.x"},
    {"WITH t AS (SELECT x AS a FROM u) SELECT a FROM main.t", "a=t.a"},
    {"WITH z AS (SELECT a FROM t) SELECT 1 AS k FROM u WHERE x IN (SELECT a FROM z)",
     "k=|t.a,u.x"},
    /* Recursion. */
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<9) SELECT i "
     "FROM n",
     "i="},
    {"WITH RECURSIVE n(i,j) AS (SELECT a,b FROM t UNION ALL SELECT i+1,j FROM n WHERE "
     "i<9) SELECT i,j FROM n",
     "i=t.a; j=t.b|t.a"},
    {"WITH RECURSIVE n(i,j) AS (SELECT a,b FROM t UNION ALL SELECT j,i FROM n WHERE "
     "i<9) SELECT i FROM n",
     "i=t.a,t.b"},
    {"WITH RECURSIVE n(i) AS (SELECT a FROM t UNION SELECT x FROM u JOIN n ON n.i=u.a) "
     "SELECT i FROM n",
     "i=t.a,u.x|u.a"},
    /* Compounds. */
    {"SELECT a,b FROM t UNION ALL SELECT x,y FROM u", "a=t.a,u.x; b=t.b,u.y"},
    {"SELECT a FROM t UNION SELECT x FROM u", "a=t.a,u.x"},
    {"SELECT a,b FROM t EXCEPT SELECT x,y FROM u",
     "a=t.a|t.b,u.x,u.y; b=t.b|t.a,u.x,u.y"},
    {"SELECT a,b FROM t INTERSECT SELECT x,y FROM u",
     "a=t.a|t.b,u.x,u.y; b=t.b|t.a,u.x,u.y"},
    {"SELECT a,b FROM t UNION ALL SELECT x,y FROM u ORDER BY b LIMIT 1",
     "a=t.a,u.x|t.b,u.y; b=t.b,u.y"},
    {"SELECT a AS k FROM t WHERE b UNION ALL SELECT 1 ORDER BY k", "k=t.a|t.b"},
    /* Subqueries in expressions. */
    {"SELECT (SELECT max(x) FROM u) AS m, b FROM t", "m=u.x|t; b=t.b"},
    {"SELECT (SELECT max(x) FROM u WHERE u.a=t.a) AS m, b FROM t",
     "m=t.a,u.a,u.x; b=t.b"},
    {"SELECT b FROM t WHERE EXISTS(SELECT 1 FROM u WHERE u.a=t.a)", "b=t.b|t.a,u.a"},
    {"SELECT b, a IN (SELECT x FROM u) AS k FROM t", "b=t.b; k=t.a,u.x"},
    {"SELECT (SELECT count(*) FROM (SELECT x FROM u WHERE y)) AS n FROM t", "n=|t,u.y"},
    {"SELECT (SELECT m FROM (SELECT max(x) AS m FROM u WHERE u.a=t.a)) AS n FROM t",
     "n=t.a,u.a,u.x"},
    {"SELECT (WITH z AS (SELECT x FROM u) SELECT sum(x) FROM z) AS n, a FROM t",
     "n=u.x|t; a=t.a"},
    /* Views. */
    {"SELECT p FROM v", "p=t.a,t.b|t.d"},
    {"SELECT * FROM v", "p=t.a,t.b|t.d; q=t.c|t.d"},
    {"SELECT n FROM main.w WHERE r>1", "n=|t.c,t.d"},
    {"SELECT r FROM w", "r=t.c|t.d"},
    /* Functions that make tables. */
    {"SELECT a, j.value FROM t, json_each(t.b) AS j", "a=t.a|t.b; value=t.b"},
    {"SELECT value FROM t, json_each(t.b) WHERE key=1", "value=t.b"},
    {"SELECT (SELECT sum(value) FROM json_each(t.b)) AS s FROM t", "s=t.b"},
    /* Functions that are not known, parameters. */
    {"SELECT date_trunc('month', a) AS m, median(b) AS k FROM t GROUP BY 1",
     "m=t.a; k=t.b|t.a"},
    {"SELECT a FROM t WHERE b > :from AND c < ?2", "a=t.a|t.b,t.c"},
    {"SELECT percentile_cont(b) OVER (ORDER BY c) AS k FROM t", "k=t.b,t.c"},
    {"SELECT rowid AS r, a FROM t", "r=t.ROWID; a=t.a"},
    {"SELECT * FROM t FULL JOIN u USING(a)",
     "a=t.a,u.a; b=t.b|t.a,u.a; c=t.c|t.a,u.a; d=t.d|t.a,u.a; x=u.x|t.a,u.a; "
     "y=u.y|t.a,u.a"},
    {"SELECT a FROM t FULL JOIN u USING(a)", "a=t.a,u.a"},
    {"SELECT t.a FROM t FULL JOIN u USING(a)", "a=t.a|u.a"},
    {"SELECT group_concat(b, ',') AS g FROM t GROUP BY a ORDER BY g", "g=t.b|t.a"},
    {"VALUES ((SELECT max(a) FROM t), 2)", "column1=t.a; column2="},
    {"SELECT iif(a, b, c) FROM t INDEXED BY nothing WHERE d",
     "iif(a, b, c)=t.a,t.b,t.c|t.d"},
    /* Comments, with an end and without. */
    {"SELECT a /* , b */ FROM t -- , u", "a=t.a"},
    {"SELECT a FROM t /* , 'u", "a=t.a"},
    {"SELECT 'a, b' n /* , c) FROM t", "n="},
};

#endif
