/* access/converter: a command of the person's own that turns a file into CSV or JSON
 * Lines. It gets whole files only, held against what is declared of them; what it prints
 * is an arrival, so that the import reads while it works.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access/private.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/program.h"
#include "engine/secret.h"

enum {
    BLOCK = 256 * 1024,
    LOOK_AROUND_MS = 100,
    END_MS = 2, /* how often it is looked whether it has ended */
    SUFFIX_MOST = 10,
    COMPLAINT_MOST = 4096, /* bytes kept of the end of what it says */
    HOUR = 3600
};

struct conversion {
    struct access_file source; /* what is converted; what it holds is the file's own */
    const struct catalog_table *table;
    struct job_port *port;
    struct array words; /* of the command */
    char *folder;       /* of the link that gives the file a name, or NULL */
    double seconds;
    struct arrival *arrival;
    pthread_t thread;
    bool is_started;
    atomic_bool is_stopped;
    struct program program;
    struct text complaints;
};

/* What it prints is written as it likes: everything is found out. */
static const struct catalog_dialect open_dialect = {.encoding = (char *)"utf-8"};

/* ---- The command ---- */

static bool replace(char **word, const char *mark, const char *with)
{
    struct text out = {0};
    const char *at = *word, *found = strstr(at, mark);
    if (found == NULL) {
        return false;
    }
    for (; found != NULL; found = strstr(at, mark)) {
        text_append_bytes(&out, at, (size_t)(found - at));
        text_append(&out, with);
        at = found + strlen(mark);
    }
    text_append(&out, at);
    free(*word);
    *word = text_take(&out);
    return true;
}

/* The declared format, else the end of the file's name. */
static const char *format_name(const struct catalog_table *table, const char *path)
{
    const char *dot = strrchr(path_base(path), '.');
    return table->format != NULL ? table->format : dot != NULL ? dot + 1 : "";
}

/* Programs look at the ends of names. Of the descriptor only letters and digits get into
 * a name that a command sees: it may put it into a language of its own. */
static char *name_in(const char *folder, const struct conversion *conversion)
{
    const char *suffix = format_name(conversion->table, conversion->source.path);
    char letters[SUFFIX_MOST + 1] = "";
    for (size_t i = 0; i < SUFFIX_MOST && isalnum((unsigned char)suffix[i]); i++) {
        letters[i] = (char)tolower((unsigned char)suffix[i]);
    }
    return string_printf("%s/data%s%s", folder, letters[0] != '\0' ? "." : "", letters);
}

/* The file under a name of ours: a link to what the program has open as its third. */
static bool make_link(struct conversion *conversion, const char *partial, char **name,
                      struct error *err)
{
    conversion->folder = string_printf("%s/convert-XXXXXX", partial);
    if (mkdtemp(conversion->folder) == NULL) {
        int number = errno;
        free(conversion->folder);
        conversion->folder = NULL;
        return error_set(err, ERROR_FAILED, "could not make a folder in %s: %s", partial,
                         error_of_errno(number));
    }
    *name = name_in(conversion->folder, conversion);
    return symlink("/proc/self/fd/3", *name) == 0 ||
           error_set(err, ERROR_FAILED, "could not make %s: %s", *name,
                     error_of_errno(errno));
}

static bool prepare_words(struct conversion *conversion, const char *command,
                          const char *partial, struct error *err)
{
    char *name = NULL;
    bool good = program_split(command, &conversion->words, err);
    bool wants_file = good && strstr(command, "{file}") != NULL;
    good = good && (!wants_file || make_link(conversion, partial, &name, err));
    for (size_t i = 0; good && i < conversion->words.count; i++) {
        char **word = array_at(&conversion->words, i);
        replace(word, "{table}", conversion->table->sql_name);
        if (wants_file) {
            replace(word, "{file}", name);
        }
    }
    free(name);
    return good;
}

/* ---- Its thread ---- */

static const char *program_name(const struct conversion *conversion)
{
    return path_base(*(char **)array_at(&conversion->words, 0));
}

static bool is_wanted(struct conversion *conversion)
{
    return !atomic_load(&conversion->is_stopped) && !job_cancelled(conversion->port);
}

/* Its own view of the file, for reading, at the start. */
static int reopen(const struct access_file *file)
{
    char path[48];
    int fd = file->arrival != NULL ? arrival_fd(file->arrival) : file->fd;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static bool start(struct conversion *conversion, struct error *err)
{
    int fd = reopen(&conversion->source);
    struct program_spec spec = {
        .words = &conversion->words,
        .input = conversion->folder == NULL ? fd : -1,
        .extra = conversion->folder != NULL ? fd : -1,
        .seconds = conversion->seconds,
    };
    bool good = fd >= 0 ? program_start(&spec, &conversion->program, err)
                        : error_set(err, ERROR_FAILED, "%s", error_of_errno(errno));
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

/* Take what one end has. 1: it may have more, 0: its end, -1: nobody wants it. */
static int take(struct conversion *conversion, int fd, char *block, struct error *err)
{
    ssize_t length = read(fd, block, BLOCK);
    if (length < 0) {
        return errno == EINTR || errno == EAGAIN ? 1 : 0;
    }
    if (length > 0 && fd == conversion->program.output) {
        return arrival_add(conversion->arrival, block, (size_t)length, err) ? 1 : -1;
    }
    struct text *said = &conversion->complaints;
    text_append_bytes(said, block, (size_t)length);
    if (said->length > 2 * BLOCK) {
        memmove(said->data, said->data + said->length - COMPLAINT_MOST, COMPLAINT_MOST);
        text_truncate(said, COMPLAINT_MOST);
    }
    return length > 0 ? 1 : 0;
}

/* Until both ends are closed and it has ended. */
static bool pump(struct conversion *conversion, struct error *err)
{
    double until = path_monotonic() + conversion->seconds;
    struct pollfd files[] = {{.fd = conversion->program.output, .events = POLLIN},
                             {.fd = conversion->program.errors, .events = POLLIN}};
    char *block = memory_new(BLOCK);
    bool good = true;
    for (bool open = true; good && (open || program_runs(&conversion->program));) {
        poll(files, 2, open ? LOOK_AROUND_MS : END_MS);
        for (int i = 0; good && i < 2; i++) {
            int got = files[i].fd >= 0 && files[i].revents != 0
                          ? take(conversion, files[i].fd, block, err)
                          : 1;
            files[i].fd = got == 0 ? -1 : files[i].fd;
            good = got >= 0;
        }
        open = files[0].fd >= 0 || files[1].fd >= 0;
        if (good && !is_wanted(conversion)) {
            good = error_set(err, ERROR_CANCELLED, "it was cancelled");
        } else if (good && path_monotonic() > until) {
            good = error_set(err, ERROR_TIMEOUT, "the command %s took longer than %.0f s",
                             program_name(conversion), conversion->seconds);
        }
    }
    free(block);
    return good;
}

/* The last line that it complained with. Yours. */
static char *last_complaint(const struct conversion *conversion)
{
    enum { MOST = 300 };
    const char *text = text_string(&conversion->complaints);
    size_t end = conversion->complaints.length;
    while (end > 0 && isspace((unsigned char)text[end - 1])) {
        end--;
    }
    size_t begin = end;
    while (begin > 0 && text[begin - 1] != '\n' && end - begin < MOST) {
        begin--;
    }
    char *line = string_copy_bytes(text + begin, end - begin);
    char *safe = secret_redact(line);
    free(line);
    return safe;
}

static bool convert(struct conversion *conversion, struct error *err)
{
    char how[64];
    if (!start(conversion, err)) {
        return false;
    }
    bool good = pump(conversion, err);
    int status = program_end(&conversion->program, !good, how);
    if (good && status != 0) {
        char *complaint = last_complaint(conversion);
        good = error_set(err, ERROR_FAILED, "the command %s %s%s%s",
                         program_name(conversion), how, complaint[0] != '\0' ? ": " : "",
                         complaint);
        free(complaint);
    }
    return good;
}

static void *run_thread(void *argument)
{
    struct conversion *conversion = argument;
    struct error err = {0};
    struct access_file *source = &conversion->source;
    bool good =
        access_settle(source, conversion->table, conversion->port, &err) &&
        (source->arrival != NULL || access_check(source, conversion->table, &err));
    if (good && !convert(conversion, &err)) {
        good = error_prefix(&err, "could not convert %s: ", source->path);
    }
    arrival_end(conversion->arrival, good ? NULL : &err);
    return NULL;
}

/* ---- The caller's side ---- */

/* A nameless file for what it prints. */
static struct arrival *open_output(const char *folder, const char *shown,
                                   struct error *err)
{
    char *name = string_printf("%s/converted-XXXXXX", folder);
    int fd = mkostemp(name, O_CLOEXEC);
    int number = errno;
    if (fd >= 0) {
        unlink(name);
    }
    free(name);
    if (fd < 0) {
        error_set(err, ERROR_FAILED, "could not write to %s: %s", folder,
                  error_of_errno(number));
        return NULL;
    }
    return arrival_new(fd, 0, shown, err);
}

/* Objects of JSON, or lists of them, begin in no CSV that has a header. */
static const char *format_of(const char *bytes, size_t length)
{
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < length && isspace((unsigned char)bytes[at])) {
        at++;
    }
    char first = at < length ? bytes[at] : '\0';
    for (at++; at < length && isspace((unsigned char)bytes[at]);) {
        at++;
    }
    char second = at < length ? bytes[at] : '\0';
    if (first == '{' && (second == '"' || second == '}')) {
        return "jsonl";
    }
    return first == '[' && (second == '{' || second == '[' || second == ']') ? "json"
                                                                             : "csv";
}

static bool sniff(struct access_file *file, struct job_port *port, struct error *err)
{
    char start[4096];
    long long length = 0;
    if (!arrival_wait(file->arrival, 0, port, &length, err)) {
        return false;
    }
    ssize_t got = pread(file->fd, start, sizeof start, 0);
    file->format = format_of(start, got > 0 ? (size_t)got : 0);
    return true;
}

static bool start_conversion(const struct access_spec *spec, const char *command,
                             struct access_file *file, struct error *err)
{
    struct conversion *conversion = memory_new(sizeof *conversion);
    conversion->source = *file;
    conversion->table = spec->table;
    conversion->port = spec->port;
    conversion->words = (struct array)ARRAY_OF(char *);
    conversion->seconds = spec->converter_seconds > 0 ? spec->converter_seconds : HOUR;
    file->conversion = conversion;
    bool good = prepare_words(conversion, command, spec->partial, err);
    conversion->arrival = good ? open_output(spec->partial, file->path, err) : NULL;
    if (conversion->arrival == NULL) {
        return error_prefix(err, "could not convert %s: ", file->path);
    }
    file->arrival = conversion->arrival;
    file->fd = arrival_fd(file->arrival);
    file->bytes = -1;
    file->dialect = &open_dialect;
    file->columns = NULL;
    int number = pthread_create(&conversion->thread, NULL, run_thread, conversion);
    conversion->is_started = number == 0;
    return number == 0 ? sniff(file, spec->port, err)
                       : error_set(err, ERROR_FAILED, "could not start a thread: %s",
                                   error_of_errno(number));
}

char *access_converter(const char *setting, const struct catalog_table *table)
{
    const char *path = table->files.count > 0 ? *(char **)array_at(&table->files, 0) : "";
    return setting != NULL
               ? program_choose(setting, "converter", format_name(table, path), NULL)
               : NULL;
}

bool converter_start(const struct access_spec *spec, struct access_file *file,
                     struct error *err)
{
    struct error odd = {0};
    bool is_here = file->fd >= 0 || file->arrival != NULL; /* else looked at only */
    if (spec->converter == NULL || !is_here || file->format != NULL) {
        return true;
    }
    char *command = program_choose(spec->converter, "converter",
                                   format_name(spec->table, file->path), &odd);
    bool good = odd.kind == ERROR_NONE;
    if (command != NULL && spec->partial != NULL) {
        good = start_conversion(spec, command, file, err);
    } else if (!good && err != NULL) {
        *err = odd;
    }
    free(command);
    return good;
}

bool converter_settle(struct access_file *file, struct job_port *port, struct error *err)
{
    struct conversion *conversion = file->conversion;
    if (!arrival_settle(conversion->arrival, port, err)) {
        return false;
    }
    file->facts.bytes = conversion->source.facts.bytes;
    memcpy(file->facts.sha256, conversion->source.facts.sha256,
           sizeof file->facts.sha256);
    file->bytes = arrival_length(conversion->arrival);
    return true;
}

void converter_free(struct access_file *file)
{
    struct conversion *conversion = file->conversion;
    if (conversion == NULL) {
        return;
    }
    atomic_store(&conversion->is_stopped, true);
    if (conversion->is_started) {
        pthread_join(conversion->thread, NULL);
    }
    arrival_free(conversion->arrival);
    file->arrival = conversion->source.arrival;
    file->fd = conversion->source.fd;
    if (conversion->folder != NULL) {
        path_remove_tree(conversion->folder, NULL);
    }
    free(conversion->folder);
    program_words_release(&conversion->words);
    text_release(&conversion->complaints);
    free(conversion);
    file->conversion = NULL;
}
