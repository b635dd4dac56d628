/* standard/dcat: what DCAT-US 1.1 (resources.data.gov) allows in a data.json. Every map
 * is open to keys of one's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/iso8601.h"
#include "engine/standard/rows.h"

#include <ctype.h>
#include <string.h>

#include "engine/text.h"

#define NEEDS .flags = STANDARD_REQUIRED
#define TEXT_OR_NULL (STANDARD_TEXT | STANDARD_NULL)

/* ---- Forms ---- */

/* Letters, digits and _, as regular expressions count them, and the signs given. */
static size_t word_span(const char *text, const char *signs)
{
    size_t n = 0;
    while (text[n] != '\0' && (isalnum((unsigned char)text[n]) || text[n] == '_' ||
                               (text[n] & 0x80) != 0 || strchr(signs, text[n]) != NULL)) {
        n++;
    }
    return n;
}

static bool is_media_type(const char *text)
{
    size_t n = word_span(text, "-");
    if (n == 0 || text[n] != '/') {
        return false;
    }
    text += n + 1;
    n = word_span(text, "-");
    while (n > 0 && text[n] == '.') {
        text += n + 1;
        n = word_span(text, "-");
    }
    if (n > 0 && text[n] == '+') {
        text += n + 1;
        n = word_span(text, "-");
    }
    return n > 0 && text[n] == '\0';
}

/* Is "ddd:dd" somewhere in the text? The picture has a 0 for each digit. */
static bool holds_picture(const char *text, const char *picture)
{
    for (; *text != '\0'; text++) {
        size_t n = 0;
        while (picture[n] != '\0' && text[n] != '\0' &&
               (picture[n] == '0' ? isdigit((unsigned char)text[n]) != 0
                                  : text[n] == picture[n])) {
            n++;
        }
        if (picture[n] == '\0') {
            return true;
        }
    }
    return false;
}

static bool is_bureau(const char *text)
{
    return holds_picture(text, "000:00");
}

static bool is_program(const char *text)
{
    return holds_picture(text, "000:000");
}

static bool is_investment(const char *text)
{
    return holds_picture(text, "000-000000000");
}

static bool is_mail(const char *text)
{
    static const char start[] = "mailto:";
    if (!string_starts(text, start)) {
        return false;
    }
    text += strlen(start);
    size_t name = word_span(text, "~!$&'()*+,;=:.-");
    if (name == 0 || text[name] != '@') {
        return false;
    }
    text += name + 1;
    const char *dot = text[0] != '\0' ? strchr(text + 1, '.') : NULL;
    return dot != NULL && dot[1] != '\0' && text[word_span(text, ".-")] == '\0';
}

static bool is_language(const char *text)
{
    size_t n = word_span(text, "");
    if (n == 0 || n > 8 || isdigit((unsigned char)text[0])) {
        return false;
    }
    while (text[n] == '-') {
        text += n + 1;
        n = word_span(text, "");
        if (n == 0 || n > 8) {
            return false;
        }
    }
    return text[n] == '\0';
}

static bool is_modified(const char *text)
{
    return iso8601_is_date(text) || iso8601_is_repeated_duration(text) ||
           iso8601_is_repeated_date_and_duration(text);
}

static bool is_temporal(const char *text)
{
    return iso8601_is_interval(text) || iso8601_is_repeated_date_and_duration(text) ||
           iso8601_is_repeated_duration_and_date(text);
}

static bool is_frequency(const char *text)
{
    return string_equal(text, "irregular") ||
           (string_starts(text, "R/") && iso8601_is_repeated_duration(text));
}

static bool is_short(const char *text)
{
    return text[0] != '\0' && standard_is_within(text, 255);
}

static const struct standard_form media_type = {"a media type, such as text/csv",
                                                is_media_type};
static const struct standard_form bureau = {"the numbers of an agency and a bureau, such "
                                            "as 015:11",
                                            is_bureau};
static const struct standard_form program = {
    "the numbers of an agency and a program, such as 015:001", is_program};
static const struct standard_form investment = {
    "the number of an investment, such as 023-000000001", is_investment};
static const struct standard_form mail = {"a mail address with mailto: in front",
                                          is_mail};
static const struct standard_form language = {"a language, such as en or es-MX",
                                              is_language};
static const struct standard_form date = {"a date of ISO 8601, such as 2026-03-31",
                                          iso8601_is_date};
static const struct standard_form modified = {
    "a date of ISO 8601, such as 2026-03-31, or an interval, such as R/P1D", is_modified};
static const struct standard_form temporal = {
    "a span of ISO 8601, such as 2025-01-01/2025-12-31", is_temporal};
static const struct standard_form frequency = {
    "irregular or an interval of ISO 8601, such as R/P1Y", is_frequency};
static const struct standard_form short_text = {"a text of 255 characters at most",
                                                is_short};

static const struct standard_shape a_bureau = {
    .name = "a bureau", .kinds = STANDARD_TEXT, .form = &bureau};
static const struct standard_shape a_program = {
    .name = "a program", .kinds = STANDARD_TEXT, .form = &program};
static const struct standard_shape a_language = {
    .name = "a language", .kinds = STANDARD_TEXT, .form = &language};

static bool is_worded(const char *text)
{
    return text[0] != '\0';
}
static const struct standard_form worded = {"a text that is not empty", is_worded};
static const struct standard_shape a_word = {
    .name = "a text", .kinds = STANDARD_TEXT, .form = &worded};

/* ---- Who ---- */

#define LINKED_TYPE(word)                                                                \
    ROW("@type", TEXT, "What it is in linked data; always " word ".", .words = word)

static const struct standard_shape publisher;
static const struct standard_field publisher_fields[] = {
    LINKED_TYPE("org:Organization"),
    ROW("name", TEXT, "Full name of the organisation.",
        .flags = STANDARD_REQUIRED | STANDARD_WORDED),
    ROW("subOrganizationOf", MAP, "The organisation it is a part of.", .of = &publisher),
    END,
};
static const struct standard_shape publisher =
    OPEN_SHAPE("the publisher", publisher_fields);

static const struct standard_field contact_fields[] = {
    LINKED_TYPE("vcard:Contact"),
    ROW("fn", TEXT, "Full name of the person or office.",
        .flags = STANDARD_REQUIRED | STANDARD_WORDED),
    ROW("hasEmail", TEXT, "Their mail address, with mailto: in front.", NEEDS,
        .form = &mail),
    END,
};
static const struct standard_shape contact = OPEN_SHAPE("the contact", contact_fields);

/* ---- Distributions ---- */

#define LINK(name, ...) MIXED(name, TEXT_OR_NULL, __VA_ARGS__)
#define SAID(name, ...) MIXED(name, TEXT_OR_NULL, __VA_ARGS__, .flags = STANDARD_WORDED)

static const struct standard_field download_fields[] = {
    ROW("mediaType", TEXT, "Media type of the file, such as text/csv.", NEEDS,
        .form = &media_type),
    END,
};
static const struct standard_variant distribution_variants[] = {
    {.key = "downloadURL", .word = "*", .fields = download_fields}, {.key = NULL}};

static const struct standard_field distribution_fields[] = {
    LINKED_TYPE("dcat:Distribution"),
    ROW("downloadURL", TEXT, "Address of the file itself."),
    MIXED("mediaType", TEXT_OR_NULL, "Media type of the file, such as text/csv.",
          .form = &media_type),
    SAID("format", "The file format in plain words."),
    LINK("accessURL", "Address of a page or service that leads to the data."),
    SAID("description", "What this distribution holds."),
    SAID("title", "Name of the distribution."),
    LINK("conformsTo", "The specification the file keeps to."),
    LINK("describedBy", "Address of the data dictionary."),
    MIXED("describedByType", TEXT_OR_NULL, "Media type of the data dictionary.",
          .form = &media_type),
    END,
};
static const struct standard_shape distribution = {.name = "a distribution",
                                                   .kinds = STANDARD_MAP,
                                                   .fields = distribution_fields,
                                                   .variants = distribution_variants,
                                                   .open = true};

/* ---- Datasets ---- */

#define SET(name, shape, ...)                                                            \
    MIXED(name, STANDARD_LIST | STANDARD_NULL, __VA_ARGS__,                              \
          .flags = STANDARD_FILLED | STANDARD_DISTINCT, .of = &shape)
#define NEEDED_SET(name, shape, ...)                                                     \
    ROW(name, LIST, __VA_ARGS__,                                                         \
        .flags = STANDARD_REQUIRED | STANDARD_FILLED | STANDARD_DISTINCT, .of = &shape)
#define NEEDED_TEXT(name, ...)                                                           \
    ROW(name, TEXT, __VA_ARGS__, .flags = STANDARD_REQUIRED | STANDARD_WORDED)

/* Words of the list hold blanks, which `words` cannot. */
static bool is_access_level(const char *text)
{
    return string_equal(text, "public") || string_equal(text, "restricted public") ||
           string_equal(text, "non-public");
}
static const struct standard_form access_level = {
    "one of: public, restricted public, non-public", is_access_level};

static const struct standard_field dataset_fields[] = {
    LINKED_TYPE("dcat:Dataset"),
    NEEDED_TEXT("title", "Name of the dataset for people."),
    NEEDED_TEXT("description", "What the dataset holds, so that one can tell its worth."),
    ROW("keyword", LIST, "Words to find it by.",
        .flags = STANDARD_REQUIRED | STANDARD_FILLED, .of = &a_word),
    ROW("modified", TEXT, "When it was last changed, or how often it is.", NEEDS,
        .form = &modified),
    ROW("publisher", MAP, "Who publishes it.", NEEDS, .of = &publisher),
    ROW("contactPoint", MAP, "Who answers questions about it.", NEEDS, .of = &contact),
    NEEDED_TEXT("identifier", "What tells this dataset from every other one."),
    ROW("accessLevel", TEXT, "public, restricted public or non-public.", NEEDS,
        .form = &access_level),
    NEEDED_SET("bureauCode", a_bureau, "Numbers of the agency and bureau: 015:11."),
    NEEDED_SET("programCode", a_program, "Numbers of the agency and program: 015:001."),
    LINK("license", "The licence it is given under."),
    MIXED("rights", TEXT_OR_NULL, "Why access is limited, and how to get it.",
          .form = &short_text),
    SAID("spatial", "The place or area it is about."),
    MIXED("temporal", TEXT_OR_NULL, "The time it is about, from/to.", .form = &temporal),
    MIXED("distribution", STANDARD_LIST | STANDARD_NULL, "Its files and services.",
          .of = &distribution),
    MIXED("accrualPeriodicity", TEXT_OR_NULL, "How often it is published: R/P1Y.",
          .form = &frequency),
    LINK("conformsTo", "The specification it keeps to."),
    MIXED("dataQuality", STANDARD_BOOLEAN | STANDARD_NULL,
          "True when it meets the agency's guidelines for quality."),
    LINK("describedBy", "Address of the data dictionary."),
    MIXED("describedByType", TEXT_OR_NULL, "Media type of the data dictionary.",
          .form = &media_type),
    ROW("isPartOf", TEXT, "The identifier of the collection it belongs to.",
        .flags = STANDARD_WORDED),
    MIXED("issued", TEXT_OR_NULL, "The day it was first published.", .form = &date),
    MIXED("language", STANDARD_LIST | STANDARD_NULL, "The languages it is written in.",
          .of = &a_language),
    LINK("landingPage", "Address of its page for people."),
    MIXED("primaryITInvestmentUII", TEXT_OR_NULL, "The investment that pays for it.",
          .form = &investment),
    SET("references", standard_a_text, "Documents that say more about it."),
    SAID("systemOfRecords", "The notice of the system of records it belongs to."),
    SET("theme", a_word, "The categories it belongs to."),
    END,
};
static const struct standard_shape dataset = OPEN_SHAPE("a dataset", dataset_fields);

/* ---- The catalog ---- */

static const struct standard_field typed_fields[] = {
    ROW("@context", TEXT, "Address of the meaning of the keys in linked data.", NEEDS),
    END};
static const struct standard_variant catalog_variants[] = {
    {.key = "@type", .word = "*", .fields = typed_fields}, {.key = NULL}};

static const struct standard_field catalog_fields[] = {
    ROW("@context", TEXT, "Address of the meaning of the keys in linked data."),
    ROW("@id", TEXT, "Address of this file."),
    LINKED_TYPE("dcat:Catalog"),
    ROW("conformsTo", TEXT, "The version of the schema this file is written in.", NEEDS,
        .words = "https://project-open-data.cio.gov/v1.1/schema"),
    ROW("describedBy", TEXT, "Address of that schema."),
    ROW("dataset", LIST, "The datasets.", NEEDS, .of = &dataset),
    END,
};
const struct standard_shape standard_dcat = {.name = "a data catalog",
                                             .kinds = STANDARD_MAP,
                                             .fields = catalog_fields,
                                             .variants = catalog_variants,
                                             .open = true};
