/* standard/open: what the Open Data Product Specification 4.1 (opendataproducts.org)
 * allows. Below the root every map is open to keys of one's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/rows.h"

#include <string.h>

#define NEEDS .flags = STANDARD_REQUIRED
#define TEXTS(name, ...) ROW(name, LIST, __VA_ARGS__, .of = &standard_a_text)
#define TEXTS_IN_LANGUAGES(name, ...) ROW(name, LIST, __VA_ARGS__, .of = &in_languages)

/* ---- Forms ---- */

static bool is_language(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz") == 2 && text[2] == '\0';
}

static bool is_short(const char *text)
{
    return standard_is_within(text, 255);
}

static bool is_line(const char *text)
{
    return standard_is_within(text, 256);
}

static bool is_paragraph(const char *text)
{
    return standard_is_within(text, 512);
}

static const struct standard_form language = {"a language of two small letters",
                                              is_language};
static const struct standard_form short_text = {"a text of 255 characters at most",
                                                is_short};
static const struct standard_form line = {"a text of 256 characters at most", is_line};
static const struct standard_form paragraph = {"a text of 512 characters at most",
                                               is_paragraph};

/* ---- Texts in several languages ---- */

static void check_any_language(struct standard_check *check,
                               const struct document_value *map)
{
    if (document_kind(map) == DOCUMENT_MAP && document_count(map) == 0) {
        standard_tell(check, document_place(map), true, "empty", "%s must not be empty",
                      standard_where(check));
    }
}

static const struct standard_shape in_languages = {.name = "a text in several languages",
                                                   .kinds = STANDARD_MAP,
                                                   .each = &standard_a_text,
                                                   .each_of = &language,
                                                   .also = check_any_language};
#define SAID(name, ...) ROW(name, MAP, __VA_ARGS__, .of = &in_languages)

static const struct standard_shape any_map = {
    .name = "a map", .kinds = STANDARD_MAP, .open = true};
#define INLINE(name, ...) ROW(name, MAP, __VA_ARGS__, .of = &any_map)

/* ---- Details ---- */

static const struct standard_field use_fields[] = {
    ROW("useCaseTitle", TEXT, "Name of the use case."),
    ROW("useCaseDescription", TEXT, "What is done in it."),
    ROW("useCaseURL", TEXT, "Where more is said about it."),
    END,
};
static const struct standard_shape use = OPEN_SHAPE("a use case", use_fields);
static const struct standard_field use_case_fields[] = {
    ROW("useCase", MAP, "One use case.", .of = &use), END};
static const struct standard_shape use_case = OPEN_SHAPE("a use case", use_case_fields);

static const struct standard_field details_fields[] = {
    ROW("name", TEXT, "Name of the product.", NEEDS),
    ROW("productID", TEXT, "What tells this product from every other one.", NEEDS),
    ROW("visibility", TEXT, "Who can see it.", NEEDS,
        .words = "private invitation organisation dataspace public"),
    ROW("status", TEXT, "Where the product is in its life.", NEEDS,
        .words = "announcement draft development testing acceptance production sunset "
                 "retired"),
    ROW("type", TEXT, "What kind of product it is.", NEEDS,
        .words = "raw data, derived data, dataset, reports, analytic view, "
                 "3D visualisation, algorithm, decision support, "
                 "automated decision-making, data-enhanced product, "
                 "data-driven service, data-enabled performance, bi-directional"),
    ROW("description", TEXT, "What the product is."),
    ROW("valueProposition", TEXT, "What it is worth to those who use it.",
        .form = &paragraph),
    ROW("governanceProfile", TEXT, "How strictly it is governed.",
        .words = "structured enforced automated audit_ready"),
    ROW("portfolioPriority", TEXT, "How important it is among the products.",
        .words = "critical high medium low"),
    ROW("productVersion", TEXT, "Version of the product."),
    ROW("versionNotes", TEXT, "What is new in this version."),
    ROW("created", TEXT, "The day the product was made."),
    ROW("updated", TEXT, "The day it was last changed."),
    ROW("productSeries", TEXT, "The group of products it belongs to."),
    ROW("categories", LIST, "The categories it belongs to."),
    ROW("standards", LIST, "Standards that its data keep to."),
    ROW("tags", LIST, "Words to find it by."),
    ROW("issues", TEXT, "Known errors, and when they will be mended."),
    ROW("contentSample", TEXT, "Where a sample of the data lies."),
    ROW("logoURL", TEXT, "Where the logo lies."),
    ROW("outputFileFormats", LIST, "The file formats it is given in."),
    ROW("brandSlogan", TEXT, "The slogan of the brand."),
    ROW("useCases", LIST, "What it is used for.", .of = &use_case),
    TEXTS("recommendedDataProducts", "Products that go well with it."),
    END,
};
static const struct standard_shape details = OPEN_SHAPE("the details", details_fields);
static const struct standard_shape details_by_language = {.name =
                                                              "the details by language",
                                                          .kinds = STANDARD_MAP,
                                                          .open = true,
                                                          .each = &details,
                                                          .each_of = &language};

/* ---- Contract ---- */

static const struct standard_field contract_fields[] = {
    ROW("$ref", TEXT, "Address of a contract that is kept elsewhere."),
    ROW("id", TEXT, "The id of the contract."),
    ROW("type", TEXT, "The standard it is written in.", .words = "ODCS DCS"),
    ROW("contractVersion", TEXT, "Version of the contract."),
    ROW("contractURL", TEXT, "Where the contract lies."),
    INLINE("spec", "The contract itself."),
    END,
};
static const struct standard_shape contract = OPEN_SHAPE("the contract", contract_fields);

/* ---- Service levels ---- */

static const struct standard_field level_fields[] = {
    ROW("dimension", TEXT, "What is promised.",
        .words = "latency uptime responseTime errorRate endOfSupport endOfLife "
                 "updateFrequency timeToDetect timeToNotify timeToRepair "
                 "emailResponseTime"),
    MIXED("objective", STANDARD_TEXT | STANDARD_INTEGER, "The figure that is promised."),
    ROW("weight", INTEGER, "How much it counts among the others."),
    ROW("unit", TEXT, "The unit of the figure.",
        .words = "percent milliseconds seconds minutes days weeks months years never "
                 "date null"),
    ROW("description", TEXT, "The promise in plain words."),
    TEXTS_IN_LANGUAGES("displayTitle", "How it is called on screen."),
    END,
};
static const struct standard_shape level = OPEN_SHAPE("a service level", level_fields);

static const struct standard_field support_fields[] = {
    ROW("phoneNumber", TEXT, "Telephone number of the support."),
    ROW("phoneServiceHours", TEXT, "When the telephone is answered."),
    ROW("email", TEXT, "Mail address of the support."),
    ROW("emailServiceHours", TEXT, "When mail is answered."),
    ROW("documentationURL", TEXT, "Where help is written down."),
    END,
};
static const struct standard_shape support = OPEN_SHAPE("the support", support_fields);

static const struct standard_field sla_fields[] = {
    SAID("name", "Name of the package of promises."),
    SAID("description", "What it promises."),
    ROW("type", TEXT, "The tool that watches the promises."),
    ROW("spec", TEXT, "The rules in the words of that tool."),
    ROW("reference", TEXT, "Where that tool is documented."),
    ROW("support", MAP, "Where help is found.", .of = &support),
    ROW("dimensions", LIST, "The promises.", .of = &level),
    END,
};
static const struct standard_shape sla = {.name = "a package of service levels",
                                          .kinds = STANDARD_ANY,
                                          .fields = sla_fields,
                                          .open = true};

#define DECLARATIVE(shape, ...) ROW("declarative", LIST, __VA_ARGS__, .of = &shape)
#define EXECUTABLE(shape, ...) ROW("executable", LIST, __VA_ARGS__, .of = &shape)
static const struct standard_field slas_fields[] = {
    DECLARATIVE(sla, "The promises, for people."),
    EXECUTABLE(sla, "How a machine watches them."),
    END,
};
static const struct standard_shape slas = OPEN_SHAPE("the service levels", slas_fields);

/* ---- Data quality ---- */

static const struct standard_field goal_fields[] = {
    ROW("displayTitle", TEXT, "How it is called on screen."),
    ROW("dimension", TEXT, "The side of quality it is about.",
        .words = "accuracy completeness conformity consistency coverage timeliness "
                 "validity uniqueness"),
    ROW("objective", INTEGER, "The figure that is promised."),
    ROW("weight", INTEGER, "How much it counts among the others."),
    ROW("unit", TEXT, "The unit of the figure.", .words = "percentage number"),
    ROW("description", TEXT, "The promise in plain words."),
    END,
};
static const struct standard_shape goal = OPEN_SHAPE("a quality goal", goal_fields);

static const struct standard_field quality_fields[] = {
    TEXTS_IN_LANGUAGES("displayTitle", "How it is called on screen."),
    ROW("description", TEXT, "What is promised about the quality."),
    ROW("type", TEXT, "The tool that checks it.",
        .words = "SodaCL, Montecarlo, DQOps, Great Expectations, OpenMetadata, Custom"),
    ROW("version", TEXT, "Version of that tool."),
    ROW("reference", TEXT, "Where that tool is documented."),
    INLINE("spec", "The rules in the words of that tool."),
    ROW("dimensions", LIST, "The goals.", .of = &goal),
    END,
};
static const struct standard_shape quality = {.name = "a package of quality goals",
                                              .kinds = STANDARD_ANY,
                                              .fields = quality_fields,
                                              .open = true};
static const struct standard_field qualities_fields[] = {
    DECLARATIVE(quality, "The goals, for people."),
    EXECUTABLE(quality, "How a machine checks them."),
    END,
};
static const struct standard_shape qualities =
    OPEN_SHAPE("the data quality", qualities_fields);

/* ---- Prices ---- */

static const struct standard_field plan_fields[] = {
    ROW("name", TEXT, "Name of the plan."),
    ROW("priceCurrency", TEXT, "The currency, such as EUR."),
    ROW("price", TEXT, "The price."),
    ROW("billingDuration", TEXT, "The time one bill is for.",
        .words = "instant day week month year"),
    ROW("unit", TEXT, "What is paid for.",
        .words = "One-time-payment Pay-per-use Recurring Revenue-sharing Data-volume "
                 "Pay-what-you-want Freemium Open-data Value-based On-request Trial"),
    ROW("maxTransactionQuantity", INTEGER, "The most transactions in that time."),
    TEXTS("offering", "What the price includes."),
    ROW("minPrice", TEXT, "The lowest price."),
    ROW("maxPrice", TEXT, "The highest price."),
    ROW("valueAddedTaxIncluded", BOOLEAN, "True when the tax is in the price."),
    ROW("valueAddedTaxPercentage", INTEGER, "The tax in percent."),
    ROW("validFrom", TEXT, "When the plan begins."),
    ROW("validTo", TEXT, "When the plan ends."),
    ROW("additionalPrice", TEXT, "The price of what goes beyond the limits."),
    ROW("maxDataQuantity", INTEGER, "The most data in that time."),
    ROW("valueSimulator", TEXT, "Where one's own price can be reckoned."),
    ROW("notes", TEXT, "What else is to be known."),
    INLINE("paymentGateway", "How it is paid."),
    INLINE("dataQuality", "The quality that goes with the plan."),
    INLINE("SLA", "The service levels that go with the plan."),
    INLINE("access", "The access that goes with the plan."),
    ROW("type", TEXT, "The tool that bills.", .words = "Stripe Checkout Custom"),
    ROW("version", TEXT, "Version of that tool."),
    ROW("reference", TEXT, "Where that tool is documented."),
    INLINE("spec", "The plan in the words of that tool."),
    END,
};
static const struct standard_shape plan = OPEN_SHAPE("a price plan", plan_fields);

static void check_plans(struct standard_check *check, const struct document_value *plans)
{
    for (size_t i = 0; i < document_count(plans); i++) {
        size_t mark = standard_enter(check, NULL, i);
        standard_check_value(check, &plan, document_item(plans, i));
        standard_leave(check, mark);
    }
}

static const struct standard_shape plans = {
    .name = "a list of price plans", .kinds = STANDARD_LIST, .also = check_plans};
static const struct standard_shape plans_by_language = {.name = "the plans by language",
                                                        .kinds = STANDARD_MAP,
                                                        .open = true,
                                                        .each = &plans,
                                                        .each_of = &language};
static const struct standard_field pricing_fields[] = {
    ROW("declarative", MAP, "The plans, for people, by language.",
        .of = &plans_by_language),
    EXECUTABLE(plan, "The plans as a machine bills them."),
    END,
};
static const struct standard_shape pricing = OPEN_SHAPE("the prices", pricing_fields);

/* ---- Licence ---- */

#define CLAUSE(name, ...) ROW(name, TEXT, __VA_ARGS__, .form = &paragraph)

static const struct standard_shape a_right = {.name = "a right", .kinds = STANDARD_TEXT};
static void check_rights(struct standard_check *check, const struct document_value *scope)
{
    static const char words[] = "Reproduction Display Distribution Adaptation Reselling "
                                "Transferring Sublicensing";
    const struct document_value *rights = document_get(scope, "rights");
    for (size_t i = 0; i < document_count(rights); i++) {
        const struct document_value *right = document_item(rights, i);
        if (document_kind(right) == DOCUMENT_STRING &&
            !standard_is_in_words(document_text(right), words)) {
            standard_tell(check, document_place(right), true, "enum",
                          "\"%s\" is no right of a licence; they are: %s",
                          document_text(right), words);
        }
    }
}

static const struct standard_field scope_fields[] = {
    CLAUSE("definition", "What the licence is for."),
    ROW("restrictions", TEXT, "What it does not allow.", .form = &short_text),
    TEXTS("geographicalArea", "Where it holds."),
    ROW("permanent", BOOLEAN, "True when it does not end."),
    ROW("exclusive", BOOLEAN, "True when it is given to one alone."),
    ROW("rights", LIST, "What it allows.", .of = &a_right),
    END,
};
static const struct standard_shape scope = {.name = "the scope",
                                            .kinds = STANDARD_MAP,
                                            .fields = scope_fields,
                                            .open = true,
                                            .also = check_rights};
static const struct standard_field termination_fields[] = {
    ROW("noticePeriod", INTEGER, "How many days before its end notice must be given."),
    CLAUSE("terminationConditions", "When it may be ended."),
    CLAUSE("continuityConditions", "What stays allowed after its end."),
    END,
};
static const struct standard_shape termination =
    OPEN_SHAPE("the termination", termination_fields);
static const struct standard_field governance_fields[] = {
    CLAUSE("ownership", "Who owns the data."),
    CLAUSE("audit", "Who may look into how the data are used."),
    CLAUSE("warranties", "What is vouched for."),
    CLAUSE("damages", "What is paid for damages."),
    CLAUSE("confidentiality", "What must be kept secret."),
    CLAUSE("applicableLaws", "The law that holds."),
    CLAUSE("forceMajeure", "What frees from the duties."),
    END,
};
static const struct standard_shape governance =
    OPEN_SHAPE("the governance", governance_fields);
static const struct standard_field license_fields[] = {
    ROW("scope", MAP, "What the licence allows.", .of = &scope),
    ROW("termination", MAP, "How it ends.", .of = &termination),
    ROW("governance", MAP, "Duties of both sides.", .of = &governance),
    END,
};
static const struct standard_shape license = OPEN_SHAPE("the licence", license_fields);

/* ---- Access, holder, payment ---- */

/* By the letter of the schema these two are a list and a map at once, so that nothing
 * holds; what is meant is a list. */
static void check_both(struct standard_check *check, const struct document_value *value)
{
    standard_tell(
        check, document_place(value), true, "type",
        "%s cannot hold anything: by the letter of the schema it must be a list "
        "and a map at once",
        standard_where(check));
}
static const struct standard_shape list_and_map = {
    .name = "a list and a map", .kinds = STANDARD_MAP, .open = true, .also = check_both};
#define MEANT_AS_LIST(name, shape, ...)                                                  \
    ROW(name, MAP, __VA_ARGS__, .of = &list_and_map, .flags = STANDARD_STRICT),          \
        ROW(name, LIST, __VA_ARGS__, .of = &shape, .flags = STANDARD_LENIENT)

static const struct standard_field access_fields[] = {
    SAID("name", "Name of the access."),
    SAID("description", "What it gives."),
    ROW("outputPortType", TEXT, "How it is delivered: file, API, AI ..."),
    ROW("format", TEXT, "The format of what is given.",
        .words = "TOON, JSON, XML, CSV, Excel, zip, plain text, GraphQL, MCP"),
    ROW("authenticationMethod", TEXT, "How one proves who one is.",
        .words = "OAuth, Token, API key, HTTP Basic, none"),
    ROW("specification", TEXT, "The language the interface is described in.",
        .words = "OAS RAML Slate MCP"),
    ROW("specsURL", TEXT, "Where that description lies."),
    ROW("accessURL", TEXT, "Where the data are reached."),
    ROW("documentationURL", TEXT, "Where the access is documented."),
    ROW("hashType", TEXT, "How the checksum is made."),
    ROW("checksum", TEXT, "The checksum of the data."),
    END,
};
static const struct standard_shape access = OPEN_SHAPE("an access", access_fields);

static const struct standard_field holder_fields[] = {
    ROW("legalName", TEXT, "Legal name of the organisation.", NEEDS, .form = &line),
    ROW("businessID", TEXT, "Its number in the register."),
    ROW("contactName", TEXT, "Who answers for the product."),
    ROW("email", TEXT, "The mail address."),
    ROW("taxID", TEXT, "Its tax number."),
    ROW("vatID", TEXT, "Its number for the value added tax."),
    ROW("businessDomain", TEXT, "The business domain that owns the product."),
    ROW("logoURL", TEXT, "Where its logo lies."),
    ROW("description", TEXT, "What the organisation does.", .form = &paragraph),
    ROW("URL", TEXT, "Its page."),
    ROW("telephone", TEXT, "Its telephone number."),
    ROW("streetAddress", TEXT, "Street and number."),
    ROW("postalCode", TEXT, "Postal code."),
    ROW("addressRegion", TEXT, "Region."),
    ROW("addressLocality", TEXT, "Town."),
    ROW("addressCountry", TEXT, "Country."),
    ROW("aggregateRating", TEXT, "How it is rated."),
    ROW("ratingCount", INTEGER, "How many ratings that is made of."),
    ROW("slogan", TEXT, "Its slogan.", .form = &line),
    ROW("parentOrganization", TEXT, "The organisation it belongs to."),
    END,
};
static const struct standard_shape holder = OPEN_SHAPE("the data holder", holder_fields);

static const struct standard_field gateway_fields[] = {
    SAID("description", "What the gateway is."),
    ROW("type", TEXT, "The provider.", .words = "Stripe Axio Checkout Custom"),
    ROW("version", TEXT, "Version of its interface."),
    ROW("reference", TEXT, "Where that is documented."),
    INLINE("spec", "Its settings."),
    END,
};
static const struct standard_shape gateway =
    OPEN_SHAPE("a payment gateway", gateway_fields);

/* ---- Strategy ---- */

#define FIGURE(...)                                                                      \
    ROW("id", TEXT, "What tells this figure from every other one.", NEEDS),              \
        ROW("name", TEXT, "Name of the figure.", NEEDS),                                 \
        ROW("description", TEXT, "What it measures."),                                   \
        ROW("unit", TEXT, "Its unit.", NEEDS),                                           \
        MIXED("target", STANDARD_TEXT | STANDARD_NUMBER, "What it should reach.",        \
              NEEDS),                                                                    \
        ROW("direction", TEXT, "Which way is better.",                                   \
            .words = "increase decrease at_least at_most equals"),                       \
        ROW("timeframe", TEXT, "By when it should be reached."),                         \
        ROW("frequency", TEXT, "How often it is measured."),                             \
        ROW("owner", TEXT, "Who answers for it."),                                       \
        ROW("calculation", TEXT, "How it is reckoned.", __VA_ARGS__)

static const struct standard_field figure_fields[] = {FIGURE(.flags = 0), END};
static const struct standard_shape figure =
    OPEN_SHAPE("a performance figure", figure_fields);
static const struct standard_field own_figure_fields[] = {FIGURE(NEEDS), END};
static const struct standard_shape own_figure =
    OPEN_SHAPE("a performance figure", own_figure_fields);

static const struct standard_field strategy_fields[] = {
    ROW("status", TEXT, "How far the plan has come.",
        .words = "Planned, Active, At Risk, Achieved, Partially Achieved, Cancelled, "
                 "Expired"),
    ROW("startDate", TEXT, "When it begins."),
    ROW("endDate", TEXT, "When it ends."),
    TEXTS_IN_LANGUAGES("objectives", "What the product is to reach."),
    ROW("contributesToKPI", MAP, "The figure of the business it serves.", NEEDS,
        .of = &figure),
    ROW("productKPIs", LIST, "The figures of the product itself.", NEEDS,
        .of = &own_figure),
    ROW("relatedKPIs", LIST, "Other figures it has to do with.", .of = &figure),
    TEXTS_IN_LANGUAGES("strategicAlignment", "The strategies it is part of."),
    END,
};
static const struct standard_shape strategy = OPEN_SHAPE("the strategy", strategy_fields);

/* ---- The product ---- */

static const struct standard_field product_fields[] = {
    ROW("details", MAP, "Name, status and story of the product, by language.",
        .of = &details_by_language),
    ROW("contract", MAP, "The contract of its data.", .of = &contract),
    ROW("SLA", MAP, "What is promised about the service.", .of = &slas),
    ROW("dataQuality", MAP, "What is promised about the quality.", .of = &qualities),
    ROW("pricingPlans", MAP, "What it costs.", .of = &pricing),
    ROW("license", MAP, "What may be done with it.", .of = &license),
    MEANT_AS_LIST("dataAccess", access, "How the data are reached."),
    ROW("dataHolder", MAP, "Who owns it.", .of = &holder),
    MEANT_AS_LIST("paymentGateways", gateway, "How it is paid."),
    ROW("productStrategy", MAP, "What it is to reach, and how that is measured.",
        .of = &strategy),
    END,
};
static const struct standard_shape product = OPEN_SHAPE("the product", product_fields);

static const struct standard_field root_fields[] = {
    ROW("schema", TEXT, "Address of the schema this file is written in.", NEEDS),
    ROW("version", TEXT, "Version of the specification.", NEEDS),
    ROW("product", MAP, "The product.", NEEDS, .of = &product),
    END,
};
const struct standard_shape standard_open = SHAPE("a data product", root_fields);
