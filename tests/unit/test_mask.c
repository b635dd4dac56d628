/* mask: rules in words, what they make of values, and the key file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/mask.h"
#include "engine/mask/private.h"
#include "engine/path.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/mwb-test-mask-XXXXXX";

/* ---- Rules ---- */

static void test_words(void)
{
    static const struct {
        const char *text, *told;
        enum mask_kind kind;
        int count;
    } rules[] = {
        {"drop", "left out", MASK_DROP, 0},
        {" null ", "shown as NULL", MASK_NULL, 0},
        {"token", "shown as a token", MASK_TOKEN, 0},
        {"first 3", "only its first 3 characters", MASK_FIRST, 3},
        {"first  1 ", "only its first character", MASK_FIRST, 1},
        {"year", "only its year", MASK_YEAR, 0},
        {"month", "only its year and month", MASK_MONTH, 0},
        {"round 1000", "rounded down to a multiple of 1000", MASK_ROUND, 1000},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct mask_rule rule;
        struct error err = {0};
        struct text told = {0};
        ok(mask_parse(rules[i].text, &rule, &err) && rule.kind == rules[i].kind &&
               rule.count == rules[i].count,
           "'%s' is a rule", rules[i].text);
        mask_describe(&rule, &told);
        is_text(text_string(&told), rules[i].told, "and told so");
        text_release(&told);
    }
    static const char *const wrong[] = {
        "",         "tokens",           "first",     "first 0",   "first -1",
        "first 3x", "first 9999999999", "round",     "round 0",   "Token",
        "year 2",   "first3",           "round 1.5", "token;drop"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct mask_rule rule = {MASK_NONE, 0};
        struct error err = {0};
        ok(!mask_parse(wrong[i], &rule, &err) && err.kind == ERROR_USAGE &&
               rule.kind == MASK_DROP && strstr(err.message, "first N") != NULL,
           "'%s' is none, and leaves what shows nothing", wrong[i]);
    }
    struct mask_rule three = {MASK_FIRST, 3}, four = {MASK_FIRST, 4},
                     token = {MASK_TOKEN, 3}, other = {MASK_TOKEN, 0};
    ok(!mask_equal(&three, &four) && mask_equal(&token, &other),
       "rules are equal by what they do");
}

/* ---- Values ---- */

static void is_masked(struct mask_rule rule, const char *value, const char *want)
{
    char out[MASK_ROOM + 1];
    long length = mask_apply(&rule, NULL, value, strlen(value), out, MASK_ROOM);
    out[length > 0 ? length : 0] = '\0';
    is_text(length < 0 ? NULL : out, want, "rule %d %d of '%s'", (int)rule.kind,
            rule.count, value);
}

static void test_values(void)
{
    static const struct {
        struct mask_rule rule;
        const char *value, *want;
    } cases[] = {
        {{MASK_FIRST, 3}, "12345", "123"},
        {{MASK_FIRST, 3}, "12", "12"},
        {{MASK_FIRST, 2}, "", ""},
        {{MASK_FIRST, 2},
         "\xC3\x84"
         "\xE2\x82\xAC"
         "x",
         "\xC3\x84"
         "\xE2\x82\xAC"},
        {{MASK_FIRST, 1},
         "\xF0\x9F\x98\x80"
         "x",
         "\xF0\x9F\x98\x80"},
        {{MASK_FIRST, 2}, "\x80\x81\x82\x83", "\x80\x81"},
        {{MASK_FIRST, 2},
         "\xF0\x9F"
         "abc",
         "\xF0\x9F"},
        {{MASK_YEAR, 0}, "1987-05-12", "1987"},
        {{MASK_YEAR, 0}, "1987-05-12T10:00:00Z", "1987"},
        {{MASK_YEAR, 0}, "1987", "1987"},
        {{MASK_YEAR, 0}, "19870512", NULL},
        {{MASK_YEAR, 0}, "12.05.1987", NULL},
        {{MASK_YEAR, 0}, "n/a", NULL},
        {{MASK_YEAR, 0}, "", NULL},
        {{MASK_MONTH, 0}, "1987-05-12", "1987-05"},
        {{MASK_MONTH, 0}, "1987-05", "1987-05"},
        {{MASK_MONTH, 0}, "1987", NULL},
        {{MASK_MONTH, 0}, "1987-13-01", NULL},
        {{MASK_MONTH, 0}, "1987-00-01", NULL},
        {{MASK_MONTH, 0}, "1987-051", NULL},
        {{MASK_ROUND, 10}, "37", "30"},
        {{MASK_ROUND, 10}, "37.9", "30"},
        {{MASK_ROUND, 10}, "30", "30"},
        {{MASK_ROUND, 10}, "-3", "-10"},
        {{MASK_ROUND, 10}, "-10", "-10"},
        {{MASK_ROUND, 10}, "-10.5", "-20"},
        {{MASK_ROUND, 1}, "-0.0", "0"},
        {{MASK_ROUND, 1000}, "1.0e+05", "100000"},
        {{MASK_ROUND, 1}, "1.5e-05", "0"},
        {{MASK_ROUND, 1}, "-1.5e-05", "-1"},
        {{MASK_ROUND, 10}, "9223372036854775807", NULL},
        {{MASK_ROUND, 7}, "1e9999", NULL},
        {{MASK_ROUND, 7}, "12 apples", NULL},
        {{MASK_ROUND, 7}, "-", NULL},
        {{MASK_ROUND, 7}, "", NULL},
        {{MASK_NULL, 0}, "x", NULL},
        {{MASK_DROP, 0}, "x", NULL},
        {{MASK_TOKEN, 0}, "without a key", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        is_masked(cases[i].rule, cases[i].value, cases[i].want);
    }
    char out[MASK_ROOM];
    struct mask_rule rule = {MASK_FIRST, 1};
    ok(mask_apply(&rule, NULL, NULL, 0, out, sizeof out) == -1, "NULL stays NULL");
    char longer[200];
    memset(longer, 'x', sizeof longer);
    rule.count = 100;
    ok(mask_apply(&rule, NULL, longer, sizeof longer, out, sizeof out) == -1,
       "what has no room is not cut in silence");
}

static void test_reals(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{5, "5"},
                 {-0.0, "0"},
                 {1.5, "1.5"},
                 {-12, "-12"},
                 {0.00001, "1.0e-05"},
                 {1e15, "1000000000000000"},
                 {1e300, "1.0e+300"},
                 {0.1, "0.1"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[MASK_ROOM];
        size_t length = mask_print_real(cases[i].value, out);
        out[length] = '\0';
        is_text(out, cases[i].text, "a number is printed");
    }
}

/* ---- Tokens ---- */

static void hex_of(const unsigned char *bytes, size_t length, char *hex)
{
    for (size_t i = 0; i < length; i++) {
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    }
}

/* RFC 4231, test cases 1, 2, 3, 4, 6 and 7. */
static void test_vectors(void)
{
    static const unsigned char counting[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,
                                             10, 11, 12, 13, 14, 15, 16, 17, 18,
                                             19, 20, 21, 22, 23, 24, 25};
    static const struct {
        int key_byte; /* -1: counting, -2: "Jefe" */
        size_t key_length;
        const char *data;
        int data_byte;
        size_t data_length;
        const char *digest;
    } cases[] = {
        {0x0b, 20, "Hi There", 0, 8,
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {-2, 4, "what do ya want for nothing?", 0, 28,
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {0xaa, 20, NULL, 0xdd, 50,
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {-1, 25, NULL, 0xcd, 50,
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 0, 54,
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {0xaa, 131,
         "This is a test using a larger than block-size key and a larger than "
         "block-size data. The key needs to be hashed before being used by the HMAC "
         "algorithm.",
         0, 152, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char secret[131], digest[MASK_DIGEST_SIZE];
        char data[160], hex[2 * MASK_DIGEST_SIZE + 1];
        memset(secret, cases[i].key_byte, sizeof secret);
        if (cases[i].key_byte == -1) {
            memcpy(secret, counting, sizeof counting);
        } else if (cases[i].key_byte == -2) {
            memcpy(secret, "Jefe", 4);
        }
        memset(data, cases[i].data_byte, sizeof data);
        if (cases[i].data != NULL) {
            memcpy(data, cases[i].data, cases[i].data_length);
        }
        struct error err = {0};
        struct mask_key *key = mask_key_new(secret, cases[i].key_length, &err);
        for (int again = 0; again < 2; again++) {
            mask_key_digest(key, data, cases[i].data_length, digest);
            hex_of(digest, sizeof digest, hex);
            is_text(hex, cases[i].digest, "RFC 4231, vector %zu, time %d", i + 1,
                    again + 1);
        }
        mask_key_close(key);
    }
}

static void token_of(const struct mask_key *key, const char *value, char out[25])
{
    static const struct mask_rule token = {MASK_TOKEN, 0};
    char room[MASK_ROOM];
    long length = mask_apply(&token, key, value, strlen(value), room, sizeof room);
    memcpy(out, room, 24);
    out[length == 24 ? 24 : 0] = '\0';
}

static void test_tokens(void)
{
    unsigned char secret[MASK_KEY_SIZE] = {0x0b};
    memset(secret, 0x0b, 20);
    struct error err = {0};
    struct mask_key *key = mask_key_new(secret, 20, &err);
    char one[25], two[25];
    token_of(key, "Hi There", one);
    is_text(one, "WA2EYYOY3M4FGXFIV7HK6C7R", "the first 15 bytes in base32");
    token_of(key, "Hi There", two);
    is_text(two, one, "equal values have equal tokens");
    token_of(key, "hi There", two);
    ok(strcmp(one, two) != 0, "case counts");
    token_of(key, "", two);
    ok(strlen(two) == 24, "an empty text has a token too");
    char id[17], other_id[17];
    mask_key_id(key, id);
    secret[0] ^= 1;
    struct mask_key *other = mask_key_new(secret, 20, &err);
    mask_key_id(other, other_id);
    token_of(other, "Hi There", two);
    ok(strlen(id) == 16 && strcmp(id, other_id) != 0 && strcmp(one, two) != 0,
       "another key has another name and other tokens");
    mask_key_close(key);
    mask_key_close(other);
    mask_key_close(NULL);
}

/* ---- Threads ---- */

enum { THREADS = 8, TOKENS = 20000 };

struct work {
    const struct mask_key *key;
    unsigned long long sum;
};

static void *make_tokens(void *context)
{
    struct work *work = context;
    for (int i = 0; i < TOKENS; i++) {
        char value[32], token[25];
        snprintf(value, sizeof value, "person%d@example.org", i);
        token_of(work->key, value, token);
        for (int j = 0; j < 24; j++) {
            work->sum = work->sum * 31 + (unsigned char)token[j];
        }
    }
    return NULL;
}

static void test_threads(void)
{
    unsigned char secret[MASK_KEY_SIZE] = {1, 2, 3};
    struct error err = {0};
    struct mask_key *key = mask_key_new(secret, sizeof secret, &err);
    struct work alone = {key, 0}, works[THREADS];
    pthread_t threads[THREADS];
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    make_tokens(&alone);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double seconds =
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    printf("# %.2f million tokens a second on one core\n", TOKENS / seconds / 1e6);
    for (int i = 0; i < THREADS; i++) {
        works[i] = (struct work){key, 0};
        pthread_create(&threads[i], NULL, make_tokens, &works[i]);
    }
    bool same = true;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        same = same && works[i].sum == alone.sum;
    }
    ok(same, "threads that share a key make the same tokens");
    mask_key_close(key);
}

/* ---- The key file ---- */

static void test_file(void)
{
    struct error err = {0};
    setenv("XDG_DATA_HOME", folder, 1);
    umask(0);
    struct mask_key *key = mask_key_open("shop", &err);
    ok(key != NULL, "a key is made when it is needed first: %s", err.message);
    char id[17] = "", again[17] = "";
    mask_key_id(key, id);
    mask_key_close(key);
    char *path = string_printf("%s/mwb/keys/shop.key", folder);
    struct stat info;
    ok(stat(path, &info) == 0 && (info.st_mode & 07777) == 0600 && info.st_size == 32,
       "as a file of mode 0600, with umask 000");
    umask(0777);
    key = mask_key_open("other", &err);
    ok(key != NULL, "also with umask 777: %s", err.message);
    mask_key_id(key, again);
    mask_key_close(key);
    umask(022);
    ok(strcmp(id, again) != 0, "another mesh has another key");
    key = mask_key_open("shop", &err);
    mask_key_id(key, again);
    mask_key_close(key);
    is_text(again, id, "and the same one the next time");
    static const mode_t loose[] = {0640, 0604, 0620, 0602, 0644, 0666};
    for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
        chmod(path, loose[i]);
        ok(mask_key_open("shop", &err) == NULL && strstr(err.message, "chmod 0600"),
           "mode %04o is refused", (unsigned)loose[i]);
    }
    chmod(path, 0600);
    ok(truncate(path, 31) == 0 && mask_key_open("shop", &err) == NULL &&
           strstr(err.message, "31 bytes") != NULL,
       "a damaged key is no reason for a new one: %s", err.message);
    static const char *const names[] = {"../x", "a/b", "", "/etc/passwd", ".hidden"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ok(mask_key_open(names[i], &err) == NULL, "'%s' is no name", names[i]);
    }
    unlink(path);
    ok(symlink("/dev/zero", path) == 0 && mask_key_open("shop", &err) == NULL,
       "a link is not followed: %s", err.message);
    free(path);
}

static void test_named_file(void)
{
    struct error err = {0};
    char *path = string_printf("%s/team.key", folder);
    setenv("MWB_MASK_KEY", path, 1);
    struct mask_key *key = mask_key_open("whatever", &err);
    char id[17] = "", again[17] = "";
    mask_key_id(key, id);
    mask_key_close(key);
    chmod(path, 0440);
    key = mask_key_open("another", &err);
    mask_key_id(key, again);
    is_text(again, id, "$MWB_MASK_KEY names one key for all, which a group may read");
    mask_key_close(key);
    chmod(path, 0444);
    ok(mask_key_open("another", &err) == NULL && strstr(err.message, "0640") != NULL,
       "but not everybody");
    unsetenv("MWB_MASK_KEY");
    free(path);
}

/* Sixteen processes need a key that is not there. */
static void test_race(void)
{
    enum { ROUNDS = 20, PROCESSES = 16 };
    int wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char name[32];
        int ends[2], start[2];
        snprintf(name, sizeof name, "race%d", round);
        if (pipe(ends) != 0 || pipe(start) != 0) {
            exit(1);
        }
        for (int i = 0; i < PROCESSES; i++) {
            if (fork() == 0) {
                struct error err = {0};
                char id[17] = "----------------", byte;
                close(start[1]);
                ssize_t got = read(start[0], &byte, 1); /* until all are there */
                struct mask_key *key = mask_key_open(name, &err);
                if (key != NULL) {
                    mask_key_id(key, id);
                }
                mask_key_close(key);
                _exit(got == 0 && write(ends[1], id, 16) == 16 ? 0 : 1);
            }
        }
        close(start[0]);
        close(start[1]);
        close(ends[1]);
        char first[16], id[16];
        for (int i = 0; i < PROCESSES; i++) {
            ssize_t got = read(ends[0], id, 16);
            memcpy(i == 0 ? first : id, id, 16);
            wrong += got != 16 || id[0] == '-' || memcmp(first, id, 16) != 0 ? 1 : 0;
        }
        close(ends[0]);
        while (wait(NULL) > 0) {
        }
    }
    is_int(wrong, 0, "%d times %d processes that make a key all have the same one",
           ROUNDS, PROCESSES);
}

int main(void)
{
    test_words();
    test_values();
    test_reals();
    test_vectors();
    test_tokens();
    test_threads();
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    unsetenv("MWB_MASK_KEY");
    test_file();
    test_named_file();
    test_race();
    struct error err = {0};
    ok(path_remove_tree(folder, &err), "nothing is left: %s", err.message);
    return tap_done();
}
