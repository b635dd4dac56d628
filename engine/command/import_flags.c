/* command: the flags of import to a dialect and to what holds for every table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/import_flags.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define OF_DIALECT(member) offsetof(struct catalog_dialect, member)

static const struct {
    const char *flag;
    size_t place; /* of a char */
} sign_flags[] = {
    {"--delimiter", OF_DIALECT(delimiter)},
    {"--quote", OF_DIALECT(quote)},
    {"--escape", OF_DIALECT(escape)},
    {"--comment", OF_DIALECT(comment)},
};

static bool read_signs(struct import_flags *flags, struct error *err)
{
    for (size_t i = 0; i < sizeof sign_flags / sizeof sign_flags[0]; i++) {
        const char *word = command_flag_value(flags->call, sign_flags[i].flag);
        char *sign = (char *)&flags->dialect + sign_flags[i].place;
        bool may_be_none = sign == &flags->dialect.quote;
        if (word != NULL && (!catalog_sign_of(word, sign) ||
                             (*sign == CATALOG_NO_SIGN && !may_be_none))) {
            return error_set(
                err, ERROR_USAGE,
                "%s of import is one sign, or a word: tab, comma, semicolon, "
                "bar, colon, blank%s; not \"%s\"",
                sign_flags[i].flag, may_be_none ? ", none" : "", word);
        }
    }
    return true;
}

/* The sign in numbers may be a character of several bytes, a narrow blank for one. */
static bool read_number_sign(const struct import_flags *flags, const char *flag,
                             char **sign, struct error *err)
{
    const char *word = command_flag_value(flags->call, flag);
    char byte = '\0';
    *sign = NULL;
    if (word == NULL) {
        return true;
    }
    bool is_word = catalog_sign_of(word, &byte) && byte != CATALOG_NO_SIGN;
    size_t length = strlen(word);
    bool is_one = length > 0 && ((unsigned char)word[0] >= 0xC0 || length == 1);
    for (size_t i = 1; i < length; i++) {
        is_one = is_one && ((unsigned char)word[i] & 0xC0) == 0x80;
    }
    if (!is_word && !is_one) {
        return error_set(err, ERROR_USAGE, "%s of import is one sign, not \"%s\"", flag,
                         word);
    }
    *sign = is_word ? string_copy_bytes(&byte, 1) : string_copy(word);
    return true;
}

static bool read_count(const struct import_flags *flags, const char *flag, int *count,
                       struct error *err)
{
    long long number;
    if (!call_number(flags->call, flag, 0, &number, err)) {
        return false;
    }
    *count = (int)number;
    return number <= 1000000 ||
           error_set(err, ERROR_USAGE, "%s of import is at most 1000000", flag);
}

static void read_markers(struct import_flags *flags)
{
    size_t count = 0;
    for (size_t i = 0; i < flags->call->values.count; i++) {
        const struct command_value *value = array_at(&flags->call->values, i);
        if (string_equal(value->name, "--null")) {
            text_printf(&flags->markers, "%s%s", count++ > 0 ? "\n" : "", value->value);
        }
    }
    if (count > 0) {
        text_append(&flags->markers, "");
        flags->dialect.missing = flags->markers.data;
    }
}

static bool read_way(const struct import_flags *flags, enum import_way *way,
                     struct error *err)
{
    const char *word = command_flag_value(flags->call, "--way");
    if (word == NULL) {
        return true;
    }
    *way = string_equal(word, "direct")      ? IMPORT_DIRECT
           : string_equal(word, "reference") ? IMPORT_REFERENCE
                                             : IMPORT_ANY;
    return *way != IMPORT_ANY ||
           error_set(err, ERROR_USAGE, "--way is direct or reference, not \"%s\"", word);
}

bool import_flags_read(struct import_flags *flags, const struct command_call *call,
                       struct error *err)
{
    flags->call = call;
    struct catalog_dialect *dialect = &flags->dialect;
    const struct options *options = flags->call->workbench->options;
    struct import_spec *spec = &flags->spec;
    read_markers(flags);
    dialect->no_header = call_has_flag(flags->call, "--no-header");
    dialect->encoding = (char *)(uintptr_t)command_flag_value(flags->call, "--encoding");
    dialect->property = (char *)(uintptr_t)command_flag_value(flags->call, "--property");
    spec->all_text = call_has_flag(flags->call, "--all-text");
    spec->keep_nested = call_has_flag(flags->call, "--keep-nested");
    return read_signs(flags, err) &&
           read_number_sign(flags, "--decimal", &dialect->decimal_char, err) &&
           read_number_sign(flags, "--group", &dialect->group_char, err) &&
           read_count(flags, "--header-rows", &dialect->header_rows, err) &&
           read_count(flags, "--skip-rows", &dialect->skip_rows, err) &&
           read_count(flags, "--threads", &spec->threads, err) &&
           read_way(flags, &spec->way, err) &&
           call_number(flags->call, "--max-rejects",
                       options_number(options, "reject_limit"), &spec->reject_limit, err);
}

void import_flags_override(const struct import_flags *flags,
                           struct catalog_dialect *dialect)
{
    const struct catalog_dialect *given = &flags->dialect;
    for (size_t i = 0; i < sizeof sign_flags / sizeof sign_flags[0]; i++) {
        char sign = *((const char *)given + sign_flags[i].place);
        if (sign != '\0') {
            *((char *)dialect + sign_flags[i].place) = sign;
        }
    }
    static const size_t strings[] = {OF_DIALECT(encoding), OF_DIALECT(missing),
                                     OF_DIALECT(property), OF_DIALECT(decimal_char),
                                     OF_DIALECT(group_char)};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        char *string = *(char *const *)((const char *)given + strings[i]);
        if (string != NULL) {
            *(char **)((char *)dialect + strings[i]) = string;
        }
    }
    dialect->no_header = dialect->no_header || given->no_header;
    dialect->skip_rows = given->skip_rows > 0 ? given->skip_rows : dialect->skip_rows;
    if (given->header_rows > 0) {
        dialect->header_rows = given->header_rows;
        dialect->no_header = given->no_header;
    }
}

void import_flags_release(struct import_flags *flags)
{
    text_release(&flags->markers);
    free(flags->dialect.decimal_char);
    free(flags->dialect.group_char);
}
