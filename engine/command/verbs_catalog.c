/* command: verbs about the catalog: show, open, refresh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement.h"
#include "engine/command/private.h"
#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/saved.h"

#include <stdlib.h>
#include <string.h>

/* ---- show ---- */

bool verb_show(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    const char *name =
        call_word(call, 0) != NULL ? call_word(call, 0) : workbench->product;
    struct catalog_product product;
    if (name == NULL) {
        return error_set(err, ERROR_USAGE, "show needs a product: show DOMAIN/NAME");
    }
    if (!catalog_product(workbench->catalog, name, &product, err)) {
        return false;
    }
    workbench_observed(workbench, &product.entry, &product.facts);
    agreement_facts(workbench->catalog, product.entry.id, &product.facts);
    saved_facts(product.entry.schema, &product.facts);
    ledger_used(workbench->catalog, product.entry.id, workbench->mesh, &product.facts);
    free(workbench->product);
    workbench->product = string_copy(product.entry.id);
    if (string_equal(command_flag_value(call, "--format"), "json")) {
        card_json(workbench, &product, &call->reply.text);
    } else if (!call->spec.has_screen) {
        card_text(workbench, &product, call->spec.width, &call->reply.text);
    }
    call_note_use(call, product.entry.id);
    catalog_product_release(&product);
    call->reply.view = "card";
    workbench_changed(workbench, WORKBENCH_PRODUCT);
    call_done(call);
    return true;
}

/* ---- open, refresh ---- */

bool verb_open(struct command_call *call, struct error *err)
{
    const char *mesh = call_word(call, 0);
    if (mesh == NULL) {
        return error_set(err, ERROR_USAGE, "open needs a folder or a file: open MESH");
    }
    if (!call_keeps_transactions(call, err) ||
        !workbench_open_mesh(call->workbench, mesh, err)) {
        return false;
    }
    call_message(call, "opened %s", call->workbench->mesh);
    call->reply.view = "catalog";
    call_done(call);
    return true;
}

bool verb_refresh(struct command_call *call, struct error *err)
{
    if (call->workbench->mesh == NULL) {
        return error_set(err, ERROR_USAGE, "refresh needs an open mesh");
    }
    if (!workbench_read_catalog(call->workbench, err)) {
        return false;
    }
    call_message(call, "reading %s again", call->workbench->mesh);
    call_done(call);
    return true;
}
