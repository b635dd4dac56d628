/* card: what is known about the selected product: who owns it, what it promises, how it
 * looks inside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/agreement.h"
#include "engine/kept.h"
#include "engine/ledger.h"
#include "engine/saved.h"
#include "engine/policy.h"
#include "tui/layout.h"
#include "tui/panes/page.h"

enum { LABEL_COLUMN = 14, NAME_WIDTH_MOST = 24, SAMPLE_WIDTH = 24 };

struct card {
    struct page page; /* first: page.h works on it */
    char *shown;      /* id of the product in the page; NULL: none */
};

/* ---- Making the page ---- */

static void add_field(struct textview *text, const char *label, enum role role,
                      const char *value)
{
    if (value != NULL && *value != '\0') {
        textview_field(text, LABEL_COLUMN, label, role, value);
    }
}

static void add_heading(struct textview *text, const char *heading)
{
    textview_line(text, ROLE_TEXT, NULL);
    textview_line(text, ROLE_HEADER, heading);
}

static enum role role_of_status(const char *status)
{
    if (string_equal(status, "active")) {
        return ROLE_MESSAGE;
    }
    return string_equal(status, "deprecated") || string_equal(status, "retired")
               ? ROLE_WARNING
               : ROLE_TEXT;
}

/* Why one's role does not get it, and whom to ask. */
static void add_access(struct textview *text, const struct workbench *workbench,
                       const struct policy_verdict *verdict)
{
    if (workbench->role_error.kind != ERROR_NONE) {
        add_field(text, "your role", ROLE_ERROR, workbench->role_error.message);
    } else if (verdict->decision == POLICY_REFUSE) {
        char *words = string_printf("not for %s: %s", workbench->role, verdict->reason);
        add_field(text, "access", ROLE_WARNING, words);
        add_field(text, "ask", ROLE_TEXT, verdict->ask);
        add_field(text, "", ROLE_DIM, "A asks for access");
        free(words);
    }
}

static void add_head(struct textview *text, struct pane *pane,
                     const struct catalog_product *product)
{
    const struct catalog_entry *entry = &product->entry;
    bool here = workbench_is_here(pane->workbench, entry);
    struct policy_verdict verdict;

    policy_of_product(pane->workbench->policy, product, &verdict);
    bool refused = verdict.decision == POLICY_REFUSE;
    textview_line(text, ROLE_PRODUCT, entry->id);
    if (entry->version != NULL && *entry->version != '\0') {
        textview_more(text, ROLE_DIM, "  ");
        textview_more(text, ROLE_DIM, entry->version);
    }
    if (entry->title != NULL && !string_equal(entry->title, entry->name)) {
        textview_line(text, ROLE_TEXT, entry->title);
    }
    textview_line(text, ROLE_TEXT, NULL);
    add_field(text, "status", role_of_status(entry->status), entry->status);
    add_field(text, "data", here && !refused ? ROLE_MESSAGE : ROLE_WARNING,
              refused ? "refused"
              : here  ? "here"
                      : "not fetched yet: a gets it");
    add_access(text, pane->workbench, &verdict);
    policy_verdict_release(&verdict);
    add_field(text, "owner", ROLE_TEXT, entry->owner);
    add_field(text, "domain class", ROLE_TEXT, entry->domain_class);
    add_field(text, "in SQL", ROLE_TEXT, entry->schema);
    add_field(text, "updated", ROLE_TEXT, product->frequency);
    add_field(text, "modified", ROLE_TEXT, product->modified);
}

static void add_words(struct textview *text, const char *heading, const char *words)
{
    if (words != NULL && *words != '\0') {
        add_heading(text, heading);
        textview_lines(text, ROLE_TEXT, words);
    }
}

/* What decides whether to use a product stands above its tables, in this order; the rest
 * below, in the order it comes. */
static const char *const first_groups[] = {"contract", "owner",     "contact", "sla",
                                           "observed", "freshness", "access"};
enum { FIRST_GROUPS = sizeof first_groups / sizeof *first_groups };

static bool is_first(const struct catalog_fact *fact)
{
    for (size_t i = 0; i < FIRST_GROUPS; i++) {
        if (string_equal(fact->group, first_groups[i])) {
            return true;
        }
    }
    return false;
}

/* The card's own words say it already. */
static bool is_told(const struct catalog_fact *fact)
{
    return string_equal(fact->group, "terms") &&
           (string_equal(fact->name, "usage") || string_equal(fact->name, "limitations"));
}

static void add_fact(struct textview *text, const struct catalog_fact *fact)
{
    if (fact->name != NULL && *fact->name != '\0') {
        add_field(text, fact->name, ROLE_TEXT, fact->value);
    } else if (fact->value != NULL) {
        textview_lines(text, ROLE_TEXT, fact->value);
    }
}

/* Facts of one group stand together, under its name once. */
static void add_group(struct textview *text, const struct catalog_product *product,
                      const char *group)
{
    bool is_begun = false;

    for (size_t i = 0; i < product->facts.count; i++) {
        const struct catalog_fact *fact = array_at(&product->facts, i);
        if (string_equal(fact->group, group) && !is_told(fact)) {
            if (!is_begun) {
                add_heading(text, group);
            }
            add_fact(text, fact);
            is_begun = true;
        }
    }
}

static void add_first_facts(struct textview *text, const struct catalog_product *product)
{
    for (size_t i = 0; i < FIRST_GROUPS; i++) {
        add_group(text, product, first_groups[i]);
    }
}

static void add_more_facts(struct textview *text, const struct catalog_product *product)
{
    const char *group = NULL;

    for (size_t i = 0; i < product->facts.count; i++) {
        const struct catalog_fact *fact = array_at(&product->facts, i);
        if (!is_first(fact) && !string_equal(fact->group, group)) {
            group = fact->group;
            add_group(text, product, group);
        }
    }
}

/* What a line of a column tells. */
struct column_line {
    const struct catalog_column *column;
    const char *sample; /* or NULL */
    struct text mask;   /* what the role gets of it; "": all */
    int width;          /* of names */
};

static void add_column(struct textview *text, const struct column_line *line)
{
    const struct catalog_column *column = line->column;
    const char *sample = line->sample;
    int width = line->width;
    struct text name = {0};
    int used;

    text_append(&name, "  ");
    used = safetext_append_cut(&name, column->name, strlen(column->name), width);
    text_append_repeated(&name, ' ', (size_t)(width - used) + 1);
    textview_line(text, workbench_is_private(column) ? ROLE_PRIVATE : ROLE_COLUMN,
                  text_string(&name));
    textview_more(text, ROLE_DIM, column->type != NULL ? column->type : "");
    if (column->key_position > 0) {
        textview_more(text, ROLE_KEY, "  key");
    } else if (column->required) {
        textview_more(text, ROLE_DIM, "  required");
    }
    if (column->classification != NULL && *column->classification != '\0') {
        textview_more(text, workbench_is_private(column) ? ROLE_PRIVATE : ROLE_DIM, "  ");
        textview_more(text, workbench_is_private(column) ? ROLE_PRIVATE : ROLE_DIM,
                      column->classification);
    }
    if (line->mask.length > 0) {
        textview_more(text, ROLE_WARNING, "  ");
        textview_more(text, ROLE_WARNING, text_string(&line->mask));
    }
    if (column->description != NULL && *column->description != '\0') {
        textview_more(text, ROLE_TEXT, "  ");
        textview_more(text, ROLE_TEXT, column->description);
    }
    if (sample != NULL) {
        struct text shown = {0};
        safetext_append_cut(&shown, sample, strlen(sample), SAMPLE_WIDTH);
        textview_more(text, ROLE_DIM, "  e.g. ");
        textview_more(text, ROLE_DIM, text_string(&shown));
        text_release(&shown);
    }
    textview_hang(text, width + 3);
    text_release(&name);
}

static int name_width(const struct catalog_table *table)
{
    int width = 8;

    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        int one =
            safetext_width_limited(column->name, strlen(column->name), NAME_WIDTH_MOST);
        width = one > width ? one : width;
    }
    return width < NAME_WIDTH_MOST ? width : NAME_WIDTH_MOST;
}

/* True when the role does not get the table: then its columns are those of others. */
static bool add_refusal(struct textview *text, const struct workbench *workbench,
                        const struct catalog_product *product,
                        const struct catalog_table *table)
{
    struct policy_verdict verdict;

    policy_of_table(workbench->policy, product, table, &verdict);
    bool refused = verdict.decision == POLICY_REFUSE;
    if (refused) {
        char *words = string_printf("Not for the role %s: %s%s%s.", workbench->role,
                                    verdict.reason, verdict.ask != NULL ? "; ask " : "",
                                    verdict.ask != NULL ? verdict.ask : "");
        textview_lines(text, ROLE_WARNING, words);
        free(words);
    }
    policy_verdict_release(&verdict);
    return refused;
}

static void add_table(struct textview *text, struct pane *pane,
                      const struct catalog_product *product,
                      const struct catalog_table *table)
{
    long long rows =
        workbench_table_rows(pane->workbench, &product->entry, table->sql_name);
    int width = name_width(table);
    char count[32];

    textview_line(text, ROLE_TEXT, NULL);
    textview_line(text, ROLE_HEADER, "table ");
    textview_more(text, ROLE_HEADER, table->sql_name);
    if (rows >= 0) {
        textview_more(text, ROLE_DIM, "  ");
        textview_more(text, ROLE_DIM, string_of_count(rows, count, sizeof count));
        textview_more(text, ROLE_DIM, rows == 1 ? " row" : " rows");
    }
    if (table->description != NULL && *table->description != '\0') {
        textview_lines(text, ROLE_TEXT, table->description);
    }
    if (add_refusal(text, pane->workbench, product, table)) {
        return;
    }
    struct array samples = workbench_samples(pane->workbench, product, table);
    for (size_t i = 0; i < table->columns.count; i++) {
        struct column_line line = {.column = array_at(&table->columns, i),
                                   .sample = *(char **)array_at(&samples, i),
                                   .width = width};
        struct policy_verdict verdict;
        policy_of_column(pane->workbench->policy, product, table, line.column, &verdict);
        if (verdict.decision == POLICY_MASK) {
            mask_describe(&verdict.mask, &line.mask);
        }
        add_column(text, &line);
        policy_verdict_release(&verdict);
        text_release(&line.mask);
    }
    workbench_samples_release(&samples);
}

static void add_problems(struct textview *text, const struct catalog_product *product)
{
    for (size_t i = 0; i < product->problems.count; i++) {
        const struct finding *problem = array_at(&product->problems, i);
        char *place =
            string_printf("%s:%d:%d: ", problem->path, problem->line, problem->column);
        if (i == 0) {
            add_heading(text, "problems");
        }
        textview_line(text, ROLE_DIM, place);
        textview_more(text, problem->is_error ? ROLE_ERROR : ROLE_WARNING,
                      problem->sentence);
        textview_hang(text, 2);
        free(place);
    }
}

/* What of it is no table. */
static void add_files(struct textview *text, struct pane *pane,
                      const struct catalog_product *product)
{
    char *version = workbench_version(pane->workbench, &product->entry), bytes[32];
    struct array files = ARRAY_OF(struct kept_file);

    if (version != NULL) {
        kept_list(version, &files, NULL);
    }
    for (size_t i = 0; i < files.count; i++) {
        const struct kept_file *file = array_at(&files, i);
        if (i == 0) {
            add_heading(text, "files (view opens them)");
        }
        textview_line(text, ROLE_TEXT, file->name);
        textview_more(text, ROLE_DIM, "  ");
        textview_more(text, ROLE_DIM, file->type->title);
        textview_more(text, ROLE_DIM, ", ");
        textview_more(text, ROLE_DIM, string_of_bytes(file->bytes, bytes, sizeof bytes));
    }
    kept_files_release(&files);
    free(version);
}

static void add_product(struct textview *text, struct pane *pane,
                        const struct catalog_product *product)
{
    add_head(text, pane, product);
    add_words(text, "purpose", product->purpose);
    add_words(text, "limitations", product->limitations);
    add_words(text, "usage", product->usage);
    add_words(text, "description", product->description);
    add_first_facts(text, product);
    for (size_t i = 0; i < product->tables.count; i++) {
        add_table(text, pane, product, array_at(&product->tables, i));
    }
    add_files(text, pane, product);
    add_more_facts(text, product);
    add_problems(text, product);
    if (product->path != NULL) {
        textview_line(text, ROLE_TEXT, NULL);
        add_field(text, "described in", ROLE_DIM, product->path);
    }
}

static void make_page(struct pane *pane)
{
    struct card *card = pane->state;
    struct workbench *workbench = pane->workbench;
    struct textview *text = card->page.text;
    struct catalog_product product = {0};
    struct error err = {0};

    textview_clear(text);
    free(card->shown);
    card->shown = string_copy(workbench->product);
    if (workbench->catalog == NULL || workbench->product == NULL) {
        textview_line(text, ROLE_DIM,
                      workbench->catalog == NULL ? "No mesh is open."
                                                 : "Choose a product in the catalog.");
    } else if (!catalog_product(workbench->catalog, workbench->product, &product, &err)) {
        textview_line(text, ROLE_ERROR, err.message);
    } else {
        workbench_observed(workbench, &product.entry, &product.facts);
        agreement_facts(workbench->catalog, product.entry.id, &product.facts);
        saved_facts(product.entry.schema, &product.facts);
        ledger_used(workbench->catalog, product.entry.id, workbench->mesh,
                    &product.facts);
        add_product(text, pane, &product);
        catalog_product_release(&product);
    }
}

/* ---- The pane ---- */

static void *open_card(struct screen *screen, const char *argument)
{
    struct card *card = memory_new(sizeof *card);

    (void)screen;
    (void)argument;
    page_init(&card->page, "Product card");
    return card;
}

static void close_card(struct pane *pane)
{
    struct card *card = pane->state;

    page_release(&card->page);
    free(card->shown);
    free(card);
}

/* The page is made when it is seen first, and again when something about it changed. */
static void draw_card(struct pane *pane, struct view view, bool focused)
{
    struct card *card = pane->state;

    if (textview_rows(card->page.text, view.width - 1) == 0 ||
        !string_equal(card->shown, pane->workbench->product)) {
        make_page(pane);
    }
    page_draw(pane, view_inside(view, 1, 0, view.width - 1, view.height), focused);
}

static void follow_card(struct pane *pane, unsigned changes)
{
    struct card *card = pane->state;

    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_CACHE)) != 0) {
        textview_clear(card->page.text);
    }
}

static enum reaction act_card(struct pane *pane, const char *action, const char *argument)
{
    if (string_equal(action, "get")) {
        if (pane->workbench->product != NULL) {
            screen_runf(pane->screen, "get \"%s\"", pane->workbench->product);
        }
        return REACTION_DONE;
    }
    if (string_equal(action, "versions") && pane->workbench->product != NULL) {
        screen_open_dialog(pane->screen, "versions", pane->workbench->product);
        return REACTION_DONE;
    }
    if (string_equal(action, "check") && pane->workbench->product != NULL) {
        screen_open_dialog(pane->screen, "quality", pane->workbench->product);
        return REACTION_DONE;
    }
    if (string_equal(action, "raw") && pane->workbench->product != NULL) {
        screen_run_words(pane->screen, "raw", pane->workbench->product, NULL);
        return REACTION_DONE;
    }
    if (string_equal(action, "propose") && pane->workbench->product != NULL) {
        screen_run_words(pane->screen, "propose", pane->workbench->product, NULL);
        return REACTION_DONE;
    }
    if (string_equal(action, "request") && pane->workbench->product != NULL) {
        screen_open_dialog(pane->screen, "request", pane->workbench->product);
        return REACTION_DONE;
    }
    if (string_equal(action, "policies") && pane->workbench->product != NULL) {
        screen_open_dialog(pane->screen, "governance", pane->workbench->product);
        return REACTION_DONE;
    }
    if (string_equal(action, "lineage") && pane->workbench->product != NULL) {
        screen_open_dialog(pane->screen, "lineage", pane->workbench->product);
        return REACTION_DONE;
    }
    if (string_equal(action, "agreements") && pane->workbench->product != NULL) {
        screen_open_dialog(pane->screen, "agreements", pane->workbench->product);
        return REACTION_DONE;
    }
    return page_action(pane, action, argument);
}

const struct pane_kind pane_kind_card = {
    .name = "card",
    .hints = "a get  A ask  v versions  / search",
    .open = open_card,
    .close = close_card,
    .title = page_title,
    .draw = draw_card,
    .action = act_card,
    .changed = follow_card,
    .mouse = page_mouse,
};
