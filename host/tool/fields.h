/* Options of the training commands: long options that fill fields. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_TOOL_FIELDS_H
#define GLB_TOOL_FIELDS_H

#include <stdint.h>

enum cli_field_kind { CLI_FLAG, CLI_INT, CLI_SEED, CLI_REAL, CLI_TEXT };

struct cli_field {
    const char *name; /* without the dashes */
    enum cli_field_kind kind;
    void *value;            /* int, int, uint64_t, double, const char * */
    double lowest, highest; /* of numbers */
    int given;              /* set when it is there */
};

/* Fills the fields; `-o` means "output", `-h` and `--help` print help. Everything else goes to
 * positional (at most `positionals`). Returns 0, or an exit status + 1 (already printed). */
int cli_fields_parse(int argc, char **argv, struct cli_field *fields, int count,
                     const char **positional, int positionals, const char *help);

/* The command as it was typed, for files. */
void cli_fields_command(int argc, char **argv, char *text, int size);

#endif
