/* Options of the training commands. SPDX-License-Identifier: Apache-2.0 */
#include "tool/fields.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "tool/cli.h"

enum { FIELDS_MAX = 48, FIRST = 256 };

static int fill(struct cli_field *f, const char *text) {
    char *end = NULL;
    errno = 0;
    f->given = 1;
    switch (f->kind) {
    case CLI_FLAG:
        *(int *)f->value = 1;
        return 0;
    case CLI_TEXT:
        *(const char **)f->value = text;
        return 0;
    case CLI_SEED: {
        const unsigned long long v = strtoull(text, &end, 0);
        if (end == text || *end || errno || *text == '-')
            return cli_usage("--%s %s: a whole number from 0 to 2^64 - 1 is needed", f->name, text);
        *(uint64_t *)f->value = v;
        return 0;
    }
    case CLI_INT: {
        const long v = strtol(text, &end, 10);
        if (end == text || *end || errno || (double)v < f->lowest || (double)v > f->highest)
            return cli_usage("--%s %s: a whole number from %.0f to %.0f is needed", f->name, text,
                             f->lowest, f->highest);
        *(int *)f->value = (int)v;
        return 0;
    }
    case CLI_REAL: {
        const double v = strtod(text, &end);
        if (end == text || *end || !isfinite(v) || v < f->lowest || v > f->highest)
            return cli_usage("--%s %s: a number from %g to %g is needed", f->name, text, f->lowest,
                             f->highest);
        *(double *)f->value = v;
        return 0;
    }
    }
    return 0;
}

int cli_fields_parse(int argc, char **argv, struct cli_field *fields, int count,
                     const char **positional, int positionals, const char *help) {
    struct option options[FIELDS_MAX + 2];
    int output = -1;
    memset(options, 0, sizeof options);
    for (int i = 0; i < count && i < FIELDS_MAX; i++) {
        options[i] = (struct option){fields[i].name, fields[i].kind != CLI_FLAG, NULL, FIRST + i};
        if (strcmp(fields[i].name, "output") == 0)
            output = i;
    }
    options[count] = (struct option){"help", 0, NULL, 'h'};
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, output >= 0 ? "ho:" : "h", options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return CLI_OK + 1;
        }
        const int i = c == 'o' ? output : c - FIRST;
        if (c == '?' || i < 0 || i >= count)
            return cli_usage("`glauber %s --help` lists the options", argv[0]) + 1;
        const int bad = fill(&fields[i], optarg);
        if (bad)
            return bad + 1;
    }
    int used = 0;
    for (; optind < argc; optind++) {
        if (used == positionals)
            return cli_usage("'%s' is too much; `glauber %s --help` says what it takes",
                             argv[optind], argv[0]) +
                   1;
        positional[used++] = argv[optind];
    }
    if (used < positionals)
        return cli_usage("a model file is missing; `glauber %s --help` says what it takes",
                         argv[0]) +
               1;
    return 0;
}

void cli_fields_command(int argc, char **argv, char *text, int size) {
    int n = snprintf(text, (size_t)size, "glauber");
    for (int i = 0; i < argc && n < size; i++)
        n += snprintf(text + n, (size_t)(size - n), " %s", argv[i]);
}
