/* safetext: turn any bytes into clusters that are safe on a terminal, with their widths.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/safetext.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

enum {
    MARKS_MOST = 8,
    ZERO_WIDTH_JOINER = 0x200D,
};

/* Decode one code point; -1 for bytes that are no UTF-8 (then *used is 1). */
static utf8proc_int32_t decode(const char *bytes, size_t length, size_t *used)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)bytes,
                                          (utf8proc_ssize_t)length, &point);
    *used = n > 0 ? (size_t)n : 1;
    return n > 0 ? point : -1;
}

static bool is_variation_selector(utf8proc_int32_t point)
{
    return point == 0xFE0E || point == 0xFE0F;
}

static bool is_emoji_modifier(utf8proc_int32_t point)
{
    return point >= 0x1F3FB && point <= 0x1F3FF;
}

/* Tags and the selectors beside them: nothing to see, and good for hiding text. */
static bool is_hidden(utf8proc_int32_t point)
{
    return point >= 0xE0000 && point <= 0xE0FFF;
}

static bool is_mark(utf8proc_int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME) &&
           !is_hidden(point);
}

/* What may never reach a terminal as it is. Unassigned points are shown by number: what a
 * terminal makes of them is anybody's guess. */
static bool is_unsafe(utf8proc_int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
        return true;
    default:
        return is_hidden(point) || (utf8proc_charwidth(point) == 0 && !is_mark(point));
    }
}

static void set_escape(struct safetext_cluster *out, const char *text)
{
    snprintf(out->bytes, sizeof out->bytes, "%s", text);
    out->width = (int)strlen(out->bytes);
    out->escaped = true;
}

static void escape_point(struct safetext_cluster *out, utf8proc_int32_t point)
{
    char text[16];
    if (point < 0x20) {
        snprintf(text, sizeof text, "^%c", (char)(point + 0x40));
    } else if (point == 0x7F) {
        snprintf(text, sizeof text, "^?");
    } else {
        snprintf(text, sizeof text, "<U+%04X>", (unsigned)point);
    }
    set_escape(out, text);
}

static void append_point(struct safetext_cluster *out, const char *bytes, size_t used)
{
    size_t length = strlen(out->bytes);
    if (length + used < sizeof out->bytes) {
        memcpy(out->bytes + length, bytes, used);
        out->bytes[length + used] = '\0';
    }
}

/* Marks, variation selectors and joined signs that follow the base belong to its cluster.
 */
static void take_followers(const char *bytes, size_t length, utf8proc_int32_t base,
                           struct safetext_cluster *out)
{
    int marks = 0;
    bool is_pictograph = utf8proc_get_property(base)->boundclass ==
                         UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
    while (out->source < length) {
        const char *at = bytes + out->source;
        size_t used;
        utf8proc_int32_t point = decode(at, length - out->source, &used);
        if (point < 0) {
            return;
        }
        if (point == ZERO_WIDTH_JOINER && is_pictograph) {
            size_t next_used;
            size_t rest = length - out->source - used;
            utf8proc_int32_t next = rest > 0 ? decode(at + used, rest, &next_used) : -1;
            bool joins = next > 0 && utf8proc_get_property(next)->boundclass ==
                                         UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
            if (!joins || strlen(out->bytes) + used + next_used >= sizeof out->bytes) {
                return;
            }
            append_point(out, at, used + next_used);
            out->source += used + next_used;
            continue;
        }
        if (is_variation_selector(point) || (is_emoji_modifier(point) && is_pictograph)) {
            if (point == 0xFE0F && is_pictograph) {
                out->width = 2;
            }
        } else if (!is_mark(point)) {
            return;
        }
        if (++marks <= MARKS_MOST) {
            append_point(out, at, used);
        }
        out->source += used;
    }
}

/* Two regional indicators are one flag. */
static bool take_flag(const char *bytes, size_t length, utf8proc_int32_t first,
                      struct safetext_cluster *out)
{
    if (first < 0x1F1E6 || first > 0x1F1FF || out->source >= length) {
        return false;
    }
    size_t used;
    utf8proc_int32_t second = decode(bytes + out->source, length - out->source, &used);
    if (second < 0x1F1E6 || second > 0x1F1FF) {
        return false;
    }
    append_point(out, bytes + out->source, used);
    out->source += used;
    out->width = 2;
    return true;
}

void safetext_next(const char *bytes, size_t length, struct safetext_cluster *out)
{
    size_t used;
    out->bytes[0] = '\0';
    out->escaped = false;
    unsigned char lead = (unsigned char)bytes[0];
    bool ascii_follows = length == 1 || (unsigned char)bytes[1] < 0x80;
    if (lead >= 0x20 && lead < 0x7F && ascii_follows) {
        out->bytes[0] = (char)lead;
        out->bytes[1] = '\0';
        out->width = 1;
        out->source = 1;
        return;
    }
    utf8proc_int32_t point = decode(bytes, length, &used);
    out->source = used;
    if (point < 0) {
        char text[8];
        snprintf(text, sizeof text, "<%02X>", lead);
        set_escape(out, text);
        return;
    }
    if (is_unsafe(point)) {
        escape_point(out, point);
        return;
    }
    if (is_mark(point)) {
        append_point(out, "\xE2\x97\x8C", 3); /* a dotted circle carries a lone mark */
        out->width = 1;
    } else {
        out->width = utf8proc_charwidth(point) == 2 ? 2 : 1;
    }
    append_point(out, bytes, used);
    if (!take_flag(bytes, length, point, out)) {
        take_followers(bytes, length, point, out);
    }
}

void safetext_append(struct text *out, const char *bytes, size_t length)
{
    struct safetext_cluster cluster;
    for (size_t i = 0; i < length; i += cluster.source) {
        safetext_next(bytes + i, length - i, &cluster);
        text_append(out, cluster.bytes);
    }
}

void safetext_append_lines(struct text *out, const char *bytes, size_t length)
{
    struct safetext_cluster cluster;
    for (size_t i = 0; i < length; i += cluster.source) {
        safetext_next(bytes + i, length - i, &cluster);
        if (bytes[i] == '\n') {
            text_append_char(out, '\n');
        } else if (bytes[i] == '\t') {
            text_append(out, "    ");
        } else {
            text_append(out, cluster.bytes);
        }
    }
}

int safetext_width_limited(const char *bytes, size_t length, int limit)
{
    struct safetext_cluster cluster;
    int width = 0;
    for (size_t i = 0; i < length && width <= limit; i += cluster.source) {
        safetext_next(bytes + i, length - i, &cluster);
        width += cluster.width;
    }
    return width;
}

int safetext_width(const char *bytes, size_t length)
{
    return safetext_width_limited(bytes, length, 1 << 30);
}

int safetext_append_cut(struct text *out, const char *bytes, size_t length, int columns)
{
    int whole = safetext_width_limited(bytes, length, columns);
    if (whole <= columns) {
        safetext_append(out, bytes, length);
        return whole;
    }
    struct safetext_cluster cluster;
    int width = 0;
    for (size_t i = 0; i < length; i += cluster.source) {
        safetext_next(bytes + i, length - i, &cluster);
        if (width + cluster.width > columns - 1) {
            break;
        }
        text_append(out, cluster.bytes);
        width += cluster.width;
    }
    if (columns > 0) {
        text_append(out, "\xE2\x80\xA6");
        width++;
    }
    return width;
}
