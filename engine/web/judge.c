/* web: is an answer what was asked for, and is it whole?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/text.h"
#include "engine/web/private.h"

static bool stop(struct request *request, enum stop why)
{
    request->stop = why;
    return false;
}

/* What the source says of the file, for the sink and the caller. */
static void tell(struct request *request, long long expected)
{
    struct web_answer *answer = request->answer;
    const struct head *head = &request->head;
    memcpy(answer->etag, head->etag, sizeof answer->etag);
    memcpy(answer->changed, head->changed, sizeof answer->changed);
    answer->expected = expected;
    answer->has_ranges =
        head_is_strong(head->etag) && (head->coding == CODING_NONE || request->as_is);
}

static bool begin(struct request *request, long long have)
{
    const struct web_sink *sink = request->sink;
    request->body.taken = have;
    request->has_begun = sink->begin(sink->owner, request->answer, have, request->err);
    return request->has_begun || stop(request, STOP_SINK);
}

/* Lengths and packings that hold for all answers with contents. */
static bool is_consistent(struct request *request)
{
    const struct head *head = &request->head;
    if (head->is_contradiction || (head->is_chunked && head->length >= 0)) {
        return stop(request, STOP_LENGTH);
    }
    bool may_be_labelled = request->as_is && head->coding != CODING_OTHER;
    bool may_be_packed = head->coding == CODING_GZIP || head->coding == CODING_NONE;
    return (!head->is_coded_transfer && (may_be_labelled || may_be_packed)) ||
           stop(request, STOP_CODING);
}

/* All comes again. May it be compared with what the sink has? Bytes of a known state may
 * not be followed by those of another: they could be gone on with under its name. */
static bool is_same_state(const struct request *request)
{
    const char *held = request->held, *now = request->head.etag;
    now += string_starts(now, "W/") ? 2 : 0;
    return !head_is_strong(held) || string_equal(held, now);
}

static bool judge_whole(struct request *request)
{
    const struct head *head = &request->head;
    bool is_packed = head->coding == CODING_GZIP && !request->as_is;
    long long expected = is_packed ? -1 : head->length;
    if (head->has_range) {
        return stop(request, STOP_RANGE);
    }
    if (request->sink == NULL) {
        tell(request, expected);
        return true;
    }
    request->has_contents = true;
    body_begin(&request->body, 0, is_packed);
    tell(request, expected);
    if (expected > request->body.most) {
        request->body.state = BODY_TOO_LARGE;
        return stop(request, STOP_BODY);
    }
    if (request->has_begun && !is_same_state(request)) {
        request->body.state = BODY_DIFFERS;
        return stop(request, STOP_BODY);
    }
    return request->has_begun || begin(request, 0);
}

/* RFC 9110, section 15.3.7: the part that was asked for, of the file whose first bytes
 * are here; anything else could be glued to them. */
static bool judge_part(struct request *request)
{
    const struct head *head = &request->head;
    bool fits = head->has_range && !head->is_multipart && head->first == request->from &&
                head->last >= head->first && head->last == head->total - 1 &&
                (head->length < 0 || head->length == head->total - head->first) &&
                string_equal(head->etag, request->from_tag) &&
                (head->coding == CODING_NONE || request->as_is);
    if (!fits || (request->has_begun && request->answer->expected >= 0 &&
                  request->answer->expected != head->total)) {
        return stop(request, STOP_RANGE);
    }
    request->has_contents = true;
    body_begin(&request->body, request->from, false);
    tell(request, head->total);
    if (head->total > request->body.most) {
        request->body.state = BODY_TOO_LARGE;
        return stop(request, STOP_BODY);
    }
    return request->has_begun || begin(request, request->from);
}

/* Asked for what is behind the last byte: all of it is here already. */
static bool judge_nothing_more(struct request *request)
{
    const struct head *head = &request->head;
    if (head->total != request->from || !string_equal(head->etag, request->from_tag)) {
        return stop(request, STOP_RANGE);
    }
    body_begin(&request->body, request->from, false);
    tell(request, head->total);
    return request->has_begun || begin(request, request->from);
}

bool request_judge(struct request *request)
{
    curl_easy_getinfo(request->channel->easy, CURLINFO_RESPONSE_CODE, &request->status);
    request->is_judged = true;
    bool is_part = request->from > 0;
    switch (request->status) {
    case STATUS_OK:
        return is_consistent(request) && judge_whole(request);
    case STATUS_PART:
        return !is_part ? stop(request, STOP_RANGE)
                        : is_consistent(request) && judge_part(request);
    case STATUS_NO_SUCH_PART:
        return !is_part || judge_nothing_more(request);
    default:
        return true; /* a page about an error, or one on the way */
    }
}

bool request_is_whole(struct request *request)
{
    if (!request->has_contents) {
        return true;
    }
    if (request->has_excess) {
        return stop(request, STOP_LONGER);
    }
    if (!body_end(&request->body)) {
        return stop(request, STOP_BODY);
    }
    long long expected = request->answer->expected;
    return expected < 0 || request->body.offset == expected || stop(request, STOP_LENGTH);
}
