/* kept: files that are no tables: told by what they are, kept whole, saved without
 * replacing anything, opened by the person's program only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/kept.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-kept-XXXXXX";
static struct error err;

/* ---- Types ---- */

static void test_types(void)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *name, *type;
    } rows[] = {
        {"%PDF-1.7\n", 9, "report.pdf", "pdf"},
        {"%PDF-1.7\n", 9, "report.csv", "pdf"},
        {"\x89PNG\r\n\x1a\n", 8, "a", "png"},
        {"\xff\xd8\xff\xe0", 4, "a.jpg", "jpeg"},
        {"PK\x03\x04", 4, "book.xlsx", "xlsx"},
        {"PK\x03\x04", 4, "book.zip", "zip"},
        {"PK\x03\x04", 4, "report.pdf", "zip"},
        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "book.xls", "xls"},
        {"\x08\x07\x12\x07pytorch", 11, "churn.onnx", "onnx"},
        {"PAR1\x15\0", 6, "x.parquet", "parquet"},
        {"SQLite format 3", 16, "x.bin", "sqlite"},
        {"\x7f"
         "ELF\2",
         5, "report.pdf", "elf"},
        {"MZ are two letters\n", 19, "notes.txt", "text"},
        {"MZ\x90\0\3", 5, "setup.exe", "pe"},
        {"#!/bin/sh\n", 10, "report.pdf", "script"},
        {"RIFF\1\2\3\4WAVE", 12, "a.wav", "wav"},
        {"RIFF\1\2\3\4WEBP", 12, "a.webp", "webp"},
        {"<?xml version='1.0'?><svg>", 26, "a.svg", "svg"},
        {"plain words", 11, "readme", "text"},
        {"# words", 7, "readme.md", "markdown"},
        {"\0\1\2", 3, "thing", "file"},
        {"", 0, "nothing", "file"},
        {"\x1f\x8b\x08", 3, "a.tgz", "gzip"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        is_text(kept_type_of(rows[i].bytes, rows[i].length, rows[i].name)->name,
                rows[i].type, "%s, type %zu", rows[i].name, i);
    }
    is_text(kept_type_named("application/pdf")->name, "pdf", "a media type");
    ok(kept_type_named("csv") == NULL, "a table is none of them");
}

/* ---- Keeping ---- */

static char *stage, *database;
static struct text notes;

static bool keep(const char *shown, const void *bytes, size_t length)
{
    char *path = path_join(root, "source");
    path_write_file(path, bytes, length, 0600, &err);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct kept_source source = {.table = "report", .shown = shown, .fd = fd};
    err = (struct error){0};
    bool kept = kept_add(stage, database, &source, &notes, &err);
    close(fd);
    free(path);
    return kept;
}

static const char *names_of(const struct array *files)
{
    static struct text out;
    text_clear(&out);
    for (size_t i = 0; i < files->count; i++) {
        const struct kept_file *file = array_at(files, i);
        text_printf(&out, "%s%s:%s:%lld", i > 0 ? " " : "", file->name, file->type->name,
                    file->bytes);
    }
    return text_string(&out);
}

static void test_keeping(void)
{
    ok(keep("reports/2026 Q1.pdf", "%PDF-1.7 one", 12), "a file is kept: %s",
       err.message);
    ok(keep("old/2026 Q1.pdf", "%PDF-1.7 two", 12), "and another of the same name");
    ok(keep("https://h.example.org/m/-rf%20.onnx?key=secret#x", "\x08\x07", 2),
       "a model");
    ok(keep("git:.#v1:a/../.hidden", "x", 1), "a name that hides");
    ok(notes.length == 0, "nothing of them is odd: %s", text_string(&notes));
    ok(keep("\xE2\x80\xAEgnp.pdf", "PK\x03\x04", 4), "a name that lies");
    ok(strstr(text_string(&notes), "is called a PDF document and is a ZIP archive") !=
           NULL,
       "is told: %s", text_string(&notes));
    char long_name[400];
    memset(long_name, 'a', sizeof long_name);
    memcpy(long_name + sizeof long_name - 5, ".pdf", 5);
    ok(keep(long_name, "", 0), "an empty file of a long name");
}

/* As publishing does it. */
static char *published(void)
{
    char *version = path_join(root, "1.0.0-abc.db");
    char *from = path_join(stage, "files"), *to = path_join(root, "1.0.0-abc.files");
    ok(rename(from, to) == 0 && rename(database, version) == 0, "it is published");
    free(from);
    free(to);
    return version;
}

static void test_listing(const char *version, struct array *files)
{
    ok(kept_list(version, files, &err), "they are listed: %s", err.message);
    ok(string_starts(names_of(files),
                     "2026_Q1.pdf:pdf:12 2026_Q1-2.pdf:pdf:12 _rf_20.onnx:onnx:2 "
                     "_hidden:text:1 ___gnp.pdf:zip:4 aaaa"),
       "by names that are safe: %s", names_of(files));
    bool modes = true, same = true;
    for (size_t i = 0; i < files->count; i++) {
        const struct kept_file *file = array_at(files, i);
        struct stat info;
        modes = modes && stat(file->path, &info) == 0 && (info.st_mode & 0777) == 0440;
        same = same && kept_check(file, &err);
    }
    ok(modes, "nobody writes to them");
    ok(same, "and their bytes are those that were kept: %s", err.message);
    ok(kept_find(files, "2026_Q1.pdf", &err) != NULL, "one is found by its name");
    ok(kept_find(files, NULL, &err) == NULL && strstr(err.message, "2026_Q1.pdf") != NULL,
       "no name: all are told: %s", err.message);
    ok(kept_find(files, "../x", &err) == NULL, "a name that is none of them");
}

static void test_changed(const struct kept_file *file)
{
    chmod(file->path, 0600);
    path_write_file(file->path, "%PDF-1.7 bad", 12, 0440, NULL);
    err = (struct error){0};
    ok(!kept_check(file, &err), "a file that somebody changed: %s", err.message);
}

/* ---- Saving ---- */

static void test_saving(const struct array *files)
{
    const struct kept_file *file = array_at(files, 0);
    char *folder = path_join(root, "out"), *place = NULL, *bytes = NULL;
    size_t length = 0;
    path_make_folders(folder, &err);
    err = (struct error){0};
    ok(kept_save(file, folder, &place, &err), "it is saved: %s", err.message);
    ok(place != NULL && path_read_file(place, 100, &bytes, &length, &err) &&
           string_equal(bytes, "%PDF-1.7 one"),
       "whole");
    free(bytes);
    bytes = NULL;
    free(place);
    ok(!kept_save(file, folder, &place, &err) && strstr(err.message, "already") != NULL,
       "and not replaced: %s", err.message);
    char *target = path_join(root, "victim"), *link = path_join(folder, "2026_Q1-2.pdf");
    path_write_file(target, "mine", 4, 0600, &err);
    ok(symlink(target, link) == 0, "a link lies where it would go");
    ok(!kept_save(array_at(files, 1), folder, &place, &err), "it is not followed");
    ok(path_read_file(target, 100, &bytes, &length, &err) && string_equal(bytes, "mine"),
       "and its target is as it was");
    free(bytes);
    err = (struct error){0};
    ok(!kept_save(file, "/nowhere", &place, &err) && err.message[0] != '\0',
       "no such folder: %s", err.message);
    free(link);
    free(target);
    free(folder);
}

/* ---- Viewers ---- */

static const char *viewer(const char *setting, const char *type)
{
    static struct text out;
    struct array words = ARRAY_OF(char *);
    struct kept_file file = {.path = (char *)"/c/a b.pdf", .type = kept_type_named(type)};
    text_clear(&out);
    err = (struct error){0};
    if (!kept_viewer(setting, &file, &words, &err)) {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    for (size_t i = 0; i < words.count; i++) {
        text_printf(&out, "[%s]", *(char **)array_at(&words, i));
    }
    kept_words_release(&words);
    return text_string(&out);
}

static void test_viewers(void)
{
    static const char setting[] =
        "pdf: zathura {file}; image: 'my viewer' -f \"{file}\" ;"
        " *: xdg-open;zip:unzip -l -- {file}";
    is_text(viewer(setting, "pdf"), "[zathura][/c/a b.pdf]", "of a type");
    is_text(viewer(setting, "png"), "[my viewer][-f][/c/a b.pdf]", "of a group");
    is_text(viewer(setting, "onnx"), "[xdg-open][/c/a b.pdf]", "of everything else");
    is_text(viewer(setting, "zip"), "[unzip][-l][--][/c/a b.pdf]", "the last one");
    is_text(viewer("", "pdf"), "", "nothing is set");
    is_text(viewer(NULL, "pdf"), "", "nothing at all");
    is_text(viewer("image: feh", "pdf"), "", "nothing for this type");
    is_text(viewer("pdf zathura", "pdf"), "refused", "no colon");
    is_text(viewer("pdf: 'zathura", "pdf"), "refused", "a quote without an end");
    is_text(viewer("pdf: ", "pdf"), "refused", "no program");
    is_text(viewer("pdf: sh -c 'a; b {file}'", "pdf"), "[sh][-c][a; b /c/a b.pdf]",
            "a semicolon in quotes");
}

int main(void)
{
    struct array files = ARRAY_OF(struct kept_file);
    if (mkdtemp(root) == NULL) {
        return EXIT_FAILURE;
    }
    stage = path_join(root, "stage");
    database = path_join(root, "stage/version.db");
    path_make_folders(stage, &err);
    test_types();
    test_keeping();
    char *version = published();
    test_listing(version, &files);
    test_saving(&files);
    test_changed(array_at(&files, 0));
    test_viewers();
    kept_files_release(&files);
    text_release(&notes);
    path_remove_tree(root, NULL);
    free(version);
    free(database);
    free(stage);
    return tap_done();
}
