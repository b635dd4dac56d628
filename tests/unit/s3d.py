#!/usr/bin/python3
"""s3d: a store of objects on a free port of this host, for tests. It checks signatures
(AWS Signature Version 4) itself, from the bytes of the request line and headers, and what
some buckets do wrong is their name. `s3d.py LOG`: prints its port, writes a line for each
request to LOG ("METHOD PATH signed|unsigned TOKEN"), and ends with its standard input. What
lies below /web/ is for those who send what S3D_TOKEN or S3D_BASIC say.
SPDX-License-Identifier: GPL-3.0-or-later"""
import base64
import datetime
import hashlib
import hmac
import http.server
import os
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

KEYS = {  # name of the key: its secret, the token of its session
    "AKIATESTTESTTESTTEST": ("wJalr/secret+canary", None),
    "ASIATESTTESTTESTTEST": ("session/secret+canary", "to/ken+canary=="),
}
REGION = {"elsewhere": "eu-west-1"}
ODD = ["odd/a b.csv", "odd/a+b.csv", "odd/year=2024/m=1/x.csv", "odd/ü€.csv", "odd/100%.csv",
       "odd/a&b;c,d.csv", "odd/q?r.csv", "odd/h#i.csv", "odd/(x)!'*.csv", "odd/~t_-.csv",
       "odd//two.csv", "odd/@:$.csv", "odd/<k>&\"q\".csv", "odd/tab\there.csv", "odd/%41.csv",
       "odd/[b].csv"]


def objects_of(bucket):
    """What lies in a bucket: key -> bytes."""
    if bucket == "many":
        return {f"many/{n:05}.csv": b"a\n%d\n" % n for n in range(2500)}
    content = {
        "orders/2024-01.csv": b"id,name\n1,one\n2,two\n",
        "orders/2024-02.csv": b"id,name\n3,three\n",
        "orders/old/2023-12.csv": b"id,name\n0,zero\n",
        "orders/readme.txt": b"not a table",
        "orders/": b"",
        "orders/_SUCCESS": b"",
        "orders/_log/0.csv": b"id,name\n9,no\n",
        "large.csv": LARGE,
        "plain/a.txt": b"x\n1\n",
        "both/both.csv": b"x\n1\n",
        "both/other/1.csv": b"x\n2\n",
        "both/other/2.csv": b"x\n3\n",
    }
    for key in ODD:
        content[key] = b"key\n" + key.encode() + b"\n"
    return content


def quote(text, safe="-._~"):
    return urllib.parse.quote(text, safe=safe)


def sign(secret, scope, text):
    key = ("AWS4" + secret).encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


LARGE = b"n\n" + b"".join(b"%d\n" % n for n in range(200000))


class Refused(Exception):
    def __init__(self, status, code, extra="", message="no"):
        super().__init__(code)
        self.status, self.code, self.extra, self.message = status, code, extra, message


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet
    disable_nagle_algorithm = True
    seen = {}
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def log_request_line(self):
        kind = "signed" if self.headers.get("Authorization") else "unsigned"
        token = self.headers.get("x-amz-security-token", "-")
        with self.lock, open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{self.command} {self.path} {kind} {token}\n")

    def count(self, name):
        with self.lock:
            self.seen[name] = self.seen.get(name, 0) + 1
            return self.seen[name]

    # ---- Signatures ----

    def canonical(self, raw_path, raw_query, signed):
        path = quote(urllib.parse.unquote(raw_path, errors="surrogateescape").encode(
            errors="surrogateescape"), safe="/-._~")
        pairs = []
        for pair in raw_query.split("&") if raw_query else []:
            name, _, value = pair.partition("=")
            pairs.append((quote(urllib.parse.unquote(name)), quote(urllib.parse.unquote(value))))
        query = "&".join(f"{name}={value}" for name, value in sorted(pairs))
        headers = "".join(
            f"{name}:{' '.join((self.headers.get(name) or '').split())}\n" for name in signed)
        return "\n".join([self.command, path, query, headers, ";".join(signed),
                          self.headers.get("x-amz-content-sha256", "")])

    def check_signature(self, bucket, raw_path, raw_query):
        text = self.headers.get("Authorization")
        if text is None:
            if bucket.startswith("public"):
                return
            raise Refused(403, "AccessDenied", message="Access Denied")
        kind, _, rest = text.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        user, *scope = parts["Credential"].split("/")
        signed = parts["SignedHeaders"].split(";")
        if kind != "AWS4-HMAC-SHA256" or len(scope) != 4 or scope[2:] != ["s3", "aws4_request"]:
            raise Refused(400, "AuthorizationHeaderMalformed")
        if user not in KEYS:
            raise Refused(403, "InvalidAccessKeyId")
        wanted = REGION.get(bucket, scope[1])
        if scope[1] != wanted:
            raise Refused(400, "AuthorizationHeaderMalformed", f"<Region>{wanted}</Region>")
        secret, token = KEYS[user]
        if self.headers.get("x-amz-security-token") != token:
            raise Refused(400, "InvalidToken")
        missing = [name for name in ("host", "x-amz-date", "x-amz-content-sha256")
                   if name not in signed]
        if missing or (token and "x-amz-security-token" not in signed):
            raise Refused(403, "AccessDenied", message="not all is signed")
        date = self.headers["x-amz-date"]
        then = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        if abs((now - then).total_seconds()) > 900 or scope[0] != date[:8]:
            raise Refused(403, "RequestTimeTooSkewed")
        digest = hashlib.sha256(self.canonical(raw_path, raw_query, signed).encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", date, "/".join(scope), digest])
        if not hmac.compare_digest(sign(secret, scope, text), parts["Signature"]):
            raise Refused(403, "SignatureDoesNotMatch")

    # ---- Answers ----

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.log_request_line()
        raw_path, _, raw_query = self.path.partition("?")
        bucket, _, raw_key = raw_path.lstrip("/").partition("/")
        key = urllib.parse.unquote(raw_key)
        query = dict(urllib.parse.parse_qsl(raw_query, keep_blank_values=True))
        if bucket == "web":
            self.web(key)
            return
        try:
            self.check_signature(bucket, raw_path, raw_query)
            if bucket == "slow" and self.count(self.path) < 2:
                raise Refused(503, "SlowDown")
            if bucket == "missing":
                raise Refused(404, "NoSuchBucket")
            if bucket == "archive":
                raise Refused(403, "InvalidObjectState")
            if bucket == "strange":
                raise Refused(418, "Teapot", message="token=canary and more")
            if key == "" and query.get("list-type") == "2":
                self.list(bucket, query)
            else:
                self.get(bucket, key)
        except Refused as why:
            body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{why.code}</Code>'
                    f"<Message>{escape(why.message)}</Message>{why.extra}</Error>")
            self.answer(why.status, body.encode(), [("Content-Type", "application/xml")])

    def web(self, key):
        """Files of an ordinary server; /web/slow.csv waits for a reader of LOG.gate."""
        sent = self.headers.get("Authorization", "")
        basic = base64.b64encode(os.environ.get("S3D_BASIC", "").encode()).decode()
        wanted = {"token.csv": "Bearer " + os.environ.get("S3D_TOKEN", ""),
                  "slow.csv": "Bearer " + os.environ.get("S3D_TOKEN", ""),
                  "basic.csv": "Basic " + basic}.get(key)
        if wanted is not None and sent != wanted:
            self.answer(401, b"no")
        elif key == "echo.csv":
            self.answer(403, f"you sent {sent}".encode())
        elif key == "missing.csv":
            self.answer(404, f"no {self.path} for {sent}".encode())
        elif key == "slow.csv":
            with open(LOG + ".gate", "w", encoding="utf-8") as gate:
                gate.write("asked\n")
            with open(LOG + ".gate", encoding="utf-8") as gate:
                gate.read()
            self.answer(200, b"id,name\n1,one\n")
        else:
            self.answer(200, b"id,name\n1,one\n", [("ETag", '"v1"')])

    def get(self, bucket, key):
        content = objects_of(bucket).get(key)
        if content is None:
            raise Refused(404, "NoSuchKey")
        etag = '"' + hashlib.md5(content).hexdigest() + '"'
        headers = [("ETag", etag), ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
                   ("Accept-Ranges", "bytes")]
        if self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", headers)
            return
        status, start = 200, 0
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes=") and self.headers.get("If-Range", etag) == etag:
            status, start = 206, int(wanted[6:].split("-")[0])
            headers.append(("Content-Range",
                            f"bytes {start}-{len(content) - 1}/{len(content)}"))
        body = content[start:]
        if bucket.endswith("breaks") and status == 200:
            self.send_response(200)
            for name, value in headers + [("Content-Length", str(len(body)))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        self.answer(status, body, headers)

    def list(self, bucket, query):
        if bucket.startswith("public-liar-"):
            self.answer(200, self.lie(bucket[12:], query))
            return
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        after = base64.b64decode(query["continuation-token"]).decode() \
            if "continuation-token" in query else ""
        keys, common = [], set()
        for key in sorted(objects_of(bucket), key=lambda text: text.encode()):
            if not key.startswith(prefix) or key <= after:
                continue
            if delimiter and delimiter in key[len(prefix):]:
                common.add(prefix + key[len(prefix):].split(delimiter)[0] + delimiter)
                continue
            keys.append(key)
        page, more = keys[:1000], len(keys) > 1000
        encoded = query.get("encoding-type") == "url"
        write = (lambda text: urllib.parse.quote_plus(text, safe="/*")) if encoded else escape
        body = ['<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns='
                '"http://s3.amazonaws.com/doc/2006-03-01/">',
                f"<Name>{bucket}</Name><Prefix>{write(prefix)}</Prefix>",
                "<EncodingType>url</EncodingType>" if encoded else "",
                f"<IsTruncated>{str(more).lower()}</IsTruncated>"]
        if more:
            token = base64.b64encode(page[-1].encode()).decode()
            body.append(f"<NextContinuationToken>{token}</NextContinuationToken>")
        for key in page:
            content = objects_of(bucket)[key] if bucket != "many" else b"a\n%d\n" % int(key[5:10])
            body.append(f"<Contents><Key>{write(key)}</Key><LastModified>2024-01-01T00:00:00.000Z"
                        f'</LastModified><ETag>&quot;{hashlib.md5(content).hexdigest()}&quot;'
                        f"</ETag><Size>{len(content)}</Size></Contents>")
        body += [f"<CommonPrefixes><Prefix>{write(name)}</Prefix></CommonPrefixes>"
                 for name in sorted(common)]
        self.answer(200, "".join(body + ["</ListBucketResult>"]).encode())

    def lie(self, how, query):
        one = "<Contents><Key>{}</Key><Size>1</Size><ETag>x</ETag></Contents>"
        lies = {
            "entities": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
                        "<ListBucketResult><Contents><Key>&b;</Key></Contents></ListBucketResult>",
            "external": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><ListBucketResult/>',
            "deep": "<ListBucketResult>" + "<a>" * 100000,
            "long": "<ListBucketResult><Contents><Key>" + "k" * 1000000 + "</Key></Contents>"
                    "</ListBucketResult>",
            "outside": "<ListBucketResult>" + one.format("elsewhere/x.csv")
                       + "</ListBucketResult>",
            "circle": "<ListBucketResult>" + one.format("p/x.csv") + "<IsTruncated>true"
                      "</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
                      "</ListBucketResult>",
            "endless": "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>"
                       f"{self.count('endless')}</NextContinuationToken></ListBucketResult>",
            "stuck": "<ListBucketResult>" + one.format("p/x.csv") + "<IsTruncated>true"
                     "</IsTruncated></ListBucketResult>",
            "html": "<html><body>please log in</body></html>",
            "cut": "<ListBucketResult>" + one.format("p/x.csv"),
            "empty": "",
            "error": "<Error><Code>InternalError</Code></Error>",
            "keyless": "<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>",
            "wide": "<ListBucketResult>" + one.format("p/x.csv") * 20000 + "</ListBucketResult>",
            "twice": "<ListBucketResult>" + one.format("p/x.csv") * 2 + "</ListBucketResult>",
            "large": "<ListBucketResult>" + " " * (9 << 20) + "</ListBucketResult>",
        }
        return lies[how].encode()


LOG = sys.argv[1]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.buffer.read()
os._exit(0)
