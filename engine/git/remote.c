/* git: brings a repository of another host into a bare copy of our own.
 *
 *   COPIES/NAME-KEY.git/     the copy; KEY is made of the address
 *   COPIES/NAME-KEY.lock     held by the one process that fetches into it
 *
 * Sources: git-fetch(1), git-config(1) on http.*, protocol.*, fetch.*, transfer.*.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/secret.h"
#include "engine/web.h"

static const long long most_bytes = 8LL * 1024 * 1024 * 1024;
static const double most_seconds = 3600, look_around = 0.1;
enum { MOST_ADDRESSES = 8, MOST_NUMBER = 64, MOST_PACKS = 50 };

struct remote {
    const struct git_reach_spec *spec;
    const char *url;
    char *copy, *pack;
    char *pin;          /* the setting of git that holds its numbers; NULL: it is one */
    char *variables[5]; /* of the environment of git: what may not stand in arguments */
};

/* ---- Where the host leads ---- */

struct host {
    char *name; /* without the brackets of a number of IPv6 */
    const char *port;
    char *given_port;
};

static void host_release(struct host *host)
{
    free(host->name);
    free(host->given_port);
}

static void take_host(const char *url, struct host *host)
{
    const char *at = strstr(url, "://") + 3;
    size_t length = strcspn(at, "/");
    const char *end = at + length;
    const char *name_end =
        at[0] == '[' ? memchr(at, ']', length) : memchr(at, ':', length);
    name_end = name_end != NULL ? name_end : end;
    const char *name = at + (at[0] == '[');
    *host = (struct host){.name = string_copy_bytes(name, (size_t)(name_end - name))};
    const char *colon = name_end + (name_end < end && *name_end == ']');
    if (colon < end && *colon == ':' && colon + 1 < end) {
        host->given_port = string_copy_bytes(colon + 1, (size_t)(end - colon - 1));
    }
    host->port = host->given_port != NULL       ? host->given_port
                 : string_starts(url, "https:") ? "443"
                                                : "80";
}

/* Every number of the host must be one that may be reached: which of them git takes is
 * its affair. They are looked up once and handed to git, so a name cannot lead elsewhere
 * a moment later. */
static bool judge_numbers(struct remote *remote, const struct host *host,
                          const struct addrinfo *numbers, struct error *err)
{
    struct text pin = {0};
    size_t count = 0;
    bool is_lifted = string_equal(getenv("MWB_WEB_PRIVATE"), "1");
    text_printf(&pin, "http.curloptResolve=%s:%s:", host->name, host->port);
    for (const struct addrinfo *one = numbers; one != NULL; one = one->ai_next) {
        char number[MOST_NUMBER];
        if (!is_lifted && web_is_private(one->ai_addr)) {
            text_release(&pin);
            return error_set(
                err, ERROR_FAILED,
                "could not fetch %s: it leads to this host or into a private "
                "network, and only a descriptor says so; where "
                "that is right, set MWB_WEB_PRIVATE=1",
                remote->url);
        }
        if (count < MOST_ADDRESSES &&
            getnameinfo(one->ai_addr, one->ai_addrlen, number, sizeof number, NULL, 0,
                        NI_NUMERICHOST) == 0 &&
            strchr(number, '%') == NULL) {
            bool six = one->ai_family == AF_INET6;
            text_printf(&pin, "%s%s%s%s", count++ > 0 ? "," : "", six ? "[" : "", number,
                        six ? "]" : "");
        }
    }
    if (strchr(host->name, ':') == NULL) {
        remote->pin = text_take(&pin);
    }
    text_release(&pin);
    return count > 0 || error_set(err, ERROR_FAILED,
                                  "could not fetch %s: its host has no "
                                  "address that is reached by IP",
                                  remote->url);
}

static bool look_up(struct remote *remote, struct error *err)
{
    struct host host;
    struct addrinfo *numbers = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    take_host(remote->url, &host);
    int failed = getaddrinfo(host.name, host.port, &hints, &numbers);
    bool done = failed == 0 ? judge_numbers(remote, &host, numbers, err)
                            : error_set(err, ERROR_FAILED,
                                        "could not fetch %s: there is no such host, or "
                                        "no network",
                                        remote->url);
    if (failed == 0) {
        freeaddrinfo(numbers);
    }
    host_release(&host);
    return done;
}

/* ---- Who we are there ---- */

static char *base64(const char *text)
{
    static const char signs[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct text out = {0};
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i += 3) {
        unsigned value = (unsigned)(unsigned char)text[i] << 16;
        value |= i + 1 < length ? (unsigned)(unsigned char)text[i + 1] << 8 : 0;
        value |= i + 2 < length ? (unsigned char)text[i + 2] : 0;
        text_append_char(&out, signs[value >> 18]);
        text_append_char(&out, signs[value >> 12 & 63]);
        text_append_char(&out, i + 1 < length ? signs[value >> 6 & 63] : '=');
        text_append_char(&out, i + 2 < length ? signs[value & 63] : '=');
    }
    return text_take(&out);
}

static void wipe(char *text)
{
    if (text != NULL) {
        secret_wipe(text, strlen(text));
        free(text);
    }
}

/* A header for the host's addresses alone, by the environment: arguments are seen by
 * everyone on this host. */
static bool find_secret(struct remote *remote, struct error *err)
{
    struct secret secret = {0};
    char *origin = secret_origin(remote->url);
    bool done = origin != NULL && secret_find(origin, &secret, err);
    if (done && !secret_is_empty(&secret)) {
        char *header = NULL;
        if (secret.token != NULL) {
            header = string_printf("Authorization: Bearer %s", secret.token);
        } else {
            char *both = string_printf("%s:%s", secret.user != NULL ? secret.user : "",
                                       secret.password != NULL ? secret.password : "");
            char *coded = base64(both);
            header = string_printf("Authorization: Basic %s", coded);
            wipe(coded);
            wipe(both);
        }
        remote->variables[0] = string_copy("GIT_CONFIG_COUNT=1");
        remote->variables[1] =
            string_printf("GIT_CONFIG_KEY_0=http.%s/.extraHeader", origin);
        remote->variables[2] = string_printf("GIT_CONFIG_VALUE_0=%s", header);
        wipe(header);
    }
    secret_release(&secret);
    free(origin);
    return done;
}

/* ---- Fetching ---- */

/* Beside what git.h tells of every git: what a server could ask of it. */
static const char *const fetch_settings[] = {
    "http.followRedirects=false",
    "http.proxy=",
    "http.saveCookies=false",
    "http.sslVerify=true",
    "http.sslVersion=tlsv1.2",
    "http.lowSpeedLimit=64",
    "http.lowSpeedTime=20",
    "http.emptyAuth=false",
    "http.delegation=none",
    "http.proactiveAuth=none",
    "http.userAgent=git/mwb",
    "credential.helper=",
    "transfer.fsckObjects=true",
    "fetch.fsckObjects=true",
    "transfer.bundleURI=false",
    "fetch.bundleURI=",
    "fetch.uriProtocols=",
    "fetch.unpackLimit=1",
    "fetch.recurseSubmodules=no",
    "fetch.writeCommitGraph=false",
    "submodule.recurse=false",
    "maintenance.auto=false",
    "gc.auto=0",
    "core.symlinks=false",
    "core.deltaBaseCacheLimit=64m",
};

static void push(struct array *list, const char *word)
{
    *(const char **)array_push(list) = word;
}

static void push_setting(struct array *list, const char *setting)
{
    push(list, "-c");
    push(list, setting);
}

static bool run_fetch(struct remote *remote, const char *const *refspecs, bool shallow,
                      struct error *err)
{
    static const char *const words[] = {"fetch",
                                        "--quiet",
                                        "--no-tags",
                                        "--no-recurse-submodules",
                                        "--no-auto-maintenance",
                                        "--no-write-fetch-head",
                                        "--force"};
    const struct git_reach_spec *spec = remote->spec;
    struct array list = ARRAY_OF(const char *);
    struct text out = {0};
    for (size_t i = 0; i < sizeof fetch_settings / sizeof *fetch_settings; i++) {
        push_setting(&list, fetch_settings[i]);
    }
    if (remote->pin != NULL) {
        push_setting(&list, remote->pin);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        push(&list, words[i]);
    }
    if (shallow) {
        push(&list, "--depth=1");
    }
    push(&list, "--");
    push(&list, remote->url);
    for (size_t i = 0; refspecs[i] != NULL; i++) {
        push(&list, refspecs[i]);
    }
    push(&list, NULL);
    struct git_spec git = {
        .repository = remote->copy,
        .is_own = true,
        .arguments = list.items,
        .scheme = spec->location->scheme,
        .variables = (const char *const *)remote->variables,
        .seconds = spec->seconds > 0 ? spec->seconds : most_seconds,
        .growing = remote->pack,
        .growing_most = spec->most > 0 ? spec->most : most_bytes,
        .port = spec->port,
    };
    bool done = git_run(&git, &out, err);
    text_release(&out);
    array_release(&list);
    return done;
}

/* What is fetched lies under refs of our own, by the name that was asked for. */
static char *own_ref(const char *name)
{
    char digest[DIGEST_SIZE];
    digest_bytes(name, strlen(name), digest);
    return string_printf("refs/mwb/%.32s", digest);
}

static bool says(const struct error *err, const char *words)
{
    return string_contains_fold(err->message, words);
}

/* Servers that are only files know no depth, and some give no commit that is no branch's
 * end: then everything is fetched. */
static bool fetch_ref(struct remote *remote, const char *name, const char *to,
                      bool shallow, struct error *err)
{
    static const char *const all[] = {"+refs/heads/*:refs/heads/*",
                                      "+refs/tags/*:refs/tags/*", NULL};
    char *refspec = string_printf("+%s:%s", name, to);
    const char *const one[] = {refspec, NULL};
    struct error why = {0};
    bool done = run_fetch(remote, one, shallow, &why);
    if (!done && shallow && says(&why, "shallow")) {
        done = run_fetch(remote, one, false, &why);
    }
    bool is_id = strlen(name) >= 7 && strspn(name, "0123456789abcdef") == strlen(name);
    if (!done && is_id && why.kind == ERROR_FAILED &&
        (says(&why, "remote ref") || says(&why, "not our ref") ||
         says(&why, "unadvertised"))) {
        done = run_fetch(remote, all, false, &why);
    }
    if (!done && err != NULL) {
        *err = why;
    }
    free(refspec);
    return done;
}

static bool say_failed(const struct remote *remote, struct error *err)
{
    if (err == NULL || err->kind == ERROR_CANCELLED) {
        return false;
    }
    const char *why = strstr(err->message, " failed: ");
    const char *ref = remote->spec->location->ref;
    if (says(err, "couldn't find remote ref") || says(err, "remote ref does not exist")) {
        return error_set(err, ERROR_FAILED,
                         "there is no branch, tag or commit %s in the repository %s", ref,
                         remote->url);
    }
    if (says(err, "could not read Username") || says(err, "Authentication failed") ||
        says(err, "terminal prompts disabled")) {
        return error_set(
            err, ERROR_FAILED,
            "could not fetch %s: it asks for a name and a password; put them "
            "into the credentials file, for its host alone",
            remote->url);
    }
    if (says(err, "requested URL returned error: 3")) {
        return error_set(err, ERROR_FAILED,
                         "could not fetch %s: it redirects elsewhere, which is not "
                         "followed; name the place itself",
                         remote->url);
    }
    char *reason = secret_redact(why != NULL ? why + strlen(" failed: ") : err->message);
    error_set(err, err->kind, "could not fetch %s: %s", remote->url, reason);
    free(reason);
    return false;
}

static bool fetch(struct remote *remote, struct git_commit *commit, struct error *err)
{
    const char *ref = remote->spec->location->ref;
    char *name = string_copy_bytes(ref, git_ref_name(ref));
    char *to = own_ref(ref);
    bool has_suffix = strlen(ref) > strlen(name);
    bool done = fetch_ref(remote, string_equal(name, "@") ? "HEAD" : name, to,
                          !has_suffix, err) ||
                say_failed(remote, err);
    struct git_spec base = {
        .repository = remote->copy, .is_own = true, .port = remote->spec->port};
    if (done) {
        char *start = string_printf("%s%s", to, ref + strlen(name));
        done = git_commit_in(&base, start, commit, NULL) ||
               git_commit_in(&base, ref, commit, NULL) ||
               error_set(err, ERROR_FAILED,
                         "there is no branch, tag or commit %s in the repository %s", ref,
                         remote->url);
        free(start);
    }
    free(to);
    free(name);
    return done;
}

/* ---- The copy ---- */

static char *copy_stem(const char *copies, const char *url)
{
    char digest[DIGEST_SIZE];
    char *name = path_component(path_base(url));
    digest_bytes(url, strlen(url), digest);
    char *stem = string_printf("%s/%.40s-%.24s", copies, name, digest);
    free(name);
    return stem;
}

static int lock_copy(const char *path, struct job_port *port, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool is_held = errno == EINTR || errno == EWOULDBLOCK;
        if (!is_held || (port != NULL && job_cancelled(port))) {
            error_set(err, is_held ? ERROR_CANCELLED : ERROR_FAILED,
                      is_held ? "fetching was cancelled while %s was held by another"
                              : "could not lock %s: %s",
                      path, error_of_errno(errno));
            close(fd);
            return -1;
        }
        git_wait_readable(-1, -1, look_around);
    }
    if (fd < 0) {
        error_set(err, ERROR_FAILED, "could not write %s: %s", path,
                  error_of_errno(errno));
    }
    return fd;
}

static void remote_release(struct remote *remote)
{
    for (size_t i = 0; i < sizeof remote->variables / sizeof *remote->variables; i++) {
        wipe(remote->variables[i]);
    }
    free(remote->pack);
    free(remote->pin);
}

/* Each fetch adds a pack, and nobody packs them anew: a copy of many is made again. */
static void tidy_copy(const struct remote *remote)
{
    size_t packs = 0;
    DIR *folder = opendir(remote->pack);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        packs += string_ends(entry->d_name, ".pack");
    }
    if (folder != NULL) {
        closedir(folder);
    }
    if (packs > MOST_PACKS) {
        path_remove_tree(remote->copy, NULL);
    }
}

/* The hash that its objects have is known when git has refused the other. */
static bool fetch_into(struct remote *remote, struct git_reached *reached,
                       struct error *err)
{
    tidy_copy(remote);
    bool done =
        git_own_make(remote->copy, false, err) && fetch(remote, &reached->commit, err);
    if (!done && err != NULL && says(err, "mismatched algorithms")) {
        path_remove_tree(remote->copy, NULL);
        done =
            git_own_make(remote->copy, true, err) && fetch(remote, &reached->commit, err);
    }
    if (!done && err != NULL && says(err, "was stopped: more than")) {
        path_remove_tree(remote->copy, NULL); /* what came is worth nothing */
    }
    return done;
}

bool git_reach_remote(const struct git_reach_spec *spec, struct git_reached *reached,
                      struct error *err)
{
    struct error ignored = {0};
    err = err != NULL ? err : &ignored;
    struct remote remote = {.spec = spec, .url = spec->location->repository};
    char *stem = copy_stem(spec->copies, remote.url);
    char *lock = string_printf("%s.lock", stem);
    reached->repository = remote.copy = string_printf("%s.git", stem);
    remote.pack = path_join(remote.copy, "objects/pack");
    reached->prefix = string_copy("");
    int fd = -1;
    bool done = path_make_folders(spec->copies, err) && look_up(&remote, err) &&
                find_secret(&remote, err) &&
                (fd = lock_copy(lock, spec->port, err)) >= 0 &&
                fetch_into(&remote, reached, err);
    if (fd >= 0) {
        close(fd);
    }
    remote_release(&remote);
    free(lock);
    free(stem);
    return done;
}
