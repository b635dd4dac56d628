/* session/request: what the parent asked for, and its parameters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/message.h"
#include "engine/session/worker.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool request_read(struct request *request, const void *bytes, size_t length)
{
    struct message_reader in = {bytes, length, false};
    *request = (struct request){.parameters = ARRAY_OF(struct request_parameter)};
    request->index = message_string(&in, NULL);
    request->role = message_string(&in, NULL);
    request->purpose = message_string(&in, NULL);
    request->team = message_string(&in, NULL);
    request->saved_query = message_string(&in, NULL);
    request->plans = message_number(&in) != 0;
    request->counting = message_string(&in, NULL);
    request->spool = message_string(&in, NULL);
    request->on_spool = message_string(&in, NULL);
    request->sql = message_string(&in, &request->sql_length);
    request->row_limit = message_number(&in);
    request->memory_limit = message_number(&in);
    request->timeout = (double)message_number(&in) / 1e6;
    request->is_careful = message_number(&in) != 0;
    long long count = message_number(&in);
    for (long long i = 0; i < count && !in.broken; i++) {
        struct request_parameter *parameter = array_push(&request->parameters);
        parameter->name = message_string(&in, NULL);
        parameter->value = message_string(&in, NULL);
    }
    return !in.broken && request->sql != NULL && request->spool != NULL;
}

void request_release(struct request *request)
{
    for (size_t i = 0; i < request->parameters.count; i++) {
        struct request_parameter *parameter = array_at(&request->parameters, i);
        free(parameter->name);
        free(parameter->value);
    }
    array_release(&request->parameters);
    free(request->index);
    free(request->role);
    free(request->purpose);
    free(request->team);
    free(request->saved_query);
    free(request->counting);
    free(request->spool);
    free(request->on_spool);
    free(request->sql);
}

static const struct request_parameter *find_parameter(const struct request *request,
                                                      const char *name)
{
    for (size_t i = 0; i < request->parameters.count; i++) {
        const struct request_parameter *one = array_at(&request->parameters, i);
        if (string_equal(one->name, name)) {
            return one;
        }
    }
    return NULL;
}

static size_t offset_of_parameter(const struct request *request, const char *name)
{
    struct sql_token token = {0};
    while (
        sql_next(request->sql, request->sql_length, token.start + token.length, &token)) {
        bool here = token.kind == SQL_PARAMETER && token.length == strlen(name) &&
                    memcmp(request->sql + token.start, name, token.length) == 0;
        if (here) {
            break;
        }
    }
    return token.start;
}

bool request_has_parameters(const struct request *request, struct outcome *outcome)
{
    struct array names = sql_parameters(request->sql, request->sql_length);
    bool all = true;
    for (size_t i = 0; i < names.count && all; i++) {
        const char *name = *(char **)array_at(&names, i);
        all = find_parameter(request, name + 1) != NULL;
        if (!all) {
            outcome->offset = offset_of_parameter(request, name);
            bool is_cast =
                outcome->offset > 0 && request->sql[outcome->offset - 1] == ':';
            if (is_cast) { /* x::text of other databases */
                error_set(&outcome->error, ERROR_FAILED,
                          "there is no %s here: another type is asked for with CAST(x "
                          "AS INTEGER)",
                          name);
                break;
            }
            error_set(
                &outcome->error, ERROR_FAILED,
                "the statement needs a value for the parameter %s and none was "
                "given; give one with --param %s=VALUE, or :param %s VALUE on the screen",
                name, name + 1, name + 1);
        }
    }
    sql_names_release(&names);
    return all;
}

/* Text that prints back the same is a number: 12 and 1.5, but not 007 or 1e3. */
static void bind_value(sqlite3_stmt *stmt, int index, const char *value)
{
    char printed[64];
    char *end;
    errno = 0;
    long long integer = strtoll(value, &end, 10);
    snprintf(printed, sizeof printed, "%lld", integer);
    if (errno == 0 && *end == '\0' && string_equal(printed, value)) {
        sqlite3_bind_int64(stmt, index, integer);
        return;
    }
    double real = strtod(value, &end);
    sqlite3_snprintf(sizeof printed, printed, "%!.15g", real);
    if (*end == '\0' && isfinite(real) && string_equal(printed, value)) {
        sqlite3_bind_double(stmt, index, real);
        return;
    }
    sqlite3_bind_text(stmt, index, value, -1, SQLITE_TRANSIENT);
}

void request_bind(const struct request *request, sqlite3_stmt *stmt)
{
    int count = sqlite3_bind_parameter_count(stmt);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        const struct request_parameter *parameter =
            name != NULL ? find_parameter(request, name + 1) : NULL;
        if (parameter != NULL && parameter->value != NULL) {
            bind_value(stmt, i, parameter->value);
        }
    }
}
