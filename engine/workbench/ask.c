/* workbench: what was asked of a statement, kept to start it again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

void ask_free(struct workbench_ask *ask)
{
    for (size_t i = 0; i < ask->parameters.count; i++) {
        struct session_parameter *parameter = array_at(&ask->parameters, i);
        free((char *)parameter->name);
        free((char *)parameter->value);
    }
    array_release(&ask->parameters);
    free(ask->on_spool);
    free(ask->purpose);
    free(ask->team);
    free(ask->saved_query);
    free(ask->counting);
    free(ask->classification);
    free(ask->products);
    free(ask->versions);
    free(ask);
}

static void ask_add_parameter(struct workbench_ask *ask, const char *name,
                              const char *value)
{
    for (size_t i = 0; i < ask->parameters.count; i++) {
        struct session_parameter *old = array_at(&ask->parameters, i);
        if (string_equal(old->name, name)) {
            return; /* the first wins: those of the call come before the remembered */
        }
    }
    struct session_parameter *parameter = array_push(&ask->parameters);
    parameter->name = string_copy(name);
    parameter->value = string_copy(value);
}

const struct array *workbench_result_parameters(const struct workbench_result *result)
{
    return result->ask != NULL ? &result->ask->parameters : NULL;
}

const char *workbench_result_purpose(const struct workbench_result *result)
{
    return result->ask != NULL ? result->ask->purpose : NULL;
}

struct workbench_ask *ask_new(struct workbench *workbench,
                              const struct workbench_query *query)
{
    struct workbench_ask *ask = memory_new(sizeof *ask);
    ask->parameters = (struct array)ARRAY_OF(struct session_parameter);
    for (size_t i = 0; i < query->parameter_count; i++) {
        ask_add_parameter(ask, query->parameters[i].name, query->parameters[i].value);
    }
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        struct workbench_parameter *kept = array_at(&workbench->parameters, i);
        ask_add_parameter(ask, kept->name, kept->value);
    }
    ask->row_limit = query->row_limit > 0
                         ? query->row_limit
                         : options_number(workbench->options, "row_limit");
    ask->timeout = query->timeout > 0
                       ? query->timeout
                       : (double)options_number(workbench->options, "timeout");
    ask->aside = query->aside;
    ask->plans = query->plans;
    ask->counting = string_copy(query->counting);
    ask->only_here = query->only_here;
    ask->may_destroy = query->may_destroy;
    ask->finished = query->finished;
    ask->owner = query->owner;
    ask->purpose =
        string_copy(query->purpose != NULL ? query->purpose
                                           : options_get(workbench->options, "purpose"));
    ask->team = workbench_team(workbench);
    ask->saved_query = string_copy(query->saved_query);
    if (query->over != NULL && query->over->result != NULL) {
        ask->on_spool = string_copy(result_file(query->over->result));
        ask->classification = string_copy(query->over->classification);
        ask->products = string_copy(text_string(&query->over->products));
        ask->versions = string_copy(text_string(&query->over->versions));
    }
    return ask;
}
