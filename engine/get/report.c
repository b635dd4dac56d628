/* get/report: what happened, and its way from child to parent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void get_report_release(struct get_report *report)
{
    free(report->product);
    free(report->version_key);
    free(report->file);
    text_release(&report->notes);
    text_release(&report->drift);
    text_release(&report->broken);
    memset(report, 0, sizeof *report);
}

/* ---- From child to parent: numbers, then strings that end in NUL ---- */

struct packed {
    int64_t tables, files, rows, rejected, bytes, was_current, needs_consent;
    double seconds;
};

void get_report_pack(const struct get_report *report, struct text *out)
{
    struct packed packed = {.tables = report->tables,
                            .files = report->files,
                            .rows = report->rows,
                            .rejected = report->rejected,
                            .bytes = report->bytes,
                            .was_current = report->was_current,
                            .needs_consent = report->needs_consent,
                            .seconds = report->seconds};
    text_append_bytes(out, &packed, sizeof packed);
    const char *const strings[] = {report->product,
                                   report->version_key,
                                   report->file,
                                   text_string(&report->notes),
                                   text_string(&report->drift),
                                   text_string(&report->broken)};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        const char *string = strings[i] != NULL ? strings[i] : "";
        text_append_bytes(out, string, strlen(string) + 1);
    }
}

bool get_report_unpack(const void *bytes, size_t length, struct get_report *report)
{
    struct packed packed;
    memset(report, 0, sizeof *report);
    const char *at = (const char *)bytes + sizeof packed;
    size_t left = length - sizeof packed;
    if (length < sizeof packed) {
        return false;
    }
    memcpy(&packed, bytes, sizeof packed);
    report->tables = packed.tables;
    report->files = packed.files;
    report->rows = packed.rows;
    report->rejected = packed.rejected;
    report->bytes = packed.bytes;
    report->was_current = packed.was_current != 0;
    report->seconds = packed.seconds;
    report->needs_consent = packed.needs_consent != 0;
    char **const strings[] = {&report->product, &report->version_key, &report->file};
    struct text *const texts[] = {&report->notes, &report->drift, &report->broken};
    for (size_t i = 0; i < 6; i++) {
        const char *end = memchr(at, '\0', left);
        if (end == NULL) {
            get_report_release(report);
            return false;
        }
        if (i < 3) {
            *strings[i] = *at != '\0' ? string_copy(at) : NULL;
        } else {
            text_append(texts[i - 3], at);
        }
        left -= (size_t)(end - at) + 1;
        at = end + 1;
    }
    return true;
}
