/* command: the verb table. A row makes the verb, its help, its completion and its place
 * in the manual page. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/flags.h"
#include "engine/command/private.h"

#include <string.h>

static const struct command_flag common_flags[] = {
    {"--mesh", "MESH",
     "folder, file, git PATH#REF or http(s) index; else MWB_MESH, else the setting mesh"},
    {"--role", "ROLE",
     "the role to act in; else MWB_ROLE, the setting role, the least of the mesh"},
    {"--format", "table|csv|tsv|json|jsonl|markdown", "how rows are printed"},
    {"--help", NULL, "what the verb does"},
    {0},
};

enum {
    MESH = COMMAND_NEEDS_MESH,
    ROWS = COMMAND_NEEDS_RESULT,
    SCREEN = COMMAND_SCREEN_ONLY,
    SESSION = COMMAND_SESSION_ONLY,
};

static const struct command_row rows[] = {
    {"products", "[TEXT]", "list the data products of the mesh, or search them", MESH,
     products_flags, verb_products,
     "mwb products shipping --mesh ~/mesh\nmwb products --domain checkout --format json\n"
     "mwb products 'column:customer_id tag:pii -status:draft fresh'\n"
     "mwb products --facet tag\nmwb products --problems",
     NULL},
    {"show", "PRODUCT", "show the card of a product: owner, schema, terms, promises",
     MESH, NULL, verb_show, "mwb show checkout/orders\nmwb show orders --format json",
     NULL},
    {"lint", "[PATH...]", "check descriptors, or the mesh; status 1: there is an error",
     0, lint_flags, verb_lint,
     "mwb lint checkout/orders/orders.odcs.yaml\nmwb lint --mesh ~/mesh --errors-only\n"
     "mwb lint . --format junit > lint.xml",
     NULL},
    {"check", "PRODUCT...|CONTRACT.yaml|--all",
     "run the rules of contracts on the data that are here; status 1: some do not hold",
     0, check_flags, verb_check,
     "mwb check checkout/orders\nmwb check --all --format junit > checks.xml\n"
     "mwb check orders.odcs.yaml --data orders.csv --dimension completeness",
     NULL},
    {"rules", "[RULE]", "say what a rule of lint means, or list them all", 0, NULL,
     verb_rules, "mwb rules unknown-column", NULL},
    {"fields", "STANDARD[@VERSION] [PATH]", "list the fields that a standard allows", 0,
     NULL, verb_fields,
     "mwb fields odcs\nmwb fields odcs@3.0.2 schema.properties\nmwb fields package "
     "resources.schema.fields",
     NULL},
    {"diff", "OLD [NEW]",
     "what changed between two versions of a contract or product, graded for those who "
     "write it and those who read it; status 1 when something breaks",
     0, NULL, verb_diff,
     "mwb diff orders-1.odcs.yaml orders-2.odcs.yaml\n"
     "mwb diff HEAD~1:checkout/orders checkout/orders --format json\n"
     "mwb diff checkout/orders@1.0.0 checkout/orders@2.0.0 --mesh ~/mesh\n"
     "mwb diff datapackage.json",
     NULL},
    {"column", "PRODUCT TABLE COLUMN",
     "everything that is known of one column: meaning, rules, values, statistics", MESH,
     NULL, verb_column, "mwb column checkout/orders orders customer_id", NULL},
    {"glance", "[SHEET [ROW COLUMN]]",
     "the mesh at a glance: domains, ports, agreements, joins, use, waiting, products, "
     "adoption, freshness, checks, cost; of a cell the rows behind it",
     MESH, glance_flags, verb_glance,
     "mwb glance\nmwb glance ports --format markdown\nmwb glance ports marketing "
     "checkout",
     NULL},
    {"journey", "[DOMAIN [FACT]]",
     "how far each domain has come, from facts, and its next step; of a fact its rows",
     MESH, glance_flags, verb_journey,
     "mwb journey\nmwb journey checkout\nmwb journey checkout rule-ran", NULL},
    {"findings", "[TEXT]", "list what is wrong in the descriptors of the mesh", MESH,
     NULL, verb_findings, "mwb findings\nmwb findings error orders --format json", NULL},
    {"raw", "PRODUCT|FILE[:LINE]",
     "show a descriptor as it is written; of a product also: PRODUCT TABLE COLUMN", MESH,
     NULL, verb_raw,
     "mwb raw checkout/orders\nmwb raw checkout/orders orders customer_id", NULL},
    {"changes", "PRODUCT [FIELD]",
     "who changed a product or contract, or one promise in it, as git knows", MESH,
     changes_flags, verb_changes,
     "mwb changes checkout/orders\n"
     "mwb changes checkout/orders sla.retention\n"
     "mwb changes orders orders.customer_id.classification --mesh ~/mesh#v2",
     "\\blame"},
    {"role", "[NAME]",
     "list the roles of the mesh, or act in another one; what the old one saw is closed",
     MESH, NULL, verb_role, "mwb role --mesh ~/mesh\n:role steward", NULL},
    {"access", "[PRODUCT[.TABLE]]",
     "what one's role may see: a row for each product, or table and column, with reason",
     MESH, NULL, verb_access,
     "mwb access\nmwb access customers.customers_pii --role analyst", NULL},
    {"propose", "[PRODUCT]",
     "rules the contracts could have, by the data that are here, each with its evidence; "
     "then the change of the files",
     MESH, propose_flags, verb_propose,
     "mwb propose checkout/orders\nmwb propose orders --only required,values --write\n"
     "mwb propose orders --format json",
     NULL},
    {"request", "[PRODUCT]", "ask for a product: writes agreements/ID.yaml into the mesh",
     MESH, request_flags, verb_request,
     "mwb request accounts/account-balances --purpose 'Dunning letters' --until "
     "2027-03-31",
     NULL},
    {"agreements", "[PRODUCT]",
     "who may use what, for what, until when; and what is to be looked at again", MESH,
     agreements_flags, verb_agreements,
     "mwb agreements --due\nmwb agreements checkout/orders --status approved", NULL},
    {"approve", "ID", "say yes to a request", MESH, approve_flags, verb_approve,
     "mwb approve team-marketing-uses-orders --until 2027-03-31", NULL},
    {"reject", "ID", "say no to a request", MESH, reject_flags, verb_reject,
     "mwb reject team-marketing-uses-orders --reason 'The purpose is not clear.'", NULL},
    {"end", "ID", "end an agreement today", MESH, end_flags, verb_end,
     "mwb end team-marketing-uses-orders", NULL},
    {"reassess", "ID", "an agreement was looked at and goes on", MESH, reassess_flags,
     verb_reassess, "mwb reassess team-marketing-uses-orders --until 2027-12-31", NULL},
    {"policies", "[POLICY]",
     "hold the global policies against the mesh; status 1: one of severity error is "
     "violated",
     MESH, policies_flags, verb_policies,
     "mwb policies --mesh .\nmwb policies P12\nmwb policies --format junit > "
     "policies.xml\n"
     "mwb policies P12 --adoption",
     NULL},
    {"waive", "POLICY [PRODUCT]",
     "put up with violations of a product or domain until a day: written to "
     "policies/waivers.yaml",
     MESH, waive_flags, verb_waive,
     "mwb waive P02 fulfillment/shelf-warmers --reason \"chat moves in March\" --owner "
     "\"Team Fulfillment\" --until 2027-03-31",
     NULL},
    {"get", "PRODUCT[@VERSION]...", "fetch products and import them into the cache", MESH,
     get_flags, verb_get,
     "mwb get checkout/orders fulfillment/shipments\n"
     "mwb get --all --refresh",
     NULL},
    {"versions", "[PRODUCT]", "list the versions of products that are here", MESH,
     versions_flags, verb_versions,
     "mwb versions checkout/orders\n"
     "mwb versions checkout/orders --use 2.2.0",
     NULL},
    {"view", "[PRODUCT [FILE]]",
     "open a file of a product that is no table (a report, an image, a model)", MESH,
     NULL, verb_view,
     "mwb view finance/annual-report\nmwb view vision/labels sample-1.png", NULL},
    {"fetches", "[PRODUCT]", "the log of what was fetched and looked at, newest first",
     MESH, fetches_flags, verb_fetches,
     "mwb fetches\nmwb fetches checkout/orders --since 7d\nmwb fetches --failed --format "
     "json",
     NULL},
    {"usage", "[PRODUCT]",
     "who read what, how often and by which saved queries, also of other teams that "
     "share "
     "it",
     MESH, usage_flags, verb_usage,
     "mwb usage\nmwb usage checkout/orders\nmwb usage checkout/orders --by columns\n"
     "mwb usage --by unused --since 180d",
     NULL},
    {"impact", "[PRODUCT [VERSION]]",
     "who is hit when a product, table or column changes; status 1: it breaks somebody",
     MESH, NULL, verb_impact,
     "mwb impact orders.orders.customer_id\nmwb impact checkout/orders 3.0.0", NULL},
    {"lineage", "[PRODUCT]",
     "what a product, PRODUCT.TABLE or PRODUCT.TABLE.COLUMN is made from and feeds", MESH,
     lineage_flags, verb_lineage,
     "mwb lineage checkout/orders --down\n"
     "mwb lineage orders.orders.customer_id --columns\n"
     "mwb lineage --format dot | dot -Tsvg > mesh.svg",
     NULL},
    {"import", "FILE...|-", "make an SQLite database of CSV or JSON files, packed or not",
     0, import_flags, verb_import,
     "mwb import rates.csv.gz --into rates.sqlite --rejects bad.csv\n"
     "mwb import sales-*.csv --table sales --delimiter semicolon --into sales.sqlite\n"
     "zstdcat log.csv.zst | mwb import - --table log --into log.sqlite",
     NULL},
    {"complete", "SQL",
     "what could stand at the end of an unfinished statement, or at a byte of it, the "
     "best "
     "first",
     0, complete_flags, verb_complete,
     "mwb complete 'SELECT * FROM orders.orders o JOIN customers.customers_npii c ON '\n"
     "mwb complete 'SELECT  FROM orders.orders' --at 7 --format json",
     NULL},
    {"query", "[SQL | -f FILE | -]",
     "run SQL over products (product.table), workspace and mesh", 0, query_flags,
     verb_query,
     "mwb query \"SELECT status, count(*) FROM orders.orders GROUP BY 1\"\n"
     "mwb query -f report.sql --param from=2026-01-01 --format csv",
     NULL},
    {"history", "[TEXT]",
     "what ran before on this mesh: when, how long, rows, products, errors", 0,
     history_flags, verb_history,
     "mwb history orders --failed\nmwb history 'card_number' --forget", NULL},
    {"saved", "[NAME]", "list the saved queries, of the mesh and one's own, or run one",
     0, saved_flags, verb_saved,
     "mwb saved\nmwb saved conversion --format markdown\nmwb saved mine-of-may --remove",
     NULL},
    {"save", "NAME [SQL]", "keep a query under a name, in the mesh or for oneself", 0,
     save_flags, verb_save,
     "mwb save late --title 'Late parcels' --in mesh \"SELECT ...\"\n"
     "mwb save late --replace -f late.sql",
     NULL},
    {"advise", "[SQL | -f FILE | -]",
     "what is probably wrong with a statement, before it runs; status 1: something is",
     MESH, advise_flags, verb_advise,
     "mwb advise -f report.sql\nmwb advise --format json \"SELECT * FROM orders.orders "
     "WHERE status = NULL\"",
     NULL},
    {"plan", "[SQL | -f FILE | -]",
     "how a statement will run: its steps in words, rows to read, seconds by what ran "
     "before",
     0, plan_flags, verb_plan,
     "mwb plan \"SELECT * FROM orders.orders o JOIN orders.line_items l USING "
     "(order_id)\"\n"
     "mwb plan -f report.sql --count",
     "\\explain .eqp .expert"},
    {"chart", "KIND [SQL]", "draw rows as bar, line, scatter or histogram", 0,
     chart_flags, verb_chart,
     "mwb chart bar \"SELECT carrier, count(*) AS n FROM shipments.shipments GROUP BY "
     "1\"\n"
     "mwb chart line --x day --y orders --out orders.svg -f orders.sql",
     NULL},
    {"export", "[SQL]",
     "write rows and their origin to a file; the suffix tells the format", 0,
     export_flags, verb_export,
     "mwb export \"SELECT * FROM orders.orders\" --out orders.xlsx\n"
     "mwb export \"SELECT * FROM orders.orders\" --pipe \"gzip -c\" > orders.csv.gz",
     NULL},
    {"script", "FILE", "run verbs from a file, one a line", 0, NULL, verb_script,
     "mwb script report.mwb --mesh ~/mesh", NULL},
    {"demo", "", "make or reopen the sandbox mesh and open it", 0, demo_flags, verb_demo,
     "mwb demo\nmwb demo --scale 10 --dir /tmp/shop --no-ui", NULL},
    {"watch", "[SECONDS] [SQL]",
     "run a statement again and again, each time so long after the last", 0, watch_flags,
     verb_watch,
     "mwb watch 10 \"SELECT count(*) FROM mesh.product\"\nmwb watch 0.5 -f load.sql "
     "--times 20",
     "\\watch"},
    {"timing", "[on|off]", "tell with each statement where its time went", 0, NULL,
     verb_timing, NULL, "\\timing .timer"},
    {"tab", "[new [FILE]|next|previous|N|close [N]|rename NAME]",
     "open, choose, close or name a tab, each with its own text, result and session", 0,
     tab_flags, verb_tab, "tab new report.sql\ntab 2\ntab rename revenue", NULL},
    {"param", "[NAME [VALUE]]", "give :NAME a value that is remembered, or list them", 0,
     param_flags, verb_param, "mwb param from 2026-01-01\nmwb param --forget from", NULL},
    {"purpose", "[TEXT]",
     "say what one reads for until the end, or tell it; an empty text takes it back", 0,
     NULL, verb_purpose, "mwb query --purpose \"monthly report\" \"SELECT ...\"", NULL},
    {"set", "[NAME [VALUE]]", "change a setting for now, or list them", 0, NULL, verb_set,
     NULL, NULL},
    {"open", "MESH", "open another mesh, package or file", SESSION, NULL, verb_open, NULL,
     NULL},
    {"refresh", "", "read the descriptors of the mesh again", SESSION, NULL, verb_refresh,
     NULL, NULL},
    {"sort", "COLUMN [desc] ...", "sort the rows that are shown", ROWS, sort_flags,
     verb_sort, NULL, NULL},
    {"filter", "FILTER", "keep rows with a text, an /expression/ or [COLUMN] > VALUE",
     ROWS, filter_flags, verb_filter,
     "filter late\nfilter /^B[0-9]+$/ --column order_id\nfilter amount >= 100\n"
     "filter note != null\nfilter !cancelled",
     NULL},
    {"frequency", "COLUMN[:STEP]",
     "count the values of a column; STEP: year, quarter, month, day, hour, class=WIDTH",
     0, frequency_flags, verb_frequency,
     "mwb frequency status --of \"SELECT * FROM orders.orders\"\n"
     "mwb frequency order_timestamp:month --of \"SELECT * FROM orders.orders\"\n"
     ":frequency amount --classes",
     NULL},
    {"pivot", "ROWS [ACROSS [OF]]",
     "groups down and across; where they meet count, sum(COLUMN), avg, min, max, median, "
     "stddev or distinct",
     0, pivot_flags, verb_pivot,
     "mwb pivot carrier status --of \"SELECT * FROM shipments.shipments\"\n"
     ":pivot region,day:month status sum amount",
     "\\crosstab \\crosstabview"},
    {"totals", "KEYS [OF [COLUMNS]]",
     "what groups add up to, with a total of each group of groups and of all", 0,
     totals_flags, verb_totals,
     "mwb totals region,status sum amount --of \"SELECT * FROM orders.orders\"\n"
     ":totals day:month avg amount,fee --rows --above",
     NULL},
    {"compare", "[BEFORE [AFTER]]",
     "what differs between two statements, tables, versions (PRODUCT.TABLE@VERSION) or "
     "runs (before, shown); status 1: something does",
     0, compare_flags, verb_compare,
     "mwb compare checkout/orders\n"
     "mwb compare orders.orders@1.0.0 orders.orders --key order_id\n"
     "mwb compare \"SELECT * FROM main.a\" \"SELECT * FROM main.b\" --summary\n"
     ":compare before shown",
     NULL},
    {"profile", "[PRODUCT.TABLE|SQL]",
     "what the values of each column are like: empty, different, least, most, mean, "
     "quantiles, frequent ones, histogram",
     0, profile_flags, verb_profile,
     "mwb profile orders.orders\n"
     "mwb profile \"SELECT * FROM orders.orders WHERE status = 'aborted'\" --format json",
     NULL},
    {"cell", "[ROW COLUMN]", "a value in full: text, JSON as a tree, bytes, an instant",
     SCREEN, NULL, verb_screen, NULL, NULL},
    {"record", "[ROW]", "a row in full, a line for each column", SCREEN, NULL,
     verb_screen, NULL, NULL},
    {"drill", "ROW [COLUMN]",
     "the rows behind a row of a frequency or total, or behind a cell of a pivot", ROWS,
     NULL, verb_drill, NULL, NULL},
    {"back", "", "go back to the rows a view was made from", SCREEN, NULL, verb_back,
     NULL, NULL},
    {"forward", "", "go forward again to the view that \"back\" left", SCREEN, NULL,
     verb_forward, NULL, NULL},
    {"copy", "[WHAT] [FORMAT]",
     "copy what is marked, the cell, row, rows or block as text, csv, markdown or sql",
     SCREEN, NULL, verb_screen, "copy row csv\ncopy block markdown", NULL},
    {"width", "N...", "how wide the first columns of the grid are; 0 leaves one", SCREEN,
     NULL, verb_screen, NULL, NULL},
    {"grid", "ACTION", "do what a key of the grid does: fit, hide, freeze, undo ...",
     SCREEN, NULL, verb_screen, NULL, NULL},
    {"cancel", "[JOB]", "stop the running query, or a job", SCREEN, NULL, verb_cancel,
     NULL, NULL},
    {"jobs", "", "show what runs and what ran", SCREEN, NULL, verb_jobs, NULL, NULL},
    {"focus", "PANE", "go to a pane: catalog, card, sql, grid, chart, jobs", SCREEN, NULL,
     verb_screen, NULL, NULL},
    {"zoom", "", "give the pane the whole screen, or take it back", SCREEN, NULL,
     verb_screen, NULL, NULL},
    {"theme", "NAME", "change colours: dark, light, high-contrast, mono or a file",
     SCREEN, NULL, verb_screen, NULL, NULL},
    {"screenshot", "FILE", "write the screen as text", SCREEN, NULL, verb_screen, NULL,
     NULL},
    {"format", "[FILE|SQL|-]",
     "lay out SQL: given, of a file, of standard input, or of the editor's statement", 0,
     format_flags, verb_format,
     "mwb format report.sql\nmwb format \"select 1 as a\"\nmwb format --write "
     "queries/orders.sql\nmwb format - < "
     "report.sql",
     NULL},
    {"snippet", "[NAME]",
     "put a piece of SQL with places to fill in into the editor, or list them", 0, NULL,
     verb_snippet, "mwb snippet\nmwb snippet top", NULL},
    {"run", "", "run the statement under the cursor of the editor", SCREEN, NULL,
     verb_screen, NULL, NULL},
    {"shell", "[COMMAND]", "run a command of the shell, or a shell", 0, NULL, verb_shell,
     NULL, NULL},
    {"write", "FILE", "write the text of the editor to a file", SCREEN, NULL, verb_screen,
     NULL, NULL},
    {"print", "", "show the text of the editor as a page", SCREEN, NULL, verb_screen,
     NULL, NULL},
    {"reset", "", "empty the editor", SCREEN, NULL, verb_screen, NULL, NULL},
    {"edit", "", "edit the SQL in $VISUAL or $EDITOR", SCREEN, NULL, verb_screen, NULL,
     NULL},
    {"doctor", "",
     "measure this terminal: keys, signs, round trip, colours, clipboard; keep a profile",
     SCREEN, NULL, verb_screen, NULL, NULL},
    {"redraw", "", "draw the screen again", SCREEN, NULL, verb_screen, NULL, NULL},
    {"quit", "", "leave", 0, NULL, verb_quit, NULL, "q exit"},
    {"help", "[VERB]", "what the program can do, or one verb in full", 0, help_flags,
     verb_help, NULL, NULL},
    {"version", "", "print the version", 0, NULL, verb_version, NULL, NULL},
};

const struct command_row *command_rows(size_t *count)
{
    *count = sizeof rows / sizeof *rows;
    return rows;
}

const struct command_flag *command_common_flags(void)
{
    return common_flags;
}

static bool has_alias(const char *aliases, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = aliases;
         p != NULL && length > 0 && (p = strstr(p, name)) != NULL; p++) {
        if ((p == aliases || p[-1] == ' ') && (p[length] == ' ' || p[length] == '\0')) {
            return true;
        }
    }
    return false;
}

const struct command_row *command_named(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (string_equal(rows[i].name, name) || has_alias(rows[i].alias, name)) {
            return &rows[i];
        }
    }
    return NULL;
}
