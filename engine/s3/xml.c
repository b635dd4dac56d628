/* s3: what a store says in XML: listings and errors, read by expat. Documents with a
 * DOCTYPE are refused whole, so there are no entities but the five of XML; depth, texts
 * and the number of objects are bounded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "engine/s3/private.h"

enum { DEPTH_MOST = 16, TEXT_MOST = 8192, OBJECTS_OF_PAGE = 10000 };

struct reading {
    XML_Parser parser;
    struct s3_page *page;
    struct s3_object object; /* that is being read */
    struct text text;        /* of the element that is open */
    int depth;
    bool is_contents, is_bad;
};

static void stop(struct reading *reading)
{
    reading->is_bad = true;
    XML_StopParser(reading->parser, XML_FALSE);
}

/* A key as encoding-type=url writes it: %XX, and + for a blank. */
static void decode(char *text)
{
    char *to = text;
    for (const char *p = text; *p != '\0'; p++) {
        char hex[3] = {p[0] == '%' ? p[1] : '\0',
                       p[0] == '%' && p[1] != '\0' ? p[2] : '\0'};
        char *end;
        long byte = strtol(hex, &end, 16);
        bool is_escape = strlen(hex) == 2 && end == hex + 2 && byte > 0 &&
                         strpbrk(hex, "+- xX") == NULL;
        if (is_escape) {
            *to++ = (char)byte;
            p += 2;
        } else {
            *to++ = *p == '+' ? ' ' : *p;
        }
    }
    *to = '\0';
}

/* ---- Values ---- */

static void keep(char **to, const char *value)
{
    free(*to);
    *to = string_copy(value);
}

/* What is too long, or cannot stand in a header, is not kept. */
static void keep_short(char *to, size_t size, const char *value)
{
    size_t length = strlen(value);
    bool fits = length < size;
    for (size_t i = 0; fits && i < length; i++) {
        fits = (unsigned char)value[i] >= 32 && value[i] != 127;
    }
    length = fits ? length : 0;
    memcpy(to, value, length);
    to[length] = '\0';
}

static long long number_of(const char *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    return errno == 0 && end != value && *end == '\0' && number >= 0 ? number : -1;
}

/* A tag is compared with that of a header, which has quotation marks. */
static void take_etag(struct s3_object *object, const char *value)
{
    char *quoted = value[0] == '"' || value[0] == '\0' ? string_copy(value)
                                                       : string_printf("\"%s\"", value);
    keep_short(object->etag, sizeof object->etag, quoted);
    free(quoted);
}

static void take_of_object(struct reading *reading, const char *name, const char *value)
{
    struct s3_object *object = &reading->object;
    if (strcmp(name, "Key") == 0) {
        keep(&object->key, value);
    } else if (strcmp(name, "Size") == 0) {
        object->bytes = number_of(value);
    } else if (strcmp(name, "ETag") == 0) {
        take_etag(object, value);
    } else if (strcmp(name, "LastModified") == 0) {
        keep_short(object->changed, sizeof object->changed, value);
    }
}

static void take_of_page(struct reading *reading, const char *name, const char *value)
{
    struct s3_page *page = reading->page;
    const struct {
        const char *name;
        char **value;
    } texts[] = {
        {"NextContinuationToken", &page->next},
        {"Code", &page->code},
        {"Message", &page->message},
        {"Region", &page->region},
        {"Endpoint", &page->endpoint},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            keep(texts[i].value, value);
        }
    }
    if (strcmp(name, "IsTruncated") == 0) {
        page->is_truncated = strcmp(value, "true") == 0;
    } else if (strcmp(name, "EncodingType") == 0) {
        page->is_encoded = strcmp(value, "url") == 0;
    }
}

static void end_object(struct reading *reading)
{
    if (reading->object.key == NULL || reading->page->objects.count >= OBJECTS_OF_PAGE) {
        stop(reading);
        return;
    }
    *(struct s3_object *)array_push(&reading->page->objects) = reading->object;
    reading->object = (struct s3_object){.bytes = -1};
}

/* ---- What expat calls ---- */

static void on_start(void *owner, const char *name, const char **attributes)
{
    struct reading *reading = owner;
    (void)attributes;
    text_clear(&reading->text);
    if (++reading->depth > DEPTH_MOST) {
        stop(reading);
    } else if (reading->depth == 1) {
        reading->page->is_listing = strcmp(name, "ListBucketResult") == 0;
        if (!reading->page->is_listing && strcmp(name, "Error") != 0) {
            stop(reading);
        }
    } else if (reading->depth == 2) {
        reading->is_contents = strcmp(name, "Contents") == 0;
    }
}

static void on_end(void *owner, const char *name)
{
    struct reading *reading = owner;
    const char *value = text_string(&reading->text);
    if (reading->depth == 3 && reading->is_contents) {
        take_of_object(reading, name, value);
    } else if (reading->depth == 2 && reading->is_contents) {
        end_object(reading);
    } else if (reading->depth == 2) {
        take_of_page(reading, name, value);
    }
    text_clear(&reading->text);
    reading->depth--;
}

static void on_text(void *owner, const char *bytes, int length)
{
    struct reading *reading = owner;
    if (reading->text.length + (size_t)length > TEXT_MOST ||
        memchr(bytes, '\0', (size_t)length) != NULL) {
        stop(reading);
        return;
    }
    text_append_bytes(&reading->text, bytes, (size_t)length);
}

static void on_doctype(void *owner, const char *name, const char *system,
                       const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    stop(owner);
}

static void decode_keys(struct s3_page *page)
{
    for (size_t i = 0; page->is_encoded && i < page->objects.count; i++) {
        decode(((struct s3_object *)array_at(&page->objects, i))->key);
    }
}

bool s3_page_parse(const char *bytes, size_t length, struct s3_page *page)
{
    *page = (struct s3_page){.objects = ARRAY_OF(struct s3_object)};
    struct reading reading = {
        .parser = XML_ParserCreate(NULL), .page = page, .object = {.bytes = -1}};
    if (reading.parser == NULL || length > S3_PAGE_MOST) {
        XML_ParserFree(reading.parser);
        return false;
    }
    XML_SetUserData(reading.parser, &reading);
    XML_SetElementHandler(reading.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading.parser, on_text);
    XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
    bool good = XML_Parse(reading.parser, bytes, (int)length, 1) == XML_STATUS_OK &&
                !reading.is_bad;
    XML_ParserFree(reading.parser);
    text_release(&reading.text);
    free(reading.object.key);
    if (good) {
        decode_keys(page);
    } else {
        s3_page_release(page);
    }
    return good;
}

void s3_objects_release(struct array *objects)
{
    for (size_t i = 0; i < objects->count; i++) {
        free(((struct s3_object *)array_at(objects, i))->key);
    }
    array_release(objects);
}

void s3_page_release(struct s3_page *page)
{
    s3_objects_release(&page->objects);
    free(page->next);
    free(page->code);
    free(page->message);
    free(page->region);
    free(page->endpoint);
    *page = (struct s3_page){.objects = ARRAY_OF(struct s3_object)};
}
