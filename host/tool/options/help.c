/* The help page of a command, from its table. SPDX-License-Identifier: Apache-2.0 */
#include "tool/options/options.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 80, TEXT_AT = 26 };

/* Prints text in the right column, broken between words; `at`: columns already used. */
static void print_wrapped(const char *text, int at) {
    if (at > TEXT_AT - 2) {
        printf("\n%*s", TEXT_AT, "");
        at = TEXT_AT;
    } else {
        printf("%*s", TEXT_AT - at, "");
        at = TEXT_AT;
    }
    for (int first = 1; *text; first = 0) {
        const int length = (int)strcspn(text, " ");
        if (!first && at + 1 + length > COLUMNS) {
            printf("\n%*s", TEXT_AT, "");
            at = TEXT_AT;
        } else if (!first) {
            putchar(' ');
            at++;
        }
        printf("%.*s", length, text);
        at += length;
        text += length + (text[length] == ' ');
    }
    putchar('\n');
}

static void print_option(const struct cli_option *o) {
    char text[600], name[64];
    const char *standard = o->initial ? o->initial : o->otherwise;
    if (o->letter)
        snprintf(name, sizeof name, "  -%c, --%s%s%s", o->letter, o->name, o->value ? " " : "",
                 o->value ? o->value : "");
    else
        snprintf(name, sizeof name, "      --%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
    snprintf(text, sizeof text, "%s%s%s%s", o->help, standard ? " [" : "", standard ? standard : "",
             standard ? "]" : "");
    printf("%s", name);
    print_wrapped(text, (int)strlen(name));
}

void cli_help(const struct cli_command *c) {
    printf("usage: glauber %s%s%s%s\n\n%s\n", c->name, c->operands ? " " : "",
           c->operands ? c->operands : "", c->options ? " [options]" : "", c->about);
    if (c->operand_help) {
        printf("\n  %s", c->operands);
        print_wrapped(c->operand_help, 2 + (int)strlen(c->operands));
    }
    for (int i = 0; i < c->options; i++) {
        if (c->option[i].group)
            printf("\n%s:\n", c->option[i].group);
        print_option(&c->option[i]);
    }
    printf("  -h, --help");
    print_wrapped("this page", 12);
    if (c->notes)
        printf("\n%s%s", c->notes, c->notes[strlen(c->notes) - 1] == '\n' ? "" : "\n");
}
