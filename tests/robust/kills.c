/* kills: kill -9 at random times while files are imported and products are fetched, and
 * whether anything half made was ever to be seen.
 *
 * KILLS is the number of kills (100), KILLS_SEED where the dice start. A third of them
 * strikes `mwb import`, a third `mwb get` of a local file, a third `mwb get` of one that
 * a server on this host has; three workers side by side. Mostly it is a refresh, at times
 * a first get. A kill hits the program alone, its child that does the work, or all at
 * once, at a time that is uniform over a whole run. After each: what stands under its
 * final name is whole (rows, sum, one generation, integrity_check) or was there before,
 * nobody survives, and the next start sweeps. TAP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/screen/proc.h"
#include "tests/suites/ways.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"

enum {
    GENERATIONS = 4,
    ROWS_LEAST = 30000,
    CHILDREN_MOST = 64,
    WHOLE_RUN_EVERY = 16,
    FIRST_GET_PER_MILLE = 150,
};

enum { WORKERS = 3 };

struct worker {
    const char *mwb, *verb;
    char *folder, *input, *output; /* output: of import */
    char *mesh;                    /* of get; NULL: it imports */
    int port;                      /* of the server that has the input; 0: none */
    struct ways_chance chance;
    long long wanted;
    double longest[GENERATIONS]; /* seconds a whole run takes */
    int current;                 /* generation that get has made current */
    struct stat looked_at;       /* the file of it, when it was read last */
    /* What it found. */
    long long struck, late, halves, survivors, leavings, failures;
};

/* ---- Inputs: 1 to 5 MB, each row says which generation it is of ---- */

static long long generation_rows(int generation)
{
    return (long long)ROWS_LEAST * (generation + 1) + generation;
}

static char *generation_path(const struct worker *worker, int generation)
{
    return string_printf("%s/generation-%d", worker->folder, generation);
}

static bool write_generation(const struct worker *worker, int generation)
{
    struct text text = {0};
    struct error err = {0};
    text_append(&text, "id,code,words,price\n");
    for (long long i = 1; i <= generation_rows(generation); i++) {
        text_printf(&text, "%lld,g%d,\"some words, \xC3\xA9t\xC3\xA9 %lld\",%lld.25\n", i,
                    generation, i * 7, i % 1000);
    }
    char *path = generation_path(worker, generation);
    bool good = path_write_file(path, text_string(&text), text.length, 0600, &err);
    text_release(&text);
    free(path);
    return good;
}

/* Put it where the program looks, without writing it anew. */
static void choose_generation(const struct worker *worker, int generation)
{
    char *path = generation_path(worker, generation);
    char *beside = string_printf("%s.new", worker->input);
    if (link(path, beside) != 0 || rename(beside, worker->input) != 0) {
        perror(beside);
    }
    unlink(beside); /* rename(2) of two names of one file does nothing */
    free(beside);
    free(path);
}

/* ---- What is there ---- */

/* Which generation the database holds as a whole; -1: none. */
static int whole_generation(const char *database, const char *table)
{
    struct error err = {0};
    char *counts = string_printf(
        "SELECT count(*), sum(id), count(DISTINCT code), max(code) FROM \"%s\"", table);
    sqlite3 *db = store_open(database, STORE_READ, &err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, counts, &err) : NULL;
    int generation = -1;
    if (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        long long rows = sqlite3_column_int64(stmt, 0);
        generation = atoi(store_text(stmt, 3)[0] == 'g' ? store_text(stmt, 3) + 1 : "-1");
        if (generation < 0 || generation >= GENERATIONS ||
            sqlite3_column_int64(stmt, 2) != 1 || rows != generation_rows(generation) ||
            sqlite3_column_int64(stmt, 1) != rows * (rows + 1) / 2) {
            generation = -1;
        }
    }
    store_finish(stmt);
    if (generation >= 0 && store_number(db, -1, "SELECT rows FROM mwb_table", "") !=
                               generation_rows(generation)) {
        generation = -1;
    }
    store_close(db);
    free(counts);
    return generation >= 0 && ways_is_sound(database, &err) ? generation : -1;
}

/* Whose number has been given to another process: nobody can tell it from the maker's, so
 * the part stays until that one ends. */
static bool has_new_owner(const char *name)
{
    const char *end = strstr(name, ".part");
    while (end != NULL && end > name && end[-1] >= '0' && end[-1] <= '9') {
        end--;
    }
    long pid = end != NULL ? atol(end) : 0;
    return pid > 0 && kill((pid_t)pid, 0) == 0;
}

/* How many names match, each told. */
static int count_matches(const struct worker *worker, const char *pattern)
{
    glob_t found = {0};
    char *whole = string_printf("%s/%s", worker->folder, pattern);
    int count = glob(whole, GLOB_PERIOD, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    int real = 0;
    for (int i = 0; i < count; i++) {
        const char *name = path_base(found.gl_pathv[i]);
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !has_new_owner(name)) {
            real++;
            printf("# left: %s\n", found.gl_pathv[i]);
        }
    }
    globfree(&found);
    free(whole);
    return real;
}

/* What a whole run must have swept. */
static int left_over(const struct worker *worker)
{
    static const char *const patterns[] = {".*.part*",
                                           "*-journal",
                                           "*-wal",
                                           "cache/stage/*",
                                           "cache/spool/*",
                                           "cache/.*.part*",
                                           "cache/index/.*",
                                           "cache/*/*/*/*/.*.part*",
                                           "cache/*/*/*/*/*-journal",
                                           "home/.*.part*"};
    int count = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        count += count_matches(worker, patterns[i]);
    }
    return count;
}

/* A file that is the one of before, untouched, is not read through again every time. */
static int look_again(struct worker *worker, const char *file)
{
    struct stat info, *before = &worker->looked_at;
    if (stat(file, &info) != 0) {
        return -1;
    }
    bool is_same = info.st_ino == before->st_ino && info.st_size == before->st_size &&
                   info.st_ctim.tv_sec == before->st_ctim.tv_sec &&
                   info.st_ctim.tv_nsec == before->st_ctim.tv_nsec;
    if (is_same && worker->current >= 0 && !ways_happens(&worker->chance, 100)) {
        return worker->current;
    }
    *before = info;
    bool is_locked_up = (info.st_mode & 0777) == 0440;
    return is_locked_up ? whole_generation(file, "in") : -1;
}

/* The generation that is current in the cache; -1: a half, -2: none at all. */
static int current_generation(struct worker *worker)
{
    glob_t found = {0};
    char *pattern = string_printf("%s/cache/products/*/*/*/*/current", worker->folder);
    char *name = NULL;
    int generation = -2;
    if (glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc == 1) {
        struct error err = {0};
        size_t length;
        generation = -1;
        if (path_read_file(found.gl_pathv[0], 4096, &name, &length, &err)) {
            char *folder = path_folder(found.gl_pathv[0]);
            char *file = string_printf("%s/%.*s", folder, (int)strcspn(name, "\n"), name);
            generation = look_again(worker, file);
            free(file);
            free(folder);
        }
    }
    globfree(&found);
    free(name);
    free(pattern);
    return generation;
}

/* ---- Runs ---- */

static double now(void)
{
    return path_monotonic();
}

static pid_t start(const struct worker *worker)
{
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    setsid();
    int null = open("/dev/null", O_RDWR);
    int out = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (worker->mesh != NULL) {
        execl(worker->mwb, worker->mwb, "get", "in",
              worker->port != 0 ? "--refresh" : "--again", "--accept", "--mesh",
              worker->mesh, (char *)NULL);
    } else {
        execl(worker->mwb, worker->mwb, "import", worker->input, "--into", worker->output,
              (char *)NULL);
    }
    _exit(127);
}

/* All that came of it ends soon, or does not: then it is ended and counted. */
static void wait_for_all(struct worker *worker)
{
    double until = now() + (tap_is_slow() || getenv("MWB_SLOW") != NULL ? 20 : 5);
    for (;;) {
        pid_t gone = waitpid(-1, NULL, WNOHANG);
        if (gone < 0 && errno == ECHILD) {
            return;
        }
        if (gone == 0 && now() > until) {
            pid_t pids[CHILDREN_MOST];
            int left = proc_children(getpid(), pids, CHILDREN_MOST);
            worker->survivors += left;
            for (int i = 0; i < left; i++) {
                kill(pids[i], SIGKILL);
            }
            until = now() + 1;
        }
        if (gone == 0) {
            poll(NULL, 0, 1);
        }
    }
}

static void strike(struct worker *worker, pid_t pid)
{
    pid_t pids[CHILDREN_MOST];
    size_t way = ways_pick(&worker->chance, 3);
    int count = way == 1 ? proc_children(pid, pids, CHILDREN_MOST) : 0;
    if (way == 2) {
        kill(-pid, SIGKILL);
    } else {
        kill(count > 0 ? pids[count - 1] : pid, SIGKILL);
    }
}

/* A run that is killed at a random time; false: it had ended before. */
static bool run_and_kill(struct worker *worker, int generation)
{
    double delay =
        worker->longest[generation] * (double)(ways_next(&worker->chance) >> 11) / 0x1p53;
    double begun = now();
    pid_t pid = start(worker);
    int status;
    bool ended = false;
    for (double left; !ended && (left = delay - (now() - begun)) > 0;) {
        struct timespec rest = {.tv_nsec = (long)((left < 1e-3 ? left : 1e-3) * 1e9)};
        nanosleep(&rest, NULL);
        ended = waitpid(pid, &status, WNOHANG) == pid;
    }
    if (!ended) {
        strike(worker, pid);
    }
    wait_for_all(worker);
    return !ended;
}

/* A run to its end; seconds, or -1 when it failed. */
static double run_whole(struct worker *worker)
{
    double begun = now();
    int status = 0;
    pid_t pid = start(worker);
    waitpid(pid, &status, 0);
    double took = now() - begun;
    wait_for_all(worker);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? took : -1;
}

/* ---- Rounds ---- */

/* Is what is visible whole, and the one that may be? `next`: the generation that was
 * asked for, `ended`: it must be that one. */
static bool is_right(struct worker *worker, int next, bool ended)
{
    int found;
    if (worker->mesh != NULL) {
        found = current_generation(worker);
        bool right = found == next || (!ended && found == worker->current);
        worker->current = found;
        return right;
    }
    found = path_exists(worker->output) ? whole_generation(worker->output, "in") : -2;
    return found == next || (!ended && found == -2);
}

/* With what the program said last: a run may have ended by itself. */
static void tell_round(const struct worker *worker, long long round, const char *what)
{
    char *said = NULL;
    size_t length = 0;
    struct error err = {0};
    bool has_words = path_read_file("said", 1 << 16, &said, &length, &err);
    printf("# %s, round %lld: %s; it said: %.*s\n", worker->verb, round, what,
           has_words ? (int)strcspn(said, "\n") : 7, has_words ? said : "nothing");
    free(said);
}

static void check_whole_run(struct worker *worker, long long round, int next)
{
    unlink(worker->output);
    if (run_whole(worker) < 0 || !is_right(worker, next, true)) {
        worker->failures++;
        tell_round(worker, round, "the next run does not succeed");
    }
    if (left_over(worker) > 0) {
        worker->leavings++;
        tell_round(worker, round, "the next run does not sweep");
    }
}

static void forget_all(struct worker *worker)
{
    char *products = path_join(worker->folder, "cache/products");
    path_remove_tree(products, NULL);
    free(products);
    worker->current = -2;
}

static void play_round(struct worker *worker, long long round)
{
    int next = (int)ways_pick(&worker->chance, GENERATIONS);
    choose_generation(worker, next);
    unlink(worker->output);
    if (worker->mesh != NULL && ways_happens(&worker->chance, FIRST_GET_PER_MILLE)) {
        forget_all(worker);
    }
    bool struck = run_and_kill(worker, next);
    worker->struck += struck;
    worker->late += !struck;
    if (!is_right(worker, next, !struck)) {
        worker->halves++;
        tell_round(worker, round, "a half is visible, or what was there is lost");
    }
    if (ways_happens(&worker->chance, 1000 / WHOLE_RUN_EVERY)) {
        check_whole_run(worker, round, next);
    }
}

/* A mesh whose only product lies on the server. */
static bool write_mesh(const struct worker *worker)
{
    if (worker->port == 0) {
        return true;
    }
    char *file = path_join(worker->mesh, "datapackage.json");
    char *text = string_printf("{\"name\": \"in\", \"resources\": [{\"name\": \"in\", "
                               "\"path\": \"http://127.0.0.1:%d/in.csv\"}]}\n",
                               worker->port);
    bool good = mkdir(worker->mesh, 0700) == 0 &&
                path_write_file(file, text, strlen(text), 0600, NULL);
    free(text);
    free(file);
    return good;
}

static bool prepare(struct worker *worker)
{
    char *home = path_join(worker->folder, "home"),
         *cache = path_join(worker->folder, "cache");
    bool good = mkdir(worker->folder, 0700) == 0 && chdir(worker->folder) == 0 &&
                mkdir(home, 0700) == 0 && write_mesh(worker);
    setenv("HOME", home, 1);
    setenv("MWB_WEB_PRIVATE", "1", 1);
    setenv("MWB_CACHE", cache, 1);
    unsetenv("MWB_MESH");
    /* Who is killed leaks nothing that counts, and looking for leaks takes seconds. */
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
    free(home);
    free(cache);
    for (int i = 0; good && i < GENERATIONS; i++) {
        good = write_generation(worker, i);
    }
    for (int i = 0; good && i < 2 * GENERATIONS; i++) {
        int generation = i % GENERATIONS;
        choose_generation(worker, generation);
        unlink(worker->output);
        double took = run_whole(worker), *longest = &worker->longest[generation];
        good = took > 0 && is_right(worker, generation, true);
        *longest = took > *longest ? took : *longest;
    }
    return good;
}

static int work(struct worker *worker)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (!prepare(worker)) {
        tell_round(worker, 0, "whole runs do not succeed");
        return 1;
    }
    for (long long round = 1; worker->struck < worker->wanted; round++) {
        play_round(worker, round);
        if (round > 20 * worker->wanted + 100) {
            tell_round(worker, round, "too few kills strike");
            return 1;
        }
    }
    choose_generation(worker, 0);
    check_whole_run(worker, -1, 0);
    return 0;
}

/* ---- The workers ---- */

static pid_t start_worker(struct worker *worker, int result)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int status = work(worker);
        fflush(stdout);
        if (write(result, worker, sizeof *worker) != sizeof *worker) {
            status = 1;
        }
        _exit(status);
    }
    return pid;
}

static void tell_worker(const struct worker *worker, bool ended)
{
    const char *verb = worker->verb;
    ok(ended, "the kills of %s come to their end", verb);
    ok(worker->struck >= worker->wanted, "%lld kills struck %s, %lld came too late",
       worker->struck, verb, worker->late);
    is_int(worker->halves, 0, "%s: nothing half made was visible, nothing was lost",
           verb);
    is_int(worker->survivors, 0, "%s: nobody survived", verb);
    is_int(worker->failures, 0, "%s: the next run always succeeded", verb);
    is_int(worker->leavings, 0, "%s: the next run swept what was left", verb);
}

static void make_worker(struct worker *worker, const char *scratch, size_t number,
                        long long wanted)
{
    static const char *const verbs[WORKERS] = {"import", "get", "get by http"};
    static const char *const meshes[WORKERS] = {NULL, "in.csv", "mesh"};
    const char *seed = getenv("KILLS_SEED");
    worker->mwb = getenv("MWB");
    worker->verb = verbs[number];
    worker->folder = string_printf("%s/%zu", scratch, number);
    worker->input = path_join(worker->folder, "in.csv");
    worker->output = path_join(worker->folder, "out.sqlite");
    worker->mesh =
        meshes[number] != NULL ? path_join(worker->folder, meshes[number]) : NULL;
    worker->chance.state = (seed != NULL ? strtoull(seed, NULL, 10) : 1) + number;
    worker->wanted = wanted;
}

/* All of them side by side; what each found comes back through a pipe. */
static void run_workers(struct worker *workers, size_t count)
{
    int results[WORKERS][2];
    pid_t pids[WORKERS];
    for (size_t i = 0; i < count; i++) {
        if (pipe2(results[i], O_CLOEXEC) != 0) {
            printf("Bail out! no pipe\n");
            exit(1);
        }
        pids[i] = start_worker(&workers[i], results[i][1]);
    }
    for (size_t i = 0; i < count; i++) {
        int status = 1;
        struct worker told = workers[i];
        waitpid(pids[i], &status, 0);
        close(results[i][1]);
        bool whole = read(results[i][0], &told, sizeof told) == sizeof told;
        close(results[i][0]);
        tell_worker(&told, whole && status == 0);
    }
}

int main(void)
{
    const char *kills = getenv("KILLS"), *top = getenv("TMPDIR");
    char *scratch = string_printf("%s/mwb-kills-XXXXXX", top != NULL ? top : "/tmp");
    long long count = kills != NULL && atoll(kills) > 0 ? atoll(kills) : 100;
    if (getenv("MWB") == NULL || mkdtemp(scratch) == NULL) {
        printf("Bail out! MWB is not set, or there is no temporary folder\n");
        return 1;
    }
    struct worker workers[WORKERS] = {0};
    struct httpd httpd;
    for (size_t i = 0; i < WORKERS; i++) {
        make_worker(&workers[i], scratch, i, (count + WORKERS - 1) / WORKERS);
    }
    bool has_server = httpd_start_script(&httpd, "httpd.py", workers[2].folder);
    workers[2].port = has_server ? httpd.port : 0;
    run_workers(workers, has_server ? WORKERS : WORKERS - 1);
    if (has_server) {
        httpd_stop(&httpd);
    } else {
        tap_skip("no python3 to be a server");
    }
    for (size_t i = 0; i < WORKERS; i++) {
        free(workers[i].folder);
        free(workers[i].input);
        free(workers[i].output);
        free(workers[i].mesh);
    }
    path_remove_tree(scratch, NULL);
    free(scratch);
    return tap_done();
}
