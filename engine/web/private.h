/* web: what the room's files share: a connection, the head and the body of an answer, and
 * one request.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_WEB_PRIVATE_H
#define MWB_WEB_PRIVATE_H

#include <curl/curl.h>
#include <zlib.h>

#include "engine/web.h"

/* ---- pool.c: connections that stay open ---- */

/* Handles of libcurl with the connections they opened. Used by one thread at a time. */
struct channel {
    CURL *easy;
    CURLM *multi;
    char *origin;      /* the last it spoke to: a connection there may be open */
    int plain;         /* its socket, when it is one without TLS; -1 */
    bool is_untrusted; /* something came that nobody asked for */
    /* Of the origin, once it was looked for: a command that tells it may take a second.
     */
    struct secret secret;
    bool has_secret;
    struct channel *next;
};

struct channel *channel_take(const char *origin); /* NULL: libcurl does not start */
void channel_give(struct channel *channel);       /* for others to use again */

/* ---- head.c: the lines before a body ---- */

enum coding { CODING_NONE, CODING_GZIP, CODING_ZSTD, CODING_OTHER };

struct head {
    char etag[WEB_TAG_SIZE], changed[WEB_TAG_SIZE];
    long long length;                   /* Content-Length; -1: none */
    long long first, last, total;       /* Content-Range; -1: not told */
    bool has_range, is_multipart;       /* there was a Content-Range at all */
    bool is_contradiction;              /* two lengths, or one that is no number */
    enum coding coding;                 /* Content-Encoding */
    bool is_coded_transfer, is_chunked; /* Transfer-Encoding */
    bool is_last;                       /* Connection: close */
    bool is_whole;                      /* the empty line at its end came */
    size_t bytes;                       /* of all lines since head_init() */
};

void head_init(struct head *head);
/* The next line, with or without its end; a status line begins anew. */
void head_line(struct head *head, const char *line, size_t length);
/* Is the tag one that holds for every byte? */
bool head_is_strong(const char *etag);

/* ---- body.c: what is unpacked, counted and compared before the sink sees it ---- */

enum body_state {
    BODY_GOOD,
    BODY_TOO_LARGE,
    BODY_DAMAGED,   /* what is no gzip, or ends within */
    BODY_DIFFERS,   /* from what was taken before */
    BODY_NOT_TAKEN, /* the sink said why */
};

struct body {
    const struct web_sink *sink;
    struct error *err; /* of the sink */
    long long most;    /* bytes in all */
    long long offset;  /* of the next byte in the file */
    long long taken;   /* bytes that the sink has, over all attempts */
    long long packed;  /* bytes that came of a packed answer */
    enum body_state state;
    bool is_packed, is_within; /* gzip; within a member */
    z_stream stream;
    /* Pieces are small: the sink gets many at once. */
    char *held;
    size_t held_length;
};

/* The answer's bytes begin at `offset` of the file; those below `taken` are compared. */
void body_begin(struct body *body, long long offset, bool is_packed);
bool body_take(struct body *body, const void *bytes, size_t length);
bool body_give(struct body *body); /* what is held back to the sink */
bool body_end(struct body *body);  /* is it whole? */
void body_release(struct body *body);

/* ---- request.c: one request, one answer ---- */

/* Why a request was stopped, or its answer refused, by us. */
enum stop {
    NOT_STOPPED,
    STOP_PRIVATE,
    STOP_CANCELLED,
    STOP_STALLED,
    STOP_TIME,
    STOP_HEAD,   /* endless */
    STOP_PAGE,   /* of an error or a redirect: endless */
    STOP_BODY,   /* see body.state */
    STOP_LENGTH, /* lengths that contradict one another */
    STOP_LONGER, /* more came than was announced */
    STOP_CODING, /* packed in a way that was not asked for */
    STOP_RANGE,  /* another part than was asked for */
    STOP_SINK,   /* it does not want the answer; it said why */
    STOP_ENOUGH, /* it was only a look */
};

enum status {
    STATUS_OK = 200,
    STATUS_PART = 206,
    STATUS_UNCHANGED = 304,
    STATUS_UNAUTHORIZED = 401,
    STATUS_NO_SUCH_PART = 416,
};

/* Lives as long as a fetch: what holds for one request is set anew by request_run(). */
struct request {
    const struct web_spec *spec;
    const struct web_sink *sink; /* NULL: only a look */
    struct web_answer *answer;
    struct error *err;
    double until;     /* path_monotonic(); 0: no limit */
    bool as_is;       /* the file is packed by itself */
    bool has_begun;   /* the sink knows of an answer */
    const char *held; /* the ETag of the bytes that it has */
    struct body body;
    /* Where it may lead; since the first hop. */
    bool may_be_private, is_first;
    /* One request. */
    struct channel *channel;
    const char *url;
    const struct secret *secret; /* NULL: none goes along */
    long long from;              /* bytes that are here; 0: everything is asked for */
    const char *from_tag;        /* of what they are of */
    /* How it went. */
    struct head head;
    bool is_judged, has_contents;
    long status;
    curl_off_t retry_after;      /* seconds; 0: it did not say */
    char *next;                  /* where it redirects to; NULL: nowhere. Yours */
    long long page;              /* bytes of an answer without contents */
    bool has_excess;             /* more came behind the end that was announced */
    long long came, came_before; /* all bytes; those at `watched` */
    double watched;
    double given; /* when the sink got the last bytes */
    enum stop stop;
    CURLcode code;
};

/* Ask one address; no redirect is followed. False: libcurl does not work. */
bool request_run(struct request *request);
bool request_is_cancelled(const struct request *request);

/* judge.c: the head is whole: what is its body? False: none that we want. */
bool request_judge(struct request *request);
/* All of it came: is it what was announced? */
bool request_is_whole(struct request *request);

/* ---- reason.c ---- */
/* Could it be better next time? */
bool reason_is_passing(const struct request *request);
/* Why a request failed, as a sentence; false. */
bool reason_set(const struct request *request, struct error *err);

#endif
