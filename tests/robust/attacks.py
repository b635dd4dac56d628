# attacks: what descriptors must not reach. Some hundred locations (paths, addresses, places
# in git), each in a product of its own, half of them Data Packages, half data contracts
# (ATTACKS=all: each in both), go
# through `mwb get` and `mwb lint`, watched by strace where that is permitted. Nothing outside
# of the product's folder may be opened as data, nothing but git may be started, nobody but
# the test's own server may be reached, and no canary may be in the cache afterwards. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import http.server
import json
import os
import re
import shutil
import socket

import subprocess
import sys
import tempfile
import threading

MWB = os.environ["MWB"]
TESTS = os.environ.get("TESTS_SRCDIR", "tests")
CANARY = "canary-9b1f7c"
TABLE = "id,word\n1,%s\n" % CANARY

root = os.path.realpath(tempfile.mkdtemp(prefix="mwb-attacks-"))
outside = root + "/outside"
mesh = root + "/mesh"
count = failures = 0


def ok(good, title, *why):
    global count, failures
    count += 1
    print("%sok %d - %s" % ("" if good else "not ", count, title), flush=True)
    if not good:
        failures += 1
        for line in why:
            print("# " + ascii(line))


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def shell(folder, script):
    environment = dict(
        os.environ,
        GIT_CONFIG_GLOBAL="/dev/null",
        GIT_CONFIG_SYSTEM="/dev/null",
        GIT_AUTHOR_NAME="Team Checkout",
        GIT_AUTHOR_EMAIL="checkout@example.org",
        GIT_COMMITTER_NAME="Team Checkout",
        GIT_COMMITTER_EMAIL="checkout@example.org",
    )
    subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


# ---- A server that nobody should ask ----

asked = []


class Canary(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_GET(self):
        asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(TABLE.encode())

    do_POST = do_GET


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


# ---- The attacks: (class, location, what to do in the product's folder) ----

attacks = []


def attack(kind, location, prepare=None):
    attacks.append((kind, location, prepare))


def climbs():
    ups = ["../", "./../", "data/../../", "..//", "a/b/../../../", "....//", "..;/"]
    ups += ["..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e/", "..\\", "..%5c", "\\..\\"]
    ups += ["..%c0%af", "\u2024\u2024/", "\uff0e\uff0e/", "\u2025/", "..\uff0f", "..\u2215"]
    ups += ["..\u29f8", "..\u200b/", "\ufeff../", "..\u202e/", "..\x00/", "..\t/", "..\n/"]
    ups += [" ../", ".. /", "./.././", "%2e./", ".%2e/", "..%00/", "0x2e0x2e/", "..\r/"]
    for up in ups:
        for depth in (1, 2, 3, 8):
            attack("climbs", up * depth + "outside/secret.csv")


def absolutes():
    secret = outside + "/secret.csv"
    for start in ("", "/", "//", "/.", "file:", "file://", "file://localhost", "FILE://"):
        attack("absolute", start + secret)
    for place in ("/etc/passwd", "/etc/shadow", "/proc/self/environ", "/proc/self/fd/0"):
        attack("absolute", place)
    for place in ("/dev/zero", "/dev/stdin", "/dev/fd/0", "/dev/tty", "/dev/mem"):
        attack("absolute", place)
    attack("absolute", "/proc/self/root" + secret)
    attack("absolute", "/proc/self/cwd/../outside/secret.csv")
    for text in ("\\\\host\\share\\a.csv", "C:\\secret.csv", "C:/secret.csv", "~/secret.csv"):
        attack("absolute", text)
    for text in ("~root/secret.csv", "$HOME/secret.csv", "`id`", "$(id)", "|id", "a.csv;id"):
        attack("absolute", text)
    for text in ("${OUTSIDE}/secret.csv", "${NOT_SET:-../../outside}/secret.csv"):
        attack("variable", text)
    attack("variable", "${NOT_SET:-%s}/secret.csv" % outside)
    attack("variable", "${NOT_SET:-git+file://%s/repo.git#main:secret.csv}" % outside)


def odd_names():
    attack("long", "a/" * 2040 + "x.csv")
    attack("long", "A" * 4096)
    attack("long", "../" * 1365 + "etc/passwd")
    attack("long", "x" * 100000)
    for text in ("", ".", "..", "/", "a//b.csv", "a/./b.csv", ".git/config", ".ssh/id_rsa"):
        attack("odd", text)
    for text in ("data/.hidden.csv", "-rf", "--help", "a.csv\x00.txt", "\x1b]52;c;x\x07"):
        attack("odd", text)
    for text in ("../*/secret.csv", "/*", "**/secret.csv", "[.][.]/[.][.]/outside/*.csv"):
        attack("pattern", text)
    for text in ("?./?./outside/s*.csv", "{..,x}/secret.csv", "*/../../outside/*"):
        attack("pattern", text)


def link(target, at):
    def prepare(folder):
        os.makedirs(os.path.dirname(folder + "/" + at), exist_ok=True)
        os.symlink(target, folder + "/" + at)

    return prepare


def links():
    for target in (outside, "../../outside", "/proc/self/root" + outside):
        attack("link", "d/secret.csv", link(target, "d"))
        attack("link", "a/d/secret.csv", link("../" * target.startswith("..") + target, "a/d"))
        attack("link", "*/secret.csv", link(target, "d"))
        attack("link", "secret.csv", link(target, "data"))
    for target in (outside + "/secret.csv", "../../outside/secret.csv", "x.csv", "/dev/zero"):
        attack("link", "x.csv", link(target, "x.csv"))
        attack("link", "*.csv", link(target, "x.csv"))
    attack("link", "a/b/c/secret.csv", link(outside, "a/b/c"))
    attack("link", "x.csv", link(outside + "/pipe", "x.csv"))
    attack("link", "x.csv", link("/proc/self/fd/0", "x.csv"))

    def chain(folder):
        os.symlink(outside, folder + "/one")
        os.symlink("one", folder + "/two")

    attack("link", "two/secret.csv", chain)
    attack("device", "x.csv", lambda folder: os.mkfifo(folder + "/x.csv"))
    attack("device", "*.csv", lambda folder: os.mkfifo(folder + "/x.csv"))
    attack("device", "x.csv", lambda folder: os.mkdir(folder + "/x.csv"))

    def plug(folder):
        one = socket.socket(socket.AF_UNIX)
        os.chdir(folder)
        one.bind("x.csv")
        os.chdir(root)

    attack("device", "x.csv", plug)


HOSTS = """127.0.0.1 127.1 127.0.1 0 0.0.0.0 0x7f000001 0x7f.1 0177.0.0.1 017700000001
2130706433 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]
[64:ff9b::7f00:1] [2002:7f00:1::] [::127.0.0.1] localhost LOCALHOST localhost. ip6-localhost
127.0.0.1. 127.255.255.254 [fe80::1] [fd00::1] 169.254.169.254 169.254.169.254.
0xa9fea9fe 2852039166 [::ffff:a9fe:a9fe] 10.0.0.1 192.168.0.1 172.16.0.1 100.64.0.1
192.0.0.1 198.18.0.1 224.0.0.1 255.255.255.255 \u2460\u2461\u2466.\u24ea.\u24ea.\u2460
127\u30020\u30020\u30021 \uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54
127.0.0.1%00.example.org 127.0.0.1%2eexample.org""".split()
SCHEMES = """ftp ftps gopher dict ldap ldaps tftp smb smbs scp sftp telnet imap pop3 smtp rtsp
file jar netdoc javascript data ssh rsync svn view-source ws unix""".split()


def addresses(port):
    for host in HOSTS:
        attack("host", "http://%s:%d/secret.csv" % (host, port))
        attack("git host", "git+http://%s:%d/r.git#main:secret.csv" % (host, port))
    for scheme in SCHEMES:
        attack("scheme", "%s://127.0.0.1:%d/secret.csv" % (scheme, port))
    here = "127.0.0.1:%d" % port
    tricks = ["http://example.org@%s/a.csv", "http://a:b@%s/a.csv", "http://%s#@example.org/"]
    tricks += ["http://%s\\@example.org/a.csv", "http:/%s/a.csv", "http:%s/a.csv", "//%s/a.csv"]
    tricks += ["http:///%s/a.csv", "http://%s/a\r\nX-Other: y", "http://%s/%%0d%%0aX: y"]
    tricks += ["hTTp://%s/a.csv", "http://[%s]/a.csv", "http://%s/a b.csv", "http://\t%s/a.csv"]
    tricks += [" http://%s/a.csv", "http://%s/a.csv\x00", "http://%s?a.csv", "http://%s:80/"]
    tricks += ["url:http://%s/a.csv", "http://%s/../../a.csv", "https://%s/a.csv"]
    tricks += ["http://example.org\\%s/a.csv", "http://example.org#%s", "http://;@%s/"]
    for trick in tricks:
        attack("address", trick % here)
        attack("git address", "git+" + (trick % here) + "#main:secret.csv")
    for text in ("http://127.0.0.1:-1/a", "http://127.0.0.1:65536/a", "http://", "http://:80/"):
        attack("address", text)


def repositories():
    ran = root + "/ran"
    for text in (
        "ext::sh -c touch%% %s",
        "git:ext::sh -c touch%% %s",
        "git+ext::sh -c touch%% %s",
        "git:-oProxyCommand=touch %s",
        "git:--upload-pack=touch %s",
        "git:.#--upload-pack=touch %s:secret.csv",
        "git:.#--output=%s:secret.csv",
        "git:.#-c core.pager=touch %s:secret.csv",
        "git:.#HEAD:--output=%s",
        "git:.#$(touch %s):secret.csv",
        "git:.#`touch %s`:secret.csv",
        "git+ssh://-oProxyCommand=touch %s/x#main:secret.csv",
        "git+http://-oProxyCommand=touch %s/x#main:secret.csv",
        "git+http://h/r --upload-pack=touch %s#main:secret.csv",
        "git+https://h/r.git;touch %s#main:secret.csv",
    ):
        attack("git option", text % ran)
    for text in ("fd::7#main:a.csv", "git:fd::7/x#main:a.csv", "git:7::x#main:a.csv"):
        attack("git helper", text)
    for scheme in ("ssh", "git", "ftp", "rsync", "ext", "fd", "svn", "persistent-https"):
        attack("git scheme", "git+%s://127.0.0.1/r.git#main:secret.csv" % scheme)
    for text in ("git@127.0.0.1:r.git#main:a.csv", "git://127.0.0.1/r.git#main:a.csv"):
        attack("git scheme", text)
    for start in ("git:", "git+file://", "git+file://localhost", "GIT+FILE://", "git+file:"):
        attack("git place", "%s%s/repo.git#main:secret.csv" % (start, outside))
        attack("git place", "%s%s/clone/.git#main:secret.csv" % (start, outside))
    for start in ("../../outside", "./../../outside", "x/../../../outside", "/proc/self/root"):
        attack("git place", "git:%s/repo.git#main:secret.csv" % start)
    attack("git place", "git+file://%s#main:secret.csv" % (outside + "/repo%2egit"))
    attack("git place", "git+file:///%2e%2e" + outside + "/repo.git#main:secret.csv")
    attack("git place", "git:d#main:secret.csv", link(outside + "/repo.git", "d"))
    attack("git place", "git:a/d#main:secret.csv", link(outside + "/clone", "a/d"))
    attack("git place", "git:.#main:secret.csv", link(outside + "/clone/.git", ".git"))
    for ref in ("main..main", "@{-1}", "@{upstream}", "HEAD^{/one}", "^main", "main^@"):
        attack("git ref", "git:own#%s:secret.csv" % ref, own_repository)
    for ref in ("../../../outside/repo.git/HEAD", "/etc/passwd", "refs/../../x", "a b", "*"):
        attack("git ref", "git:own#%s:secret.csv" % ref, own_repository)
    for file in ("../secret.csv", "/etc/passwd", ".git/config", "a\\..\\b", "x\x00y", "a//b"):
        attack("git file", "git:own#main:%s" % file, own_repository)
    for file in ("link.csv", "*.csv", "module", "module/secret.csv", "dir/secret.csv"):
        attack("git tree", "git:own#main:" + file, linked_tree)
    for file in ("../secret.csv", "*/secret.csv", ".git/config", "x/secret.csv"):
        attack("git tree", "git:own#odd:" + file, odd_tree)
    for script in BORROWERS:
        attack("git borrows", "git:own#main:secret.csv", borrowing(script))


def own_repository(folder):
    shell(
        folder,
        "git init -q -b main own && cd own && echo id >a.csv && git add . && "
        "git commit -qm one",
    )


def linked_tree(folder):
    own_repository(folder)
    shell(
        folder + "/own",
        "ln -s %s/secret.csv link.csv && ln -s %s dir && git add . && git update-index "
        "--add --cacheinfo 160000,1111111111111111111111111111111111111111,module && "
        "printf '[submodule \"m\"]\\n path = module\\n url = %s/repo.git\\n' >.gitmodules && "
        "git rm -q --cached a.csv && git add .gitmodules && git commit -qm two"
        % (outside, outside, outside),
    )


def odd_tree(folder):
    own_repository(folder)
    tree = (
        "id=$(git hash-object -w a.csv) && under=$(printf '100644 blob %s\\tsecret.csv\\n' "
        "$id | git mktree) && for name in .. .git; do raw=$(printf '%s' $under); printf "
        "\"40000 $name\\0$(printf \"$(echo $raw | sed 's/../\\\\\\\\x&/g')\")\" ; done >raw && "
        "id=$(git hash-object -t tree -w --literally --stdin <raw) && git update-ref "
        "refs/heads/odd $(git commit-tree -m odd $id)"
    )
    try:
        shell(folder + "/own", tree)
    except subprocess.CalledProcessError:
        pass  # without printf \x in this shell the branch is missing: refused as well


# Ways in which a repository in the product would have files of another one read, or
# programs started.
BORROWERS = [
    "echo {o}/repo.git/objects >.git/objects/info/alternates",
    "echo {o}/repo.git/objects >.git/objects/info/alternates && rm -rf .git/refs/heads && "
    "echo $(git -C {o}/repo.git rev-parse main) >.git/refs/main",
    "rm -rf .git/objects && ln -s {o}/repo.git/objects .git/objects",
    "ln -s {o}/repo.git/objects/pack .git/objects/pack2; rm -rf .git/objects/pack && "
    "ln -s {o}/repo.git/objects/pack .git/objects/pack",
    "echo {o}/repo.git >.git/commondir",
    "rm -rf .git && echo gitdir: {o}/repo.git >.git",
    "rm -rf .git && echo gitdir: {o}/clone/.git >.git",
    "rm -rf .git && ln -s {o}/repo.git .git",
    "rm -rf .git && cp -r {o}/repo.git/HEAD . && ln -s {o}/repo.git/objects objects && "
    "ln -s {o}/repo.git/refs refs",
    "rm -rf .git/refs && ln -s {o}/repo.git/refs .git/refs",
    "rm .git/HEAD && ln -s {o}/repo.git/HEAD .git/HEAD",
    "rm -rf .git/refs/heads && ln -s {o}/repo.git/packed-refs .git/packed-refs",
    "rm -rf .git/refs/heads && mkdir .git/refs/heads && "
    "echo 'ref: ../../../../../outside/secret.csv' >.git/refs/heads/main",
    "echo 'ref: refs/heads/main' >.git/refs/heads/main",
    "printf '[include]\\n path = {o}/secret.csv\\n' >>.git/config",
    "printf '[core]\\n worktree = {o}/clone\\n' >>.git/config",
    "printf '[core]\\n fsmonitor = touch {r}\\n' >>.git/config",
    "printf '[core]\\n sshCommand = touch {r}\\n pager = touch {r}\\n' >>.git/config",
    "printf '[core]\\n alternateRefsCommand = touch {r}\\n' >>.git/config",
    "printf '[diff]\\n external = touch {r}\\n' >>.git/config",
    "printf '[diff \"x\"]\\n textconv = touch {r}\\n' >>.git/config && "
    "echo '* diff=x filter=x' >.gitattributes",
    "printf '[filter \"x\"]\\n smudge = touch {r}\\n clean = touch {r}\\n process = touch {r}\\n'"
    " >>.git/config && echo '* filter=x' >.gitattributes",
    "printf '[uploadpack]\\n packObjectsHook = touch {r}\\n' >>.git/config",
    "printf '[gpg]\\n program = touch {r}\\n[log]\\n showSignature = true\\n' >>.git/config",
    "printf '[credential]\\n helper = !touch {r}\\n' >>.git/config",
    "printf '[alias]\\n log = !touch {r}\\n cat-file = !touch {r}\\n' >>.git/config",
    "printf '[extensions]\\n partialClone = o\\n[remote \"o\"]\\n url = ext::touch {r}\\n "
    "promisor = true\\n' >>.git/config",
    "for h in post-checkout pre-commit reference-transaction post-index-change; do printf "
    "'#!/bin/sh\\ntouch {r}\\n' >.git/hooks/$h; chmod +x .git/hooks/$h; done",
    "echo $(git rev-parse HEAD) $(git -C {o}/repo.git rev-parse main) >.git/info/grafts",
]


def borrowing(script):
    def prepare(folder):
        own_repository(folder)
        shell(folder, "mkdir -p own/.git/hooks own/.git/info")
        shell(folder + "/own", script.format(o=outside, r=root + "/ran"))

    return prepare


# ---- Products ----


def package(name, location):
    resource = {"name": "t", "path": location, "format": "csv"}
    return "datapackage.json", {"name": name, "resources": [resource]}


def contract(name, location):
    column = {"name": "id", "logicalType": "string"}
    server = {"server": "s", "type": "local", "path": location, "format": "csv"}
    return "contract.odcs.yaml", {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": name,
        "name": name,
        "version": "1.0.0",
        "status": "active",
        "servers": [server],
        "schema": [{"name": "t", "logicalType": "object", "properties": [column]}],
    }


def make_product(name, location, prepare, make):
    folder = "%s/%s" % (mesh, name)
    os.makedirs(folder, exist_ok=True)
    if prepare is not None:
        prepare(folder)
    file, content = make(name, location)
    put(folder + "/" + file, json.dumps(content))


GOOD = "id,word\n1,control\n"


def make_controls():
    put(mesh + "/control1/a.csv", GOOD)
    put(mesh + "/control2/a.csv", GOOD)
    os.link(mesh + "/control1/a.csv", mesh + "/control2/hard.csv")
    put(mesh + "/control3/data/a.csv", GOOD)
    os.symlink("data/a.csv", mesh + "/control3/link.csv")
    make_product("control1", "a.csv", None, package)
    make_product("control2", "hard.csv", None, contract)
    make_product("control3", "link.csv", None, package)
    make_product("control4", "git:.#v1:a.csv", None, contract)
    make_product("control5", "git:../control5#v1:*.csv", None, package)
    put(mesh + "/control4/a.csv", GOOD)
    make_product("control5", "git:own#main:a.csv", own_repository, package)
    shell(
        mesh,
        "git init -q -b main && git add -f mesh.yaml control4 && git commit -qm one && "
        "git tag v1 && rm control4/a.csv",
    )


def make_outside():
    put(outside + "/secret.csv", TABLE)
    os.mkfifo(outside + "/pipe")
    put(outside + "/clone/secret.csv", TABLE)
    shell(
        outside,
        "git init -q -b main clone && cd clone && git add . && git commit -qm one && cd .. && "
        "git clone -q --bare clone repo.git && git -C repo.git pack-refs --all && "
        "git -C repo.git repack -qad",
    )


# ---- Watching ----

# A file may be opened below these; everything else is data that nobody named.
ALLOWED = [mesh, root + "/cache", root + "/home", root + "/tmp", "/usr", "/lib", "/proc", "/sys"]
ALLOWED += ["/dev/null", "/dev/urandom", "/dev/tty", "/etc/ld.so", "/etc/nsswitch.conf"]
ALLOWED += ["/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf", "/etc/ssl"]
ALLOWED += ["/etc/passwd", "/etc/group", "/etc/localtime", "/etc/locale", "/etc/gcrypt"]
ALLOWED += ["/etc/crypto-policies", "/run/systemd", "/run/nscd", "/var/cache", "/var/lib/sss"]
ALLOWED += ["/etc/services", "/etc/protocols", "/etc/pki", "/dev/shm", "/opt", "/nix"]
ALLOWED += ["/dev/pts", "pipe:", "socket:", "anon_inode:", "/memfd:"]
DATA_FLAGS = "O_NONBLOCK"  # with which mwb opens what descriptors name

OPENED = re.compile(r'^open(?:at2?)?\((.*)\) += (\d+)(?:<([^>]*)>)?')
STARTED = re.compile(r'^execve(?:at)?\((?:[^"]*)"([^"]*)".* = 0$')
CONNECTED = re.compile(r"^connect\(\d+<(TCP|UDP|[^:>]*)")
PLACE = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("([^"]*)"\)|"([^"]*)")')


def strace_works():
    try:
        done = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=openat"]
            + ["true"],
            stderr=subprocess.DEVNULL,
        )
        return done.returncode == 0
    except OSError:
        return False


def judge_open(line, program):
    found = OPENED.match(line)
    if not found:
        return None
    path = found.group(3)
    if path is None:  # whose file it was cannot be told: by its name, if that is whole
        named = re.search(r'"(/[^"]*)"', found.group(1))
        path = named.group(1) if named else mesh
    allowed = any(path.startswith(one) for one in ALLOWED + [program])
    data = DATA_FLAGS in found.group(1) and path.startswith(("/etc/", "/proc/self/", "/dev/z"))
    return None if allowed and not data else "opened " + path


def judge_start(line, program):
    found = STARTED.match(line)
    if not found:
        return None
    path = found.group(1)
    name = os.path.basename(path)
    good = path == MWB or os.path.realpath(path) == program or name == "git"
    good = good or re.fullmatch(r"git-remote-https?|git-[a-z-]+", name)
    return None if good else "started " + path


def judge_connect(line, port):
    found = CONNECTED.match(line)
    place = PLACE.search(line)
    if not found or not place or found.group(1).startswith("UDP"):
        return None
    number, host = int(place.group(1)), place.group(2) or place.group(3)
    if port is not None and number == port and host in ("127.0.0.1", "::1"):
        return None
    return "connected to %s port %d" % (host, number)


def violations(log, port):
    program = os.path.realpath(MWB)
    builds = os.path.dirname(program)
    found = set()
    for name in glob.glob(log + ".*"):
        with open(name, errors="replace") as lines:
            for line in lines:
                for why in (
                    judge_open(line, builds),
                    judge_start(line, program),
                    judge_connect(line, port),
                ):
                    if why:
                        found.add(why)
        os.unlink(name)
    return sorted(found)


def watch(log):
    words = ["strace", "-ff", "-yy", "-qq", "--seccomp-bpf", "-o", log, "-e"]
    return words + ["trace=open,openat,openat2,creat,execve,execveat,connect"]


def check_watch(log):
    """What it is to find, it finds."""
    script = "import socket; open(%r); socket.socket().connect_ex(('127.0.0.1', 9))"
    script %= outside + "/secret.csv"
    subprocess.run(watch(log) + [sys.executable, "-c", script])
    found = " ".join(violations(log, None))
    for word in ("opened " + outside, "started ", "connected to 127.0.0.1 port 9"):
        ok(word in found, "the watch sees what is %s" % word.split()[0], found)


def run(words, log=None, **more):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": root + "/home",
        "TMPDIR": root + "/tmp",
        "MWB_CACHE": root + "/cache",
        "OUTSIDE": outside,
        "LC_ALL": "C.UTF-8",
        "RES_OPTIONS": "timeout:1 attempts:1",
    }
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            environment[name] = os.environ[name]
    environment.update(more)
    return subprocess.run(
        (watch(log) if log else []) + [MWB] + words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=400,
        errors="replace",
    )


def here():
    """Products that have a current version."""
    found = glob.glob(root + "/cache/products/**/current", recursive=True)
    return {os.path.basename(os.path.dirname(path)) for path in found}


def canaries():
    """Files of ours in which the canary stands."""
    done = subprocess.run(
        ["grep", "-rlaF", CANARY, root + "/cache", root + "/home", root + "/tmp"],
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.split("\n")[:-1]


def is_clean(text):
    return not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def check(title, words, log, port, wanted, **more):
    done = run(words, log, **more)
    odd = violations(log, port) if log else []
    ok(done.returncode in (0, 1, 3), "%s ends in order" % title, done.returncode, done.stdout[-500:])
    ok(is_clean(done.stdout), "%s says nothing that a terminal would obey" % title)
    ok(not canaries(), "%s brings nothing from outside" % title, *canaries())
    ok(not os.path.exists(root + "/ran"), "%s starts nothing that descriptors name" % title)
    if log:
        ok(not odd, "%s opens, starts and reaches nothing else" % title, *odd)
    if wanted is not None:
        found = here()
        ok(
            {name for name in found if name.startswith("attack")} == set(),
            "%s makes no version of an attack" % title,
            *sorted(found),
        )
        ok(wanted <= found, "%s has the products that are in order" % title, *sorted(wanted - found))
    return done


def main():
    if shutil.which("git") is None:
        print("1..0 # SKIP git is not installed")
        return 0
    port = serve()
    for folder in ("/home", "/tmp", "/cache"):
        os.makedirs(root + folder)
    make_outside()
    put(mesh + "/mesh.yaml", "name: attacks\n")
    make_controls()
    climbs()
    absolutes()
    odd_names()
    links()
    addresses(port)
    repositories()
    for i, (_, location, prepare) in enumerate(attacks):
        makers = (package, contract) if i % 2 else (contract, package)
        for j, make in enumerate(makers[: 2 if os.environ.get("ATTACKS") == "all" else 1]):
            make_product("attack%03d%s" % (i, "ab"[j]), location, prepare, make)
    kinds = sorted({kind for kind, _, _ in attacks})
    print("# %d attacks: %s" % (len(attacks), ", ".join(kinds)))
    ok(len(attacks) >= 300, "there are at least 300 attacks")
    log = root + "/log" if strace_works() else None
    if log is None:
        print("# strace is not installed or not permitted: only what can be seen is judged")
    if log is not None:
        check_watch(log)
    controls = {"control%d" % i for i in range(1, 6)}
    check("get", ["get", "--all", "--mesh", mesh], log, None, controls)
    ok(not asked, "get asks the server for nothing", *asked[:20])
    check("lint", ["lint", mesh], log, None, None)
    ok(not asked, "lint asks the server for nothing", *asked[:20])
    print("1..%d" % count)
    return 1 if failures else 0


status = 99
try:
    status = main()
finally:
    if os.environ.get("ATTACKS_KEEP"):
        print("# kept in " + root)
    else:
        shutil.rmtree(root, ignore_errors=True)
sys.exit(status)
