/* Rows of the option tables that several commands share: {CLI_ROW_...(target)}, with .group and the
 * like behind it. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_OPTIONS_COMMON_H
#define GLB_TOOL_OPTIONS_COMMON_H

#include <glauber.h>
#include "tool/options/options.h"

#define CLI_DEVICES "emu, sim, emu-port, usb[:SERIAL] or uart:PATH[:BAUD]"
#define CLI_ARRAY_HELP "array description; `glauber info --arrays` lists them"

/* by enum glb_convention */
static const char *const cli_conventions[] = {"boltzmann", "zte-2",  "zte-34",
                                              "qubo",      "maxcut", NULL};

#define CLI_ROW_DEVICE(at) "device", CLI_TEXT, (at), "NAME", 0, 0, "emu", .help = CLI_DEVICES
#define CLI_ROW_ARRAY(at) "array", CLI_TEXT, (at), "NAME", 0, 0, "ulx3s-85", .help = CLI_ARRAY_HELP
/* of commands that compile */
#define CLI_ROW_FITTING_ARRAY(at)                                                                  \
    "array", CLI_TEXT, (at), "NAME", 0, 0, NULL,                                                   \
        .otherwise = "ulx3s-85, or big where that is too small", .help = CLI_ARRAY_HELP
#define CLI_ROW_CONVENTION(at)                                                                     \
    "convention", CLI_CHOICE, (at), "NAME", 0, 0, "boltzmann",                                     \
        .choices = cli_conventions,                                                                \
        .help = "meaning of the numbers in GRAPH: boltzmann, zte-2, zte-34, qubo or maxcut"
#define CLI_ROW_BIAS(at)                                                                           \
    "bias", CLI_TEXT, (at), "FILE", 0, 0, NULL, .help = "biases, a MatrixMarket array of n x 1"
#define CLI_ROW_PRECISION(at, words)                                                               \
    "precision", CLI_TEXT, (at), "E", 0, 0, "auto",                                                \
        .help = "error of a p-bit's field times beta that is accepted, a larger one refused; "     \
                "auto: beyond " words " the best that fits; fast: plain rounding"
#define CLI_ROW_TOP(at)                                                                            \
    "top", CLI_INT, (at), "K", 1, 1000000, NULL,                                                   \
        .help = "report the K best distinct states of all looks and how often each was seen"
#define CLI_ROW_STATES(at)                                                                         \
    "states", CLI_TEXT, (at), "FILE", 0, 0, NULL,                                                  \
        .help = "write them (10 without --top): lines 'energy count spins', as CSV if FILE ends "  \
                "in .csv"
#define CLI_ROW_SEED(at, words) "seed", CLI_SEED, (at), "N", 0, 0, "1", .help = words
#define CLI_ROW_JSON(at)                                                                           \
    "json", CLI_FLAG, (at), NULL, 0, 0, NULL,                                                      \
        .help = "print one JSON object as the last line of standard output"
#define CLI_ROW_OUTPUT(at, standard, words)                                                        \
    "output", CLI_TEXT, (at), "FILE", 0, 0, standard, .letter = 'o', .help = words
#define CLI_ROW_THREADS(at)                                                                        \
    "threads", CLI_INT, (at), "N", 0, 64, NULL,                                                    \
        .otherwise = "all cores", .help = "threads of the emulator; results do not depend on them"
#define CLI_ROW_MHZ(at)                                                                            \
    "mhz", CLI_REAL, (at), "X", 1e-3, 1e6, "100",                                                  \
        .help = "clock of the array, for the device time that is printed"
#define CLI_ROW_DATA(at, words) "data", CLI_TEXT, (at), "DIR", 0, 0, "data/mnist", .help = words

#endif
