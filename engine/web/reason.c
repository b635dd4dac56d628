/* web: why a request failed, in words, and whether another could do better.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "engine/text.h"
#include "engine/web/private.h"

/* ---- Another attempt? ---- */

static bool is_one_of(long number, const long *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

bool reason_is_passing(const struct request *request)
{
    static const long statuses[] = {408, 425, 429, 500, 502, 503, 504};
    static const long codes[] = {CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING,
                                 CURLE_RECV_ERROR,      CURLE_SEND_ERROR,
                                 CURLE_PARTIAL_FILE,    CURLE_OPERATION_TIMEDOUT};
    switch (request->stop) {
    case NOT_STOPPED:
        break;
    case STOP_STALLED:
        return true;
    case STOP_RANGE: /* there is more to ask for than a part */
        return request->from > 0;
    case STOP_BODY:
        return request->body.state == BODY_DIFFERS;
    default:
        return false;
    }
    return request->code == CURLE_OK
               ? is_one_of(request->status, statuses, sizeof statuses / sizeof *statuses)
               : is_one_of((long)request->code, codes, sizeof codes / sizeof *codes);
}

/* ---- Words ---- */

static const struct {
    enum stop stop;
    const char *words;
} of_stops[] = {
    {STOP_PRIVATE,
     "it leads to this host or into a private network, and only a descriptor says so; "
     "where that is right, set MWB_WEB_PRIVATE=1"},
    {STOP_CANCELLED, "it was cancelled"},
    {STOP_STALLED, "hardly anything came any more"},
    {STOP_TIME, "it took too long"},
    {STOP_HEAD, "the head of the answer does not end"},
    {STOP_PAGE, "the page about it does not end"},
    {STOP_LENGTH, "what the server says of the length contradicts itself"},
    {STOP_LONGER, "more came than was announced"},
    {STOP_CODING, "the server packed it in a way that was not asked for"},
    {STOP_RANGE, "the server sent another part than was asked for"},
};

static const struct {
    CURLcode code;
    const char *words;
} of_codes[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "there is no such host, or no network"},
    {CURLE_COULDNT_CONNECT, "the host does not answer"},
    {CURLE_OPERATION_TIMEDOUT, "it took too long to reach the host"},
    {CURLE_PARTIAL_FILE, "less came than was announced"},
    {CURLE_GOT_NOTHING, "the server hung up without an answer"},
    {CURLE_RECV_ERROR, "the connection broke, or the body is no chunked one"},
    {CURLE_SEND_ERROR, "the connection broke"},
    {CURLE_OUT_OF_MEMORY, "a line of the answer does not end, or there is no memory"},
    {CURLE_WEIRD_SERVER_REPLY, "what answers does not speak HTTP"},
    {CURLE_UNSUPPORTED_PROTOCOL, "what answers does not speak HTTP/1"},
    {CURLE_PEER_FAILED_VERIFICATION,
     "the certificate of the host is not one that can be trusted: it is expired, made "
     "for another name, or its authority is not known here"},
};

static const struct {
    long status;
    const char *words;
} of_statuses[] = {
    {401, "it asks for a name and password; credentials for its origin can be written "
          "into the file of credentials (see SECRETS in the manual)"},
    {403, "it is not for everybody"},
    {404, "it is not there"},
    {410, "it is gone for good"},
    {429, "it is asked too often"},
};

static const char *words_of(const struct request *request)
{
    for (size_t i = 0; i < sizeof of_stops / sizeof *of_stops; i++) {
        if (request->stop == of_stops[i].stop) {
            return of_stops[i].words;
        }
    }
    for (size_t i = 0; i < sizeof of_codes / sizeof *of_codes; i++) {
        if (request->code == of_codes[i].code) {
            return of_codes[i].words;
        }
    }
    return curl_easy_strerror(request->code);
}

/* What the server answered, when it answered. */
static void add_status(const struct request *request, struct text *out)
{
    text_printf(out, "the server answered %ld", request->status);
    for (size_t i = 0; i < sizeof of_statuses / sizeof *of_statuses; i++) {
        if (request->status == of_statuses[i].status) {
            text_printf(out, ": %s", of_statuses[i].words);
        }
    }
    if (request->retry_after > 0 && reason_is_passing(request)) {
        char seconds[32];
        text_printf(
            out, "; it wants to be asked again in %s",
            string_of_seconds((double)request->retry_after, seconds, sizeof seconds));
    }
}

static void add_body(const struct request *request, struct text *out)
{
    char most[32];
    switch (request->body.state) {
    case BODY_TOO_LARGE:
        text_printf(out, "it has more than %s",
                    string_of_bytes(request->body.most, most, sizeof most));
        break;
    case BODY_DIFFERS:
        text_append(out, "it changed while it came");
        break;
    default:
        text_append(out, "what came is damaged: no gzip, or not all of it");
    }
}

static enum error_kind kind_of(const struct request *request)
{
    bool is_late =
        request->stop == STOP_STALLED || request->stop == STOP_TIME ||
        (request->stop == NOT_STOPPED && request->code == CURLE_OPERATION_TIMEDOUT);
    return request->stop == STOP_CANCELLED ? ERROR_CANCELLED
           : is_late                       ? ERROR_TIMEOUT
                                           : ERROR_FAILED;
}

bool reason_set(const struct request *request, struct error *err)
{
    struct text why = {0};
    bool is_said = request->stop == STOP_SINK ||
                   (request->stop == STOP_BODY && request->body.state == BODY_NOT_TAKEN);
    enum error_kind kind =
        is_said && err->kind != ERROR_NONE ? err->kind : kind_of(request);
    if (is_said) {
        text_append(&why, err->message);
    } else if (request->stop == STOP_BODY) {
        add_body(request, &why);
    } else if (request->stop == NOT_STOPPED && request->code == CURLE_OK) {
        add_status(request, &why);
    } else {
        text_append(&why, words_of(request));
    }
    char *shown = secret_redact(request->spec->url);
    error_set(err, kind, "could not fetch %s: %s", shown, text_string(&why));
    free(shown);
    text_release(&why);
    return false;
}
