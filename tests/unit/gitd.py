# gitd: repositories by http for tests, on loopback: /smart/ by git http-backend, /dumb/ as
# plain files, /secret/ for those who know the password, and /moved/, /endless/ and
# /liar/ as no server should be. Prints its port, ends when its standard input is closed.
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import http.server
import os
import subprocess
import sys
import threading

root = sys.argv[1]
asked = []


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def smart(self, path, query, body):
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        status, headers = 200, []
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            if name == "Status":
                status = int(value.split()[0])
            elif name:
                headers.append((name, value))
        self.answer(status, rest, headers)

    def dumb(self, path):
        try:
            with open(root + path, "rb") as file:
                self.answer(200, file.read())
        except OSError:
            self.answer(404)

    def endless(self, path):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"0" * 65536)
        except OSError:
            pass

    def liar(self):
        sums = b"001e# service=git-upload-pack\n0000"
        line = b"../../../../evil\0 side-band-64k agent=liar\n"
        line = b"1" * 40 + b" refs/heads/" + line
        body = sums + b"%04x" % (len(line) + 4) + line + b"0000"
        self.answer(
            200, body, [("Content-Type", "application/x-git-upload-pack-advertisement")]
        )

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        path, _, query = self.path.partition("?")
        kind, _, rest = path[1:].partition("/")
        rest = "/" + rest
        asked.append(kind)
        if kind == "secret":
            want = "Basic " + base64.b64encode(b"reader:canary-4711").decode()
            if self.headers.get("Authorization") != want:
                self.answer(401, b"", [("WWW-Authenticate", 'Basic realm="x"')])
                return
            kind = "smart"
        if kind == "smart":
            self.smart(rest, query, body)
        elif kind == "dumb":
            self.dumb(rest)
        elif kind == "moved":
            self.answer(302, b"", [("Location", "/smart" + rest + "?" + query)])
        elif kind == "endless":
            self.endless(rest)
        elif kind == "liar":
            self.liar()
        elif kind == "asked":
            self.answer(200, "\n".join(asked).encode())
        else:
            self.answer(404)

    do_POST = do_GET


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
