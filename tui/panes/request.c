/* request: the form that asks for access to a product: what for, until when. The argument
 * is the product's id; the verb `request` writes the file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "engine/agreement.h"
#include "engine/command.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum { PURPOSE, UNTIL, PORT, TEAM, SEND, FIELDS, LABEL_COLUMN = 12, HEAD_MOST = 12 };

static const struct {
    const char *label, *flag, *question, *hint;
} fields[FIELDS] = {
    [PURPOSE] = {"purpose", "--purpose", "what for: ", "what for: has to be said"},
    [UNTIL] = {"until", "--until",
               "until when (a day such as 2027-03-31): ", "without an end"},
    [PORT] = {"port", "--port", "which output port: ", "all of it"},
    [TEAM] = {"team", "--team", "which team uses it: ", "the team you are in"},
    [SEND] = {"", NULL, NULL, "Write the request into the mesh"},
};

struct request {
    char *product;
    char *values[FIELDS];
    struct list list;
    struct textview *head; /* the product, and who answers */
};

/* ---- The head ---- */

static void describe(struct textview *text, const struct workbench *workbench,
                     const struct catalog_product *product)
{
    struct policy_verdict verdict;
    char *approvers = agreement_approvers_of(workbench->catalog, product->entry.id, NULL,
                                             workbench->role);

    policy_of_product(workbench->policy, product, &verdict);
    textview_field(text, LABEL_COLUMN, "product", ROLE_PRODUCT, product->entry.id);
    if (workbench->role != NULL) {
        textview_field(text, LABEL_COLUMN, "your role", ROLE_TEXT, workbench->role);
    }
    textview_field(text, LABEL_COLUMN, "access",
                   verdict.decision == POLICY_REFUSE ? ROLE_WARNING : ROLE_DIM,
                   verdict.reason);
    if (approvers != NULL) {
        textview_field(text, LABEL_COLUMN, "answered by", ROLE_TEXT, approvers);
    }
    policy_verdict_release(&verdict);
    free(approvers);
}

static void make_head(struct request *state, const struct workbench *workbench)
{
    struct catalog_product product;
    struct error err = {0};

    textview_clear(state->head);
    if (workbench->catalog == NULL) {
        textview_line(state->head, ROLE_DIM, "No mesh is open.");
    } else if (catalog_product(workbench->catalog, state->product, &product, &err)) {
        describe(state->head, workbench, &product);
        catalog_product_release(&product);
    } else {
        textview_line(state->head, ROLE_ERROR, err.message);
    }
    textview_line(state->head, ROLE_TEXT, NULL);
}

/* ---- The pane ---- */

static void *open_request(struct screen *screen, const char *argument)
{
    struct request *state = memory_new(sizeof *state);

    state->product = string_copy(argument != NULL ? argument : "");
    state->head = textview_new();
    make_head(state, screen_workbench(screen));
    list_set_count(&state->list, FIELDS);
    return state;
}

static void close_request(struct pane *pane)
{
    struct request *state = pane->state;

    for (int i = 0; i < FIELDS; i++) {
        free(state->values[i]);
    }
    textview_free(state->head);
    free(state->product);
    free(state);
}

static void title_request(struct pane *pane, struct text *left, struct text *right)
{
    const struct request *state = pane->state;

    (void)right;
    text_printf(left, "Ask for %s", state->product);
}

static int head_height(const struct request *state, int width)
{
    int rows = textview_rows(state->head, width);

    return rows < HEAD_MOST ? rows : HEAD_MOST;
}

static void draw_field(struct view line, const struct request *state, int field)
{
    const char *value = state->values[field];
    bool is_given = value != NULL && value[0] != '\0';
    enum role role = field == SEND ? ROLE_MESSAGE : is_given ? ROLE_TEXT : ROLE_DIM;

    view_field(line, 0, 0, LABEL_COLUMN - 1, style_of(ROLE_LABEL), fields[field].label,
               -1, false);
    view_field(line, LABEL_COLUMN, 0, line.width - LABEL_COLUMN, style_of(role),
               is_given ? value : fields[field].hint, -1, false);
}

static void draw_request(struct pane *pane, struct view view, bool focused)
{
    struct request *state = pane->state;
    int head = head_height(state, view.width);

    textview_draw(state->head, view_inside(view, 0, 0, view.width, head));
    list_show(&state->list, view.height - head);
    for (int y = 0; y < FIELDS && head + y < view.height; y++) {
        struct view line = view_inside(view, 0, head + y, view.width, 1);
        draw_field(line, state, y);
        if (y == state->list.selected) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
}

static int request_height(struct pane *pane, int width, int most)
{
    int rows = head_height(pane->state, width) + FIELDS;

    return rows < most ? rows : most;
}

/* ---- Actions ---- */

static void set_field(struct pane *pane, const char *line)
{
    struct request *state = pane->state;
    int field = state->list.selected;

    if (line != NULL) {
        free(state->values[field]);
        state->values[field] = string_copy(line);
        list_select(&state->list, line[0] == '\0' ? field
                                  : field == TEAM ? SEND
                                                  : field + 1);
        screen_dirty(pane->screen);
    }
}

static void send(struct pane *pane)
{
    const struct request *state = pane->state;
    struct screen *screen = pane->screen;
    struct text line = {0};

    if (state->values[PURPOSE] == NULL || state->values[PURPOSE][0] == '\0') {
        screen_message(screen, ROLE_WARNING,
                       "A request says what for: Enter on purpose.");
        return;
    }
    text_append(&line, "request");
    command_append_word(&line, state->product);
    for (int i = 0; i < SEND; i++) {
        if (state->values[i] != NULL && state->values[i][0] != '\0') {
            command_append_word(&line, fields[i].flag);
            command_append_word(&line, state->values[i]);
        }
    }
    screen_run(screen, text_string(&line));
    text_release(&line);
    screen_close_pane(screen, pane);
}

static enum reaction act_request(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct request *state = pane->state;
    int field = state->list.selected;
    bool is_open = string_equal(action, "open");

    (void)argument;
    if (list_act(&state->list, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "send") || (is_open && field == SEND)) {
        send(pane);
        return REACTION_DONE;
    }
    if (is_open) {
        screen_ask(pane->screen, fields[field].question,
                   state->values[field] != NULL ? state->values[field] : "", set_field,
                   pane);
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

static void mouse_request(struct pane *pane, int x, int y, int button)
{
    struct request *state = pane->state;
    int head = head_height(state, pane->width);

    (void)x;
    if (button < 4 && y >= head) {
        list_select(&state->list, y - head);
    }
}

static void follow_request(struct pane *pane, unsigned changes)
{
    if ((changes & WORKBENCH_CATALOG) != 0) {
        make_head(pane->state, pane->workbench);
    }
}

const struct pane_kind pane_kind_request = {
    .name = "request",
    .hints = "Enter change the line  s send",
    .is_dialog = true,
    .open = open_request,
    .close = close_request,
    .title = title_request,
    .draw = draw_request,
    .action = act_request,
    .mouse = mouse_request,
    .changed = follow_request,
    .wanted_height = request_height,
};
