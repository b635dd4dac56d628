/* command: what could stand at the end of a `:` line: verbs, flags and their values,
 * products, tables, columns, settings, files, or SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/completions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/chart.h"
#include "engine/complete.h"
#include "engine/sql.h"

struct found {
    struct command_completion is;
    enum complete_fit fit;
    size_t order;
};

/* ---- Offering ---- */

/* Quoted only where the line's reader would take it for something else. */
static char *as_word(const char *word)
{
    if (strpbrk(word, " \t\"'") == NULL && *word != '\0') {
        return string_copy(word);
    }
    struct text quoted = {0};
    command_append_word(&quoted, word);
    char *copy = string_copy(quoted.length > 0 ? quoted.data + 1 : "");
    text_release(&quoted);
    return copy;
}

void line_offer(const struct line *line, const char *word, const char *detail)
{
    enum complete_fit fit = complete_match(line->typed, word, NULL);
    if (fit > COMPLETE_INITIALS && *line->typed != '\0') {
        return;
    }
    struct found *found = array_push(line->out);
    found->fit = fit == COMPLETE_EXACT ? COMPLETE_START : fit;
    found->order = line->out->count;
    found->is.text = as_word(word);
    found->is.detail = string_copy(detail);
}

/* "csv|tsv|json" and "[new|next|close]": the words, when they are all small letters. */
static void offer_alternatives(const struct line *line, const char *list)
{
    static const char between[] = "|[] ";
    if (strchr(list, '|') == NULL) {
        return;
    }
    while (*list != '\0') {
        size_t length = strcspn(list, between), small = 0;
        while (small < length && (islower((unsigned char)list[small]) ||
                                  list[small] == '-' || list[small] == '_')) {
            small++;
        }
        if (length > 1 && small == length && list[0] != '-') {
            char *word = string_copy_bytes(list, length);
            line_offer(line, word, NULL);
            free(word);
        }
        list += length + (list[length] != '\0');
    }
}

/* ---- Settings ---- */

static void offer_settings(const struct line *line)
{
    size_t count;
    const struct option_row *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const char *value = options_get(line->workbench->options, rows[i].name);
        char *detail = string_printf(
            "%s\t%s", value != NULL && *value ? value : "not set", rows[i].sentence);
        line_offer(line, rows[i].name, detail);
        free(detail);
    }
}

static void offer_setting_values(const struct line *line, const char *name)
{
    size_t count;
    const struct option_row *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (!string_equal(rows[i].name, name)) {
            continue;
        }
        struct array words = ARRAY_OF(char *);
        words_split_blanks(rows[i].type == OPTION_FLAG     ? "on off"
                           : rows[i].type == OPTION_CHOICE ? rows[i].choices
                                                           : "",
                           &words);
        for (size_t k = 0; k < words.count; k++) {
            line_offer(line, *(char **)array_at(&words, k), NULL);
        }
        words_release(&words);
    }
}

static void offer_charts(const struct line *line)
{
    size_t count;
    const struct chart_kind_row *kinds = chart_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        line_offer(line, kinds[i].name, NULL);
    }
}

/* ---- Flags ---- */

static void offer_flags_of(const struct line *line, const struct command_flag *flags)
{
    for (const struct command_flag *f = flags; f != NULL && f->name != NULL; f++) {
        char *detail = f->argument != NULL
                           ? string_printf("%s\t%s", f->argument, f->sentence)
                           : string_printf("\t%s", f->sentence);
        line_offer(line, f->name, detail);
        free(detail);
    }
}

static const struct command_flag *flag_named(const struct command_flag *flags,
                                             const char *name)
{
    for (const struct command_flag *f = flags; f != NULL && f->name != NULL; f++) {
        if (string_equal(f->name, name)) {
            return f;
        }
    }
    return NULL;
}

/* What an argument is called tells what it is. */
static void offer_called(const struct line *line, const char *called)
{
    if (strstr(called, "FILE") != NULL || strstr(called, "PATH") != NULL ||
        strstr(called, "DIR") != NULL || strstr(called, "MESH") != NULL) {
        line_files(line);
    }
    if (strstr(called, "ROLE") != NULL) {
        line_roles(line);
    }
    offer_alternatives(line, called);
}

/* The value of a flag is being typed; false: it is not. */
static bool offer_flag_value(const struct line *line)
{
    size_t count = line->words.count;
    const char *before = *(char **)array_at(&line->words, count - 2);
    const struct command_flag *flag = flag_named(line->row->flags, before);
    flag = flag != NULL ? flag : flag_named(command_common_flags(), before);
    if (count < 3 || flag == NULL || flag->argument == NULL) {
        return false;
    }
    if (strstr(flag->argument, "PRODUCT") != NULL) {
        line_products(line);
    }
    if (string_starts(flag->argument, "COLUMN")) {
        line_columns(line);
    }
    offer_called(line, flag->argument);
    return true;
}

/* ---- Arguments ---- */

/* Which of the words that are no flags is being typed, from 1; the one before it. */
static size_t position_of(const struct line *line, const char **before)
{
    size_t position = 0;
    *before = "";
    for (size_t i = 1; i < line->words.count; i++) {
        const char *word = *(char **)array_at(&line->words, i);
        bool last = i + 1 == line->words.count;
        if (word[0] == '-' && word[1] != '\0' && !last) {
            i += command_flag_takes_value(line->row->flags, word) ? 1 : 0;
            continue;
        }
        position++;
        *before = last ? *before : word;
    }
    return position;
}

static bool row_is(const struct line *line, const char *name)
{
    return string_equal(line->row->name, name);
}

static void offer_arguments(const struct line *line)
{
    const char *before, *arguments = line->row->arguments;
    size_t position = position_of(line, &before);
    if (row_is(line, "set")) {
        if (position > 1) {
            offer_setting_values(line, before);
        } else {
            offer_settings(line);
        }
    } else if (row_is(line, "column") && position > 1) {
        const char *product = *(char **)array_at(&line->words, 1);
        line_parts(line, product, position > 2 ? before : NULL, "");
    } else if (strstr(arguments, "PRODUCT") != NULL) {
        line_products(line);
        line_dotted(line);
    }
    if (row_is(line, "chart")) {
        offer_charts(line);
    } else if (row_is(line, "saved") || row_is(line, "save")) {
        line_saved(line);
    } else if (string_equal(arguments, "ID")) {
        line_agreements(line);
    } else if (row_is(line, "role")) {
        line_roles(line);
    } else if (row_is(line, "help")) {
        size_t count;
        const struct command_row *rows = command_rows(&count);
        for (size_t i = 0; i < count; i++) {
            line_offer(line, rows[i].name, rows[i].sentence);
        }
    }
    line_of_rows(line, position);
    offer_called(line, arguments);
}

static void offer_names(const struct line *line, const char *names, const char *sentence)
{
    struct array words = ARRAY_OF(char *);
    words_split_blanks(names != NULL ? names : "", &words);
    for (size_t i = 0; i < words.count; i++) {
        line_offer(line, *(char **)array_at(&words, i), sentence);
    }
    words_release(&words);
}

/* Behind `\\` or a dot, what psql and sqlite3 call things. */
static void offer_verbs(const struct line *line)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    bool other = line->typed[0] == '\\' || line->typed[0] == '.';
    for (size_t i = 0; i < count; i++) {
        if ((rows[i].needs & COMMAND_HIDDEN) == 0) {
            offer_names(line, other ? rows[i].alias : rows[i].name, rows[i].sentence);
        }
    }
    const struct command_other *others = command_others(&count);
    for (size_t i = 0; other && i < count; i++) {
        offer_names(line, others[i].names, others[i].sentence);
    }
}

/* ---- SQL ---- */

static bool starts_sql(const char *text)
{
    return words_start_sql(text) && strchr(text, ' ') != NULL;
}

/* Where SQL begins in the line; SIZE_MAX: nowhere. */
static size_t sql_start(const char *text)
{
    size_t length = strcspn(text, " ");
    char *first = string_copy_bytes(text, length);
    const struct command_row *row = command_named(first);
    size_t start = SIZE_MAX;
    if (row == NULL && starts_sql(text)) {
        start = 0;
    } else if (row != NULL && strstr(row->arguments, "SQL") != NULL) {
        size_t at = length + strspn(text + length, " ");
        at += text[at] == '"' || text[at] == '\'';
        start = starts_sql(text + at) ? at : SIZE_MAX;
    }
    free(first);
    return start;
}

static struct array complete_sql(struct workbench *workbench, const char *sql,
                                 size_t *word_start)
{
    struct array words = ARRAY_OF(struct command_completion);
    struct complete *complete = complete_new(workbench, NULL, NULL);
    struct complete_answer answer;
    complete_find(complete, sql, strlen(sql), &answer);
    *word_start = answer.word_start;
    for (size_t i = 0; i < answer.candidates.count; i++) {
        const struct complete_candidate *one = array_at(&answer.candidates, i);
        struct command_completion *word = array_push(&words);
        word->text = string_copy(one->text);
        word->detail = string_copy(one->detail);
    }
    complete_answer_release(&answer);
    complete_free(complete);
    return words;
}

/* ---- The line ---- */

/* Words as the line's reader has them: quotes keep blanks in one, the last may be open.
 */
static void read_line(struct line *line, const char *text)
{
    struct text word = {0};
    char quote = '\0';
    bool begun = false;
    for (const char *c = text; *c != '\0'; c++) {
        if (!begun && *c == ' ') {
            continue;
        }
        if (!begun) {
            begun = true;
            line->start = (size_t)(c - text);
        }
        if (quote == '\0' && (*c == '"' || *c == '\'')) {
            quote = *c;
        } else if (*c == quote) {
            quote = '\0';
        } else if (quote == '\0' && *c == ' ') {
            *(char **)array_push(&line->words) = string_copy(text_string(&word));
            text_clear(&word);
            begun = false;
        } else {
            text_append_char(&word, *c);
        }
    }
    line->start = begun ? line->start : strlen(text);
    *(char **)array_push(&line->words) = string_copy(text_string(&word));
    line->typed = *(char **)array_at(&line->words, line->words.count - 1);
    text_release(&word);
}

static int by_rank(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    return a->fit != b->fit ? (int)a->fit - (int)b->fit : a->order < b->order ? -1 : 1;
}

static struct array ranked(struct array *found)
{
    struct array words = ARRAY_OF(struct command_completion);
    if (found->count > 0) {
        qsort(found->items, found->count, sizeof(struct found), by_rank);
    }
    for (size_t i = 0; i < found->count; i++) {
        *(struct command_completion *)array_push(&words) =
            ((struct found *)array_at(found, i))->is;
    }
    array_release(found);
    return words;
}

struct array command_completions(struct workbench *workbench, const char *text,
                                 size_t *word_start)
{
    struct array found = ARRAY_OF(struct found);
    struct line line = {.workbench = workbench, .words = ARRAY_OF(char *), .out = &found};
    size_t sql = sql_start(text);
    if (sql != SIZE_MAX) {
        struct array words = complete_sql(workbench, text + sql, word_start);
        *word_start += sql;
        return words;
    }
    read_line(&line, text);
    *word_start = line.start;
    line.row =
        line.words.count > 1 ? command_named(*(char **)array_at(&line.words, 0)) : NULL;
    if (line.words.count == 1) {
        offer_verbs(&line);
    } else if (line.row != NULL && !offer_flag_value(&line)) {
        if (line.typed[0] != '-') {
            offer_arguments(&line);
        }
        offer_flags_of(&line, line.row->flags);
    }
    words_release(&line.words);
    return ranked(&found);
}

void command_completions_release(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        struct command_completion *word = array_at(words, i);
        free(word->text);
        free(word->detail);
    }
    array_release(words);
}
