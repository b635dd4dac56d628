/* vocabulary: the words themselves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/bench/vocabulary.h"

#include <stdio.h>

#define LIST(words)                                                                      \
    {                                                                                    \
        words, sizeof(words) / sizeof(*(words))                                          \
    }

static const char *const subjects[] = {
    "account",     "address",    "advert",        "agreement",    "aircraft",
    "allergy",     "allowance",  "appointment",   "article",      "asset",
    "assignment",  "attendance", "auction",       "audience",     "balance",
    "barcode",     "basket",     "batch",         "benefit",      "bill",
    "boarding",    "booking",    "branch",        "brand",        "broker",
    "budget",      "bundle",     "cable",         "calendar",     "campaign",
    "candidate",   "cargo",      "carrier",       "cashback",     "category",
    "certificate", "channel",    "charge",        "claim",        "clearance",
    "click",       "collateral", "colleague",     "commission",   "commodity",
    "complaint",   "component",  "connection",    "consent",      "consignment",
    "consumer",    "container",  "contact",       "coupon",       "course",
    "courier",     "coverage",   "credit",        "currency",     "customer",
    "customs",     "deadline",   "dealer",        "debtor",       "defect",
    "delivery",    "demand",     "deposit",       "depot",        "device",
    "diagnosis",   "discount",   "dispatch",      "dispute",      "dividend",
    "document",    "donation",   "driver",        "duty",         "emission",
    "employee",    "energy",     "engine",        "enquiry",      "equipment",
    "estate",      "estimate",   "event",         "exchange",     "expense",
    "experiment",  "exposure",   "facility",      "fare",         "fault",
    "feature",     "feedback",   "fee",           "filing",       "fleet",
    "flight",      "forecast",   "forwarder",     "franchise",    "freight",
    "fuel",        "fund",       "gateway",       "gauge",        "grant",
    "guarantee",   "guest",      "harvest",       "hazard",       "heating",
    "hedge",       "holiday",    "household",     "impression",   "incident",
    "income",      "ingredient", "inspection",    "instalment",   "instrument",
    "insurance",   "interest",   "inventory",     "investment",   "invoice",
    "issuer",      "itinerary",  "journey",       "keyword",      "kiosk",
    "labour",      "lane",       "lead",          "lease",        "ledger",
    "lesson",      "licence",    "lineage",       "liability",    "listing",
    "loan",        "locker",     "loyalty",       "luggage",      "machine",
    "maintenance", "mandate",    "manifest",      "margin",       "market",
    "material",    "meal",       "measurement",   "member",       "merchant",
    "meter",       "milestone",  "mortgage",      "network",      "newsletter",
    "notice",      "offer",      "opportunity",   "order",        "outage",
    "package",     "pallet",     "parcel",        "parking",      "partner",
    "passenger",   "patient",    "payment",       "payout",       "payroll",
    "penalty",     "pension",    "permit",        "pharmacy",     "picking",
    "pipeline",    "plan",       "policy",        "portfolio",    "position",
    "postage",     "premium",    "prescription",  "price",        "procedure",
    "promotion",   "property",   "prospect",      "provider",     "purchase",
    "quota",       "quote",      "railway",       "rating",       "rebate",
    "receipt",     "recipe",     "refund",        "registration", "reminder",
    "rental",      "repair",     "replenishment", "request",      "reservation",
    "resident",    "resource",   "return",        "revenue",      "review",
    "reward",      "risk",       "roster",        "route",        "royalty",
    "salary",      "sale",       "sample",        "satellite",    "schedule",
    "scooter",     "season",     "security",      "segment",      "seller",
    "sensor",      "session",    "settlement",    "shelf",        "shift",
    "shipment",    "shopper",    "signal",        "sponsor",      "station",
    "statement",   "stock",      "storage",       "store",        "subscription",
    "subsidy",     "supplier",   "surcharge",     "survey",       "survivor",
    "tariff",      "tax",        "technician",    "tenant",       "tender",
    "territory",   "ticket",     "timetable",     "toll",         "tool",
    "tower",       "trade",      "trailer",       "training",     "transaction",
    "transfer",    "treatment",  "trip",          "truck",        "turbine",
    "vacancy",     "vaccine",    "valuation",     "variant",      "vehicle",
    "vendor",      "vessel",     "visit",         "voucher",      "voyage",
    "wallet",      "warehouse",  "warranty",      "waste",        "weather",
    "website",     "withdrawal", "workshop",      "wreck",        "yield",
};
static const char *const kinds[] = {
    "history", "events",    "latest",    "snapshot", "facts",     "profile",
    "scores",  "summary",   "forecasts", "figures",  "changes",   "features",
    "targets", "anomalies", "segments",  "statuses", "movements", "attributes",
    "journal", "totals",    "rankings",  "details",  "archive",   "balances",
};
static const char *const scopes[] = {
    "daily",     "weekly",   "monthly",  "yearly",    "hourly",     "regional",
    "global",    "domestic", "foreign",  "online",    "offline",    "retail",
    "wholesale", "open",     "settled",  "cancelled", "planned",    "actual",
    "gross",     "net",      "verified", "raw",       "cleaned",    "enriched",
    "private",   "public",   "internal", "external",  "historical", "current",
};
static const char *const domains[] = {
    "accounts",   "analytics",   "articles",    "billing",    "checkout",   "claims",
    "compliance", "controlling", "crm",         "customs",    "delivery",   "energy",
    "facilities", "finance",     "fleet",       "fraud",      "fulfilment", "grid",
    "health",     "housing",     "inventory",   "legal",      "lending",    "logistics",
    "loyalty",    "marketing",   "mobility",    "network",    "payments",   "people",
    "planning",   "pricing",     "procurement", "production", "purchasing", "quality",
    "research",   "returns",     "risk",        "safety",     "sales",      "search",
    "service",    "shipping",    "sourcing",    "stores",     "support",    "travel",
    "treasury",   "workforce",
};
static const char *const regions[] = {"north", "south", "east", "west", "overseas"};

const struct word_list vocabulary_subjects = LIST(subjects);
const struct word_list vocabulary_kinds = LIST(kinds);
const struct word_list vocabulary_scopes = LIST(scopes);
const struct word_list vocabulary_domains = LIST(domains);
const struct word_list vocabulary_regions = LIST(regions);

const struct vocabulary_attribute vocabulary_attributes[] = {
    {"name", "string", "Name"},
    {"code", "string", "Short code"},
    {"status", "string", "State in its life"},
    {"type", "string", "Kind"},
    {"label", "string", "Words for people"},
    {"note", "string", "Free remark"},
    {"reason", "string", "Why it came about"},
    {"source", "string", "System it comes from"},
    {"owner", "string", "Who answers for it"},
    {"email", "string", "Electronic address"},
    {"phone", "string", "Telephone"},
    {"street", "string", "Street and house"},
    {"city", "string", "Town"},
    {"postcode", "string", "Postal code"},
    {"country", "string", "Country, two letters"},
    {"language", "string", "Language, two letters"},
    {"currency", "string", "Currency, three letters"},
    {"class", "string", "Class by its weight"},
    {"group", "string", "Group it is counted in"},
    {"level", "string", "Step of the scale"},
    {"priority", "string", "How urgent it is"},
    {"method", "string", "Way it was done"},
    {"version", "string", "Version"},
    {"key", "string", "Key in the source"},
    {"hash", "string", "Fingerprint of its content"},
    {"url", "string", "Address on the web"},
    {"colour", "string", "Colour"},
    {"size", "string", "Size as printed"},
    {"unit", "string", "Unit of its figures"},
    {"count", "integer", "How many"},
    {"quantity", "integer", "Pieces"},
    {"rank", "integer", "Place in the order"},
    {"position", "integer", "Place in the list"},
    {"amount_cents", "integer", "Amount in cents"},
    {"price_cents", "integer", "Price in cents"},
    {"cost_cents", "integer", "Cost in cents"},
    {"fee_cents", "integer", "Fee in cents"},
    {"tax_cents", "integer", "Tax in cents"},
    {"balance_cents", "integer", "Balance in cents"},
    {"weight_grams", "integer", "Weight in grams"},
    {"length_mm", "integer", "Length in millimetres"},
    {"duration_seconds", "integer", "How long it took, in seconds"},
    {"distance_metres", "integer", "Way in metres"},
    {"age_days", "integer", "Days since it began"},
    {"attempts", "integer", "How often it was tried"},
    {"year", "integer", "Calendar year"},
    {"month", "integer", "Month of the year"},
    {"week", "integer", "Week of the year, ISO 8601"},
    {"hour", "integer", "Hour of the day"},
    {"rate", "number", "Rate"},
    {"ratio", "number", "Share between 0 and 1"},
    {"percent", "number", "Share in percent"},
    {"score", "number", "Score of the model"},
    {"latitude", "number", "Latitude, WGS 84"},
    {"longitude", "number", "Longitude, WGS 84"},
    {"temperature", "number", "Degrees Celsius"},
    {"volume_litres", "number", "Volume in litres"},
    {"deviation", "number", "Distance from the plan"},
    {"probability", "number", "How likely it is"},
    {"is_active", "boolean", "Does it count today"},
    {"is_deleted", "boolean", "Was it deleted"},
    {"is_verified", "boolean", "Has somebody checked it"},
    {"has_consent", "boolean", "Was consent given"},
    {"date", "date", "Day of it"},
    {"start_date", "date", "First day"},
    {"end_date", "date", "Last day"},
    {"due_date", "date", "Day it is due"},
    {"birth_date", "date", "Day of birth"},
    {"created_at", "timestamp", "Instant it was made"},
    {"updated_at", "timestamp", "Instant of its last change"},
    {"received_at", "timestamp", "Instant it came in"},
    {"shipped_at", "timestamp", "Instant it left"},
    {"paid_at", "timestamp", "Instant it was paid"},
    {"closed_at", "timestamp", "Instant it was closed"},
    {"expired_at", "timestamp", "Instant it ran out"},
};
const size_t vocabulary_attribute_count =
    sizeof vocabulary_attributes / sizeof vocabulary_attributes[0];

uint64_t vocabulary_mix(uint64_t seed)
{
    uint64_t z = seed * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

const char *vocabulary_pick(const struct word_list *list, uint64_t number)
{
    return list->words[number % list->count];
}

void vocabulary_proper_name(uint64_t number, char name[VOCABULARY_NAME])
{
    static const char *const starts[] = {"Al",  "Bra", "Cor", "Dru", "El",   "Far",
                                         "Gal", "Hel", "Ir",  "Jan", "Kor",  "Lum",
                                         "Mar", "Nor", "Or",  "Pel", "Quin", "Ros",
                                         "Sal", "Tar", "Ul",  "Ver", "Wes",  "Zan"};
    static const char *const middles[] = {"a",  "be", "ci", "do", "en", "fi", "go", "hu",
                                          "in", "ja", "ka", "lo", "mi", "ne", "pa", "ri"};
    static const char *const ends[] = {"bor",  "dale", "ford",  "gate", "ko",   "lund",
                                       "mont", "nia",  "polis", "rix",  "stad", "vik"};
    snprintf(name, VOCABULARY_NAME, "%s%s%s", starts[number % 24],
             middles[number / 24 % 16], ends[number / 384 % 12]);
}
