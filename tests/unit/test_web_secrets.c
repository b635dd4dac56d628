/* web: secrets stay at their origin, certificates are checked, and nothing public leads
 * into a private network. The server of tests/servers/liar.py writes down what it gets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/web.h"
#include "tests/unit/files.h"
#include "tests/unit/liar_help.h"
#include "tests/unit/tap.h"

#define PUBLIC_HOST "198.51.100.7" /* RFC 5737: for documentation; of nobody */

static char root[] = "/tmp/mwb-test-secrets-XXXXXX";
static struct liar liar;
static struct error err;
static struct web_answer answer;
static struct text got;

/* ---- Asking ---- */

static bool begin(void *owner, const struct web_answer *now, long long have,
                  struct error *why)
{
    (void)now, (void)have, (void)why;
    text_clear(owner);
    return true;
}

static bool take(void *owner, const void *bytes, size_t length, struct error *why)
{
    (void)why;
    text_append_bytes(owner, bytes, length);
    return true;
}

static const struct web_sink sink = {.begin = begin, .take = take, .owner = &got};

static bool fetch(const char *url, bool is_hostile)
{
    struct web_spec spec = {.url = url, .is_hostile = is_hostile, .seconds = 10};
    err = (struct error){0};
    text_clear(&got);
    return web_fetch(&spec, &sink, &answer, &err);
}

static bool ask(const char *scheme, const char *host, enum liar_server server,
                const char *path)
{
    char *url = string_printf("%s://%s:%d/%s", scheme, host, liar.ports[server], path);
    bool done = fetch(url, false);
    free(url);
    return done;
}

/* What the servers wrote down of a path: how often it was asked for, and how often with
 * something secret. */
static void count(const char *line_start, int *asked, int *with_secret)
{
    ok(ask("http", "127.0.0.1", LIAR_A, "log"), "what was asked");
    *asked = *with_secret = 0;
    char *log = string_copy(text_string(&got));
    for (char *line = log, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (string_starts(line, line_start)) {
            ++*asked;
            *with_secret +=
                strstr(line, "authorization=") != NULL || strstr(line, "canary-") != NULL;
        }
    }
    free(log);
}

/* ---- Secrets ---- */

static void write_credentials(mode_t mode)
{
    struct text lines = {0};
    text_printf(&lines, "[http://127.0.0.1:%d]\ntoken = canary-token\n",
                liar.ports[LIAR_A]);
    text_printf(&lines,
                "[https://127.0.0.1:%d]\nuser = reader\npassword = canary-password\n",
                liar.ports[LIAR_TLS]);
    char *file = path_join(root, "mwb/credentials");
    files_put(root, "mwb/credentials", text_string(&lines));
    ok(chmod(file, mode) == 0, "the file of credentials");
    free(file);
    text_release(&lines);
}

struct away {
    const char *path, *line; /* what is asked for, and where that leads */
    bool is_right;
    int asked, secrets; /* of that line in the log */
};

static void test_origin(void)
{
    static const struct away aways[] = {
        {"asks", "A /asks", true, 1, 1},
        {"asks-here", "A /asks", true, 3, 3},
        {"sends-away-301", "B /right", true, 1, 0},
        {"sends-away-302", "B /right", true, 2, 0},
        {"sends-away-303", "B /right", true, 3, 0},
        {"sends-away-307", "B /right", true, 4, 0},
        {"sends-away-308", "B /right", true, 5, 0},
        {"sends-away-asked", "B /asks-for-ever", false, 1, 0},
        {"sends-away-to-asker", "B /asks", false, 2, 0},
        {"sends-away-with-user", "B /", false, 7, 0},
        {"sends-to-name", "A /right", true, 1, 0},
        {"sends-to-other-number", "A /right", true, 2, 0},
        {"sends-round", "A /back-again", true, 1, 0},
        {"sends-round", "B /comes-back", true, 2, 0},
        {"asks-digest", "A /asks-digest", false, 1, 1},
        {"asks-ntlm", "A /asks-ntlm", false, 1, 1},
        {"asks-proxy", "A /asks-proxy", false, 1, 1},
        {"asks-for-ever", "A /asks-for-ever", false, 1, 1},
    };
    for (size_t i = 0; i < sizeof aways / sizeof *aways; i++) {
        int asked, secrets;
        bool done = ask("http", "127.0.0.1", LIAR_A, aways[i].path);
        ok(done == aways[i].is_right, "%s: %s", aways[i].path, err.message);
        ok(strstr(err.message, "canary") == NULL, "the sentence tells no secret");
        count(aways[i].line, &asked, &secrets);
        is_int(asked, aways[i].asked, "asked for %s", aways[i].line);
        is_int(secrets, aways[i].secrets, "with a secret");
    }
    int asked, secrets;
    ok(!ask("http", "127.0.0.1", LIAR_B, "asks"), "another port has no secret");
    count("B ", &asked, &secrets);
    is_int(secrets, 0, "of %d questions the other server got none with a secret", asked);
}

static void test_loose(void)
{
    write_credentials(0644);
    ok(!ask("http", "127.0.0.1", LIAR_A, "asks"), "others can read it: %s", err.message);
    ok(strstr(err.message, "canary") == NULL, "and nothing of it is told");
    write_credentials(0600);
}

/* A command may ask a person, or take a second: not for each of a thousand questions. */
static void test_command(void)
{
    char *script = path_join(root, "tell");
    char *lines = string_printf("[http://127.0.0.1:%d]\nuser = reader\ncommand = %s\n",
                                liar.ports[LIAR_B], script);
    char *program = string_printf("#!/bin/sh\necho asked >>'%s/asked'\n"
                                  "echo canary-command\n",
                                  root);
    char *asked = path_join(root, "asked"), *bytes = NULL;
    size_t length = 0;
    files_put(root, "tell", program);
    files_put(root, "mwb/credentials", lines);
    ok(chmod(script, 0700) == 0, "a command that tells the password");
    /* A connection without a secret is kept from before: it learns of it by a 401. */
    ask("http", "127.0.0.1", LIAR_B, "asks");
    for (int i = 0; i < 5; i++) {
        ok(ask("http", "127.0.0.1", LIAR_B, "asks"), "asked with it: %s", err.message);
    }
    ok(path_read_file(asked, 1000, &bytes, &length, &err) && length == strlen("asked\n"),
       "it ran once");
    free(bytes);
    free(asked);
    free(program);
    free(lines);
    free(script);
}

/* ---- TLS ---- */

static void test_tls(const char *authority)
{
    static const struct {
        enum liar_server server;
        const char *says;
    } bad[] = {{LIAR_SELF_SIGNED, "certificate"},
               {LIAR_EXPIRED, "certificate"},
               {LIAR_OTHER_NAME, "certificate"},
               {LIAR_NO_TLS, ""}};
    int asked, secrets;
    unsetenv("SSL_CERT_FILE");
    ok(!ask("https", "127.0.0.1", LIAR_TLS, "right"), "an unknown authority: %s",
       err.message);
    setenv("SSL_CERT_FILE", authority, 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ok(!ask("https", "127.0.0.1", bad[i].server, "right"), "%s", err.message);
        ok(strstr(err.message, bad[i].says) != NULL, "it says why");
    }
    count("S ", &asked, &secrets);
    is_int(asked, 0, "nothing was asked behind a certificate that signed itself");
    count("E ", &asked, &secrets);
    is_int(asked, 0, "nor behind one whose time is over");
    count("N ", &asked, &secrets);
    is_int(asked, 0, "nor behind one of another name");
    ok(ask("https", "127.0.0.1", LIAR_TLS, "asks"), "a known authority, and a password");
    count("T /asks", &asked, &secrets);
    is_int(secrets, 1, "which was sent");
    count("A /right", &asked, &secrets);
    int before = asked;
    ok(!ask("https", "127.0.0.1", LIAR_TLS, "to-plain"), "from https to http: %s",
       err.message);
    count("A /right", &asked, &secrets);
    is_int(asked, before, "and nobody went there");
    ok(ask("http", "127.0.0.1", LIAR_A, "sends-to-tls"), "from http to https");
    count("T /right", &asked, &secrets);
    is_int(secrets, 0, "without the secret of either");
    unsetenv("SSL_CERT_FILE");
}

static void test_local(const char *authority)
{
    if (!liar_start(&liar, root)) {
        tap_skip("python3 is not installed, so there is no server that lies");
        return;
    }
    test_loose();
    test_origin();
    test_tls(authority);
    test_command();
    liar_stop(&liar);
}

/* ---- From a public host to a private one: a network of our own ---- */

static bool has_public_host(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    struct sockaddr_in number = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    bool done = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    memcpy(request.ifr_name, "lo:1", 5);
    inet_pton(AF_INET, PUBLIC_HOST, &number.sin_addr);
    memcpy(&request.ifr_addr, &number, sizeof number);
    done = done && ioctl(fd, SIOCSIFADDR, &request) == 0;
    close(fd);
    return done;
}

static void test_into_private(void)
{
    static const char *const paths[] = {
        "to-loopback",         "to-loopback-6",     "to-loopback-mapped",
        "to-loopback-decimal", "to-loopback-octal", "to-loopback-hex",
        "to-loopback-short",   "to-loopback-name",  "to-any",
        "to-private",          "to-link-local"};
    char *from = string_printf("http://%s:%d/", PUBLIC_HOST, liar.ports[LIAR_A]);
    int before, asked, secrets;
    ok(ask("http", "127.0.0.1", LIAR_A, "right"), "a connection to this host is open");
    count("A /right", &before, &secrets);
    for (size_t i = 0; i < 2 * sizeof paths / sizeof *paths; i++) {
        char *url = string_printf("%s%s", from, paths[i / 2]);
        ok(!fetch(url, i % 2 == 0) && strstr(err.message, "network") != NULL, "%s: %s",
           i % 2 == 0 ? "from a catalog" : "typed", err.message);
        free(url);
    }
    count("A /right", &asked, &secrets);
    is_int(asked, before, "nobody went there, not even over an open connection");
    char *url = string_printf("%sright", from);
    ok(fetch(url, true), "a public host may stand in a catalog: %s", err.message);
    free(url);
    free(from);
}

static void test_in_the_clear(void)
{
    char *host = string_printf("MWB_TOKEN_198_51_100_7_%d", liar.ports[LIAR_A]);
    char *file = string_printf("[http://%s:%d]\ntoken = canary-clear\n", PUBLIC_HOST,
                               liar.ports[LIAR_A]);
    char *path = path_join(root, "mwb/credentials");
    unlink(path);
    setenv(host, "canary-clear", 1);
    ok(!ask("http", PUBLIC_HOST, LIAR_A, "asks"), "a variable is not sent in the clear");
    unsetenv(host);
    files_put(root, "mwb/credentials", file);
    ok(ask("http", PUBLIC_HOST, LIAR_A, "asks"), "a section of http can say so: %s",
       err.message);
    free(path);
    free(file);
    free(host);
}

/* At the end, since it leaves the network. */
static void test_public(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || !has_public_host()) {
        tap_skip("no network of our own can be had here, so no host can be public");
        return;
    }
    setenv("LIAR_HOST", PUBLIC_HOST, 1);
    if (liar_start(&liar, NULL)) {
        test_into_private();
        test_in_the_clear();
        liar_stop(&liar);
    }
}

static bool make_certificates(void)
{
    const char *tests = getenv("TESTS_SRCDIR");
    char *command = string_printf("sh '%s/servers/certificates.sh' %s",
                                  tests != NULL ? tests : "tests", root);
    bool made = system(command) == 0;
    free(command);
    return made;
}

int main(void)
{
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    unsetenv("MWB_WEB_PRIVATE");
    if (mkdtemp(root) == NULL) {
        perror(root);
        return EXIT_FAILURE;
    }
    setenv("XDG_CONFIG_HOME", root, 1);
    char *authority = path_join(root, "ca.crt");
    if (make_certificates()) {
        test_local(authority);
    } else {
        tap_skip("openssl is not installed, so there are no certificates");
    }
    test_public();
    path_remove_tree(root, &err);
    free(authority);
    text_release(&got);
    return tap_done();
}
