/* catalog/names: how products and tables are called: names to type, names in SQL, names
 * that no other has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* Letters, digits and marks of any script may stand in a name; `also` are ASCII signs. */
static bool may_stand(utf8proc_int32_t c, const char *also)
{
    if (c < 128) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z') || (c != 0 && strchr(also, c) != NULL);
    }
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

static void append_character(struct text *out, utf8proc_int32_t c)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char(c, bytes);
    text_append_bytes(out, bytes, (size_t)length);
}

/* Keep what may stand; each run of other signs becomes one `filler`. */
static void append_made_name(struct text *out, const char *name, const char *also,
                             char filler, bool lower)
{
    enum { LONGEST = 80 };
    size_t left = strlen(name);
    bool gap = false;
    while (left > 0 && out->length < LONGEST) {
        utf8proc_int32_t c;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)name, (utf8proc_ssize_t)left, &c);
        bool fits = used > 0 && may_stand(c, also);
        if (fits) {
            if (gap) {
                text_append_char(out, filler);
            }
            append_character(out, lower ? utf8proc_tolower(c) : c);
        }
        gap = !fits && (out->length > 0 || filler == '_');
        name += used > 0 ? used : 1;
        left -= used > 0 ? (size_t)used : 1;
    }
    if (gap && filler == '_') {
        text_append_char(out, filler);
    }
}

char *catalog_sql_name(const char *name)
{
    struct text made = {0};
    if (name != NULL && name[0] >= '0' && name[0] <= '9') {
        text_append_char(&made, '_');
    }
    append_made_name(&made, name != NULL ? name : "", "_", '_', true);
    if (made.length == 0) {
        text_append_char(&made, '_');
    }
    return text_take(&made);
}

char *name_to_type(const char *text)
{
    struct text made = {0};
    if (text == NULL) {
        return NULL;
    }
    /* A name that is fit as it stands keeps its capitals; prose does not. */
    bool is_prose = strchr(text, ' ') != NULL;
    append_made_name(&made, text, "_-.", '-', is_prose);
    while (made.length > 0 && made.data[made.length - 1] == '.') {
        text_truncate(&made, made.length - 1);
    }
    if (made.length == 0) {
        text_release(&made);
        return NULL;
    }
    return text_take(&made);
}

static bool is_taken(const char *name, const struct array *taken)
{
    for (size_t i = 0; i < taken->count; i++) {
        if (string_equal_fold(name, *(char **)array_at(taken, i))) {
            return true;
        }
    }
    return false;
}

char *name_unlike(const char *name, struct array *taken)
{
    char *made = string_copy(name);
    for (int n = 2; is_taken(made, taken); n++) {
        free(made);
        made = string_printf("%s_%d", name, n);
    }
    *(char **)array_push(taken) = string_copy(made);
    return made;
}

void catalog_names_release(struct array *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(*(char **)array_at(names, i));
    }
    array_release(names);
}

char *path_beside(const char *folder, const char *reference)
{
    struct text path = {0};
    text_append(&path, folder);
    while (*reference != '\0') {
        size_t length = strcspn(reference, "/");
        if (length == 2 && strncmp(reference, "..", 2) == 0) {
            const char *slash = path.length > 0 ? strrchr(path.data, '/') : NULL;
            if (path.length == 0) {
                text_release(&path);
                return NULL;
            }
            text_truncate(&path, slash != NULL ? (size_t)(slash - path.data) : 0);
        } else if (length > 0 && !(length == 1 && reference[0] == '.')) {
            if (path.length > 0) {
                text_append_char(&path, '/');
            }
            text_append_bytes(&path, reference, length);
        }
        reference += length + (reference[length] == '/' ? 1 : 0);
    }
    return text_take(&path);
}

/* The first folder when the file lies two or more below the mesh, else the mesh itself.
 */
static char *domain_of_path(struct build *build, const char *path)
{
    size_t first = strcspn(path, "/");
    bool is_deep = path[first] == '/' && strchr(path + first + 1, '/') != NULL;
    char *name = string_copy_bytes(path, first);
    if (!is_deep && path[first] == '/') {
        is_deep = store_number(build->db, 0, "SELECT count(*) FROM domain WHERE name=?1",
                               "s", name) > 0;
    }
    char *domain = name_to_type(is_deep ? name : build->name);
    free(name);
    return domain != NULL ? domain : string_copy("mesh");
}

/* What a product is called: its name, else the last part of its id, else its file. */
static char *choose_name(const char *path, const struct product_row *row)
{
    char *name = name_to_type(row->name);
    if (name == NULL && row->id != NULL && !string_equal(row->id, path)) {
        const char *slash = strrchr(row->id, '/');
        name = name_to_type(slash != NULL ? slash + 1 : row->id);
    }
    if (name == NULL) {
        const char *base = path_base(path);
        char *stem = string_copy_bytes(base, strcspn(base, "."));
        name = name_to_type(stem);
        free(stem);
    }
    return name != NULL ? name : string_copy("product");
}

long long product_insert(struct build *build, const char *path,
                         const struct product_row *row)
{
    char *name = choose_name(path, row);
    char *domain = name_to_type(row->domain);
    if (domain == NULL) {
        domain = domain_of_path(build, path);
    }
    char *key = string_printf("%s/%s", domain, name);
    char *base = catalog_sql_name(name);
    const char *title = row->title != NULL              ? row->title
                        : string_equal(row->name, name) ? NULL
                                                        : row->name;
    long long rowid = build_insert(
        build, INSERT_PRODUCT, "ssssssssssssisisssssssssssss",
        row->id != NULL ? row->id : key, name, domain, row->tenant, row->version,
        row->status, row->type, row->team, row->purpose, row->limitations, row->usage,
        row->created, (int)row->deprecated, path, row->line, key, title, row->standard,
        row->folder, row->description, row->modified, row->access_level, row->license,
        row->language, key, base, row->team, row->adopted);
    free(base);
    free(key);
    free(domain);
    free(name);
    return rowid;
}
