/* standard: what the metadata standards allow, as one table of fields.
 *
 * Every standard that is read is a table: path, type, required, words, pattern, since
 * which version, until which, and what the field means. Checking a descriptor, completing
 * the names of its fields, explaining them and the documentation all come from it.
 *
 *   ODPS     Bitol Open Data Product Standard 0.9, 1.0, 1.1        kind: DataProduct
 *   ODCS     Bitol Open Data Contract Standard 2.2, 3.0, 3.1, 3.2  kind: DataContract
 *   PACKAGE  Data Package 1, 2 (datapackage.org)                   resources
 *   DCS      Data Contract Specification 0.9 to 1.2.1        dataContractSpecification
 *   DCAT     DCAT-US 1.1 (resources.data.gov), `data.json`         dataset, conformsTo
 *   DPDS     Data Product Descriptor Specification 1.0       dataProductDescriptor
 *   OPEN     Open Data Product Specification 4.1 (opendataproducts.org): product.details
 *   MANAGER  products, teams, systems and definitions of Data Mesh Manager; read, not
 *            checked: dataProductSpecification, or what only they have
 *
 * Which one a document is, its root keys say, never its file name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_H
#define MWB_STANDARD_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/document.h"
#include "engine/text.h"

enum standard_id {
    STANDARD_UNKNOWN, /* no descriptor */
    STANDARD_ODPS,
    STANDARD_ODCS,
    STANDARD_PACKAGE,
    STANDARD_DCS,
    STANDARD_DCAT,
    STANDARD_DPDS,
    STANDARD_OPEN,
    STANDARD_MANAGER,
    STANDARD_COUNT,
};

/* A version as a number that can be compared: 3.0.2 is 30002. 0: none, or not a version.
 */
int standard_version_of(const char *text); /* "v3.1.0", "1.2.1", "2" */
/* And back: "3.0.2". Gives `text`. */
enum { STANDARD_VERSION_SIZE = 16 };
const char *standard_version_text(int version, char text[STANDARD_VERSION_SIZE]);
/* Does the standard have this version? Else *known gets those it has: "0.9.0, 1.0.0". */
bool standard_has_version(enum standard_id id, int version, struct text *known);

struct standard_claim {
    enum standard_id id;
    const char *text; /* the version as declared, of the document; NULL: none */
    int version;      /* as a number; a Data Package without $schema is 10000, a contract
                         of the shape of ODCS 2.2 without apiVersion 20202 */
};

/* What the root keys say. */
struct standard_claim standard_of(const struct document_value *root);
const char *standard_word(enum standard_id id); /* "odcs": in mesh.document, in options */
const char *standard_title(enum standard_id id); /* "Open Data Contract Standard" */

/* Do the bytes hold words that only descriptors have? Cheaper than to parse a data file.
 */
bool standard_is_hinted(const char *bytes, size_t length);
/* By its name: *.odps.yaml, *.odcs.yaml, datapackage.json, datacontract.yaml ... */
bool standard_has_name(const char *path);

/* Check a document against the tables of the version it declares: appends struct finding.
 * If that fails and a newer version of the standard holds, says so in one warning
 * [valid-as-newer] behind the findings; strict: without that, and without warnings: just
 * what the official schema of the declared version says, quirks included. An unknown
 * version is checked as the newest one known and told [unknown-version]: a warning, or an
 * error where the schema lists the versions. True: no error.
 *
 * Rules of errors: type, required, unknown-key, key-name, enum, pattern, range, empty,
 * pair, either, alike, duplicate, operator, unknown-version. Of warnings: deprecated,
 * unknown-key (any key may stand there, but this one is nearly one that is missing),
 * valid-as-newer, unknown-version, schema-quirk (the official schema refuses what its
 * text allows), not-checked (no descriptor), too-many (an error when errors are left
 * out). What a sentence quotes is safe and cut. */
enum { STANDARD_MOST_FINDINGS = 500 }; /* of one document; that there are more is told */
struct standard_check_spec {
    const char *path; /* as shown in findings */
    bool strict;
    int version; /* check against this version; 0: the one it declares */
};
bool standard_validate(const struct document_value *root,
                       const struct standard_check_spec *spec, struct array *findings);

/* One row of the tables, for completion, explanations and documentation. */
struct standard_field_info {
    const char *name;
    const char *type;    /* "text", "list of maps", "true or false" ... */
    const char *words;   /* the only texts allowed, separated by blanks; NULL: any */
    const char *meaning; /* a sentence */
    bool required, is_deprecated;
    int since, until; /* versions, 0 = always; until: the first one without it */
    /* Only when that key beside it has one of these words ("*": any text; NULL: when the
     * key is not there): port when "type" is "postgres". when_key NULL: always. */
    const char *when_key, *when_word;
};

/* The fields below `path` ("" = the root, "schema.properties.quality") in this version
 * (0 = the newest): appends struct standard_field_info, whose texts live for ever. False:
 * there is no such path, or nothing below it. List indexes in a path do not matter. */
bool standard_fields(enum standard_id id, int version, const char *path,
                     struct array *fields);

#endif
