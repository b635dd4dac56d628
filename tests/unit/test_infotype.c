/* infotype: values that are personal data, and such as only look so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/infotype.h"
#include "tests/unit/tap.h"

static void expect(enum infotype_kind kind, const char *const *values, bool wanted)
{
    for (; *values != NULL; values++) {
        struct infotype_counts counts = {0};
        infotype_count(&counts, *values, strlen(*values));
        ok((infotype_matched(&counts, kind) > 0) == wanted, "'%s' is %s %s", *values,
           wanted ? "one of" : "none of", infotype_plural(kind));
    }
}

int main(void)
{
    static const char *const emails[] = {"a@b.de",
                                         "First.Last+tag@mail.example.org",
                                         "  x_y%z@sub-domain.example.co.uk ",
                                         "write to info@example.org, please",
                                         "<info@example.org>",
                                         "mailto:info@example.org",
                                         "j\xC3\xBCrgen@b\xC3\xBC"
                                         "cher.example",
                                         "a@b.c@example.org",
                                         NULL};
    static const char *const no_emails[] = {"@name",
                                            "user@localhost",
                                            "https://example.org/@name",
                                            "picture@2x.png",
                                            "a@b",
                                            "a@.de",
                                            ".a@.b.de",
                                            "3@4.5",
                                            "a@-b.de",
                                            "x@y.1",
                                            "",
                                            "@",
                                            "a.@example",
                                            NULL};
    static const char *const phones[] = {"+49 30 1234567",
                                         "+491701234567",
                                         "+1 (555) 123-4567",
                                         "+(49) 30 123456",
                                         "call +44 20 7946 0958 now",
                                         "0049 30 1234567",
                                         "(030) 123456-78",
                                         "030/12345678",
                                         "0171 1234567",
                                         "555-223-4567 ext. 12",
                                         "(555) 234-4567",
                                         "tel:030 1234567",
                                         "01.23.45.67.89",
                                         NULL};
    static const char *const no_phones[] = {"1234567890",
                                            "0301234567",
                                            "2024-01-02 10",
                                            "2020-01-02",
                                            "978-3-16-148410-0",
                                            "0-19-852663-6",
                                            "0.123456789",
                                            "1,684",
                                            "1.234.567.890",
                                            "12 345 678 901",
                                            "192.168.100.101",
                                            "+1.5",
                                            "+12",
                                            "A+123456789b",
                                            "123-456-789",
                                            "2024-01-02T10:00:00+01:00",
                                            "111-123-4567",
                                            NULL};
    static const char *const cards[] = {"4111 1111 1111 1111", "4111111111111111",
                                        "5500-0000-0000-0004", "3400 000000 00009",
                                        "2221000000000009",    NULL};
    static const char *const no_cards[] = {
        "4111 1111 1111 1112", "4111111111111112", "1111111111111117",  "411111111111",
        "4 1111111 11111111",  "1700000000000",    "+4111111111111111", NULL};
    static const char *const ips[] = {"192.168.1.1", "8.8.8.80",  "10.0.0.77/8 ",
                                      "2001:db8::1", "fe80::1:2", NULL};
    static const char *const no_ips[] = {
        "1.0.0.0", "1.2.3.4",           "12:30:45",  "1.2.3", "256.1.1.1",
        "::",      "00:1A:2B:3C:4D:5E", "0.200.1.1", NULL};
    static const char *const ibans[] = {"DE89370400440532013000",
                                        "DE89 3704 0044 0532 0130 00",
                                        "GB82 WEST 1234 5698 7654 32",
                                        "pay to NL91ABNA0417164300, now",
                                        "NO9386011117947",
                                        NULL};
    static const char *const no_ibans[] = {"DE89370400440532013001",
                                           "de89370400440532013000",
                                           "XDE89370400440532013000",
                                           "DE89",
                                           "",
                                           NULL};
    expect(INFOTYPE_EMAIL, emails, true);
    expect(INFOTYPE_EMAIL, no_emails, false);
    expect(INFOTYPE_PHONE, phones, true);
    expect(INFOTYPE_PHONE, no_phones, false);
    expect(INFOTYPE_CARD, cards, true);
    expect(INFOTYPE_CARD, no_cards, false);
    expect(INFOTYPE_IP, ips, true);
    expect(INFOTYPE_IP, no_ips, false);
    expect(INFOTYPE_IBAN, ibans, true);
    expect(INFOTYPE_IBAN, no_ibans, false);
    struct infotype_counts ids = {0};
    for (int i = 0; i < 1000; i++) { /* every tenth has a right check digit */
        char id[24];
        snprintf(id, sizeof id, "4%015d", 7 * i + 13);
        infotype_count(&ids, id, strlen(id));
    }
    ok(ids.maybe[INFOTYPE_CARD] > 50 && infotype_matched(&ids, INFOTYPE_CARD) == 0,
       "numbers that begin as cards do are none by themselves");
    struct infotype_counts notes = {0};
    for (int i = 0; i < 1000; i++) {
        const char *text = i == 7 ? "ask jo@example.org" : i == 9 ? "0171 1234567" : "x";
        infotype_count(&notes, text, strlen(text));
    }
    ok(infotype_matched(&notes, INFOTYPE_EMAIL) == 1 && notes.seen == 1000,
       "one address in a thousand notes is one");
    ok(infotype_matched(&notes, INFOTYPE_PHONE) == 0,
       "what only may be a number is none");
    return tap_done();
}
