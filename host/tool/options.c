/* Options of the commands: one table, one parser. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cli.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

atomic_int cli_stop;
static _Atomic(struct glb_sampler *) running;

static void on_signal(int sig) {
    if (cli_stop) {
        signal(sig, SIG_DFL);
        raise(sig);
    }
    cli_stop = 1;
    if (running)
        glb_sampler_cancel(running);
}

void cli_cancel_on_signal(struct glb_sampler *s) {
    running = s;
    if (s && cli_stop) /* a signal before this call */
        glb_sampler_cancel(s);
}

void cli_catch_signals(void) {
    struct sigaction a = {.sa_handler = on_signal};
    sigemptyset(&a.sa_mask);
    sigaction(SIGINT, &a, NULL);
    sigaction(SIGTERM, &a, NULL);
}

int cli_fail(void) {
    fprintf(stderr, "glauber: %s\n", glb_error());
    return CLI_FAILED;
}

int cli_usage(const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    fputs("glauber: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    return CLI_USAGE;
}

enum { NO_LETTER = 256 };

/* Letter (for `allowed`), long name, what kind of value. */
static const struct {
    char letter;
    const char *name;
    int has_value;
} table[] = {
    {'d', "device", 1},     {'a', "array", 1},       {'s', "seed", 1},    {'b', "beta", 1},
    {'S', "schedule", 1},   {'c', "chains", 1},      {'B', "burn-in", 1}, {'n', "samples", 1},
    {'i', "interval", 1},   {'C', "clamp", 1},       {'I', "init", 1},    {'h', "bias", 1},
    {'v', "convention", 1}, {'E', "stop-energy", 1}, {'j', "json", 0},    {'o', "output", 1},
    {'p', "program", 1},    {'e', "effort", 1},      {'V', "verify", 0},  {'w', "sweeps", 1},
    {'r', "beta-range", 1}, {'A', "arrays", 0},      {'t', "trace", 1},   {'N', "serial", 1},
    {'P', "port", 1},       {'F', "full-speed", 0},
};
enum { OPTIONS = sizeof table / sizeof table[0] };

static int parse_long(const char *name, const char *text, long min, long max, long *out) {
    char *end;
    errno = 0;
    const long v = strtol(text, &end, 10);
    if (end == text || *end || errno || v < min || v > max)
        return cli_usage("--%s %s: a whole number from %ld to %ld is needed", name, text, min, max);
    *out = v;
    return 0;
}

static int parse_real(const char *name, const char *text, double min, double *out) {
    char *end;
    const double v = strtod(text, &end);
    if (end == text || *end || !isfinite(v) || v < min)
        return cli_usage(min < -1e300 ? "--%s %s: a number is needed"
                                      : "--%s %s: a number >= 0 is needed",
                         name, text);
    *out = v;
    return 0;
}

static int parse_seed(const char *text, uint64_t *out) {
    char *end;
    errno = 0;
    const unsigned long long v = strtoull(text, &end, 0);
    if (end == text || *end || errno || *text == '-')
        return cli_usage("--seed %s: a whole number from 0 to 2^64 - 1 is needed", text);
    *out = v;
    return 0;
}

static int parse_range(const char *text, struct cli_options *o) {
    char *end;
    o->beta_hot = strtod(text, &end);
    if (end != text && *end == ':') {
        const char *second = end + 1;
        o->beta_cold = strtod(second, &end);
        if (end != second && !*end && isfinite(o->beta_cold) && o->beta_hot > 0 &&
            o->beta_cold > 0) {
            o->has_range = 1;
            return 0;
        }
    }
    return cli_usage("--beta-range %s: HOT:COLD is needed, both above 0, for example 0.1:3", text);
}

static int take(struct cli_options *o, char letter, const char *name, const char *v) {
    switch (letter) {
    case 'd':
        o->device = v;
        return 0;
    case 'a':
        o->array = v;
        return 0;
    case 's':
        return parse_seed(v, &o->seed);
    case 'b':
        o->has_beta = 1;
        return parse_real(name, v, 0, &o->beta);
    case 'S':
        o->schedule = v;
        return 0;
    case 'c':
        return parse_long(name, v, 1, 1 << 20, &o->chains);
    case 'B':
        o->has_burn_in = 1;
        return parse_long(name, v, 0, UINT32_MAX, &o->burn_in);
    case 'n':
        o->has_samples = 1;
        return parse_long(name, v, 0, UINT32_MAX, &o->samples);
    case 'i':
        o->has_interval = 1;
        return parse_long(name, v, 1, UINT32_MAX, &o->interval);
    case 'C':
        o->clamp = v;
        return 0;
    case 'I':
        o->init = v;
        return 0;
    case 'h':
        o->bias = v;
        return 0;
    case 'v':
        if (glb_convention_parse(v, &o->convention))
            return cli_usage("--convention %s: there are boltzmann, zte-2, zte-34, qubo and maxcut",
                             v);
        return 0;
    case 'E':
        o->has_stop = 1;
        return parse_real(name, v, -INFINITY, &o->stop_energy);
    case 'j':
        o->json = 1;
        return 0;
    case 'o':
        o->output = v;
        return 0;
    case 'p':
        o->program = v;
        return 0;
    case 'e':
        return parse_long(name, v, 0, 2, &o->effort);
    case 'V':
        o->verify = 1;
        return 0;
    case 'w':
        return parse_long(name, v, 1, UINT32_MAX, &o->sweeps);
    case 'r':
        return parse_range(v, o);
    case 'A':
        o->arrays = 1;
        return 0;
    case 'N':
        o->serial = v;
        return 0;
    case 'P': {
        long port;
        const int bad = parse_long(name, v, 0, UINT16_MAX, &port);
        o->port = (int)port;
        return bad;
    }
    case 'F':
        o->full_speed = 1;
        return 0;
    default:
        o->trace = v;
        return 0;
    }
}

int cli_parse(struct cli_options *o, int argc, char **argv, const char *allowed, int positionals,
              const char *help) {
    *o = (struct cli_options){.device = "emu",
                              .array = "ulx3s-85",
                              .serial = "emu1",
                              .port = 3240,
                              .seed = 1,
                              .beta = 1,
                              .stop_energy = NAN,
                              .burn_in = 100,
                              .interval = 1,
                              .samples = 100,
                              .sweeps = 1000,
                              .effort = 1};
    struct option longs[OPTIONS + 2] = {{0}};
    int n = 0;
    for (int i = 0; i < OPTIONS; i++)
        if (strchr(allowed, table[i].letter))
            longs[n++] = (struct option){table[i].name, table[i].has_value, NULL, NO_LETTER + i};
    longs[n] = (struct option){"help", 0, NULL, 'H'};
    optind = 1;
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1;) {
        if (c == 'H' || c == 'h') {
            fputs(help, stdout);
            return 1 + CLI_OK;
        }
        if (c == ':')
            return 1 + cli_usage("%s: the option %s needs a value", argv[0], argv[optind - 1]);
        if (c == '?' || (c == 'o' && !strchr(allowed, 'o')))
            return 1 + cli_usage("%s: unknown option %s; see glauber %s --help", argv[0],
                                 argv[optind - 1], argv[0]);
        const int bad =
            c == 'o' ? take(o, 'o', "output", optarg)
                     : take(o, table[c - NO_LETTER].letter, table[c - NO_LETTER].name, optarg);
        if (bad)
            return 1 + bad;
    }
    for (; optind < argc; optind++) {
        if (o->npositional == positionals)
            return 1 + cli_usage("%s: unexpected argument '%s'; see glauber %s --help", argv[0],
                                 argv[optind], argv[0]);
        o->positional[o->npositional++] = argv[optind];
    }
    return 0;
}
