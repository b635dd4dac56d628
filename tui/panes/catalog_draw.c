/* catalog_draw: drawing a line of the catalog pane.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_draw.h"

#include <string.h>
#include <strings.h>

/* ---- The tree ---- */

/* Text at the right edge; returns the columns left of it that remain. */
static int draw_right(struct view line, int room, enum role role, const char *text)
{
    int width = text != NULL ? safetext_width(text, strlen(text)) : 0;

    if (width == 0 || width + 8 > room) {
        return room;
    }
    view_field(line, room - width, 0, width, style_of(role), text, -1, true);
    return room - width - 1;
}

static void draw_domain(struct view line, const struct tree_line *one)
{
    char count[24];
    int room = draw_right(line, line.width, ROLE_DIM,
                          string_of_count((long long)one->count, count, sizeof count));

    view_sign(line, 0, 0, style_of(ROLE_DIM), one->is_open ? "▾" : "▸");
    view_field(line, 2, 0, room - 2, style_of(ROLE_DOMAIN), one->domain, -1, false);
}

/* The words that are searched, where the name has them. */
static void mark_words(struct view line, int x, const char *name, const char *searched)
{
    while (*searched != '\0') {
        size_t length = strcspn(searched, " ");
        for (const char *at = name; length > 0 && *at != '\0'; at++) {
            if (strncasecmp(at, searched, length) == 0) {
                view_restyle(line, x + safetext_width(name, (size_t)(at - name)), 0,
                             safetext_width(at, length), style_of(ROLE_MATCH));
            }
        }
        searched += length + strspn(searched + length, " ");
    }
}

/* Why it was found says more than its domain, where there is no room for both. */
static const char *right_of_product(const struct tree_line *one, int room, bool found)
{
    const struct catalog_entry *entry = one->entry;
    int needed;

    if (!found || entry->why == NULL || entry->domain == NULL) {
        return found ? entry->domain : entry->version;
    }
    needed = safetext_width(entry->name, strlen(entry->name)) +
             safetext_width(entry->why, strlen(entry->why)) +
             safetext_width(entry->domain, strlen(entry->domain)) + 6;
    return needed <= room ? entry->domain : NULL;
}

/* Only what is amiss: a word at every product would say nothing. */
static const char *word_of_freshness(const struct catalog_tree *tree,
                                     const struct tree_line *one)
{
    const char *freshness = tree_freshness(tree, one);
    bool is_well = string_equal(freshness, "fresh") || string_equal(freshness, "unknown");

    return is_well ? NULL : freshness;
}

static const char *quality_of(const struct catalog_tree *tree,
                              const struct tree_line *one)
{
    const struct catalog *catalog = tree->workbench->catalog;

    return catalog != NULL ? catalog_quality(catalog, one->entry->id) : "unknown";
}

/* The same of checks. */
static const char *word_of_quality(const struct catalog_tree *tree,
                                   const struct tree_line *one)
{
    const char *quality = quality_of(tree, one);
    bool is_amiss = string_equal(quality, "failed") || string_equal(quality, "error");

    return is_amiss ? quality : NULL;
}

static void draw_marks(struct view line, int x, const struct tree_line *one)
{
    view_sign(line, x, 0, style_of(one->is_here ? ROLE_MESSAGE : ROLE_DIM),
              one->is_here ? "●" : "○");
    if (one->is_marked) {
        view_sign(line, x + 1, 0, style_of(ROLE_KEY), "+");
    }
}

static void draw_product(struct view line, const struct catalog_tree *tree,
                         const struct tree_line *one)
{
    const char *searched = tree->searched;
    bool found = searched != NULL;
    const struct catalog_entry *entry = one->entry;
    int room =
        draw_right(line, line.width, ROLE_DIM, right_of_product(one, line.width, found));
    int used;

    room = draw_right(line, room, ROLE_WARNING, word_of_freshness(tree, one));
    room = draw_right(line, room, ROLE_ERROR, word_of_quality(tree, one));
    view_sign(line, 0, 0, style_of(ROLE_DIM), one->is_open ? "▾" : "▸");
    draw_marks(line, 2, one);
    used = safetext_width_limited(entry->name, strlen(entry->name), room - 4);
    view_field(line, 4, 0, used < room - 4 ? used : room - 4, style_of(ROLE_PRODUCT),
               entry->name, -1, false);
    if (found) {
        mark_words(view_inside(line, 0, 0, room, 1), 4, entry->name, searched);
    }
    if (found && entry->why != NULL && used + 8 < room) {
        view_field(line, 5 + used, 0, room - 5 - used, style_of(ROLE_DIM), entry->why, -1,
                   false);
    }
}

static void draw_table(struct view line, const struct tree_line *one)
{
    long long rows = one->product->rows[one->table];
    char count[32];
    int room = rows >= 0 ? draw_right(line, line.width, ROLE_NUMBER,
                                      string_of_count(rows, count, sizeof count))
                         : line.width;

    if (tree_mask(one) != NULL) {
        room = draw_right(line, room, ROLE_WARNING, tree_mask(one));
    }
    view_sign(line, 0, 0, style_of(ROLE_DIM), one->is_open ? "▾" : "▸");
    view_field(line, 2, 0, room - 2, style_of(ROLE_TABLE), tree_table(one)->sql_name, -1,
               false);
}

static bool is_private(const struct catalog_column *column)
{
    const char *class = column->classification;

    return class != NULL && *class != '\0' && !string_equal_fold(class, "public") &&
           !string_equal_fold(class, "internal");
}

static void draw_column(struct view line, const struct tree_line *one)
{
    const struct catalog_column *column = tree_column(one);
    int room = line.width, used;

    if (tree_mask(one) != NULL) {
        room = draw_right(line, room, ROLE_WARNING, tree_mask(one));
    }
    if (is_private(column)) {
        room = draw_right(line, room, ROLE_PRIVATE, column->classification);
    }
    if (column->key_position > 0) {
        room = draw_right(line, room, ROLE_KEY, "key");
    }
    used = safetext_width_limited(column->name, strlen(column->name), room - 2);
    used = used < room - 2 ? used : room - 2;
    view_field(line, 2, 0, used,
               style_of(is_private(column) ? ROLE_PRIVATE : ROLE_COLUMN), column->name,
               -1, false);
    if (column->type != NULL) {
        view_field(line, 3 + used, 0, room - 3 - used, style_of(ROLE_DIM), column->type,
                   -1, false);
    }
}

void catalog_draw_line(struct view line, const struct catalog_tree *tree,
                       const struct tree_line *one)
{
    struct view inner =
        view_inside(line, 1 + 2 * one->depth, 0, line.width - 2 - 2 * one->depth, 1);

    switch (one->kind) {
    case TREE_DOMAIN:
        draw_domain(inner, one);
        break;
    case TREE_PRODUCT:
        draw_product(inner, tree, one);
        break;
    case TREE_TABLE:
        draw_table(inner, one);
        break;
    case TREE_COLUMN:
        draw_column(inner, one);
        break;
    }
}

/* ---- The list ---- */

static const char *text_of_id(const struct catalog_tree *tree,
                              const struct tree_line *one, struct text *out)
{
    (void)tree;
    (void)out;
    return one->entry->id;
}

static const char *text_of_why(const struct catalog_tree *tree,
                               const struct tree_line *one, struct text *out)
{
    (void)tree;
    (void)out;
    return one->entry->why;
}

static const char *text_of_status(const struct catalog_tree *tree,
                                  const struct tree_line *one, struct text *out)
{
    (void)tree;
    (void)out;
    return one->entry->status;
}

static const char *text_of_version(const struct catalog_tree *tree,
                                   const struct tree_line *one, struct text *out)
{
    (void)tree;
    (void)out;
    return one->entry->version;
}

static const char *text_of_owner(const struct catalog_tree *tree,
                                 const struct tree_line *one, struct text *out)
{
    (void)tree;
    (void)out;
    return one->entry->owner;
}

static const char *text_of_class(const struct catalog_tree *tree,
                                 const struct tree_line *one, struct text *out)
{
    (void)tree;
    (void)out;
    return one->entry->domain_class;
}

static const char *text_of_freshness(const struct catalog_tree *tree,
                                     const struct tree_line *one, struct text *out)
{
    const char *freshness = tree_freshness(tree, one);

    (void)out;
    return string_equal(freshness, "unknown") ? "" : freshness;
}

/* How the last check ended; before there was one, how much could be checked. */
static const char *text_of_quality(const struct catalog_tree *tree,
                                   const struct tree_line *one, struct text *out)
{
    const struct catalog_terms *terms = tree_terms(tree, one);
    const char *quality = quality_of(tree, one);

    if (!string_equal(quality, "unknown")) {
        return quality;
    }
    if (terms != NULL && terms->rules > 0) {
        text_append_count(out, terms->rules, "rule");
    }
    return text_string(out);
}

static const char *text_of_contract(const struct catalog_tree *tree,
                                    const struct tree_line *one, struct text *out)
{
    const struct catalog_terms *terms = tree_terms(tree, one);

    if (terms != NULL && terms->contract != NULL) {
        text_printf(out, "%s %s", terms->contract, terms->version);
        if (terms->contracts > 1) {
            text_printf(out, " +%zu", terms->contracts - 1);
        }
    }
    return text_string(out);
}

static enum role role_of_status(const char *text)
{
    bool is_past = string_equal(text, "deprecated") || string_equal(text, "retired");

    return string_equal(text, "active") ? ROLE_MESSAGE
           : is_past                    ? ROLE_WARNING
                                        : ROLE_TEXT;
}

static enum role role_of_freshness(const char *text)
{
    return string_equal(text, "fresh") ? ROLE_MESSAGE : ROLE_WARNING;
}

static enum role role_of_quality(const char *text)
{
    bool is_bad = string_equal(text, "failed") || string_equal(text, "error");

    return is_bad                          ? ROLE_ERROR
           : string_equal(text, "warning") ? ROLE_WARNING
           : string_equal(text, "passed")  ? ROLE_MESSAGE
                                           : ROLE_DIM;
}

struct list_column {
    const char *title;
    int width; /* at least; the first two share what is left */
    bool is_of_search;
    const char *(*text)(const struct catalog_tree *tree, const struct tree_line *one,
                        struct text *out);
    enum role role;
    enum role (*role_of)(const char *text);
};

/* In the order of their weight: those that find no room are left out. */
static const struct list_column list_columns[] = {
    {"product", 28, false, text_of_id, ROLE_PRODUCT, NULL},
    {"matched", 20, true, text_of_why, ROLE_DIM, NULL},
    {"status", 10, false, text_of_status, ROLE_TEXT, role_of_status},
    {"version", 8, false, text_of_version, ROLE_DIM, NULL},
    {"fresh", 6, false, text_of_freshness, ROLE_TEXT, role_of_freshness},
    {"owner", 18, false, text_of_owner, ROLE_TEXT, NULL},
    {"class", 9, false, text_of_class, ROLE_DIM, NULL},
    {"quality", 8, false, text_of_quality, ROLE_DIM, role_of_quality},
    {"contract", 30, false, text_of_contract, ROLE_DIM, NULL},
};
enum { LIST_COLUMNS = sizeof list_columns / sizeof *list_columns, MARK_WIDTH = 2 };

/* Widths of the columns, 0 for those left out. */
static void share_width(int room, bool has_words, int widths[LIST_COLUMNS])
{
    int left = room - MARK_WIDTH;

    for (int i = 0; i < LIST_COLUMNS; i++) {
        const struct list_column *column = &list_columns[i];
        bool wanted = !column->is_of_search || has_words;
        widths[i] = wanted && left > column->width ? column->width : 0;
        left -= widths[i] > 0 ? widths[i] + 1 : 0;
    }
    if (left > 0) {
        widths[0] += has_words ? left / 2 : left > 24 ? 24 : left;
        widths[1] += has_words && widths[1] > 0 ? left - left / 2 : 0;
    }
}

void catalog_draw_header(struct view line, bool has_words)
{
    int widths[LIST_COLUMNS], x = MARK_WIDTH;

    share_width(line.width, has_words, widths);
    for (int i = 0; i < LIST_COLUMNS; i++) {
        if (widths[i] > 0) {
            view_field(line, x, 0, widths[i], style_of(ROLE_HEADER),
                       list_columns[i].title, -1, false);
            x += widths[i] + 1;
        }
    }
}

void catalog_draw_row(struct view line, const struct catalog_tree *tree,
                      const struct tree_line *one)
{
    int widths[LIST_COLUMNS], x = MARK_WIDTH;

    share_width(line.width, tree->has_words, widths);
    draw_marks(line, 0, one);
    for (int i = 0; i < LIST_COLUMNS; i++) {
        const struct list_column *column = &list_columns[i];
        struct text buffer = {0};
        const char *text = widths[i] > 0 ? column->text(tree, one, &buffer) : NULL;
        if (text != NULL) {
            enum role role =
                column->role_of != NULL ? column->role_of(text) : column->role;
            view_field(line, x, 0, widths[i], style_of(role), text, -1, false);
        }
        if (i == 0 && text != NULL && tree->searched != NULL) {
            mark_words(view_inside(line, x, 0, widths[0], 1), 0, text, tree->searched);
        }
        x += widths[i] > 0 ? widths[i] + 1 : 0;
        text_release(&buffer);
    }
}

/* ---- Around the lines ---- */

int catalog_draw_filter(struct view view, const char *searched)
{
    if (searched == NULL) {
        return 0;
    }
    view_text(view, 1, 0, style_of(ROLE_KEY), "/", 1);
    view_field(view, 2, 0, view.width - 3, style_of(ROLE_MATCH), searched, -1, false);
    return 1;
}

int catalog_draw_findings(struct view view, size_t findings, size_t unread)
{
    struct text line = {0};

    if (findings == 0 || view.height < 4) {
        return 0;
    }
    if (unread > 0) {
        text_append_count(&line, (long long)unread, "file");
        text_append(&line, " not read: ! lists them");
    } else {
        text_append_count(&line, (long long)findings, "finding");
        text_append(&line, ": ! lists them");
    }
    view_field(view, 1, view.height - 1, view.width - 2,
               style_of(unread > 0 ? ROLE_ERROR : ROLE_WARNING), text_string(&line), -1,
               false);
    text_release(&line);
    return 1;
}
