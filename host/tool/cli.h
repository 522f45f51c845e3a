/* Shared by the tool's commands: exit statuses, messages, Ctrl-C.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_CLI_H
#define GLB_TOOL_CLI_H

#include <glauber.h>
#include <stdatomic.h>
#include "base/status.h"

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/* Prints "glauber: " and the last error; returns CLI_FAILED. */
int cli_fail(void);
/* Prints "glauber: " and the message; returns CLI_USAGE. */
int cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints "glauber: warning: " and the message, on standard error. */
void cli_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The signal's number after Ctrl-C, SIGTERM or a hang-up; the second one ends the process. */
extern atomic_int cli_stop;
/* From here on the first signal stops what is running, so that its results are kept. Before, while
 * files are read and graphs compiled, there is nothing to keep and any signal ends the process. */
void cli_catch_signals(void);
/* The exit status after a signal: 130, 143 or 129. */
int cli_interrupted(void);
/* The sampler that the first signal cancels; NULL: none. */
void cli_cancel_on_signal(struct glb_sampler *s);

/* Refuses an output that is one of the inputs (NULL: none), and what glb_atomic_check() refuses. */
enum glb_status cli_check_output(const char *output, const char *const *inputs, int count);

/* --precision: auto, fast or an error x beta, into the options that have their betas. */
enum glb_status cli_precision(const char *text, struct glb_compile_options *o);

/* Refuses an output that is a file of the data set. */
enum glb_status cli_check_data(const char *output, const char *data);

/* The commands: argv[0] is the command's name; they return an exit status. */
int cmd_graph(int argc, char **argv);
int cmd_compile(int argc, char **argv);
int cmd_sample(int argc, char **argv);
int cmd_anneal(int argc, char **argv);
int cmd_temper(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_predict(int argc, char **argv);
int cmd_draw(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_usbip(int argc, char **argv);
int cmd_selftest(int argc, char **argv);

#endif
