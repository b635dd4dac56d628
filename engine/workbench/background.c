/* workbench: now and then, ask the sources of the products that are here whether they
 * changed. Nothing is fetched; what was seen goes to the log, and the catalog shows it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

struct workbench_background {
    struct workbench *workbench;
    struct job *job; /* a look on its way */
    int timer;
    size_t asked; /* products, by the last look */
    int failures; /* looks in a row that reached no source */
};

static void schedule(struct workbench_background *background);

/* After failures it waits longer, up to sixteen times as long. */
double background_wait(const struct workbench *workbench)
{
    enum { MOST_DOUBLINGS = 4 };
    long long minutes = options_number(workbench->options, "background_check");
    int failures = workbench->background->failures;
    return (double)minutes * 60 *
           (double)(1 << (failures < MOST_DOUBLINGS ? failures : MOST_DOUBLINGS));
}

static size_t count_lines(const char *lines)
{
    size_t count = 0;
    for (const char *p = lines; *p != '\0'; p++) {
        count += *p == '\n';
    }
    return count;
}

static void on_looked(void *owner, struct job *job, const char *changed,
                      const char *failed)
{
    struct workbench_background *background = owner;
    struct workbench *workbench = background->workbench;
    bool reached = job_state(job) == JOB_DONE && count_lines(failed) < background->asked;
    background->job = NULL;
    background->failures = reached ? 0 : background->failures + 1;
    if (*changed != '\0' || *failed != '\0') {
        workbench_changed(workbench, WORKBENCH_CACHE);
    }
    schedule(background);
}

/* Those the log has seen come and that are here still: a mesh may have very many others.
 */
static struct array find_products(const struct workbench *workbench)
{
    struct array products = ARRAY_OF(char *);
    struct array seen = ledger_seen(NULL, workbench->mesh);
    for (size_t i = 0; i < seen.count; i++) {
        const struct catalog_seen *one = array_at(&seen, i);
        struct catalog_entry entry;
        if (one->looked > 0 &&
            catalog_find(workbench->catalog, one->product, &entry, NULL)) {
            if (workbench_is_here(workbench, &entry)) {
                *(char **)array_push(&products) = string_copy(entry.id);
            }
            catalog_entry_release(&entry);
        }
    }
    catalog_seen_release(&seen);
    return products;
}

static void look(struct workbench_background *background)
{
    struct array products = find_products(background->workbench);
    background->asked = products.count;
    struct workbench_look_spec spec = {.products = &products,
                                       .hidden = true,
                                       .finished = on_looked,
                                       .owner = background};
    if (products.count > 0) {
        background->job = workbench_look(background->workbench, &spec, NULL);
    }
    for (size_t i = 0; i < products.count; i++) {
        free(*(char **)array_at(&products, i));
    }
    array_release(&products);
}

static void on_time(void *owner)
{
    struct workbench_background *background = owner;
    background->timer = 0;
    if (background->workbench->catalog != NULL) {
        look(background);
    }
    if (background->job == NULL) {
        schedule(background);
    }
}

static void schedule(struct workbench_background *background)
{
    double seconds = background_wait(background->workbench);
    loop_cancel(background->workbench->loop, background->timer);
    background->timer = 0;
    if (seconds > 0 && background->job == NULL) {
        background->timer =
            loop_after(background->workbench->loop, seconds, on_time, background);
    }
}

void background_look(struct workbench *workbench)
{
    look(workbench->background);
}

bool background_is_looking(const struct workbench *workbench)
{
    return workbench->background->job != NULL;
}

void workbench_check_sources(struct workbench *workbench)
{
    if (workbench->background == NULL) {
        workbench->background = memory_new(sizeof *workbench->background);
        workbench->background->workbench = workbench;
    }
    schedule(workbench->background);
}

void background_again(struct workbench *workbench)
{
    if (workbench->background != NULL) {
        workbench->background->failures = 0;
        schedule(workbench->background);
    }
}

void background_free(struct workbench *workbench)
{
    if (workbench->background != NULL) {
        loop_cancel(workbench->loop, workbench->background->timer);
        free(workbench->background);
        workbench->background = NULL;
    }
}
