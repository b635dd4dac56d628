/* Fuzzing of amend_text() and amend_diff(): a sign that chooses format and kind, then a
 * line with the place, one with the value, and the text. `make fuzz` builds it with
 * clang's libFuzzer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/amend.h"
#include "fuzz.h"

/* The next line, without its end; NULL: there is none. Yours. */
static char *take_line(const char **at, const char *end)
{
    const char *feed = memchr(*at, '\n', (size_t)(end - *at));
    if (feed == NULL) {
        return NULL;
    }
    char *line = string_copy_bytes(*at, (size_t)(feed - *at));
    *at = feed + 1;
    return line;
}

/* A single value, or an empty list or map: only those are replaced. */
static bool is_replaced(const char *json)
{
    struct document *value =
        document_parse(json, strlen(json), DOCUMENT_JSON, NULL, NULL);
    bool is = value != NULL && document_count(document_root(value)) == 0;
    document_free(value);
    return is;
}

/* Signs that end a line, or begin a file, for some readers of YAML. */
static size_t count_signs(const char *text)
{
    static const char *const signs[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                        "\xef\xbb\xbf"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        for (const char *at = text; (at = strstr(at, signs[i])) != NULL; at++) {
            count++;
        }
    }
    return count;
}

static void change(struct text *text, enum document_format format,
                   const struct amend_change *asked)
{
    struct error err = {0};
    struct text diff = {0}, again = {0};
    char *before = string_copy(text_string(text));
    bool done = amend_text(text, format, asked, &err);
    fuzz_must(done || err.message[0] != '\0', "every refusal says why");
    fuzz_must(done || strcmp(before, text_string(text)) == 0,
              "a refused change leaves the text");
    amend_diff("x", before, text_string(text), &diff);
    fuzz_must((diff.length > 0) == (strcmp(before, text_string(text)) != 0),
              "what changed makes a difference");
    fuzz_must(format != DOCUMENT_YAML ||
                  count_signs(text_string(text)) <= count_signs(before),
              "what readers of YAML take differently is escaped");
    if (done && asked->kind == AMEND_SET && is_replaced(asked->value)) {
        text_append(&again, text_string(text));
        fuzz_must(amend_text(&again, format, asked, NULL),
                  "what was set can be set again");
    }
    text_release(&again);
    text_release(&diff);
    free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double since = fuzz_clock();
    const char *at = (const char *)data + 1, *end = (const char *)data + size;
    char *path = size > 1 ? take_line(&at, end) : NULL;
    char *value = path != NULL ? take_line(&at, end) : NULL;
    if (value != NULL && memchr(at, '\0', (size_t)(end - at)) == NULL) {
        struct text text = {0};
        struct amend_change asked = {(data[0] & 1) != 0 ? AMEND_ADD : AMEND_SET, path,
                                     value};
        text_append_bytes(&text, at, (size_t)(end - at));
        change(&text, (data[0] & 2) != 0 ? DOCUMENT_JSON : DOCUMENT_YAML, &asked);
        text_release(&text);
        fuzz_must_be_quick(since);
    }
    free(value);
    free(path);
    return 0;
}
