/* A run's file: settings, result, couplings; of samples its end. SPDX-License-Identifier:
 * Apache-2.0
 */
#include <stdlib.h>
#include "files/statistics_file.h"
#include "tool/sample/sample_run.h"

/* What the program's integers stand for; to be freed in any case. */
static enum glb_status effective(const struct sample_run *r, double **coupling, double **bias) {
    *coupling = malloc(((size_t)r->g->m + 1) * sizeof **coupling);
    *bias = malloc(((size_t)r->g->n + 1) * sizeof **bias);
    if (!*coupling || !*bias)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the couplings of %s", r->o.output);
    glb_program_effective(r->p, *coupling, *bias);
    return GLB_OK;
}

enum glb_status sample_write(struct sample_run *r) {
    struct glb_sample_file_info info = {.command = r->command,
                                        .graph = r->o.graph,
                                        .array = r->p->array.name,
                                        .device = r->o.device,
                                        .convention = glb_convention_name(r->g->convention),
                                        .graph_hash = r->g->hash,
                                        .precision = &r->precision,
                                        .edge_i = r->g->ei,
                                        .edge_j = r->g->ej};
    double *coupling, *bias;
    char doubts[128];
    if ((info.certificate = glb_sampler_certificate(r->s)))
        sample_doubts(info.certificate->doubts, doubts, sizeof doubts);
    info.doubts = doubts;
    enum glb_status s = effective(r, &coupling, &bias);
    info.effective_coupling = coupling;
    info.effective_bias = bias;
    const struct glb_result *result = glb_sampler_result(r->s);
    if (!s && r->file) {
        struct glb_sample_file *file = r->file;
        r->file = NULL; /* closed in any case */
        s = glb_sample_file_close(file, &info, &r->set, result);
    } else if (!s) {
        s = glb_statistics_file_write(r->o.output, &info, &r->set, result, r->g->ei, r->g->ej);
    }
    free(coupling);
    free(bias);
    return s;
}
