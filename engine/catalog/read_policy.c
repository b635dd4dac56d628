/* catalog/read_policy: the folder of policies: policies/ID.sql, a header of comments and
 * one SELECT, and waivers.yaml. What is wrong with them is told with file and line; a
 * policy that cannot be run stays in the index, so that it is seen not to run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"
#include "engine/sql_file.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/sql.h"
#include "engine/text.h"

/* ---- What a header may say ---- */

static const char *const severities[] = {"error", "warning", "info", "figure", NULL};
static const char *const scopes[] = {"catalog", "data", NULL};
static const char *const answers[] = {"yes", "no", NULL};
static const char *const gates[] = {"get", "query", "export", "publish", NULL};

static const struct header_word {
    const char *key;
    const char *const *words;
    bool is_list; /* several, with commas */
} header_words[] = {
    {"severity", severities, false},
    {"scope", scopes, false},
    {"measure", answers, false},
    {"gate", gates, true},
};

static const char *const header_keys[] = {
    "id",  "title", "category", "severity", "context", "decision", "consequences",
    "why", "scope", "each",     "gate",     "measure", NULL,
};

static bool is_among(const char *const *words, const char *word, size_t length)
{
    for (; *words != NULL; words++) {
        if (strlen(*words) == length && strncmp(*words, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static void append_words(struct text *out, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        text_printf(out, "%s%s",
                    i == 0                 ? ""
                    : words[i + 1] != NULL ? ", "
                                           : " or ",
                    words[i]);
    }
}

static void check_word(struct build *build, const char *path, const struct sql_file *file,
                       const struct header_word *row)
{
    const char *value = sql_header(file, row->key);
    struct document_place place = {sql_header_line(file, row->key), 1};
    while (value != NULL && *value != '\0') {
        size_t length = row->is_list ? strcspn(value, ", ") : strlen(value);
        if (length > 0 && !is_among(row->words, value, length)) {
            struct text words = {0};
            append_words(&words, row->words);
            build_problem(build, path, place, true, "policy",
                          "\"%.*s\" is no %s of a policy: it is %s", (int)length, value,
                          row->key, text_string(&words));
            text_release(&words);
        }
        value += length;
        value += strspn(value, ", ");
    }
}

static void check_keys(struct build *build, const char *path, const struct sql_file *file)
{
    for (int i = 0; i < file->count; i++) {
        const char *near = string_nearest(file->keys[i], header_keys);
        struct document_place place = {file->lines[i], 1};
        if (!is_among(header_keys, file->keys[i], strlen(file->keys[i]))) {
            build_problem(build, path, place, false, "policy",
                          "a policy has no key \"%s\"%s%s", file->keys[i],
                          near != NULL ? "; did you mean " : "",
                          near != NULL ? near : "");
        }
    }
    if (sql_header(file, "title") == NULL) {
        build_problem(build, path, (struct document_place){1, 1}, false, "policy",
                      "the policy has no title: begin the file with `-- title: ...`");
    }
}

/* ---- Its statements ---- */

/* One SELECT, as far as its text tells: what it may do is decided where it runs. */
static void check_statement(struct build *build, const char *path, const char *what,
                            struct document_place place, const char *sql)
{
    struct array spans = sql_split(sql, strlen(sql));
    const struct sql_span *span = array_at(&spans, 0);
    const char *fault = spans.count == 0 ? "has no statement"
                        : spans.count > 1
                            ? "has several statements; it may have one SELECT"
                        : !sql_is_select(sql + span->start, span->length)
                            ? "is no SELECT; a policy only reads"
                            : NULL;
    if (fault != NULL) {
        build_problem(build, path, place, true, "policy", "%s %s", what, fault);
    }
    array_release(&spans);
}

static void check_policy(struct build *build, const char *path,
                         const struct sql_file *file)
{
    const char *each = sql_header(file, "each");
    for (size_t i = 0; i < sizeof header_words / sizeof *header_words; i++) {
        check_word(build, path, file, &header_words[i]);
    }
    check_keys(build, path, file);
    check_statement(build, path, "the policy", (struct document_place){file->line, 1},
                    file->sql);
    if (each != NULL) {
        check_statement(build, path, "`each`",
                        (struct document_place){sql_header_line(file, "each"), 1}, each);
    }
}

/* The id of a file is its header's, else its name without the suffix. */
static void add_policy(struct build *build, const char *path, const char *text)
{
    static const char *const kept[] = {"title", "category", "severity",     "context",
                                       "scope", "gate",     "consequences", "why",
                                       "each",  "decision", "measure"};
    enum { TITLE, CATEGORY, SEVERITY, CONTEXT, SCOPE, GATE, CONSEQUENCES, WHY, EACH };
    enum { DECISION = EACH + 1, MEASURE };
    const char *value[sizeof kept / sizeof *kept];
    struct sql_file file;
    char *stem = path_stem(path);
    sql_file_parse(&file, text);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        value[i] = sql_header(&file, kept[i]);
    }
    const char *id = sql_header(&file, "id");
    build_insert(build, INSERT_POLICY, "ssssssssssssissi", id != NULL ? id : stem,
                 value[TITLE], value[CATEGORY], value[SEVERITY], value[CONTEXT],
                 value[DECISION], value[CONSEQUENCES], value[WHY], value[SCOPE],
                 value[GATE], value[MEASURE], value[EACH], sql_header_line(&file, "each"),
                 file.sql, path, file.line);
    check_policy(build, path, &file);
    sql_file_release(&file);
    free(stem);
}

/* ---- Waivers ---- */

static bool is_day(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !is_digit : text[i] != form[i]) {
            return false;
        }
    }
    return text[sizeof form - 1] == '\0';
}

/* What is not whole waives nothing. */
static const char *waiver_fault(const struct document_value *item)
{
    static const struct {
        const char *key, *fault;
    } needed[] = {
        {"policy", "the waiver does not say of which policy: `policy: P02`"},
        {"reason", "the waiver has no reason"},
        {"owner", "the waiver has no owner: who answers for it?"},
        {"until", "the waiver has no end: `until: '2027-03-31'`"},
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const char *value = document_get_text(item, needed[i].key);
        if (value == NULL || *value == '\0') {
            return needed[i].fault;
        }
    }
    if (!is_day(document_get_text(item, "until"))) {
        return "the end of the waiver is no day: write it as '2027-03-31'";
    }
    if (document_get_text(item, "product") == NULL &&
        document_get_text(item, "domain") == NULL) {
        return "the waiver names neither a product nor a domain";
    }
    return NULL;
}

static void add_waivers(struct build *build, const char *path,
                        const struct document_value *root)
{
    const struct document_value *list =
        document_kind(root) == DOCUMENT_MAP ? document_get(root, "waivers") : root;
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *fault = waiver_fault(item);
        if (fault != NULL) {
            build_problem(build, path, document_place(item), true, "waiver", "%s", fault);
            continue;
        }
        build_insert(build, INSERT_WAIVER, "sssssssi", document_get_text(item, "policy"),
                     document_get_text(item, "product"),
                     document_get_text(item, "domain"), document_get_text(item, "reason"),
                     document_get_text(item, "owner"), document_get_text(item, "until"),
                     path, part_line(item));
    }
}

static void read_waivers(struct build *build, const char *path, const char *text)
{
    struct error err = {0};
    struct document_place place;
    struct document *document =
        document_parse(text, strlen(text), DOCUMENT_YAML, &place, &err);
    if (document == NULL) {
        build_problem(build, path, place, true, "broken", "%s", err.message);
        return;
    }
    add_waivers(build, path, document_root(document));
    document_free(document);
}

void read_policy_file(struct build *build, const char *path, const char *text)
{
    if (string_ends(path, ".sql")) {
        add_policy(build, path, text);
    } else if (string_equal(path_base(path), "waivers.yaml") ||
               string_equal(path_base(path), "waivers.yml")) {
        read_waivers(build, path, text);
    }
}
