/* plain_private: the state of the dialogue, shared by its files: plain.c lines and calls,
 * plain_print.c answers, plain_ask.c what is asked before something runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PLAIN_PRIVATE_H
#define MWB_TUI_PLAIN_PRIVATE_H

#include "engine/command.h"
#include "tui/completion.h"
#include "tui/lineedit_prompt.h"
#include "tui/plain.h"

enum shape { SHAPE_AUTO, SHAPE_TABLE, SHAPE_RECORD };
enum question { QUESTION_NONE, QUESTION_PURPOSE, QUESTION_YES, QUESTION_PARAMETERS };

struct plain {
    struct workbench *workbench;
    struct prompt_reader *reader;
    struct complete *completion;
    struct command_call *call; /* that runs; NULL: none */
    struct text statement;     /* lines typed so far */
    enum shape shape;
    unsigned long printed; /* serial of the result that was printed last */
    long long next_row;    /* of it, for `more` */
    double news_at;        /* seconds of a call until it is told that it runs */
    int timer;
    enum question question;
    char *line_again; /* that runs once it is answered */
    char *names;      /* of parameters that wait for a value, a blank between */
    int sync_fd;      /* -1: none */
    int status;
    bool is_over, wants_quit;
    bool was_warned; /* that leaving rolls a transaction back */
};

/* plain.c */
void plain_run_line(struct plain *plain, const char *line);

/* plain_print.c */
void print_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void plain_complain(struct plain *plain, const struct error *err);
void plain_print_reply(struct plain *plain, const struct command_call *call);
void plain_print_more(struct plain *plain);
void plain_go_back(struct plain *plain);

/* plain_ask.c: false: it is no question. The prompt of the question, and its answer. */
bool plain_take_question(struct plain *plain, const char *action);
char *plain_question_prompt(const struct plain *plain);
void plain_answer(struct plain *plain, const char *line);
void plain_give_up(struct plain *plain);

#endif
