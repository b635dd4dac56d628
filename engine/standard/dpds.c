/* standard/dpds: what the Data Product Descriptor Specification 1.0 (opendatamesh.org)
 * allows. Every map is open to keys of one's own. Most parts may be a reference, a map
 * with $ref, instead of the part itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/rows.h"

#define NEEDS .flags = STANDARD_REQUIRED

/* ---- References ---- */

static const struct standard_field reference_fields[] = {
    ROW("$ref", TEXT, "Where the part lies: a path or address.", NEEDS),
    ROW("mediaType", TEXT, "Media type of what lies there."),
    ROW("description", TEXT, "What lies there."),
    END,
};

static void check_one_of_both(struct standard_check *check,
                              const struct document_value *map)
{
    if (document_get_text(map, "name") != NULL &&
        document_get_text(map, "version") != NULL) {
        standard_tell(check, document_place(map), true, "either",
                      "%s must be a reference ($ref) or the part itself (name, version), "
                      "not both",
                      standard_where(check));
    }
}

static void check_no_reference(struct standard_check *check,
                               const struct document_value *map)
{
    standard_tell(check, document_place(map), true, "either",
                  "%s may not be a reference: by the letter of the schema it is a "
                  "reference and the part itself, and must be one of both",
                  standard_where(check));
}

static const struct standard_field part_fields[] = {
    ROW("$ref", TEXT, "Where the part lies, when it is kept elsewhere."), END};

/* A part that needs a name and version, or a reference to it. */
#define PART(title, rows, of_part)                                                       \
    static const struct standard_variant rows##_variants[] = {                           \
        {.key = "$ref",                                                                  \
         .word = "*",                                                                    \
         .fields = reference_fields,                                                     \
         .also = check_one_of_both},                                                     \
        {.key = "$ref", .fields = rows},                                                 \
        {.key = NULL}};                                                                  \
    static const struct standard_shape of_part = {.name = title,                         \
                                                  .kinds = STANDARD_MAP,                 \
                                                  .fields = part_fields,                 \
                                                  .variants = rows##_variants,           \
                                                  .open = true}
/* A part of which nothing is required: with $ref it is both, which the schema forbids. */
#define LOOSE_PART(title, rows, of_part)                                                 \
    static const struct standard_variant rows##_variants[] = {                           \
        {.key = "$ref",                                                                  \
         .word = "*",                                                                    \
         .also = check_no_reference,                                                     \
         .flags = STANDARD_STRICT},                                                      \
        {.key = "$ref", .word = "*", .fields = reference_fields},                        \
        {.key = NULL}};                                                                  \
    static const struct standard_shape of_part = {.name = title,                         \
                                                  .kinds = STANDARD_MAP,                 \
                                                  .fields = rows,                        \
                                                  .variants = rows##_variants,           \
                                                  .open = true}

/* ---- What all parts have ---- */

static const struct standard_field document_fields[] = {
    ROW("description", TEXT, "What is found there."),
    ROW("mediaType", TEXT, "Media type of what is found there."),
    ROW("$href", TEXT, "Its address.", NEEDS),
    END,
};
static const struct standard_shape external =
    OPEN_SHAPE("an external resource", document_fields);

#define ENTITY                                                                           \
    ROW("id", TEXT, "What the platform knows it by."),                                   \
        ROW("fullyQualifiedName", TEXT, "Its name that is unique in the world."),        \
        ROW("entityType", TEXT, "What kind of part it is."),                             \
        ROW("name", TEXT, "Its name, unique among its kind in the product.", NEEDS),     \
        ROW("version", TEXT, "Its version.", NEEDS),                                     \
        ROW("displayName", TEXT, "Its name for people."),                                \
        ROW("description", TEXT, "What it is."),                                         \
        ROW("componentGroup", TEXT, "The group it belongs to."),                         \
        ROW("tags", LIST, "Words to find it by.", .of = &standard_a_text),               \
        ROW("externalDocs", MAP, "Where more is said about it.", .of = &external)

static const struct standard_shape any_map = {
    .name = "a map", .kinds = STANDARD_MAP, .open = true};

#define DEFINITION                                                                       \
    ENTITY,                                                                              \
        ROW("specification", TEXT, "The language of the definition: openapi ...",        \
            NEEDS),                                                                      \
        ROW("specificationVersion", TEXT, "Version of that language."),                  \
        MIXED("definition", STANDARD_TEXT | STANDARD_MAP, "The definition itself.",      \
              NEEDS, .of = &any_map)
static const struct standard_field definition_fields[] = {DEFINITION, END};
static const struct standard_shape definition =
    OPEN_SHAPE("a definition", definition_fields);

/* ---- Ports ---- */

#define DEFINED(name, ...) ROW(name, MAP, __VA_ARGS__, .of = &definition)

static const struct standard_field promise_fields[] = {
    ROW("platform", TEXT, "The platform the port runs on."),
    ROW("servicesType", TEXT, "How it serves: streaming, REST ..."),
    DEFINED("api", "The interface of the port."),
    DEFINED("deprecationPolicy", "How long an old version lives on."),
    DEFINED("slo", "The service level that is aimed at."),
    END,
};
LOOSE_PART("the promises", promise_fields, promises);

static const struct standard_field expectation_fields[] = {
    DEFINED("audience", "Whom the port is meant for."),
    DEFINED("usage", "How it is meant to be used."),
    END,
};
LOOSE_PART("the expectations", expectation_fields, expectations);

static const struct standard_field obligation_fields[] = {
    DEFINED("termsAndConditions", "What both sides agree to."),
    DEFINED("billingPolicy", "What the use costs."),
    DEFINED("sla", "The service level that is owed."),
    END,
};
LOOSE_PART("the obligations", obligation_fields, obligations);

static const struct standard_field port_fields[] = {
    ENTITY,
    ROW("promises", MAP, "What the owner vouches for.", .of = &promises),
    ROW("expectations", MAP, "What the owner expects of users.", .of = &expectations),
    ROW("obligations", MAP, "What both sides are bound to.", .of = &obligations),
    END,
};
PART("a port", port_fields, port);

#define PORTS(name, ...) ROW(name, LIST, __VA_ARGS__, .of = &port)
static const struct standard_field interface_fields[] = {
    PORTS("inputPorts", "What the product reads."),
    PORTS("outputPorts", "What the product offers.", NEEDS),
    PORTS("discoveryPorts", "Where it tells what it is."),
    PORTS("observabilityPorts", "Where it is watched."),
    PORTS("controlPorts", "Where it is steered."),
    END,
};
static const struct standard_shape interface =
    OPEN_SHAPE("the interface components", interface_fields);

/* ---- Inside ---- */

#define NAMES(name, ...) ROW(name, LIST, __VA_ARGS__, .of = &standard_a_text)

static const struct standard_field application_fields[] = {
    ENTITY,
    ROW("platform", TEXT, "The platform it runs on."),
    ROW("applicationType", TEXT, "What kind of program it is."),
    NAMES("consumesFrom", "What it reads from."),
    NAMES("providesTo", "What it writes to."),
    NAMES("dependsOn", "The infrastructure it needs."),
    END,
};
PART("an application component", application_fields, application);

static const struct standard_field infrastructure_fields[] = {
    ENTITY,
    ROW("platform", TEXT, "The platform it runs on."),
    ROW("infrastructureType", TEXT, "What kind of infrastructure it is."),
    NAMES("dependsOn", "The infrastructure it needs itself."),
    END,
};
PART("an infrastructural component", infrastructure_fields, infrastructure);

static const struct standard_field template_fields[] = {DEFINITION, END};
PART("a template", template_fields, template_shape);

static const struct standard_field setting_fields[] = {END};
LOOSE_PART("the configurations", setting_fields, settings);

static const struct standard_field task_fields[] = {
    ROW("name", TEXT, "Name of the task."),
    ROW("order", NUMBER, "Its place among the tasks of the stage."),
    ROW("service", MAP, "The service that carries it out.", .of = &external),
    ROW("template", MAP, "What is carried out.", .of = &template_shape),
    ROW("configurations", MAP, "Its settings.", .of = &settings),
    END,
};
static const struct standard_shape task = OPEN_SHAPE("a task", task_fields);

static void check_tasks(struct standard_check *check, const struct document_value *tasks)
{
    for (size_t i = 0; i < document_count(tasks); i++) {
        size_t mark = standard_enter(check, NULL, i);
        standard_check_value(check, &task, document_item(tasks, i));
        standard_leave(check, mark);
    }
}
static const struct standard_shape tasks = {
    .name = "a list of tasks", .kinds = STANDARD_LIST, .also = check_tasks};
static const struct standard_shape stages = {
    .name = "the stages", .kinds = STANDARD_MAP, .open = true, .each = &tasks};

static const struct standard_field internal_fields[] = {
    ROW("lifecycleInfo", MAP, "What is done at each stage of its life, by stage.",
        .of = &stages),
    ROW("applicationComponents", LIST, "The programs it is made of.", .of = &application),
    ROW("infrastructuralComponents", LIST, "The infrastructure it runs on.",
        .of = &infrastructure),
    END,
};
static const struct standard_shape internal =
    OPEN_SHAPE("the internal components", internal_fields);

/* ---- Parts kept for references ---- */

static const struct standard_shape named_ports = {
    .name = "ports by name", .kinds = STANDARD_MAP, .open = true, .each = &port};
static const struct standard_shape named_applications = {.name = "components by name",
                                                         .kinds = STANDARD_MAP,
                                                         .open = true,
                                                         .each = &application};
static const struct standard_shape named_infrastructure = {.name = "components by name",
                                                           .kinds = STANDARD_MAP,
                                                           .open = true,
                                                           .each = &infrastructure};
#define KEPT(name, shape) ROW(name, MAP, "Parts to refer to, by name.", .of = &shape)
static const struct standard_field component_fields[] = {
    KEPT("inputPorts", named_ports),
    KEPT("outputPorts", named_ports),
    KEPT("discoveryPorts", named_ports),
    KEPT("observabilityPorts", named_ports),
    KEPT("controlPorts", named_ports),
    KEPT("applicationComponents", named_applications),
    KEPT("infrastructuralComponents", named_infrastructure),
    END,
};
static const struct standard_shape components =
    OPEN_SHAPE("the components", component_fields);

/* ---- The product ---- */

static const struct standard_field owner_fields[] = {
    ROW("id", TEXT, "Who owns the product: a mail address or user name.", NEEDS),
    ROW("name", TEXT, "The owner's name."),
    END,
};
static const struct standard_shape owner = OPEN_SHAPE("the owner", owner_fields);

static const struct standard_field contact_fields[] = {
    ROW("name", TEXT, "Name of the contact."),
    ROW("description", TEXT, "What it is for."),
    ROW("channel", TEXT, "The way to it: email, telephone ..."),
    ROW("address", TEXT, "Its address on that way."),
    END,
};
static const struct standard_shape contact =
    OPEN_SHAPE("a contact point", contact_fields);

static const struct standard_field info_fields[] = {
    ROW("id", TEXT, "What the platform knows the product by."),
    ROW("fullyQualifiedName", TEXT, "Its name that is unique in the world.", NEEDS),
    ROW("entityType", TEXT, "Always dataproduct."),
    ROW("name", TEXT, "Name of the product, unique in its domain.", NEEDS),
    ROW("version", TEXT, "Version of the product.", NEEDS),
    ROW("displayName", TEXT, "Its name for people."),
    ROW("description", TEXT, "What it is."),
    ROW("domain", TEXT, "The domain it belongs to.", NEEDS),
    ROW("owner", MAP, "Who owns it.", NEEDS, .of = &owner),
    ROW("contactPoints", LIST, "Where to ask.", .of = &contact),
    END,
};
static const struct standard_shape info = OPEN_SHAPE("the info", info_fields);

static const struct standard_field descriptor_fields[] = {
    ROW("dataProductDescriptor", TEXT, "Version of the specification.", NEEDS),
    ROW("info", MAP, "Name, version, domain and owner.", NEEDS, .of = &info),
    ROW("interfaceComponents", MAP, "The ports of the product.", NEEDS, .of = &interface),
    ROW("internalComponents", MAP, "What it is made of.", .of = &internal),
    ROW("components", MAP, "Parts that others refer to.", .of = &components),
    ROW("tags", LIST, "Words to find it by.", .of = &standard_a_text),
    ROW("externalDocs", MAP, "Where more is said about it.", .of = &external),
    END,
};
const struct standard_shape standard_dpds =
    OPEN_SHAPE("a data product descriptor", descriptor_fields);
