/* Parsing by a command's table: defaults, arguments, rules. SPDX-License-Identifier: Apache-2.0 */
#include "tool/options/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tool/cli.h"

enum { MOST = 62, FIRST = 256 }; /* options of a command; getopt's number of the first */

struct cli_option *cli_option(const struct cli_command *c, const char *name) {
    for (int i = 0; i < c->options; i++)
        if (strcmp(c->option[i].name, name) == 0)
            return &c->option[i];
    fprintf(stderr, "glauber: the table of %s has no option %s\n", c->name, name);
    abort();
}

int cli_given(const struct cli_command *c, const char *name) {
    return cli_option(c, name)->given;
}

static void set_defaults(const struct cli_command *c) {
    for (int i = 0; i < c->options; i++) {
        struct cli_option *o = &c->option[i];
        o->given = 0;
        if (o->kind == CLI_FLAG)
            *(int *)o->target = 0;
        if (!o->initial)
            continue;
        if (cli_read_value(o, o->initial)) {
            fprintf(stderr, "glauber: the default of %s --%s is no value\n", c->name, o->name);
            abort();
        }
        cli_store(o);
    }
}

static int see_help(const struct cli_command *c, const char *what, const char *argument) {
    return cli_usage("%s: %s '%s'; `glauber %s --help` shows what it takes", c->name, what,
                     argument, c->name);
}

static int unknown(const struct cli_command *c, const char *typed) {
    const char *names[MOST + 1] = {"help"};
    char bare[64];
    for (int i = 0; i < c->options; i++)
        names[i + 1] = c->option[i].name;
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(typed + 2, "="), typed + 2);
    const char *near = strncmp(typed, "--", 2) == 0 ? cli_nearest(bare, names, c->options + 1) : 0;
    if (!near)
        return see_help(c, "there is no option", typed);
    return cli_usage("%s: there is no option '%s'; is --%s meant? `glauber %s --help` lists all",
                     c->name, typed, near, c->name);
}

static int missing_value(const struct cli_command *c, const struct cli_option *o) {
    return cli_usage("%s: --%s needs a value: --%s %s, %s", c->name, o->name, o->name, o->value,
                     o->help);
}

/* Whether a separate value is another option of the command, its own value forgotten. */
static int is_option(const struct cli_command *c, const char *text) {
    if (text[0] != '-')
        return 0;
    if (text[1] != '-')
        for (int i = 0; i < c->options; i++)
            if (text[1] && text[1] == c->option[i].letter && !text[2])
                return 1;
    for (int i = 0; text[1] == '-' && i < c->options; i++) {
        const size_t n = strlen(c->option[i].name);
        if (strncmp(text + 2, c->option[i].name, n) == 0 && (!text[2 + n] || text[2 + n] == '='))
            return 1;
    }
    return 0;
}

static int take(const struct cli_command *c, struct cli_option *o, const char *text) {
    if (o->given)
        return cli_usage("%s: --%s is given more than once; leave one of them", c->name, o->name);
    const char *needed = cli_read_value(o, text);
    if (needed)
        return cli_usage("%s: --%s %s: the value must be %s", c->name, o->name, text, needed);
    o->given = 1;
    cli_store(o);
    return 0;
}

/* getopt_long() takes the start of a name for the name; here the name must be whole. */
static int is_whole(const struct cli_option *o, const char *token) {
    const size_t n = strlen(o->name);
    return strncmp(token, "--", 2) != 0 ||
           (strncmp(token + 2, o->name, n) == 0 && (!token[2 + n] || token[2 + n] == '='));
}

static int take_argument(const struct cli_command *c, int found, char **argv) {
    const int separate = optarg && optarg == argv[optind - 1];
    const char *token = argv[optind - 1 - separate];
    struct cli_option *o = NULL;
    const int code = found == '?' || found == ':' ? optopt : found;
    for (int i = 0; i < c->options; i++)
        if (code == FIRST + i || (code && code == c->option[i].letter))
            o = &c->option[i];
    if (found == '?' && o && is_whole(o, token))
        return cli_usage("%s: --%s takes no value; leave the = and what follows out", c->name,
                         o->name);
    if (found == '?' && code == 'h')
        return cli_usage("%s: --help takes no value; leave the = and what follows out", c->name);
    if (!o || !is_whole(o, token)) {
        const char letter[] = {'-', (char)code, 0};
        return unknown(c, code && code < FIRST ? letter : token);
    }
    if (found == ':' || (separate && is_option(c, optarg)))
        return missing_value(c, o);
    return take(c, o, optarg);
}

static int take_options(const struct cli_command *c, int argc, char **argv) {
    struct option longs[MOST + 2] = {{0}};
    char letters[2 * MOST + 4] = ":h"; /* ":" keeps getopt silent */
    if (c->options > MOST)
        abort();
    for (int i = 0; i < c->options; i++) {
        const struct cli_option *o = &c->option[i];
        longs[i] = (struct option){o->name, o->kind != CLI_FLAG, NULL, FIRST + i};
        if (o->letter)
            snprintf(letters + strlen(letters), sizeof letters - strlen(letters), "%c%s", o->letter,
                     o->kind == CLI_FLAG ? "" : ":");
    }
    longs[c->options] = (struct option){"help", 0, NULL, 'h'};
    optind = 0; /* GNU: start anew */
    for (int found; (found = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        if (found == 'h') {
            cli_help(c);
            return 1 + CLI_OK;
        }
        const int bad = take_argument(c, found, argv);
        if (bad)
            return 1 + bad;
    }
    return 0;
}

static int take_operands(struct cli_command *c, int argc, char **argv) {
    c->operands_given = 0;
    for (; optind < argc; optind++) {
        if (c->operands_given == c->most)
            return 1 + see_help(c, "unexpected argument", argv[optind]);
        if (!argv[optind][0])
            return 1 + cli_usage("%s: an argument is empty; %s is %s", c->name, c->operands,
                                 c->operand_help);
        c->operand[c->operands_given++] = argv[optind];
    }
    if (c->operands_given >= c->least)
        return 0;
    return 1 + cli_usage("%s: %s is missing (%s); usage: glauber %s %s [options]", c->name,
                         c->operands, c->operand_help, c->name, c->operands);
}

static int present(const struct cli_command *c, const char *name) {
    return name[0] >= 'A' && name[0] <= 'Z' ? c->operands_given > 0 : cli_given(c, name);
}

static const char *dashes(const char *name) {
    return name[0] >= 'A' && name[0] <= 'Z' ? "" : "--";
}

static int check_rule(const struct cli_command *c, const struct cli_rule *r) {
    char others[160], list[200] = "", *rest = others;
    const char *why = r->because ? ": " : "", *because = r->because ? r->because : "";
    if (!present(c, r->option))
        return 0;
    snprintf(others, sizeof others, "%s", r->others);
    for (const char *name; (name = strsep(&rest, " "));) {
        const int there = present(c, name);
        if (there && r->relation == CLI_EXCLUDES)
            return cli_usage("%s: %s%s and %s%s are mutually exclusive%s%s; leave one of them out",
                             c->name, dashes(r->option), r->option, dashes(name), name, why,
                             because);
        if (there)
            return 0;
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s%s", *list ? " or " : "",
                 dashes(name), name);
    }
    if (r->relation == CLI_EXCLUDES)
        return 0;
    return cli_usage("%s: %s%s has no effect without %s%s%s; add it or leave %s%s out", c->name,
                     dashes(r->option), r->option, list, why, because, dashes(r->option),
                     r->option);
}

int cli_parse(struct cli_command *c, int argc, char **argv) {
    set_defaults(c);
    int bad = take_options(c, argc, argv);
    if (!bad)
        bad = take_operands(c, argc, argv);
    for (int i = 0; !bad && i < c->rules; i++) {
        const int broken = check_rule(c, &c->rule[i]);
        bad = broken ? 1 + broken : 0;
    }
    return bad;
}

void cli_command_text(int argc, char **argv, char *text, size_t size) {
    size_t n = (size_t)snprintf(text, size, "glauber");
    for (int i = 0; i < argc && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, " %s", argv[i]);
}
