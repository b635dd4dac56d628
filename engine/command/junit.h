/* command/junit: findings as the XML that build servers read.
 *
 * A test suite a file, a test case a finding, or one that passes for a file without any.
 * Errors are failures; warnings pass, and stand in the output of their case. There is no
 * standard; this follows the schema of Jenkins' xUnit plugin (junit-10.xsd), which the
 * others read too. XML 1.0 has no control characters: they become U+FFFD.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_JUNIT_H
#define MWB_COMMAND_JUNIT_H

#include "engine/array.h"
#include "engine/text.h"

/* `findings` of struct finding, in order; `files` of char *: all that were checked. */
void junit_append(struct text *out, const struct array *findings,
                  const struct array *files);

/* The same of tests that are no findings: what they say of themselves. */
enum junit_verdict { JUNIT_PASSED, JUNIT_FAILED, JUNIT_ERROR, JUNIT_SKIPPED };
struct junit_case {
    const char *suite, *class_name, *name;
    enum junit_verdict verdict;
    const char *type;     /* of a failure; may be NULL */
    const char *sentence; /* why; of one that passed: what it told, or NULL */
};
/* `program` is the name of all; cases of one suite stand beside each other. */
void junit_append_cases(struct text *out, const char *program,
                        const struct junit_case *cases, size_t count);

#endif
