/* Fuzzing of masks: the first line is a rule, the rest a value, which may be anything.
 * What comes out must keep the rule's promise, and what looks for personal data must end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/infotype/private.h"
#include "engine/mask/private.h"
#include "tests/fuzz/fuzz.h"

static struct mask_key *key_of_tests(void)
{
    static struct mask_key *key;
    static const unsigned char secret[MASK_KEY_SIZE] = {1, 2, 3};
    struct error err = {0};
    key = key != NULL ? key : mask_key_new(secret, sizeof secret, &err);
    return key;
}

/* Bytes that begin a character, or that belong to none. */
static size_t most_characters(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

static void try_rule(const struct mask_rule *rule, const char *value, size_t length)
{
    char out[4096];
    long masked = mask_apply(rule, key_of_tests(), value, length, out, sizeof out);
    fuzz_must(masked <= (long)sizeof out, "what is made has room");
    if (rule->kind == MASK_DROP || rule->kind == MASK_NULL) {
        fuzz_must(masked == -1, "nothing stands for it");
    } else if (rule->kind == MASK_TOKEN) {
        fuzz_must(masked == MASK_TOKEN_SIGNS, "a token has 24 signs");
    } else if (rule->kind == MASK_FIRST && masked >= 0) {
        fuzz_must(most_characters(out, (size_t)masked) <= (size_t)rule->count,
                  "not more characters than allowed");
        fuzz_must(masked <= 4L * rule->count, "nor bytes");
    } else if (rule->kind == MASK_YEAR || rule->kind == MASK_MONTH) {
        fuzz_must(masked == -1 || masked == (rule->kind == MASK_YEAR ? 4 : 7),
                  "only the start of a date");
    } else if (rule->kind == MASK_ROUND && masked >= 0) {
        out[masked] = '\0';
        fuzz_must(strtoll(out, NULL, 10) % rule->count == 0, "a multiple");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = memchr(text, '\n', size);
    size_t length = end != NULL ? (size_t)(end - text) : size;
    size_t behind = end != NULL ? length + 1 : size;
    struct mask_rule rule;
    struct error err = {0};
    char *words = string_copy_bytes(text, length);
    bool good = mask_parse(words, &rule, &err);
    fuzz_must(good || (rule.kind == MASK_DROP && err.message[0] != '\0'),
              "what is no rule shows nothing");
    try_rule(&rule, text + behind, size - behind);
    free(words);
    struct infotype_counts counts = {0};
    infotype_count(&counts, text + behind, size - behind);
    for (int kind = 0; kind < INFOTYPES; kind++) {
        fuzz_must(infotype_matched(&counts, (enum infotype_kind)kind) <= counts.seen,
                  "not more than were seen");
    }
    return 0;
}
