/* A PostgreSQL server of a test's own: in a folder below /tmp, on a free port of this
 * host and a socket, with a superuser "owner" and a user "reader" who has a password.
 * root may not run it: then it runs as nobody.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_POSTGRES_HELP_H
#define MWB_TESTS_POSTGRES_HELP_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

#define POSTGRES_PASSWORD "it's a \\ secret"

struct postgres {
    pid_t pid;
    int port;
    char folder[40];
    PGconn *owner; /* by the socket */
};

/* The folder of its programs: Debian keeps them out of PATH. "" when there is none. */
static inline const char *postgres_programs(void)
{
    static char folder[256];
    glob_t found;
    if (glob("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found) == 0) {
        const char *last = found.gl_pathv[found.gl_pathc - 1];
        snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(last, '/') - last), last);
        globfree(&found);
    }
    return folder;
}

static inline void postgres_become_other(void)
{
    struct passwd *nobody = getpwnam("nobody");
    if (geteuid() == 0 && nobody != NULL &&
        (setgroups(0, NULL) != 0 || setgid(nobody->pw_gid) != 0 ||
         setuid(nobody->pw_uid) != 0)) {
        _exit(126);
    }
}

/* What it says goes to `output`. */
static inline pid_t postgres_start_program(const char *name, char *const *words,
                                           int output)
{
    pid_t pid = fork();
    if (pid == 0) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", postgres_programs(), name);
        postgres_become_other();
        dup2(open("/dev/null", O_RDONLY), 0);
        dup2(output, 1);
        dup2(output, 2);
        for (int fd = 3; fd < 64; fd++) {
            close(fd);
        }
        execv(path, words);
        _exit(127);
    }
    return pid;
}

static inline int postgres_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool good = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    close(fd);
    return good ? ntohs(address.sin_port) : 0;
}

static inline bool postgres_make(const struct postgres *postgres)
{
    char data[64];
    snprintf(data, sizeof data, "%s/data", postgres->folder);
    char *const words[] = {(char *)"initdb",
                           (char *)"-D",
                           data,
                           (char *)"-U",
                           (char *)"owner",
                           (char *)"-N",
                           (char *)"-E",
                           (char *)"UTF8",
                           (char *)"--locale=C",
                           (char *)"--auth-local=trust",
                           (char *)"--auth-host=scram-sha-256",
                           NULL};
    int status = -1, null = open("/dev/null", O_WRONLY);
    waitpid(postgres_start_program("initdb", words, null), &status, 0);
    close(null);
    return status == 0;
}

/* Its log is read until it is ready; the rest goes where nobody looks. */
static inline bool postgres_await(int log)
{
    char line[1024];
    bool ready = false;
    FILE *lines = fdopen(log, "r");
    while (!ready && lines != NULL && fgets(line, sizeof line, lines) != NULL) {
        ready = strstr(line, "ready to accept connections") != NULL;
    }
    return ready; /* the log stays open: a closed pipe would end the server */
}

static inline bool postgres_do_sql(struct postgres *postgres, const char *sql)
{
    PGresult *result = PQexec(postgres->owner, sql);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!good) {
        printf("# %s: %s\n", sql, PQresultErrorMessage(result));
    }
    PQclear(result);
    return good;
}

/* One value, yours; "" for NULL. */
static inline char *postgres_ask(struct postgres *postgres, const char *sql)
{
    PGresult *result = PQexec(postgres->owner, sql);
    char *value = string_copy(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        printf("# %s: %s\n", sql, PQresultErrorMessage(result));
    }
    PQclear(result);
    return value;
}

static inline bool postgres_run(struct postgres *postgres)
{
    char port[16], data[64], how[128];
    int log[2];
    snprintf(port, sizeof port, "%d", postgres->port);
    snprintf(data, sizeof data, "%s/data", postgres->folder);
    char *const words[] = {(char *)"postgres",
                           (char *)"-D",
                           data,
                           (char *)"-p",
                           port,
                           (char *)"-k",
                           postgres->folder,
                           (char *)"-c",
                           (char *)"listen_addresses=127.0.0.1",
                           (char *)"-c",
                           (char *)"fsync=off",
                           (char *)"-c",
                           (char *)"log_min_messages=log",
                           (char *)"-c",
                           (char *)"log_checkpoints=off",
                           NULL};
    if (pipe(log) != 0) {
        return false;
    }
    postgres->pid = postgres_start_program("postgres", words, log[1]);
    close(log[1]);
    if (!postgres_await(log[0])) {
        return false;
    }
    snprintf(how, sizeof how, "host=%s port=%s user=owner dbname=postgres",
             postgres->folder, port);
    postgres->owner = PQconnectdb(how);
    return PQstatus(postgres->owner) == CONNECTION_OK;
}

/* False where PostgreSQL is not installed, or does not start. */
static inline bool postgres_start(struct postgres *postgres)
{
    struct passwd *nobody = getpwnam("nobody");
    *postgres = (struct postgres){.port = postgres_free_port()};
    strcpy(postgres->folder, "/tmp/mwb-test-postgres-XXXXXX");
    if (postgres_programs()[0] == '\0' || mkdtemp(postgres->folder) == NULL) {
        return false;
    }
    chmod(postgres->folder, 0755);
    if (geteuid() == 0 && (nobody == NULL || chown(postgres->folder, nobody->pw_uid,
                                                   nobody->pw_gid) != 0)) {
        return false;
    }
    return postgres_make(postgres) && postgres_run(postgres) &&
           postgres_do_sql(postgres, "CREATE ROLE reader LOGIN PASSWORD "
                                     "'it''s a \\ secret'");
}

static inline void postgres_stop(struct postgres *postgres)
{
    PQfinish(postgres->owner);
    if (postgres->pid > 0) {
        kill(postgres->pid, SIGQUIT);
        waitpid(postgres->pid, NULL, 0);
    }
    path_remove_tree(postgres->folder, NULL);
}

#endif
