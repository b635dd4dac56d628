/* catalog/fold: words through FTS5's tokenizer (sqlite.org/fts5.html, section 7), and the
 * function that tells which columns matched.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/fold.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

struct fold {
    fts5_tokenizer methods;
    Fts5Tokenizer *tokenizer;
};

/* Its documented way in: the pointer is handed over through a statement. */
static fts5_api *find_api(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *stmt = store_prepare(db, "SELECT fts5(?1)", NULL);
    if (stmt != NULL) {
        sqlite3_bind_pointer(stmt, 1, (void *)&api, "fts5_api_ptr", NULL);
        store_step(stmt, NULL);
        store_finish(stmt);
    }
    return api;
}

static void search_fields(const Fts5ExtensionApi *api, Fts5Context *context,
                          sqlite3_context *result, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_int64 fields = 0;
    int phrases = api->xPhraseCount(context);
    for (int i = 0; i < phrases; i++) {
        Fts5PhraseIter iterator;
        int column = -1;
        int status = api->xPhraseFirstColumn(context, i, &iterator, &column);
        while (status == SQLITE_OK && column >= 0) {
            fields |= (sqlite3_int64)1 << column;
            api->xPhraseNextColumn(context, &iterator, &column);
        }
    }
    sqlite3_result_int64(result, fields);
}

struct fold *fold_new(sqlite3 *db)
{
    static const char *options[] = {"remove_diacritics", "2"};
    fts5_api *api = find_api(db);
    void *made_by = NULL;
    if (api == NULL) {
        return NULL;
    }
    struct fold *fold = memory_new(sizeof *fold);
    if (api->xFindTokenizer(api, "unicode61", &made_by, &fold->methods) != SQLITE_OK ||
        fold->methods.xCreate(made_by, options, 2, &fold->tokenizer) != SQLITE_OK) {
        free(fold);
        return NULL;
    }
    api->xCreateFunction(api, "search_fields", NULL, search_fields, NULL);
    return fold;
}

void fold_free(struct fold *fold)
{
    if (fold != NULL) {
        fold->methods.xDelete(fold->tokenizer);
        free(fold);
    }
}

struct folding {
    struct text *out;
    size_t count;
};

static int add_word(void *argument, int flags, const char *word, int length, int start,
                    int end)
{
    (void)flags;
    (void)start;
    (void)end;
    struct folding *folding = argument;
    text_append(folding->out, folding->count > 0 ? " " : "");
    text_append_bytes(folding->out, word, (size_t)length);
    folding->count++;
    return SQLITE_OK;
}

size_t fold_words(const struct fold *fold, const char *text, struct text *out)
{
    struct folding folding = {.out = out};
    text_clear(out);
    if (text != NULL) {
        fold->methods.xTokenize(fold->tokenizer, &folding, FTS5_TOKENIZE_QUERY, text,
                                (int)strlen(text), add_word);
    }
    return folding.count;
}
