/* web: one fetch: hops, secrets that stay at their origin, and attempts that go on where
 * another broke off.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/path.h"
#include "engine/text.h"
#include "engine/web/private.h"

enum {
    MOST_BYTES = 64 * 1024 * 1024,
    MOST_SECONDS = 60,
    MOST_RETRIES = 3,
    LONGEST_WAIT = 20,
    MILLISECONDS_A_LOOK = 50,
};

/* How an attempt ended. */
enum outcome {
    DONE,
    REFUSED, /* err says why */
    FAILED,  /* the request tells why */
};

struct fetch {
    const struct web_spec *spec;
    struct request request;
    char *origin; /* the first */
    /* Of the bytes that the sink has. */
    char etag[WEB_TAG_SIZE], changed[WEB_TAG_SIZE];
    bool has_ranges; /* they can be gone on with */
};

/* ---- Hops ---- */

static bool is_redirect(const struct request *request)
{
    static const long statuses[] = {301, 302, 303, 307, 308};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (request->status == statuses[i]) {
            return request->code == CURLE_OK && request->stop == NOT_STOPPED &&
                   request->next != NULL;
        }
    }
    return false;
}

static bool is_secure(const char *url)
{
    return strncasecmp(url, "https:", 6) == 0;
}

/* May it be gone to? */
static bool check_redirect(const struct fetch *fetch, const char *from, const char *to,
                           int hops, struct error *err)
{
    struct error why = {0};
    if (hops >= WEB_REDIRECTS) {
        error_set(&why, ERROR_FAILED, "it was redirected more than %d times",
                  WEB_REDIRECTS);
    } else if (!web_check(to, &why)) {
        char *shown = secret_redact(why.message);
        error_set(&why, ERROR_FAILED, "it was redirected to what is not followed: %s",
                  shown);
        free(shown);
    } else if (is_secure(from) && !is_secure(to)) {
        error_set(&why, ERROR_FAILED, "it was redirected from https to http");
    } else {
        return true;
    }
    char *shown = secret_redact(fetch->spec->url);
    error_set(err, why.kind, "could not fetch %s: %s", shown, why.message);
    free(shown);
    return false;
}

/* The secret of the first origin, which the channel leads to; kept with it. */
static bool find_secret(struct fetch *fetch, const char *origin, struct error *err)
{
    struct channel *channel = fetch->request.channel;
    fetch->request.secret = fetch->spec->secret;
    if (fetch->spec->secret != NULL) {
        return true;
    }
    if (!channel->has_secret && !secret_find(origin, &channel->secret, err)) {
        return false;
    }
    channel->has_secret = true;
    fetch->request.secret = &channel->secret;
    return true;
}

/* Ask one address. Behind a redirect to another origin no hop has a secret any more, not
 * even back at the first: whoever redirects there chose what is asked. */
static bool ask(struct fetch *fetch, const char *url, bool *has_left, struct error *err)
{
    struct request *request = &fetch->request;
    char *origin = secret_origin(url);
    *has_left |= origin == NULL || !string_equal(origin, fetch->origin);
    request->url = url;
    request->secret = NULL;
    request->channel = channel_take(origin);
    if (request->channel == NULL) {
        error_set(err, ERROR_FAILED,
                  "could not fetch from the web: libcurl does not start");
        free(origin);
        return false;
    }
    bool good = (*has_left || find_secret(fetch, origin, err)) &&
                (request_run(request) ||
                 error_set(err, ERROR_FAILED,
                           "could not fetch from the web: libcurl does not take the "
                           "address"));
    if (request->status == STATUS_UNAUTHORIZED) {
        request->channel->has_secret = false; /* it may be another one soon */
        secret_release(&request->channel->secret);
    }
    channel_give(request->channel);
    request->channel = NULL;
    request->secret = NULL;
    free(origin);
    return good;
}

static enum outcome follow(struct fetch *fetch, struct error *err)
{
    struct request *request = &fetch->request;
    const char *lifted = getenv("MWB_WEB_PRIVATE");
    request->is_first = true;
    request->may_be_private = !fetch->spec->is_hostile || string_equal(lifted, "1");
    char *url = string_copy(fetch->spec->url);
    bool has_left = false, good = ask(fetch, url, &has_left, err);
    for (int hops = 0; good && is_redirect(request); hops++) {
        char *next = string_copy(request->next);
        good = check_redirect(fetch, url, next, hops, err) &&
               ask(fetch, next, &has_left, err);
        free(url);
        url = next;
    }
    request->url = NULL;
    free(url);
    return good ? FAILED : REFUSED;
}

/* ---- Attempts ---- */

/* The copy that is here is the newest. */
static bool is_unchanged(const struct fetch *fetch)
{
    const struct web_spec *spec = fetch->spec;
    const struct request *request = &fetch->request;
    bool has_copy = (spec->etag != NULL && spec->etag[0] != '\0') ||
                    (spec->changed != NULL && spec->changed[0] != '\0');
    return request->status == STATUS_UNCHANGED && has_copy && !request->has_begun;
}

static void tell_unchanged(struct fetch *fetch)
{
    struct web_answer *answer = fetch->request.answer;
    const struct head *head = &fetch->request.head;
    const char *etag = head->etag[0] != '\0' ? head->etag : fetch->spec->etag;
    const char *changed = head->changed[0] != '\0' ? head->changed : fetch->spec->changed;
    answer->is_unchanged = true;
    snprintf(answer->etag, WEB_TAG_SIZE, "%s", etag != NULL ? etag : "");
    snprintf(answer->changed, WEB_TAG_SIZE, "%s", changed != NULL ? changed : "");
}

static bool is_done(struct fetch *fetch)
{
    const struct request *request = &fetch->request;
    if (request->stop == STOP_ENOUGH) {
        return true;
    }
    if (request->code != CURLE_OK || request->stop != NOT_STOPPED) {
        return false;
    }
    if (is_unchanged(fetch)) {
        tell_unchanged(fetch);
        return true;
    }
    bool is_all_here =
        request->status == STATUS_NO_SUCH_PART && request->has_begun && request->from > 0;
    return request->has_contents || is_all_here ||
           (request->sink == NULL && request->status == STATUS_OK);
}

/* What the sink has may be of an older state of the file than the last answer, as long as
 * not all of it was compared. */
static void remember_held(struct fetch *fetch)
{
    struct request *request = &fetch->request;
    struct web_answer *answer = request->answer;
    const struct body *body = &request->body;
    if (request->has_contents && body->offset >= body->taken) {
        memcpy(fetch->etag, answer->etag, sizeof fetch->etag);
        memcpy(fetch->changed, answer->changed, sizeof fetch->changed);
        fetch->has_ranges = answer->has_ranges;
    }
}

/* What to ask for the next time. */
static void prepare_next(struct fetch *fetch)
{
    struct request *request = &fetch->request;
    struct body *body = &request->body;
    bool is_other = request->stop == STOP_BODY && body->state == BODY_DIFFERS;
    bool is_lied = request->stop == STOP_RANGE;
    if (is_other) {
        request->has_begun = false; /* the sink begins anew */
        body->taken = 0;
    }
    fetch->has_ranges &= !is_lied && !is_other;
    if (request->has_begun && fetch->has_ranges) {
        request->from = body->taken;
        request->from_tag = fetch->etag;
    } else if (request->has_begun || is_other || is_lied) {
        request->from = 0;
    }
}

/* False: not now; the request tells why it failed. */
static bool wait_for(const struct fetch *fetch, int tries)
{
    const struct web_patience *patience = &fetch->spec->patience;
    const struct request *request = &fetch->request;
    double longest = patience->longest > 0 ? patience->longest : LONGEST_WAIT;
    double wait = ldexp(patience->wait > 0 ? patience->wait : 0.5, tries);
    double asked = (double)request->retry_after;
    if (asked > longest) {
        return false;
    }
    double until = path_monotonic() + (asked > wait ? asked : wait);
    if (request->until > 0 && until > request->until) {
        return false;
    }
    for (double left; (left = until - path_monotonic()) > 0;) {
        if (request_is_cancelled(request)) {
            return false;
        }
        int milliseconds = (int)(left * 1000) + 1;
        poll(NULL, 0,
             milliseconds < MILLISECONDS_A_LOOK ? milliseconds : MILLISECONDS_A_LOOK);
    }
    return true;
}

static bool fetch_all(struct fetch *fetch, struct error *err)
{
    struct request *request = &fetch->request;
    int retries = fetch->spec->patience.retries;
    retries = retries < MOST_RETRIES ? retries : MOST_RETRIES;
    for (int tries = 0;; tries++) {
        enum outcome outcome = follow(fetch, err);
        remember_held(fetch);
        if (outcome == REFUSED) {
            return false;
        }
        if (is_done(fetch)) {
            return true;
        }
        if (tries >= retries || !reason_is_passing(request) || !wait_for(fetch, tries)) {
            return reason_set(request, err);
        }
        prepare_next(fetch);
    }
}

/* ---- The whole ---- */

/* What is packed by itself and has a name that says so comes as it lies there: servers
 * call that packing a coding of what is in it, and undoing it would give another file. */
static bool is_packed_by_name(const char *url)
{
    static const char *const suffixes[] = {".gz", ".tgz", ".zst", ".bz2", ".xz"};
    bool is_packed = false;
    char *base = web_base(url);
    size_t length = strlen(base);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t suffix = strlen(suffixes[i]);
        is_packed |=
            length > suffix && strcasecmp(base + length - suffix, suffixes[i]) == 0;
    }
    free(base);
    return is_packed;
}

static void fetch_init(struct fetch *fetch, const struct web_sink *sink,
                       struct web_answer *answer, struct error *err)
{
    const struct web_spec *spec = fetch->spec;
    double seconds = spec->seconds == 0 ? MOST_SECONDS : spec->seconds;
    bool may_go_on = spec->have > 0 && spec->have_tag != NULL &&
                     head_is_strong(spec->have_tag) && sink != NULL;
    *answer = (struct web_answer){.expected = -1};
    fetch->request = (struct request){
        .spec = spec,
        .sink = sink,
        .answer = answer,
        .err = err,
        .until = seconds > 0 ? path_monotonic() + seconds : 0,
        .as_is = is_packed_by_name(spec->url),
        .body = {.sink = sink,
                 .err = err,
                 .most = spec->most > 0 ? spec->most : MOST_BYTES},
        .from = may_go_on ? spec->have : 0,
        .from_tag = spec->have_tag,
        .held = fetch->etag,
    };
}

/* The answer tells of the bytes that the sink has. */
static void tell_held(struct fetch *fetch)
{
    struct request *request = &fetch->request;
    struct web_answer *answer = request->answer;
    if (request->has_begun) {
        memcpy(answer->etag, fetch->etag, sizeof answer->etag);
        memcpy(answer->changed, fetch->changed, sizeof answer->changed);
        answer->bytes = request->body.taken;
    }
}

/* `sink` NULL: only a look. */
static bool web_ask(const struct web_spec *spec, const struct web_sink *sink,
                    struct web_answer *answer, struct error *err)
{
    struct fetch fetch = {.spec = spec};
    struct error why = {0};
    *answer = (struct web_answer){.expected = -1};
    if (!web_check(spec->url, err)) {
        return false;
    }
    fetch_init(&fetch, sink, answer, &why);
    fetch.origin = secret_origin(spec->url);
    bool done = fetch_all(&fetch, &why);
    if (!done && err != NULL) {
        *err = why;
    }
    tell_held(&fetch);
    body_release(&fetch.request.body);
    free(fetch.request.next);
    free(fetch.origin);
    return done;
}

bool web_fetch(const struct web_spec *spec, const struct web_sink *sink,
               struct web_answer *answer, struct error *err)
{
    return web_ask(spec, sink, answer, err);
}

bool web_look(const struct web_spec *spec, struct web_answer *answer, struct error *err)
{
    return web_ask(spec, NULL, answer, err);
}
