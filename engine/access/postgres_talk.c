/* access/postgres: a connection that never waits without looking around. libpq's own
 * waiting functions cannot be stopped, so all is done with its asynchronous ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access/postgres.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/path.h"
#include "engine/secret.h"

enum { LOOK_AROUND_MS = 100, CANCEL_SECONDS = 2 };

/* ---- Sentences ---- */

/* What to try, by SQLSTATE (PostgreSQL documentation, appendix A). */
static const struct advice {
    const char *state, *sentence;
} advices[] = {
    {"28P01", "write the password into the file credentials, or into ~/.pgpass"},
    {"28000", "the server does not let this user in from here"},
    {"3D000", "the contract may name another database than there is"},
    {"3F000", "the contract may name another schema than there is"},
    {"42P01", "the contract may call the table otherwise than the server does"},
    {"42501", "ask the owner of the product for the right to read it"},
    {"53300", "try again later"},
    {"57014", "PGOPTIONS=\"-c statement_timeout=...\" gives it more time"},
    {"25006", "a query of a contract may only read"},
};

static const char *advice_of(const char *state)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (string_equal(state, advices[i].state)) {
            return advices[i].sentence;
        }
    }
    return NULL;
}

/* The first line of what a server says, without the end of a sentence. Yours. */
static char *first_line(const char *message)
{
    enum { MOST = 300 };
    size_t length = strcspn(message, "\r\n");
    length = length < MOST ? length : MOST;
    while (length > 0 && (message[length - 1] == '.' || message[length - 1] == ' ')) {
        length--;
    }
    char *line = string_copy_bytes(message, length);
    char *safe = secret_redact(line);
    free(line);
    return safe;
}

static bool say(struct postgres_talk *talk, const char *what, const char *state,
                struct error *err)
{
    const char *advice = advice_of(state);
    char *line = first_line(what);
    error_set(err, ERROR_FAILED, "could not fetch %s: %s%s%s", talk->shown,
              line[0] != '\0' ? line : "the server went away", advice != NULL ? "; " : "",
              advice != NULL ? advice : "");
    free(line);
    return false;
}

/* libpq puts 'connection to server at "h" (n), port 1 failed: FATAL:  ' before what the
 * server said; the address is in our sentence already. */
static const char *behind_preamble(const char *message)
{
    static const char *const marks[] = {" failed: ", "FATAL:  ", "ERROR:  "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = strstr(message, marks[i]);
        if (at != NULL && strcspn(message, "\r\n") > (size_t)(at - message)) {
            message = at + strlen(marks[i]);
        }
    }
    return message;
}

bool postgres_fail(struct postgres_talk *talk, const PGresult *result, struct error *err)
{
    const char *what =
        result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (what != NULL) {
        return say(talk, what, PQresultErrorField(result, PG_DIAG_SQLSTATE), err);
    }
    const char *message = behind_preamble(PQerrorMessage(talk->conn));
    bool wants_password =
        PQconnectionNeedsPassword(talk->conn) || PQconnectionUsedPassword(talk->conn);
    bool is_login = PQstatus(talk->conn) == CONNECTION_BAD && wants_password &&
                    strstr(message, "password") != NULL;
    return say(talk, message, is_login ? "28P01" : NULL, err);
}

/* ---- Waiting ---- */

static bool wait_socket(struct postgres_talk *talk, short events, double until,
                        struct error *err)
{
    for (;;) {
        if (!bring_is_wanted(talk->bring)) {
            return error_set(err, ERROR_CANCELLED, "getting %s was cancelled",
                             talk->shown);
        }
        if (until > 0 && path_monotonic() > until) {
            return error_set(err, ERROR_FAILED,
                             "could not fetch %s: the server does not answer; "
                             "PGCONNECT_TIMEOUT gives it more seconds",
                             talk->shown);
        }
        struct pollfd file = {.fd = PQsocket(talk->conn), .events = events};
        int got = file.fd >= 0 ? poll(&file, 1, LOOK_AROUND_MS) : -1;
        if (got > 0) {
            return true;
        }
        if (got < 0 && (file.fd < 0 || errno != EINTR)) {
            return postgres_fail(talk, NULL, err);
        }
    }
}

bool postgres_wait(struct postgres_talk *talk, double until, struct error *err)
{
    return wait_socket(talk, POLLIN, until, err) &&
           (PQconsumeInput(talk->conn) == 1 || postgres_fail(talk, NULL, err));
}

PGresult *postgres_next(struct postgres_talk *talk, double seconds, struct error *err)
{
    double until = seconds > 0 ? path_monotonic() + seconds : 0;
    while (PQisBusy(talk->conn)) {
        if (!postgres_wait(talk, until, err)) {
            return NULL;
        }
    }
    PGresult *result = PQgetResult(talk->conn);
    if (result == NULL) {
        postgres_fail(talk, NULL, err);
    }
    return result;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Rows are coming or wanted: libpq would give this result for ever. */
static bool is_stream(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COPY_OUT || status == PGRES_COPY_IN ||
           status == PGRES_COPY_BOTH;
}

static bool say_odd(struct postgres_talk *talk, const PGresult *result, struct error *err)
{
    return is_stream(result) ? say(talk, "the server answers something else", NULL, err)
                             : postgres_fail(talk, result, err);
}

/* The last result of what was sent, when all were good. All are taken, also behind a bad
 * one: else nothing more could be sent. */
PGresult *postgres_last(struct postgres_talk *talk, struct error *err)
{
    PGresult *last = NULL;
    bool failed = false, streams = false;
    double until = path_monotonic() + talk->source->patience;
    while (!streams) {
        while (PQisBusy(talk->conn)) {
            if (!postgres_wait(talk, until, failed ? NULL : err)) {
                PQclear(last);
                return NULL;
            }
        }
        PGresult *result = PQgetResult(talk->conn);
        if (result == NULL) {
            break;
        }
        streams = is_stream(result);
        if (!failed && !is_good(result)) {
            failed = true;
            say_odd(talk, result, err);
        }
        PQclear(last);
        last = result;
    }
    if (last == NULL && !failed) {
        postgres_fail(talk, NULL, err);
    }
    if (failed) {
        PQclear(last);
        last = NULL;
    }
    return last;
}

/* ---- Statements ---- */

static PGresult *run(struct postgres_talk *talk, const char *sql, struct error *err)
{
    if (PQsendQuery(talk->conn, sql) != 1) {
        postgres_fail(talk, NULL, err);
        return NULL;
    }
    return postgres_last(talk, err);
}

bool postgres_do(struct postgres_talk *talk, const char *sql, struct error *err)
{
    PGresult *result = run(talk, sql, err);
    PQclear(result);
    return result != NULL;
}

PGresult *postgres_describe(struct postgres_talk *talk, const char *sql,
                            struct error *err)
{
    if (PQsendPrepare(talk->conn, "", sql, 0, NULL) != 1) {
        postgres_fail(talk, NULL, err);
        return NULL;
    }
    PGresult *prepared = postgres_last(talk, err);
    if (prepared == NULL) {
        return NULL;
    }
    PQclear(prepared);
    if (PQsendDescribePrepared(talk->conn, "") != 1) {
        postgres_fail(talk, NULL, err);
        return NULL;
    }
    return postgres_last(talk, err);
}

/* ---- Life ---- */

static void ignore_notice(void *owner, const PGresult *result)
{
    (void)owner;
    (void)result;
}

/* How values are written: the same on every server, and nothing lost. Tables are read
 * from their start, so that one that did not change gives the same bytes. */
static const char settings[] =
    "BEGIN READ ONLY; SET LOCAL datestyle TO 'ISO, YMD'; SET LOCAL timezone TO 'UTC'; "
    "SET LOCAL extra_float_digits TO 3; SET LOCAL intervalstyle TO 'iso_8601'; "
    "SET LOCAL bytea_output TO 'hex'; SET LOCAL synchronize_seqscans TO off; "
    "SET LOCAL lc_monetary TO 'C'";
static bool set_up(struct postgres_talk *talk, struct error *err)
{
    enum { SEES_US_GO = 140000 };
    if (!postgres_do(talk, settings, err)) {
        return false;
    }
    /* Where the server's system cannot, it sees that we are gone when it writes. */
    return PQserverVersion(talk->conn) < SEES_US_GO ||
           (postgres_do(talk, "SAVEPOINT w", err) &&
            (postgres_do(talk, "SET LOCAL client_connection_check_interval TO '2s'",
                         NULL) ||
             postgres_do(talk, "ROLLBACK TO w", err)));
}

static bool wait_for_connection(struct postgres_talk *talk, struct error *err)
{
    double until = path_monotonic() + talk->source->patience;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && PQstatus(talk->conn) != CONNECTION_BAD &&
           state != PGRES_POLLING_FAILED) {
        short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (!wait_socket(talk, events, until, err)) {
            return false;
        }
        state = PQconnectPoll(talk->conn);
    }
    return state == PGRES_POLLING_OK || postgres_fail(talk, NULL, err);
}

bool postgres_connect(struct postgres_talk *talk, struct error *err)
{
    char *how = postgres_connection(talk->source);
    talk->conn = PQconnectStart(how);
    secret_wipe(how, strlen(how));
    free(how);
    if (talk->conn == NULL) {
        return error_set(err, ERROR_FAILED, "could not fetch %s: out of memory",
                         talk->shown);
    }
    PQsetNoticeReceiver(talk->conn, ignore_notice, NULL);
    return wait_for_connection(talk, err) && set_up(talk, err);
}

/* ---- Cancelling ---- */

/* A statement that still runs would go on for nobody. libpq asks for its end on another
 * connection and waits for as long as the server likes: that is left to a thread, which
 * is not waited for much longer than a good server takes. */
struct cancel {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    PGcancel *request;
    bool is_done, is_left; /* the last of the two frees it */
};

static void cancel_free(struct cancel *cancel)
{
    pthread_mutex_destroy(&cancel->mutex);
    pthread_cond_destroy(&cancel->changed);
    PQfreeCancel(cancel->request);
    free(cancel);
}

static void *run_cancel(void *argument)
{
    char ignored[256];
    struct cancel *cancel = argument;
    PQcancel(cancel->request, ignored, sizeof ignored);
    pthread_mutex_lock(&cancel->mutex);
    cancel->is_done = true;
    bool is_left = cancel->is_left;
    pthread_cond_signal(&cancel->changed);
    pthread_mutex_unlock(&cancel->mutex);
    if (is_left) {
        cancel_free(cancel);
    }
    return NULL;
}

static void wait_for_cancel(struct cancel *cancel, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(seconds * 1e9) % 1000000000;
    until.tv_sec += (time_t)seconds + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&cancel->mutex);
    while (!cancel->is_done &&
           pthread_cond_timedwait(&cancel->changed, &cancel->mutex, &until) == 0) {
    }
    cancel->is_left = !cancel->is_done;
    bool is_done = cancel->is_done;
    pthread_mutex_unlock(&cancel->mutex);
    if (is_done) {
        cancel_free(cancel);
    }
}

static void cancel_statement(PGconn *conn, double seconds)
{
    pthread_t thread;
    struct cancel *cancel = memory_new(sizeof *cancel);
    pthread_mutex_init(&cancel->mutex, NULL);
    pthread_cond_init(&cancel->changed, NULL);
    cancel->request = PQgetCancel(conn);
    if (cancel->request == NULL ||
        pthread_create(&thread, NULL, run_cancel, cancel) != 0) {
        cancel_free(cancel);
        return;
    }
    pthread_detach(thread);
    wait_for_cancel(cancel, seconds);
}

void postgres_close(struct postgres_talk *talk)
{
    if (talk->conn != NULL && PQstatus(talk->conn) == CONNECTION_OK &&
        PQtransactionStatus(talk->conn) == PQTRANS_ACTIVE) {
        double patience = talk->source->patience;
        cancel_statement(talk->conn,
                         patience < CANCEL_SECONDS ? patience : CANCEL_SECONDS);
    }
    PQfinish(talk->conn);
    talk->conn = NULL;
}
