# hostile: SQL of others, through each of the four ways it comes in: the rule of a contract,
# a policy, a saved query, the prompt. Each is refused, or wrong, before it does anything;
# afterwards the next query works, and nothing is new on the whole host folder of the test
# but what a harmless statement leaves there too (inotify, and a look at all files). TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
import ctypes
import hashlib
import json
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile_sql

MWB = os.environ["MWB"]
root = os.path.realpath(tempfile.mkdtemp(prefix="mwb-hostile-"))
mesh, away = root + "/mesh", root + "/away"
STEP = 1 if os.environ.get("HOSTILE") == "all" else 8
count = failures = 0


def ok(good, title, *why):
    global count, failures
    count += 1
    print("%sok %d - %s" % ("" if good else "not ", count, title), flush=True)
    if not good:
        failures += 1
        for line in list(why)[:20]:
            print("# " + ascii(line))


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def mwb(*words):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": root + "/home",
        "TMPDIR": root + "/tmp",
        "MWB_CACHE": root + "/cache",
        "LC_ALL": "C.UTF-8",
    }
    for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    done = subprocess.run(
        [MWB, *words, "--mesh", mesh],
        cwd=away,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode(
        "utf-8", "replace"
    )


# ---- The mesh ----

CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: %(name)s
name: %(name)s
version: 1.0.0
status: active
domain: shop
servers: [{server: here, type: local, path: %(name)s.csv, format: csv}]
schema:
- name: %(name)s
  properties: [{name: id, logicalType: integer}, {name: word, logicalType: string}]
"""


def make_mesh(statements):
    for folder in (root + "/home", root + "/tmp", away):
        os.makedirs(folder)
    put(mesh + "/mesh.yaml", "name: shop\n")
    for name in ("orders", "other"):
        put("%s/%s/%s.csv" % (mesh, name, name), "id,word\n1,one\n2,two\n")
    put(mesh + "/other/other.odcs.yaml", CONTRACT % {"name": "other"})
    rules = "".join(
        "  - {id: h%04d, type: sql, mustBe: 0, query: %s}\n" % (i, json.dumps(sql))
        for i, sql in enumerate(statements)
    )
    put(
        mesh + "/orders/orders.odcs.yaml",
        CONTRACT % {"name": "orders"}
        + "  quality:\n  - {id: good, type: sql, mustBe: 2, query: 'SELECT count(*) FROM"
        " {object}'}\n" + rules,
    )
    put(mesh + "/policies/good.sql", "-- id: good\n-- title: good\nSELECT 1 WHERE 0\n")
    for i, sql in enumerate(statements):
        head = "-- id: h%04d\n-- title: h%04d\n" % (i, i)
        put("%s/policies/h%04d.sql" % (mesh, i), head + sql + "\n")
        put("%s/queries/h%04d.sql" % (mesh, i), sql + "\n")


# ---- What is new ----


class Watch:
    """Names of everything that is made below a folder while it watches."""

    MADE, FOLDER = 0x100 | 0x80, 0x40000000

    def __init__(self, top):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(0o4000)
        self.folders, self.made = {}, []
        for folder, _, _ in os.walk(top):
            self.add(folder)
        self.end_read, self.end_write = os.pipe()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def add(self, folder):
        number = self.libc.inotify_add_watch(self.fd, folder.encode(), self.MADE)
        if number >= 0:
            self.folders[number] = folder

    def take(self):
        data, at = os.read(self.fd, 1 << 16), 0
        while at < len(data):
            number, mask, _, length = struct.unpack_from("iIII", data, at)
            name = data[at + 16 : at + 16 + length].split(b"\0")[0].decode()
            path = self.folders.get(number, "?") + "/" + name
            self.made.append(path)
            if mask & self.FOLDER:
                self.add(path)
            at += 16 + length

    def run(self):
        while True:
            ready, _, _ = select.select([self.fd, self.end_read], [], [])
            if self.fd in ready:
                self.take()
            elif self.end_read in ready:
                return

    def stop(self):
        os.write(self.end_write, b"x")
        self.thread.join()
        return {shape(path) for path in self.made}


def shape(path):
    """Without what differs from run to run."""
    name = os.path.relpath(path, root)
    if name.startswith("cache/spool/"):
        return "cache/spool"  # rows on their way to whoever asked
    name = re.sub(r"mwb-[^/]*", "mwb-#", name)
    return re.sub(r"[0-9a-f]{6,}|[0-9]+", "#", name)


def digests(*folders):
    found = {}
    for top in folders:
        for folder, _, files in os.walk(top):
            for name in files:
                path = folder + "/" + name
                with open(path, "rb") as file:
                    found[path] = hashlib.sha256(file.read()).hexdigest()
    return found


def versions():
    """The data that were fetched: nobody may change them."""
    return {
        path: digest
        for path, digest in digests(root + "/cache").items()
        if re.search(r"/(orders|other)/", path) and path.endswith(".db")
    }


# ---- The four ways ----


def rows_of(text):
    lines = [line.split("\t") for line in text.split("\n") if line]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def through_rules(statements):
    status, out, err = mwb("check", "shop/orders", "--format", "tsv")
    rows = {row.get("rule"): row for row in rows_of(out)}
    wrong = [
        (sql, rows.get("h%04d" % i, {}).get("outcome"))
        for i, sql in enumerate(statements)
        if rows.get("h%04d" % i, {}).get("outcome") != "error"
        or not rows["h%04d" % i].get("reason")
    ]
    ok(not wrong, "each of %d rules is an error with its reason" % len(statements), *wrong)
    ok(rows.get("good", {}).get("outcome") == "passed", "the harmless one passes", err)


def through_policies(statements):
    status, out, err = mwb("policies", "--format", "tsv")
    rows = {row.get("policy"): row for row in rows_of(out)}
    wrong = [
        (sql, rows.get("h%04d" % i))
        for i, sql in enumerate(statements)
        if rows.get("h%04d" % i, {}).get("outcome") != "error"
    ]
    ok(not wrong, "each of %d policies is an error" % len(statements), *wrong)
    ok(rows.get("good", {}).get("outcome") == "holds", "the harmless one holds", err)


def through_people(title, indexes, statements, run, must_fail):
    wrong = []
    for i in indexes:
        status, out, err = run(i, statements[i])
        if (must_fail(i) and status == 0) or status < 0 or (status != 0 and not err):
            wrong.append((statements[i], status, out, err))
    ok(not wrong, "%s: %d statements, refused or only one's own" % (title, len(indexes)),
       *wrong)


def next_query():
    status, out, err = mwb("query", "SELECT count(*) FROM orders.orders", "--format", "tsv")
    ok(out.split() == ["count(*)", "2"], "the next query works", out, err)


def run_harmless():
    mwb("check", "shop/orders", "--rule", "good")
    mwb("policies", "good")
    mwb("query", "SELECT count(*) FROM orders.orders")
    mwb("query", "CREATE TABLE IF NOT EXISTS own(a); CREATE TEMP TABLE t(a)")
    mwb("query", "VACUUM")
    mwb("query", "SELECT no_such_thing")


def run_hostile(statements, confined_only, for_rules):
    through_rules(statements + for_rules)
    through_policies(statements)
    some = list(range(0, len(statements), STEP))
    must = lambda i: i not in confined_only
    through_people("saved queries", some, statements,
                   lambda i, sql: mwb("saved", "h%04d" % i), must)
    through_people("typed", some, statements,
                   lambda i, sql: mwb("query", "--", sql) if sql.startswith("-")
                   else mwb("query", sql), must)
    next_query()


def main():
    never, own = hostile_sql.forbidden(), hostile_sql.confined()
    statements = [sql.replace("FOLDER", away) for sql in never + own]
    for_rules = hostile_sql.foreign()
    make_mesh(statements + for_rules)
    ok(len(statements) >= 500, "%d statements through four ways" % len(statements))
    mwb("get", "--all")
    run_harmless()
    watch = Watch(root)
    run_harmless()
    usual = watch.stop()
    before, data = digests(mesh, away, root + "/home"), versions()
    ok(len(data) >= 2, "two products are here")
    watch = Watch(root)
    run_hostile(statements, set(range(len(never), len(statements))), for_rules)
    made = watch.stop() - usual
    ok(not made, "nothing was made that a harmless statement does not make", *made)
    left = digests(root + "/cache/spool", root + "/tmp")
    ok(not left, "no rows and no temporary files are left", *left)
    ok(versions() == data, "the data are what they were")
    after = digests(mesh, away)
    changed = [p for p in set(before) | set(after)
               if before.get(p) != after.get(p) and p.startswith((mesh, away))]
    ok(not changed, "the mesh and the folder one stands in as well", *changed)
    print("1..%d" % count)


try:
    main()
finally:
    shutil.rmtree(root, ignore_errors=True)
sys.exit(1 if failures else 0)
