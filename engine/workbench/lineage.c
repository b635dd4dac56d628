/* workbench: read a graph of lineage in a job: statements of others are compiled for it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage.h"
#include "engine/workbench/private.h"

#include <stdlib.h>

enum { MOST_SECONDS = 300 };

struct reading {
    struct workbench *workbench;
    struct workbench_lineage_spec spec; /* start is a copy */
    char *start;
    struct lineage_graph graph;
    bool has_graph;
};

static void free_reading(struct reading *reading)
{
    if (reading->has_graph) {
        lineage_release(&reading->graph);
    }
    free(reading->start);
    free(reading);
}

static bool read_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct reading *reading = argument;
    const struct lineage_spec spec = {
        .catalog = reading->workbench->catalog,
        .role = reading->workbench->role,
        .start = reading->start,
        .way = reading->spec.way,
        .depth = reading->spec.depth,
        .columns = reading->spec.columns,
        .rows = reading->spec.rows,
        .workspace = reading->workbench->workspace,
    };
    struct lineage_graph graph;
    struct text packed = {0};
    bool done = lineage_read(&spec, &graph, err);
    if (done) {
        lineage_pack(&graph, &packed);
        lineage_release(&graph);
        done = job_tell(port, 0, packed.data, packed.length) ||
               error_set(err, ERROR_FAILED,
                         "the lineage is larger than can be told; ask for fewer steps "
                         "with --depth");
    }
    text_release(&packed);
    return done;
}

static void on_graph(void *owner, struct job *job, int type, const void *bytes,
                     size_t length)
{
    struct reading *reading = owner;
    (void)job;
    (void)type;
    reading->has_graph =
        !reading->has_graph && lineage_unpack(bytes, length, &reading->graph);
}

static void on_read(void *owner, struct job *job)
{
    struct reading *reading = owner;
    bool done = reading->has_graph && job_state(job) == JOB_DONE;
    reading->spec.finished(reading->spec.owner, job, done ? &reading->graph : NULL);
    free_reading(reading);
}

struct job *workbench_read_lineage(struct workbench *workbench,
                                   const struct workbench_lineage_spec *wanted,
                                   struct error *err)
{
    struct reading *reading = memory_new(sizeof *reading);
    reading->workbench = workbench;
    reading->spec = *wanted;
    reading->start = string_copy(wanted->start);
    struct job_spec spec = {
        .title = "lineage",
        .run = read_in_child,
        .argument = reading,
        .received = on_graph,
        .finished = on_read,
        .owner = reading,
        .timeout = MOST_SECONDS,
        .hidden = true,
    };
    struct job *job = jobs_start(workbench->jobs, &spec, err);
    if (job == NULL) {
        free_reading(reading);
    }
    return job;
}
