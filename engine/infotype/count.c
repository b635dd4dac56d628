/* count: values of a column, and what they make of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/infotype/private.h"

enum { VALUE_MOST = 4096 };

static const struct kind {
    const char *name, *plural;
    enum infotype_grade (*grade)(const char *value, size_t length);
} kinds[INFOTYPES] = {
    [INFOTYPE_EMAIL] = {"email", "e-mail addresses", infotype_email},
    [INFOTYPE_PHONE] = {"phone", "telephone numbers", infotype_phone},
    [INFOTYPE_CARD] = {"card", "card numbers", infotype_card},
    [INFOTYPE_IP] = {"ip", "addresses of the internet", infotype_ip},
    [INFOTYPE_IBAN] = {"iban", "account numbers (IBAN)", infotype_iban},
};

const char *infotype_name(enum infotype_kind kind)
{
    return kinds[kind].name;
}

const char *infotype_plural(enum infotype_kind kind)
{
    return kinds[kind].plural;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void infotype_count(struct infotype_counts *counts, const char *value, size_t length)
{
    length = length < VALUE_MOST ? length : VALUE_MOST;
    while (length > 0 && is_blank(value[0])) {
        value++;
        length--;
    }
    while (length > 0 && is_blank(value[length - 1])) {
        length--;
    }
    if (length == 0) {
        return;
    }
    counts->seen++;
    for (int kind = 0; kind < INFOTYPES; kind++) {
        enum infotype_grade grade = kinds[kind].grade(value, length);
        counts->sure[kind] += grade == GRADE_SURE ? 1 : 0;
        counts->maybe[kind] += grade == GRADE_MAYBE ? 1 : 0;
        counts->like[kind] += grade == GRADE_LIKE ? 1 : 0;
    }
}

/* What may be counts when it is a good part of the column, and more than what has the
 * form alone. */
long long infotype_matched(const struct infotype_counts *counts, enum infotype_kind kind)
{
    enum { PART = 5 };
    long long sure = counts->sure[kind], maybe = counts->maybe[kind];
    bool believed = (sure + maybe) * PART >= counts->seen && maybe >= counts->like[kind];
    return sure + (believed ? maybe : 0);
}
