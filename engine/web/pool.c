/* web: handles of libcurl that keep their connections, for the next request of this
 * process.
 *
 * A handle is in one thread's hands at a time, so that libcurl shares nothing between
 * threads (its shared connection caches are not safe there). What a forked child finds
 * here is its parent's: the sockets are shared with it, so it lets them be.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/text.h"
#include "engine/web/private.h"

enum { MOST_IDLE = 8 };

/* The one state of this room: connections belong to the process. */
static struct {
    pthread_mutex_t lock;
    struct channel *idle;
    size_t count;
    pid_t owner;
    struct channel *of_parent; /* never touched again */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_ready;

static void start(void)
{
    is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static void channel_free(struct channel *channel)
{
    if (channel == NULL) {
        return;
    }
    curl_easy_cleanup(channel->easy);
    curl_multi_cleanup(channel->multi);
    secret_release(&channel->secret);
    free(channel->origin);
    free(channel);
}

static struct channel *channel_new(void)
{
    struct channel *channel = memory_new(sizeof *channel);
    channel->easy = curl_easy_init();
    channel->multi = curl_multi_init();
    if (channel->easy == NULL || channel->multi == NULL) {
        channel_free(channel);
        return NULL;
    }
    channel->plain = -1;
    curl_multi_setopt(channel->multi, CURLMOPT_MAXCONNECTS, 4L);
    return channel;
}

/* Called with the lock. */
static void forget_parent(void)
{
    if (pool.owner != getpid()) {
        pool.of_parent = pool.idle;
        pool.idle = NULL;
        pool.count = 0;
        pool.owner = getpid();
    }
}

/* Bytes that wait before anything was asked would be taken for the next answer. */
static bool is_silent(const struct channel *channel)
{
    char byte;
    return channel->plain < 0 ||
           recv(channel->plain, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

/* The idle one that spoke to the origin last, or NULL. */
static struct channel *take_idle(const char *origin)
{
    struct channel **at = &pool.idle;
    while (*at != NULL && !string_equal((*at)->origin, origin)) {
        at = &(*at)->next;
    }
    struct channel *channel = *at;
    if (channel != NULL) {
        *at = channel->next;
        pool.count--;
    }
    return channel;
}

struct channel *channel_take(const char *origin)
{
    pthread_once(&once, start);
    if (!is_ready) {
        return NULL;
    }
    pthread_mutex_lock(&pool.lock);
    forget_parent();
    struct channel *channel = take_idle(origin);
    pthread_mutex_unlock(&pool.lock);
    if (channel != NULL && !is_silent(channel)) {
        channel_free(channel);
        channel = NULL;
    }
    if (channel == NULL) {
        channel = channel_new();
    }
    if (channel != NULL) {
        free(channel->origin);
        channel->origin = string_copy(origin);
    }
    return channel;
}

void channel_give(struct channel *channel)
{
    if (channel == NULL || channel->is_untrusted) {
        channel_free(channel);
        return;
    }
    curl_easy_reset(channel->easy); /* connections stay open */
    pthread_mutex_lock(&pool.lock);
    forget_parent();
    channel->next = pool.idle;
    pool.idle = channel;
    struct channel *oldest = NULL;
    if (++pool.count > MOST_IDLE) {
        struct channel **at = &pool.idle;
        while ((*at)->next != NULL) {
            at = &(*at)->next;
        }
        oldest = *at;
        *at = NULL;
        pool.count--;
    }
    pthread_mutex_unlock(&pool.lock);
    channel_free(oldest);
}
