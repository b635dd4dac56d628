/* What a fetch makes of each lie of tests/servers/liar.py.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_LIAR_CASES_H
#define MWB_TESTS_LIAR_CASES_H

enum liar_want {
    REFUSED,
    RIGHT,  /* every byte of the file */
    OTHER,  /* of the one that took its place */
    LONGER, /* it, and a row more */
    PACKED, /* it, packed as it lies there */
    EMPTY,
    CUT,   /* the file became shorter */
    START, /* only what was here */
};

enum liar_how {
    HERE = 1,       /* the first thousand bytes are here already */
    ONCE = 2,       /* no other attempt */
    SHORT = 4,      /* a third of a second for all of it */
    OR_REFUSED = 8, /* as the version of libcurl sees it */
};

struct liar_case {
    const char *path;
    enum liar_want want;
    int how;
    const char *says; /* a part of the sentence */
};

/* clang-format off */
static const struct liar_case liar_cases[] = {
    /* right, in unusual clothes */
    {"right", RIGHT, 0, 0}, {"no-tag", RIGHT, 0, 0}, {"lines-with-lf", RIGHT, 0, 0},
    {"until-close", RIGHT, 0, 0}, {"http-1-0", RIGHT, 0, 0}, {"no-reason", RIGHT, 0, 0},
    {"many-headers", RIGHT, 0, 0}, {"folded-header", RIGHT, 0, 0},
    {"header-without-colon", REFUSED, 0, 0}, {"cookies", RIGHT, 0, 0},
    {"other-ways", RIGHT, 0, 0}, {"control-in-tag", RIGHT, 0, 0}, {"long-tag", RIGHT, 0, 0},
    {"identity", RIGHT, 0, 0}, {"early-hints", RIGHT, 0, 0}, {"slow-tail", RIGHT, 0, 0},
    {"empty", EMPTY, 0, 0},
    /* lengths */
    {"short", REFUSED, 0, "less came"}, {"much-too-short", REFUSED, 0, "less came"},
    {"nothing-of-it", REFUSED, 0, "less came"}, {"long", REFUSED, 0, "more came"},
    {"length-none-with-body", EMPTY, OR_REFUSED, 0}, {"length-negative", REFUSED, 0, 0},
    {"length-overflow", REFUSED, 0, 0}, {"length-no-number", REFUSED, 0, 0},
    {"length-hex", REFUSED, 0, 0}, {"length-plus", REFUSED, 0, 0},
    {"length-fraction", REFUSED, 0, 0}, {"length-list", REFUSED, 0, 0},
    {"length-twice-other", REFUSED, 0, 0}, {"length-twice", RIGHT, 0, 0},
    {"length-too-much", REFUSED, 0, "more than"}, {"length-and-chunked", REFUSED, 0, 0},
    {"endless", REFUSED, 0, "more than"}, {"endless-chunked", REFUSED, 0, "more than"},
    /* broken connections */
    {"hang-up", REFUSED, 0, "hung up"}, {"hang-up-once", RIGHT, 0, 0},
    {"hang-up-in-head", REFUSED, 0, 0}, {"reset", REFUSED, 0, 0},
    {"reset-at-once", REFUSED, 0, 0}, {"break-once", RIGHT, 0, 0},
    {"break-once", REFUSED, ONCE, "less came"}, {"break-once-ranges", RIGHT, 0, 0},
    {"break-thrice", RIGHT, 0, 0}, {"break-for-ever", REFUSED, 0, "less came"},
    {"break-weak-tag", RIGHT, 0, 0}, {"break-then-other", OTHER, 0, 0},
    {"break-then-other-untagged", OTHER, 0, 0}, {"break-then-shorter", CUT, 0, 0},
    {"break-then-longer", LONGER, 0, 0}, {"break-then-grown", RIGHT, 0, 0},
    {"break-then-unchanged", REFUSED, 0, "304"}, {"break-then-404", REFUSED, 0, "404"},
    {"break-each-part", RIGHT, 0, 0},
    /* chunks */
    {"chunked", RIGHT, 0, 0}, {"chunked-small", RIGHT, 0, 0},
    {"chunk-extension", RIGHT, 0, 0}, {"chunk-trailer", RIGHT, 0, 0},
    {"chunk-no-end", REFUSED, 0, 0}, {"chunk-cut", REFUSED, 0, 0},
    {"chunk-no-hex", REFUSED, 0, 0}, {"chunk-huge", REFUSED, 0, 0},
    {"chunk-overflow", REFUSED, 0, 0}, {"chunk-negative", REFUSED, 0, 0},
    {"chunk-longer", REFUSED, 0, 0}, {"chunk-empty-size", REFUSED, 0, 0},
    {"chunk-not-at-all", REFUSED, 0, 0}, {"transfer-gzip", REFUSED, 0, 0},
    {"transfer-gzip-alone", REFUSED, 0, 0}, {"transfer-unknown", REFUSED, 0, 0},
    {"transfer-twice", REFUSED, 0, 0}, {"chunk-trailers-endless", REFUSED, 0, 0},
    /* packed */
    {"gzip", RIGHT, 0, 0}, {"gzip-x", RIGHT, 0, 0}, {"gzip-upper", RIGHT, 0, 0},
    {"gzip-members", RIGHT, 0, 0}, {"gzip-empty-members", RIGHT, 0, 0},
    {"gzip-name", RIGHT, 0, 0}, {"gzip-cut", REFUSED, 0, "damaged"},
    {"gzip-cut-tail", REFUSED, 0, "damaged"}, {"gzip-cut-head", REFUSED, 0, "damaged"},
    {"gzip-nothing", REFUSED, 0, "damaged"}, {"gzip-sum", REFUSED, 0, "damaged"},
    {"gzip-size", REFUSED, 0, "damaged"}, {"gzip-garbage", REFUSED, 0, "damaged"},
    {"gzip-second-cut", REFUSED, 0, "damaged"}, {"gzip-bits", REFUSED, 0, "damaged"},
    {"gzip-not", REFUSED, 0, "damaged"}, {"gzip-zlib", REFUSED, 0, "damaged"},
    {"gzip-twice", REFUSED, 0, "packed"}, {"gzip-two-headers", REFUSED, 0, "packed"},
    {"deflate", REFUSED, 0, "packed"}, {"brotli", REFUSED, 0, "packed"},
    {"rot13", REFUSED, 0, "packed"}, {"packed.csv.gz", PACKED, 0, 0},
    {"plain.csv.gz", PACKED, 0, 0}, {"packed-br.csv.gz", REFUSED, 0, "packed"},
    {"gzip-members-endless", REFUSED, 0, "more than"}, {"gzip-break-once", RIGHT, 0, 0},
    {"bomb", REFUSED, 0, "more than"},
    /* redirects */
    {"to-file", REFUSED, 0, "redirected"}, {"to-ftp", REFUSED, 0, "redirected"},
    {"to-gopher", REFUSED, 0, "redirected"}, {"to-dict", REFUSED, 0, "redirected"},
    {"to-ldap", REFUSED, 0, "redirected"}, {"to-smb", REFUSED, 0, "redirected"},
    {"to-scp", REFUSED, 0, "redirected"}, {"to-telnet", REFUSED, 0, "redirected"},
    {"to-imap", REFUSED, 0, "redirected"}, {"to-tftp", REFUSED, 0, "redirected"},
    {"to-rtsp", REFUSED, 0, "redirected"}, {"to-mqtt", REFUSED, 0, "redirected"},
    {"to-ws", REFUSED, 0, "redirected"}, {"to-data", REFUSED, 0, 0},
    {"to-javascript", REFUSED, 0, 0}, {"to-no-host", REFUSED, 0, 0},
    {"to-nothing", REFUSED, 0, 0}, {"to-control", REFUSED, 0, 0},
    {"to-bad-port", REFUSED, 0, 0}, {"to-bad-number", REFUSED, 0, 0},
    {"to-zone", REFUSED, ONCE, 0}, {"to-nul-host", REFUSED, 0, 0},
    {"to-right-301", RIGHT, 0, 0}, {"to-right-302", RIGHT, 0, 0},
    {"to-right-303", RIGHT, 0, 0}, {"to-right-307", RIGHT, 0, 0},
    {"to-right-308", RIGHT, 0, 0}, {"no-redirect-300", REFUSED, 0, "300"},
    {"no-redirect-304", REFUSED, 0, "304"}, {"no-redirect-305", REFUSED, 0, "305"},
    {"no-redirect-306", REFUSED, 0, "306"}, {"no-redirect-399", REFUSED, 0, "399"},
    {"to-itself", REFUSED, 0, "more than 5"}, {"to-and-fro", REFUSED, 0, "more than 5"},
    {"hop-5", RIGHT, 0, 0}, {"hop-6", REFUSED, 0, "more than 5"},
    {"to-nowhere", REFUSED, 0, "302"}, {"to-relative", RIGHT, 0, 0},
    {"to-same-scheme", RIGHT, 0, 0}, {"to-loud", RIGHT, 0, 0},
    {"to-fragment", RIGHT, 0, 0}, {"to-blank", RIGHT, 0, 0},
    {"to-long", REFUSED, 0, 0}, {"to-user", REFUSED, 0, "redirected"},
    {"to-injected", REFUSED, 0, "404"}, {"to-endless-page", REFUSED, 0, "page"},
    {"cookie-and-back", RIGHT, 0, 0},
    /* statuses */
    {"status-204", REFUSED, 0, "204"}, {"status-205", REFUSED, 0, "205"},
    {"status-207", REFUSED, 0, "207"}, {"status-400", REFUSED, 0, "400"},
    {"status-401", REFUSED, 0, "name and password"}, {"status-403", REFUSED, 0, "403"},
    {"status-404", REFUSED, 0, "not there"}, {"status-410", REFUSED, 0, "410"},
    {"status-418", REFUSED, 0, "418"}, {"status-429", REFUSED, 0, "too often"},
    {"status-500", REFUSED, 0, "500"}, {"status-500-once", RIGHT, 0, 0},
    {"status-500-once", REFUSED, ONCE, "500"}, {"status-501-once", REFUSED, 0, "501"},
    {"status-502-once", RIGHT, 0, 0}, {"status-503-once", RIGHT, 0, 0},
    {"status-504-once", RIGHT, 0, 0}, {"status-505-once", REFUSED, 0, 0},
    {"status-404-once", REFUSED, 0, "404"}, {"status-999", REFUSED, 0, 0},
    {"status-000", REFUSED, 0, 0}, {"status-2000", REFUSED, 0, 0},
    {"status-negative", REFUSED, 0, 0}, {"status-letters", REFUSED, 0, 0},
    {"status-101", REFUSED, ONCE, 0}, {"status-endless", REFUSED, 0, 0},
    {"status-404-endless", REFUSED, 0, "page"}, {"status-100-endless", REFUSED, 0, "head"},
    {"status-103-endless", REFUSED, 0, "head"}, {"http-0-9", REFUSED, 0, 0},
    {"http-9-9", REFUSED, 0, 0}, {"http-2", REFUSED, 0, 0}, {"not-http", REFUSED, 0, 0},
    {"noise", REFUSED, 0, 0}, {"line-ends-only", REFUSED, 0, 0},
    {"retry-later", REFUSED, 0, "again in"}, {"retry-much-later", RIGHT, 0, 0},
    {"retry-next-century", REFUSED, 0, "again in"}, {"retry-now", RIGHT, 0, 0},
    {"retry-negative", RIGHT, 0, 0}, {"retry-words", RIGHT, 0, 0},
    {"retry-past", RIGHT, 0, 0}, {"retry-nothing", RIGHT, 0, 0},
    /* heads */
    {"head-endless", REFUSED, 0, 0}, {"header-endless", REFUSED, 0, 0},
    {"header-large", REFUSED, 0, 0}, {"header-nul", REFUSED, 0, 0},
    /* slow */
    {"says-nothing", REFUSED, ONCE, "hardly anything"},
    {"says-nothing", REFUSED, SHORT, "too long"}, {"slow-head", REFUSED, ONCE, "hardly"},
    {"slow-body", REFUSED, ONCE, "hardly"}, {"hangs-within", REFUSED, 0, "hardly"},
    {"hangs-once", RIGHT, 0, 0}, {"slow-for-ever", REFUSED, SHORT, "too long"},
    /* ranges */
    {"range", RIGHT, HERE, 0}, {"range-ignored", RIGHT, HERE, 0},
    {"range-other-tag", OTHER, HERE, 0}, {"range-changed", OTHER, HERE, 0},
    {"range-one-off", RIGHT, HERE, 0}, {"range-one-off", REFUSED, HERE | ONCE, "part"},
    {"range-one-early", RIGHT, HERE, 0}, {"range-from-start", RIGHT, HERE, 0},
    {"range-cut", RIGHT, HERE, 0}, {"range-total-less", RIGHT, HERE, 0},
    {"range-total-more", RIGHT, HERE, 0}, {"range-total-unknown", RIGHT, HERE, 0},
    {"range-backwards", RIGHT, HERE, 0}, {"range-no-place", RIGHT, HERE, 0},
    {"range-odd-place", RIGHT, HERE, 0}, {"range-lines", RIGHT, HERE, 0},
    {"range-overflow", RIGHT, HERE, 0}, {"range-no-tag", RIGHT, HERE, 0},
    {"range-weak-tag", RIGHT, HERE, 0}, {"range-shorter", RIGHT, HERE, 0},
    {"range-longer", RIGHT, HERE, 0}, {"range-packed", RIGHT, HERE, 0},
    {"range-multipart", RIGHT, HERE, 0}, {"range-in-200", RIGHT, HERE, 0},
    {"range-416", RIGHT, HERE, 0}, {"range-416-alone", RIGHT, HERE, 0},
    {"range-416-other", RIGHT, HERE, 0},
    {"range-416-complete", START, HERE, 0}, {"range-304", REFUSED, HERE, "304"},
    {"range-503-once", RIGHT, HERE, 0}, {"part-unasked", REFUSED, 0, "part"},
};

/* An address of a catalog: nothing that leads to this host is asked, however it is
 * written, behind a redirect or not. */
static const char *const liar_inside[] = {
    "http://127.0.0.1:%d/right", "http://127.1:%d/right", "http://2130706433:%d/right",
    "http://0x7f000001:%d/right", "http://0177.0.0.1:%d/right", "http://0:%d/right",
    "http://localhost:%d/right", "http://LOCALHOST:%d/right", "http://127.9.9.9:%d/right",
    "http://[::1]:%d/right", "http://[::ffff:127.0.0.1]:%d/right", "http://0.0.0.0:%d/right",
    "http://[::]:%d/right", "http://[0:0:0:0:0:ffff:7f00:1]:%d/right",
    "http://127.0.0.1.:%d/right", "https://127.0.0.1:%d/right",
};
/* clang-format on */

#endif
