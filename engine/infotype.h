/* infotype: does a value look like personal data?
 *
 * email: an address: local part, @, a domain of two labels at least (RFC 5322 §3.4.1 as
 * people write it, RFC 1035 §2.3.1); also within a longer text.
 *
 * phone: a telephone number of 9 to 15 digits: with + and the country's code (ITU-T
 * E.164), also within a text; or in the usual national forms, with separators. Digits
 * alone are no number of a telephone: they are numbers of everything.
 *
 * card: 13 to 19 digits with the start of an issuer (ISO/IEC 7812) and the check digit of
 * Luhn.
 *
 * ip: an address of the internet, version 4 or 6 (RFC 4291 §2.2).
 *
 * iban: an account (ISO 13616): country, check digits, mod 97 = 1 (ISO 7064); also within
 * a text.
 *
 * One value proves little: 1.2.3.4 may be a version, 16 digits with a right check digit
 * happen to one id in ten. So values are counted by column, the sure ones and those that
 * may be, beside such as have the form and are none; infotype_matched() judges.
 *
 * Nothing here keeps a value.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_INFOTYPE_H
#define MWB_INFOTYPE_H

#include <stdbool.h>
#include <stddef.h>

enum infotype_kind {
    INFOTYPE_EMAIL,
    INFOTYPE_PHONE,
    INFOTYPE_CARD,
    INFOTYPE_IP,
    INFOTYPE_IBAN,
    INFOTYPES
};

/* "email", "phone" ..., and "e-mail addresses": for sentences. */
const char *infotype_name(enum infotype_kind kind);
const char *infotype_plural(enum infotype_kind kind);

/* Of a column. Zero at the start. */
struct infotype_counts {
    long long seen; /* values that are not NULL and not empty */
    long long sure[INFOTYPES], maybe[INFOTYPES];
    long long like[INFOTYPES]; /* have the form, and are none */
};
/* Count one value; of a longer one than 4 KiB its start. */
void infotype_count(struct infotype_counts *counts, const char *value, size_t length);
/* How many values of the column are of the kind: 0 when it is none by all that was seen.
 */
long long infotype_matched(const struct infotype_counts *counts, enum infotype_kind kind);

#endif
