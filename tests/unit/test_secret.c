/* secret: whose a secret is, where it is looked for, and that texts do not show it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "engine/path.h"
#include "engine/secret/private.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-secret-XXXXXX";
static char *file;
static struct error err;
static struct secret secret;

/* ---- Origins ---- */

static void test_origins(void)
{
    static const char *const rows[][2] = {
        {"https://Data.Example.ORG/a/b?c#d", "https://data.example.org"},
        {"https://data.example.org:443/", "https://data.example.org"},
        {"http://data.example.org:443/", "http://data.example.org:443"},
        {"https://data.example.org:8443", "https://data.example.org:8443"},
        {"HTTP://user:password@example.org:80/x", "http://example.org"},
        {"http://good.example@bad.example/", "http://bad.example"},
        {"http://bad.example#@good.example/", "http://bad.example"},
        {"http://bad.example?@good.example/", "http://bad.example"},
        {"http://bad.example/@good.example/", "http://bad.example"},
        {"http://[::1]:8080/", "http://[::1]:8080"},
        {"postgres://a:b@db.example:5432/x", "postgresql://db.example"},
        {"postgresql://db.example:5433", "postgresql://db.example:5433"},
        {"s3a://bucket/key", "s3://bucket"},
        {"s3://minio.example:9000", "s3://minio.example:9000"},
        {"", NULL},
        {"example.org", NULL},
        {"/a/b", NULL},
        {"https://", NULL},
        {"http://exa mple.org/", NULL},
        {"http://ex\nample.org/", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = secret_origin(rows[i][0]);
        is_text(got, rows[i][1], "the origin of row %zu", i);
        free(got);
    }
    char *got = secret_origin("http://good.example\\@bad.example/");
    ok(!string_equal(got, "http://good.example"), "a backslash does not end a host");
    free(got);
}

/* ---- Where they are looked for ---- */

static void write_file(const char *text, mode_t mode)
{
    unlink(file);
    ok(path_write_file(file, text, strlen(text), mode, &err) && chmod(file, mode) == 0,
       "a credentials file, mode %o", (unsigned)mode);
}

static bool find(const char *origin)
{
    secret_release(&secret);
    err = (struct error){0};
    return secret_find(origin, &secret, &err);
}

static void test_environment(void)
{
    setenv("MWB_TOKEN_DATA_EXAMPLE_ORG", "canary-t", 1);
    setenv("MWB_PASSWORD_DATA_EXAMPLE_ORG_8443", "canary-p", 1);
    setenv("MWB_USER_DATA_EXAMPLE_ORG_8443", "reader", 1);
    ok(find("https://data.example.org"), "the environment is asked");
    is_text(secret.token, "canary-t", "a token for a host");
    ok(find("https://DATA.example.org:8443/x"), "the environment is asked again");
    is_text(secret.password, "canary-p", "a password for a host and port");
    is_text(secret.user, "reader", "and the name with it");
    static const char *const others[] = {
        "http://data.example.org",       "https://data-example.org",
        "https://data_example_org",      "https://data_example.org",
        "https://data.example.org:444",  "https://x.data.example.org",
        "https://data.example.org.evil", "https://-data.example.org",
        "https://data..example.org",     "https://data.example",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ok(find(others[i]) && secret_is_empty(&secret), "nothing for %s", others[i]);
    }
    setenv("MWB_TOKEN_DATA__EXAMPLE_ORG", "canary-h", 1);
    ok(find("https://data-example.org"), "a host with a hyphen is asked for");
    is_text(secret.token, "canary-h", "and has a name of its own");
    setenv("MWB_TOKEN_127_0_0_1_99", "canary-l", 1);
    ok(find("http://127.0.0.1:99"), "this host is asked for");
    is_text(secret.token, "canary-l", "and may be sent to in the clear");
    setenv("MWB_TOKEN_127_EXAMPLE_ORG", "canary-l", 1);
    ok(find("http://127.example.org") && secret_is_empty(&secret),
       "a name that begins like its number is somebody else's");
    unsetenv("MWB_TOKEN_DATA_EXAMPLE_ORG");
}

static void test_file(void)
{
    write_file("# places\n\n[https://Data.Example.org:443/]\nuser = reader\n"
               "password = can ary#=1\r\n\n[http://other.example]\ntoken=canary-o\n"
               "; end\n[s3://minio.example:9000]\nuser = AK\npassword = SK\ntoken = ST",
               0600);
    ok(find("https://data.example.org/x"), "the file is asked");
    is_text(secret.user, "reader", "a name");
    is_text(secret.password, "can ary#=1", "a password with blanks and signs");
    ok(secret.token == NULL, "and no token of another section");
    ok(find("http://other.example") && string_equal(secret.token, "canary-o"),
       "another section, in the clear because it says so");
    ok(find("https://other.example") && secret_is_empty(&secret), "but not for https");
    ok(find("s3://minio.example:9000") && string_equal(secret.token, "ST"),
       "a store of objects");
    ok(find("not an origin") && secret_is_empty(&secret), "nothing for no origin");
    setenv("MWB_TOKEN_OTHER_EXAMPLE", "canary-e", 1);
    ok(find("https://other.example") && string_equal(secret.token, "canary-e"),
       "the environment comes first");
    unlink(file);
    ok(find("https://data.example.org") && secret_is_empty(&secret), "no file, no error");
}

static void check_refused(const char *why)
{
    ok(!find("https://data.example.org") && strstr(err.message, why) != NULL,
       "refused: %s", why);
    ok(secret_is_empty(&secret) && strstr(err.message, "canary") == NULL,
       "and nothing is told or given: %s", err.message);
}

static void test_loose_files(void)
{
    static const mode_t modes[] = {0640, 0604, 0660, 0666, 0601, 0610, 0620, 0700 | 07};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        write_file("[https://data.example.org]\ntoken = canary", modes[i]);
        check_refused("chmod 600");
    }
    if (geteuid() == 0) {
        write_file("[https://data.example.org]\ntoken = canary", 0600);
        ok(chown(file, 65534, 65534) == 0, "a file of another user");
        check_refused("belongs to another user");
    } else {
        tap_skip("only root can make a file of another user");
    }
    unlink(file);
    ok(mkdir(file, 0700) == 0, "a folder in its place");
    check_refused("no ordinary file");
    rmdir(file);
    ok(mkfifo(file, 0600) == 0, "a pipe in its place");
    check_refused("no ordinary file");
    unlink(file);
}

static void test_broken_files(void)
{
    static const char *const rows[][2] = {
        {"token = canary", "line 1 stands before"},
        {"[https://a.example]\ncanary", "line 2 is neither"},
        {"[https://a.example]\ncanary = x", "line 2 has a key"},
        {"\n[https://a.example\n", "line 2 begins a section but"},
        {"[canary]\n", "line 1 names no origin"},
        {"[]\n", "line 1 names no origin"},
        {"[https://data.example.org]\ntoken=canary\ntoken=b", "a second value"},
        {"[https://data.example.org]\n[https://data.example.org:443]\ntoken=canary",
         "line 2 begins a section that was there"},
        {"[https://data.example.org]\ncommand = canary-is-no-program", "canary"},
    };
    for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++) {
        write_file(rows[i][0], 0600);
        check_refused(rows[i][1]);
    }
    struct text large = {0};
    text_append_repeated(&large, '#', SECRET_FILE_MOST + 1);
    write_file(text_string(&large), 0600);
    check_refused("too large");
    text_clear(&large);
    text_append(&large, "[https://data.example.org]\ntoken = canary");
    text_append_repeated(&large, 'x', SECRET_VALUE_MOST);
    write_file(text_string(&large), 0600);
    check_refused("line 2 is too long");
    text_release(&large);
    ok(path_write_file(file, "a\0b", 3, 0600, &err), "a file that is no text");
    check_refused("no text");
}

/* ---- Commands ---- */

static char *run(const char *line, double seconds)
{
    char *first = NULL;
    err = (struct error){0};
    return secret_run(line, seconds, &first, &err) ? first : NULL;
}

static void check_run(const char *line, const char *want)
{
    char *got = run(line, 10);
    is_text(got, want, "%s", line);
    free(got);
}

static void test_commands(void)
{
    check_run("printf 'one two\\nthree'", "one two");
    check_run("printf %s \"a\\\"b\"'c d'\\ e", "a\"bc d e");
    check_run("printf '%s' $HOME;id", "$HOME;id");
    check_run("sh -c 'echo ${MWB_TOKEN_127_0_0_1_99:-none}'", "none");
    check_run("sh -c 'echo ${HOME:+home}'", "home");
    check_run("sh -c 'test -t 0 || (: </dev/tty) 2>/dev/null || echo no terminal'",
              "no terminal");
    check_run("sh -c 'read x || echo nothing to read'", "nothing to read");
    ok(run("sh -c 'echo canary; exit 3'", 10) == NULL, "a status counts");
    ok(strstr(err.message, "status 3") != NULL && strstr(err.message, "canary") == NULL,
       "and is told, not what it printed: %s", err.message);
    ok(run("true", 10) == NULL && strstr(err.message, "nothing") != NULL, "nothing");
    ok(run("yes", 10) == NULL && strstr(err.message, "more than") != NULL, "endless");
    ok(run("'open", 10) == NULL && strstr(err.message, "quotation") != NULL, "open '");
    ok(run("  ", 10) == NULL && strstr(err.message, "empty") != NULL, "blanks");
    ok(run("./secret", 10) == NULL && strstr(err.message, "PATH") != NULL, "relative");
    ok(run("no-such-program-here", 10) == NULL, "a program that is not there");
    double start = path_monotonic();
    ok(run("sh -c 'tail -f /dev/null & tail -f /dev/null'", 0.2) == NULL &&
           err.kind == ERROR_TIMEOUT,
       "one that hangs is stopped");
    ok(path_monotonic() - start < 20, "with all that it started");
}

static void test_command_of_file(void)
{
    write_file("[https://data.example.org]\nuser = reader\ncommand = printf 'canary\\nx'",
               0600);
    ok(find("https://data.example.org") && string_equal(secret.password, "canary") &&
           string_equal(secret.user, "reader"),
       "the first line of a command is the password");
    write_file("[https://data.example.org]\ncommand = sh -c 'echo canary;false'", 0600);
    check_refused("ended with status 1");
    unlink(file);
}

/* ---- Texts ---- */

static void test_redaction(void)
{
#include "tests/unit/redact_cases.h"
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = secret_redact(rows[i][0]);
        char *again = secret_redact(got);
        is_text(got, rows[i][1] != NULL ? rows[i][1] : rows[i][0], "text %zu", i);
        is_text(again, got, "and redacting it again changes nothing");
        free(got);
        free(again);
    }
}

static void test_redaction_in_place(void)
{
    struct text text = {0};
    error_set(&err, ERROR_TIMEOUT, "see https://u:canary@h/ and password=canary");
    secret_redact_error(&err);
    is_text(err.message, "see https://***@h/ and password=***", "a sentence");
    is_int(err.kind, ERROR_TIMEOUT, "stays what it is");
    error_set(&err, ERROR_FAILED, "the column key = 5 is no address");
    secret_redact_error(&err);
    is_text(err.message, "the column key = 5 is no address", "one without an address");
    secret_redact_error(NULL);
    secret_redact_text(&text);
    is_text(text_string(&text), "", "an empty text");
    text_append(&text, "https://canary@h");
    secret_redact_text(&text);
    is_text(text_string(&text), "https://***@h", "a text");
    text_release(&text);
}

/* ---- The process ---- */

static void test_guard(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit cores;
        char link[4096], name[64];
        int fd = open(root, O_RDONLY | O_CLOEXEC);
        secret_guard_process();
        getrlimit(RLIMIT_CORE, &cores);
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(name, link, sizeof link);
        bool good = cores.rlim_cur == 0 && cores.rlim_max == 0;
#ifdef HAVE_SYS_PRCTL_H
        good = good && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
        _exit(!good ? 1 : length <= 0 ? 2 : 0);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    is_int(status, 0, "a guarded process leaves no core and still knows its own files");
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        return 99;
    }
    setenv("XDG_CONFIG_HOME", root, 1);
    char *folder = path_join(root, "mwb");
    ok(path_make_folders(folder, &err), "a place for the file");
    file = path_join(folder, "credentials");
    test_origins();
    test_environment();
    test_file();
    test_loose_files();
    test_broken_files();
    test_commands();
    test_command_of_file();
    test_redaction();
    test_redaction_in_place();
    test_guard();
    secret_release(&secret);
    path_remove_tree(root, &err);
    free(folder);
    free(file);
    return tap_done();
}
