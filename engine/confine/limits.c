/* confine/limits: time, cancel and sizes of a statement of others; memory and files of
 * the process it runs in. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/confine/private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/path.h"

/* Few: one opcode may be a function over a mebibyte. */
enum { OPCODES_BETWEEN_LOOKS = 500, DEFAULT_MEMORY = 256 << 20 };

static const struct {
    int which, most;
} sizes[] = {
    {SQLITE_LIMIT_LENGTH, 1 << 20},      {SQLITE_LIMIT_SQL_LENGTH, 256 << 10},
    {SQLITE_LIMIT_COMPOUND_SELECT, 100}, {SQLITE_LIMIT_EXPR_DEPTH, 200},
    {SQLITE_LIMIT_VDBE_OP, 100000},      {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static int look_up(void *owner)
{
    struct confine *confine = owner;
    if (!confine->trusted && path_monotonic() > confine->deadline) {
        confine->timed_out = true;
        return 1;
    }
    return confine->port != NULL && job_cancelled(confine->port);
}

void confine_limits_set(struct confine *confine, bool on)
{
    enum { NO_MORE_THAN_THE_LIBRARY = 0x7fffffff };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sqlite3_limit(confine->db, sizes[i].which,
                      on ? sizes[i].most : NO_MORE_THAN_THE_LIBRARY);
    }
    sqlite3_progress_handler(confine->db, OPCODES_BETWEEN_LOOKS, look_up, confine);
}

/* ---- The process ---- */

static bool limit_failed(const char *what, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not limit the %s of the process that runs rules of others: "
                     "%s",
                     what, error_of_errno(errno));
}

/* SQLite counts its own memory; this is for what it calls, regular expressions above all.
 * The slack is for stacks and arenas of threads. */
static bool limit_address_space(long long memory, struct error *err)
{
#ifndef MWB_ASAN /* a sanitizer reserves terabytes */
    enum { SLACK = 64 << 20 };
    long pages = 0;
    struct rlimit space;
    FILE *file = fopen("/proc/self/statm", "re");
    bool known = file != NULL && fscanf(file, "%ld", &pages) == 1;
    if (file != NULL) {
        fclose(file);
    }
    if (!known || getrlimit(RLIMIT_AS, &space) != 0) {
        return true; /* no /proc here: the limit of SQLite stays */
    }
    rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)memory + SLACK;
    if (most < space.rlim_cur) {
        space.rlim_cur = most;
        return setrlimit(RLIMIT_AS, &space) == 0 || limit_failed("memory", err);
    }
#else
    (void)memory;
    (void)err;
#endif
    return true;
}

bool confine_raise_walls(struct confine_walls *walls, long long memory, struct error *err)
{
    memory = memory > 0 ? memory : DEFAULT_MEMORY;
    if (getrlimit(RLIMIT_FSIZE, &walls->files) != 0 ||
        getrlimit(RLIMIT_AS, &walls->space) != 0) {
        return limit_failed("files", err);
    }
    struct rlimit nothing = {0, walls->files.rlim_max};
    signal(SIGXFSZ, SIG_IGN); /* writing then fails, as to a full disk */
    if (setrlimit(RLIMIT_FSIZE, &nothing) != 0) {
        return limit_failed("files", err);
    }
    walls->heap = sqlite3_hard_heap_limit64(sqlite3_memory_used() + memory);
    return limit_address_space(memory, err);
}

void confine_lower_walls(const struct confine_walls *walls)
{
    setrlimit(RLIMIT_FSIZE, &walls->files);
    setrlimit(RLIMIT_AS, &walls->space);
    sqlite3_hard_heap_limit64(walls->heap);
}

bool confine_process(long long memory, struct error *err)
{
    struct confine_walls walls;
    struct rlimit nothing = {0, 0};
    if (!confine_raise_walls(&walls, memory, err)) {
        return false;
    }
    setrlimit(RLIMIT_CORE, &nothing);
    return setrlimit(RLIMIT_FSIZE, &nothing) == 0 || limit_failed("files", err);
}
