/* Runs: here and in a thread of their own, cancelling. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include "sampler/sampler_state.h"

/* A signal handler may store to it. */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "an atomic int has no lock");

void glb_sampler_cancel(struct glb_sampler *s) {
    s->cancel = 1;
}

enum glb_status sampler_at_rest(const struct glb_sampler *s) {
    return s->background.started
               ? glb_fail(GLB_ERR_ARGUMENT, "a run is in progress; glb_sampler_wait() ends it")
               : GLB_OK;
}

enum glb_status sampler_prepare(const struct glb_sampler *s, const struct glb_settings *from,
                                struct glb_settings *to, int64_t *samples) {
    enum glb_status st = sampler_at_rest(s);
    if (!st)
        st = sampler_take_settings(from, to);
    return st ? st : sampler_check_settings(s, to, samples);
}

enum glb_status glb_sampler_run(struct glb_sampler *s, const struct glb_settings *settings) {
    struct glb_settings set;
    int64_t samples;
    const enum glb_status st = sampler_prepare(s, settings, &set, &samples);
    return st ? st : sampler_run(s, &set, samples);
}

enum glb_status glb_sampler_collect(struct glb_sampler *s, const struct glb_settings *settings,
                                    uint8_t *bits, size_t bits_bytes, double *energies,
                                    size_t energies_count) {
    struct glb_settings set;
    const enum glb_status st = sampler_take_settings(settings, &set);
    if (st)
        return st;
    set.bits = bits;
    set.bits_bytes = bits_bytes;
    set.energies = energies;
    set.energies_count = energies_count;
    return glb_sampler_run(s, &set);
}

static void *run_in_background(void *user) {
    struct glb_sampler *s = user;
    struct background *b = &s->background;
    b->status = b->run(s);
    snprintf(b->message, sizeof b->message, "%s", b->status ? glb_error() : "");
    b->running = 0;
    return NULL;
}

enum glb_status sampler_start(struct glb_sampler *s, enum glb_status (*run)(struct glb_sampler *)) {
    struct background *b = &s->background;
    sigset_t all, before;
    s->cancel = 0;
    s->fraction = 0;
    s->lowest = INFINITY;
    b->run = run;
    b->running = 1;
    b->started = true;
    sigfillset(&all); /* signals are for the program's own threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&b->thread, NULL, run_in_background, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        b->running = 0;
        b->started = false;
        return glb_fail(GLB_ERR_MEMORY, "no thread can be started for the run");
    }
    return GLB_OK;
}

static enum glb_status run_started(struct glb_sampler *s) {
    return sampler_run(s, &s->background.settings, s->background.samples);
}

enum glb_status glb_sampler_start(struct glb_sampler *s, const struct glb_settings *settings) {
    struct background *b = &s->background;
    const enum glb_status st = sampler_prepare(s, settings, &b->settings, &b->samples);
    return st ? st : sampler_start(s, run_started);
}

int glb_sampler_poll(const struct glb_sampler *s, double *fraction, double *best_energy) {
    const int running = s->background.running;
    if (fraction)
        *fraction = s->fraction;
    if (best_energy)
        *best_energy = s->lowest;
    return running;
}

enum glb_status glb_sampler_wait(struct glb_sampler *s) {
    struct background *b = &s->background;
    if (!b->started)
        return glb_fail(GLB_ERR_ARGUMENT, "no run was started");
    if (pthread_equal(b->thread, pthread_self()))
        return glb_fail(GLB_ERR_ARGUMENT, "a run cannot wait for itself");
    pthread_join(b->thread, NULL);
    b->started = false;
    return b->status ? glb_fail(b->status, "%s", b->message) : GLB_OK;
}
