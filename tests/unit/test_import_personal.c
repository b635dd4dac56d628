/* Personal data found after an import: what is counted, told and kept, and what is found
 * in data of the world, where a false alarm would be one too many.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ftw.h>

#include "engine/policy.h"
#include "tests/unit/import_help.h"

static struct array found;

static const char *found_text(void)
{
    static struct text out;
    text_clear(&out);
    for (size_t i = 0; i < found.count; i++) {
        const struct import_personal *personal = array_at(&found, i);
        text_printf(&out, "%s.%s %s %lld/%lld\n", personal->table, personal->column,
                    personal->infotype, personal->matched, personal->seen);
    }
    return text_string(&out);
}

static bool find(void)
{
    import_personal_release(&found);
    return import_find_personal(database, &found, NULL, &err);
}

static void test_small(void)
{
    import_string("id,contact,note,n\n1,jo@example.org,x,4111111111111111\n"
                  "2,,call +49 30 1234567,5500000000000004\n3,n/a,1.2.3.4,5\n");
    ok(find(), "looked through: %s", err.message);
    is_text(found_text(), "t.contact email 1/2\nt.note phone 1/3\nt.n card 2/3\n",
            "what was found");
    is_text(rows("SELECT * FROM mwb_infotype"),
            "t|contact|email|2|1\nt|note|phone|3|1\nt|n|card|3|2\n",
            "stands in the database");
    struct text notes = {0};
    import_note_personal(array_at(&found, 0), &notes);
    is_text(text_string(&notes),
            "t.contact: 1 of 2 values looked at (50 %) are e-mail addresses "
            "[personal-data].\n",
            "and is told without a value");
    text_release(&notes);
    ok(find() && found.count == 3, "a second look finds the same");
    is_text(rows("SELECT count(*) FROM mwb_infotype"), "3\n", "and replaces the first");
}

/* One address among very many rows may be missed, many in one part may not. */
static void test_spread(void)
{
    struct text csv = {0};
    text_append(&csv, "id,v\n");
    for (int i = 0; i < 60000; i++) {
        text_printf(&csv, "%d,%s\n", i, i >= 50000 ? "a@b.example" : "word");
    }
    import_bytes(text_string(&csv), csv.length, (struct import_spec){0});
    text_release(&csv);
    ok(find(), "60,000 rows: %s", err.message);
    const struct import_personal *personal = array_at(&found, 0);
    ok(found.count == 1 && personal->seen > 100 && personal->seen <= 10000 &&
           personal->matched * 10 > personal->seen,
       "a sample is spread over all of them");
}

/* Its masked values are none. */
static void test_masked(void)
{
    struct array masks = ARRAY_OF(struct policy_mask);
    struct policy_mask *mask = array_push(&masks);
    *mask = (struct policy_mask){(char[]){"contact"}, {MASK_FIRST, 1}};
    static const char text[] = "id,contact\n1,jo@example.org\n";
    import_bytes(text, sizeof text - 1, (struct import_spec){.masks = &masks});
    ok(find() && found.count == 0, "a column that is masked holds none");
    is_text(all(), "1|j\n", "by the name it has in the table");
    array_release(&masks);
}

/* ---- Data of the world ---- */

/* People who are reached by what is written of them stand in these, and in no others. */
static const char *const peopled[] = {"/publicbodies/", "/gsa-data-json/"};

static struct text alarms, false_alarms;
static int files;

static int try_file(const char *path, const struct stat *info, int kind,
                    struct FTW *place)
{
    static const char *const suffixes[] = {".csv", ".tsv", ".json", ".dat"};
    bool is_data = false;
    (void)place;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        is_data = is_data || string_ends(path, suffixes[i]);
    }
    if (kind != FTW_F || !is_data || info->st_size > 30 * 1024 * 1024) {
        return 0;
    }
    struct array list = ARRAY_OF(struct access_file);
    add_input(&list, path);
    struct import_spec spec = {
        .table = "t", .files = &list, .format = import_format_of(path, -1)};
    import_report_release(&report);
    unlink(database);
    if (import_table(database, &spec, NULL, &report, &err) && find()) {
        files++;
        bool expected =
            strstr(path, peopled[0]) != NULL || strstr(path, peopled[1]) != NULL;
        if (found.count > 0) {
            text_printf(expected ? &alarms : &false_alarms, "%s\n%s", path_base(path),
                        found_text());
        }
    }
    access_files_release(&list);
    return 0;
}

static void test_world(const char *shared)
{
    char *top = string_printf("%s/realdata", shared);
    nftw(top, try_file, 16, FTW_PHYS);
    ok(files > 90, "%d files of data of the world", files);
    is_text(text_string(&false_alarms), "", "no alarm where there is nobody");
    static const char *const there[] = {
        "br.csv\nt.phone phone 265/265\nt.email email 265/265\n",
        "ch.csv\nt.email email 255/255\nt.address phone 133/2296\n",
        "np.csv\nt.phone phone 343/910\nt.email email 907/907\n",
        "t.contactPoint.hasEmail email 343/343\n"};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        ok(strstr(text_string(&alarms), there[i]) != NULL, "found: %.6s", there[i]);
    }
    char *path = string_printf("%s/chinook/Chinook_Sqlite.sqlite", top);
    int fd = open(path, O_RDONLY);
    unlink(database);
    ok(import_sqlite(database, fd, "Chinook", NULL, &err) && find(), "a database");
    is_text(found_text(),
            "Customer.Phone phone 58/58\nCustomer.Fax phone 12/12\n"
            "Customer.Email email 59/59\nEmployee.Phone phone 7/8\n"
            "Employee.Fax phone 7/8\nEmployee.Email email 8/8\n",
            "customers and employees can be reached");
    close(fd);
    free(path);
    free(top);
}

int main(void)
{
    help_start();
    found = (struct array)ARRAY_OF(struct import_personal);
    test_small();
    test_spread();
    test_masked();
    const char *shared = getenv("MWB_SHARED");
    if (shared != NULL && path_is_folder(shared)) {
        test_world(shared);
    } else {
        tap_skip("MWB_SHARED is not set: no folder of real data beside the repository");
    }
    text_release(&alarms);
    text_release(&false_alarms);
    import_personal_release(&found);
    return help_end();
}
