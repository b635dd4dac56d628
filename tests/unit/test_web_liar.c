/* web against a server that lies: each behaviour is refused, or what comes is right to
 * the byte; each within a few seconds. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/path.h"
#include "engine/web.h"
#include "tests/unit/liar_cases.h"
#include "tests/unit/liar_help.h"
#include "tests/unit/tap.h"

enum { BYTES_HERE = 1000, SECONDS_EACH = 5 };

static struct liar liar;
static struct error err;
static struct web_answer answer;
static struct text body, other, longer, cut, start, got;
static int begun;

/* ---- A sink in memory ---- */

static bool begin(void *owner, const struct web_answer *now, long long have,
                  struct error *why)
{
    struct text *into = owner;
    (void)now, (void)why;
    begun++;
    text_clear(into);
    text_append_bytes(into, text_string(&body), (size_t)have);
    return true;
}

static bool take(void *owner, const void *bytes, size_t length, struct error *why)
{
    (void)why;
    text_append_bytes(owner, bytes, length);
    return true;
}

static bool holds(void *owner, long long offset, const void *bytes, size_t length)
{
    const struct text *into = owner;
    return (size_t)offset + length <= into->length &&
           memcmp(into->data + offset, bytes, length) == 0;
}

static const struct web_sink sink = {
    .begin = begin, .take = take, .holds = holds, .owner = &got};

/* ---- The table ---- */

static bool is_packed_body(void)
{
    static unsigned char plain[200000];
    z_stream stream = {.next_in = (unsigned char *)got.data,
                       .avail_in = (unsigned)got.length,
                       .next_out = plain,
                       .avail_out = sizeof plain};
    bool done = inflateInit2(&stream, MAX_WBITS + 16) == Z_OK &&
                inflate(&stream, Z_FINISH) == Z_STREAM_END &&
                stream.total_out == body.length &&
                memcmp(plain, body.data, body.length) == 0;
    inflateEnd(&stream);
    return done;
}

static bool is_text_of(const struct text *want)
{
    return got.length == want->length &&
           memcmp(text_string(&got), text_string(want), got.length) == 0;
}

static bool is_wanted(enum liar_want want, int how, bool done)
{
    static const struct text empty;
    const struct text *texts[] = {[RIGHT] = &body,  [OTHER] = &other, [LONGER] = &longer,
                                  [EMPTY] = &empty, [CUT] = &cut,     [START] = &start};
    if (!done) {
        return err.message[0] != '\0' && (want == REFUSED || (how & OR_REFUSED) != 0);
    }
    if (want == REFUSED) {
        return false;
    }
    return answer.bytes == (long long)got.length &&
           (want == PACKED ? is_packed_body() : is_text_of(texts[want]));
}

static bool fetch(const char *url, int how)
{
    struct web_spec spec = {
        .url = url,
        .most = 2000000,
        .seconds = (how & SHORT) != 0 ? 0.3 : SECONDS_EACH,
        .patience = {.stall = 0.2,
                     .retries = (how & ONCE) != 0 ? 0 : 3,
                     .wait = 0.001,
                     .longest = 0.01},
        .have = (how & HERE) != 0 ? BYTES_HERE : 0,
        .have_tag = (how & HERE) != 0 ? "\"one\"" : NULL,
    };
    err = (struct error){0};
    text_clear(&got);
    begun = 0;
    return web_fetch(&spec, &sink, &answer, &err);
}

static void test_case(const struct liar_case *lie, size_t number)
{
    char *url = string_printf("http://127.0.0.1:%d/%s?%zu", liar.ports[LIAR_A], lie->path,
                              number);
    double before = path_monotonic();
    bool done = fetch(url, lie->how);
    double seconds = path_monotonic() - before;
    ok(is_wanted(lie->want, lie->how, done) &&
           (lie->says == NULL || strstr(err.message, lie->says) != NULL),
       "%s, %s: %s", lie->path, lie->want == REFUSED ? "refused" : "right", err.message);
    if (!tap_is_slow()) {
        ok(seconds < 2, "in time: %.3f s", seconds);
    }
    free(url);
}

/* ---- What was asked ---- */

static void take_log(const char *path, struct text *out)
{
    char *url = string_printf("http://127.0.0.1:%d/%s", liar.ports[LIAR_A], path);
    ok(fetch(url, 0), "%s", path);
    text_clear(out);
    text_append_bytes(out, text_string(&got), got.length);
    free(url);
}

/* Those that other tests ask for, with secrets, by TLS or from elsewhere. */
static bool is_for_others(const char *name)
{
    static const char *const starts[] = {
        "asks",        "sends-", "comes-back", "back-again",    "many",   "turns",
        "log",         "names",  "unchanged",  "status-",       "hop-",   "to-plain",
        "to-loopback", "to-any", "to-private", "to-link-local", "to-tls", "fro-and-to"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (string_starts(name, starts[i])) {
            return true;
        }
    }
    return false;
}

static void test_all_asked(void)
{
    struct text log = {0}, names = {0};
    int asked = 0;
    take_log("log", &log);
    take_log("names", &names);
    for (char *name = names.data, *end; (end = strchr(name, '\n')) != NULL;
         name = end + 1) {
        *end = '\0';
        char *path = string_printf("A /%s?", name);
        bool is_asked = strstr(log.data, path) != NULL;
        ok(is_asked || is_for_others(name), "%s has a row", name);
        asked += is_asked;
        free(path);
    }
    ok(asked >= 100, "%d behaviours were asked for", asked);
    ok(strstr(log.data, "cookie=") == NULL, "no cookie ever went back");
    ok(strstr(log.data, "x-canary=") == NULL && strstr(log.data, "canary-url") == NULL,
       "nor a header or a name that a redirect wanted");
    text_release(&log);
    text_release(&names);
}

/* ---- Asking again ---- */

static void test_conditions(void)
{
    char *url = string_printf("http://127.0.0.1:%d/unchanged", liar.ports[LIAR_A]);
    struct web_spec spec = {.url = url, .etag = "\"one\""};
    ok(web_fetch(&spec, &sink, &answer, &err) && answer.is_unchanged, "it is unchanged");
    is_text(answer.etag, "\"one\"", "with its tag");
    begun = 0;
    ok(web_look(&spec, &answer, &err) && answer.is_unchanged, "so says a look");
    spec.etag = "\"old\"\r\nX-Canary: yes";
    ok(web_look(&spec, &answer, &err) && !answer.is_unchanged, "a tag with a line end");
    spec.etag = NULL;
    ok(web_look(&spec, &answer, &err) && !answer.is_unchanged, "a look without a tag");
    is_int(answer.expected, (long long)body.length, "tells the length");
    is_int(begun, 0, "and takes nothing");
    free(url);
    url = string_printf("http://127.0.0.1:%d/endless", liar.ports[LIAR_A]);
    spec.url = url;
    ok(web_look(&spec, &answer, &err), "a look at what does not end");
    free(url);
}

static void test_many(void)
{
    double before = path_monotonic();
    int unchanged = 0;
    for (int i = 0; i < 1000; i++) {
        char *url = string_printf("http://127.0.0.1:%d/many?%d", liar.ports[LIAR_A], i);
        struct web_spec spec = {.url = url, .etag = "\"one\""};
        unchanged += web_fetch(&spec, &sink, &answer, &err) && answer.is_unchanged;
        free(url);
    }
    double seconds = path_monotonic() - before;
    is_int(unchanged, 1000, "a thousand questions in %.3f s", seconds);
    if (!tap_is_slow()) {
        ok(seconds < 2, "over connections that stay open");
    }
}

/* ---- Nobody wants it any more ---- */

static bool is_unwanted(void *owner)
{
    (void)owner;
    return false;
}

static void test_unwanted(void)
{
    static const char *const paths[] = {"says-nothing", "slow-body", "endless"};
    struct web_sink unwanted = sink;
    unwanted.is_wanted = is_unwanted;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *url = string_printf("http://127.0.0.1:%d/%s?unwanted", liar.ports[LIAR_A],
                                  paths[i]);
        struct web_spec spec = {.url = url, .seconds = -1, .patience = {.retries = 3}};
        double before = path_monotonic();
        err = (struct error){0};
        ok(!web_fetch(&spec, &unwanted, &answer, &err) && err.kind == ERROR_CANCELLED,
           "%s, not wanted any more: %s", paths[i], err.message);
        ok(path_monotonic() - before < 1, "ends at once");
        free(url);
    }
}

/* ---- What stands in a catalog ---- */

static void test_inside(void)
{
    unsetenv("MWB_WEB_PRIVATE");
    for (size_t i = 0; i < sizeof liar_inside / sizeof *liar_inside; i++) {
        char *url = string_printf("%s", liar_inside[i]);
        char *mark = strstr(url, "%d");
        char *full = string_printf("%.*s%d%s", (int)(mark - url), url, liar.ports[LIAR_A],
                                   mark + 2);
        struct web_spec spec = {.url = full, .is_hostile = true, .seconds = 5};
        err = (struct error){0};
        begun = 0;
        ok(!web_fetch(&spec, &sink, &answer, &err) && begun == 0 && answer.status == 0,
           "from a catalog: %s", err.message);
        free(full);
        free(url);
    }
}

int main(void)
{
    unsetenv("http_proxy");
    unsetenv("MWB_WEB_PRIVATE");
    liar_rows("row", &body);
    liar_rows("new", &other);
    liar_rows("row", &longer);
    text_append(&longer, "0,more,0.50\n");
    text_append_bytes(&cut, body.data, body.length / 2 - 500);
    text_append_bytes(&start, body.data, BYTES_HERE);
    if (liar_start(&liar, NULL)) {
        for (size_t i = 0; i < sizeof liar_cases / sizeof *liar_cases; i++) {
            test_case(&liar_cases[i], i);
        }
        test_all_asked();
        test_conditions();
        test_many();
        test_unwanted();
        test_inside();
        liar_stop(&liar);
    } else {
        tap_skip("python3 is not installed, so there is no server that lies");
    }
    text_release(&body);
    text_release(&other);
    text_release(&longer);
    text_release(&cut);
    text_release(&start);
    text_release(&got);
    return tap_done();
}
