/* fuzz_formatter: any bytes laid out. What comes back must be the same SQL but for blanks
 * and the case of keywords, must stay as it is when it is laid out again, and must not be
 * much longer than its text; broken text is refused with a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/formatter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line of 40 columns for each token, and what stands on it. */
enum { MOST_A_BYTE = 48 };

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static size_t skip_blanks(const char *sql, size_t at)
{
    while (strchr(" \t\n\r\f", sql[at]) != NULL && sql[at] != '\0') {
        at++;
    }
    return at;
}

static void must_be_same_signs(const char *a, const char *b)
{
    size_t i = skip_blanks(a, 0), j = skip_blanks(b, 0);
    while (a[i] != '\0' && b[j] != '\0') {
        must(toupper((unsigned char)a[i]) == toupper((unsigned char)b[j]));
        i = skip_blanks(a, i + 1);
        j = skip_blanks(b, j + 1);
    }
    must(a[i] == '\0' && b[j] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *sql = string_copy_bytes((const char *)data, size);
    struct text once = {0}, twice = {0};
    struct error err = {0};
    bool has_mark = strstr(sql, "\xEF\xBB\xBF") != NULL; /* it counts as a blank */
    if (strlen(sql) == size && formatter_format(sql, size, 0, &once, &err)) {
        must(formatter_format(text_string(&once), once.length, 0, &twice, &err));
        must(string_equal(text_string(&once), text_string(&twice)));
        must(once.length <= 64 + size * MOST_A_BYTE);
        if (!has_mark) {
            must_be_same_signs(sql, text_string(&once));
            must(formatter_cursor(sql, size, text_string(&once)) <= once.length);
        }
    } else if (strlen(sql) == size) {
        must(once.length == 0 && err.message[0] != '\0');
        must(strstr(err.message, "would not be the same") == NULL);
    }
    formatter_indent(sql, size, size / 2);
    text_release(&once);
    text_release(&twice);
    free(sql);
    return 0;
}
