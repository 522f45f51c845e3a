/* Settings of a run: defaults, checks. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include "base/sized.h"
#include "sampler/sampler_state.h"

static const struct glb_settings defaults = {.size = sizeof defaults,
                                             .beta = 1,
                                             .burn_in = 100,
                                             .interval = 1,
                                             .samples = 100,
                                             .seed = 1,
                                             .stop_energy = NAN,
                                             .certificate = 1};

void glb_settings_init(struct glb_settings *s, size_t size) {
    glb_sized_init(s, size, &defaults, sizeof defaults);
}

enum glb_status sampler_take_settings(const struct glb_settings *from, struct glb_settings *to) {
    *to = defaults;
    return glb_sized_take(to, sizeof *to, from, "glb_settings");
}

int glb_sampler_board_chains(const struct glb_sampler *s) {
    return s->p->array.chains * s->p->copies;
}

int sampler_boards(const struct glb_sampler *s, const struct glb_settings *set) {
    const int per_board = glb_sampler_board_chains(s);
    return set->chains > per_board ? (set->chains + per_board - 1) / per_board : 1;
}

static enum glb_status check_numbers(const struct glb_settings *set) {
    enum { MAX_CHAINS = 1 << 20 };
    if (set->interval < 1 && set->samples > 0)
        return glb_fail(GLB_ERR_ARGUMENT, "the sampling interval is 0; it is 1 or more sweeps");
    if (set->samples < 0 || set->samples > UINT32_MAX)
        return glb_fail(GLB_ERR_ARGUMENT, "%lld samples; 0 to %u are possible",
                        (long long)set->samples, UINT32_MAX);
    if (set->chains < 0 || set->chains > MAX_CHAINS)
        return glb_fail(GLB_ERR_ARGUMENT, "%d chains; 1 to %d are possible", set->chains,
                        MAX_CHAINS);
    if (set->first_board < 0 || set->first_board > INT32_MAX - MAX_CHAINS)
        return glb_fail(GLB_ERR_ARGUMENT, "the first board is %d; 0 to %d are possible",
                        set->first_board, INT32_MAX - MAX_CHAINS);
    if (set->statistics < 0 || set->statistics > 1)
        return glb_fail(GLB_ERR_ARGUMENT, "statistics = %d; it is 0 or 1", set->statistics);
    if (!set->schedule)
        return GLB_OK;
    if (set->steps < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "the beta schedule has no steps");
    for (int k = 0; k < set->steps; k++)
        if (set->schedule[k].sweeps < 1)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "step %d of the beta schedule has 0 sweeps; 1 or more are needed", k);
    return GLB_OK;
}

/* values[n][columns] are -1, 0 or +1; `fixed`: those that are 0 in one column are in all. */
static enum glb_status check_values(int n, const int8_t *values, int columns, bool fixed,
                                    const char *what) {
    if (!values)
        return GLB_OK;
    if (columns < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%s values with %d columns; 1 or more are needed", what,
                        columns);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < columns; c++) {
            const int8_t *row = values + (size_t)i * (size_t)columns;
            if (row[c] < -1 || row[c] > 1)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "%s value of p-bit %d in column %d is %d; -1, 0 and +1 are allowed",
                                what, i, c, row[c]);
            if (fixed && (row[c] == 0) != (row[0] == 0))
                return glb_fail(GLB_ERR_ARGUMENT,
                                "p-bit %d is clamped in some chains and free in others", i);
        }
    return GLB_OK;
}

static enum glb_status count_samples(const struct glb_settings *set, int64_t *samples) {
    const uint64_t needed = set->burn_in + (uint64_t)set->samples * set->interval;
    *samples = set->samples;
    if (!set->schedule)
        return needed <= UINT32_MAX
                   ? GLB_OK
                   : glb_fail(GLB_ERR_ARGUMENT,
                              "burn-in and samples x interval make %llu sweeps; at most %u are "
                              "possible",
                              (unsigned long long)needed, UINT32_MAX);
    uint64_t total = 0;
    for (int k = 0; k < set->steps; k++)
        total += set->schedule[k].sweeps;
    const uint32_t interval = set->interval ? set->interval : 1;
    const int64_t room = total > set->burn_in ? (int64_t)((total - set->burn_in) / interval) : 0;
    if (set->samples > room)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the schedule has %llu sweeps, but burn-in %u + %lld samples x interval %u "
                        "need %llu; shorten them",
                        (unsigned long long)total, set->burn_in, (long long)set->samples,
                        set->interval, (unsigned long long)needed);
    *samples = set->samples ? set->samples : room;
    return GLB_OK;
}

static enum glb_status check_buffers(const struct glb_sampler *s, const struct glb_settings *set,
                                     int64_t samples) {
    const double values = (double)samples * glb_sampler_board_chains(s) * sampler_boards(s, set);
    const double bytes = values * ((s->g->n + 7) / 8);
    if (set->bits && (double)set->bits_bytes < bytes)
        return glb_fail(GLB_ERR_ARGUMENT, "room for %zu bytes of samples; %.0f are needed",
                        set->bits_bytes, bytes);
    if (set->energies && (double)set->energies_count < values)
        return glb_fail(GLB_ERR_ARGUMENT, "room for %zu energies; %.0f are needed",
                        set->energies_count, values);
    return GLB_OK;
}

enum glb_status sampler_check_settings(const struct glb_sampler *s, const struct glb_settings *set,
                                       int64_t *samples) {
    enum glb_status st = check_numbers(set);
    if (!st)
        st = check_values(s->g->n, set->clamp, set->clamp_columns, true, "clamp");
    if (!st)
        st = check_values(s->g->n, set->init, set->init_columns, false, "initial");
    if (!st)
        st = count_samples(set, samples);
    return st ? st : check_buffers(s, set, *samples);
}

int glb_sampler_chains(const struct glb_sampler *s, const struct glb_settings *settings) {
    struct glb_settings set;
    if (sampler_take_settings(settings, &set) || check_numbers(&set))
        return 0;
    return sampler_boards(s, &set) * glb_sampler_board_chains(s);
}

int64_t glb_sampler_samples(const struct glb_sampler *s, const struct glb_settings *settings) {
    struct glb_settings set;
    int64_t samples;
    (void)s;
    return sampler_take_settings(settings, &set) || check_numbers(&set) ||
                   count_samples(&set, &samples)
               ? 0
               : samples;
}
