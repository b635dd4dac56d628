/* direct_encode: cells to values, statistics and records (sqlite.org/fileformat2.html
 * §2.1).
 *
 * What a cell becomes is plan.h's to say. Here stand only short cuts for the cells nearly
 * all tables consist of: text as it is, whole numbers and fractions as they are usually
 * written; each gives what plan_value() would, and everything else goes there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/direct.h"
#include "engine/import/direct_record.h"
#include "engine/import/key.h"
#include "engine/pages.h"
#include "engine/text.h"

enum {
    SLOPPY = 32, /* short texts are copied so many bytes at a time */
    VARINT_MOST = 9,
    SIZE_ROOM = 3,     /* of a record's header: the size of 2,000 types */
    EXAMPLES_MOST = 3, /* of misfits, of each column and chunk */
    BODY_ROOM = 4096,
};

enum mode { MODE_TEXT, MODE_INTEGER, MODE_REAL, MODE_NUMBER, MODE_BOOLEAN, MODE_VALUE };

struct column {
    enum mode mode;
    unsigned usual; /* enum cell_kind: cells that are put as the mode says */
    bool empty_is_null, bare_is_null;
    bool watched;             /* nothing has been seen yet that says what it is */
    bool has_mode;            /* chosen for good: asked for every cell of a second look */
    bool real_affinity;       /* SQLite makes whole numbers real when they are read */
    struct typing_value last; /* of a cell that took no short cut */
    int key;                  /* place in the contract's key; -1: none */
    struct stats *stats;
    struct plan_column plan;   /* a copy with flags of its own: of this chunk */
    struct plan_column before; /* its flags when the pass began */
    struct plan_column seen;   /* those of the chunks that are done */
    long long misfits;         /* of this chunk */
};

struct direct_encoder {
    struct column *columns;
    size_t count;
    bool falsified;
    struct array misfits; /* of struct direct_misfit: the first of each column */
    unsigned char *types; /* of the record being made, behind room for their size */
    unsigned char *body, *body_limit; /* texts that end in front of it have room */
    struct pages_value *key;          /* of the last row */
};

/* Room for `length` bytes more and all that a row's other cells can take. */
static struct record make_body_room(struct direct_encoder *encoder, struct record record,
                                    size_t length)
{
    size_t used = (size_t)(record.body - encoder->body);
    size_t others = encoder->count * sizeof(uint64_t) + SLOPPY;
    size_t room = 2 * (used + length + others);
    encoder->body = memory_resize(encoder->body, room);
    encoder->body_limit = encoder->body + room - others;
    record.body = encoder->body + used;
    return record;
}

/* ---- What a column's cells are ---- */

/* JSON tells strings from numbers. */
static void choose_told_mode(struct column *column)
{
    const struct plan_column *plan = &column->plan;
    column->empty_is_null = plan->markers != NULL;
    column->usual = CELL_NUMBER;
    if (plan->storage == STORAGE_MIXED) {
        return; /* which kinds there are is told */
    }
    if (plan->kind == typing_inferred(STORAGE_TEXT) ||
        plan->kind == typing_declared("string")) {
        column->mode = MODE_TEXT;
        column->usual = CELL_STRING;
    } else if (plan->inferred && plan->saw_boolean) {
        column->mode = MODE_BOOLEAN;
        column->usual = CELL_BOOLEAN;
    } else if (plan->kind == typing_inferred(STORAGE_INTEGER) ||
               plan->kind == typing_declared("integer")) {
        column->mode = MODE_INTEGER;
    } else if (plan->kind == typing_inferred(STORAGE_REAL) ||
               plan->kind == typing_declared("number")) {
        column->mode = MODE_NUMBER;
    }
}

static void choose_mode(struct column *column)
{
    const struct plan_column *plan = &column->plan;
    const struct typing_rules *rules = &plan->rules;
    bool number = plan->storage != STORAGE_TEXT;
    if (column->has_mode) {
        return;
    }
    column->has_mode = !column->watched;
    column->mode = MODE_VALUE;
    column->usual = CELL_TEXT;
    if (column->watched) {
        return;
    }
    if (plan->rule.kind != MASK_NONE) {
        return; /* no cell is stored as it is written */
    }
    if (plan->markers != NULL && plan->markers[0] != '\0') {
        return; /* any cell may be a marker */
    }
    if (plan->told) {
        choose_told_mode(column);
        return;
    }
    column->empty_is_null =
        plan->markers != NULL || ((plan->empty_is_null || plan->inferred) && number);
    column->bare_is_null = column->empty_is_null || plan->empty_is_null;
    bool usual = !typing_has_marks(rules);
    if (plan->kind == typing_inferred(STORAGE_TEXT) ||
        plan->kind == typing_declared("string")) {
        column->mode = MODE_TEXT;
    } else if (plan->kind == typing_inferred(STORAGE_INTEGER) ||
               plan->kind == typing_declared("integer")) {
        column->mode = MODE_INTEGER;
    } else if (usual && plan->kind == typing_inferred(STORAGE_REAL)) {
        column->mode = MODE_REAL;
    } else if (usual && plan->kind == typing_declared("number")) {
        column->mode = MODE_NUMBER; /* it need not print back the same */
    }
}

/* Text that was decided without any text seen may turn out to be a number, until what is
 * seen can only be text. */
static bool is_watched(const struct plan_column *plan)
{
    bool open = plan_storage(plan) != STORAGE_TEXT ||
                (!plan->saw_integer && !plan->saw_real && !plan->saw_boolean);
    return plan->inferred && plan->storage == STORAGE_TEXT && !plan->saw_text && open;
}

struct direct_encoder *direct_encoder_new(const struct plan *plan)
{
    struct direct_encoder *encoder = memory_new(sizeof *encoder);
    encoder->count = plan_shown_count(plan);
    encoder->columns = memory_new_many(encoder->count + 1, sizeof *encoder->columns);
    encoder->types =
        memory_new(SIZE_ROOM + VARINT_MOST * encoder->count + sizeof(uint64_t));
    struct record empty = {NULL, NULL};
    make_body_room(encoder, empty, BODY_ROOM);
    encoder->misfits = (struct array)ARRAY_OF(struct direct_misfit);
    for (size_t i = 0; i < encoder->count; i++) {
        struct column *column = &encoder->columns[i];
        column->plan = *plan_shown(plan, i);
        column->plan.nulls = 0;
        column->plan.examples = (struct text){0};
        column->stats = stats_new();
        column->real_affinity = column->plan.storage == STORAGE_REAL;
        column->before = column->seen = column->plan;
        column->key = -1;
        column->last.cut = SIZE_MAX;
    }
    size_t *columns = memory_new_many(encoder->count + 1, sizeof *columns);
    size_t count = key_columns(plan, columns);
    encoder->key = memory_new_many(count + 1, sizeof *encoder->key);
    for (size_t i = 0; i < count; i++) {
        encoder->columns[columns[i]].key = (int)i;
    }
    free(columns);
    return encoder;
}

void direct_encoder_free(struct direct_encoder *encoder)
{
    if (encoder == NULL) {
        return;
    }
    for (size_t i = 0; i < encoder->count; i++) {
        stats_free(encoder->columns[i].stats);
    }
    array_release(&encoder->misfits);
    free(encoder->columns);
    free(encoder->types);
    free(encoder->body);
    free(encoder->key);
    free(encoder);
}

/* Whether a chunk falsifies the types must not depend on the chunks that this worker had
 * before. */
void direct_encoder_start(struct direct_encoder *encoder)
{
    array_clear(&encoder->misfits);
    for (size_t i = 0; i < encoder->count; i++) {
        struct column *column = &encoder->columns[i];
        long long nulls = column->plan.nulls;
        plan_add_seen(&column->seen, &column->plan);
        column->plan = column->before;
        column->plan.nulls = nulls;
        column->watched = is_watched(&column->plan);
        column->misfits = 0;
        choose_mode(column);
    }
}

bool direct_is_falsified(const struct direct_encoder *encoder)
{
    return encoder->falsified;
}

/* ---- Records ----
 *
 * Ten million rows pass here: what nearly every cell needs is inlined, what few need is
 * kept out of its way. */

__attribute__((always_inline)) static inline struct record put_text(
    struct direct_encoder *encoder, struct record record, const char *text, size_t length)
{
    if (length >= (size_t)(encoder->body_limit - record.body)) {
        record = make_body_room(encoder, record, length);
    }
    if (length < (0x80 - 13) / 2) {
        *record.type++ = (unsigned char)(13 + 2 * length);
    } else {
        record.type += pages_put_varint(record.type, 13 + 2 * (uint64_t)length);
    }
    if (length <= SLOPPY) {
        memcpy(record.body, text, SLOPPY);
    } else {
        memcpy(record.body, text, length);
    }
    record.body += length;
    return record;
}

static inline struct record put_null(struct column *column, struct record record)
{
    *record.type++ = 0;
    column->plan.nulls++;
    stats_null(column->stats);
    return record;
}

/* ---- Cells ---- */

static void note_misfit(struct direct_encoder *encoder, struct column *column, size_t row,
                        const struct direct_cell *cell)
{
    if (column->misfits++ < EXAMPLES_MOST) {
        struct direct_misfit *misfit = array_push(&encoder->misfits);
        misfit->column = (int)(column - encoder->columns);
        misfit->row = (uint32_t)row;
        misfit->text = cell->text;
        misfit->length = cell->length;
    }
}

static void watch_cell(struct direct_encoder *encoder, struct column *column,
                       const struct direct_cell *cell)
{
    struct reader_cell seen = {
        .length = cell->length, .bare = cell->bare, .kind = cell->kind};
    plan_see_cell(&column->plan, cell->text, &seen);
    /* Where nothing had been seen, one worker's cells prove nothing: all together do,
     * when the pass is over. What is done must not depend on who saw which. */
    if (!column->watched) {
        encoder->falsified |= plan_storage(&column->plan) != column->plan.storage;
    }
    column->watched = is_watched(&column->plan);
    if (!column->watched) {
        choose_mode(column);
    }
}

/* As plan.h says it. */
__attribute__((noinline)) static struct record put_value(struct direct_encoder *encoder,
                                                         struct column *column,
                                                         size_t row,
                                                         const struct direct_cell *cell,
                                                         struct record record)
{
    struct reader_cell seen = {
        .length = cell->length, .bare = cell->bare, .kind = cell->kind};
    const char *text = cell->text;
    size_t length = cell->length;
    struct typing_value *value = &column->last;
    watch_cell(encoder, column, cell);
    if (plan_value(&column->plan, cell->text, &seen, value) != FIT_YES) {
        note_misfit(encoder, column, row, cell);
    }
    switch (value->type) {
    case VALUE_NULL:
        record = put_null(column, record);
        break;
    case VALUE_INTEGER:
        record = put_integer(record, value->integer);
        stats_integer(column->stats, value->integer);
        break;
    case VALUE_REAL:
        record = put_real(record, value->real, column->real_affinity);
        stats_real(column->stats, value->real);
        break;
    case VALUE_TEXT:
        text = typing_text(value, text, &length);
        record = put_text(encoder, record, text, length);
        stats_text(column->stats, text, length);
        break;
    }
    return record;
}

static inline struct record put_whole(struct direct_encoder *encoder,
                                      struct column *column, size_t row,
                                      const struct direct_cell *cell,
                                      struct record record)
{
    const char *text = cell->text;
    bool negative = text[0] == '-' && cell->length > 1 && text[1] != '0';
    uint64_t digits;
    if (parse_short(text + negative, cell->length - negative, &digits)) {
        long long value = negative ? -(long long)digits : (long long)digits;
        record = put_integer(record, value);
        stats_integer(column->stats, value);
    } else {
        record = put_value(encoder, column, row, cell, record);
    }
    return record;
}

static inline struct record put_fraction(struct direct_encoder *encoder,
                                         struct column *column, size_t row,
                                         const struct direct_cell *cell,
                                         struct record record)
{
    double value;
    if (parse_fraction(cell->text, cell->length, &value)) {
        record = put_real(record, value, column->real_affinity);
        stats_real(column->stats, value);
    } else {
        record = put_value(encoder, column, row, cell, record);
    }
    return record;
}

static inline struct record put_number(struct direct_encoder *encoder,
                                       struct column *column, size_t row,
                                       const struct direct_cell *cell,
                                       struct record record)
{
    double value;
    if (parse_number(cell->text, cell->length, &value)) {
        record = put_real(record, value, column->real_affinity);
        stats_real(column->stats, value);
    } else {
        record = put_value(encoder, column, row, cell, record);
    }
    return record;
}

static inline struct record put_boolean(struct column *column,
                                        const struct direct_cell *cell,
                                        struct record record)
{
    long long value = cell->text[0] == 't' ? 1 : 0;
    record = put_integer(record, value);
    stats_integer(column->stats, value);
    return record;
}

static struct record put_empty(struct direct_encoder *encoder, struct column *column,
                               size_t row, const struct direct_cell *cell,
                               struct record record)
{
    if (cell->bare ? column->bare_is_null : column->empty_is_null) {
        record = put_null(column, record);
    } else {
        record = put_value(encoder, column, row, cell, record);
    }
    return record;
}

static inline struct record put_cell(struct direct_encoder *encoder,
                                     struct column *column, size_t row,
                                     const struct direct_cell *cell, struct record record)
{
    /* One comparison tells the usual cells from what is rarer. */
    unsigned usual = cell->kind == column->usual ? column->mode : MODE_VALUE;
    if (cell->length == 0 && usual != MODE_VALUE) {
        record = put_empty(encoder, column, row, cell, record);
    } else if (usual == MODE_TEXT) {
        record = put_text(encoder, record, cell->text, cell->length);
        stats_text_padded(column->stats, cell->text, cell->length);
    } else if (usual == MODE_INTEGER) {
        record = put_whole(encoder, column, row, cell, record);
    } else if (usual == MODE_REAL) {
        record = put_fraction(encoder, column, row, cell, record);
    } else if (usual == MODE_NUMBER) {
        record = put_number(encoder, column, row, cell, record);
    } else if (cell->kind == CELL_NULL) {
        record = put_null(column, record);
    } else if (usual == MODE_BOOLEAN) {
        record = put_boolean(column, cell, record);
    } else {
        record = put_value(encoder, column, row, cell, record);
    }
    return record;
}

/* The value just put, of serial type `type`: a whole number's bytes are the last ones. */
static void note_key(struct direct_encoder *encoder, const struct column *column,
                     const struct direct_cell *cell, unsigned char type,
                     const unsigned char *end)
{
    static const unsigned char sizes[] = {0, 1, 2, 3, 4, 6, 8, 8};
    struct pages_value *value = &encoder->key[column->key];
    uint64_t bits = 0;
    if (type > 9) {
        *value = (struct pages_value){.kind = PAGES_TEXT, .length = cell->length};
        value->text = typing_text(&column->last, cell->text, &value->length);
        return;
    }
    for (int i = type < 8 ? sizes[type] : 0; i > 0; i--) {
        bits = bits << 8 | end[-i];
    }
    if (type == 0) {
        *value = (struct pages_value){.kind = PAGES_NULL};
    } else if (type == 7) {
        *value = (struct pages_value){.kind = PAGES_REAL};
        memcpy(&value->real, &bits, sizeof bits);
    } else {
        int unused = type < 8 ? 64 - 8 * sizes[type] : 0; /* bits in front: the sign's */
        long long integer = type >= 8 ? type - 8 : (long long)(bits << unused) >> unused;
        *value = column->real_affinity
                     ? (struct pages_value){.kind = PAGES_REAL, .real = (double)integer}
                     : (struct pages_value){.kind = PAGES_INTEGER, .integer = integer};
    }
}

const struct pages_value *direct_encoder_key(const struct direct_encoder *encoder)
{
    return encoder->key;
}

void direct_encode(struct direct_encoder *encoder, size_t row,
                   const struct direct_cell *cells, struct pages_run *run)
{
    unsigned char *types = encoder->types + SIZE_ROOM;
    struct record record = {types, encoder->body};
    for (size_t i = 0; i < encoder->count; i++) {
        struct column *column = &encoder->columns[i];
        const unsigned char *type = record.type;
        record = put_cell(encoder, column, row, &cells[i], record);
        if (column->key >= 0) {
            note_key(encoder, column, &cells[i], *type, record.body);
        }
    }
    /* The size of the header counts itself. */
    size_t length = (size_t)(record.type - types);
    size_t size = length + 1 < 0x80 ? 1 : length + 2 < 0x4000 ? 2 : 3;
    unsigned char *header = types - size;
    pages_put_varint(header, length + size);
    pages_run_add(run, header, length + size, encoder->body,
                  (size_t)(record.body - encoder->body));
}

/* A cell of JSON that its column's storage was decided by. */
static bool is_as_expected(const struct column *column, const struct direct_cell *cell)
{
    uint64_t digits;
    double value;
    if (!column->plan.told || cell->kind != column->usual || cell->length == 0) {
        return false;
    }
    return column->mode == MODE_TEXT || column->mode == MODE_BOOLEAN ||
           (column->mode == MODE_INTEGER &&
            parse_short(cell->text, cell->length, &digits)) ||
           (column->mode == MODE_NUMBER &&
            parse_number(cell->text, cell->length, &value));
}

void direct_watch(struct direct_encoder *encoder, const struct direct_cell *cells)
{
    for (size_t i = 0; i < encoder->count; i++) {
        if (cells[i].kind != CELL_NULL &&
            !is_as_expected(&encoder->columns[i], &cells[i])) {
            watch_cell(encoder, &encoder->columns[i], &cells[i]);
        }
    }
}

/* ---- What the plan learns ---- */

void direct_encoder_tell(struct direct_encoder *encoder, struct plan *plan,
                         const struct direct_chunk *chunk, const struct direct_file *file,
                         const struct direct_format *format)
{
    for (size_t i = 0; i < encoder->misfits.count; i++) {
        const struct direct_misfit *misfit = array_at(&encoder->misfits, i);
        size_t place = format->place(file, chunk, misfit->row);
        plan_note_misfit(plan_shown(plan, (size_t)misfit->column),
                         chunk->line + format->lines(chunk->bytes, place), misfit->text,
                         misfit->length);
        encoder->columns[misfit->column].misfits--;
    }
    for (size_t i = 0; i < encoder->count; i++) {
        plan_shown(plan, i)->misfits += encoder->columns[i].misfits;
    }
}

void direct_encoder_see(const struct direct_encoder *encoder, struct plan *plan)
{
    for (size_t i = 0; i < encoder->count; i++) {
        plan_add_seen(plan_shown(plan, i), &encoder->columns[i].seen);
        plan_add_seen(plan_shown(plan, i), &encoder->columns[i].plan);
    }
}

void direct_encoder_merge(const struct direct_encoder *encoder, struct plan *plan)
{
    for (size_t i = 0; i < encoder->count; i++) {
        const struct plan_column *from = &encoder->columns[i].plan;
        struct plan_column *into = plan_shown(plan, i);
        into->nulls += from->nulls;
        if (into->stats != NULL) {
            stats_merge(into->stats, encoder->columns[i].stats);
        }
    }
}
