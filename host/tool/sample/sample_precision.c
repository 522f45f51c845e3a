/* How the couplings of a run were rounded: report and warning. SPDX-License-Identifier: Apache-2.0
 */
#include "tool/cli.h"
#include "tool/sample/sample_run.h"

enum glb_status sample_ask_precision(const struct sample_run *r, struct glb_compile_options *o) {
    if (r->temper) /* programs of ladders have plain rounding */
        return GLB_OK;
    o->beta_least = o->beta_most = r->set.beta;
    for (int k = 0; r->set.schedule && k < r->set.steps; k++) {
        const double beta = r->set.schedule[k].beta;
        o->beta_least = k && o->beta_least < beta ? o->beta_least : beta;
        o->beta_most = k && o->beta_most > beta ? o->beta_most : beta;
    }
    o->precision = r->anneal ? SAMPLE_ANNEAL_ERROR : 0;
    return cli_precision(r->o.precision, o);
}

double sample_field_error(const struct sample_run *r) {
    double beta = r->set.schedule ? 0 : r->set.beta;
    for (int k = 0; r->set.schedule && k < r->set.steps; k++)
        beta = r->set.schedule[k].beta > beta ? r->set.schedule[k].beta : beta;
    return beta * r->precision.field_error;
}

/* Is the program for the betas of the run? */
static enum glb_status check_betas(const struct sample_run *r) {
    uint32_t k;
    if (r->temper) /* refuses precise programs whatever the beta */
        return GLB_OK;
    enum glb_status s = r->set.schedule ? GLB_OK : glb_program_k(r->p, r->set.beta, &k);
    for (int i = 0; r->set.schedule && i < r->set.steps && !s; i++)
        s = glb_program_k(r->p, r->set.schedule[i].beta, &k);
    return s;
}

enum glb_status sample_precision(struct sample_run *r) {
    if (check_betas(r))
        return glb_error_status();
    const struct glb_precision *q = glb_program_precision(r->p, r->g);
    if (!q)
        return glb_error_status();
    r->precision = *q;
    fprintf(r->report,
            "precision  u %.4g: couplings off by %.3g (rms %.3g), %d of %d became 0, biases off by "
            "%.3g; error x beta %.3g\n",
            q->u, q->j_max_error, q->j_rms_error, q->couplings_zeroed, q->couplings_nonzero,
            q->h_max_error, sample_field_error(r));
    if (q->beta > 0)
        fprintf(
            r->report,
            "precise    for beta %.4g%s: %d couplings cut to what decides, %d entries for parts "
            "of large ones, %d helpers; --precision fast is shorter\n",
            q->beta, q->helpers ? "" : " or more", q->couplings_cut, q->entries_added, q->helpers);
    return GLB_OK;
}

/* Fields are at most 1,023 u, so what the limit costs is bounded. */
static void warn_of_heat(const struct sample_run *r) {
    const double hottest = glb_program_hottest(r->p), beta = r->set.beta;
    if (r->temper || r->set.schedule || !(beta > 0) || hottest < 1.01 * beta)
        return;
    cli_warn("%s: beta %g is hotter than the array can be with couplings as small as these: the "
             "samples are of beta %.4g, and a p-bit's probability is off by up to 0.004",
             r->o.graph, beta, hottest);
}

void sample_warn_of_rounding(const struct sample_run *r) {
    const struct glb_precision *q = &r->precision;
    const double error = sample_field_error(r);
    const double most = r->anneal ? SAMPLE_ANNEAL_ERROR : SAMPLE_FIELD_ERROR;
    warn_of_heat(r);
    if (error <= most)
        return;
    cli_warn(
        "%s: rounding changes the field of a p-bit by %.3g (x beta %.3g, more than %g), and "
        "%d of %d couplings became 0: %s; %sbring the largest couplings closer to the smallest",
        r->o.graph, q->field_error, error, most, q->couplings_zeroed, q->couplings_nonzero,
        r->anneal ? "low states may be those of another graph"
                  : "the samples are of another distribution",
        q->beta > 0 || r->temper ? "" : "leave --precision fast out, or ");
}
