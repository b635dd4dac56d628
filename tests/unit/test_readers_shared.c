/* Unit tests of the readers on all descriptors and data below MWB_SHARED, as one mesh:
 * nothing gets lost without a word. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "index_help.h"

/* The names of standards in the list of verdicts, and in the index. */
static const struct {
    const char *listed, *word;
    int least; /* files of it that the list has */
} standards[] = {
    {"ODCS", "odcs", 140},
    {"DCS", "dcs", 40},
    {"DataPackage", "package", 10},
    {"ODPS-opendataproducts", "open", 10},
    {"DPDS", "dpds", 3},
    {"ODPS-bitol", "odps", 3},
};
enum { STANDARDS = sizeof standards / sizeof *standards };

static int standard_of_line(const char *word)
{
    for (int i = 0; i < STANDARDS; i++) {
        if (string_equal(standards[i].listed, word)) {
            return i;
        }
    }
    return -1;
}

/* Read as what it is, and with rows or a problem to show for it. */
static bool is_accounted_for(struct indexed *indexed, const char *path, const char *word)
{
    return store_number(indexed->db, 0,
                        "SELECT count(*) FROM document WHERE path=?1 AND standard=?2 AND "
                        "(EXISTS(SELECT 1 FROM product WHERE path=?1) OR EXISTS(SELECT 1 "
                        "FROM contract WHERE path=?1) OR EXISTS(SELECT 1 FROM problem "
                        "WHERE path=?1 AND severity='error'))",
                        "ss", path, word) == 1;
}

/* One line of the list: the file and its standard, separated by tabs. */
static void check_line(struct indexed *indexed, char *line, int counts[STANDARDS])
{
    char *rest = NULL;
    char *file = strtok_r(line, "\t", &rest);
    char *word = strtok_r(NULL, "\t", &rest);
    int standard = word != NULL ? standard_of_line(word) : -1;
    if (standard < 0) {
        return;
    }
    char *path = string_printf("standards/%s", file);
    counts[standard]++;
    if (!is_accounted_for(indexed, path, standards[standard].word)) {
        ok(false, "%s is read as %s", path, word);
    }
    free(path);
}

static void every_descriptor_is_read(struct indexed *indexed, const char *shared)
{
    struct error err = {0};
    int counts[STANDARDS] = {0};
    size_t length;
    char *bytes, *rest = NULL;
    char *list = path_join(shared, "standards/expected-schema-verdicts.tsv");
    if (!ok(path_read_file(list, 1 << 20, &bytes, &length, &err), "the list of files")) {
        free(list);
        return;
    }
    for (char *line = strtok_r(bytes, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        check_line(indexed, line, counts);
    }
    for (int i = 0; i < STANDARDS; i++) {
        ok(counts[i] >= standards[i].least,
           "%d files of %s stand in the index or among "
           "its problems",
           counts[i], standards[i].listed);
    }
    free(bytes);
    free(list);
}

static void rows_are(struct indexed *indexed, const char *sql, const char *want,
                     const char *what)
{
    char *rows = indexed_rows(indexed, sql);
    is_text(rows, want, "%s", what);
    free(rows);
}

static void all_is_one_mesh(const char *shared)
{
    struct error err = {0};
    struct indexed indexed;
    indexed_make(&indexed);
    double start = path_monotonic();
    bool built = catalog_build(shared, indexed.index, NULL, &err);
    double seconds = path_monotonic() - start;
    indexed.db = built ? store_open(indexed.index, STORE_READ, &err) : NULL;
    if (ok(indexed.db != NULL, "all of it is one mesh%s", err.message)) {
        printf("# in %.0f ms\n", seconds * 1e3);
        ok(seconds < 20, "in time");
        every_descriptor_is_read(&indexed, shared);
        rows_are(&indexed,
                 "SELECT path FROM document WHERE role='descriptor' AND path NOT IN("
                 "SELECT path FROM product UNION SELECT path FROM contract UNION SELECT "
                 "path FROM definition UNION SELECT path FROM team UNION SELECT path "
                 "FROM system UNION SELECT path FROM problem)",
                 "", "no descriptor brings nothing without a word");
        rows_are(&indexed,
                 "SELECT count(*)=(SELECT count(DISTINCT id) FROM product WHERE path="
                 "'realdata/gsa-data-json/data.json'),count(*)>300 FROM product WHERE "
                 "path='realdata/gsa-data-json/data.json'",
                 "1|1", "a public catalog has all its datasets");
        rows_are(&indexed,
                 "SELECT path FROM document d WHERE role<>'folder' AND role<>'mesh' AND "
                 "NOT EXISTS(SELECT 1 FROM product p WHERE p.path=d.path) AND NOT "
                 "EXISTS(SELECT 1 FROM contract c WHERE c.path=d.path) AND NOT "
                 "EXISTS(SELECT 1 FROM object o WHERE o.path=d.path) AND path NOT "
                 "IN(SELECT path FROM definition UNION SELECT path FROM team UNION "
                 "SELECT path FROM system UNION SELECT path FROM unread WHERE reason<>'' "
                 "UNION SELECT path FROM problem)",
                 "", "what was looked at and brought nothing is listed, with a reason");
        rows_are(&indexed,
                 "SELECT count(*) FROM product WHERE key NOT LIKE '%_/_%' OR schema_name "
                 "IS NULL",
                 "0", "every product can be named");
    }
    indexed_release(&indexed);
}

int main(void)
{
    const char *shared = getenv("MWB_SHARED");
    if (shared == NULL) {
        tap_skip("MWB_SHARED is not set: the standards and real data were not read");
        return tap_done();
    }
    all_is_one_mesh(shared);
    return tap_done();
}
