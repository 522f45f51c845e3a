/* The ladder of temperatures and its tuning: equal shares of the communication barrier, measured by
 * rejected exchanges (Syed, Bouchard-Cote, Deligiannidis and Doucet, J. Royal Stat. Soc. B 84,
 * 2022, p. 321, section 5). SPDX-License-Identifier: Apache-2.0
 *
 * Betas of a tuned ladder come from numbers of exchanges by sums and quotients alone, those of the
 * first one are rounded to 24 bits: they are the same on every machine. */
#include <math.h>
#include <string.h>
#include "sampler/tempering/tempering.h"

/* To 24 bits, whatever the exponent. */
static double rounded(double x) {
    int exponent;
    const double part = frexp(x, &exponent);
    return ldexp((float)part, exponent);
}

enum glb_status ladder_set(struct tempered_run *t) {
    for (int i = t->temperatures - 1; i >= 0; i--) { /* an error names the cold end */
        const enum glb_status s = glb_program_k(t->s->p, t->beta[i], &t->k[i]);
        if (s)
            return s;
        if (t->k[i] == 0)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "beta %g is colder than the array can be with these couplings; below "
                            "%g is possible",
                            t->beta[i], 65536 / t->s->p->u);
    }
    return GLB_OK;
}

static void geometric(struct tempered_run *t, double hot, double cold) {
    const int n = t->temperatures;
    for (int i = 0; i < n; i++)
        t->beta[i] = rounded(hot * pow(cold / hot, (double)i / (n - 1)));
    t->beta[0] = hot;
    t->beta[n - 1] = cold;
}

enum glb_status ladder_start(struct tempered_run *t) {
    double hot = t->opt.beta_hot, cold;
    if (t->opt.betas) {
        memcpy(t->beta, t->opt.betas, (size_t)t->temperatures * sizeof *t->beta);
        return ladder_set(t);
    }
    const enum glb_status s = hot > 0 ? GLB_OK : glb_beta_range(t->s->g, &hot, &cold);
    if (s)
        return s;
    if (t->opt.beta_hot == 0) {
        hot = rounded(hot);
        hot = hot < t->set->beta / 2 ? hot : t->set->beta / 2;
    }
    geometric(t, hot, t->set->beta);
    return ladder_set(t);
}

void ladder_spread(const double *beta, const double *rejection, int from, double *out, int to) {
    double all = 0, before = 0;
    int at = 0;
    for (int i = 0; i + 1 < from; i++)
        all += rejection[i];
    out[0] = beta[0];
    for (int i = 1; i + 1 < to; i++) {
        const double wanted = all * i / (to - 1);
        while (at + 2 < from && before + rejection[at] < wanted)
            before += rejection[at++];
        const double part = (wanted - before) / rejection[at];
        out[i] = beta[at] + (part < 1 ? part : 1) * (beta[at + 1] - beta[at]);
    }
    out[to - 1] = beta[from - 1];
}

/* About 2 x barrier + 1, unless the present number is near that. */
static int better_number(const struct tempered_run *t, double barrier) {
    const int most = t->opt.most_temperatures, now = t->temperatures;
    int wanted = (int)(2 * barrier + 1.5);
    wanted = wanted < LADDER_LEAST ? LADDER_LEAST : wanted > most ? most : wanted;
    return t->opt.temperatures || 8 * (wanted > now ? wanted - now : now - wanted) <= now ? now
                                                                                          : wanted;
}

enum glb_status ladder_tune(struct tempered_run *t) {
    double rejection[GLB_MOST_TEMPERATURES], beta[GLB_MOST_TEMPERATURES], barrier = 0;
    const int from = t->temperatures;
    for (int i = 0; i + 1 < from; i++) { /* half a rejection more: none is 0 */
        rejection[i] =
            ((double)(t->attempts[i] - t->accepted[i]) + 0.5) / ((double)t->attempts[i] + 1);
        barrier += rejection[i];
    }
    const int to = better_number(t, barrier);
    ladder_spread(t->beta, rejection, from, beta, to);
    const enum glb_status s = to == from ? GLB_OK : tempered_shape(t, to);
    if (s)
        return s;
    memcpy(t->beta, beta, (size_t)to * sizeof *beta);
    t->s->ladder->ladder.tuned++;
    return ladder_set(t);
}
