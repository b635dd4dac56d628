/* raw: a file of the mesh as it is written, with line numbers and its findings. The
 * argument is "LINE PATH".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/panes/descriptor.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum {
    FILE_MOST = 64 << 20,  /* larger files are told, not shown */
    FINDINGS_MOST = 10000, /* of one file */
    LINE_MOST = 1 << 16,   /* bytes of a line that are coloured */
    SIDE_STEP = 8,
    DETAIL_ROWS = 4,
};

struct raw {
    char *path;
    struct catalog_file file;
    struct array starts;   /* of size_t: where each line begins; one more at the end */
    struct array findings; /* of struct finding, by line */
    struct list list;
    int left; /* columns that are scrolled away */
    struct text searched;
    struct error error; /* why it cannot be shown */
    bool is_read;
};

static void *open_raw(struct screen *screen, const char *argument)
{
    struct raw *raw = memory_new(sizeof *raw);
    char *path = NULL;
    long line = argument != NULL ? strtol(argument, &path, 10) : 1;

    (void)screen;
    raw->path = string_copy(path != NULL ? path + strspn(path, " ") : "");
    raw->starts = (struct array)ARRAY_OF(size_t);
    raw->findings = (struct array)ARRAY_OF(struct finding);
    raw->list.selected = line > 0 ? (int)line - 1 : 0;
    raw->list.top = raw->list.selected > 8 ? raw->list.selected - 8 : 0;
    return raw;
}

static void close_raw(struct pane *pane)
{
    struct raw *raw = pane->state;

    catalog_file_release(&raw->file);
    array_release(&raw->starts);
    findings_release(&raw->findings);
    text_release(&raw->searched);
    free(raw->path);
    free(raw);
}

/* ---- Reading ---- */

static void find_lines(struct raw *raw)
{
    const char *bytes = raw->file.bytes;
    size_t length = raw->file.length;

    array_clear(&raw->starts);
    *(size_t *)array_push(&raw->starts) = 0;
    for (size_t at = 0; at < length; at++) {
        const char *end = memchr(bytes + at, '\n', length - at);
        if (end == NULL || (size_t)(end - bytes) + 1 == length) {
            break;
        }
        at = (size_t)(end - bytes);
        *(size_t *)array_push(&raw->starts) = at + 1;
    }
    *(size_t *)array_push(&raw->starts) = length;
}

static void read_raw(struct pane *pane)
{
    struct raw *raw = pane->state;
    const struct catalog *catalog = pane->workbench->catalog;
    struct catalog_finding_filter filter = {.path = raw->path, .limit = FINDINGS_MOST};
    struct catalog_finding_page page;

    raw->is_read = true;
    raw->error = (struct error){0};
    catalog_file_release(&raw->file);
    findings_release(&raw->findings);
    raw->findings = (struct array)ARRAY_OF(struct finding);
    if (catalog == NULL) {
        error_set(&raw->error, ERROR_FAILED, "no mesh is open");
    } else if (catalog_file_text(catalog, raw->path, FILE_MOST, &raw->file,
                                 &raw->error)) {
        catalog_findings(catalog, &filter, &page);
        raw->findings = page.findings;
    }
    find_lines(raw);
    list_set_count(&raw->list, (int)raw->starts.count - 1);
}

static const char *line_at(const struct raw *raw, int index, size_t *length)
{
    size_t start = *(const size_t *)array_at(&raw->starts, (size_t)index);
    size_t end = *(const size_t *)array_at(&raw->starts, (size_t)index + 1);
    const char *bytes = raw->file.bytes != NULL ? raw->file.bytes : "";

    while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
        end--;
    }
    *length = end - start;
    return bytes + start;
}

/* The first of this line, or NULL: they come in order. */
static const struct finding *finding_on(const struct raw *raw, int line)
{
    size_t low = 0, high = raw->findings.count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct finding *one = array_at(&raw->findings, middle);
        if (one->line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct finding *found = array_at(&raw->findings, low);
    return found != NULL && found->line == line ? found : NULL;
}

/* ---- Drawing ---- */

static void title_raw(struct pane *pane, struct text *left, struct text *right)
{
    const struct raw *raw = pane->state;

    if (!raw->is_read) {
        read_raw(pane);
    }
    text_append(left, raw->path);
    if (raw->findings.count > 0) {
        text_append_count(right, (long long)raw->findings.count, "finding");
        text_append(right, "  ");
    }
    text_printf(right, "line %d of %d", raw->list.selected + 1, raw->list.count);
}

static void draw_matches(const struct raw *raw, struct view line, const char *bytes,
                         size_t length)
{
    size_t wanted = raw->searched.length;

    for (size_t at = 0; wanted > 0 && at + wanted <= length && at < LINE_MOST; at++) {
        if (strncasecmp(bytes + at, raw->searched.data, wanted) == 0) {
            view_restyle(line, safetext_width(bytes, at) - raw->left, 0,
                         safetext_width(bytes + at, wanted), style_of(ROLE_MATCH));
        }
    }
}

static void draw_line(const struct raw *raw, struct view view, int index, int number)
{
    size_t length;
    const char *bytes = line_at(raw, index, &length);
    const struct finding *finding = finding_on(raw, index + 1);
    struct view rest = view_inside(view, number + 3, 0, view.width - number - 3, 1);
    struct descriptor_line line = {
        .bytes = bytes,
        .length = length < LINE_MOST ? length : LINE_MOST,
        .language = descriptor_language_of(raw->path),
        .left = raw->left,
    };

    view_printf(view, 0, 0, style_of(ROLE_DIM), "%*d", number, index + 1);
    if (finding != NULL) {
        enum role role = finding->is_error ? ROLE_ERROR : ROLE_WARNING;
        view_restyle(view, 0, 0, number, style_of(role));
        view_sign(view, number + 1, 0, style_of(role), finding->is_error ? "✗" : "!");
    }
    descriptor_draw(rest, 0, 0, &line);
    draw_matches(raw, rest, bytes, length);
}

/* What is wrong with the line of the cursor. */
static void draw_details(const struct raw *raw, struct view view)
{
    const struct finding *finding = finding_on(raw, raw->list.selected + 1);
    struct textview *text = textview_new();

    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    for (; finding != NULL && finding->line == raw->list.selected + 1; finding++) {
        textview_line(text, finding->is_error ? ROLE_ERROR : ROLE_WARNING,
                      finding->sentence);
        textview_more(text, ROLE_DIM, "  [");
        textview_more(text, ROLE_DIM, finding->rule);
        textview_more(text, ROLE_DIM, "]");
        if (finding->fix != NULL) {
            textview_line(text, ROLE_MESSAGE, finding->fix);
        }
        if (finding == array_at(&raw->findings, raw->findings.count - 1)) {
            break;
        }
    }
    textview_draw(text, view_inside(view, 0, 1, view.width, view.height - 1));
    textview_free(text);
}

static void draw_raw(struct pane *pane, struct view view, bool focused)
{
    struct raw *raw = pane->state;
    char digits[16];
    int number, height;

    if (!raw->is_read) {
        read_raw(pane);
    }
    if (raw->error.kind != ERROR_NONE) {
        textview_paragraph(view, ROLE_ERROR, raw->error.message);
        return;
    }
    number = snprintf(digits, sizeof digits, "%d", raw->list.count);
    height = view.height - (raw->findings.count > 0 ? DETAIL_ROWS + 1 : 0);
    list_show(&raw->list, height);
    for (int y = 0; y < height && raw->list.top + y < raw->list.count; y++) {
        int index = raw->list.top + y;
        struct view line = view_inside(view, 0, y, view.width - 1, 1);
        draw_line(raw, line, index, number);
        if (index == raw->list.selected) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view_inside(view, 0, 0, view.width, height), raw->list.top, height,
                  raw->list.count);
    if (raw->findings.count > 0) {
        draw_details(raw, view_inside(view, 0, height, view.width, DETAIL_ROWS + 1));
    }
}

/* ---- Going on ---- */

static bool line_matches(const struct raw *raw, int index)
{
    size_t length, wanted = raw->searched.length;
    const char *bytes = line_at(raw, index, &length);

    if (wanted == 0) {
        return finding_on(raw, index + 1) != NULL;
    }
    for (size_t at = 0; at + wanted <= length; at++) {
        if (strncasecmp(bytes + at, raw->searched.data, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* To the next match, or finding when nothing is searched; around the end. */
static bool go_on(struct raw *raw, int from, int direction)
{
    int count = raw->list.count;

    for (int step = 0; step < count; step++) {
        int index = ((from + direction * step) % count + count) % count;
        if (line_matches(raw, index)) {
            list_select(&raw->list, index);
            return true;
        }
    }
    return false;
}

static void step_on(struct pane *pane, int direction)
{
    struct raw *raw = pane->state;

    if (!go_on(raw, raw->list.selected + direction, direction)) {
        screen_message(pane->screen, ROLE_DIM,
                       raw->searched.length > 0 ? "It does not occur here."
                                                : "There is no finding in this file.");
    }
}

static void search_changed(struct pane *pane, const char *line)
{
    struct raw *raw = pane->state;

    text_clear(&raw->searched);
    text_append(&raw->searched, line != NULL ? line : "");
    if (raw->searched.length > 0) {
        go_on(raw, raw->list.selected, 1);
    }
    screen_dirty(pane->screen);
}

static void search_done(struct pane *pane, const char *line)
{
    if (line == NULL) {
        search_changed(pane, "");
    }
}

/* ---- Actions ---- */

static void scroll_left(struct pane *pane)
{
    struct raw *raw = pane->state;

    raw->left = raw->left > SIDE_STEP ? raw->left - SIDE_STEP : 0;
}

static void scroll_right(struct pane *pane)
{
    struct raw *raw = pane->state;

    raw->left += raw->left < LINE_MOST ? SIDE_STEP : 0;
}

static void scroll_home(struct pane *pane)
{
    struct raw *raw = pane->state;

    raw->left = 0;
}

static void find_next(struct pane *pane)
{
    step_on(pane, 1);
}

static void find_previous(struct pane *pane)
{
    step_on(pane, -1);
}

static void search(struct pane *pane)
{
    screen_ask_live(pane->screen, "/", "", search_changed, search_done, pane);
}

static void edit(struct pane *pane)
{
    struct raw *raw = pane->state;

    if (descriptor_edit(pane, raw->path, raw->list.selected + 1)) {
        raw->is_read = false;
    }
}

struct action_row {
    const char *name;
    void (*act)(struct pane *pane);
};

static const struct action_row actions[] = {
    {"left", scroll_left},
    {"right", scroll_right},
    {"search-next", find_next},
    {"search-previous", find_previous},
    {"search", search},
    {"edit", edit},
    {"first-column", scroll_home},
    {NULL, NULL},
};

static enum reaction act_raw(struct pane *pane, const char *action, const char *argument)
{
    struct raw *raw = pane->state;

    (void)argument;
    if (!raw->is_read) {
        read_raw(pane);
    }
    if (list_act(&raw->list, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "clear") && raw->searched.length > 0) {
        search_changed(pane, "");
        return REACTION_DONE;
    }
    for (const struct action_row *row = actions; row->name != NULL; row++) {
        if (string_equal(row->name, action)) {
            row->act(pane);
            return REACTION_DONE;
        }
    }
    return REACTION_UNKNOWN;
}

static void mouse_raw(struct pane *pane, int x, int y, int button)
{
    struct raw *raw = pane->state;

    (void)x;
    if (button >= 4) {
        list_act(&raw->list, button == 4 ? "up" : "down");
    } else {
        list_select(&raw->list, raw->list.top + y);
    }
}

static void follow_raw(struct pane *pane, unsigned changes)
{
    struct raw *raw = pane->state;

    if ((changes & WORKBENCH_CATALOG) != 0) {
        raw->is_read = false;
    }
}

const struct pane_kind pane_kind_raw = {
    .name = "raw",
    .hints = "n next finding  e edit  / search",
    .is_dialog = true,
    .is_full = true,
    .open = open_raw,
    .close = close_raw,
    .title = title_raw,
    .draw = draw_raw,
    .action = act_raw,
    .mouse = mouse_raw,
    .changed = follow_raw,
};
