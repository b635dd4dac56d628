/* web: one request by libcurl, with every limit set, and its answer handed on as it
 * comes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"
#include "engine/web/private.h"

enum {
    MOST_HEAD = 128 * 1024,
    MOST_PAGE = 64 * 1024,
    SECONDS_TO_CONNECT = 10,
    LEAST_BYTES_A_SECOND = 64,
    SECONDS_OF_PATIENCE = 15,
    BUFFER = 256 * 1024,
    MILLISECONDS_A_LOOK = 100, /* at the clock, and at who cancels */
    MILLISECONDS_TO_HOLD = 50, /* bytes back, until more have come */
};

static bool stop(struct request *request, enum stop why)
{
    request->stop = why;
    return false;
}

/* ---- What libcurl calls ---- */

static bool take_page(struct request *request, const char *bytes, size_t length)
{
    struct web_answer *answer = request->answer;
    size_t room = sizeof answer->page - answer->page_length;
    size_t part = length < room ? length : room;
    memcpy(answer->page + answer->page_length, bytes, part);
    answer->page_length += part;
    request->page += (long long)length;
    return request->page <= MOST_PAGE ||
           stop(request, request->sink == NULL ? STOP_ENOUGH : STOP_PAGE);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *owner)
{
    struct request *request = owner;
    size_t length = size * count;
    request->came += (long long)length;
    if (!request->is_judged && !request_judge(request)) {
        return 0;
    }
    bool good = request->has_contents
                    ? body_take(&request->body, bytes, length) || stop(request, STOP_BODY)
                    : take_page(request, bytes, length);
    return good ? length : 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *owner)
{
    struct request *request = owner;
    size_t length = size * count;
    request->came += (long long)length;
    if (request->is_judged) { /* what follows a chunked body changes nothing */
        request->head.bytes += length;
    } else {
        head_line(&request->head, bytes, length);
    }
    return request->head.bytes <= MOST_HEAD || stop(request, STOP_HEAD) ? length : 0;
}

/* Called with the number that will be connected to. */
static curl_socket_t open_socket(void *owner, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct request *request = owner;
    (void)purpose;
    if (!request->may_be_private && web_is_private(&address->addr)) {
        stop(request, STOP_PRIVATE);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool is_private_text(const char *number)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, number, &four.sin_addr) == 1) {
        return web_is_private((struct sockaddr *)&four);
    }
    return inet_pton(AF_INET6, number, &six.sin6_addr) != 1 ||
           web_is_private((struct sockaddr *)&six);
}

/* Called when there is a connection, also one that was open already, and before anything
 * is sent over it. The first host decides what the others may be. */
static int before_request(void *owner, char *number, char *own, int port, int own_port)
{
    struct request *request = owner;
    bool is_private = is_private_text(number);
    (void)own, (void)port, (void)own_port;
    if (is_private && !request->may_be_private) {
        stop(request, STOP_PRIVATE);
        return CURL_PREREQFUNC_ABORT;
    }
    if (request->is_first) {
        request->is_first = false;
        request->may_be_private =
            is_private || string_equal(getenv("MWB_WEB_PRIVATE"), "1");
    }
    return CURL_PREREQFUNC_OK;
}

/* ---- Setting up ---- */

static long milliseconds(double seconds, double otherwise)
{
    double wanted = seconds > 0 ? seconds : otherwise;
    return wanted < 0.001 ? 1 : (long)(wanted * 1000);
}

static void set_limits(struct request *request)
{
    CURL *curl = request->channel->easy;
    const struct web_spec *spec = request->spec;
    const char *authorities = getenv("SSL_CERT_FILE");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     milliseconds(spec->patience.connect, SECONDS_TO_CONNECT));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)BUFFER);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "mwb");
    if (authorities != NULL && authorities[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_CAINFO, authorities);
    }
    if (spec->is_hostile) {
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    }
}

static void set_callbacks(struct request *request)
{
    CURL *curl = request->channel->easy;
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, request);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, request);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, request);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, request);
}

/* Headers are lines: a value with a control character is none. */
static void add_header(struct curl_slist **headers, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    for (const char *p = value; *p != '\0'; p++) {
        if ((unsigned char)*p < 32 || *p == 127) {
            return;
        }
    }
    char *header = string_printf("%s: %s", name, value);
    *headers = curl_slist_append(*headers, header);
    secret_wipe(header, strlen(header));
    free(header);
}

static void set_secret(struct request *request, struct curl_slist **headers)
{
    CURL *curl = request->channel->easy;
    const struct secret *secret = request->secret;
    if (secret == NULL || secret_is_empty(secret)) {
        return;
    }
    const char *signature = request->spec->signature;
    if (signature != NULL || secret->token == NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME,
                         secret->user != NULL ? secret->user : "");
        curl_easy_setopt(curl, CURLOPT_PASSWORD,
                         secret->password != NULL ? secret->password : "");
    }
    if (signature != NULL) {
        /* Stores want the hash of the body, which is empty, told and signed: libcurl does
         * so by itself since 8.0 only. */
        curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, signature);
        add_header(headers, "x-amz-content-sha256",
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        add_header(headers, "x-amz-security-token", secret->token);
    } else if (secret->token != NULL) {
        char *bearer = string_printf("Bearer %s", secret->token);
        add_header(headers, "Authorization", bearer);
        secret_wipe(bearer, strlen(bearer));
        free(bearer);
    } else {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    }
}

static struct curl_slist *set_headers(struct request *request)
{
    struct curl_slist *headers = NULL;
    const struct web_spec *spec = request->spec;
    bool is_part = request->from > 0;
    add_header(&headers, "Accept-Encoding",
               is_part || request->as_is ? "identity" : "gzip");
    if (!request->has_begun) {
        add_header(&headers, "If-None-Match", spec->etag);
        add_header(&headers, "If-Modified-Since", spec->changed);
    }
    if (is_part) {
        char range[48];
        snprintf(range, sizeof range, "bytes=%lld-", request->from);
        add_header(&headers, "Range", range);
        add_header(&headers, "If-Range", request->from_tag);
    }
    set_secret(request, &headers);
    curl_easy_setopt(request->channel->easy, CURLOPT_HTTPHEADER, headers);
    return headers;
}

/* The list holds a secret. */
static void release_headers(struct curl_slist *headers)
{
    for (struct curl_slist *at = headers; at != NULL; at = at->next) {
        secret_wipe(at->data, strlen(at->data));
    }
    curl_slist_free_all(headers);
}

/* ---- Running ---- */

static bool has_stalled(struct request *request, double now)
{
    double stall = request->spec->patience.stall;
    stall = stall > 0 ? stall : SECONDS_OF_PATIENCE;
    if (now - request->watched < stall) {
        return false;
    }
    double came = (double)(request->came - request->came_before);
    request->watched = now;
    request->came_before = request->came;
    return came < LEAST_BYTES_A_SECOND * stall;
}

bool request_is_cancelled(const struct request *request)
{
    const struct web_sink *sink = request->sink;
    return job_cancelled(request->spec->port) ||
           (sink != NULL && sink->is_wanted != NULL && !sink->is_wanted(sink->owner));
}

/* Who reads what comes does not wait for more than a moment. */
static bool give(struct request *request, double now)
{
    if ((now - request->given) * 1000 < MILLISECONDS_TO_HOLD) {
        return true;
    }
    request->given = now;
    return body_give(&request->body) || stop(request, STOP_BODY);
}

static bool must_stop(struct request *request)
{
    double now = path_monotonic();
    give(request, now);
    if (request_is_cancelled(request)) {
        stop(request, STOP_CANCELLED);
    } else if (request->until > 0 && now > request->until) {
        stop(request, STOP_TIME);
    } else if (has_stalled(request, now)) {
        stop(request, STOP_STALLED);
    }
    return request->stop != NOT_STOPPED;
}

/* How long nobody needs to look, in milliseconds. */
static int look_again(const struct request *request)
{
    double now = path_monotonic();
    double stall = request->spec->patience.stall;
    double next = request->watched + (stall > 0 ? stall : SECONDS_OF_PATIENCE) - now;
    if (request->until > 0 && request->until - now < next) {
        next = request->until - now;
    }
    int wait = next > 0 ? (int)(next * 1000) + 1 : 1;
    return wait < MILLISECONDS_A_LOOK ? wait : MILLISECONDS_A_LOOK;
}

/* Is there more than was announced? What came in one piece with the end libcurl has seen,
 * and so it keeps no connection; what came later waits in the socket. */
static bool has_excess(struct request *request)
{
    const struct head *head = &request->head;
    struct channel *channel = request->channel;
    curl_socket_t fd = CURL_SOCKET_BAD;
    long version = 0;
    char byte;
    curl_easy_getinfo(channel->easy, CURLINFO_ACTIVESOCKET, &fd);
    curl_easy_getinfo(channel->easy, CURLINFO_HTTP_VERSION, &version);
    bool is_plain = strncasecmp(request->url, "http:", 5) == 0; /* TLS has its own talk */
    channel->plain = is_plain && fd != CURL_SOCKET_BAD ? fd : -1;
    if (fd == CURL_SOCKET_BAD) {
        return head->length >= 0 && !head->is_chunked && !head->is_last &&
               version == CURL_HTTP_VERSION_1_1;
    }
    channel->is_untrusted = is_plain && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
    return channel->is_untrusted;
}

static void run(struct request *request)
{
    CURLM *multi = request->channel->multi;
    CURL *easy = request->channel->easy;
    int running = 1, left = 0;
    bool good = curl_multi_add_handle(multi, easy) == CURLM_OK;
    request->code = CURLE_ABORTED_BY_CALLBACK;
    request->channel->plain = -1;
    while (good && curl_multi_perform(multi, &running) == CURLM_OK && running > 0 &&
           !must_stop(request)) {
        good = curl_multi_poll(multi, NULL, 0, look_again(request), NULL) == CURLM_OK;
    }
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        request->code = message->data.result;
    }
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &request->status);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &request->retry_after);
    request->has_excess = request->code == CURLE_OK && has_excess(request);
    char *next = NULL;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &next);
    request->next = string_copy(next);
    curl_multi_remove_handle(multi, easy);
}

static void forget_answer(struct request *request)
{
    head_init(&request->head);
    request->is_judged = request->has_contents = request->has_excess = false;
    request->status = 0;
    request->answer->page_length = 0;
    request->page = request->came = request->came_before = 0;
    request->watched = request->given = path_monotonic();
    request->stop = NOT_STOPPED;
    request->code = CURLE_FAILED_INIT;
    request->retry_after = 0;
    free(request->next);
    request->next = NULL;
}

bool request_run(struct request *request)
{
    CURL *curl = request->channel->easy;
    forget_answer(request);
    curl_easy_reset(curl);
    if (curl_easy_setopt(curl, CURLOPT_URL, request->url) != CURLE_OK) {
        return false;
    }
    set_limits(request);
    set_callbacks(request);
    struct curl_slist *headers = set_headers(request);
    run(request);
    if (request->code == CURLE_OK && !request->head.is_whole) {
        request->code = CURLE_GOT_NOTHING;
    }
    if (request->code == CURLE_OK && !request->is_judged) {
        request_judge(request); /* there was no body */
    }
    if (request->code == CURLE_OK && request->stop == NOT_STOPPED) {
        request_is_whole(request);
    }
    if (request->body.state != BODY_NOT_TAKEN && !body_give(&request->body)) {
        stop(request, STOP_BODY); /* also of a broken answer: another goes on behind it */
    }
    if (request->status > 0) {
        request->answer->status = request->status;
    }
    release_headers(headers);
    return true;
}
