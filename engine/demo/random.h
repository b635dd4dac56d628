/* random: numbers that are the same on every machine.
 *
 * A stream is splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
 * generators", OOPSLA 2014). Facts of an entity come from random_of(), which needs no
 * stream: a customer has the same name however many visits were made before. Integers
 * only, since a last bit of floating point may differ between machines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_RANDOM_H
#define MWB_DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t random_next(struct random *random)
{
    random->state += 0x9E3779B97F4A7C15u;
    return random_mix(random->state);
}

/* 0 .. limit - 1; limit is at least 1. */
static inline uint32_t random_below(struct random *random, uint32_t limit)
{
    return (uint32_t)(((random_next(random) >> 32) * limit) >> 32);
}

/* low .. high, both included. */
static inline int random_between(struct random *random, int low, int high)
{
    return low + (int)random_below(random, (uint32_t)(high - low + 1));
}

/* True in `per_10000` of 10,000 cases. */
static inline bool random_chance(struct random *random, int per_10000)
{
    return (int)random_below(random, 10000) < per_10000;
}

/* A fact about entity `id`, always the same for one seed and kind of fact. */
static inline uint64_t random_of(uint64_t seed, uint32_t kind, uint64_t id)
{
    return random_mix(seed ^ random_mix(((uint64_t)kind << 40) + id + 1));
}

/* Such a fact as a number 0 .. limit - 1. */
static inline uint32_t random_of_below(uint64_t fact, uint32_t limit)
{
    return (uint32_t)(((fact >> 32) * limit) >> 32);
}

#endif
