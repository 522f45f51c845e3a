/* `glauber temper`: what it has beside `glauber sample`. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_TEMPER_RUN_H
#define GLB_TOOL_TEMPER_RUN_H

#include "tool/sample/sample_run.h"

struct temper_run {
    const char *betas; /* as given, or NULL */
    int temperatures, cluster_moves, beta_given;
    long sweeps, rounds, warm_up;
    double list[GLB_MOST_TEMPERATURES];
    struct glb_tempering ladder;
};

/* Ladder and rounds from the options, into the run's settings and the ladder's. */
enum glb_status temper_settings(struct sample_run *r);

/* Runs the ladder. Rounds that --time chose are then in the settings, as if they had been given. */
enum glb_status temper_go(struct sample_run *r);

/* temper_report.c: the ladder for people and in the JSON. */
void temper_print_ladder(const struct sample_run *run);
void temper_json_ladder(struct json *out, const struct sample_run *run);

#endif
