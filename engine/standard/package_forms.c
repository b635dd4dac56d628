/* standard/package_forms: names, paths, media types and hashes as Data Package writes
 * them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/package.h"

#include <string.h>

#include "engine/text.h"

static bool consists_of(const char *text, const char *signs)
{
    return text[0] != '\0' && text[strspn(text, signs)] == '\0';
}

#define DIGITS "0123456789"
#define SMALL "abcdefghijklmnopqrstuvwxyz"
#define CAPITAL "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_name(const char *text)
{
    return consists_of(text, "-._/" DIGITS SMALL);
}

static bool is_license_name(const char *text)
{
    return consists_of(text, "-._" DIGITS SMALL CAPITAL);
}

/* Version 1: no . / ~ in front, nowhere two dots. A line end ends the match. */
static bool is_path_1(const char *text)
{
    return text[0] != '\0' && strchr("./~\n", text[0]) == NULL &&
           strstr(text, "..") == NULL;
}

static bool is_web_address(const char *text)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://", "ftps://",
                                          NULL};
    for (size_t i = 0; schemes[i] != NULL; i++) {
        if (string_starts(text, schemes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_path_2(const char *text)
{
    if (is_web_address(text)) {
        return true;
    }
    return text[0] != '\0' && strchr("./~", text[0]) == NULL &&
           !string_starts(text, "file:") && strstr(text, "/../") == NULL &&
           strchr(text, '\\') == NULL && strstr(text, "://") == NULL;
}

static bool is_media_type(const char *text)
{
    const char *slash = text[0] != '\0' ? strchr(text + 1, '/') : NULL;
    return slash != NULL && slash[1] != '\0';
}

static bool is_hash(const char *text)
{
    static const char hexadecimal[] = DIGITS "abcdefABCDEF";
    const char *colon = strrchr(text, ':');
    if (colon != NULL) {
        return colon > text && memchr(text, ':', (size_t)(colon - text)) == NULL &&
               consists_of(colon + 1, hexadecimal);
    }
    return text[0] == '\0' || (strlen(text) == 32 && consists_of(text, hexadecimal));
}

const struct standard_form standard_package_name = {
    "a name of small letters, digits, - . _ and /", is_name};
const struct standard_form standard_package_license = {
    "a licence's short name, such as CC-BY-4.0", is_license_name};
const struct standard_form standard_package_path_1 = {
    "a path below the descriptor (no .., no / in front) or a web address", is_path_1};
const struct standard_form standard_package_path_2 = {
    "a path below the descriptor (no .., no / in front) or a web address", is_path_2};
const struct standard_form standard_package_media = {"a media type, such as text/csv",
                                                     is_media_type};
const struct standard_form standard_package_hash = {
    "a hash in hexadecimal, with its method in front when it is not MD5", is_hash};
