/* The parser of the command line. A command declares a table of its options and rules between them;
 * parsing, messages, defaults and the help page all follow from it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_OPTIONS_OPTIONS_H
#define GLB_TOOL_OPTIONS_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

enum cli_kind {
    CLI_FLAG,   /* int, set to 1; takes no value */
    CLI_INT,    /* int */
    CLI_LONG,   /* long */
    CLI_SEED,   /* uint64_t, decimal, octal (0...) or hexadecimal (0x...) */
    CLI_REAL,   /* double, finite */
    CLI_RANGE,  /* double[2], "FIRST:LAST", 0 < FIRST <= LAST */
    CLI_TEXT,   /* const char *, not empty */
    CLI_CHOICE, /* int, the index in `choices`; upper or lower case */
};

union cli_value {
    int whole;
    long count;
    uint64_t seed;
    double real, range[2];
    const char *text;
};

/* Rows are written as {name, kind, target, value, lowest, highest, initial, .help = ...}. */
struct cli_option {
    const char *name; /* without the dashes */
    enum cli_kind kind;
    void *target;               /* of the kind's type; gets the default, then the value */
    const char *value;          /* what the help page calls the value: "N", "FILE"; flags: NULL */
    double lowest, highest;     /* of INT, LONG and REAL; may be infinite */
    const char *initial;        /* the default as it would be typed; NULL: the target stays */
    const char *otherwise;      /* the default in words, for the help page, where initial is NULL */
    const char *help;           /* one sentence without its full stop */
    const char *group;          /* heading on the help page; of the first option of a group */
    const char *const *choices; /* of CHOICE; NULL behind the last */
    char letter;                /* short name; 0: none */
    int kept;                   /* part of a checkpoint: --resume may not change it */
    /* the parser's */
    int given;
    union cli_value got;
};

enum cli_relation {
    CLI_EXCLUDES, /* `option` cannot be given together with any of `others` */
    CLI_NEEDS     /* `option` needs one of `others` at least */
};

/* Names without dashes, `others` separated by spaces; a name in capitals means that an operand is
 * given. Both kinds refuse the command line. */
struct cli_rule {
    const char *option;
    enum cli_relation relation;
    const char *others;
    const char *because; /* or NULL */
};

struct cli_command {
    const char *name;
    const char *operands; /* as on the help page: "GRAPH"; NULL: none */
    const char *operand_help;
    const char **operand; /* gets them */
    int least, most;      /* how many */
    const char *about;    /* lines of at most 80 columns, without the last newline */
    const char *notes;    /* the same, at the end of the help page; NULL: none */
    struct cli_option *option;
    int options;
    const struct cli_rule *rule;
    int rules;
    int operands_given;
};

/* Sets defaults, then takes the arguments behind argv[0]; `-h` and `--help` print the help page.
 * Returns 0, or an exit status + 1 after a page or a message. Options are taken by their full name
 * and once. */
int cli_parse(struct cli_command *c, int argc, char **argv);

/* The option of a name, which must exist. */
struct cli_option *cli_option(const struct cli_command *c, const char *name);
int cli_given(const struct cli_command *c, const char *name);

/* The help page, on standard output. */
void cli_help(const struct cli_command *c);

/* ---- values ---- */

/* Reads a value into `got`; NULL, or what is needed instead ("a number >= 0"), valid until the next
 * call. */
const char *cli_read_value(struct cli_option *o, const char *text);
void cli_store(const struct cli_option *o);    /* got to target */
void cli_fetch(struct cli_option *o);          /* target to got */
int cli_unchanged(const struct cli_option *o); /* whether got and target are equal */
void cli_show_target(const struct cli_option *o, char *text, size_t size); /* as it is typed */

/* The command as it was typed, for files; cut where it is longer than size. */
void cli_command_text(int argc, char **argv, char *text, size_t size);

/* The name closest to a mistyped one, or NULL if none is close. */
const char *cli_nearest(const char *typed, const char *const *names, int count);

#endif
