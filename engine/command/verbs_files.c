/* command: view, and what else is done with files of a product that are no tables: told
 * on the card, opened with the person's program, saved.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/kept.h"

#include <stdlib.h>
#include <string.h>

/* None when the product is not here. */
static struct array files_of(const struct workbench *workbench,
                             const struct catalog_entry *entry)
{
    struct array files = ARRAY_OF(struct kept_file);
    char *version = workbench_version(workbench, entry);
    if (version != NULL) {
        kept_list(version, &files, NULL);
    }
    free(version);
    return files;
}

/* ---- On the card ---- */

void files_card(const struct workbench *workbench, const struct catalog_entry *entry,
                struct text *out)
{
    struct array files = files_of(workbench, entry);
    for (size_t i = 0; i < files.count; i++) {
        const struct kept_file *file = array_at(&files, i);
        char bytes[32];
        text_append(out, i == 0 ? "\nfiles\n" : "");
        text_printf(out, "    %-24s  %s, %s, sha256 %s\n", file->name, file->type->title,
                    string_of_bytes(file->bytes, bytes, sizeof bytes), file->sha256);
    }
    kept_files_release(&files);
}

void files_json(const struct workbench *workbench, const struct catalog_entry *entry,
                struct text *out)
{
    struct array files = files_of(workbench, entry);
    text_append(out, ", \"files\": [");
    for (size_t i = 0; i < files.count; i++) {
        const struct kept_file *file = array_at(&files, i);
        const char *const members[][2] = {
            {"name", file->name},         {"table", file->table},
            {"source", file->source},     {"type", file->type->name},
            {"media", file->type->media}, {"sha256", file->sha256},
            {"path", file->path}};
        text_append(out, i > 0 ? ", {" : "{");
        for (size_t j = 0; j < sizeof members / sizeof *members; j++) {
            text_append_json(out, members[j][0]);
            text_append(out, ": ");
            text_append_json(out, members[j][1]);
            text_append(out, ", ");
        }
        text_printf(out, "\"bytes\": %lld}", file->bytes);
    }
    text_append_char(out, ']');
    kept_files_release(&files);
}

/* ---- Saving ---- */

bool files_save(struct command_call *call, const struct catalog_entry *entry,
                const char *folder, struct error *err)
{
    struct array files = files_of(call->workbench, entry);
    struct text *message = &call->reply.message;
    bool done = files.count > 0 ||
                error_set(err, ERROR_FAILED,
                          "%s has only tables; to save one: export \"SELECT * FROM "
                          "%s.TABLE\" --out FILE",
                          entry->id, entry->schema);
    for (size_t i = 0; done && i < files.count; i++) {
        const struct kept_file *file = array_at(&files, i);
        char *place = NULL;
        done = kept_check(file, err) && kept_save(file, folder, &place, err);
        if (done) {
            text_printf(message, "%ssaved %s", message->length > 0 ? "\n" : "", place);
        }
        free(place);
    }
    kept_files_release(&files);
    return done;
}

/* ---- view ---- */

static bool say_how(struct command_call *call, const struct kept_file *file)
{
    char bytes[32];
    call_message(call,
                 "%s is %s of %s and lies at %s; to open it with a program: set viewer "
                 "\"%s: PROGRAM {file}\"",
                 file->name, file->type->title,
                 string_of_bytes(file->bytes, bytes, sizeof bytes), file->path,
                 file->type->name);
    return true;
}

static bool start_viewer(struct command_call *call, const struct kept_file *file,
                         struct error *err)
{
    const char *setting = options_get(call->workbench->options, "viewer");
    struct array words = ARRAY_OF(char *);
    if (!kept_check(file, err) || !kept_viewer(setting, file, &words, err)) {
        kept_words_release(&words);
        return false;
    }
    if (words.count == 0) {
        return say_how(call, file);
    }
    *(char **)array_push(&words) = NULL;
    call->reply.program = words;
    return true;
}

static bool view_found(struct command_call *call, const struct catalog_entry *entry,
                       struct error *err)
{
    char *version = workbench_version(call->workbench, entry);
    struct array files = ARRAY_OF(struct kept_file);
    bool done =
        version != NULL ||
        error_set(err, ERROR_FAILED, "%s is not here yet: get %s", entry->id, entry->id);
    done = done && kept_list(version, &files, err);
    const struct kept_file *file =
        done ? kept_find(&files, call_word(call, 1), err) : NULL;
    done = file != NULL && start_viewer(call, file, err);
    kept_files_release(&files);
    free(version);
    return done;
}

bool verb_view(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    name = name != NULL ? name : call->workbench->product;
    if (name == NULL || call_count(call) > 2) {
        return error_set(err, ERROR_USAGE,
                         "view needs a product, and a file of it when it "
                         "has several: view PRODUCT [FILE]");
    }
    struct catalog_entry entry;
    bool done = catalog_find(call->workbench->catalog, name, &entry, err);
    if (done) {
        done = view_found(call, &entry, err);
        catalog_entry_release(&entry);
    }
    if (done) {
        call_done(call);
    }
    return done;
}
