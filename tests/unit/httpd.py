# httpd: a server for tests, on loopback. Serves a folder with ETags, and under /odd/ answers
# as no server should. Prints its port, ends when its standard input is closed.
# SPDX-License-Identifier: GPL-3.0-or-later
import gzip
import hashlib
import http.server
import os
import sys
import threading

root = sys.argv[1]
asked = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if "Content-Length" not in dict(headers):
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass
        self.close_connection = True

    def odd(self, what):
        port = self.server.server_port
        to = {
            "file": "file:///etc/passwd",
            "gopher": "gopher://127.0.0.1/",
            "ftp": "ftp://127.0.0.1/",
            "loop": "/odd/loop",
            "good": "/plain.txt",
            "metadata": "http://169.254.169.254/latest/",
            "names": "http://127.0.0.1:%d/plain.txt" % port,
        }
        if what in to:
            self.answer(302, b"moved", [("Location", to[what])])
        elif what == "short":
            self.answer(200, b"abc", [("Content-Length", "1000")])
        elif what == "bomb":
            self.answer(200, gzip.compress(bytes(100_000_000)), [("Content-Encoding", "gzip")])
        elif what == "large":
            self.answer(200, b"", [("Content-Length", "99999999999")])
        elif what == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(bytes(65536))
            except OSError:
                pass
            self.close_connection = True
        elif what == "slow":
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.flush()
            gone.wait(60)
        elif what == "tag":
            self.answer(200, b"{}", [("ETag", "\"a\x07b\"")])
        elif what == "unasked":
            self.answer(304)
        elif what == "error":
            self.answer(500, b"it is broken")
        elif what == "html":
            self.answer(200, b"<html>nothing here</html>")
        else:
            self.answer(404, b"odd")

    def do_GET(self):
        path = self.path.split("?")[0]
        asked.append(path + (" again" if self.headers.get("If-None-Match") else ""))
        if path == "/asked":
            self.answer(200, "\n".join(asked[:-1]).encode())
            asked.clear()
        elif path.startswith("/odd/"):
            self.odd(path[5:])
        else:
            self.serve(path)

    def serve(self, path):
        try:
            with open(os.path.join(root, path.lstrip("/").replace("%20", " ")), "rb") as file:
                body = file.read()
                written = os.fstat(file.fileno()).st_mtime
        except OSError:
            self.answer(404, b"not here")
            return
        dated = [("Last-Modified", self.date_time_string(int(written)))]
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, headers=[("ETag", tag)] + dated)
        else:
            self.answer(200, body, [("ETag", tag)] + dated)


gone = threading.Event()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
gone.set()
