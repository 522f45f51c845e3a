/* glauber sample --statistics: the report. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include "sampler/device_statistics.h"
#include "tool/cli.h"
#include "tool/sample/sample_run.h"

void sample_warn_of_host_counts(const struct sample_run *r) {
    const struct glb_compile_report *c = &r->p->report;
    const char *why = sampler_host_counts(r->p, r->g);
    if (!r->o.statistics || !why)
        return;
    if (c->sums_limit)
        cli_warn("--statistics: the array %s has room for about %d of %d sums (%s is full), so "
                 "all samples come to the host, which counts: the same numbers, but slower",
                 r->p->array.name, c->sums_room, c->sums_wanted, c->sums_limit);
    else
        cli_warn("--statistics: %s (glauber compile --count makes them), so all samples come to "
                 "the host, which counts: the same numbers, but slower",
                 why);
}

/* Smallest, mean and largest of values[n]. */
static void print_range(FILE *f, const char *what, const double *values, int n) {
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (int k = 0; k < n; k++) {
        low = fmin(low, values[k]);
        high = fmax(high, values[k]);
        sum += values[k];
    }
    if (n > 0)
        fprintf(f, "%s %d, from %.6g to %.6g, mean %.6g\n", what, n, low, high, sum / n);
}

void sample_print_statistics(const struct sample_run *run, const struct glb_result *r) {
    FILE *f = run->report;
    if (run->g->convention == GLB_MAXCUT)
        fprintf(f, "cut        mean %.9g\n", -r->mean_energy);
    else
        fprintf(f, "energy     mean %.9g\n", r->mean_energy);
    fprintf(f, "counted    %lld samples of all chains, on the %s%s\n", (long long)r->counted,
            r->host_counts ? "host" : "array",
            r->stopped ? ": those before the run was stopped" : "");
    print_range(f, "means     ", r->magnetization, r->pbits);
    print_range(f, "correlat. ", r->correlations, r->couplings);
}

void sample_json_statistics(struct json *out, const struct glb_result *r) {
    json_int(out, "counted", r->counted);
    json_text(out, "counted_on", r->host_counts ? "host" : "array");
    json_reals(out, "correlations", r->correlations, r->couplings);
}
