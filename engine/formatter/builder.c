/* formatter/builder: groups, frames and items of a layout on its way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/builder.h"

#include <string.h>

#include "engine/safetext.h"

/* ---- Instructions ---- */

struct layout *builder_add(struct builder *builder, enum layout_kind kind, size_t amount)
{
    struct layout *layout = array_push(&builder->layout);
    *layout = (struct layout){.kind = kind, .amount = amount};
    builder->columns += kind == LAYOUT_SPACE || kind == LAYOUT_LINE;
    return layout;
}

void builder_line(struct builder *builder, enum layout_kind kind)
{
    builder_add(builder, kind, 0);
    builder->is_apart = false;
    builder->before = NULL; /* the break parts what stands around it */
    if (kind == LAYOUT_HARD) {
        builder_force(builder);
    }
}

void builder_open(struct builder *builder, size_t most)
{
    size_t *group = array_push(&builder->groups);
    *group = builder->layout.count;
    struct layout *layout = builder_add(builder, LAYOUT_GROUP, 0);
    layout->flat = builder->columns;
    layout->most = most;
}

static struct layout *open_group(const struct builder *builder)
{
    size_t count = builder->groups.count;
    const size_t *group = count > 0 ? array_at(&builder->groups, count - 1) : NULL;
    return group != NULL ? array_at(&builder->layout, *group) : NULL;
}

void builder_close(struct builder *builder)
{
    struct layout *group = open_group(builder);
    bool is_forced = group->is_forced;
    group->flat = builder->columns - group->flat;
    group->amount = builder->layout.count;
    builder_add(builder, LAYOUT_END, 0);
    array_remove(&builder->groups, builder->groups.count - 1);
    if (is_forced) {
        builder_force(builder);
    }
}

void builder_force(struct builder *builder)
{
    struct layout *group = open_group(builder);
    if (group != NULL) {
        group->is_forced = true;
    }
}

static size_t width_of(const struct builder *builder, const struct piece *piece)
{
    int width = safetext_width(builder->sql + piece->start, piece->length);
    return width > 0 ? (size_t)width : 0;
}

void builder_comment(struct builder *builder, size_t index)
{
    const struct piece *piece = array_at(builder->pieces, index);
    bool breaks = piece->own_line || piece->kind != PIECE_BLOCK_COMMENT ||
                  memchr(builder->sql + piece->start, '\n', piece->length) != NULL;
    builder_add(builder, LAYOUT_PIECE, index);
    builder->columns += width_of(builder, piece) + 1;
    builder->is_apart = true;
    if (breaks) {
        builder_force(builder);
    }
}

void builder_flush(struct builder *builder)
{
    for (size_t i = 0; i < builder->held.count; i++) {
        builder_comment(builder, *(size_t *)array_at(&builder->held, i));
    }
    array_clear(&builder->held);
}

void builder_put(struct builder *builder, const struct piece *piece)
{
    builder_flush(builder);
    if (builder_needs_space(builder, piece)) {
        builder_add(builder, LAYOUT_SPACE, 0);
    }
    builder_add(builder, LAYOUT_PIECE,
                (size_t)(piece - (const struct piece *)builder->pieces->items));
    builder->columns += width_of(builder, piece);
    builder_note(builder, piece);
}

/* ---- Frames ---- */

struct frame *builder_frame(const struct builder *builder)
{
    size_t count = builder->frames.count;
    return count > 0 ? array_at(&builder->frames, count - 1) : NULL;
}

struct frame *builder_push(struct builder *builder, enum frame_kind kind)
{
    struct frame *frame = array_push(&builder->frames);
    frame->kind = kind;
    frame->is_empty = true;
    return frame;
}

void builder_indent_once(struct builder *builder)
{
    struct frame *frame = builder_frame(builder);
    if (!frame->is_indented) {
        frame->is_indented = true;
        builder_add(builder, LAYOUT_INDENT, STEP);
    }
}

void builder_begin_item(struct builder *builder)
{
    struct frame *frame = builder_frame(builder);
    if (!frame->in_item) {
        frame->in_item = true;
        builder_open(builder, 0);
    }
}

void builder_end_item(struct builder *builder)
{
    struct frame *frame = builder_frame(builder);
    if (frame->is_indented) {
        frame->is_indented = false;
        builder_add(builder, LAYOUT_DEDENT, STEP);
    }
    if (frame->in_item) {
        frame->in_item = false;
        builder_close(builder);
    }
    frame->between = 0;
}

/* A list of one item stays behind its head. */
void builder_end_clause(struct builder *builder)
{
    struct frame *frame = builder_frame(builder);
    if (frame->clause == CLAUSE_NONE) {
        return;
    }
    builder_end_item(builder);
    if (frame->has_head_line) {
        if (!frame->has_commas) {
            struct layout *line = array_at(&builder->layout, frame->head_line);
            line->kind = LAYOUT_SPACE;
            struct layout *indent = array_at(&builder->layout, frame->head_line - 1);
            indent->amount = 0;
        }
        builder_add(builder, LAYOUT_DEDENT, frame->has_commas ? STEP : 0);
    }
    builder_close(builder);
    frame->clause = CLAUSE_NONE;
    frame->in_head = frame->has_head_line = frame->has_commas = false;
}

const struct piece *builder_peek(const struct builder *builder, size_t ahead)
{
    for (size_t i = builder->index + 1; i < builder->pieces->count; i++) {
        const struct piece *piece = array_at(builder->pieces, i);
        if (piece->kind == PIECE_TOKEN && --ahead == 0) {
            return piece;
        }
    }
    return NULL;
}
