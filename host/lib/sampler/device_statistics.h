/* Statistics of a run: counts of p-bits that are up and of couplings whose p-bits agree, from sums
 * on the array or from samples. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_DEVICE_STATISTICS_H
#define GLB_SAMPLER_DEVICE_STATISTICS_H

#include <stdint.h>
#include "array/job.h"
#include "array/program.h"
#include "graph/graph.h"
#include "sampler/job_plan.h"

struct glb_sampler;
struct sampler_run;

struct sampler_counts { /* of the last run, NULL before the first with statistics */
    int64_t *up, *agree;
    double *correlation;
    int64_t *fetched; /* [ncount] sums of one job */
    bool tried;       /* to add counting segments to a program of the sampler's own */
};

/* Why the host has to count what a program of g samples, a static text; NULL: the array counts. */
const char *sampler_host_counts(const struct glb_program *p, const struct glb_graph *g);

/* Memory, and who counts. Without settings.statistics: samples are looked at, nothing is counted.
 */
enum glb_status statistics_begin(struct sampler_run *r);

/* The limit of jobs that count, for the plan; NULL if the run has no statistics. */
const struct glb_count_limit *statistics_limit(const struct sampler_run *r,
                                               struct glb_count_limit *store);

/* Makes the piece's job one that counts and returns no samples. */
void statistics_job(struct sampler_run *r, const struct glb_piece *piece, struct glb_job *j);

/* Adds the sums of such a job that has ended, by itself or early, after `sweeps`. */
enum glb_status statistics_take(struct sampler_run *r, const struct glb_job *j, uint32_t sweeps);

/* Adds nbits chains of a sample, r->plane; p-bits that are up are in r->ones already. */
void statistics_add(struct sampler_run *r, int nbits);

/* The result's part, behind sampler_finish(); total: samples of all chains. */
void statistics_finish(struct sampler_run *r, int64_t total);

void statistics_free(struct sampler_counts *c);

#endif
