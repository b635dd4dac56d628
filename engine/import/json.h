/* json: JSON and JSON Lines as rows: what a table made of them is.
 *
 * This is the law for both ways: the reference way, which reads with yajl, and the
 * direct one, which reads with a parser of its own. The text is RFC 8259, strictly:
 * UTF-8 as RFC 3629 has it (a byte order mark is eaten, UTF-16 with its mark is
 * decoded first), no comments, no trailing commas, no NaN.
 *
 * Shapes, told from the first bytes; white space in front does not count:
 *   - an array `[ {...}, ... ]`: a row for each element;
 *   - an array of arrays `[ [...], ... ]`: columns column_1 ..., unless all
 *     elements of the first are strings: then it is the header. Rows of another
 *     length are rejected;
 *   - lines (JSON Lines, NDJSON): one value on each line, a line feed ends a line,
 *     a carriage return is white space, blank lines are left out. The values are
 *     objects, or arrays as above. A text is lines if its first line that is not
 *     blank is one whole value and another value follows; or if its name ends in
 *     .jsonl or .ndjson (or it is declared so), unless that line is several values, or an
 * array that begins with an object or an array;
 *   - objects one after another with any white space between them;
 *   - one object alone: if exactly one of its members is an array of objects (one
 *     at least, and nothing else in it), the elements of that are the rows, and a
 *     note says so; else it is one row. Several such members are refused with a
 *     sentence, unless the dialect names the one (`property`; its elements may be
 *     arrays, too), and so is an object of two or more arrays of scalars, all of one
 *     length: its members are columns. In .jsonl and .ndjson a lone object is
 *     always one row.
 * A top value that is a string, number, true, false or null, and an array whose first
 * element is one, is valid JSON, but no table: a sentence. The same for an array
 * without elements, and .jsonl without values, unless a contract declares columns.
 *
 * Columns, in the order in which they first appear in a row that is stored:
 *   - a member is a column with its name; the members of an object in it are
 *     columns a.b, and so on, unless `keep_nested` keeps nested objects as JSON
 *     text, or a column of the contract has the name of the object. An empty
 *     object has no members and is JSON text;
 *   - arrays are JSON text: the bytes as they stand, white space and escapes
 *     included;
 *   - names are told apart by their path, not by what they look like: "a.b" and b
 *     in a are two columns, the later one is named a.b_2, as is one that differs
 *     in case only. An empty name is column_N. The 2,001st column is a sentence;
 *   - no member and null are both NULL, and counted. An empty string is no NULL;
 *     the markers of a contract apply to strings.
 *
 * Values, without a declared type:
 *   - a number is stored as INTEGER if it is written without fraction and exponent
 *     and fits 64 bits; as REAL if it has a fraction or an exponent and the
 *     nearest double, printed with as many significant digits as were written, is
 *     the same number (always so up to 15 digits, unless it is too large or too
 *     small for full precision). Any other (38 digits, 1e400, and zero with a
 *     minus sign, which SQLite does not keep) is the text as written, and a
 *     misfit;
 *   - true and false are 1 and 0 in a column that has nothing else, else their
 *     text;
 *   - a column of strings and JSON text only is TEXT, of booleans only INTEGER, of
 *     numbers only INTEGER if all are written whole, else REAL; but MIXED when one
 *     is kept as text or a whole one beyond 2^53 stands among fractions. Different
 *     kinds together are MIXED, every value as it is, and a note says so. No value
 *     at all: TEXT.
 * With a declared type, strings and booleans are parsed as CSV cells are, numbers too
 * but with '.' as decimal sign. With all_text every value is the text as written.
 *
 * Strings: escapes are decoded, surrogate pairs too; a surrogate alone becomes U+FFFD
 * and is counted in the notes; \u0000 is a NUL byte in the text (in a column's name
 * '_').
 *
 * Rejected rows, reading goes on behind them:
 *   - in lines: a line that is no JSON, or where something follows the value; the
 *     raw row is the line. In all other shapes that fails as a whole, with line
 *     and column, for nobody can tell where the next row begins;
 *   - an object that has a member twice (in itself or in an object that is
 *     flattened): keeping the last one would lose the others [duplicate-key];
 *   - a value that is no object among objects, no array among arrays.
 * Line and byte of a row are those of its first byte, lines end with a line feed; its
 * raw text ends with the value, in lines with the line.
 *
 * A fault stands at the first byte that no JSON text can have there (in a broken
 * character of UTF-8: at its first byte); columns count characters from 1.
 *
 * Limits: 512 levels of nesting (more: a fault like bad syntax), 16 MiB a string or
 * number, 32 MiB a row as written (more: a sentence with the line, in lines too).
 *
 * What RFC 8259 leaves open (the i_ files of JSONTestSuite): huge and tiny numbers
 * are taken, as text; lone surrogate escapes are taken, see above; bytes that are no
 * UTF-8, overlong forms and encoded surrogates are refused; UTF-16 is taken with a
 * mark only; a byte order mark of UTF-8 is taken; 500 nested arrays are taken.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_H
#define MWB_IMPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"

enum {
    JSON_DEPTH_MOST = 512,
    JSON_STRING_MOST = 16 * 1024 * 1024,
    JSON_ROW_MOST = 32 * 1024 * 1024,
};

enum json_fault {
    JSON_SOUND,
    JSON_ENDS_EARLY, /* the text or the line ends within a value */
    JSON_NO_VALUE,   /* a value must stand here */
    JSON_NO_KEY,
    JSON_NO_COLON,
    JSON_NO_COMMA, /* a comma or the end of the array or object */
    JSON_NO_END,   /* something follows the value */
    JSON_BAD_WORD, /* begins like true, false, null */
    JSON_BAD_NUMBER,
    JSON_BAD_ESCAPE,
    JSON_CONTROL,  /* a control character in a string */
    JSON_BAD_UTF8, /* [encoding-error]; the others are [source-error] */
    JSON_TOO_DEEP,
    JSON_LONG_STRING,
    JSON_LONG_ROW,
};

/* The reason for people: "a comma or the end of the object ... [source-error]". */
const char *json_fault_reason(enum json_fault fault);

/* The reason of a reject: "column 12: " and the reason above. */
void json_tell_fault(struct text *out, enum json_fault fault, long long column);
/* ... of an object with a member twice, of a value of another kind than the rows. */
void json_tell_duplicate(struct text *out, const char *key, size_t length);
void json_tell_stranger(struct text *out, char first_byte, bool rows_are_arrays);

#endif
