/* One run of the sampler for `glauber sample`, `anneal` and `temper`: settings, run, report.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_SAMPLE_RUN_H
#define GLB_TOOL_SAMPLE_RUN_H

#include <stdint.h>
#include <stdio.h>
#include "array/program.h"
#include "device/device.h"
#include "files/sample_file.h"
#include "graph/graph.h"
#include "tool/output/best_states.h"
#include "tool/output/json.h"
#include "tool/output/progress.h"

/* The largest error of a p-bit's field, times beta, without a warning. 0.1 makes a p-bit's
 * probability wrong by 0.05; annealing compares states, and 1 is the noise at its cold end. */
#define SAMPLE_FIELD_ERROR 0.1
#define SAMPLE_ANNEAL_ERROR 1.0

struct sample_options {
    const char *graph, *device, *array, *bias, *program, *trace, *output;
    const char *schedule, *clamp, *init, *states, *precision;
    int convention, effort, json, statistics, top; /* top: 0 without one */
    uint64_t seed;
    double beta, beta_range[2], stop_energy; /* stop_energy: NaN without one */
    double time;                             /* seconds; 0: not asked for */
    long chains, burn_in, interval, samples, sweeps;
    int range_given, burn_in_given, interval_given, samples_given;
};

struct temper_run; /* temper_run.h */

struct sample_run {
    struct sample_options o;
    const char *command; /* "sample", "anneal" or "temper" */
    int anneal;
    struct temper_run *temper; /* of "temper", or NULL */
    FILE *report;              /* for people: standard output, or standard error with --json */
    struct glb_graph *g;
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *s;
    struct glb_settings set;
    struct glb_precision precision;
    struct glb_step *steps;
    int8_t *clamp, *init;
    struct glb_sample_file *file;
    struct best_states best; /* with room for 0: not asked for */
    struct progress bar;
};

/* The notes on the commands' pages. */
#define SAMPLE_NOTES                                                                               \
    "Energies are in the units and sign of the convention (maxcut: minus the cut),\n"              \
    "before quantisation. With --json the report for people goes to standard error."

/* Reads, compiles and opens all that the options name, runs and closes; the samples are written and
 * reported also after Ctrl-C. Sets r->report. The command's exit status. */
int sample_command(struct sample_run *r);

/* sample_rows.c: options of all three commands into table[SAMPLE_ROWS]; how many. */
enum { SAMPLE_ROWS = 17 };
struct cli_option;
int sample_rows_of_all(struct sample_options *o, struct cli_option *table);

/* sample_device.c: compiles or loads the program, for the array that is asked for, that the board
 * has or that the graph fits, and opens device and sampler. */
enum glb_status sample_open_device(struct sample_run *r);
/* sample_schedule.c: the schedule that is read or made, with burn-in and interval; after
 * sample_time_run(), which chooses the sweeps that fit --time, once more. */
enum glb_status sample_make_schedule(struct sample_run *r);
enum glb_status sample_time_run(struct sample_run *r);
/* sample_statistics.c, for --statistics: a warning if the array does not count; its part of report
 * and JSON. */
void sample_warn_of_host_counts(const struct sample_run *r);
void sample_print_statistics(const struct sample_run *run, const struct glb_result *r);
void sample_json_statistics(struct json *out, const struct glb_result *r);
/* sample_precision.c: the compiler's options of --precision; measures the program and reports it;
 * the largest beta times the error of a field; the warning. */
enum glb_status sample_ask_precision(const struct sample_run *r, struct glb_compile_options *o);
enum glb_status sample_precision(struct sample_run *r);
double sample_field_error(const struct sample_run *r);
void sample_warn_of_rounding(const struct sample_run *r);

/* sample_write.c: completes the file of samples, or writes that of statistics. */
enum glb_status sample_write(struct sample_run *r);

/* sample_certificate.c: the certificate's lines of the report; names of doubts, separated by
 * spaces.
 */
void sample_print_certificate(const struct sample_run *run);
void sample_doubts(unsigned bits, char *text, size_t size);

/* Energies as they are reported are those of the graph's convention, of max-cut graphs cuts. */
static inline int sample_sign(const struct sample_run *r) {
    return r->g->convention == GLB_MAXCUT ? -1 : 1;
}

/* sample_report.c: the result for people, on its report stream, and as JSON on standard output. */
void sample_print_report(const struct sample_run *run, const struct glb_result *r);
void sample_print_json(const struct sample_run *run, const struct glb_result *r);

#endif
