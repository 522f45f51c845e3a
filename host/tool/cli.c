/* Messages, signals, checks of output files. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cli.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/atomic_file.h"
#include "learn/data/dataset.h"

enum { MOST_PATH = 1024 };

atomic_int cli_stop;
static _Atomic(struct glb_sampler *) running;

static void on_signal(int sig) {
    if (cli_stop) {
        signal(sig, SIG_DFL);
        raise(sig);
    }
    cli_stop = sig;
    if (running)
        glb_sampler_cancel(running);
}

void cli_cancel_on_signal(struct glb_sampler *s) {
    running = s;
    if (s && cli_stop) /* a signal before this call */
        glb_sampler_cancel(s);
}

int cli_interrupted(void) {
    return 128 + (cli_stop ? cli_stop : SIGINT);
}

void cli_catch_signals(void) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction a = {.sa_handler = on_signal}, before;
        sigemptyset(&a.sa_mask);
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN || signals[i] != SIGHUP) /* as nohup wants it */
            sigaction(signals[i], &a, NULL);
    }
}

static void print(const char *before, const char *format, va_list ap) {
    fputs(before, stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
}

int cli_fail(void) {
    fprintf(stderr, "glauber: %s\n", glb_error());
    return CLI_FAILED;
}

int cli_usage(const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    print("glauber: ", format, ap);
    va_end(ap);
    return CLI_USAGE;
}

void cli_warn(const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    print("glauber: warning: ", format, ap);
    va_end(ap);
}

static enum glb_status check_inputs(const char *output, const char *const *inputs, int count) {
    struct stat out, in;
    for (int i = 0; i < count; i++)
        if (inputs[i] && stat(output, &out) == 0 && stat(inputs[i], &in) == 0 &&
            out.st_dev == in.st_dev && out.st_ino == in.st_ino)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "%s: is also read by this command; give the output another name",
                            output);
    return GLB_OK;
}

enum glb_status cli_check_output(const char *output, const char *const *inputs, int count) {
    if (strcmp(output, "-") == 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "an output file called '-': standard output is not possible here; give "
                        "the name of a file, or ./- for one of this name");
    const enum glb_status s = check_inputs(output, inputs, count);
    return s ? s : glb_atomic_check(output);
}

enum glb_status cli_check_data(const char *output, const char *data) {
    static const char *const parts[] = {"train", "t10k"};
    char images[MOST_PATH], labels[MOST_PATH];
    const char *const inputs[] = {images, labels};
    enum glb_status s = GLB_OK;
    for (int p = 0; p < 2 && !s; p++) {
        glb_dataset_files(data, parts[p], images, labels, MOST_PATH);
        s = check_inputs(output, inputs, 2);
    }
    return s;
}
