/* catalog/dialect: signs of a dialect as people write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stddef.h>

#include "engine/text.h"

static const struct {
    const char *word;
    char sign;
} signs[] = {
    {"tab", '\t'},  {"\\t", '\t'},
    {"comma", ','}, {"semicolon", ';'},
    {"bar", '|'},   {"pipe", '|'},
    {"colon", ':'}, {"space", ' '},
    {"blank", ' '}, {"none", CATALOG_NO_SIGN},
};

bool catalog_sign_of(const char *word, char *sign)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (string_equal_fold(word, signs[i].word)) {
            *sign = signs[i].sign;
            return true;
        }
    }
    bool is_one = word[0] != '\0' && word[1] == '\0' && (unsigned char)word[0] < 0x80 &&
                  word[0] != '\n' && word[0] != '\r';
    *sign = is_one ? word[0] : '\0';
    return is_one;
}

const char *catalog_sign_name(char sign, char buffer[8])
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i].sign == sign && sign != '\0') {
            return signs[i].word;
        }
    }
    buffer[0] = sign;
    buffer[1] = '\0';
    return buffer;
}
