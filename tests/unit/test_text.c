/* Unit tests of engine/text.h, engine/array.h and engine/error.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"
#include "tap.h"

static void texts_grow(void)
{
    struct text text = {0};
    is_text(text_string(&text), "", "an empty text is an empty string");
    text_append(&text, "a");
    text_append_bytes(&text, "b\0c", 3);
    is_int((long long)text.length, 4, "bytes may hold NUL");
    text_clear(&text);
    text_append_repeated(&text, 'x', 1000);
    text_printf(&text, "%d%s", 7, "!");
    is_int((long long)text.length, 1002, "printf appends");
    text_truncate(&text, 3);
    is_text(text_string(&text), "xxx", "truncate cuts");
    char *taken = text_take(&text);
    is_text(taken, "xxx", "take hands over");
    is_text(text_string(&text), "", "and leaves nothing");
    free(taken);
    text_release(&text);
}

static void strings_compare(void)
{
    const char *const names[] = {"orders", "customers", "shipments", NULL};
    is_text(string_nearest("order", names), "orders", "nearest: a letter missing");
    is_text(string_nearest("cutsomers", names), "customers", "nearest: letters swapped");
    ok(string_nearest("payments_x", names) == NULL, "nearest: nothing near");
    ok(string_contains_fold("Line Items", "items"), "contains folds case");
    ok(!string_contains_fold("abc", "abcd"), "a needle longer than the haystack");
    ok(string_ends("a.csv", ".csv") && !string_ends("csv", ".csv"), "ends");
}

static void figures_read_well(void)
{
    char b[32];
    is_text(string_of_count(48211, b, sizeof b), "48,211", "counts have commas");
    is_text(string_of_count(-1234567, b, sizeof b), "-1,234,567", "also below zero");
    is_text(string_of_count(-123, b, sizeof b), "-123", "no comma after the sign");
    is_text(string_of_bytes(1536, b, sizeof b), "1.5 KiB", "bytes in units");
    is_text(string_of_seconds(75, b, sizeof b), "1 min 15 s", "minutes");
}

static void arrays_hold_items(void)
{
    struct array list = ARRAY_OF(int);
    for (int i = 0; i < 100; i++) {
        *(int *)array_push(&list) = i;
    }
    array_remove(&list, 0);
    is_int(*(int *)array_at(&list, 98), 99, "items move up");
    ok(array_at(&list, 99) == NULL, "out of range is NULL");
    array_release(&list);
}

static void errors_are_sentences(void)
{
    struct error err = {0};
    ok(!error_set(&err, ERROR_FAILED, "the file is %s", "empty"), "set returns false");
    error_prefix(&err, "could not read x.csv: ");
    is_text(err.message, "could not read x.csv: the file is empty", "prefix goes before");
    char long_text[2000];
    memset(long_text, 'a', sizeof long_text);
    memcpy(long_text + ERROR_MESSAGE_SIZE - 2, "\xC3\xA9", 2);
    long_text[1999] = '\0';
    error_set(&err, ERROR_FAILED, "%s", long_text);
    is_int((long long)strlen(err.message), ERROR_MESSAGE_SIZE - 2,
           "a long sentence is cut at a whole character");
}

int main(void)
{
    texts_grow();
    strings_compare();
    figures_read_well();
    arrays_hold_items();
    errors_are_sentences();
    return tap_done();
}
