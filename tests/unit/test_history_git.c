/* history: who changed a file, or one promise in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/history.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/git_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-history-XXXXXX";
static struct error err;
static bool known;

static const char contract[] = "apiVersion: v3.1.0\nkind: DataContract\nstatus: active\n"
                               "description:\n  purpose: why\n"
                               "schema:\n"
                               "  - name: orders\n"
                               "    properties:\n"
                               "      - name: customer_id\n"
                               "        logicalType: string\n"
                               "        classification: personal\n"
                               "      - name: address\n"
                               "        properties:\n"
                               "          - name: street\n"
                               "            required: true\n"
                               "slaProperties:\n"
                               "  - property: retention\n    value: 3\n    unit: y\n"
                               "  - property: frequency\n    value: 1\n"
                               "team:\n  name: checkout\n";

static void check_field(const struct document *document, const char *field,
                        const char *want)
{
    char *value = history_value(history_field(document_root(document), field));
    is_text(value, want, "the field %s", field);
    free(value);
}

static void test_fields(void)
{
    struct document_place place;
    struct document *document =
        document_parse(contract, strlen(contract), DOCUMENT_YAML, &place, &err);
    check_field(document, "status", "active");
    check_field(document, "sla.retention", "3 y");
    check_field(document, "slaProperties.frequency", "1");
    check_field(document, "retention", "3 y");
    check_field(document, "orders.customer_id.classification", "personal");
    check_field(document, "orders.customer_id",
                "{\"name\": \"customer_id\", \"logicalType\": \"string\", "
                "\"classification\": \"personal\"}");
    check_field(document, "orders.address.street.required", "true");
    check_field(document, "schema.0.name", "orders");
    check_field(document, "description.purpose", "why");
    check_field(document, "purpose", "why");
    check_field(document, "owner", "checkout");
    check_field(document, "orders.nothing", NULL);
    check_field(document, "schema.7", NULL);
    check_field(document, "status.deeper", NULL);
    document_free(document);
}

/* "subject(old>new) ..." */
static const char *told(const char *folder, const char *ref, const char *path,
                        const char *field)
{
    static struct text out;
    struct array changes = ARRAY_OF(struct history_change);
    char *full = path_join(root, folder);
    struct history_spec spec = {.folder = full, .ref = ref, .path = path, .field = field};
    text_clear(&out);
    err = (struct error){0};
    if (!history_read(&spec, &changes, &known, &err)) {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    for (size_t i = 0; i < changes.count; i++) {
        const struct history_change *change = array_at(&changes, i);
        text_printf(&out, "%s%s", i > 0 ? ", " : "", change->subject);
        if (field != NULL) {
            text_printf(&out, " (%s > %s)", change->old != NULL ? change->old : "-",
                        change->new != NULL ? change->new : "-");
        }
    }
    history_release(&changes);
    free(full);
    return text_string(&out);
}

static bool make_repository(void)
{
    return sh_in(
        root,
        "git init -q -b main shop && cd shop && mkdir o && "
        "printf 'status: draft\\nslaProperties:\\n  - {property: retention, value: 1, "
        "unit: y}\\n' > o/c.yaml && git add -A && git commit -qm draft && "
        "printf 'slaProperties:\\n  - unit: y\\n    property: retention\\n    value: "
        "1\\nstatus: draft\\n' > o/c.yaml && git commit -qam 'format anew' && "
        "sed -i s/draft/active/ o/c.yaml && git commit -qam 'go live' && "
        "git mv o/c.yaml o/orders.odcs.yaml && git commit -qm rename && "
        "sed -i 's/value: 1/value: 3/' o/orders.odcs.yaml && git commit -qam longer && "
        "echo 'broken: [' >> o/orders.odcs.yaml && git commit -qam oops && "
        "git revert --no-edit HEAD && git tag v1 && "
        "echo other > other && git add other && git commit -qm other && "
        "git clone -q --bare . ../bare.git");
}

static void test_history(void)
{
    is_text(told("shop", NULL, "o/orders.odcs.yaml", NULL),
            "Revert \"oops\", oops, longer, rename, go live, format anew, draft",
            "every commit of a file, through its rename");
    is_text(told("shop", NULL, "o/orders.odcs.yaml", "status"),
            "Revert \"oops\" (- > active), oops (active > -), go live (draft > active), "
            "draft (- > draft)",
            "of a field only those that changed its value");
    ok(known, "which is known");
    is_text(told("shop/o", "v1~2", "orders.odcs.yaml", "sla.retention"),
            "longer (1 y > 3 y), draft (- > 1 y)", "at a ref, within a folder");
    is_text(told("bare.git", "main", "o/orders.odcs.yaml", "sla.retention.value"),
            "Revert \"oops\" (- > 3), oops (3 > -), longer (1 > 3), draft (- > 1)",
            "of a bare repository");
    is_text(told("shop", NULL, "o/orders.odcs.yaml", "sla.nothing"), "", "of no field");
    ok(!known, "which is not known");
    ok(sh_in(root, "cd shop && sed -i s/active/retired/ o/orders.odcs.yaml"), "an edit");
    is_text(told("shop", NULL, "o/orders.odcs.yaml", "status"),
            "not committed yet (active > retired), Revert \"oops\" (- > active), oops "
            "(active > -), go live (draft > active), draft (- > draft)",
            "what is not committed comes first");
    is_text(told("shop", NULL, "missing.yaml", NULL), "", "a file that never was");
    is_text(told("shop", "--output=x", "o/c.yaml", NULL), "refused", "a ref like a flag");
    is_text(told(".", NULL, "x", NULL), "refused", "no repository: %s", err.message);
}

int main(void)
{
    test_fields();
    if (!git_is_here()) {
        tap_skip("git is not installed");
        return tap_done();
    }
    if (mkdtemp(root) == NULL || !make_repository()) {
        perror(root);
        return EXIT_FAILURE;
    }
    test_history();
    path_remove_tree(root, &err);
    return tap_done();
}
