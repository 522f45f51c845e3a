/* Replica exchange: which settings can run. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include "base/sized.h"
#include "sampler/tempering/tempering.h"

static const struct glb_tempering defaults = {.size = sizeof defaults, .most_temperatures = 64};

void glb_tempering_init(struct glb_tempering *t, size_t size) {
    glb_sized_init(t, size, &defaults, sizeof defaults);
}

static enum glb_status check_betas(const struct glb_tempering *o) {
    for (int k = 0; k < o->temperatures; k++)
        if (!(o->betas[k] >= 0) || !isfinite(o->betas[k]) ||
            (k > 0 && o->betas[k] <= o->betas[k - 1]))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "beta %d of the ladder is %g; betas are finite, not negative and "
                            "ascend from the hot end to the cold one",
                            k + 1, o->betas[k]);
    return GLB_OK;
}

static enum glb_status check_ladder(const struct glb_settings *set, const struct glb_tempering *o) {
    const int most = GLB_MOST_TEMPERATURES;
    if (o->temperatures != 0 && (o->temperatures < 2 || o->temperatures > most))
        return glb_fail(GLB_ERR_ARGUMENT, "%d temperatures; 2 to %d are possible", o->temperatures,
                        most);
    if (o->betas)
        return o->temperatures ? check_betas(o)
                               : glb_fail(GLB_ERR_ARGUMENT,
                                          "a ladder of 0 betas; 2 to %d are "
                                          "possible",
                                          most);
    if (o->most_temperatures < LADDER_LEAST || o->most_temperatures > most)
        return glb_fail(GLB_ERR_ARGUMENT, "at most %d temperatures; the limit is %d to %d",
                        o->most_temperatures, LADDER_LEAST, most);
    if (!(set->beta > 0) || !isfinite(set->beta))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the cold end of the ladder is beta %g; it must be finite and above 0",
                        set->beta);
    if (!(o->beta_hot >= 0) || o->beta_hot >= set->beta)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the hot end of the ladder is beta %g; it must be above 0 and below the "
                        "cold end, %g",
                        o->beta_hot, set->beta);
    return GLB_OK;
}

static enum glb_status check_rest(const struct glb_sampler *s, const struct glb_settings *set,
                                  const struct glb_tempering *o) {
    if (set->schedule)
        return glb_fail(GLB_ERR_ARGUMENT, "a schedule of beta; a ladder of replicas has none");
    if (set->statistics)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "statistics = 1; a ladder of replicas returns samples, from which they "
                        "follow");
    if (set->first_board)
        return glb_fail(GLB_ERR_ARGUMENT, "the first board is %d; a ladder of replicas has it at 0",
                        set->first_board);
    if (set->interval < 1 || set->samples < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%lld rounds of %u sweeps; 1 or more of both are needed",
                        (long long)set->samples, set->interval);
    if (!(o->seconds >= 0) || !isfinite(o->seconds))
        return glb_fail(GLB_ERR_ARGUMENT, "a limit of %g seconds; it is 0 (none) or more",
                        o->seconds);
    if (o->cluster_moves < 0 || o->cluster_moves > 1)
        return glb_fail(GLB_ERR_ARGUMENT, "cluster_moves = %d; it is 0 or 1", o->cluster_moves);
    if (s->p->beta > 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the program is precise, made for beta %g, where p-bits need not have one "
                        "energy between them; a ladder takes one with plain rounding",
                        s->p->beta);
    const int updated = s->p->nbias, wanted = s->p->n * s->p->copies;
    return updated == wanted ? GLB_OK
                             : glb_fail(GLB_ERR_ARGUMENT,
                                        "the program updates %d of %d p-bits; states with others "
                                        "cannot be exchanged",
                                        updated, wanted);
}

enum glb_status tempered_prepare(const struct glb_sampler *s, const struct glb_settings *settings,
                                 const struct glb_tempering *tempering, struct glb_settings *set,
                                 struct glb_tempering *opt) {
    int64_t samples;
    enum glb_status st = sampler_prepare(s, settings, set, &samples);
    *opt = defaults;
    if (!st)
        st = glb_sized_take(opt, sizeof *opt, tempering, "glb_tempering");
    if (!st)
        st = check_rest(s, set, opt);
    return st ? st : check_ladder(set, opt);
}
