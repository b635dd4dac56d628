/* access/http: files that have an address of the web. What is fetched, from whom and with
 * which secret is the business of web.h; here its bytes go to an arrival.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/web.h"

enum { RETRIES = 3, SECONDS_OF_PATIENCE = 30 };

struct http_own {
    long long most; /* bytes that the descriptor declares; 0: it declares none */
};

static bool is_address(const char *text)
{
    return text != NULL && (strncasecmp(text, "http://", 7) == 0 ||
                            strncasecmp(text, "https://", 8) == 0);
}

/* ---- Which files ---- */

/* The address that a server names, where the table has no location of its own. Yours. */
static char *server_address(const struct place *place)
{
    static const char *const types[] = {"api", "http", "https", "custom"};
    const char *type = place->server != NULL ? place->server->type : NULL;
    char *address = NULL;
    for (size_t i = 0; type != NULL && i < sizeof types / sizeof *types; i++) {
        if (strcasecmp(type, types[i]) == 0 && address == NULL) {
            address = place_value(place, "location");
        }
    }
    if (!is_address(address)) {
        free(address);
        return NULL;
    }
    return address;
}

static bool http_takes(const struct place *place)
{
    if (place->location != NULL) {
        return is_address(place->location);
    }
    char *address = server_address(place);
    free(address);
    return address != NULL;
}

static bool http_list(const struct place *place, struct array *files, struct error *err)
{
    char *address =
        place->location != NULL ? string_copy(place->location) : server_address(place);
    bool good = web_check(address, err);
    if (good) {
        struct access_bring *bring = bring_new(place, &method_http, address, files);
        struct http_own *own = memory_new(sizeof *own);
        own->most = place->table->files.count <= 1 ? place->table->bytes : 0;
        bring->own = own;
    }
    free(address);
    return good;
}

/* ---- Bringing one ---- */

/* Before its answer is known to others, who read it from then on. */
static void tell(struct access_bring *bring, const struct web_answer *answer)
{
    struct access_facts *facts = &bring->facts;
    snprintf(facts->etag, sizeof facts->etag, "%s", answer->etag);
    snprintf(facts->changed, sizeof facts->changed, "%s", answer->changed);
    facts->bytes = answer->expected;
}

static bool http_begin(void *owner, const struct web_answer *answer, long long have,
                       struct error *err)
{
    struct access_bring *bring = owner;
    if (bring->arrival != NULL) {
        return bring_again(bring, answer->expected, err);
    }
    tell(bring, answer);
    return bring_begin(bring, have, answer->expected, err);
}

static bool http_take(void *owner, const void *bytes, size_t length, struct error *err)
{
    struct access_bring *bring = owner;
    return arrival_add(bring->arrival, bytes, length, err);
}

static bool http_holds(void *owner, long long offset, const void *bytes, size_t length)
{
    struct access_bring *bring = owner;
    int fd = arrival_fd(bring->arrival);
    char block[16384];
    for (size_t done = 0; done < length;) {
        size_t left = length - done;
        size_t want = left < sizeof block ? left : sizeof block;
        ssize_t got = pread(fd, block, want, (off_t)offset + (off_t)done);
        if (got <= 0 || memcmp(block, (const char *)bytes + done, (size_t)got) != 0) {
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static bool http_is_wanted(void *owner)
{
    return bring_is_wanted(owner);
}

/* A source that does not end must not fill the disk: what is declared limits it, else
 * half of what is free. */
long long http_most(const struct access_bring *bring, long long declared)
{
    struct statvfs disk;
    if (declared > 0) {
        return declared;
    }
    if (fstatvfs(bring->fd, &disk) != 0) {
        return 0;
    }
    return bring->have + (long long)disk.f_bavail * (long long)disk.f_frsize / 2 + 1;
}

struct web_sink http_sink(struct access_bring *bring)
{
    return (struct web_sink){.begin = http_begin,
                             .take = http_take,
                             .holds = http_holds,
                             .is_wanted = http_is_wanted,
                             .owner = bring};
}

static bool http_bring(struct access_bring *bring, struct error *err)
{
    struct web_answer answer;
    const struct http_own *own = bring->own;
    struct web_sink sink = http_sink(bring);
    struct web_spec spec = {
        .url = bring->location,
        .is_hostile = true,
        .most = http_most(bring, own->most),
        .seconds = -1,
        .port = bring->port,
        .patience = {.stall = SECONDS_OF_PATIENCE, .retries = RETRIES},
        .have = bring->have,
        .have_tag = bring->have_tag,
    };
    if (bring->known.location != NULL) {
        spec.etag = bring->known.etag;
        spec.changed = bring->known.changed;
    }
    bool good = web_fetch(&spec, &sink, &answer, err);
    if (good && answer.is_unchanged) {
        bring_unchanged(bring);
    }
    return good;
}

const struct method method_http = {
    .door = {"http", "files at an address of the web (http, https)"},
    .takes = http_takes,
    .list = http_list,
    .bring = http_bring,
    .release = free,
};
