# liar: a server for tests that answers as no server should. What it does is chosen by the
# path: /NAME, or /NAME?ANYTHING to be remembered apart, as are the attempts at each.
#
# Usage: liar.py [FOLDER]: with a folder of certificates (good, self-signed, expired,
# other-name; .crt and .key) also by TLS. Prints a line with its ports: plain, another
# plain one, then those of TLS in this order. Ends when its standard input is closed.
# /log tells the requests so far, one a line: the server's letter, the path, and the
# headers that tests ask about; /names the behaviours. LIAR_HOST is where it listens.
# SPDX-License-Identifier: GPL-3.0-or-later
import gzip
import os
import socket
import ssl
import struct
import sys
import threading
import zlib

HOST = os.environ.get("LIAR_HOST", "127.0.0.1")
COLUMNS = b"id,name,amount\n"
gone = threading.Event()
lock = threading.Lock()
log = []
tries = {}


def rows(word, count=3000):
    return COLUMNS + b"".join(b"%d,%s %d,%d.50\n" % (i, word, i, i * 3) for i in range(count))


BODY = rows(b"row")
OTHER = rows(b"new")
TAG = b'"one"'
HALF = len(BODY) // 2
behaviours = {}


class Request:
    """One request: what was asked, how often before, and ways to answer."""

    def __init__(self, server, peer, path, headers):
        self.server, self.peer, self.path, self.headers = server, peer, path, headers
        with lock:
            self.attempt = tries[path] = tries.get(path, -1) + 1

    def raw(self, *parts):
        for part in parts:
            self.peer.sendall(part)

    def head(self, status, *headers):
        lines = [b"HTTP/1.1 %s" % (status if isinstance(status, bytes) else b"%d x" % status)]
        self.raw(b"\r\n".join(lines + list(headers) + [b"", b""]))

    def right(self, *headers, body=BODY, status=200):
        self.head(status, b"Content-Length: %d" % len(body), *headers)
        self.raw(body)
        return True  # the connection stays open

    def page(self, status, *headers, body=b"a page"):
        return self.right(*headers, body=body, status=status)

    def redirect(self, to, *headers, status=302):
        return self.page(status, b"Location: " + to, *headers)

    def start(self):
        """Where the range that was asked for begins; None: there is none that counts."""
        asked = self.headers.get("range", "")
        if not asked.startswith("bytes=") or self.headers.get("if-range") != TAG.decode():
            return None
        return int(asked[6:].split("-")[0])

    def ranged(self, *headers, body=BODY, tag=TAG):
        start = self.start()
        if start is None:
            return self.right(b"ETag: " + tag, *headers, body=body)
        return self.part(start, len(body) - 1, len(body), body[start:], tag, *headers)

    def part(self, first, last, total, body, tag=TAG, *headers):
        place = b"Content-Range: bytes %d-%d/%s" % (
            first, last, total if isinstance(total, bytes) else b"%d" % total)
        tags = [b"ETag: " + tag] if tag else []
        return self.page(206, place, *tags, *headers, body=body)

    def address(self, path, port=None, host=HOST):
        return b"http://%s:%d/%s?%s" % (
            host.encode(), port or self.server.port, path.encode(),
            self.path.partition("?")[2].encode())

    def reset(self):
        self.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def hang(self):
        gone.wait(20)

    def for_ever(self, *parts):
        while not gone.is_set():
            self.raw(*parts)

    def drip(self, data, seconds):
        for byte in data:
            self.raw(bytes([byte]))
            if gone.wait(seconds):
                return


def behaviour(function):
    behaviours[function.__name__.replace("_", "-")] = function
    return function


def simple(name, function):
    behaviours[name] = function


# ---- Right answers, in unusual clothes ----

simple("right", lambda r: r.right(b"ETag: " + TAG))
simple("no-tag", lambda r: r.right())
simple("lines-with-lf", lambda r: r.raw(b"HTTP/1.1 200 ok\nContent-Length: %d\n\n" % len(BODY), BODY))
simple("until-close", lambda r: r.raw(b"HTTP/1.1 200 ok\r\nConnection: close\r\n\r\n", BODY))
simple("http-1-0", lambda r: r.raw(b"HTTP/1.0 200 ok\r\n\r\n", BODY))
simple("no-reason", lambda r: r.raw(b"HTTP/1.1 200\r\nContent-Length: %d\r\n\r\n" % len(BODY), BODY))
simple("many-headers", lambda r: r.right(*[b"X-%d: y" % i for i in range(2000)]))
simple("folded-header", lambda r: r.right(b"X-A: b\r\n c: d"))
simple("header-without-colon", lambda r: r.right(b"nothing"))
simple("cookies", lambda r: r.right(b"Set-Cookie: canary-cookie=1; Path=/"))
simple("other-ways", lambda r: r.right(
    b'Alt-Svc: h2="127.0.0.1:1"', b"Strict-Transport-Security: max-age=9", b"Refresh: 0; url=/x",
    b"Upgrade: h2c", b"Link: </x>; rel=preload"))
simple("control-in-tag", lambda r: r.right(b'ETag: "a\x07b"'))
simple("long-tag", lambda r: r.right(b'ETag: "%s"' % (b"t" * 9000)))
simple("identity", lambda r: r.right(b"Content-Encoding: identity"))
simple("early-hints", lambda r: (r.head(103, b"Link: </x>"), r.head(100), r.right())[-1])
simple("empty", lambda r: r.right(body=b""))
simple("unchanged", lambda r: r.head(304, b"ETag: " + TAG) or True
       if r.headers.get("if-none-match") else r.right(b"ETag: " + TAG))
simple("slow-tail", lambda r: (r.head(200, b"Content-Length: %d" % len(BODY)), r.raw(BODY[:HALF]),
                               gone.wait(0.05), r.raw(BODY[HALF:])))

# ---- Lengths ----


def with_length(text, body=BODY):
    return lambda r: r.raw(b"HTTP/1.1 200 ok\r\nContent-Length: " + text + b"\r\n\r\n" + body)


NUMBER = b"%d" % len(BODY)
simple("short", lambda r: with_length(NUMBER, BODY[:-1])(r))
simple("much-too-short", lambda r: with_length(NUMBER, BODY[:10])(r))
simple("nothing-of-it", lambda r: with_length(NUMBER, b"")(r))
simple("long", with_length(b"%d" % (len(BODY) - 10)))
simple("length-none-with-body", with_length(b"0", b"a few bytes"))
simple("length-negative", with_length(b"-5"))
simple("length-overflow", with_length(b"99999999999999999999999999"))
simple("length-no-number", with_length(b"many"))
simple("length-hex", with_length(b"0x10"))
simple("length-plus", with_length(b"+" + NUMBER))
simple("length-fraction", with_length(NUMBER + b".0"))
simple("length-list", with_length(NUMBER + b", 5"))
simple("length-twice-other", with_length(NUMBER + b"\r\nContent-Length: 5"))
simple("length-twice", with_length(NUMBER + b"\r\nContent-Length: " + NUMBER))
simple("length-too-much", with_length(b"999999999999999", BODY))
simple("length-and-chunked", lambda r: (
    r.head(200, b"Content-Length: 5", b"Transfer-Encoding: chunked"), r.raw(chunks(BODY))))
simple("endless", lambda r: (r.head(200), r.for_ever(BODY)))
simple("endless-chunked", lambda r: (
    r.head(200, b"Transfer-Encoding: chunked"), r.for_ever(b"4\r\nabcd\r\n" * 1000)))

# ---- Broken connections ----


@behaviour
def hang_up(r):
    pass


@behaviour
def hang_up_once(r):
    return r.right() if r.attempt else None


@behaviour
def hang_up_in_head(r):
    r.raw(b"HTTP/1.1 200 ok\r\nContent-Le")


@behaviour
def reset(r):
    r.head(200, b"Content-Length: %d" % len(BODY), b"ETag: " + TAG)
    r.raw(BODY[:HALF])
    r.reset()


@behaviour
def reset_at_once(r):
    r.reset()


def broken(r, *headers, body=BODY, at=HALF):
    r.head(200, b"Content-Length: %d" % len(body), *headers)
    r.raw(body[:at])


simple("break-once", lambda r: r.right() if r.attempt else broken(r))
simple("break-once-ranges", lambda r: r.ranged() if r.attempt else broken(r, b"ETag: " + TAG))
simple("break-thrice", lambda r: r.right() if r.attempt > 2 else broken(r, at=HALF + r.attempt))
simple("break-for-ever", lambda r: broken(r, at=HALF))
simple("break-weak-tag", lambda r: r.right(b'ETag: W/"w"') if r.attempt else broken(r, b'ETag: W/"w"'))
simple("break-then-other", lambda r: r.right(b'ETag: "two"', body=OTHER) if r.attempt
       else broken(r, b"ETag: " + TAG))
simple("break-then-other-untagged", lambda r: r.right(body=OTHER) if r.attempt else broken(r))
simple("break-then-shorter", lambda r: r.right(body=BODY[:HALF - 500]) if r.attempt else broken(r))
simple("break-then-longer", lambda r: r.right(body=BODY + b"0,more,0.50\n") if r.attempt else broken(r))
simple("break-then-grown", lambda r: r.part(r.start() or 0, len(BODY) + 4, len(BODY) + 5,
                                            BODY[r.start() or 0:] + b"12345")
       if r.attempt == 1 else r.right(b"ETag: " + TAG) if r.attempt else broken(r, b"ETag: " + TAG))
simple("break-then-unchanged", lambda r: r.head(304, b"ETag: " + TAG) if r.attempt
       else broken(r, b"ETag: " + TAG))
simple("break-then-404", lambda r: r.page(404) if r.attempt else broken(r, b"ETag: " + TAG))
simple("break-each-part", lambda r: (
    r.head(206 if r.start() else 200, b"ETag: " + TAG,
           b"Content-Length: %d" % (len(BODY) - (r.start() or 0)),
           b"Content-Range: bytes %d-%d/%d" % (r.start() or 0, len(BODY) - 1, len(BODY))
           if r.start() else b"X: y"),
    r.raw(BODY[r.start() or 0:][:len(BODY) if r.attempt > 2 else 9000])))

# ---- Chunks ----


def chunks(body, size=5000):
    parts = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def chunked(name, data, *headers, transfer=b"chunked"):
    simple(name, lambda r: (r.head(200, b"Transfer-Encoding: " + transfer, *headers), r.raw(data)))


chunked("chunked", chunks(BODY))
chunked("chunked-small", chunks(BODY, 7))
chunked("chunk-extension", chunks(BODY).replace(b"1388\r\n", b"1388;name=\"value\"\r\n", 1))
chunked("chunk-trailer", chunks(BODY)[:-2] + b'ETag: "no"\r\nContent-Length: 3\r\n\r\n')
chunked("chunk-no-end", chunks(BODY)[:-5])
chunked("chunk-cut", chunks(BODY)[:-700])
chunked("chunk-no-hex", b"zz\r\n" + BODY)
chunked("chunk-huge", b"ffffffffffffffff\r\n" + BODY)
chunked("chunk-overflow", b"1000000000000000000000005\r\nabcde\r\n0\r\n\r\n")
chunked("chunk-negative", b"-5\r\nabcde\r\n0\r\n\r\n")
chunked("chunk-longer", b"5\r\nabcdefgh\r\n0\r\n\r\n")
chunked("chunk-empty-size", b"\r\nabcde\r\n0\r\n\r\n")
chunked("chunk-not-at-all", BODY)
chunked("transfer-gzip", chunks(gzip.compress(BODY)), transfer=b"gzip, chunked")
chunked("transfer-gzip-alone", gzip.compress(BODY), transfer=b"gzip")
chunked("transfer-unknown", BODY, transfer=b"xchunked")
chunked("transfer-twice", chunks(chunks(BODY)), b"Transfer-Encoding: chunked")
simple("chunk-trailers-endless", lambda r: (
    r.head(200, b"Transfer-Encoding: chunked"), r.raw(chunks(BODY)[:-2]),
    r.for_ever(b"X-More: %s\r\n" % (b"y" * 900))))

# ---- Packed ----


def packed(name, data, coding=b"gzip", *headers):
    simple(name, lambda r: r.right(b"Content-Encoding: " + coding, *headers, body=data))


GZIP = gzip.compress(BODY, mtime=0)
EMPTY_MEMBER = gzip.compress(b"", mtime=0)
packed("gzip", GZIP)
packed("gzip-x", GZIP, b"x-gzip")
packed("gzip-upper", GZIP, b"GZIP")
packed("gzip-members", gzip.compress(BODY[:HALF]) + gzip.compress(BODY[HALF:]))
packed("gzip-empty-members", EMPTY_MEMBER * 50 + GZIP + EMPTY_MEMBER * 50)
packed("gzip-name", GZIP[:3] + b"\x08" + GZIP[4:10] + b"n" * 100000 + b"\0" + GZIP[10:])
packed("gzip-cut", GZIP[:-20])
packed("gzip-cut-tail", GZIP[:-1])
packed("gzip-cut-head", GZIP[:5])
packed("gzip-nothing", b"")
packed("gzip-sum", GZIP[:-8] + b"\0\0\0\0" + GZIP[-4:])
packed("gzip-size", GZIP[:-4] + b"\1\0\0\0")
packed("gzip-garbage", GZIP + b"garbage behind it")
packed("gzip-second-cut", GZIP + GZIP[:100])
packed("gzip-bits", GZIP[:2000] + bytes(200) + GZIP[2200:])
packed("gzip-not", BODY)
packed("gzip-zlib", zlib.compress(BODY))
packed("gzip-twice", gzip.compress(GZIP), b"gzip, gzip")
packed("gzip-two-headers", gzip.compress(GZIP), b"gzip", b"Content-Encoding: gzip")
packed("deflate", zlib.compress(BODY), b"deflate")
packed("brotli", BODY, b"br")
packed("rot13", BODY, b"rot13")
packed("packed.csv.gz", GZIP)
simple("plain.csv.gz", lambda r: r.right(body=GZIP))
packed("packed-br.csv.gz", GZIP, b"br")
simple("gzip-members-endless", lambda r: (
    r.head(200, b"Content-Encoding: gzip"), r.for_ever(EMPTY_MEMBER * 3000)))
simple("gzip-break-once", lambda r: r.right(b"Content-Encoding: gzip", body=GZIP) if r.attempt
       else broken(r, b"Content-Encoding: gzip", body=GZIP, at=len(GZIP) // 2))


@behaviour
def bomb(r):
    pack = zlib.compressobj(9, wbits=31)
    block = bytes(1000000)
    r.head(200, b"Content-Encoding: gzip")
    while not gone.is_set():
        r.raw(pack.compress(block) + pack.flush(zlib.Z_SYNC_FLUSH))


# ---- Redirects ----

for name, target in {
    "file": b"file:///etc/passwd", "ftp": b"ftp://127.0.0.1/x", "gopher": b"gopher://127.0.0.1:1/x",
    "dict": b"dict://127.0.0.1:11211/stat", "ldap": b"ldap://127.0.0.1/", "smb": b"smb://127.0.0.1/x",
    "scp": b"scp://127.0.0.1/etc/passwd", "telnet": b"telnet://127.0.0.1/", "imap": b"imap://127.0.0.1/",
    "tftp": b"tftp://127.0.0.1/x", "rtsp": b"rtsp://127.0.0.1/", "mqtt": b"mqtt://127.0.0.1/",
    "ws": b"ws://127.0.0.1/", "data": b"data:text/csv,id%0A1", "javascript": b"javascript:alert(1)",
    "no-host": b"http:///x", "nothing": b"", "control": b"http://127.0.0.1/\x01\x02",
    "bad-port": b"http://127.0.0.1:99999/", "bad-number": b"http://[::1/",
    "zone": b"http://[fe80::1%25lo]:1/", "nul-host": b"http://127.0.0.1%00.example.org/",
}.items():
    simple("to-" + name, lambda r, target=target: r.redirect(target))
for status in (301, 302, 303, 307, 308):
    simple("to-right-%d" % status, lambda r, status=status: r.redirect(b"/right", status=status))
for status in (300, 304, 305, 306, 399):
    simple("no-redirect-%d" % status, lambda r, status=status: r.redirect(b"/right", status=status))
simple("to-itself", lambda r: r.redirect(r.path.encode()))
simple("to-and-fro", lambda r: r.redirect(b"/fro-and-to"))
simple("fro-and-to", lambda r: r.redirect(b"/to-and-fro"))
for hops in range(1, 7):
    simple("hop-%d" % hops, lambda r, hops=hops: r.redirect(b"/hop-%d" % (hops - 1)))
simple("hop-0", lambda r: r.right(b"ETag: " + TAG))
simple("to-nowhere", lambda r: r.page(302))
simple("to-relative", lambda r: r.redirect(b"x/../right"))
simple("to-same-scheme", lambda r: r.redirect(b"//%s:%d/right" % (HOST.encode(), r.server.port)))
simple("to-loud", lambda r: r.redirect(b"HTTP://%s:%d/right" % (HOST.encode(), r.server.port)))
simple("to-fragment", lambda r: r.redirect(b"/right#there"))
simple("to-blank", lambda r: r.redirect(b"/right?a b"))
simple("to-long", lambda r: r.redirect(b"/right?" + b"x" * 300000))
simple("to-user", lambda r: r.redirect(b"http://user:canary-url@%s:%d/right" % (HOST.encode(), r.server.port)))
simple("to-injected", lambda r: r.redirect(b"/right%0d%0aX-Canary:%20canary-header"))
simple("to-endless-page", lambda r: (r.head(302, b"Location: /right"), r.for_ever(BODY)))
simple("to-link-local", lambda r: r.redirect(b"http://169.254.169.254/latest/meta-data/"))
simple("to-loopback", lambda r: r.redirect(b"http://127.0.0.1:%d/right" % r.server.port))
simple("to-loopback-6", lambda r: r.redirect(b"http://[::1]:%d/right" % r.server.port))
simple("to-loopback-mapped", lambda r: r.redirect(b"http://[::ffff:127.0.0.1]:%d/right" % r.server.port))
simple("to-loopback-decimal", lambda r: r.redirect(b"http://2130706433:%d/right" % r.server.port))
simple("to-loopback-octal", lambda r: r.redirect(b"http://0177.0.0.1:%d/right" % r.server.port))
simple("to-loopback-hex", lambda r: r.redirect(b"http://0x7f000001:%d/right" % r.server.port))
simple("to-loopback-short", lambda r: r.redirect(b"http://127.1:%d/right" % r.server.port))
simple("to-loopback-name", lambda r: r.redirect(b"http://localhost:%d/right" % r.server.port))
simple("to-any", lambda r: r.redirect(b"http://0.0.0.0:%d/right" % r.server.port))
simple("to-private", lambda r: r.redirect(b"http://10.0.0.1/x"))
simple("cookie-and-back", lambda r: r.redirect(b"/right", b"Set-Cookie: canary-cookie=1; Path=/"))
simple("to-plain", lambda r: r.redirect(b"http://127.0.0.1:%d/right" % servers["A"].port))
simple("to-tls", lambda r: r.redirect(b"https://127.0.0.1:%d/right" % servers["T"].port))

# ---- Statuses ----

for status in (204, 205, 400, 401, 403, 404, 410, 418, 500, 501, 502, 503, 504, 505):
    simple("status-%d" % status, lambda r, status=status: r.page(status))
    simple("status-%d-once" % status,
           lambda r, status=status: r.right() if r.attempt else r.page(status))
simple("status-429", lambda r: r.page(429))
simple("status-207", lambda r: r.page(207, body=BODY))
simple("status-999", lambda r: r.page(999, body=BODY))
simple("status-000", lambda r: r.page(b"000 x", body=BODY))
simple("status-2000", lambda r: r.page(b"2000 x", body=BODY))
simple("status-negative", lambda r: r.page(b"-200 x", body=BODY))
simple("status-letters", lambda r: r.page(b"ok ok", body=BODY))
simple("status-101", lambda r: r.head(101, b"Upgrade: x", b"Connection: Upgrade"))
simple("status-endless", lambda r: (r.raw(b"HTTP/1.1 200 "), r.for_ever(b"x" * 5000)))
simple("status-404-endless", lambda r: (r.head(404), r.for_ever(BODY)))
simple("status-100-endless", lambda r: r.for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100))
simple("status-103-endless", lambda r: r.for_ever(b"HTTP/1.1 103 x\r\nLink: </%s>\r\n\r\n" % (b"x" * 999)))
simple("http-0-9", lambda r: r.raw(BODY))
simple("http-9-9", lambda r: r.raw(b"HTTP/9.9 200 x\r\nContent-Length: %d\r\n\r\n" % len(BODY), BODY))
simple("http-2", lambda r: r.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
simple("not-http", lambda r: r.raw(b"220 mail.example.org ESMTP\r\n"))
simple("noise", lambda r: r.raw(bytes(range(256)) * 40))
simple("line-ends-only", lambda r: r.for_ever(b"\r\n" * 1000))
for name, value in {"later": b"99999", "much-later": b"99999999999999999999",
                    "next-century": b"Fri, 01 Jan 2100 00:00:00 GMT"}.items():
    simple("retry-" + name, lambda r, value=value: r.right() if r.attempt
           else r.page(503, b"Retry-After: " + value))
for name, value in {"now": b"0", "negative": b"-5", "words": b"soon",
                    "past": b"Fri, 01 Jan 1999 00:00:00 GMT", "nothing": b""}.items():
    simple("retry-" + name, lambda r, value=value: r.right() if r.attempt
           else r.page(429, b"Retry-After: " + value))

# ---- Heads ----

simple("head-endless", lambda r: (r.raw(b"HTTP/1.1 200 x\r\n"), r.for_ever(b"X: y\r\n" * 100)))
simple("header-endless", lambda r: (r.raw(b"HTTP/1.1 200 x\r\nX: "), r.for_ever(b"y" * 5000)))
simple("header-large", lambda r: r.right(b"X: " + b"y" * 1000000))
simple("header-nul", lambda r: r.right(b"X: a\0b"))

# ---- Slow ----

simple("says-nothing", lambda r: r.hang())
simple("slow-head", lambda r: r.drip(b"HTTP/1.1 200 ok\r\nX: " + b"y" * 500, 0.03))
simple("slow-body", lambda r: (r.head(200, b"Content-Length: 500"), r.drip(b"y" * 500, 0.03)))
simple("hangs-within", lambda r: (broken(r, b"ETag: " + TAG), r.hang()))
simple("hangs-once", lambda r: r.ranged() if r.attempt else (broken(r, b"ETag: " + TAG), r.hang()))
simple("slow-for-ever", lambda r: (r.head(200), r.drip(b"row of a table\n" * 999999, 0.001)))

# ---- Ranges: the first thousand bytes are here, with the tag "one" ----

REST = BODY[1000:]
LAST = len(BODY) - 1
simple("range", lambda r: r.ranged())
simple("range-ignored", lambda r: r.right(b"ETag: " + TAG))
simple("range-other-tag", lambda r: r.ranged(body=OTHER, tag=b'"two"') if not r.attempt
       else r.right(b'ETag: "two"', body=OTHER))
simple("range-changed", lambda r: r.right(b'ETag: "two"', body=OTHER))


def first_answer(name, answer):
    """A wrong answer to the first question; all of it, when it is asked for again."""
    simple("range-" + name, lambda r: r.right(b"ETag: " + TAG) if r.start() is None else answer(r))


first_answer("one-off", lambda r: r.part(1001, LAST, len(BODY), REST[1:]))
first_answer("one-early", lambda r: r.part(999, LAST, len(BODY), BODY[999:]))
first_answer("from-start", lambda r: r.part(0, LAST, len(BODY), BODY))
first_answer("cut", lambda r: r.part(1000, LAST - 5, len(BODY), REST[:-5]))
first_answer("total-less", lambda r: r.part(1000, LAST, len(BODY) - 5, REST))
first_answer("total-more", lambda r: r.part(1000, LAST, len(BODY) + 5, REST))
first_answer("total-unknown", lambda r: r.part(1000, LAST, b"*", REST))
first_answer("backwards", lambda r: r.part(1000, 500, len(BODY), REST))
first_answer("no-place", lambda r: r.page(206, b"ETag: " + TAG, body=REST))
first_answer("odd-place", lambda r: r.page(206, b"ETag: " + TAG, b"Content-Range: here", body=REST))
first_answer("lines", lambda r: r.page(
    206, b"ETag: " + TAG, b"Content-Range: lines 1000-%d/%d" % (LAST, len(BODY)), body=REST))
first_answer("overflow", lambda r: r.part(1000, 10 ** 30, 10 ** 30 + 1, REST))
first_answer("no-tag", lambda r: r.part(1000, LAST, len(BODY), REST, b""))
first_answer("weak-tag", lambda r: r.part(1000, LAST, len(BODY), REST, b"W/" + TAG))
first_answer("shorter", lambda r: r.part(1000, LAST, len(BODY), REST[:-7]))
first_answer("longer", lambda r: r.part(1000, LAST, len(BODY), REST + b"more"))
first_answer("packed", lambda r: r.part(
    1000, LAST, len(BODY), gzip.compress(REST), TAG, b"Content-Encoding: gzip"))
first_answer("multipart", lambda r: r.part(
    1000, LAST, len(BODY), REST, TAG, b"Content-Type: multipart/byteranges; boundary=x"))
first_answer("in-200", lambda r: r.page(
    200, b"ETag: " + TAG, b"Content-Range: bytes 1000-%d/%d" % (LAST, len(BODY)), body=REST))
first_answer("416", lambda r: r.page(416, b"Content-Range: bytes */%d" % len(BODY), b"ETag: " + TAG))
first_answer("416-alone", lambda r: r.page(416))
first_answer("416-complete", lambda r: r.page(416, b"Content-Range: bytes */1000", b"ETag: " + TAG))
first_answer("416-other", lambda r: r.page(416, b"Content-Range: bytes */1000", b'ETag: "two"'))
first_answer("304", lambda r: r.head(304, b"ETag: " + TAG))
first_answer("503-once", lambda r: r.page(503) if not r.attempt else r.ranged())
simple("part-unasked", lambda r: r.part(0, LAST, len(BODY), BODY))

# ---- Secrets ----


def asking(how):
    return lambda r: r.right() if "authorization" in r.headers else r.page(401, *how)


simple("asks", asking([b'WWW-Authenticate: Basic realm="x"']))
simple("asks-digest", lambda r: r.page(401, b'WWW-Authenticate: Digest realm="x", nonce="y", qop="auth"'))
simple("asks-ntlm", lambda r: r.page(401, b"WWW-Authenticate: NTLM", b"WWW-Authenticate: Negotiate"))
simple("asks-proxy", lambda r: r.page(407, b'Proxy-Authenticate: Basic realm="x"'))
simple("asks-for-ever", lambda r: r.page(401, b'WWW-Authenticate: Basic realm="x"'))
simple("asks-here", lambda r: r.redirect(b"/asks"))
for status in (301, 302, 303, 307, 308):
    simple("sends-away-%d" % status, lambda r, status=status: r.redirect(
        r.address("right", servers["B"].port), status=status))
simple("sends-away-asked", lambda r: r.redirect(r.address("right", servers["B"].port),
                                                b'WWW-Authenticate: Basic realm="x"', status=401)
       if "authorization" not in r.headers else r.redirect(r.address("asks-for-ever", servers["B"].port)))
simple("sends-away-to-asker", lambda r: r.redirect(r.address("asks", servers["B"].port)))
simple("sends-to-name", lambda r: r.redirect(r.address("right", host="localhost")))
simple("sends-to-other-number", lambda r: r.redirect(r.address("right", host="127.0.0.2")))
simple("sends-to-tls", lambda r: r.redirect(b"https://127.0.0.1:%d/right" % servers["T"].port))
simple("sends-round", lambda r: r.redirect(r.address("comes-back", servers["B"].port)))
simple("comes-back", lambda r: r.redirect(r.address("back-again", servers["A"].port)))
simple("back-again", lambda r: r.right())
simple("sends-away-with-user", lambda r: r.redirect(
    b"http://canary-url:x@127.0.0.1:%d/right" % servers["B"].port))


@behaviour
def many(r):
    """A small file that did not change, for many questions over one connection."""
    if r.headers.get("if-none-match") == TAG.decode():
        r.head(304, b"ETag: " + TAG)
        return True
    return r.right(b"ETag: " + TAG, body=COLUMNS + r.path.encode() + b",x,1\n")


simple("names", lambda r: r.right(body="\n".join(behaviours).encode() + b"\n"))

@behaviour
def turns(r):
    """Right at first; then it becomes worse."""
    if r.attempt == 0:
        return r.right(b"ETag: " + TAG)
    if r.attempt == 1:
        return r.right(b'ETag: "two"', b"Content-Encoding: gzip", body=gzip.compress(OTHER)[:-30])
    if r.attempt == 2:
        return r.page(403)
    return r.redirect(b"file:///etc/passwd") if r.attempt == 3 else r.page(410)


simple("log", lambda r: r.right(body=b"\n".join(log) + b"\n"))

# ---- The servers ----

LOGGED = ("authorization", "cookie", "x-canary", "x-amz-security-token", "proxy-authorization",
          "range", "if-range", "if-none-match", "accept-encoding")


class Server:
    def __init__(self, letter, context=None):
        self.letter, self.context = letter, context
        self.port = 0
        for host in ("127.0.0.1", "127.0.0.2") if HOST == "127.0.0.1" else ("0.0.0.0",):
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.bind((host, self.port))
            listener.listen(128)
            self.port = listener.getsockname()[1]
            threading.Thread(target=self.serve, args=(listener,), daemon=True).start()

    def serve(self, listener):
        while True:
            peer = listener.accept()[0]
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        try:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                peer = self.context.wrap_socket(peer, server_side=True)
            lines = peer.makefile("rb")
            while self.answer(peer, lines):
                pass
            lines.close()
        except (OSError, ValueError):
            pass
        finally:
            peer.close()

    def answer(self, peer, lines):
        words = lines.readline(1 << 20).split()
        if len(words) < 2:
            return False
        headers = {}
        while (line := lines.readline(1 << 20)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.partition(b":")
            headers[name.decode("latin-1").lower()] = value.strip().decode("latin-1")
        path = words[1].decode("latin-1")
        name = path.partition("?")[0].lstrip("/")
        if name not in ("log", "names"):
            kept = ["%s=%s" % (key, headers[key]) for key in LOGGED if key in headers]
            with lock:
                log.append(" ".join([self.letter, path] + kept).encode("latin-1"))
        request = Request(self, peer, path, headers)
        what = behaviours.get(name)
        return what(request) is True if what else request.page(404)


class Refuser(Server):
    """What listens where TLS is expected, and speaks something else."""

    def talk(self, peer):
        peer.recv(10)
        peer.sendall(b"HTTP/1.1 200 ok\r\nContent-Length: 2\r\n\r\nhi")
        peer.close()


def context(folder, name):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(os.path.join(folder, name + ".crt"), os.path.join(folder, name + ".key"))
    return tls


servers = {"A": Server("A"), "B": Server("B")}
if len(sys.argv) > 1:
    for letter, name in {"T": "good", "S": "self-signed", "E": "expired", "N": "other-name"}.items():
        servers[letter] = Server(letter, context(sys.argv[1], name))
    servers["P"] = Refuser("P")
print(*[server.port for server in servers.values()], flush=True)
sys.stdin.read()
gone.set()
