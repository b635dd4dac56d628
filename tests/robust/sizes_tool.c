/* sizes_tool: inputs of any size that nobody has to store, and what a program takes for
 * them.
 *
 *   sizes_tool make SHAPE N           the shape (see the table) in N bytes or cells, to
 *                                     standard output
 *   sizes_tool run -- COMMAND...
 *
 * run lets the command print and then prints "status S, P MiB, T s": P is the
 * largest VmHWM (ru_maxrss, getrusage(2)) of the command and of those it waited for, an
 * upper bound of its private memory, T the processor time of all of them together. In
 * sanitizer builds both say 0, for they would measure the sanitizer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Shapes ---- */

static void repeat(const char *unit, long long bytes)
{
    size_t length = strlen(unit);
    for (long long i = 0; i < bytes; i += (long long)length) {
        fwrite(unit, 1, length, stdout);
    }
}

static void make_columns(long long cells)
{
    for (int row = 0; row < 3; row++) {
        for (long long i = 1; i <= cells; i++) {
            printf(row == 0 ? "%sc%lld" : "%s%lld", i > 1 ? "," : "", i);
        }
        putchar('\n');
    }
}

static void make_rows(long long bytes)
{
    printf(
        "id,instant,customer,article,status,quantity,price,currency,channel,country\n");
    for (long long i = 1, done = 0; done < bytes; i++) {
        done +=
            printf("%lld,2026-01-%02lldT12:%02lld:00Z,C%lld,A%lld,sent,%lld,%lld.25,EUR,"
                   "web,DE\n",
                   i, 1 + i % 28, i % 60, i % 99991, i % 997, 1 + i % 9, i % 1000);
    }
}

static void make_field(long long bytes)
{
    printf("a,b\n1,");
    repeat("0123456789abcdef", bytes);
    printf("\n2,3\n");
}

static void make_quoted_field(long long bytes)
{
    printf("a,b\n1,\"");
    for (long long i = 0; i < bytes; i += 1024) {
        repeat("0123456789abcdef", 1008);
        printf("0123456789abcde\n");
    }
    printf("\"\n2,3\n");
}

static void make_open_quote(long long bytes)
{
    printf("a,b\n1,2\n3,\"open\n");
    repeat("some words of a row that is as long as rows usually are,and a second cell\n",
           bytes);
}

/* A row without an end: delimiters only. */
static void make_long_row(long long bytes)
{
    printf("a,b\n1,2\n");
    repeat(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,", bytes);
    printf("\n3,4\n");
}

static void make_blank_lines(long long bytes)
{
    printf("a,b\n1,2\n");
    repeat("\n\r\n\n\n\r\n\n", bytes);
    printf("3,4\n");
}

static void make_json_line(long long bytes)
{
    printf("{\"a\":1}\n{\"a\":\"");
    repeat("0123456789abcdef", bytes);
    printf("\"}\n{\"a\":3}\n");
}

static void make_json_array_line(long long bytes)
{
    printf("{\"a\":1}\n{\"a\":[0");
    repeat(",1,2,3,4,5,6,7,8", bytes);
    printf("]}\n{\"a\":3}\n");
}

static void make_json_open_string(long long bytes)
{
    printf("[{\"a\":1},\n{\"a\":\"");
    repeat("0123456789abcdef", bytes);
}

static void make_deep_arrays(long long depth)
{
    printf("[{\"a\":1},\n");
    repeat("[", depth);
    repeat("]", depth);
    printf("]\n");
}

static void make_deep_objects(long long depth)
{
    printf("[{\"a\":1},\n");
    repeat("{\"a\":", 5 * depth);
    printf("1");
    repeat("}", depth);
    printf("]\n");
}

static const struct {
    const char *name;
    void (*make)(long long size);
} shapes[] = {
    {"columns", make_columns},
    {"rows", make_rows},
    {"field", make_field},
    {"quoted-field", make_quoted_field},
    {"open-quote", make_open_quote},
    {"long-row", make_long_row},
    {"blank-lines", make_blank_lines},
    {"json-line", make_json_line},
    {"json-array-line", make_json_array_line},
    {"json-open-string", make_json_open_string},
    {"deep-arrays", make_deep_arrays},
    {"deep-objects", make_deep_objects},
};

static int make(const char *shape, long long size)
{
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(shapes[i].name, shape) == 0) {
            shapes[i].make(size);
            return fflush(stdout) == 0 ? 0 : 1;
        }
    }
    fprintf(stderr, "sizes_tool: there is no shape %s\n", shape);
    return 2;
}

/* ---- Measuring ---- */

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int run(char **command)
{
    int status = 0;
    struct rusage usage;
    pid_t pid = fork();
    if (pid == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    getrusage(RUSAGE_CHILDREN, &usage);
#ifdef MWB_ASAN
    memset(&usage, 0, sizeof usage);
#endif
    printf("status %d, %ld MiB, %.1f s\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
           usage.ru_maxrss / 1024, seconds(usage.ru_utime) + seconds(usage.ru_stime));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        return make(argv[2], atoll(argv[3]));
    }
    if (argc > 3 && strcmp(argv[1], "run") == 0 && strcmp(argv[2], "--") == 0) {
        return run(argv + 3);
    }
    fprintf(stderr, "usage: sizes_tool make SHAPE N | run -- COMMAND...\n");
    return 2;
}
