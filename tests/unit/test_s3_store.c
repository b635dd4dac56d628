/* s3: which keys go where, and what a store that checks signatures answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/s3/private.h"
#include "tests/unit/s3d_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-s3-XXXXXX";
static struct error err;
static struct s3d s3d;
static char *endpoint, *log_path;

/* ---- Stores ---- */

static const char *const variables[] = {"AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "AWS_PROFILE",
                                        "AWS_REGION",
                                        "AWS_DEFAULT_REGION",
                                        "AWS_ENDPOINT_URL",
                                        "AWS_ENDPOINT_URL_S3",
                                        "AWS_SHARED_CREDENTIALS_FILE",
                                        "AWS_CONFIG_FILE",
                                        "MWB_WEB_PRIVATE"};

static void clean(void)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        unsetenv(variables[i]);
    }
    setenv("HOME", root, 1);
    setenv("XDG_CONFIG_HOME", root, 1);
    char *own = path_join(root, "mwb/credentials"), *aws = path_join(root, ".aws");
    unlink(own);
    path_remove_tree(aws, NULL);
    free(own);
    free(aws);
    unlink(log_path);
}

static void use_keys(const char *user, const char *password, const char *token)
{
    setenv("AWS_ACCESS_KEY_ID", user, 1);
    setenv("AWS_SECRET_ACCESS_KEY", password, 1);
    if (token != NULL) {
        setenv("AWS_SESSION_TOKEN", token, 1);
    } else {
        unsetenv("AWS_SESSION_TOKEN");
    }
}

static void use_good_keys(void)
{
    use_keys("AKIATESTTESTTESTTEST", "wJalr/secret+canary", NULL);
    setenv("AWS_ENDPOINT_URL_S3", endpoint, 1);
}

static void write_file(const char *name, const char *text, mode_t mode)
{
    char *path = path_join(root, name), *folder = path_folder(path);
    ok(path_make_folders(folder, &err) &&
           path_write_file(path, text, strlen(text), mode, &err) &&
           chmod(path, mode) == 0,
       "a file %s", name);
    free(folder);
    free(path);
}

static struct s3_store *open_store(const char *location, const char *endpoint_of)
{
    err = (struct error){0};
    return s3_open(&(struct s3_spec){.location = location, .endpoint = endpoint_of},
                   &err);
}

static bool begin(void *owner, const struct web_answer *answer, long long have,
                  struct error *e)
{
    (void)answer, (void)e;
    text_truncate(owner, (size_t)have);
    return true;
}

static bool take(void *owner, const void *bytes, size_t length, struct error *e)
{
    (void)e;
    text_append_bytes(owner, bytes, length);
    return true;
}

static struct web_answer answer;

/* The object's bytes, yours; NULL and a sentence. */
static char *fetch_like(const char *location, const char *endpoint_of,
                        const struct web_spec *like)
{
    struct text text = {0};
    struct web_sink sink = {.begin = begin, .take = take, .owner = &text};
    struct s3_store *store = open_store(location, endpoint_of);
    if (like->have > 0) {
        text_append_repeated(&text, 'x', (size_t)like->have);
    }
    bool good =
        store != NULL && s3_fetch(store, s3_key(store), like, &sink, &answer, &err);
    s3_close(store);
    text_append(&text, "");
    if (!good) {
        text_release(&text);
    }
    return good ? text_take(&text) : NULL;
}

static char *fetch(const char *location, const char *endpoint_of)
{
    struct web_spec like = {.patience = {.wait = 0.001}};
    return fetch_like(location, endpoint_of, &like);
}

static void check_fetched(const char *location, const char *want)
{
    char *got = fetch(location, NULL);
    is_text(got, want, "%s", location);
    if (got == NULL) {
        printf("# %s\n", err.message);
    }
    free(got);
}

static void check_refused(const char *location, const char *endpoint_of, const char *why)
{
    char *got = fetch(location, endpoint_of);
    ok(got == NULL && strstr(err.message, why) != NULL &&
           strstr(err.message, "canary") == NULL,
       "%s is refused: %s", location, err.message);
    free(got);
}

static char *read_log(void)
{
    char *text = NULL;
    path_read_text(log_path, 1 << 20, &text, &err);
    return text;
}

/* ---- With a server ---- */

static void test_signatures(void)
{
    static const char *const odd[] = {"a b",       "a+b",       "\xc3\xbc\xe2\x82\xac",
                                      "100%",      "a&b;c,d",   "h#i",
                                      "(x)!'*",    "~t_-",      "@:$",
                                      "<k>&\"q\"", "tab\there", "%41"};
    clean();
    use_good_keys();
    check_fetched("s3://private/orders/2024-01.csv", "id,name\n1,one\n2,two\n");
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        char *location = string_printf("s3://private/odd/%s.csv", odd[i]);
        char *want = string_printf("key\nodd/%s.csv\n", odd[i]);
        check_fetched(location, want);
        free(want);
        free(location);
    }
    check_fetched("s3://private/odd/year=2024/m=1/x.csv",
                  "key\nodd/year=2024/m=1/x.csv\n");
    check_fetched("s3://private/odd//two.csv", "key\nodd//two.csv\n");
    use_keys("AKIATESTTESTTESTTEST", "wrong/canary", NULL);
    check_refused("s3://private/large.csv", NULL, "the secret key is not that");
    use_keys("AKIAWRONGWRONGWRONGX", "canary", NULL);
    check_refused("s3://private/large.csv", NULL, "does not know the access key");
    use_keys("ASIATESTTESTTESTTEST", "session/secret+canary", "to/ken+canary==");
    check_fetched("s3://private/orders/2024-02.csv", "id,name\n3,three\n");
    use_keys("ASIATESTTESTTESTTEST", "session/secret+canary", "other-canary");
    check_refused("s3://private/large.csv", NULL, "the token does not belong");
}

static void test_words(void)
{
    clean();
    use_good_keys();
    check_refused("s3://private/nothing.csv", NULL,
                  "there is no such object (NoSuchKey)");
    check_refused("s3://missing/x.csv", NULL, "there is no such bucket (NoSuchBucket)");
    check_refused("s3://archive/x.csv", NULL, "archived");
    check_refused("s3://strange/x.csv", NULL, "the store says \"token=*** and more\"");
    check_fetched("s3://elsewhere/plain/a.txt", "x\n1\n");
    check_fetched("s3://slow/plain/a.txt", "x\n1\n");
    setenv("AWS_REGION", "not/a.region", 1);
    check_refused("s3://private/x.csv", NULL, "could not use the region");
    unsetenv("AWS_REGION");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    check_refused("s3://private/x.csv", NULL, "only one is set");
}

/* Whose keys go where. */
static void test_trust(void)
{
    clean();
    setenv("MWB_WEB_PRIVATE", "1", 1);
    use_keys("AKIATESTTESTTESTTEST", "wJalr/secret+canary", NULL);
    check_refused("s3://private/plain/a.txt", endpoint, "only the descriptor names");
    char *log = read_log();
    ok(strstr(log, "unsigned -") != NULL && strstr(log, " signed") == NULL,
       "an endpoint that only a descriptor names gets no keys");
    free(log);
    char *got = fetch("s3://public/plain/a.txt", endpoint);
    is_text(got, "x\n1\n", "but may give what is for everybody");
    free(got);
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    got = fetch("s3://private/plain/a.txt", endpoint);
    is_text(got, "x\n1\n", "one that the person names as well gets them");
    free(got);
    unsetenv("AWS_ENDPOINT_URL");
    char *section = string_printf("[s3://127.0.0.1:%d]\nuser = AKIATESTTESTTESTTEST\n"
                                  "password = wJalr/secret+canary\n",
                                  s3d.port);
    unsetenv("MWB_WEB_PRIVATE");
    use_keys("AKIAWRONGWRONGWRONGX", "canary", NULL);
    check_refused("s3://private/plain/a.txt", endpoint, "private network");
    write_file("mwb/credentials", section, 0600);
    got = fetch("s3://private/plain/a.txt", endpoint);
    is_text(got, "x\n1\n", "one that the credentials file names gets those, also here");
    free(got);
    write_file("mwb/credentials", section, 0644);
    check_refused("s3://private/plain/a.txt", endpoint, "chmod 600");
    free(section);
    clean();
    check_refused("s3://private/a", "http://u:canary@h", "without a name or password");
    check_refused("s3://private/a", "file:///etc", "could not use the endpoint");
    check_refused("s3://private/a", "http://h/?a=b", "could not use the endpoint");
    setenv("AWS_ENDPOINT_URL_S3", endpoint, 1);
    check_refused("s3://private/plain/a.txt", NULL, "there are no keys: set AWS_ACCESS");
    check_fetched("s3://public/plain/a.txt", "x\n1\n");
}

static void test_profile_files(void)
{
    clean();
    char *config = string_printf("[profile work]\nendpoint_url = %s\nregion = eu-west-1\n"
                                 "[profile sso]\nendpoint_url = %s\nsso_session = x\n",
                                 endpoint, endpoint);
    write_file(".aws/config", config, 0644);
    write_file(".aws/credentials",
               "[work]\naws_access_key_id = AKIATESTTESTTESTTEST\n"
               "aws_secret_access_key = wJalr/secret+canary\n",
               0600);
    setenv("AWS_PROFILE", "work", 1);
    check_fetched("s3://elsewhere/plain/a.txt", "x\n1\n");
    setenv("AWS_PROFILE", "sso", 1);
    check_refused("s3://private/plain/a.txt", NULL, "come by sso_session");
    setenv("AWS_PROFILE", "nobody", 1);
    check_refused("s3://private/plain/a.txt", NULL, "no file of the AWS tools has");
    setenv("AWS_PROFILE", "work", 1);
    write_file(".aws/credentials", "[work]\naws_access_key_id = canary\n", 0640);
    check_refused("s3://private/plain/a.txt", NULL, "chmod 600");
    write_file(".aws/credentials", "", 0600);
    write_file(".aws/config",
               "[profile work]\naws_access_key_id=canary\naws_secret_access_key=canary\n",
               0644);
    check_refused("s3://private/plain/a.txt", NULL, "chmod 600");
    free(config);
}

static void test_resume(void)
{
    clean();
    use_good_keys();
    struct web_spec like = {.patience = {.wait = 0.001}};
    char *whole = fetch_like("s3://private/large.csv", NULL, &like);
    ok(whole != NULL && strlen(whole) == 1288892, "a large object: %zu bytes",
       whole != NULL ? strlen(whole) : 0);
    char tag[WEB_TAG_SIZE];
    memcpy(tag, answer.etag, sizeof tag);
    char *broken = fetch_like("s3://breaks/large.csv", NULL, &like);
    ok(broken != NULL && whole != NULL && strcmp(broken, whole) == 0,
       "a connection that breaks is gone on with");
    free(broken);
    like.have = 1000;
    like.have_tag = tag;
    char *rest = fetch_like("s3://private/large.csv", NULL, &like);
    ok(rest != NULL && whole != NULL && strcmp(rest + 1000, whole + 1000) == 0 &&
           rest[999] == 'x',
       "only what is missing is fetched");
    char *log = read_log();
    ok(strstr(log, "unsigned") == NULL, "every request was signed");
    free(log);
    free(rest);
    free(whole);
    like = (struct web_spec){.etag = tag};
    char *same = fetch_like("s3://private/large.csv", NULL, &like);
    ok(same != NULL && answer.is_unchanged, "what is here already does not come again");
    free(same);
}

/* ---- Listings ---- */

static void check_listed(const char *location, const char *format, const char *want)
{
    struct array objects;
    struct text keys = {0};
    struct s3_store *store = open_store(location, NULL);
    if (store != NULL && s3_list(store, format, &objects, &err)) {
        for (size_t i = 0; i < objects.count; i++) {
            const struct s3_object *object = array_at(&objects, i);
            text_printf(&keys, "%s%s", i > 0 ? " " : "", object->key);
        }
        s3_objects_release(&objects);
    } else {
        text_append(&keys, err.message);
    }
    is_text(text_string(&keys), want, "%s", location);
    text_release(&keys);
    s3_close(store);
}

/* Every object that is listed is fetched as it was listed. */
static void check_fetched_all(const char *location, size_t count)
{
    struct array objects = ARRAY_OF(struct s3_object);
    struct s3_store *store = open_store(location, NULL);
    ok(store != NULL && s3_list(store, NULL, &objects, &err) && objects.count == count,
       "%s: %zu objects", location, objects.count);
    for (size_t i = 0; i < objects.count; i++) {
        const struct s3_object *object = array_at(&objects, i);
        struct text text = {0};
        struct web_sink sink = {.begin = begin, .take = take, .owner = &text};
        struct web_spec like = {0};
        ok(s3_fetch(store, object->key, &like, &sink, &answer, &err) &&
               (long long)text.length == object->bytes &&
               string_equal(answer.etag, object->etag),
           "%s is fetched as it was listed", object->key);
        text_release(&text);
    }
    s3_objects_release(&objects);
    s3_close(store);
}

static void test_listings(void)
{
    struct array objects;
    clean();
    use_good_keys();
    check_listed("s3://private/orders/*.csv", "csv",
                 "orders/2024-01.csv orders/2024-02.csv");
    check_listed("s3://private/orders/**/*.csv", NULL,
                 "orders/2024-01.csv orders/2024-02.csv orders/_log/0.csv "
                 "orders/old/2023-12.csv");
    check_listed("s3://private/orders/", "csv",
                 "orders/2024-01.csv orders/2024-02.csv orders/old/2023-12.csv");
    check_listed("s3://private/plain/", "csv", "plain/a.txt");
    check_listed("s3://private/orders/2024-0[2-9].csv", NULL, "orders/2024-02.csv");
    check_listed("s3://private/odd/[a]?b.csv", NULL, "odd/a b.csv odd/a+b.csv");
    check_listed("s3://private/odd/tab*", NULL, "odd/tab\there.csv");
    check_fetched_all("s3://private/odd/", 16);
    struct s3_store *store = open_store("s3://many/many/", NULL);
    ok(s3_list(store, "csv", &objects, &err) && objects.count == 2500,
       "2,500 keys on three pages");
    s3_objects_release(&objects);
    s3_close(store);
    check_listed("s3://elsewhere/plain/*", NULL, "plain/a.txt");
    char *want =
        string_printf("there is no object s3://private/none/* at 127.0.0.1:%d", s3d.port);
    check_listed("s3://private/none/*", NULL, want);
    free(want);
}

/* Stores that lie about what they have. */
static void test_lies(void)
{
    static const struct {
        const char *how, *why;
    } rows[] = {
        {"entities", "none of a store"},    {"external", "none of a store"},
        {"deep", "none of a store"},        {"long", "none of a store"},
        {"outside", "was not asked for"},   {"circle", "does not say how"},
        {"stuck", "does not say how"},      {"html", "none of a store"},
        {"cut", "none of a store"},         {"empty", "none of a store"},
        {"error", "none of a store"},       {"keyless", "none of a store"},
        {"wide", "none of a store"},        {"large", "more than 8"},
        {"endless", "more than a million"},
    };
    clean();
    setenv("AWS_ENDPOINT_URL_S3", endpoint, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct array objects;
        char *location = string_printf("s3://public-liar-%s/p/*", rows[i].how);
        struct s3_store *store = open_store(location, NULL);
        bool good = store != NULL && s3_list(store, NULL, &objects, &err);
        ok(!good && strstr(err.message, rows[i].why) != NULL, "%s: %s", rows[i].how,
           err.message);
        s3_close(store);
        free(location);
    }
    check_listed("s3://public-liar-twice/p/*", NULL, "p/x.csv");
}

/* ---- Another server ---- */

/* MWB_MOTO: a python that has moto. */
static void test_moto(void)
{
    struct s3d moto;
    struct array objects;
    const char *python = getenv("MWB_MOTO");
    char user[128], password[128];
    if (python == NULL || !s3d_start(&moto, python, "motod.py", NULL)) {
        tap_skip("MWB_MOTO names no python that has moto[s3,server] and boto3");
        return;
    }
    clean();
    char *url = string_printf("http://127.0.0.1:%d", moto.port);
    ok(sscanf(moto.line, "%*d %127s %127s", user, password) == 2, "moto: its keys");
    setenv("AWS_ENDPOINT_URL_S3", url, 1);
    use_keys(user, password, NULL);
    check_fetched_all("s3://sales/odd/", 12);
    check_listed("s3://sales/odd/a*.csv", "csv",
                 "odd/a b.csv odd/a&b;c,d.csv odd/a+b.csv");
    struct s3_store *store = open_store("s3://sales/many/", NULL);
    ok(s3_list(store, "csv", &objects, &err) && objects.count == 1100,
       "moto: 1,100 keys on two pages");
    s3_objects_release(&objects);
    s3_close(store);
    check_refused("s3://sales/none.csv", NULL, "there is no such object");
    use_keys(user, "wrong/canary", NULL);
    check_refused("s3://sales/odd/a b.csv", NULL, "the secret key is not that");
    use_keys("AKIAWRONGWRONGWRONGX", "canary", NULL);
    check_refused("s3://sales/odd/a b.csv", NULL, "does not know the access key");
    s3d_stop(&moto);
    free(url);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        return 99;
    }
    log_path = path_join(root, "log");
    if (s3d_start(&s3d, "python3", "s3d.py", log_path)) {
        endpoint = string_printf("http://127.0.0.1:%d", s3d.port);
        test_signatures();
        test_words();
        test_trust();
        test_profile_files();
        test_resume();
        test_listings();
        test_lies();
        test_moto();
        s3d_stop(&s3d);
    } else {
        tap_skip("python3 is not installed, which the store for tests is written in");
    }
    free(endpoint);
    free(log_path);
    path_remove_tree(root, NULL);
    return tap_done();
}
