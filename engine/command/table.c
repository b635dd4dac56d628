/* command: the verb table. A row makes the verb, its help, its completion and its place
 * in the manual page. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <string.h>

static const struct command_flag common_flags[] = {
    {"--mesh", "MESH", "the mesh to work on; else MWB_MESH, else the setting mesh"},
    {"--format", "table|csv|tsv|json|jsonl|markdown", "how rows are printed"},
    {"--help", NULL, "what the verb does"},
    {0},
};

static const struct command_flag products_flags[] = {
    {"--domain", "D", "only products of this domain"},
    {"--status", "S", "only of this status: active, draft, deprecated ..."},
    {"--tag", "T", "only with this tag"},
    {"--class", "C", "only of domains of this class: source, aggregate, consumer"},
    {0},
};

static const struct command_flag lint_flags[] = {
    {"--schema-only", NULL, "only what the official JSON schema of the standard says"},
    {0},
};

static const struct command_flag get_flags[] = {
    {"--refresh", NULL, "import again even if nothing changed"},
    {0},
};

static const struct command_flag import_flags[] = {
    {"--into", "OUT.sqlite", "the database to make"},
    {"--table", "NAME", "all files are one table of this name"},
    {"--as", "csv|json|jsonl|sqlite",
     "what the files are; else their suffix or first bytes tell"},
    {"--schema", "FILE",
     "columns and dialect from a contract (ODCS), a Data Package or a Table Schema"},
    {"--delimiter", "SIGN",
     "what stands between cells: one sign, or tab, semicolon, bar, colon, blank"},
    {"--quote", "SIGN", "what stands around cells, or none"},
    {"--escape", "SIGN", "what stands before a quote inside of a cell"},
    {"--comment", "SIGN", "lines that begin with it are left out"},
    {"--encoding", "NAME", "utf-8, utf-16, windows-1252, or any that iconv -l lists"},
    {"--no-header", NULL, "the first row is data; columns are column_1, column_2 ..."},
    {"--header-rows", "N", "so many rows make the names of columns"},
    {"--skip-rows", "N", "leave out so many lines at the start"},
    {"--decimal", "SIGN", "what stands before the fraction of numbers"},
    {"--group", "SIGN", "what stands between the thousands of numbers"},
    {"--null", "TEXT", "cells with this text are NULL; as often as needed"},
    {"--all-text", NULL, "store every cell as text"},
    {"--property", "NAME", "JSON: the member of the one object that holds the rows"},
    {"--keep-nested", NULL, "keep nested objects as JSON text, not as columns a.b"},
    {"--rejects", "FILE", "write rejected rows to this CSV file"},
    {"--max-rejects", "N", "stop after so many rejected rows; 0 keeps going"},
    {"--way", "WAY", "direct or reference; else direct where it can be done"},
    {"--threads", "N", "work with so many threads; else one a processor, at most 8"},
    {0},
};

static const struct command_flag query_flags[] = {
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME; as often as needed"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long (exit status 124)"},
    {0},
};

static const struct command_flag saved_flags[] = {
    {"--show", NULL, "print the SQL instead of running it"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

static const struct command_flag chart_flags[] = {
    {"--x", "COLUMN", "the column along the bottom"},
    {"--y", "COLUMN", "the column that goes up"},
    {"--by", "COLUMN", "a series for each value of this column"},
    {"--title", "TEXT", "the title"},
    {"--out", "FILE.svg|png|pdf", "write a picture"},
    {"--width", "N", "columns of text, or pixels of a picture"},
    {"--height", "N", "lines of text, or pixels of a picture"},
    {"--ascii", NULL, "draw with ASCII signs only"},
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

static const struct command_flag export_flags[] = {
    {"--out", "FILE", "where to; the suffix tells the format"},
    {"--spreadsheet", NULL,
     "put ' before cells that a spreadsheet would take for formulas"},
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

static const struct command_flag filter_flags[] = {
    {"--column", "COLUMN", "look in this column only"},
    {0},
};

static const struct command_flag demo_flags[] = {
    {"--scale", "N", "N times the rows of scale 1, which has about 300,000"},
    {"--dir", "DIR", "where the sandbox lies"},
    {"--reset", NULL, "make it anew"},
    {"--no-ui", NULL, "make it and print how to go on"},
    {0},
};

static const struct command_flag help_flags[] = {
    {"--manual", NULL, "print the manual page (roff)"},
    {"--bash", NULL, "print the completion for bash"},
    {0},
};

enum {
    MESH = COMMAND_NEEDS_MESH,
    ROWS = COMMAND_NEEDS_RESULT,
    SCREEN = COMMAND_SCREEN_ONLY,
};

static const struct command_row rows[] = {
    {"products", "[TEXT]", "list the data products of the mesh, or search them", MESH,
     products_flags, verb_products,
     "mwb products shipping --mesh ~/mesh\nmwb products --domain checkout --format json",
     "\\dt .tables \\l .databases"},
    {"show", "PRODUCT", "show the card of a product: owner, schema, terms, promises",
     MESH, NULL, verb_show, "mwb show checkout/orders\nmwb show orders --format json",
     "\\d .schema"},
    {"lint", "PATH...", "check descriptors; status 1 when there is an error", 0,
     lint_flags, verb_lint, "mwb lint checkout/orders/orders.odcs.yaml", NULL},
    {"get", "PRODUCT[@VERSION]...", "fetch products and import them into the cache", MESH,
     get_flags, verb_get, "mwb get checkout/orders fulfillment/shipments", NULL},
    {"import", "FILE...|-", "make an SQLite database of CSV or JSON files, packed or not",
     0, import_flags, verb_import,
     "mwb import rates.csv.gz --into rates.sqlite --rejects bad.csv\n"
     "mwb import sales-*.csv --table sales --delimiter semicolon --into sales.sqlite\n"
     "zstdcat log.csv.zst | mwb import - --table log --into log.sqlite",
     NULL},
    {"query", "[SQL | -f FILE | -]",
     "run SQL over products (product.table), workspace and mesh", 0, query_flags,
     verb_query,
     "mwb query \"SELECT status, count(*) FROM orders.orders GROUP BY 1\"\n"
     "mwb query -f report.sql --param from=2026-01-01 --format csv",
     "\\g \\i .read"},
    {"saved", "[NAME]", "list the saved queries of the mesh, or run one", MESH,
     saved_flags, verb_saved, "mwb saved\nmwb saved conversion --format markdown", NULL},
    {"chart", "KIND [SQL]", "draw rows as bar, line, scatter or histogram", 0,
     chart_flags, verb_chart,
     "mwb chart bar \"SELECT carrier, count(*) AS n FROM shipments.shipments GROUP BY "
     "1\"\n"
     "mwb chart line --x day --y orders --out orders.svg -f orders.sql",
     "\\chart"},
    {"export", "[SQL]", "write rows to a file; the suffix tells the format", 0,
     export_flags, verb_export,
     "mwb export \"SELECT * FROM orders.orders\" --out orders.csv",
     "\\copy .once .output \\o"},
    {"script", "FILE", "run verbs from a file, one a line", 0, NULL, verb_script,
     "mwb script report.mwb --mesh ~/mesh", NULL},
    {"demo", "", "make or reopen the sandbox mesh and open it", 0, demo_flags, verb_demo,
     "mwb demo\nmwb demo --scale 10 --dir /tmp/shop --no-ui", NULL},
    {"param", "[NAME [VALUE]]", "give :NAME a value that is remembered, or list them", 0,
     NULL, verb_param, NULL, ".parameter \\bind"},
    {"set", "[NAME [VALUE]]", "change a setting for now, or list them", 0, NULL, verb_set,
     NULL, "\\set \\pset .mode"},
    {"open", "MESH", "open another mesh, package or file", SCREEN, NULL, verb_open, NULL,
     "\\c .open"},
    {"refresh", "", "read the descriptors of the mesh again", SCREEN, NULL, verb_refresh,
     NULL, NULL},
    {"sort", "COLUMN [desc]", "sort the rows that are shown", ROWS, NULL, verb_sort, NULL,
     NULL},
    {"filter", "TEXT", "keep the rows that contain a text", ROWS, filter_flags,
     verb_filter, NULL, NULL},
    {"frequency", "COLUMN", "count the values of a column", ROWS, NULL, verb_frequency,
     NULL, NULL},
    {"back", "", "go back to the rows a view was made from", SCREEN, NULL, verb_back,
     NULL, NULL},
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
    {"edit", "", "edit the SQL in $VISUAL or $EDITOR", SCREEN, NULL, verb_screen, NULL,
     "\\e .edit"},
    {"redraw", "", "draw the screen again", SCREEN, NULL, verb_screen, NULL, NULL},
    {"quit", "", "leave", 0, NULL, verb_quit, NULL, "q exit \\q .quit .exit"},
    {"help", "[VERB]", "what the program can do, or one verb in full", 0, help_flags,
     verb_help, NULL, "\\? .help"},
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
