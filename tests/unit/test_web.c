/* web: addresses judged, answers fetched within limits, servers that lie.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/web.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-web-XXXXXX";
static struct error err;
static struct httpd httpd;

/* ---- Texts and numbers ---- */

static const char *const good[] = {
    "http://example.org",   "https://example.org:8443/a?b#c", "HTTP://[2001:db8::1]/x",
    "http://127.0.0.1/",    "https://example.org/@a/b:c@d",   "https://example.org?a=b@c",
    "http://h/%0d%0aX:%20y"};
static const char *const bad[] = {"",
                                  "example.org",
                                  "file:///etc/passwd",
                                  "ftp://example.org/",
                                  "gopher://example.org/",
                                  "http://",
                                  "http://name:password@example.org/",
                                  "http://name@example.org/",
                                  "http://example.org/\r\nX: y",
                                  "http://example.org/a b",
                                  "http://example.org/\ta",
                                  "http://exa\nmple.org/",
                                  "http://example.org/\x7f",
                                  " http://example.org/",
                                  "http://example.org/\r",
                                  "http:///etc/passwd",
                                  "http:",
                                  "http:/",
                                  "https",
                                  "//example.org/a",
                                  "/etc/passwd",
                                  "../a",
                                  "http://:80/",
                                  "http://example.org:99999/",
                                  "http://example.org:-1/",
                                  "http://example.org:80x/",
                                  "http://[::1/",
                                  "http://[::1]x/",
                                  "http://[gggg::]/",
                                  "http://@example.org/",
                                  "http://:@example.org/",
                                  "http://a:b@c:d@example.org/",
                                  "http://user%40x@example.org/",
                                  "http://example.org\\@evil.example.com/",
                                  "http://example.org\\.evil.example.com/",
                                  "https://example.org@evil.example.com/",
                                  "http+unix://%2fvar%2frun%2fsock/",
                                  "httpx://example.org/",
                                  "hTTps+git://example.org/",
                                  "dict://127.0.0.1:11211/stat",
                                  "ldap://example.org/",
                                  "smb://example.org/share",
                                  "scp://example.org/a",
                                  "sftp://example.org/a",
                                  "telnet://example.org/",
                                  "imap://example.org/",
                                  "tftp://example.org/a",
                                  "rtsp://example.org/a",
                                  "mqtt://example.org/a",
                                  "ws://example.org/a",
                                  "wss://example.org/a",
                                  "data:text/csv,a",
                                  "jar:http://example.org/a!/b",
                                  "ext::sh -c id",
                                  "-oProxyCommand=id",
                                  "about:blank",
                                  "javascript:alert(1)"};

static void test_addresses(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ok(web_check(good[i], &err), "an address: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (struct error){0};
        ok(!web_check(bad[i], &err) && err.message[0] != '\0', "none: %zu", i);
    }
}

static void check_beside(const char *url, const char *path, const char *want)
{
    char *got = web_beside(url, path);
    is_text(got, want, "%s beside %s", path, url);
    free(got);
}

static void check_base(const char *url, const char *want)
{
    char *got = web_base(url);
    is_text(got, want, "the base of %s", url);
    free(got);
}

static void test_texts(void)
{
    check_beside("https://h/a/mesh.yaml?x=/y", "b/c d", "https://h/a/b/c%20d");
    check_beside("https://h", "b", "https://h/b");
    check_beside("https://h/", "b?c#d", "https://h/b%3Fc%23d");
    check_beside("https://h/a/", "b", "https://h/a/b");
    check_base("https://h/a/data.json?x=/y", "data.json");
    check_base("https://h/a/d%61ta.json#z", "data.json");
    check_base("https://h/a/", "");
    check_base("https://h", "");
}

static bool is_private(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return web_is_private((struct sockaddr *)&four);
    }
    inet_pton(AF_INET6, text, &six.sin6_addr);
    return web_is_private((struct sockaddr *)&six);
}

static void test_numbers(void)
{
    static const char *const inside[] = {
        "0.0.0.0",     "10.1.2.3",        "100.64.0.1",      "127.0.0.1",
        "127.9.9.9",   "169.254.169.254", "172.16.0.1",      "172.31.255.255",
        "192.168.1.1", "224.0.0.1",       "255.255.255.255", "::",
        "::1",         "fe80::1",         "fc00::1",         "fd12::1",
        "ff02::1",     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:1::"};
    static const char *const outside[] = {
        "1.1.1.1",       "172.32.0.1",   "100.128.0.1",    "192.167.1.1",
        "9.255.255.255", "2606:4700::1", "::ffff:1.1.1.1", "2002:101:101::"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        ok(is_private(inside[i]), "private: %s", inside[i]);
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        ok(!is_private(outside[i]), "public: %s", outside[i]);
    }
}

/* ---- Fetching ---- */

static struct web_answer answer;

/* What came, or "refused". */
static const char *got(const char *path, struct web_spec spec)
{
    static char text[256];
    char *url = string_printf("http://127.0.0.1:%d%s", httpd.port, path);
    char *file = path_join(root, "got");
    int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
    spec.url = url;
    err = (struct error){0};
    memset(text, 0, sizeof text);
    if (!web_get(&spec, fd, &answer, &err)) {
        snprintf(text, sizeof text, "%s",
                 err.message[0] != '\0' ? "refused" : "refused without a word");
    } else if (answer.is_unchanged) {
        snprintf(text, sizeof text, "unchanged");
    } else if (pread(fd, text, sizeof text - 1, 0) < 0) {
        perror(file);
    }
    close(fd);
    free(file);
    free(url);
    return text;
}

static void test_plain(void)
{
    struct web_spec spec = {0};
    is_text(got("/plain.txt", spec), "plain", "a file");
    is_int(answer.bytes, 5, "its bytes");
    ok(answer.etag[0] == '"', "its tag");
    char etag[WEB_TAG_SIZE];
    memcpy(etag, answer.etag, sizeof etag);
    is_text(got("/plain.txt", (struct web_spec){.etag = etag}), "unchanged",
            "asked again with the tag");
    is_text(got("/plain.txt", (struct web_spec){.etag = "\"other\""}), "plain",
            "asked with another tag");
    is_text(got("/odd/good", spec), "plain", "redirected");
    is_text(got("/odd/names", spec), "plain", "redirected to its own host by number");
    is_text(got("/odd/tag", spec), "{}", "a tag with a control character");
    is_text(answer.etag, "", "is not kept");
}

static void test_lies(void)
{
    static const char *const paths[] = {"/odd/file",  "/odd/gopher", "/odd/ftp",
                                        "/odd/loop",  "/odd/short",  "/odd/unasked",
                                        "/odd/error", "/missing"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        is_text(got(paths[i], (struct web_spec){0}), "refused", "%s: %s", paths[i],
                err.message);
    }
    struct web_spec small = {.most = 1000000};
    is_text(got("/odd/bomb", small), "refused", "a gzip bomb: %s", err.message);
    is_text(got("/odd/large", small), "refused", "too long a body: %s", err.message);
    is_text(got("/odd/endless", small), "refused", "an endless body: %s", err.message);
    is_text(got("/odd/slow", (struct web_spec){.seconds = 0.2}), "refused",
            "a server that says no more: %s", err.message);
    is_int(err.kind, ERROR_TIMEOUT, "which is the time limit");
    is_text(got("/plain.txt", (struct web_spec){.most = 4}), "refused",
            "one byte too much");
    is_text(got("/plain.txt", (struct web_spec){.most = 5}), "plain", "just enough");
}

static void test_private(void)
{
    struct web_spec hostile = {.is_hostile = true};
    is_text(got("/plain.txt", hostile), "refused", "this host in a catalog: %s",
            err.message);
    setenv("MWB_WEB_PRIVATE", "1", 1);
    is_text(got("/plain.txt", hostile), "plain", "which can be allowed");
    unsetenv("MWB_WEB_PRIVATE");
}

int main(void)
{
    test_addresses();
    test_texts();
    test_numbers();
    if (mkdtemp(root) == NULL) {
        perror(root);
        return EXIT_FAILURE;
    }
    char *file = path_join(root, "plain.txt");
    path_write_file(file, "plain", 5, 0600, &err);
    unsetenv("http_proxy");
    if (httpd_start(&httpd, root)) {
        test_plain();
        test_lies();
        test_private();
        httpd_stop(&httpd);
    } else {
        tap_skip("python3 is not installed, so there is no server to ask");
    }
    free(file);
    path_remove_tree(root, &err);
    return tap_done();
}
