/* pattern: PCRE2 with the rules of each kind as options.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_PATTERN = 16384,
    MOST_HEAP = 16384, /* KiB */
};

/* Not PCRE2_MATCH_INVALID_UTF: with it compiled code of 10.42 takes no sign beyond ASCII
 * for \S, \D and \W. */
static const struct {
    uint32_t options, extra, most_steps;
} kinds[] = {
    [PATTERN_PERL] = {PCRE2_UTF | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
                          PCRE2_NEVER_BACKSLASH_C,
                      0, 1000000},
    [PATTERN_ECMA] = {PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS |
                          PCRE2_MATCH_UNSET_BACKREF | PCRE2_DOLLAR_ENDONLY |
                          PCRE2_NEVER_BACKSLASH_C,
                      PCRE2_EXTRA_ALT_BSUX, 100000},
};

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

struct pattern *pattern_new(const char *expression, enum pattern_kind kind,
                            struct text *why)
{
    int error;
    size_t offset, length = strlen(expression);
    PCRE2_UCHAR message[160] = "it is too long";
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_max_pattern_length(context, MOST_PATTERN);
    pcre2_set_compile_extra_options(context, kinds[kind].extra);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression, length, kinds[kind].options,
                                     &error, &offset, context);
    pcre2_compile_context_free(context);
    if (code == NULL) {
        pcre2_get_error_message(error, message, sizeof message);
        text_printf(why, "the pattern %.200s cannot be followed at its sign %zu: %s",
                    expression, offset + 1, (const char *)message);
        return NULL;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
    struct pattern *own = memory_new(sizeof *own);
    own->code = code;
    own->data = pcre2_match_data_create(1, NULL);
    own->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(own->limits, kinds[kind].most_steps);
    pcre2_set_heap_limit(own->limits, MOST_HEAP);
    return own;
}

void pattern_free(struct pattern *pattern)
{
    if (pattern != NULL) {
        pcre2_match_context_free(pattern->limits);
        pcre2_match_data_free(pattern->data);
        pcre2_code_free(pattern->code);
        free(pattern);
    }
}

enum pattern_answer pattern_match(const struct pattern *pattern, const char *text,
                                  size_t length)
{
    int status = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0, pattern->data,
                             pattern->limits);
    bool is_stopped =
        status == PCRE2_ERROR_MATCHLIMIT || status == PCRE2_ERROR_HEAPLIMIT ||
        status == PCRE2_ERROR_DEPTHLIMIT || status == PCRE2_ERROR_JIT_STACKLIMIT ||
        status == PCRE2_ERROR_NOMEMORY;
    return status >= 0 ? PATTERN_YES : is_stopped ? PATTERN_ENDLESS : PATTERN_NO;
}
