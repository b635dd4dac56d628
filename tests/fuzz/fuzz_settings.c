/* Fuzzing of what people write on one line: commands and settings of commands, files of
 * passwords, names of tables. The first byte picks which.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/access/postgres.h"
#include "engine/program.h"
#include "tests/fuzz/fuzz.h"

static void try_command(const char *text)
{
    struct error err = {0};
    struct array words = ARRAY_OF(char *);
    bool good = program_split(text, &words, &err);
    fuzz_must(good == (err.kind == ERROR_NONE), "a failure has a sentence");
    fuzz_must(!good || words.count > 0, "a command has a word");
    size_t sum = 0;
    for (size_t i = 0; i < words.count; i++) {
        sum += strlen(*(char **)array_at(&words, i));
    }
    fuzz_must(sum <= strlen(text), "words hold no more than their line");
    program_words_release(&words);
}

static void try_setting(const char *text)
{
    struct error err = {0};
    char *command = program_choose(text, "converter", "csv", &err);
    fuzz_must(command == NULL || err.kind == ERROR_NONE, "a command, or a sentence");
    fuzz_must(command == NULL || strstr(text, command) != NULL,
              "a command stands in the setting");
    free(command);
}

static void try_passwords(const char *text)
{
    char *user = NULL;
    bool names = postgres_pass_names(text, "db", "5432", &user);
    fuzz_must(names || user == NULL, "a user of a line that names the host");
    free(user);
}

/* A name that is quoted again is the same name. */
static void try_name(const char *text)
{
    char *parts[3], *again[3];
    size_t count, same;
    if (!postgres_split_name(text, parts, &count)) {
        return;
    }
    struct text quoted = {0};
    for (size_t i = 0; i < count; i++) {
        text_append(&quoted, i > 0 ? ".\"" : "\"");
        for (const char *c = parts[i]; *c != '\0'; c++) {
            text_append_repeated(&quoted, *c, *c == '"' ? 2 : 1);
        }
        text_append(&quoted, "\"");
    }
    fuzz_must(postgres_split_name(text_string(&quoted), again, &same) && same == count,
              "a quoted name has as many parts");
    for (size_t i = 0; i < count; i++) {
        fuzz_must(strcmp(parts[i], again[i]) == 0, "a quoted part is the same");
        free(parts[i]);
        free(again[i]);
    }
    text_release(&quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static void (*const tries[])(const char *text) = {try_command, try_setting,
                                                      try_passwords, try_name};
    if (length > 0) {
        char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
        tries[bytes[0] % 4](text);
        free(text);
    }
    return 0;
}
