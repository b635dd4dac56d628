/* lint/rules: every rule a finding may name, and what it means. Help, the manual page and
 * `mwb explain` are made from this table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint.h"

#include "engine/text.h"

static const struct lint_rule rules[] = {
    /* What could not be read. */
    {"bad-source", LINT_READING,
     "A source that mesh.yaml names is no folder of the mesh."},
    {"broken", LINT_READING,
     "The file is no YAML or JSON at the place told: nothing behind it can be read."},
    {"broken-yaml", LINT_READING,
     "A YAML file that nothing marks as a descriptor cannot be read; it was left out."},
    {"foreign-schema", LINT_READING,
     "Tables are described in another language, which is not read."},
    {"gate", LINT_READING,
     "A rule of mesh.yaml about purposes, small groups or what may leave is not "
     "understood; it counts as the strictest that it could mean."},
    {"link", LINT_READING,
     "A symbolic link that leads out of the mesh was not followed."},
    {"masking", LINT_READING,
     "A masking rule of mesh.yaml is not understood, so that what it is about is "
     "dropped."},
    {"name-too-long", LINT_READING, "A name is longer than names are kept."},
    {"nested-source", LINT_READING, "A source lies within another; it is read once."},
    {"no-table", LINT_READING, "A data file holds nothing that could be a table."},
    {"not-a-descriptor", LINT_READING,
     "By its name, or because you named it, the file should be a descriptor, but its "
     "root "
     "keys are those of no standard."},
    {"not-an-agreement", LINT_READING,
     "A file among the agreements names no provider or no consumer."},
    {"not-checked", LINT_READING,
     "The file follows a standard, or a version of it, that cannot be checked."},
    {"not-fetched", LINT_READING, "A source could not be fetched."},
    {"not-read-yet", LINT_READING, "The file is of a kind that cannot be read yet."},
    {"policy", LINT_READING,
     "A policy cannot be run or looked at as it stands: its header, its SELECT, or the "
     "id of another one."},
    {"too-many-files", LINT_READING,
     "There are more files than are looked at; the rest is not in the catalog."},
    {"unreadable", LINT_READING, "A file or folder could not be read, and why."},
    {"waiver", LINT_READING,
     "A waiver is not whole, and waives nothing, or is of something that is not there."},
    {"yaml", LINT_READING,
     "The YAML was read, but perhaps not as its author meant it: unknown tags, `<<`."},

    /* What the schema of the standard forbids. */
    {"alike", LINT_SCHEMA, "Things that must be of one kind are of several."},
    {"deprecated", LINT_SCHEMA, "The standard advises against this field by now."},
    {"either", LINT_SCHEMA, "One of several keys has to be there, and only one."},
    {"empty", LINT_SCHEMA, "A list that needs an item has none."},
    {"enum", LINT_SCHEMA, "The standard allows only certain words here."},
    {"key-name", LINT_SCHEMA, "A key of this map has a form that the standard forbids."},
    {"operator", LINT_SCHEMA,
     "A rule that measures something needs exactly one operator, mustBe ... "
     "mustNotBeBetween, and an operator needs something to compare: a metric or a "
     "query."},
    {"pair", LINT_SCHEMA, "A range is exactly two numbers."},
    {"pattern", LINT_SCHEMA, "The text has not the form that the standard asks for."},
    {"required", LINT_SCHEMA, "The standard requires a key that is not there."},
    {"schema-quirk", LINT_SCHEMA,
     "The standard's text allows it, its official schema by its letter does not: other "
     "tools may refuse the document."},
    {"type", LINT_SCHEMA,
     "The value is of another kind than the standard asks for; a version such as 1.0 "
     "without quotes is a number, for example."},
    {"unknown-key", LINT_SCHEMA,
     "The standard knows no such key here; it is misspelt, or belongs into "
     "customProperties."},
    {"unknown-version", LINT_SCHEMA,
     "The document declares a version of its standard that is not known; it was checked "
     "as "
     "the newest one."},
    {"valid-as-newer", LINT_SCHEMA,
     "The document breaks the version it declares but holds as a newer one: declare "
     "that."},

    /* What is wrong within one document. */
    {"bad-pattern", LINT_DOCUMENT,
     "A regular expression (ECMA-262) does not compile, so no value can be checked by "
     "it."},
    {"dates", LINT_DOCUMENT, "An end lies before its beginning."},
    {"duplicate", LINT_DOCUMENT,
     "A name, an id or a version is claimed twice where it has to be unique: nobody can "
     "tell which one is meant."},
    {"enum-outside", LINT_DOCUMENT,
     "A value is listed as allowed, but minimum, maximum or length forbid it."},
    {"hash", LINT_DOCUMENT,
     "The hash of a file is not written as one, so the file can never be verified."},
    {"input-contract", LINT_DOCUMENT,
     "An output port is made from a contract that no input port of the product brings: "
     "the "
     "lineage is broken."},
    {"key-position", LINT_DOCUMENT,
     "The columns of a key are counted from 1, each position once, without gaps."},
    {"no-contract", LINT_DOCUMENT,
     "An output port names no contract, so nobody knows what it delivers and promises."},
    {"no-output-port", LINT_DOCUMENT,
     "A product without output port can be used by nobody."},
    {"placeholder", LINT_DOCUMENT,
     "A query has a placeholder that nothing fills; {object} and {property} are filled."},
    {"range", LINT_DOCUMENT,
     "Bounds that no value can meet: the lower one above the upper one, ends that meet "
     "and are excluded, no multiple between them."},
    {"reference", LINT_DOCUMENT,
     "A reference leads to nothing: to an object, column, resource, definition or file "
     "that is not there."},
    {"self-feeding", LINT_DOCUMENT,
     "Something is made from itself, or is part of itself."},
    {"status", LINT_DOCUMENT,
     "The status is none of the usual words: proposed, draft, active, deprecated, "
     "retired."},
    {"team", LINT_DOCUMENT, "A member of the team is replaced by nobody who is known."},
    {"too-many", LINT_DOCUMENT, "More findings in one file than are listed."},
    {"unequal-keys", LINT_DOCUMENT,
     "The two sides of a relationship or foreign key have not equally many columns."},
    {"unknown-column", LINT_DOCUMENT,
     "A rule, a promise, a key or a list of required columns names a column that the "
     "object has not."},
    {"unsafe-path", LINT_DOCUMENT,
     "A path is absolute, climbs out of its folder or names a hidden file. Nothing is "
     "read "
     "from there: descriptors of others must not choose among your files."},
    {"variable", LINT_DOCUMENT,
     "A variable of the environment is written ${NAME} or ${NAME:-default}."},

    /* What is wrong between the files of a mesh. */
    {"agreement", LINT_MESH,
     "An agreement names a product or port that the mesh has not."},
    {"cost", LINT_MESH,
     "A row of the file of costs cannot be understood, is about no product of the mesh, "
     "or "
     "is told twice."},
    {"cycle", LINT_MESH,
     "Products feed each other in a circle: none of them can be computed first."},
    {"duplicate-product", LINT_MESH,
     "Two products share domain and name; the second goes by another name here."},
    {"missing-file", LINT_MESH, "A data file that a descriptor names is not there."},
    {"role", LINT_MESH,
     "A role of mesh.yaml cannot be read or opens nothing, or a contract names one that "
     "mesh.yaml has not."},
    {"saved-query", LINT_MESH,
     "A saved query names a product or table that the mesh has not any more."},
    {"undelivered-contract", LINT_MESH,
     "An input port reads under a contract that no output port of the mesh delivers."},
    {"unknown-contract", LINT_MESH, "A port names a contract that is not in the mesh."},
    {"unknown-domain", LINT_MESH,
     "A product belongs to a domain that mesh.yaml has not."},
    {"unknown-team", LINT_MESH, "A product is owned by a team that mesh.yaml has not."},
    {"unread-classification", LINT_MESH,
     "A column is classified as something that no role of mesh.yaml reads: everybody "
     "gets it masked."},
    {"unused-contract", LINT_MESH,
     "No port of any product delivers or reads under this contract."},
    {"use", LINT_MESH,
     "A line of shared use is no JSON object with day and product, or is about no "
     "product "
     "of the mesh."},
    {"withdrawn-input", LINT_MESH,
     "An active product reads from a contract or product that is deprecated or retired."},
};

const struct lint_rule *lint_rules(size_t *count)
{
    *count = sizeof rules / sizeof *rules;
    return rules;
}

const struct lint_rule *lint_rule_named(const char *name)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (string_equal(rules[i].name, name)) {
            return &rules[i];
        }
    }
    return NULL;
}

const char *lint_stage_name(enum lint_stage stage)
{
    static const char *const names[] = {
        [LINT_READING] = "reading",
        [LINT_SCHEMA] = "schema",
        [LINT_DOCUMENT] = "document",
        [LINT_MESH] = "mesh",
    };
    return names[stage];
}
