/* feed: files and pipes, packed and not, in every encoding, in blocks of every size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/import/feed.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/mwb-feed-XXXXXX";
static struct error err;

/* A file without a name that holds these bytes, at its start. */
static int file_of(const void *bytes, size_t length)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || !path_write_bytes(fd, bytes, length)) {
        exit(EXIT_FAILURE);
    }
    return fd;
}

/* A pipe that a child fills with these bytes, `step` at a time. */
static int pipe_of(const void *bytes, size_t length, size_t step)
{
    int ends[2];
    if (pipe(ends) != 0) {
        exit(EXIT_FAILURE);
    }
    if (fork() == 0) {
        signal(SIGPIPE, SIG_DFL);
        close(ends[0]);
        for (size_t at = 0; at < length; at += step) {
            size_t now = length - at < step ? length - at : step;
            if (!path_write_bytes(ends[1], (const char *)bytes + at, now)) {
                break;
            }
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static struct text gzip_of(const void *bytes, size_t length)
{
    struct text out = {0};
    z_stream stream = {0};
    deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    size_t room = deflateBound(&stream, length);
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)text_reserve(&out, room);
    stream.avail_out = (uInt)room;
    deflate(&stream, Z_FINISH);
    text_grow(&out, stream.total_out);
    deflateEnd(&stream);
    return out;
}

static struct text zstd_of(const void *bytes, size_t length)
{
    struct text out = {0};
    size_t room = ZSTD_compressBound(length);
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    text_grow(&out, ZSTD_compress2(zstd, text_reserve(&out, room), room, bytes, length));
    ZSTD_freeCCtx(zstd);
    return out;
}

/* All of the feed, read in blocks of `room` bytes; "" and err when it fails. */
static struct text drain(struct feed *feed, size_t room)
{
    struct text out = {0};
    err = (struct error){0};
    for (size_t got = 1; got > 0;) {
        if (!feed_read(feed, text_reserve(&out, room), room, &got, &err)) {
            text_clear(&out);
            break;
        }
        text_grow(&out, got);
    }
    return out;
}

static struct feed *open_feed(int fd, const char *encoding)
{
    err = (struct error){0};
    return feed_new(
        &(struct feed_spec){
            .fd = fd, .name = "t.csv", .encoding = encoding, .spool_folder = folder},
        &err);
}

static bool same(const struct text *got, const void *want, size_t length)
{
    return got->length == length && memcmp(text_string(got), want, length) == 0;
}

/* The text that comes of `bytes`, twice, from a file and from a pipe, with several sizes
 * of block. */
static bool reads_as(const struct text *bytes, const char *encoding, const char *want,
                     size_t length)
{
    static const size_t rooms[] = {FEED_ROOM_LEAST, FEED_ROOM_LEAST + 13, 70001, 1 << 20};
    bool good = true;
    for (int kind = 0; kind < 2; kind++) {
        int fd = kind == 0 ? file_of(text_string(bytes), bytes->length)
                           : pipe_of(text_string(bytes), bytes->length, 777);
        struct feed *feed = open_feed(fd, encoding);
        for (size_t i = 0; good && i < sizeof rooms / sizeof rooms[0]; i++) {
            good = feed != NULL && (i == 0 || feed_rewind(feed, &err));
            struct text got = {0};
            if (good) {
                got = drain(feed, rooms[i]);
                good = same(&got, want, length) &&
                       feed_total(feed) == (long long)bytes->length &&
                       feed_consumed(feed) == feed_total(feed);
            }
            text_release(&got);
        }
        feed_free(feed);
        close(fd);
        if (kind == 1) {
            wait(NULL);
        }
    }
    return good;
}

static struct text long_text(void)
{
    struct text text = {0};
    for (int i = 0; text.length < 400000; i++) {
        text_printf(&text, "%d,\"ein Bär, %d\",%x\n", i, i * 7, i * 2654435761u);
    }
    return text;
}

static struct text joined(const struct text *a, const struct text *b)
{
    struct text both = {0};
    text_append_bytes(&both, text_string(a), a->length);
    text_append_bytes(&both, text_string(b), b->length);
    return both;
}

static void test_packings(void)
{
    struct text text = long_text(), twice = joined(&text, &text);
    const char *words = text_string(&text);
    ok(reads_as(&text, NULL, words, text.length), "a plain file and a pipe");
    struct text gz = gzip_of(words, text.length), zst = zstd_of(words, text.length);
    struct text members = joined(&gz, &gz), frames = joined(&zst, &zst);
    ok(reads_as(&gz, NULL, words, text.length), "gzip: %s", err.message);
    ok(reads_as(&zst, NULL, words, text.length), "zstd: %s", err.message);
    ok(reads_as(&members, NULL, text_string(&twice), twice.length), "two gzip members");
    ok(reads_as(&frames, NULL, text_string(&twice), twice.length), "two zstd frames");
    text_append_bytes(&members, "\0\0\0\0", 4);
    ok(reads_as(&members, NULL, text_string(&twice), twice.length),
       "zeros behind the last gzip member are no data");
    struct text skippable = {0};
    text_append_bytes(&skippable, text_string(&zst), zst.length);
    text_append_bytes(&skippable, "\x53\x2A\x4D\x18\3\0\0\0abc", 11);
    text_append_bytes(&skippable, text_string(&zst), zst.length);
    ok(reads_as(&skippable, NULL, text_string(&twice), twice.length),
       "a skippable zstd frame is skipped");
    struct text nothing = {0}, gz_of_nothing = gzip_of("", 0);
    ok(reads_as(&nothing, NULL, "", 0), "an empty file");
    ok(reads_as(&gz_of_nothing, NULL, "", 0), "a packed empty file");
    struct text *all[] = {&text,    &twice,  &gz,        &zst,
                          &members, &frames, &skippable, &gz_of_nothing};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        text_release(all[i]);
    }
}

/* The sentence that reading these bytes to their end gives, or "". */
static const char *sentence(const void *bytes, size_t length)
{
    int fd = file_of(bytes, length);
    struct feed *feed = open_feed(fd, NULL);
    if (feed != NULL) {
        struct text got = drain(feed, 4096);
        text_release(&got);
    }
    feed_free(feed);
    close(fd);
    return err.message;
}

static void test_broken(void)
{
    struct text text = long_text();
    struct text gz = gzip_of(text_string(&text), text.length);
    struct text zst = zstd_of(text_string(&text), text.length);
    bool all = true;
    for (size_t cut = 4; cut < gz.length; cut += 997) {
        const char *said = sentence(text_string(&gz), cut);
        all = all && strstr(said, "end too early") != NULL &&
              strstr(said, "[source-error]") != NULL;
    }
    ok(all, "gzip that ends too early: %s", err.message);
    for (size_t cut = 4; cut < zst.length; cut += 997) {
        all = all && strstr(sentence(text_string(&zst), cut), "end too early") != NULL;
    }
    ok(all, "zstd that ends too early: %s", err.message);
    gz.data[gz.length / 2] ^= 0x55;
    zst.data[zst.length / 2] ^= 0x55;
    ok(strstr(sentence(text_string(&gz), gz.length), "are broken near byte"), "%s",
       err.message);
    ok(strstr(sentence(text_string(&zst), zst.length), "are broken near byte"), "%s",
       err.message);
    struct text tail = gzip_of("a,b\n", 4);
    text_append(&tail, "<html>");
    ok(strstr(sentence(text_string(&tail), tail.length), "at byte 24 something follows"),
       "%s", err.message);
    struct text inner = gzip_of("a,b\n", 4), outer = gzip_of(inner.data, inner.length);
    ok(strstr(sentence(text_string(&outer), outer.length), "packed twice"), "%s",
       err.message);
    ok(strstr(sentence("PK\x03\x04 and more", 13), "ZIP archive"), "%s", err.message);
    struct text *held[] = {&text, &gz, &zst, &tail, &inner, &outer};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        text_release(held[i]);
    }
}

/* Each byte of a packed file flipped in turn: the text, or a sentence; never another
 * text. */
static void test_flips(void)
{
    struct text text = {0};
    text_append(&text, "id,name\n1,Ann\n2,Bob\n3,\"Ann, too\"\n");
    struct text packed[] = {gzip_of(text.data, text.length),
                            zstd_of(text.data, text.length)};
    int wrong = 0, refused = 0;
    for (size_t i = 0; i < 2 * packed[0].length + 2 * packed[1].length; i++) {
        struct text *one = &packed[i < 2 * packed[0].length ? 0 : 1];
        size_t at = (one == packed ? i : i - 2 * packed[0].length) / 2;
        char bit = i % 2 == 0 ? (char)0xFF : 0x01;
        one->data[at] ^= bit;
        int fd = file_of(one->data, one->length);
        struct feed *feed = open_feed(fd, "windows-1252");
        struct text got = {0};
        if (feed != NULL) {
            got = drain(feed, 512);
        }
        refused += err.kind != ERROR_NONE ? 1 : 0;
        /* Without its first bytes it is no packed file any more. */
        wrong += err.kind == ERROR_NONE && feed_packing(feed) != NULL &&
                         !same(&got, text.data, text.length)
                     ? 1
                     : 0;
        text_release(&got);
        feed_free(feed);
        close(fd);
        one->data[at] ^= bit;
    }
    ok(refused > 100, "%d files with a byte flipped are refused", refused);
    is_int(wrong, 0, "none gives another text");
    text_release(&text);
    text_release(&packed[0]);
    text_release(&packed[1]);
}

/* A frame may ask for any window; what is beyond the limit is refused before a byte of it
 * is reserved. RFC 8878 §3.1.1.1.2: exponent 18 above 10 is a window of 2^28. */
static void test_window(void)
{
    static const unsigned char frame[] = {0x28,    0xB5, 0x2F, 0xFD, 0x00,
                                          18 << 3, 0x01, 0x00, 0x00};
    ok(strstr(sentence(frame, sizeof frame), "more than 128 MiB of memory") != NULL, "%s",
       err.message);
    static const unsigned char allowed[] = {0x28,    0xB5, 0x2F, 0xFD, 0x00,
                                            17 << 3, 0x09, 0x00, 0x00, 'x'};
    is_text(sentence(allowed, sizeof allowed), "", "128 MiB are allowed");
}

/* 256 MiB of the same byte in a few kilobytes: it streams, and nothing grows with it. */
static void test_bomb(void)
{
    size_t size = 16 << 20;
    char *zeros = memory_new(size);
    memset(zeros, 'x', size);
    struct text one = zstd_of(zeros, size), many = {0};
    for (int i = 0; i < 16; i++) {
        text_append_bytes(&many, text_string(&one), one.length);
    }
    int fd = file_of(text_string(&many), many.length);
    struct feed *feed = open_feed(fd, NULL);
    long long length = 0;
    size_t got = 1;
    while (feed != NULL && got > 0 && feed_read(feed, zeros, 1 << 20, &got, &err)) {
        length += (long long)got;
    }
    is_int(length, 16LL << 24, "256 MiB come out of %zu bytes", many.length);
    feed_free(feed);
    close(fd);
    text_release(&one);
    text_release(&many);
    free(zeros);
}

#define BYTES(string)                                                                    \
    (struct text)                                                                        \
    {                                                                                    \
        .data = (char *)(string), .length = sizeof(string) - 1                           \
    }

static void test_encodings(void)
{
    struct text t = BYTES("\xEF\xBB\xBFg\xC3\xA4,1\n");
    ok(reads_as(&t, NULL, "gä,1\n", 6), "the mark of UTF-8 is eaten");
    t = BYTES("\xFF\xFEg\0\xE4\0\x3D\xD8\x00\xDE");
    ok(reads_as(&t, NULL, "gä😀", 7), "UTF-16, least byte first");
    t = BYTES("\xFE\xFF\0g\0\xE4\xD8\x3D\xDE\x00");
    ok(reads_as(&t, "utf-16", "gä😀", 7),
       "UTF-16, most byte first, though declared otherwise");
    t = BYTES("\xFF\xFE\0\0g\0\0\0\xE4\0\0\0");
    ok(reads_as(&t, NULL, "gä", 3), "UTF-32");
    t = BYTES("g\0\xE4\0");
    ok(reads_as(&t, "utf-16le", "gä", 3), "UTF-16 without a mark, as declared");
    t = BYTES("\x83K,1\n");
    ok(reads_as(&t, "shift_jis", "ガ,1\n", 6), "what iconv knows");
    struct text wide = long_text(), coded = {0};
    for (size_t i = 0; i < wide.length; i++) {
        wide.data[i] &= 0x7F;
        text_append_bytes(&coded, &wide.data[i], 1);
        text_append_bytes(&coded, "", 1);
    }
    struct text packed = zstd_of(text_string(&coded), coded.length);
    ok(reads_as(&packed, "utf-16le", text_string(&wide), wide.length), "packed UTF-16");
    text_release(&wide);
    text_release(&coded);
    text_release(&packed);
}

static void test_otherwise(void)
{
    static const char bytes[] = "g\xE4\x80,1\n";
    int fd = file_of(bytes, sizeof bytes - 1);
    struct feed *feed = open_feed(fd, "iso-8859-1");
    ok(feed_needs_check(feed), "a declared extension of ASCII is tried as UTF-8");
    is_text(feed_encoding(feed), "UTF-8", "and is called so");
    ok(feed_read_otherwise(feed, &err), "then read as declared");
    struct text got = drain(feed, 4096);
    is_text(text_string(&got), "gä\xC2\x80,1\n", "from the start");
    is_text(feed_encoding(feed), "iso-8859-1", "and is called so");
    ok(!feed_needs_check(feed) && feed_replaced(feed) == 0, "nothing to look at");
    text_release(&got);
    feed_free(feed);
    feed = open_feed(fd, NULL);
    feed_read_otherwise(feed, &err);
    got = drain(feed, 4096);
    is_text(text_string(&got), "gä€,1\n", "without a word it is Windows-1252");
    text_release(&got);
    feed_free(feed);
    ok(open_feed(fd, "klingon") == NULL, "an encoding nobody knows: %s", err.message);
    feed = open_feed(fd, NULL);
    ok(!feed_changed(feed), "a file that nobody writes to has not changed");
    ok(pwrite(fd, "more", 4, 6) == 4 && feed_changed(feed), "one that grows has");
    feed_free(feed);
    close(fd);
}

/* Two threads, one gives and one reads: what has come is read before the pipe ends. */
static void test_pipe_flows(void)
{
    int ends[2];
    char got[FEED_ROOM_LEAST];
    size_t length = 0;
    ok(pipe(ends) == 0, "a pipe");
    ok(write(ends[1], "a,b\n1,2\n3,4\n5,6\n", 16) == 16, "with four lines in it");
    struct feed *feed = open_feed(ends[0], NULL);
    ok(feed != NULL && feed_total(feed) == 0, "its length is not known");
    ok(feed_read(feed, got, 16, &length, &err) && length == 16,
       "its lines can be read while it is open");
    close(ends[1]);
    ok(feed_read(feed, got, sizeof got, &length, &err) && length == 0, "then it ends");
    is_int(feed_total(feed), 16, "and its length is known");
    ok(!feed_changed(feed), "it does not change");
    feed_free(feed);
    close(ends[0]);
    ok(feed_new(&(struct feed_spec){.fd = ends[0], .name = "t.csv"}, &err) == NULL,
       "a descriptor that is closed: %s", err.message);
    int closed[2];
    ok(pipe(closed) == 0, "a pipe");
    ok(feed_new(
           &(struct feed_spec){.fd = closed[0], .name = "-", .spool_folder = "/nowhere"},
           &err) == NULL &&
           strstr(err.message, "/nowhere") != NULL,
       "a folder that is not there: %s", err.message);
    close(closed[0]);
    close(closed[1]);
}

int main(void)
{
    if (mkdtemp(folder) == NULL) {
        return EXIT_FAILURE;
    }
    test_packings();
    test_broken();
    test_flips();
    test_window();
    test_bomb();
    test_encodings();
    test_otherwise();
    test_pipe_flows();
    rmdir(folder);
    return tap_done();
}
