/* rows KIND COUNT [TOTALS]: test data on standard output, the same for the same count on
 * every machine. Kinds: see below. TOTALS gets one line, to check what an import made of
 * the rows: their number and two sums. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_ROOM = 256 };

struct totals {
    uint64_t rows, first, second; /* orders: quantity, cents; customers: numbers, bytes */
};

/* SplitMix64 (Steele, Lea, Flood 2014): a number per row, whatever the order. */
static uint64_t mix(uint64_t seed)
{
    uint64_t z = seed * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* ---- Orders: ten columns, no quotes; as CSV and as JSON Lines ---- */

struct order {
    uint64_t number;
    char instant[32];
    unsigned customer, article, quantity, cents;
    const char *state, *channel, *country;
};

static void make_order(uint64_t row, struct order *order, struct totals *totals)
{
    static const char *const states[] = {"delivered", "shipped", "paid", "cancelled"};
    static const char *const channels[] = {"web", "app", "store", "phone"};
    static const char *const countries[] = {"DE", "AT", "CH", "FR", "NL",
                                            "PL", "IT", "ES", "BE", "DK"};
    uint64_t random = mix(row + 1);
    time_t at = (time_t)(INT64_C(1727740800) + (int64_t)(row / 4));
    struct tm when;
    gmtime_r(&at, &when);
    strftime(order->instant, sizeof order->instant, "%Y-%m-%dT%H:%M:%SZ", &when);
    order->number = row + 1;
    order->quantity = 1 + (unsigned)(random & 7);
    order->cents = 99 + (unsigned)((random >> 3) % 49900);
    order->customer = (unsigned)((random >> 8) % 1000000);
    order->article = (unsigned)((random >> 28) % 100000);
    order->state = states[(random >> 45) & 3];
    order->channel = channels[(random >> 47) & 3];
    order->country = countries[(random >> 49) % 10];
    totals->rows++;
    totals->first += order->quantity;
    totals->second += order->cents;
}

static void write_order(uint64_t row, struct totals *totals)
{
    struct order order;
    make_order(row, &order, totals);
    printf("%" PRIu64 ",%s,C%07u,A%06u,%s,%u,%u.%02u,EUR,%s,%s\n", order.number,
           order.instant, order.customer, order.article, order.state, order.quantity,
           order.cents / 100, order.cents % 100, order.channel, order.country);
}

/* Prices as programs write numbers into JSON: 12.34, 12.3, 12.0. */
static void write_order_object(uint64_t row, struct totals *totals)
{
    struct order order;
    make_order(row, &order, totals);
    unsigned part = order.cents % 100;
    printf("{\"order_id\":%" PRIu64 ",\"ordered_at\":\"%s\",\"customer\":\"C%07u\","
           "\"article\":\"A%06u\",\"status\":\"%s\",\"quantity\":%u,\"price\":%u.%0*u,"
           "\"currency\":\"EUR\",\"channel\":\"%s\",\"country\":\"%s\"}\n",
           order.number, order.instant, order.customer, order.article, order.state,
           order.quantity, order.cents / 100, part % 10 == 0 ? 1 : 2,
           part % 10 == 0 ? part / 10 : part, order.channel, order.country);
}

/* ---- Customers: eight columns with all that quotes are for ---- */

struct customer {
    char number[24], company[TEXT_ROOM], street[TEXT_ROOM], postcode[8], note[TEXT_ROOM];
    const char *city, *segment;
    char since[16];
};

static void make_note(uint64_t random, char *note)
{
    static const char *const notes[] = {
        "",
        "Delivers at the back, not at the front",
        "Asked for \"no plastic\"; see the letter of %u",
        "Call first.\nThe gate is locked until %u o'clock,\r\nring twice",
        "Größe \"XL\", Farbe grün\n\nRückgabe: %u Stück",
        "preferred",
        "Łódź, Kraków, 東京 and \"Zürich\"",
        "5\" shelves, 3 boards\n",
    };
    const char *form = notes[random & 7];
    const char *hole = strstr(form, "%u");
    if (hole == NULL) {
        snprintf(note, TEXT_ROOM, "%s", form);
    } else {
        snprintf(note, TEXT_ROOM, "%.*s%u%s", (int)(hole - form), form,
                 (unsigned)((random >> 3) % 2400), hole + 2);
    }
}

static void make_customer(uint64_t row, struct customer *customer, struct totals *totals)
{
    static const char *const kinds[] = {"Bäckerei", "Café", "Møbler", "Čistírna",
                                        "Книги",    "書店", "Flors",  "Tools & More"};
    static const char *const places[] = {"\"Zum Löwen\"", "am Markt, Süd", "No. 1",
                                         "& Co., Ltd."};
    static const char *const cities[] = {"München", "Århus",  "Besançon", "Gdańsk",
                                         "Sofia",   "Málaga", "Zürich",   "Gent"};
    static const char *const segments[] = {"retail", "wholesale", "online", "public"};
    uint64_t random = mix(row + 1);
    snprintf(customer->number, sizeof customer->number, "%" PRIu64, row + 1);
    snprintf(customer->company, TEXT_ROOM, "%s %s %u", kinds[random & 7],
             places[(random >> 3) & 3], (unsigned)((random >> 5) % 100000));
    snprintf(customer->street, TEXT_ROOM, "%s %u%s", "Straße des Ostens",
             1 + (unsigned)((random >> 22) % 250), (random >> 30) & 1 ? ", back" : "");
    snprintf(customer->postcode, sizeof customer->postcode, "%05u",
             (unsigned)((random >> 31) % 100000));
    make_note(random >> 40, customer->note);
    customer->city = cities[(random >> 58) & 7];
    customer->segment = segments[random >> 62];
    snprintf(customer->since, sizeof customer->since, "20%02u-%02u-%02u",
             (unsigned)(row % 25), 1 + (unsigned)(row % 12), 1 + (unsigned)(row % 28));
    totals->rows++;
    totals->first += row + 1;
    totals->second += strlen(customer->company) + strlen(customer->note);
}

/* RFC 4180 §2: quotes around what needs them, inner ones doubled. */
static void write_cell(const char *text, char end)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, stdout);
    } else {
        putchar('"');
        for (; *text != '\0'; text++) {
            if (*text == '"') {
                putchar('"');
            }
            putchar(*text);
        }
        putchar('"');
    }
    putchar(end);
}

static void write_customer(uint64_t row, struct totals *totals)
{
    struct customer customer;
    make_customer(row, &customer, totals);
    const char *cells[] = {customer.number,   customer.company, customer.street,
                           customer.postcode, customer.city,    customer.segment,
                           customer.note,     customer.since};
    for (size_t i = 0; i < 8; i++) {
        write_cell(cells[i], i < 7 ? ',' : '\n');
    }
}

static void write_hexadecimal(const char *text, char end)
{
    for (; *text != '\0'; text++) {
        printf("%02X", (unsigned char)*text);
    }
    putchar(end);
}

/* What must be in the table, byte by byte: company and note, the two difficult ones. */
static void write_customer_check(uint64_t row, struct totals *totals)
{
    struct customer customer;
    make_customer(row, &customer, totals);
    write_hexadecimal(customer.company, ' ');
    write_hexadecimal(customer.note, '\n');
}

static const struct kind {
    const char *name, *header; /* header NULL: none */
    void (*write)(uint64_t row, struct totals *totals);
} kinds[] = {
    {"orders",
     "order_id,ordered_at,customer,article,status,quantity,price,currency,channel,"
     "country",
     write_order},
    {"orders-json", NULL, write_order_object},
    {"customers", "customer_id,company,street,postcode,city,segment,note,since",
     write_customer},
    {"customers-check", NULL, write_customer_check},
};

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static int write_totals(const char *path, const struct totals *totals)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    fprintf(file, "%" PRIu64 "|%" PRIu64 "|%" PRIu64 "\n", totals->rows, totals->first,
            totals->second);
    return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct kind *kind = argc > 2 ? find_kind(argv[1]) : NULL;
    uint64_t count = kind != NULL ? strtoull(argv[2], NULL, 10) : 0;
    struct totals totals = {0};
    if (count == 0) {
        fputs("usage: rows orders|orders-json|customers|customers-check COUNT [TOTALS]\n",
              stderr);
        return 2;
    }
    if (kind->header != NULL) {
        puts(kind->header);
    }
    for (uint64_t row = 0; row < count; row++) {
        kind->write(row, &totals);
    }
    if (fflush(stdout) != 0) {
        perror("rows");
        return 1;
    }
    return argc > 3 ? write_totals(argv[3], &totals) : 0;
}
