/* infotype/private: what a value is, one kind at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_INFOTYPE_PRIVATE_H
#define MWB_INFOTYPE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/infotype.h"

enum infotype_grade { GRADE_NONE, GRADE_LIKE, GRADE_MAYBE, GRADE_SURE };

/* Blanks around the value are gone. */
enum infotype_grade infotype_email(const char *value, size_t length);
enum infotype_grade infotype_iban(const char *value, size_t length);
enum infotype_grade infotype_phone(const char *value, size_t length);
enum infotype_grade infotype_card(const char *value, size_t length);
enum infotype_grade infotype_ip(const char *value, size_t length);

static inline bool infotype_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool infotype_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif
