/* Fuzzing of document_parse(): the first byte chooses the format, the rest is the text.
 * What is accepted is walked in full, so that a wrong pointer or count cannot hide. `make
 * fuzz` builds it with clang's libFuzzer; run it as `fuzz_document CORPUS
 * -max_total_time=60`. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static size_t walk(const struct document_value *value, int depth)
{
    size_t seen = 1;
    if (depth > 65) {
        abort();
    }
    const char *text = document_text(value);
    seen += text != NULL ? strlen(text) : 0;
    seen += document_number(value, 0) > 0;
    for (size_t i = 0; i < document_count(value); i++) {
        const char *key = NULL;
        struct document_place place;
        const struct document_value *item = document_kind(value) == DOCUMENT_MAP
                                                ? document_member(value, i, &key, &place)
                                                : document_item(value, i);
        if (key != NULL && document_get(value, key) != item) {
            abort(); /* every key finds its own value */
        }
        seen += walk(item, depth + 1);
    }
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const enum document_format formats[] = {DOCUMENT_YAML, DOCUMENT_JSON,
                                                   DOCUMENT_JSON_DATA};
    if (length == 0) {
        return 0;
    }
    struct document_place place = {0};
    struct error err = {0};
    struct document *document = document_parse((const char *)bytes + 1, length - 1,
                                               formats[bytes[0] % 3], &place, &err);
    if (document == NULL &&
        (err.message[0] == '\0' || place.line < 1 || place.column < 1)) {
        abort(); /* every refusal says why and where */
    }
    if (document != NULL && document_root(document) != NULL) {
        walk(document_root(document), 1);
    }
    document_free(document);
    return 0;
}
