/* glauber temper: from options to settings, looks at the replicas. SPDX-License-Identifier:
 * Apache-2.0 */
#include "tool/temper/temper_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A comma-separated list into list[]. */
static enum glb_status read_betas(struct temper_run *t) {
    const char *at = t->betas;
    for (t->temperatures = 0;; at++) {
        char *end;
        if (t->temperatures == GLB_MOST_TEMPERATURES)
            return glb_fail(GLB_ERR_ARGUMENT, "--betas: more than %d temperatures",
                            GLB_MOST_TEMPERATURES);
        const double beta = strtod(at, &end);
        if (end == at || (*end != ',' && *end != 0) || !isfinite(beta))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "--betas: '%s' is no list of numbers separated by commas; an example "
                            "is 0.2,0.5,1",
                            t->betas);
        if (beta < 0 || (t->temperatures && beta <= t->list[t->temperatures - 1]))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "--betas: %g is below 0 or not above the one before it; a ladder "
                            "ascends from the hot end to the cold one",
                            beta);
        t->list[t->temperatures++] = beta;
        at = end;
        if (*at == 0)
            break;
    }
    if (t->temperatures < 2)
        return glb_fail(GLB_ERR_ARGUMENT, "--betas: a ladder has two temperatures at least");
    return GLB_OK;
}

/* Both ends of a ladder that is tuned. */
static enum glb_status find_range(struct sample_run *r) {
    struct temper_run *t = r->temper;
    double hot, cold;
    const enum glb_status s = glb_beta_range(r->g, &hot, &cold);
    if (s)
        return s;
    r->set.beta = r->o.range_given ? r->o.beta_range[1] : t->beta_given ? r->o.beta : cold;
    t->ladder.beta_hot = r->o.range_given ? r->o.beta_range[0] : 0;
    return t->ladder.beta_hot < r->set.beta
               ? GLB_OK
               : glb_fail(GLB_ERR_ARGUMENT,
                          "--beta-range %g:%g: the hot end of a ladder is below the cold end",
                          r->o.beta_range[0], r->o.beta_range[1]);
}

static int on_look(void *user, const struct glb_sample_block *block) {
    struct sample_run *r = user;
    struct best_states *b = &r->best;
    uint8_t *row = malloc((size_t)b->n / 8 + 1);
    for (int c = 0; row && c < block->chains; c++) {
        if (b->count == b->most && block->energies[c] > b->state[b->most - 1].energy)
            continue;
        memset(row, 0, (size_t)b->n / 8 + 1);
        for (int i = 0; i < b->n; i++)
            row[i / 8] |= (uint8_t)((block->planes[i] >> c & 1) << i % 8);
        best_states_add(b, row, block->energies[c]);
    }
    free(row);
    return 0;
}

enum glb_status temper_settings(struct sample_run *r) {
    struct temper_run *t = r->temper;
    glb_tempering_init(&t->ladder, sizeof t->ladder);
    enum glb_status s = t->betas ? read_betas(t) : find_range(r);
    if (s)
        return s;
    t->ladder.temperatures = t->temperatures;
    if (t->betas) {
        t->ladder.betas = t->list;
        r->set.beta = t->list[t->temperatures - 1];
    }
    t->ladder.cluster_moves = t->cluster_moves;
    t->ladder.seconds = r->o.time;
    if (r->o.top || r->o.states)
        t->ladder.on_look = on_look;
    if ((double)t->sweeps * ((double)t->rounds + (double)t->warm_up) > UINT32_MAX)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--sweeps %ld in %ld rounds and a --warm-up of %ld are more than %u "
                        "sweeps; choose fewer",
                        t->sweeps, t->rounds, t->warm_up, UINT32_MAX);
    r->set.interval = (uint32_t)t->sweeps;
    r->set.burn_in = (uint32_t)(t->sweeps * t->warm_up);
    r->set.samples = t->rounds;
    return GLB_OK;
}

enum glb_status temper_go(struct sample_run *r) {
    const enum glb_status s = glb_sampler_temper(r->s, &r->set, &r->temper->ladder);
    const struct glb_ladder *l = glb_sampler_ladder(r->s);
    if (!s && r->o.time > 0 && !glb_sampler_result(r->s)->stopped) {
        r->set.burn_in = (uint32_t)l->warm_up * r->set.interval;
        r->set.samples = l->rounds;
    }
    return s;
}
