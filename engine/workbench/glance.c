/* workbench: the mesh at a glance, read in a job, since a large mesh takes its time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance.h"
#include "engine/workbench/private.h"

#include <stdlib.h>

enum { TELLS_SHEETS, TELLS_JOURNEYS };

/* ---- In the child ---- */

static void tell(struct job_port *port, int type, struct text *packed)
{
    job_tell(port, type, text_string(packed), packed->length);
    text_release(packed);
}

static bool read_all(struct job_port *port, const struct catalog *catalog,
                     struct error *err)
{
    struct array sheets, journeys;
    struct text packed = {0};
    if (!glance_read(catalog, NULL, &sheets, err)) {
        return false;
    }
    glance_pack(&sheets, &packed);
    tell(port, TELLS_SHEETS, &packed);
    glance_release(&sheets);
    if (!glance_journeys(catalog, NULL, &journeys, err)) {
        return false;
    }
    glance_journeys_pack(&journeys, &packed);
    tell(port, TELLS_JOURNEYS, &packed);
    glance_journeys_release(&journeys);
    return true;
}

static bool glance_in_child(struct job_port *port, void *argument, struct error *err)
{
    const char *index = argument;
    struct catalog *catalog = catalog_open(index, err);
    bool done = catalog != NULL && read_all(port, catalog, err);
    catalog_close(catalog);
    return done;
}

/* ---- In the parent ---- */

static void forget(struct workbench_glance *glance)
{
    glance_release(&glance->sheets);
    glance_journeys_release(&glance->journeys);
    glance->sheets = glance->journeys = (struct array){0};
    glance->is_known = false;
}

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct workbench_glance *glance = &((struct workbench *)owner)->glance;
    (void)job;
    if (glance->is_dropped) {
        return;
    }
    if (type == TELLS_SHEETS) {
        glance_release(&glance->sheets);
        glance_unpack(bytes, length, &glance->sheets);
    } else {
        glance_journeys_release(&glance->journeys);
        glance_journeys_unpack(bytes, length, &glance->journeys);
    }
}

static void on_read(void *owner, struct job *job)
{
    struct workbench *workbench = owner;
    struct workbench_glance *glance = &workbench->glance;
    bool again = glance->is_stale;
    bool is_known = job_state(job) == JOB_DONE && !glance->is_dropped;
    glance->job = NULL;
    glance->is_known = glance->is_known || is_known;
    glance->error = (struct error){0};
    if (!is_known && !glance->is_dropped) {
        glance->error = *job_error(job);
    }
    glance->is_dropped = false;
    workbench_changed(workbench, WORKBENCH_GLANCE);
    if (again) {
        workbench_look_around(workbench);
    }
}

void workbench_look_around(struct workbench *workbench)
{
    struct workbench_glance *glance = &workbench->glance;
    const struct job_spec spec = {.title = "look at the mesh as a whole",
                                  .run = glance_in_child,
                                  .argument = workbench->index,
                                  .received = on_told,
                                  .finished = on_read,
                                  .owner = workbench,
                                  .hidden = true};
    glance->is_stale = glance->job != NULL;
    if (glance->job == NULL && workbench->catalog != NULL) {
        glance->job = jobs_start(workbench->jobs, &spec, &glance->error);
    }
}

void workbench_forget_glance(struct workbench *workbench)
{
    struct workbench_glance *glance = &workbench->glance;
    glance->is_stale = false;
    glance->is_dropped = glance->job != NULL;
    if (glance->job != NULL) {
        job_cancel(glance->job);
    }
    forget(glance);
}
