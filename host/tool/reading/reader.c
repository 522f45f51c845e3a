/* The sampler that reads labels. SPDX-License-Identifier: Apache-2.0 */
#include "tool/reading/reader.h"

#include "learn/labels/label_scores.h"
#include "tool/cli.h"

enum glb_status cli_reader_open(struct cli_reading *r, const struct glb_model *m, int spins,
                                struct glb_layer_sampler *out) {
    const struct glb_layer_sampler_options so = {.device = r->device,
                                                 .array = r->array,
                                                 .chains = r->batch,
                                                 .threads = r->threads,
                                                 .u = m->u,
                                                 .stop = &cli_stop,
                                                 .layers = (1u << m->t.nlayers) - 2,
                                                 .group = spins ? 0 : r->o.chains,
                                                 .group_layers = glb_label_layers(&m->t, 1)};
    if (r->o.beta == 0)
        r->o.beta = m->readout_beta;
    r->o.J = spins ? NULL : m->J;
    r->o.h = spins ? NULL : m->h;
    r->o.stop = &cli_stop;
    const enum glb_status s = glb_layer_sampler_open(&m->t, &so, out);
    return s ? s : out->set_weights(out->self, m->J, m->h, NULL);
}
