/* lint/product: a data product of Bitol's Open Data Product Standard, and the ports of
 * the Data Product Descriptor Specification.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <string.h>

static const struct {
    const char *key, *what;
} port_lists[] = {{"inputPorts", "the input port"},
                  {"outputPorts", "the output port"},
                  {"managementPorts", "the management port"},
                  {"discoveryPorts", "the discovery port"},
                  {"observabilityPorts", "the observability port"},
                  {"controlPorts", "the control port"}};

static void check_port_names(struct lint *lint, const struct document_value *owner)
{
    for (size_t i = 0; i < sizeof port_lists / sizeof *port_lists; i++) {
        const struct document_value *list = document_get(owner, port_lists[i].key);
        lint_named_once(lint, list,
                        (struct lint_once){.key = "name",
                                           .second = "version",
                                           .what = port_lists[i].what});
        for (size_t k = 0; k < document_count(list); k++) {
            lint_tags(lint, document_item(list, k));
        }
    }
}

/* What an output port is made from comes in by an input port, and is not that port's own
 * contract. */
static void check_inputs(struct lint *lint, const struct document_value *inputs,
                         const struct document_value *port)
{
    const struct document_value *list = document_get(port, "inputContracts");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *id = document_get(document_item(list, i), "id");
        const char *text = document_text(id);
        if (text == NULL) {
            continue;
        }
        if (string_equal(text, document_get_text(port, "contractId"))) {
            lint_tell(lint, id, true, "self-feeding",
                      "the output port is made from its own contract %.80s", text);
        } else if (lint_names_find(&lint->names, inputs, text, strlen(text)) == NULL) {
            finding_mend(
                lint_tell(lint, id, false, "input-contract",
                          "the output port is made from the contract %.80s, but no "
                          "input port brings it",
                          text),
                "add an input port with contractId: %s", text);
        }
    }
}

static void check_outputs(struct lint *lint)
{
    static const char *const keys[] = {"contractId", NULL};
    const struct document_value *inputs = document_get(lint->root, "inputPorts");
    const struct document_value *outputs = document_get(lint->root, "outputPorts");
    lint_names_add_list(&lint->names, inputs, keys);
    lint_names_sort(&lint->names);
    for (size_t i = 0; i < document_count(outputs); i++) {
        const struct document_value *port = document_item(outputs, i);
        const char *name = document_get_text(port, "name");
        check_inputs(lint, inputs, port);
        if (document_kind(port) == DOCUMENT_MAP &&
            document_get(port, "contractId") == NULL) {
            finding_mend(
                lint_tell(lint, port, false, "no-contract",
                          "the output port %.80s has no contract, so nobody knows "
                          "what it promises",
                          name != NULL ? name : "?"),
                "add contractId: with the id of a data contract");
        }
    }
    if (document_count(outputs) == 0) {
        lint_tell(lint, lint->root, false, "no-output-port",
                  "the product has no output port, so nobody can use it");
    }
}

void lint_product(struct lint *lint)
{
    const struct document_value *root = lint->root;
    const struct document_value *team = document_get(root, "team");
    lint_everywhere(lint, root);
    lint_status(lint, document_get(root, "status"));
    lint_tags(lint, root);
    lint_members(lint, document_kind(team) == DOCUMENT_LIST
                           ? team
                           : document_get(team, "members"));
    lint_named_once(lint, document_get(root, "customProperties"),
                    (struct lint_once){.key = "property",
                                       .what = "the custom property",
                                       .is_warning = true});
    check_port_names(lint, root);
    check_outputs(lint);
}

void lint_descriptor_ports(struct lint *lint)
{
    check_port_names(lint, document_get(lint->root, "interfaceComponents"));
}
