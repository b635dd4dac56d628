/* command/junit: see junit.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/junit.h"

#include <stdlib.h>
#include <string.h>

#include "engine/finding.h"

/* ---- XML ---- */

/* Bytes of the UTF-8 character at p that XML 1.0 may hold, 0: it may not. */
static size_t xml_length(const unsigned char *p)
{
    static const struct {
        unsigned char mask, lead;
        size_t length;
        unsigned long least;
    } forms[] = {{0x80, 0x00, 1, 0},
                 {0xE0, 0xC0, 2, 0x80},
                 {0xF0, 0xE0, 3, 0x800},
                 {0xF8, 0xF0, 4, 0x10000}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if ((p[0] & forms[i].mask) != forms[i].lead) {
            continue;
        }
        unsigned long sign = p[0] & (unsigned char)~forms[i].mask;
        for (size_t k = 1; k < forms[i].length; k++) {
            if ((p[k] & 0xC0) != 0x80) {
                return 0;
            }
            sign = sign << 6 | (p[k] & 0x3F);
        }
        bool is_control = sign < 0x20 && sign != '\t' && sign != '\n' && sign != '\r';
        bool is_none = (sign >= 0xD800 && sign <= 0xDFFF) || sign == 0xFFFE ||
                       sign == 0xFFFF || sign > 0x10FFFF || sign < forms[i].least;
        return is_control || is_none ? 0 : forms[i].length;
    }
    return 0;
}

/* Text of an attribute or an element. */
static void append_xml(struct text *out, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p != '\0') {
        size_t length = xml_length(p);
        if (length == 0) {
            text_append(out, "\xEF\xBF\xBD");
            length = 1;
        } else if (strchr("&<>\"\t\n\r", *p) != NULL) {
            text_printf(out, "&#%d;", *p);
        } else {
            text_append_bytes(out, p, length);
        }
        p += length;
    }
}

static void append_attribute(struct text *out, const char *name, const char *value)
{
    text_printf(out, " %s=\"", name);
    append_xml(out, value);
    text_append_char(out, '"');
}

/* ---- Suites ---- */

static void append_case(struct text *out, const struct finding *finding)
{
    char *name = string_printf("%s at line %d, column %d", finding->rule, finding->line,
                               finding->column);
    text_append(out, "    <testcase");
    append_attribute(out, "classname", finding->path);
    append_attribute(out, "name", name);
    text_append(out, ">\n");
    if (finding->is_error) {
        text_append(out, "      <failure");
        append_attribute(out, "type", finding->rule);
        append_attribute(out, "message", finding->sentence);
        text_append_char(out, '>');
    } else {
        text_append(out, "      <system-out>");
    }
    text_printf(out, "%s", finding->is_error ? "" : "warning: ");
    append_xml(out, finding->sentence);
    if (finding->fix != NULL) {
        text_append(out, "&#10;fix: ");
        append_xml(out, finding->fix);
    }
    text_append(out, finding->is_error ? "</failure>\n" : "</system-out>\n");
    text_append(out, "    </testcase>\n");
    free(name);
}

/* The findings from `first` on that are of one file. */
static size_t suite_length(const struct array *findings, size_t first, const char *path)
{
    size_t count = 0;
    const struct finding *finding;
    while ((finding = array_at(findings, first + count)) != NULL &&
           string_equal(finding->path, path)) {
        count++;
    }
    return count;
}

static void append_suite(struct text *out, const char *path, const struct array *findings,
                         size_t first, size_t count)
{
    size_t failures = 0;
    for (size_t i = first; i < first + count; i++) {
        failures += ((struct finding *)array_at(findings, i))->is_error;
    }
    text_append(out, "  <testsuite");
    append_attribute(out, "name", path);
    text_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n",
                count > 0 ? count : 1, failures);
    for (size_t i = first; i < first + count; i++) {
        append_case(out, array_at(findings, i));
    }
    if (count == 0) {
        text_append(out, "    <testcase");
        append_attribute(out, "classname", path);
        text_append(out, " name=\"no findings\"/>\n");
    }
    text_append(out, "  </testsuite>\n");
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files and the paths of findings, each once, in order: of const char *. */
static struct array all_paths(const struct array *findings, const struct array *files)
{
    struct array all = ARRAY_OF(const char *), once = ARRAY_OF(const char *);
    for (size_t i = 0; i < findings->count; i++) {
        *(const char **)array_push(&all) =
            ((struct finding *)array_at(findings, i))->path;
    }
    for (size_t i = 0; i < files->count; i++) {
        *(const char **)array_push(&all) = *(char **)array_at(files, i);
    }
    if (all.count > 1) {
        qsort(all.items, all.count, all.item_size, compare_paths);
    }
    for (size_t i = 0; i < all.count; i++) {
        const char *path = *(const char **)array_at(&all, i);
        if (i == 0 || !string_equal(path, *(const char **)array_at(&all, i - 1))) {
            *(const char **)array_push(&once) = path;
        }
    }
    array_release(&all);
    return once;
}

void junit_append(struct text *out, const struct array *findings,
                  const struct array *files)
{
    struct array paths = all_paths(findings, files);
    size_t failures = 0, tests = 0, first = 0;
    struct text suites = {0};
    for (size_t i = 0; i < findings->count; i++) {
        failures += ((struct finding *)array_at(findings, i))->is_error;
    }
    for (size_t i = 0; i < paths.count; i++) {
        const char *path = *(const char **)array_at(&paths, i);
        size_t count = suite_length(findings, first, path);
        append_suite(&suites, path, findings, first, count);
        first += count;
        tests += count > 0 ? count : 1;
    }
    text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text_printf(out,
                "<testsuites name=\"mwb lint\" tests=\"%zu\" failures=\"%zu\" "
                "errors=\"0\">\n",
                tests, failures);
    text_append(out, text_string(&suites));
    text_append(out, "</testsuites>\n");
    text_release(&suites);
    array_release(&paths);
}

/* ---- Tests that are no findings ---- */

static void append_verdict(struct text *out, const struct junit_case *one)
{
    static const char *const elements[] = {
        [JUNIT_PASSED] = "system-out",
        [JUNIT_FAILED] = "failure",
        [JUNIT_ERROR] = "error",
        [JUNIT_SKIPPED] = "skipped",
    };
    const char *element = elements[one->verdict];
    if (one->verdict == JUNIT_PASSED && one->sentence == NULL) {
        return;
    }
    text_printf(out, "      <%s", element);
    if (one->type != NULL && one->verdict != JUNIT_PASSED) {
        append_attribute(out, "type", one->type);
    }
    if (one->verdict != JUNIT_PASSED) {
        append_attribute(out, "message", one->sentence != NULL ? one->sentence : "");
    }
    text_append_char(out, '>');
    append_xml(out, one->sentence != NULL ? one->sentence : "");
    text_printf(out, "</%s>\n", element);
}

static void append_counts(struct text *out, const struct junit_case *cases, size_t count)
{
    size_t counts[JUNIT_SKIPPED + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        counts[cases[i].verdict]++;
    }
    text_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
                count, counts[JUNIT_FAILED], counts[JUNIT_ERROR], counts[JUNIT_SKIPPED]);
}

void junit_append_cases(struct text *out, const char *program,
                        const struct junit_case *cases, size_t count)
{
    text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    append_attribute(out, "name", program);
    append_counts(out, cases, count);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first;
             end < count && string_equal(cases[end].suite, cases[first].suite); end++) {
        }
        text_append(out, "  <testsuite");
        append_attribute(out, "name", cases[first].suite);
        append_counts(out, cases + first, end - first);
        for (size_t i = first; i < end; i++) {
            text_append(out, "    <testcase");
            append_attribute(out, "classname", cases[i].class_name);
            append_attribute(out, "name", cases[i].name);
            text_append(out, ">\n");
            append_verdict(out, &cases[i]);
            text_append(out, "    </testcase>\n");
        }
        text_append(out, "  </testsuite>\n");
    }
    text_append(out, "</testsuites>\n");
}
