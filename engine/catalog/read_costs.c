/* catalog/read_costs: what products cost by month, of the file that mesh.yaml names with
 * `costs`: CSV (RFC 4180) whose header has product, month, amount, currency and, when
 * wanted, category, in any order; other columns are left alone. A row that cannot be
 * understood is told and left out: a sum must not hold what nobody meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum {
    MOST_COST_BYTES = 32 * 1024 * 1024,
    MOST_COST_ROWS = 250000,
    MOST_CELLS = 64,
    MOST_FINDINGS = 100,
};

enum cost_column { PRODUCT, MONTH, AMOUNT, CURRENCY, CATEGORY, COST_COLUMNS };
static const char *const column_names[COST_COLUMNS] = {"product", "month", "amount",
                                                       "currency", "category"};

struct costs {
    struct build *build;
    const char *path;
    struct array cells; /* of char *, of the row that is being read */
    bool row_ended, has_header, is_refused;
    size_t width;                  /* cells of the header */
    size_t places[COST_COLUMNS];   /* of the columns among them */
    bool has_column[COST_COLUMNS]; /* or the header lacks it */
    int line, row_line;            /* that is read; on which the row began */
    int rows, findings;
};

/* ---- Findings ---- */

/* What is wrong: a sentence around the text it is about. */
struct fault {
    const char *before, *text, *after;
};

static void tell_fault(struct costs *costs, struct fault fault)
{
    struct document_place place = {.line = costs->row_line, .column = 1};
    if (costs->findings++ < MOST_FINDINGS) {
        build_problem(costs->build, costs->path, place, true, "cost", "%s%.60s%s",
                      fault.before, fault.text, fault.after);
    } else if (costs->findings == MOST_FINDINGS + 1) {
        build_problem(costs->build, costs->path, place, true, "too-many",
                      "more rows cannot be understood than are listed");
    }
}

static void tell_plain(struct costs *costs, const char *sentence)
{
    tell_fault(costs, (struct fault){sentence, "", ""});
}

/* ---- What a cell may be ---- */

/* YYYY-MM */
static bool is_month(const char *text)
{
    static const char digits[] = "0123456789";
    return strlen(text) == 7 && strspn(text, digits) == 4 && text[4] == '-' &&
           strspn(text + 5, digits) == 2 && strcmp(text + 5, "01") >= 0 &&
           strcmp(text + 5, "12") <= 0;
}

/* Digits, with a point before the fraction: "1,5" and "1e3" are no amounts. */
static bool is_amount(const char *text)
{
    static const char digits[] = "0123456789";
    text += *text == '-';
    size_t whole = strspn(text, digits), rest = 0;
    if (text[whole] == '.') {
        rest = strspn(text + whole + 1, digits);
        if (rest == 0) {
            return false;
        }
        rest++;
    }
    return whole > 0 && whole <= 15 && rest <= 10 && text[whole + rest] == '\0';
}

/* ISO 4217 */
static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/* ---- Rows ---- */

static const char *cost_cell(const struct costs *costs, enum cost_column column)
{
    return costs->has_column[column]
               ? *(char **)array_at(&costs->cells, costs->places[column])
               : NULL;
}

static void take_header(struct costs *costs)
{
    costs->has_header = true;
    costs->width = costs->cells.count;
    for (size_t i = 0; i < costs->cells.count; i++) {
        for (int column = 0; column < COST_COLUMNS; column++) {
            if (string_equal_fold(column_names[column],
                                  *(char **)array_at(&costs->cells, i))) {
                costs->has_column[column] = true;
                costs->places[column] = i;
            }
        }
    }
    for (int column = 0; column < CATEGORY; column++) {
        if (!costs->has_column[column]) {
            costs->is_refused = true;
            tell_fault(costs, (struct fault){"the first line names no column ",
                                             column_names[column],
                                             ": product, month, amount and currency are "
                                             "needed"});
        }
    }
}

/* What is wrong with the row; nothing before: it is good. */
static struct fault row_fault(const struct costs *costs)
{
    static const struct {
        enum cost_column column;
        bool (*may_be)(const char *text);
        const char *before, *after;
    } forms[] = {
        {MONTH, is_month, "the month ", " is none: 2026-09 is one"},
        {AMOUNT, is_amount, "the amount ", " is no number such as 1250.50"},
        {CURRENCY, is_currency, "the currency ", " is no code such as EUR (ISO 4217)"},
    };
    if (costs->cells.count != costs->width) {
        return (struct fault){"the row has not as many cells as the first line has names",
                              "", ""};
    }
    const char *product = cost_cell(costs, PRODUCT);
    if (product[0] == '\0' || strlen(product) > MOST_NAME) {
        return (struct fault){"the row names no product", "", ""};
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *cell = cost_cell(costs, forms[i].column);
        if (!forms[i].may_be(cell)) {
            return (struct fault){forms[i].before, cell, forms[i].after};
        }
    }
    return (struct fault){0};
}

static void insert_cost(struct costs *costs)
{
    const char *category = cost_cell(costs, CATEGORY);
    const char *product = cost_cell(costs, PRODUCT);
    char *kept = category != NULL
                     ? string_copy_bytes(category, strnlen(category, MOST_NAME))
                     : NULL;
    build_insert(costs->build, INSERT_COST, "sssssssi", product, cost_cell(costs, MONTH),
                 cost_cell(costs, AMOUNT), cost_cell(costs, CURRENCY),
                 kept != NULL && kept[0] != '\0' ? kept : NULL, product, costs->path,
                 costs->row_line);
    free(kept);
}

static void take_row(struct costs *costs)
{
    if (!costs->has_header) {
        take_header(costs);
    } else if (!costs->is_refused && costs->rows++ < MOST_COST_ROWS) {
        struct fault fault = row_fault(costs);
        if (fault.before != NULL) {
            tell_fault(costs, fault);
        } else {
            insert_cost(costs);
        }
    } else if (costs->rows == MOST_COST_ROWS + 1) {
        tell_plain(costs, "there are more rows than are read; this one and what follows "
                          "are left out");
    }
    catalog_names_release(&costs->cells);
    costs->cells = (struct array)ARRAY_OF(char *);
}

/* ---- The file ---- */

static void end_cell(void *bytes, size_t length, void *owner)
{
    struct costs *costs = owner;
    if (costs->cells.count < MOST_CELLS) {
        *(char **)array_push(&costs->cells) =
            string_copy_bytes(bytes != NULL ? bytes : "", length);
    }
}

static void end_row(int sign, void *owner)
{
    struct costs *costs = owner;
    (void)sign;
    take_row(costs);
    costs->row_ended = true;
}

/* Line by line, so that a row knows where it stands. Blank lines begin none. */
static bool parse_lines(struct costs *costs, struct csv_parser *parser, const char *bytes,
                        size_t length)
{
    bool good = true;
    costs->row_ended = true;
    for (size_t at = 0, size; good && at < length; at += size) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size = end != NULL ? (size_t)(end - bytes) + 1 - at : length - at;
        bool is_first = costs->row_ended;
        costs->line++;
        costs->row_line = is_first ? costs->line : costs->row_line;
        costs->row_ended = is_first && strspn(bytes + at, " \t\r\n") >= size;
        good = csv_parse(parser, bytes + at, size, end_cell, end_row, costs) == size;
    }
    return good && csv_fini(parser, end_cell, end_row, costs) == 0;
}

static void parse_costs(struct costs *costs, const char *bytes, size_t length)
{
    struct csv_parser parser;
    size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (memchr(bytes, '\0', length) != NULL) {
        tell_plain(costs, "the file is no text: it holds a byte of zero");
        return;
    }
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(&parser, memory_resize);
    if (!parse_lines(costs, &parser, bytes + mark, length - mark)) {
        tell_plain(costs,
                   "a quote stands where none may, or is never closed; nothing from "
                   "this row on is read");
    } else if (!costs->has_header) {
        tell_plain(costs, "the file is empty; its first line names the columns product, "
                          "month, amount and currency");
    }
    csv_free(&parser);
    catalog_names_release(&costs->cells);
}

static void read_bytes(struct build *build, const char *path,
                       unsigned char hash[DOCUMENT_HASH])
{
    struct error err = {0};
    struct costs costs = {
        .build = build, .path = path, .cells = ARRAY_OF(char *), .row_line = 1};
    char *bytes;
    size_t length;
    int fd = roots_open(&build->roots, path, &err);
    if (fd >= 0 && path_read_open(fd, path, MOST_COST_BYTES, &bytes, &length, &err)) {
        document_hash(bytes, length, hash);
        parse_costs(&costs, bytes, length);
        free(bytes);
    } else {
        build_problem(build, path, (struct document_place){.line = 1, .column = 1}, true,
                      "unreadable", "%s", err.message);
    }
    if (fd >= 0) {
        close(fd);
    }
}

void read_costs_file(struct build *build, const char *path)
{
    unsigned char hash[DOCUMENT_HASH];
    struct document_entry entry = {.path = path, .role = ROLE_COSTS};
    bool there = document_stamp_of(&build->roots, path, &entry.stamp);
    document_begin(build);
    if (there) {
        document_settle(&entry.stamp);
        entry.hash = hash;
        memset(hash, 0, sizeof hash);
        read_bytes(build, path, hash);
    } else { /* it may come */
        build_problem(build, path, (struct document_place){.line = 1, .column = 1}, true,
                      "missing-file",
                      "mesh.yaml names this file for what products cost, and it is not "
                      "there");
    }
    document_end(build, &entry);
}

void read_mesh_costs(struct build *build, const struct document_value *value)
{
    const char *path = document_text(value);
    if (value == NULL) {
        return;
    }
    if (path == NULL || !path_is_safe(path)) {
        build_problem(build, "mesh.yaml", document_place(value), true, "unsafe-path",
                      "costs: the name of a file of the mesh is needed, such as "
                      "costs.csv");
        return;
    }
    *(char **)array_push(&build->skipped) = string_copy(path);
    read_costs_file(build, path);
}
