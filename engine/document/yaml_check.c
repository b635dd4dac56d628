/* document/yaml_check: texts that libfyaml must not see, for what it does to memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/document/tree.h"

#include <string.h>

/* Before it gives the first event of a flow ([...], {...}), libfyaml holds all its
 * tokens, up to 600 bytes for each of these signs (half of that for a quote). So many are
 * more than a document of the most values needs; they are refused before that. */
static bool check_signs(struct tree_builder *builder, const char *bytes, size_t length)
{
    enum { MOST_SIGNS = 4 * TREE_MAX_NODES };
    static const unsigned char halves[256] = {
        ['['] = 2, [']'] = 2, ['{'] = 2, ['}'] = 2, [','] = 2, [':'] = 2,
        ['?'] = 2, ['!'] = 2, ['&'] = 2, ['*'] = 2, ['"'] = 1, ['\''] = 1,
    };
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_item = bytes[i] == '-' && i + 1 < length && bytes[i + 1] <= ' ';
        count += is_item ? 2 : halves[(unsigned char)bytes[i]];
    }
    return count <= 2 * MOST_SIGNS ||
           tree_fail(builder, (struct document_place){.line = 1, .column = 1},
                     "the document has more than %d brackets, commas, colons, "
                     "dashes and quotes; split it into several files",
                     MOST_SIGNS);
}

/* ---- Tabs behind a colon ---- */

static bool is_blank(const char *bytes, size_t length, size_t at)
{
    return at >= length || strchr(" \t\n\r", bytes[at]) != NULL;
}

/* Could a token end or begin here? Signs beyond ASCII end lines in YAML 1.1. */
static bool is_border(const char *bytes, size_t length, size_t at)
{
    return is_blank(bytes, length, at) || (unsigned char)bytes[at] >= 0x80 ||
           strchr(",[]{}\"':-?", bytes[at]) != NULL;
}

static bool may_have_question_keys(const char *bytes, size_t length)
{
    const char *end = bytes + length, *at = bytes;
    for (; (at = memchr(at, '?', (size_t)(end - at))) != NULL; at++) {
        size_t offset = (size_t)(at - bytes);
        if ((offset == 0 || is_border(bytes, length, offset - 1)) &&
            is_border(bytes, length, offset + 1)) {
            return true;
        }
    }
    return false;
}

/* Behind the colon at `at`: blanks, one of them a tab, and then a sign of a block? */
static bool has_tab_and_sign(const char *bytes, size_t length, size_t at)
{
    size_t sign = at + 1;
    bool has_tab = false;
    for (; sign < length && (bytes[sign] == ' ' || bytes[sign] == '\t'); sign++) {
        has_tab = has_tab || bytes[sign] == '\t';
    }
    return has_tab && sign < length &&
           (strchr("?:|>", bytes[sign]) != NULL ||
            (bytes[sign] == '-' && is_border(bytes, length, sign + 1)));
}

/* Where keys begin with "?", libfyaml 0.7.12 frees the key of such a colon twice. It
 * would refuse the text; so does this, which sees neither quotes nor blocks. */
static bool check_tabs(struct tree_builder *builder, const char *bytes, size_t length)
{
    struct document_place place = {.line = 1, .column = 1};
    if (memchr(bytes, '\t', length) == NULL || !may_have_question_keys(bytes, length)) {
        return true;
    }
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == ':' && has_tab_and_sign(bytes, length, i)) {
            return tree_fail(builder, place,
                             "a tab stands behind this colon and before another sign, in "
                             "a document with \"?\" keys; put blanks there");
        }
        place.column += ((unsigned char)bytes[i] & 0xC0) != 0x80 ? 1 : 0;
        if (bytes[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return true;
}

bool yaml_check(struct tree_builder *builder, const char *bytes, size_t length)
{
    return check_signs(builder, bytes, length) && check_tabs(builder, bytes, length);
}
