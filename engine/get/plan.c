/* get/plan: what getting products would mean, and whether their sources changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"

/* ---- The plan ---- */

static void add_local_files(struct get *get, const struct catalog_table *table,
                            struct get_plan *plan)
{
    struct array files;
    struct error ignored = {0};
    if (!access_table_files(&get->product, table, false, &files, &ignored)) {
        return; /* the get itself tells what is missing */
    }
    for (size_t i = 0; i < files.count; i++) {
        plan->files++;
        plan->bytes += access_bytes(array_at(&files, i));
    }
    access_files_release(&files);
}

/* As declared, or as they were the last time. */
static void add_remote_files(struct get *get, struct get_plan *plan)
{
    bool is_known = true;
    long long declared = 0;
    for (size_t i = 0; i < get->product.tables.count; i++) {
        const struct catalog_table *table = array_at(&get->product.tables, i);
        plan->files += table->files.count > 0 ? table->files.count : 1;
        declared += table->bytes;
        is_known &= table->bytes > 0;
    }
    if (get->current != NULL) {
        free(sources_recall(get, get->current));
    }
    long long before = 0;
    for (size_t i = 0; i < get->known.count; i++) {
        before += ((const struct access_facts *)array_at(&get->known, i))->bytes;
    }
    plan->bytes = is_known ? declared : before > 0 ? before : -1;
}

bool get_plan(const struct get_spec *spec, struct get_plan *plan, struct error *err)
{
    struct get get = {0};
    *plan = (struct get_plan){.room = cache_room()};
    bool good = get_begin(&get, spec, err);
    if (good) {
        plan->is_here = get.current != NULL;
        plan->is_remote = access_is_remote(&get.product);
        if (get.current != NULL) {
            plan->version = string_copy(path_base(get.current));
            plan->version[strlen(plan->version) - strlen(".db")] = '\0';
        }
        if (plan->is_remote) {
            add_remote_files(&get, plan);
        }
        for (size_t i = 0; !plan->is_remote && i < get.product.tables.count; i++) {
            add_local_files(&get, array_at(&get.product.tables, i), plan);
        }
    }
    get_end(&get);
    return good;
}

void get_plan_release(struct get_plan *plan)
{
    free(plan->version);
}

/* ---- Asking many sources ---- */

/* Does the product have to be got? False and a sentence when it could not be asked. */
static bool look_at(const struct get *mesh, const struct get_spec *spec, bool *changed,
                    struct array *asked, struct error *err)
{
    struct get_report report = {0};
    struct get get = {.port = mesh->port,
                      .report = &report,
                      .catalog = mesh->catalog,
                      .policy = mesh->policy,
                      .is_borrowed = true};
    bool good = get_begin(&get, spec, err);
    *changed = false;
    if (good && get.current != NULL) {
        char *definition = sources_recall(&get, get.current);
        *changed = !string_equal(definition, get.definition);
        free(definition);
        if (!*changed && access_is_remote(&get.product)) {
            get.partial = cache_partial_folder(&get.place, err);
            good = get.partial != NULL && sources_open(&get, true, err);
            *changed = good && !sources_are_unchanged(&get);
            for (size_t i = 0; good && i < get.tables.count; i++) {
                const struct get_table *part = array_at(&get.tables, i);
                good = part->is_open || part->is_refused ||
                       error_set(err, part->why.kind, "%s", part->why.message);
            }
            asked_note(asked, &get, *changed, err);
        }
    }
    get_end(&get);
    return good;
}

bool get_look(const struct get_spec *spec, const struct array *products,
              struct job_port *port, struct text *changed, struct text *failed,
              struct error *err)
{
    struct job_progress progress = {
        .total = (long long)products->count, .unit = JOB_THINGS, .rows = -1};
    struct get mesh = {.port = port};
    struct array asked = ARRAY_OF(struct ledger_fetch);
    bool good = get_open_mesh(&mesh, spec, err);
    for (size_t i = 0; good && i < products->count; i++) {
        struct get_spec one = *spec;
        struct error why = {0};
        bool has_changed = false;
        one.product = *(char **)array_at(products, i);
        if (!look_at(&mesh, &one, &has_changed, &asked, &why)) {
            text_printf(failed, "%s: %s\n", one.product, why.message);
        } else if (has_changed) {
            text_printf(changed, "%s\n", one.product);
        }
        good = !job_cancelled(port) ||
               error_set(err, ERROR_CANCELLED, "asking the sources was cancelled");
        progress.done = (long long)i + 1;
        job_report(port, &progress);
    }
    get_end(&mesh);
    asked_write(&asked);
    return good;
}
