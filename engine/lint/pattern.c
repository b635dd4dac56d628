/* lint/pattern: does a regular expression compile? Its syntax is that of ECMA-262
 * (§22.2.1 with the additions for the web in annex B), read in one pass without
 * recursion; what a pattern matches is nothing to this file. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"
#include "engine/lint.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const char *at;
    const char *fault;
    size_t open;     /* groups */
    bool can_repeat; /* something stands before that a quantifier may repeat */
};

/* Behind the backslash. */
static void scan_escape(struct scan *scan)
{
    if (*scan->at == '\0') {
        scan->fault = "a backslash stands at its end";
        return;
    }
    scan->can_repeat = *scan->at != 'b' && *scan->at != 'B';
    scan->at++;
}

/* One sign of a class as a number, -1 for a class of signs as \d. */
static long class_sign(struct scan *scan)
{
    static const char *const plain = "dDsSwWpPbcxu0123456789ntrfv";
    if (*scan->at != '\\') {
        unsigned char first = (unsigned char)*scan->at++;
        long sign = first;
        if (first >= 0xC0) {
            sign = first & (first >= 0xF0 ? 0x07 : first >= 0xE0 ? 0x0F : 0x1F);
            while (((unsigned char)*scan->at & 0xC0) == 0x80) {
                sign = sign << 6 | ((unsigned char)*scan->at++ & 0x3F);
            }
        }
        return sign;
    }
    scan->at++;
    char sign = *scan->at;
    if (sign == '\0') {
        scan->fault = "a backslash stands at its end";
        return -1;
    }
    scan->at++;
    return strchr(plain, sign) != NULL ? -1 : (unsigned char)sign;
}

/* Behind the bracket. */
static void scan_class(struct scan *scan)
{
    scan->at += *scan->at == '^';
    while (scan->fault == NULL && *scan->at != ']') {
        if (*scan->at == '\0') {
            scan->fault = "a [ is not closed with ]";
            return;
        }
        long low = class_sign(scan);
        if (scan->fault == NULL && scan->at[0] == '-' && scan->at[1] != ']' &&
            scan->at[1] != '\0') {
            scan->at++;
            long high = class_sign(scan);
            if (low >= 0 && high >= 0 && low > high) {
                scan->fault = "a range in [ ] is upside down";
            }
        }
    }
    scan->at += *scan->at == ']';
    scan->can_repeat = true;
}

/* Behind the parenthesis. */
static void scan_group(struct scan *scan)
{
    scan->open++;
    scan->can_repeat = false;
    if (*scan->at != '?') {
        return;
    }
    const char *mark = scan->at + 1;
    if (*mark == ':' || *mark == '=' || *mark == '!') {
        scan->at += 2;
    } else if (*mark == '<' && (mark[1] == '=' || mark[1] == '!')) {
        scan->at += 3;
    } else if (*mark == '<' &&
               (isalpha((unsigned char)mark[1]) || mark[1] == '_' || mark[1] == '$')) {
        const char *end = mark + 1;
        while (isalnum((unsigned char)*end) || *end == '_' || *end == '$') {
            end++;
        }
        scan->fault = *end == '>' ? NULL : "the name of a group is not closed with >";
        scan->at = end + (*end == '>');
    } else {
        scan->fault = "(? is followed by none of : = ! <";
    }
}

/* {2}, {2,} and {2,5}; any other brace stands for itself. */
static bool scan_count(struct scan *scan)
{
    char *end;
    const char *p = scan->at + 1;
    if (!isdigit((unsigned char)*p)) {
        return false;
    }
    unsigned long long low = strtoull(p, &end, 10), high = low;
    if (*end == ',') {
        p = end + 1;
        high = isdigit((unsigned char)*p) ? strtoull(p, &end, 10) : ~0ULL;
        end = isdigit((unsigned char)*p) ? end : (char *)p;
    }
    if (*end != '}') {
        return false;
    }
    if (low > high) {
        scan->fault = "a count in { } is upside down";
    }
    scan->at = end + 1;
    return true;
}

static void end_quantifier(struct scan *scan)
{
    if (!scan->can_repeat) {
        scan->fault = "there is nothing to repeat before a quantifier";
    }
    scan->at += *scan->at == '?';
    scan->can_repeat = false;
}

static void scan_sign(struct scan *scan)
{
    char sign = *scan->at;
    if (sign == '{' && scan_count(scan)) {
        end_quantifier(scan);
        return;
    }
    scan->at++;
    switch (sign) {
    case '\\':
        scan_escape(scan);
        break;
    case '[':
        scan_class(scan);
        break;
    case '(':
        scan_group(scan);
        break;
    case ')':
        scan->fault = scan->open == 0 ? "a ) closes nothing" : NULL;
        scan->open -= scan->open > 0;
        scan->can_repeat = true;
        break;
    case '*':
    case '+':
    case '?':
        end_quantifier(scan);
        break;
    case '|':
    case '^':
        scan->can_repeat = false;
        break;
    default:
        scan->can_repeat = sign != '$';
    }
}

const char *lint_pattern_fault(const char *pattern)
{
    struct scan scan = {.at = pattern};
    while (scan.fault == NULL && *scan.at != '\0') {
        scan_sign(&scan);
    }
    if (scan.fault == NULL && scan.open > 0) {
        scan.fault = "a ( is not closed with )";
    }
    return scan.fault;
}
