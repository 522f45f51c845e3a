/* Shared by the tool's commands: options, errors, Ctrl-C. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_CLI_H
#define GLB_TOOL_CLI_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include "base/status.h"

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_INTERRUPTED = 130 };

struct cli_options {
    const char *device, *array;
    const char *schedule, *clamp, *init, *bias, *output, *program, *trace, *serial;
    enum glb_convention convention;
    double beta, beta_hot, beta_cold, stop_energy;
    int has_beta, has_range, has_stop, has_samples, has_interval, has_burn_in;
    uint64_t seed;
    long chains, burn_in, interval, samples, sweeps, effort;
    int json, verify, arrays, full_speed, port;
    const char *positional[3];
    int npositional;
};

/* Which options a command takes: one letter of `allowed` each, see cli_options.c. Returns 0, or an
 * exit status + 1 (help or error, already printed). */
int cli_parse(struct cli_options *o, int argc, char **argv, const char *allowed, int positionals,
              const char *help);

/* Prints "glauber: " and the last error; returns CLI_FAILED. */
int cli_fail(void);
int cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Non-zero after Ctrl-C or SIGTERM; the second one ends the process. */
extern atomic_int cli_stop;
void cli_catch_signals(void);
/* The sampler that the first signal cancels; NULL: none. */
void cli_cancel_on_signal(struct glb_sampler *s);

/* Files of values. Lines "pbit value [value ...]" (p-bits from 1, values -1 or 0 for down, 1 for
 * up; % and # start comments): *out gets [n][*columns] of -1, 0 (not mentioned), 1; free() it.
 * Lines "beta sweeps": *out gets [*steps]. */
enum glb_status cli_read_values(const char *path, int n, int8_t **out, int *columns);
enum glb_status cli_read_schedule(const char *path, struct glb_step **out, int *steps);

/* The commands, as the table in cli_main.c calls them: argv[0] is the command's name. */
int glb_cmd_graph(int argc, char **argv);
int glb_cmd_compile(int argc, char **argv);
int glb_cmd_sample(int argc, char **argv);
int glb_cmd_anneal(int argc, char **argv);
int glb_cmd_info(int argc, char **argv);
int glb_cmd_selftest(int argc, char **argv);
int glb_cmd_list(int argc, char **argv);
int glb_cmd_usbip(int argc, char **argv);
int glb_cmd_train(int argc, char **argv);
int glb_cmd_eval(int argc, char **argv);
int glb_cmd_draw(int argc, char **argv);

#endif
