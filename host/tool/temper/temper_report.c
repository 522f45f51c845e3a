/* The result of `glauber temper` beside what `glauber sample` reports. SPDX-License-Identifier:
 * Apache-2.0 */
#include "tool/temper/temper_run.h"

#include <math.h>

void temper_print_ladder(const struct sample_run *run) {
    const struct glb_ladder *l = glb_sampler_ladder(run->s);
    const int sign = sample_sign(run);
    FILE *f = run->report;
    if (!l)
        return;
    fprintf(f, "rounds     %lld of %u sweeps after %lld of warm-up\n", (long long)l->rounds,
            run->set.interval, (long long)l->warm_up);
    if (run->o.time > 0)
        fprintf(f, "time       %g s; --warm-up %lld --rounds %lld gives the same again\n",
                run->o.time, (long long)l->warm_up, (long long)l->rounds);
    fprintf(f,
            "ladder     %d temperatures, tuned %d times; barrier %.3g, %lld arrivals at the cold "
            "end, %lld round trips\n",
            l->temperatures, l->tuned, l->barrier, (long long)l->arrivals,
            (long long)l->round_trips);
    if (run->temper->cluster_moves && l->cluster_first < l->temperatures)
        fprintf(f,
                "clusters   from beta %.5g on, %.4g p-bits on average; they link the chains of a "
                "board%s\n",
                l->beta[l->cluster_first], l->cluster_size,
                l->chains > glb_sampler_board_chains(run->s)
                    ? ""
                    : ", so errors and R-hat need several boards: more --chains");
    else if (run->temper->cluster_moves)
        fputs("clusters   percolate at all temperatures: no cluster moves\n", f);
    fprintf(f, "           beta        %-6s      +-          exchanged\n",
            sign < 0 ? "cut" : "energy");
    for (int k = 0; k < l->temperatures; k++) {
        fprintf(f, "           %-11.5g", l->beta[k]);
        if (l->rounds)
            fprintf(f, " %-11.6g %-11.3g", sign * l->mean_energy[k], l->energy_stderr[k]);
        if (l->rounds && k + 1 < l->temperatures)
            fprintf(f, " %.3f", l->acceptance[k]);
        fputc('\n', f);
    }
}

void temper_json_ladder(struct json *out, const struct sample_run *run) {
    const struct glb_ladder *l = glb_sampler_ladder(run->s);
    if (!l)
        return;
    json_int(out, "temperatures", l->temperatures);
    json_int(out, "warm_up", l->warm_up);
    json_int(out, "rounds", l->rounds);
    json_int(out, "tuned", l->tuned);
    json_reals(out, "betas", l->beta, l->temperatures);
    json_reals(out, "energies", l->mean_energy, l->temperatures);
    json_reals(out, "energies_stderr", l->energy_stderr, l->temperatures);
    json_reals(out, "acceptance", l->acceptance, l->temperatures - 1);
    json_real(out, "barrier", l->barrier);
    json_int(out, "arrivals", l->arrivals);
    json_int(out, "round_trips", l->round_trips);
    json_int(out, "cluster_first", l->cluster_first);
    json_real(out, "cluster_size", l->cluster_size);
}
