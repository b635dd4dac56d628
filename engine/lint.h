/* lint: what is wrong with a descriptor though every schema lets it pass.
 *
 * Checking has three stages. The schema stage is standard_validate(): fields, types,
 * words. This door is the second: what can be said of one document by itself, and no
 * schema can say: references that lead to nothing in it, names and ids that stand twice,
 * columns that nobody has, bounds that no value meets, paths that climb. The third,
 * across the files of a mesh, is done on the index (engine/catalog/lint_links.c). The
 * names and meanings of the rules of all three stand in one table here.
 *
 * Checked are ODCS 2.2 to 3.2, ODPS 0.9 to 1.1, the Data Contract Specification, Data
 * Package 1 and 2, DCAT-US and the ports of DPDS; any other document has no findings.
 * Documents are hostile: time grows with their size only, and no more than
 * LINT_MOST_FINDINGS are told of one document; that there were more is told as well.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINT_H
#define MWB_LINT_H

#include <stddef.h>

#include "engine/array.h"
#include "engine/document.h"
#include "engine/finding.h"
#include "engine/standard.h"

enum { LINT_MOST_FINDINGS = 500 };

/* Append a struct finding for everything found wrong; `path` as it is to be shown. What
 * an error of the schema stage in `findings` says of the same place is not said again.
 * Pure: reads no file, keeps nothing, may be called by several threads at once. */
void lint_document(const struct document_value *root, struct standard_claim claim,
                   const char *path, struct array *findings);

enum lint_stage { LINT_READING, LINT_SCHEMA, LINT_DOCUMENT, LINT_MESH };

struct lint_rule {
    const char *name; /* "unknown-column" */
    enum lint_stage stage;
    const char *meaning; /* a sentence or two: what it is about and what to do */
};

/* All rules, in the order of the stages and of their names. */
const struct lint_rule *lint_rules(size_t *count);
const struct lint_rule *lint_rule_named(const char *name); /* NULL: there is none */
const char *lint_stage_name(
    enum lint_stage stage); /* "reading" "schema" "document" "mesh" */

/* Is it a regular expression of ECMA-262 that compiles? NULL: yes; else what is wrong
 * with it, in a few words, a constant. */
const char *lint_pattern_fault(const char *pattern);

#endif
