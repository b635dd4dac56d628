/* Fuzzing of what holds secrets: the first byte chooses the credentials file, a command
 * line, an address, or a text to redact. What is read must keep its promises: no sentence
 * quotes the file, a section is given to its own origin only, what comes before a secret
 * does not save it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/program.h"
#include "engine/secret/private.h"
#include "tests/fuzz/fuzz.h"

static void try_file(char *text)
{
    static const char origin[] = "https://data.example.org";
    struct secret_section section = {0};
    struct error err = {0};
    if (!secret_parse(text, "credentials", origin, &section, &err)) {
        fuzz_must(string_starts(err.message, "could not read credentials: line "),
                  "a sentence begins with the place");
    }
    fuzz_must(section.line > 0 ||
                  (secret_is_empty(&section.secret) && section.command == NULL),
              "values come from the section of the origin");
    secret_section_release(&section);
}

static void try_words(const char *text)
{
    struct array words = ARRAY_OF(char *);
    struct error err = {0};
    if (program_split(text, &words, &err)) {
        fuzz_must(words.count > 0, "a command has a word");
    } else {
        fuzz_must(err.message[0] != '\0', "a refusal has a sentence");
    }
    program_words_release(&words);
}

static void try_address(const char *text)
{
    char *origin = secret_origin(text);
    if (origin != NULL) {
        char *again = secret_origin(origin);
        fuzz_must(string_equal(origin, again), "the origin of an origin is itself");
        fuzz_must(strpbrk(origin, "@ \r\n\t?#") == NULL, "an origin is only a place");
        free(again);
    }
    free(origin);
}

static void try_text(const char *text)
{
    /* A secret behind whatever came is found all the same. */
    static const char last[] = "\n&password=canary1 https://u:canary2@h/ x";
    char *longer = string_printf("%s%s", text, last);
    char *once = secret_redact(longer);
    fuzz_must(strstr(text, "canary") != NULL || strstr(once, "canary") == NULL,
              "nothing of a secret is left");
    free(once);
    free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    double start = fuzz_clock();
    char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
    switch (bytes[0] % 4) {
    case 0:
        try_file(text);
        break;
    case 1:
        try_words(text);
        break;
    case 2:
        try_address(text);
        break;
    default:
        try_text(text);
    }
    free(text);
    fuzz_must_be_quick(start);
    return 0;
}
