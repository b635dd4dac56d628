/* command: the flags of verbs, a table each; table.c says whose they are. Help,
 * completion and the manual page are made from them. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"
#include "engine/command/flags.h"

#include <stddef.h>

const struct command_flag products_flags[] = {
    {"--domain", "D", "only products of this domain"},
    {"--status", "S", "only of this status: active, draft, deprecated ..."},
    {"--tag", "T", "only with this tag"},
    {"--class", "C", "only of domains of this class: source, aggregate, consumer"},
    {"--limit", "N", "at most so many, the best first"},
    {"--facet", "F", "not products but the values of a facet: domain, tag, owner ..."},
    {"--problems", NULL, "not products but the files that could not be read, and why"},
    {0},
};

const struct command_flag lint_flags[] = {
    {"--schema-only", NULL, "only what the official JSON schema of the standard says"},
    {"--errors-only", NULL, "no warnings"},
    {"--rule", "NAME", "only findings of this rule; \"rules\" lists them"},
    {"--format", "table|csv|tsv|json|jsonl|markdown|junit",
     "findings as rows, or as XML for build servers; else a line each"},
    {0},
};

const struct command_flag glance_flags[] = {
    {"--sql", NULL, "a row for each number, with the SELECT of the rows behind it"},
    {0},
};

const struct command_flag check_flags[] = {
    {"--all", NULL, "all products of the mesh"},
    {"--data", "FILE", "check this file (CSV, JSON, SQLite), not the data that are here"},
    {"--rule", "ID", "only this rule: its id, its name, or the key of the check"},
    {"--tag", "T", "only rules with this tag"},
    {"--dimension", "D", "only of this dimension: completeness, uniqueness ..."},
    {"--object", "TABLE", "only what is about this table"},
    {"--history", NULL, "not a run but what kept ones said; with --rule of one check"},
    {"--why", NULL, "the product upstream whose check failed first"},
    {"--compare", "VERSION", "two versions side by side: this one and the current one"},
    {"--format", "table|csv|tsv|json|jsonl|markdown|junit",
     "every column of the checks, or XML for build servers"},
    {0},
};

const struct command_flag changes_flags[] = {
    {"--limit", "N", "look at so many commits of each file; else 1000"},
    {0},
};

const struct command_flag policies_flags[] = {
    {"--product", "P", "only violations of this product"},
    {"--no-data", NULL, "leave out the policies that read the data of products"},
    {"--violations", NULL, "a row for each violation, not for each policy"},
    {"--rows", NULL, "the rows of the policy's SQL as they are"},
    {"--adoption", NULL,
     "who keeps to it: by policy and domain; of one policy over time"},
    {"--format", "table|csv|tsv|json|jsonl|markdown|junit",
     "policies, of one policy its violations, as rows, or as XML for build servers"},
    {0},
};

const struct command_flag waive_flags[] = {
    {"--domain", "D", "of a whole domain"},
    {"--reason", "TEXT", "why"},
    {"--owner", "TEAM", "who answers for it"},
    {"--until", "DAY", "the last day: 2027-03-31"},
    {0},
};

const struct command_flag history_flags[] = {
    {"--failed", NULL, "only what did not end well"},
    {"--distinct", NULL, "of statements that are the same, the newest"},
    {"--limit", "N", "the newest so many"},
    {"--forget", NULL, "take what is found out of the history, whenever it ran"},
    {"--all", NULL, "with --forget: everything"},
    {0},
};

const struct command_flag versions_flags[] = {
    {"--use", "VERSION", "make this version the current one"},
    {"--remove", "VERSION", "remove this version, unless it is current or open"},
    {"--compare", "VERSION", "what changed from this version to the current one"},
    {"--evict", NULL,
     "remove what was replaced and what was used least until the cache is below the "
     "setting cache_limit"},
    {0},
};

const struct command_flag get_flags[] = {
    {"--refresh", NULL, "ask sources elsewhere, and fetch what changed"},
    {"--all", NULL, "all products; with --refresh, all that are here"},
    {"--plan", NULL, "only tell what would be fetched: bytes, free space, what is here"},
    {"--accept", NULL, "make a version current though it breaks its contract"},
    {"--again", NULL, "fetch and import even if nothing changed"},
    {"--to", "FOLDER", "save files that are no tables there, replacing none"},
    {0},
};

const struct command_flag import_flags[] = {
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

const struct command_flag complete_flags[] = {
    {"--at", "BYTE", "where the cursor stands; else at the end"},
    {0},
};

const struct command_flag query_flags[] = {
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME; as often as needed"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long (exit status 124)"},
    {"--yes", NULL,
     "run it though rows of the workspace go (DROP, DELETE without WHERE)"},
    {"--now", NULL, "do not ask though it may take long (setting preview_seconds)"},
    {0},
};

const struct command_flag watch_flags[] = {
    {"--times", "N", "so often; else until it is stopped"},
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME; as often as needed"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

const struct command_flag param_flags[] = {
    {"--forget", NULL, "forget the value of NAME, or of all"},
    {"--again", NULL, "ask for values again before the next statement (on the screen)"},
    {0},
};

const struct command_flag tab_flags[] = {
    {"--yes", NULL, "close it though a statement runs or a transaction is open"},
    {0},
};

const struct command_flag format_flags[] = {
    {"--width", "N", "of lines that are filled; 80 without"},
    {"--write", NULL, "write it into the file"},
    {"--check", NULL, "write nothing; status 1 if something would change"},
    {"--all", NULL, "in the editor: all statements"},
    {0},
};

const struct command_flag save_flags[] = {
    {"--title", "TEXT", "what it is called"},
    {"--description", "TEXT", "what it answers"},
    {"--in", "mesh|mine", "a file of the mesh, for all, or one's own; else mine"},
    {"--replace", NULL, "take the place of the one of this name"},
    {"-f", "FILE", "the statement stands in a file"},
    {0},
};

const struct command_flag advise_flags[] = {
    {"-f", "FILE", "read the SQL from a file"},
    {"--rules", NULL, "list what is looked for"},
    {0},
};

const struct command_flag plan_flags[] = {
    {"--count", NULL, "run it and count the rows that each step reads"},
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME; as often as needed"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {0},
};

const struct command_flag saved_flags[] = {
    {"--yes", NULL, "run it though rows of the workspace go"},
    {"--show", NULL, "print the SQL instead of running it"},
    {"--remove", NULL, "remove its file"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

const struct command_flag chart_flags[] = {
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
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

const struct command_flag fetches_flags[] = {
    {"--failed", NULL, "those that failed"},
    {"--since", "WHEN", "since a day, an instant, or so long ago: 7d"},
    {"--limit", "N", "the newest N"},
    {0},
};

const struct command_flag usage_flags[] = {
    {"--by", "VIEW",
     "products, tables, columns, joins, teams, queries, unused, statements; else "
     "products, "
     "of one product teams"},
    {"--since", "WHEN", "since a day, an instant, or so long ago: 30d"},
    {"--share", NULL,
     "write what one's team read to usage/ in the mesh: by day, without persons and "
     "statements"},
    {"--limit", "N", "at most so many"},
    {0},
};

const struct command_flag export_flags[] = {
    {"--out", "FILE", "where to; the suffix tells the format"},
    {"--pipe", "COMMAND", "through this command instead, run without a shell"},
    {"--provenance", "inside|beside|none",
     "where the SQL, the products with versions and licences go; else inside where the "
     "format has a place, else in FILE.datapackage.json"},
    {"--table", "NAME", "its name in sql, sqlite and xlsx"},
    {"--spreadsheet", NULL,
     "put ' before cells that a spreadsheet would take for formulas"},
    {"-f", "FILE", "read the SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {"--limit", "N", "stop after so many rows"},
    {"--timeout", "SECONDS", "stop after so long"},
    {0},
};

const struct command_flag propose_flags[] = {
    {"--only", "KINDS",
     "required, primary key, unique, bounds, lengths, values, pattern, row count, "
     "relationship; with commas between"},
    {"--write", NULL, "write them into the contracts (ODCS 3.1)"},
    {0},
};

const struct command_flag request_flags[] = {
    {"--purpose", "TEXT", "what for"},
    {"--until", "DAY", "until when, such as 2027-03-31; else without an end"},
    {"--port", "PORT", "this output port only"},
    {"--team", "TEAM", "who uses it; else the team you are in"},
    {0},
};

const struct command_flag agreements_flags[] = {
    {"--due", NULL, "only what waits for an answer or is to be looked at again"},
    {"--status", "S", "requested, approved, rejected or ended"},
    {"--team", "TEAM", "only what this team gives or uses"},
    {0},
};

const struct command_flag approve_flags[] = {
    {"--until", "DAY", "until when; else what was asked for"},
    {"--reassess", "DAY", "when to look at it again; else in a year"},
    {"--team", "TEAM", "the team you answer for; else the one you are in"},
    {0},
};

const struct command_flag reject_flags[] = {
    {"--reason", "TEXT", "why"},
    {"--team", "TEAM", "the team you answer for; else the one you are in"},
    {0},
};

const struct command_flag end_flags[] = {
    {"--reason", "TEXT", "why"},
    {"--team", "TEAM", "the team you answer for; else the one you are in"},
    {0},
};

const struct command_flag reassess_flags[] = {
    {"--until", "DAY", "when to look at it again"},
    {"--team", "TEAM", "the team you answer for; else the one you are in"},
    {0},
};

const struct command_flag filter_flags[] = {
    {"--column", "COLUMN", "look in this column only"},
    {"--cell", "ROW", "rows that have the same there as this one, by its number"},
    {"--not", NULL, "rows for which it does not hold"},
    {0},
};

const struct command_flag sort_flags[] = {
    {"--add", NULL, "after what they are sorted by already"},
    {0},
};

#define OF_FLAGS                                                                         \
    {"--of", "SQL", "run this first; else of the rows that are shown"},                  \
        {"--param", "NAME=VALUE", "the value of :NAME"},                                 \
    {                                                                                    \
        "--purpose", "TEXT", "what it is read for, where the mesh asks for it"           \
    }

const struct command_flag frequency_flags[] = {
    {"--classes", NULL,
     "numbers in classes of a round width, dates in months or the like"},
    OF_FLAGS,
    {0},
};

const struct command_flag pivot_flags[] = {
    {"--most", "N", "so many columns across, the most frequent; the others in one"},
    OF_FLAGS,
    {0},
};

const struct command_flag compare_flags[] = {
    {"--key", "COLUMNS",
     "what tells rows apart; else the contract's key, or one is found"},
    {"--summary", NULL, "a row for each column: how often it changed"},
    {"--both", NULL, "values before in columns of their own, too"},
    {"--same", NULL, "also the rows that are the same"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {0},
};

const struct command_flag profile_flags[] = {
    {"-f", "FILE", "read SQL from a file"},
    {"--param", "NAME=VALUE", "the value of :NAME"},
    {"--purpose", "TEXT", "what it is read for, where the mesh asks for it"},
    {0},
};

const struct command_flag totals_flags[] = {
    {"--rows", NULL, "the totals among the rows themselves"},
    {"--above", NULL, "above their groups; else below"},
    OF_FLAGS,
    {0},
};

const struct command_flag lineage_flags[] = {
    {"--up", NULL, "only what it is made from"},
    {"--down", NULL, "only what it feeds"},
    {"--depth", "N", "so many steps away"},
    {"--columns", NULL, "columns, as contracts, saved queries and views make them"},
    {"--rows", NULL, "columns, with those that only decide which rows there are"},
    {"--format", "tree|layers|mermaid|dot|openlineage|table|csv|tsv|json|jsonl|markdown",
     "a drawing, a file for other programs, or an edge a row"},
    {0},
};

const struct command_flag demo_flags[] = {
    {"--scale", "N", "N times the rows of scale 1, which has about 300,000"},
    {"--dir", "DIR", "where the sandbox lies"},
    {"--reset", NULL, "make it anew"},
    {"--no-ui", NULL, "make it and print how to go on"},
    {0},
};

const struct command_flag help_flags[] = {
    {"--manual", NULL, "print the manual page (roff)"},
    {"--bash", NULL, "print the completion for bash"},
    {0},
};
