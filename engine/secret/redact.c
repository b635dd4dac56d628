/* secret: takes secrets out of texts that people will see: addresses with user
 * information, parameters whose names promise a secret, headers, connection strings.
 * Rather too much than too little: an unknown parameter that ends in "token" goes too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/secret.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 64 };

static const char stars[] = "***";

/* The last word of a name that is followed by `=`. */
static const char *const secret_words[] = {
    "password",    "passwd",       "passphrase", "pwd",           "pass",
    "secret",      "token",        "key",        "apikey",        "accesskey",
    "secretkey",   "sig",          "signature",  "credential",    "credentials",
    "accesskeyid", "assertion",    "auth",       "authorization", "sslpassword",
    "accesstoken", "refreshtoken", "idtoken",    "clientsecret",  "awsaccesskeyid",
    "jwt",         "sas",          "sslkey",
};

/* Headers: all that follows on the line. */
static const char *const headers[] = {
    "authorization",        "proxy-authorization", "cookie",    "set-cookie",
    "x-amz-security-token", "x-api-key",           "api-key",   "x-auth-token",
    "x-vault-token",        "private-token",       "job-token",
};

struct scan {
    const char *text, *at;
    struct text out;
};

static bool is_in(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_blank(char c)
{
    return isspace((unsigned char)c) || c == '\0';
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '%' || c == '.';
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10
                                        : -1;
}

/* The end of a name in lower case, as a server would read it. */
static void fold_name(const char *name, size_t length, char *to)
{
    size_t filled = 0;
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (c == '%' && i + 2 < length && hex_digit(name[i + 1]) >= 0 &&
            hex_digit(name[i + 2]) >= 0) {
            c = (char)(hex_digit(name[i + 1]) * 16 + hex_digit(name[i + 2]));
            i += 2;
        }
        if (filled == NAME_MOST - 1) {
            memmove(to, to + 1, --filled);
        }
        to[filled++] = (char)tolower((unsigned char)c);
    }
    to[filled] = '\0';
}

static bool names_secret(const char *name)
{
    size_t length = strlen(name), start = length;
    if (strncmp(name, "x-amz-", 6) == 0 || strncmp(name, "x-goog-", 7) == 0) {
        return true;
    }
    while (start > 0 && isalnum((unsigned char)name[start - 1])) {
        start--;
    }
    return is_in(name + start, secret_words, sizeof secret_words / sizeof *secret_words);
}

/* ---- Values ---- */

static void hide_to(struct scan *scan, const char *end)
{
    if (end > scan->at) {
        text_append(&scan->out, stars);
    }
    scan->at = end;
}

/* Is this the query of an address, where & parts values? */
static bool is_query(const struct scan *scan, const char *name)
{
    while (name > scan->text && !is_blank(name[-1])) {
        name--;
        if (strchr("?&#", *name) != NULL) {
            return true;
        }
    }
    return false;
}

static const char *end_of_quoted(const char *p)
{
    char quote = *p++;
    while (*p != '\0' && *p != quote) {
        p += p[0] == '\\' && p[1] != '\0' ? 2 : 1;
    }
    return p;
}

/* A sentence may go on behind the value: its last sign of punctuation stays. */
static const char *end_of_value(const char *p, const char *stops)
{
    const char *start = p;
    while (!is_blank(*p) && strchr(stops, *p) == NULL) {
        p++;
    }
    return p > start + 1 && is_blank(*p) && strchr(".,;:)]", p[-1]) != NULL ? p - 1 : p;
}

static void hide_value(struct scan *scan, bool in_query)
{
    char c = *scan->at;
    if (!in_query && (c == '\'' || c == '"')) {
        text_append_char(&scan->out, c);
        const char *end = end_of_quoted(scan->at++);
        hide_to(scan, end);
        return;
    }
    hide_to(scan, end_of_value(scan->at, in_query ? "&#\"<>" : "\"<>"));
}

/* ---- What is found ---- */

/* "name=value", "name = value"; in JSON and YAML "\"name\": \"value\"". */
static bool take_assignment(struct scan *scan, const char *name, size_t length)
{
    const char *end = name + length, *sign = end;
    char folded[NAME_MOST];
    bool is_quoted = *sign == '"' || *sign == '\'';
    sign += is_quoted ? 1 : 0;
    sign += strspn(sign, " \t");
    if (*sign != '=' && !(is_quoted && *sign == ':')) {
        return false;
    }
    fold_name(name, length, folded);
    if (!names_secret(folded)) {
        return false;
    }
    bool in_query = is_query(scan, name);
    sign++;
    sign += in_query ? 0 : strspn(sign, " \t");
    text_append_bytes(&scan->out, name, (size_t)(sign - name));
    scan->at = sign;
    hide_value(scan, in_query);
    return true;
}

static bool take_header(struct scan *scan, const char *name, size_t length)
{
    char folded[NAME_MOST];
    if (name[length] != ':') {
        return false;
    }
    fold_name(name, length, folded);
    if (!is_in(folded, headers, sizeof headers / sizeof *headers)) {
        return false;
    }
    size_t blanks = strspn(name + length + 1, " \t");
    text_append_bytes(&scan->out, name, length + 1 + blanks);
    scan->at = name + length + 1 + blanks;
    hide_to(scan, scan->at + strcspn(scan->at, "\r\n"));
    return true;
}

/* "Bearer abc", "Basic abc": schemes of Authorization (RFC 7617, RFC 6750). */
static bool take_scheme(struct scan *scan, const char *name, size_t length)
{
    bool is_scheme = (length == 6 && strncasecmp(name, "bearer", 6) == 0) ||
                     (length == 5 && strncasecmp(name, "basic", 5) == 0);
    const char *value = name + length + strspn(name + length, " \t");
    size_t run = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-._~+/=");
    bool is_word = strspn(value, "abcdefghijklmnopqrstuvwxyz") + 1 >= run;
    if (!is_scheme || value == name + length || run < 8 || is_word) {
        return false;
    }
    text_append_bytes(&scan->out, name, (size_t)(value - name));
    scan->at = value;
    hide_to(scan, value + run);
    return true;
}

/* The names that cloud keys begin with: 20 capitals and digits. */
static bool take_key_id(struct scan *scan, const char *name, size_t length)
{
    if (length != 20 ||
        (strncmp(name, "AKIA", 4) != 0 && strncmp(name, "ASIA", 4) != 0) ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") < 20) {
        return false;
    }
    hide_to(scan, name + length);
    return true;
}

static const char *last_at(const char *start, const char *end)
{
    while (end > start && end[-1] != '@') {
        end--;
    }
    return end > start ? end - 1 : NULL;
}

/* Behind "://": "user:password@". A password may hold `/` where somebody forgot to escape
 * it: then what looks like a port is none. */
static void take_user(struct scan *scan)
{
    const char *start = scan->at, *end = start + strcspn(start, "/?# \t\r\n\"<>");
    const char *at = last_at(start, end);
    const char *colon = memchr(start, ':', (size_t)(end - start));
    if (at == NULL && colon != NULL && *start != '[') {
        const char *behind = colon + 1 + strspn(colon + 1, "0123456789");
        bool is_port = behind >= end || *behind == ',';
        end = start + strcspn(start, " \t\r\n\"<>");
        at = is_port ? NULL : last_at(start, end);
    }
    if (at != NULL) {
        hide_to(scan, at);
    }
}

static bool take_word(struct scan *scan)
{
    const char *name = scan->at;
    size_t length = 0;
    while (is_name(name[length])) {
        length++;
    }
    if (length == 0) {
        return false;
    }
    if (take_assignment(scan, name, length) || take_header(scan, name, length) ||
        take_scheme(scan, name, length) || take_key_id(scan, name, length)) {
        return true;
    }
    text_append_bytes(&scan->out, name, length);
    scan->at = name + length;
    return true;
}

void secret_redact_error(struct error *err)
{
    if (err != NULL && strstr(err->message, "://") != NULL) {
        char *safe = secret_redact(err->message);
        error_set(err, err->kind, "%s", safe);
        free(safe);
    }
}

void secret_redact_text(struct text *text)
{
    if (strstr(text_string(text), "://") != NULL) {
        char *safe = secret_redact(text_string(text));
        text_clear(text);
        text_append(text, safe);
        free(safe);
    }
}

char *secret_redact(const char *text)
{
    struct scan scan = {.text = text, .at = text};
    while (*scan.at != '\0') {
        if (strncmp(scan.at, "://", 3) == 0) {
            text_append_bytes(&scan.out, scan.at, 3);
            scan.at += 3;
            take_user(&scan);
        } else if (!take_word(&scan)) {
            text_append_char(&scan.out, *scan.at++);
        }
    }
    text_append(&scan.out, "");
    return text_take(&scan.out);
}
