/* glauber selftest: a device against the reference and exact enumeration.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <glauber.h>
#include "tool/cli.h"
#include "tool/options/common.h"

static void print_line(void *unused, const char *line) {
    (void)unused;
    puts(line);
}

int cmd_selftest(int argc, char **argv) {
    const char *device, *array;
    uint64_t seed;
    struct cli_option table[] = {
        {CLI_ROW_DEVICE(&device), .group = "Options"},
        {CLI_ROW_ARRAY(&array)},
        {CLI_ROW_SEED(&seed, "of the memory patterns, the noise and the random job")},
    };
    struct cli_command c = {
        .name = "selftest",
        .about = "Checks a device: its identity, its state memories, the noise of every lane,\n"
                 "every bit of a random job against another implementation, and the\n"
                 "distribution of a small graph against exact enumeration. Exit status 0 if all\n"
                 "is well.",
        .option = table,
        .options = sizeof table / sizeof table[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad - 1;
    return glb_selftest(device, array, seed, print_line, NULL) ? cli_fail() : CLI_OK;
}
