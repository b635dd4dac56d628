/* ways_make: random files, most of them as people write them, some with troubles. What
 * stands in a cell is ways_cells.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/suites/ways.h"

enum trouble {
    MID_QUOTE = 1 << 0,
    OPEN_QUOTE = 1 << 1,
    BEHIND_QUOTE = 1 << 2,
    BLANK_BEHIND_QUOTE = 1 << 3,
    RAGGED = 1 << 4,
    BLANK_LINES = 1 << 5,
    LONE_CR = 1 << 6,
    MIXED_ENDS = 1 << 7,
    NUL_BYTES = 1 << 8,
    BAD_UTF8 = 1 << 9,
    WINDOWS = 1 << 10,
    BYTE_ORDER_MARK = 1 << 11,
    WIDE = 1 << 12,
    LATE_TYPE = 1 << 13,
    LONG_CELLS = 1 << 14,
    MANY_COLUMNS = 1 << 15,
    MANY_ROWS = 1 << 16,
    NO_LAST_END = 1 << 17,
    RAW_CELLS = 1 << 18,
    STRAY_KINDS = 1 << 19,
    HEADER_ONLY = 1 << 20,
    NOTHING = 1 << 21,
    ODD_HEADER = 1 << 22,
    SEPARATOR_LINE = 1 << 23,
    ESCAPES = 1 << 24,
    COMMENTS = 1 << 25,
    FEW_REJECTS = 1 << 26,
    MORE_FILES = 1 << 27
};

static const struct {
    enum trouble trouble;
    size_t per_mille;
    const char *name;
} troubles[] = {
    {MID_QUOTE, 40, "a quote in mid-cell"},
    {OPEN_QUOTE, 40, "an open quote"},
    {BEHIND_QUOTE, 30, "text behind a quote"},
    {BLANK_BEHIND_QUOTE, 30, "a blank behind a quote"},
    {RAGGED, 200, "ragged"},
    {BLANK_LINES, 150, "blank lines"},
    {LONE_CR, 40, "lone CR"},
    {MIXED_ENDS, 60, "mixed line ends"},
    {NUL_BYTES, 40, "NUL bytes"},
    {BAD_UTF8, 30, "bad UTF-8"},
    {WINDOWS, 30, "Windows-1252"},
    {BYTE_ORDER_MARK, 80, "a byte order mark"},
    {WIDE, 20, "UTF-16"},
    {LATE_TYPE, 200, "a late change of type"},
    {LONG_CELLS, 60, "long cells"},
    {MANY_COLUMNS, 15, "many columns"},
    {MANY_ROWS, 25, "many rows"},
    {NO_LAST_END, 300, "no end of line at the end"},
    {RAW_CELLS, 20, "no quotes where they are needed"},
    {STRAY_KINDS, 200, "stray kinds"},
    {HEADER_ONLY, 25, "a header only"},
    {NOTHING, 8, "nothing"},
    {ODD_HEADER, 100, "an odd header"},
    {SEPARATOR_LINE, 15, "sep="},
    {ESCAPES, 20, "an escape sign"},
    {COMMENTS, 20, "comments"},
    {FEW_REJECTS, 30, "a limit of rejects"},
    {MORE_FILES, 40, "two files"},
};

enum { COLUMNS_MOST = 2000, NAME_MOST = 48 };

struct maker {
    struct ways_chance chance;
    struct ways_file *file;
    struct text *out; /* the file that is written now */
    unsigned troubles;
    char delimiter, quote;
    const char *line_end;
    size_t columns, rows;
    size_t quoted; /* per mille of the cells that need no quotes and have them */
    unsigned char kinds[COLUMNS_MOST];
    struct text cell;
};

static bool has(const struct maker *maker, enum trouble trouble)
{
    return (maker->troubles & trouble) != 0;
}

/* ---- Cells ---- */

static bool needs_quotes(const struct maker *maker, const struct text *cell)
{
    for (size_t i = 0; i < cell->length; i++) {
        char c = cell->data[i];
        if (c == maker->delimiter || c == maker->quote || c == '\n' || c == '\r') {
            return true;
        }
    }
    return false;
}

static void put_quoted(struct maker *maker, const struct text *cell)
{
    char inner =
        has(maker, ESCAPES) && ways_happens(&maker->chance, 500) ? '\\' : maker->quote;
    text_append_char(maker->out, maker->quote);
    for (size_t i = 0; i < cell->length; i++) {
        if (cell->data[i] == maker->quote) {
            text_append_char(maker->out, inner);
        }
        text_append_char(maker->out, cell->data[i]);
    }
    if (has(maker, OPEN_QUOTE) && ways_happens(&maker->chance, 20)) {
        return;
    }
    text_append_char(maker->out, maker->quote);
    if (has(maker, BLANK_BEHIND_QUOTE) && ways_happens(&maker->chance, 100)) {
        text_append(maker->out, " \t" + ways_pick(&maker->chance, 2));
    }
    if (has(maker, BEHIND_QUOTE) && ways_happens(&maker->chance, 50)) {
        ways_cell(&maker->chance, WAYS_WORD, maker->out);
    }
}

/* Bytes that come into a cell from the troubles of its file. */
static void spoil_cell(struct maker *maker, struct text *cell)
{
    static const char *const bad[] = {"\xFF",     "\xC0\x80",         "\xED\xA0\x80",
                                      "\xE2\x82", "\xF4\x90\x80\x80", "\x80"};
    struct ways_chance *chance = &maker->chance;
    if (has(maker, NUL_BYTES) && ways_happens(chance, 30)) {
        text_append_bytes(cell, "\0x", 1 + ways_pick(chance, 2));
    }
    if (has(maker, BAD_UTF8) && ways_happens(chance, 20)) {
        text_append(cell, bad[ways_pick(chance, sizeof bad / sizeof bad[0])]);
    }
    if (has(maker, WINDOWS) && ways_happens(chance, 100)) {
        text_append(cell, "\xE9t\xE9 \x93q\x94 \x80\x81" + ways_pick(chance, 8));
    }
    if (has(maker, LONG_CELLS) && ways_happens(chance, 30)) {
        static const size_t lengths[] = {480, 1000, 4096, 20000, 70000, 300000};
        size_t most = lengths[ways_pick(chance, sizeof lengths / sizeof lengths[0])];
        text_append_repeated(cell, (char)('A' + ways_pick(chance, 26)),
                             ways_pick(chance, most));
    }
    if (has(maker, MID_QUOTE) && ways_happens(chance, 20)) {
        ways_cell(chance, WAYS_WORD, cell);
        text_append_char(cell, maker->quote);
        ways_cell(chance, WAYS_INTEGER, cell);
    }
}

static void put_cell(struct maker *maker, size_t kind)
{
    struct text *cell = &maker->cell;
    text_clear(cell);
    if (has(maker, STRAY_KINDS) && ways_happens(&maker->chance, 30)) {
        kind = ways_pick(&maker->chance, WAYS_KINDS);
    }
    if (!ways_happens(&maker->chance, 60)) {
        ways_cell(&maker->chance, kind, cell);
    }
    spoil_cell(maker, cell);
    bool raw = (has(maker, RAW_CELLS) || has(maker, MID_QUOTE)) &&
               ways_happens(&maker->chance, 500);
    if ((needs_quotes(maker, cell) && !raw) ||
        ways_happens(&maker->chance, maker->quoted)) {
        put_quoted(maker, cell);
    } else {
        text_append_bytes(maker->out, text_string(cell), cell->length);
    }
}

/* ---- Rows ---- */

static void end_line(struct maker *maker)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const char *end = maker->line_end;
    if (has(maker, MIXED_ENDS)) {
        end = ends[ways_pick(&maker->chance, 2)];
    }
    if (has(maker, LONE_CR) && ways_happens(&maker->chance, 500)) {
        end = ends[2];
    }
    text_append(maker->out, end);
}

static void put_row(struct maker *maker, bool last)
{
    struct ways_chance *chance = &maker->chance;
    size_t cells = maker->columns;
    if (has(maker, RAGGED) && ways_happens(chance, 40)) {
        cells = ways_pick(chance, 2 * cells + 2);
    }
    size_t late =
        last && has(maker, LATE_TYPE) ? ways_pick(chance, maker->columns) : COLUMNS_MOST;
    for (size_t i = 0; i < cells; i++) {
        if (i > 0) {
            text_append_char(maker->out, maker->delimiter);
        }
        put_cell(maker, i == late ? ways_pick(chance, WAYS_KINDS)
                                  : maker->kinds[i % maker->columns]);
    }
}

static void put_rows(struct maker *maker)
{
    for (size_t i = 0; i < maker->rows; i++) {
        while (has(maker, BLANK_LINES) && ways_happens(&maker->chance, 60)) {
            end_line(maker);
        }
        if (has(maker, COMMENTS) && ways_happens(&maker->chance, 60)) {
            text_append(maker->out, "# said \"in passing");
            end_line(maker);
        }
        put_row(maker, i + 1 == maker->rows);
        if (i + 1 < maker->rows || !has(maker, NO_LAST_END)) {
            end_line(maker);
        }
    }
}

/* ---- Headers and contracts ---- */

static void name_columns(struct maker *maker)
{
    static const char *const strange[] = {
        "",     "a b",      "select",   "rowid", "c1",       "C1",  "x\"y",
        "n\nl", "column_2", "\xC3\xA9", "oid",   "_rowid_x", "a;b", "1"};
    struct text *names = &maker->file->names;
    text_reserve(names, maker->columns * NAME_MOST); /* pointers into it must stay */
    for (size_t i = 0; i < maker->columns; i++) {
        size_t start = names->length;
        if (has(maker, ODD_HEADER) && ways_happens(&maker->chance, 300)) {
            text_append(
                names,
                strange[ways_pick(&maker->chance, sizeof strange / sizeof strange[0])]);
        } else {
            text_printf(names, "c%zu", i + 1);
        }
        text_append_repeated(names, '\0', NAME_MOST - (names->length - start));
    }
}

static char *name_at(const struct maker *maker, size_t column)
{
    return maker->file->names.data + column * NAME_MOST;
}

static void put_header(struct maker *maker, bool backwards)
{
    for (size_t i = 0; i < maker->columns; i++) {
        size_t column = backwards ? maker->columns - 1 - i : i;
        text_clear(&maker->cell);
        text_append(&maker->cell, name_at(maker, column));
        if (i > 0) {
            text_append_char(maker->out, maker->delimiter);
        }
        if (needs_quotes(maker, &maker->cell) ||
            ways_happens(&maker->chance, maker->quoted)) {
            unsigned before = maker->troubles;
            maker->troubles = 0;
            put_quoted(maker, &maker->cell);
            maker->troubles = before;
        } else {
            text_append_bytes(maker->out, text_string(&maker->cell), maker->cell.length);
        }
    }
}

/* Literals that a contract borrows for its lifetime. */
static char *literal(const char *words)
{
    return (char *)(uintptr_t)words;
}

static void declare_column(struct maker *maker, size_t column)
{
    static const char *const missing[] = {"NA", "-", "", "NA\nNULL\n", "0"};
    struct ways_chance *chance = &maker->chance;
    struct catalog_column *declared = array_push(&maker->file->columns);
    size_t kind =
        ways_happens(chance, 800) ? maker->kinds[column] : ways_pick(chance, WAYS_KINDS);
    declared->name = name_at(maker, column);
    declared->type = literal(ways_type(kind));
    declared->required = ways_happens(chance, 100);
    if (ways_happens(chance, 100)) {
        declared->missing =
            literal(missing[ways_pick(chance, sizeof missing / sizeof missing[0])]);
    }
    if (ways_happens(chance, 60)) {
        declared->decimal_char = literal(",");
        declared->group_char = ways_happens(chance, 500) ? literal(".") : NULL;
    } else if (ways_happens(chance, 60)) {
        declared->group_char = literal(ways_happens(chance, 500) ? "," : " ");
    }
    if (ways_happens(chance, 60)) {
        declared->true_values = literal("yes\n1");
        declared->false_values = literal("no\n0");
    }
    declared->format = ways_happens(chance, 30) ? literal("any") : NULL;
}

static void make_contract(struct maker *maker)
{
    struct ways_chance *chance = &maker->chance;
    int key = ways_happens(chance, 300) ? 1 : 0;
    for (size_t i = 0; i < maker->columns; i++) {
        if (ways_happens(chance, 920) && name_at(maker, i)[0] != '\0') {
            declare_column(maker, i);
        }
    }
    for (size_t i = 0; key > 0 && i < maker->file->columns.count && key <= 3; i++) {
        struct catalog_column *declared = array_at(&maker->file->columns, i);
        declared->key_position = ways_happens(chance, 500) ? key++ : 0;
    }
}

/* ---- Files ---- */

static void choose_dialect(struct maker *maker)
{
    static const char common[] = {',', ',', ',', ',', ',', ';', '\t', '|'};
    static const char rare[] = {':', '^', ' ', '\x01', '\x1F', '~', 'x', '5'};
    struct ways_chance *chance = &maker->chance;
    struct catalog_dialect *dialect = &maker->file->dialect;
    maker->delimiter = common[ways_pick(chance, sizeof common)];
    maker->quote = '"';
    if (ways_happens(chance, 60)) {
        dialect->delimiter = rare[ways_pick(chance, sizeof rare)];
        maker->delimiter = dialect->delimiter;
    } else if (ways_happens(chance, 300)) {
        dialect->delimiter = maker->delimiter;
    }
    if (ways_happens(chance, 60)) {
        maker->quote = dialect->quote = '\'';
    }
    dialect->no_header = ways_happens(chance, 60);
    dialect->header_rows = ways_happens(chance, 30) ? 2 : 0;
    dialect->skip_rows = ways_happens(chance, 30) ? 2 : 0;
    dialect->skip_initial_space = ways_happens(chance, 10);
    dialect->no_double_quote = has(maker, ESCAPES) && ways_happens(chance, 300);
    dialect->escape = has(maker, ESCAPES) ? '\\' : '\0';
    dialect->comment = has(maker, COMMENTS) ? '#' : '\0';
    dialect->missing = ways_happens(chance, 60) ? literal("NA\n\n-") : NULL;
    if (has(maker, WINDOWS) && ways_happens(chance, 300)) {
        dialect->encoding = literal("iso-8859-1");
    }
    static const struct catalog_dialect nothing;
    maker->file->has_dialect = memcmp(dialect, &nothing, sizeof nothing) != 0;
}

static void choose_size(struct maker *maker)
{
    struct ways_chance *chance = &maker->chance;
    maker->columns = 1 + ways_pick(chance, ways_happens(chance, 100) ? 60 : 10);
    maker->rows = 1 + ways_pick(chance, ways_happens(chance, 500) ? 8 : 80);
    if (has(maker, MANY_COLUMNS)) {
        maker->columns =
            ways_happens(chance, 300) ? COLUMNS_MOST : 100 + ways_pick(chance, 1900);
        maker->rows = ways_pick(chance, 6);
    } else if (has(maker, MANY_ROWS)) {
        maker->columns = 1 + ways_pick(chance, 8);
        maker->rows = ways_pick(chance, 6000);
    }
    if (has(maker, HEADER_ONLY)) {
        maker->rows = 0;
    }
    maker->quoted = ways_happens(chance, 500)   ? 0
                    : ways_happens(chance, 300) ? 1000
                                                : ways_pick(chance, 600);
    maker->line_end = ways_happens(chance, 300) ? "\r\n" : "\n";
    for (size_t i = 0; i < maker->columns; i++) {
        maker->kinds[i] = (unsigned char)ways_pick(chance, WAYS_KINDS);
    }
}

/* As UTF-16, each byte a character: that keeps every other trouble. */
static void widen(struct text *text, bool big_endian)
{
    struct text wide = {0};
    text_append(&wide, big_endian ? "\xFE\xFF" : "\xFF\xFE");
    for (size_t i = 0; i < text->length; i++) {
        text_append_char(&wide, big_endian ? '\0' : text->data[i]);
        text_append_char(&wide, big_endian ? text->data[i] : '\0');
    }
    text_release(text);
    *text = wide;
}

static void write_part(struct maker *maker, size_t part)
{
    const struct catalog_dialect *dialect = &maker->file->dialect;
    maker->out = &maker->file->parts[part];
    if (has(maker, NOTHING)) {
        return;
    }
    text_append(maker->out, has(maker, BYTE_ORDER_MARK) ? "\xEF\xBB\xBF" : "");
    if (has(maker, SEPARATOR_LINE)) {
        text_printf(maker->out, "sep=%c\n", maker->delimiter);
    }
    for (int i = 0; i < dialect->skip_rows; i++) {
        text_append(maker->out, "a word, \"before\n");
    }
    int headers = dialect->no_header ? 0 : dialect->header_rows > 1 ? 2 : 1;
    for (int i = 0; i < headers; i++) {
        put_header(maker, part > 0 && ways_happens(&maker->chance, 200));
        if (maker->rows > 0 || !has(maker, NO_LAST_END)) {
            end_line(maker);
        }
    }
    put_rows(maker);
    if (has(maker, WIDE)) {
        widen(maker->out, ways_happens(&maker->chance, 500));
    }
}

static void choose_import(struct maker *maker)
{
    static const int pages[] = {0, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    struct ways_chance *chance = &maker->chance;
    struct ways_file *file = maker->file;
    file->spec.table = "t";
    file->spec.page_size = ways_happens(chance, 400)
                               ? 0
                               : pages[ways_pick(chance, sizeof pages / sizeof pages[0])];
    file->spec.threads = (int)ways_pick(chance, 5);
    file->spec.chunk_size =
        ways_happens(chance, 600) ? 1 + (int)ways_pick(chance, 3000) : 0;
    file->spec.all_text = ways_happens(chance, 40);
    file->spec.reject_limit =
        has(maker, FEW_REJECTS) ? 1 + (long long)ways_pick(chance, 3) : 0;
    file->piped = ways_happens(chance, 60);
    file->packed = ways_happens(chance, 60);
    bool small = file->parts[0].length + file->parts[1].length < 200000;
    file->read_most = ways_happens(chance, 400) && small ? 1 + ways_pick(chance, 300) : 0;
}

void ways_make(struct ways_file *file, uint64_t seed, uint64_t number)
{
    memset(file, 0, sizeof *file);
    file->columns = (struct array)ARRAY_OF(struct catalog_column);
    struct maker maker = {
        .chance = {seed * 0x9E3779B97F4A7C15u ^ number * 0xD1B54A32D192ED03u},
        .file = file};
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        if (ways_happens(&maker.chance, troubles[i].per_mille)) {
            maker.troubles |= troubles[i].trouble;
            text_printf(&file->remarks, "%s%s", file->remarks.length > 0 ? ", " : "",
                        troubles[i].name);
        }
    }
    choose_size(&maker);
    choose_dialect(&maker);
    name_columns(&maker);
    file->count = has(&maker, MORE_FILES) ? 2 : 1;
    for (size_t i = 0; i < file->count; i++) {
        write_part(&maker, i);
    }
    if (ways_happens(&maker.chance, 400)) {
        make_contract(&maker);
    }
    choose_import(&maker);
    ways_mask(file, &maker.chance);
    text_release(&maker.cell);
}

void ways_release(struct ways_file *file)
{
    for (size_t i = 0; i < WAYS_PARTS; i++) {
        text_release(&file->parts[i]);
    }
    array_release(&file->columns);
    array_release(&file->masks);
    text_release(&file->names);
    text_release(&file->remarks);
}
