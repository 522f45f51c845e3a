/* Options that sample, anneal and temper have. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include "tool/options/common.h"
#include "tool/sample/sample_run.h"

int sample_rows_of_all(struct sample_options *o, struct cli_option *table) {
    const struct cli_option rows[] = {
        {"chains", CLI_LONG, &o->chains, "N", 1, 1 << 20, NULL, .otherwise = "one board",
         .help = "Markov chains, rounded up to whole boards"},
        {CLI_ROW_SEED(&o->seed, "the same seed gives the same bits on every device")},
        {"stop-energy", CLI_REAL, &o->stop_energy, "E", -INFINITY, INFINITY, NULL,
         .help = "stop at the first sample with an energy <= E (maxcut: minus the cut)"},
        {"clamp", CLI_TEXT, &o->clamp, "FILE", 0, 0, NULL,
         .help = "fixed p-bits: lines 'pbit value [value ...]', p-bits from 1; -1 or 0 down, 1 "
                 "up; of several values chain c takes value c modulo their number"},
        {"init", CLI_TEXT, &o->init, "FILE", 0, 0, NULL, .otherwise = "random",
         .help = "start values, the same format; clamped p-bits keep theirs"},
        {CLI_ROW_CONVENTION(&o->convention), .group = "Graph"},
        {CLI_ROW_BIAS(&o->bias)},
        {CLI_ROW_DEVICE(&o->device), .group = "Device"},
        {CLI_ROW_FITTING_ARRAY(&o->array)},
        {"program", CLI_TEXT, &o->program, "FILE", 0, 0, NULL, .otherwise = "compiled anew",
         .help = "a compiled program of this graph and array"},
        {"effort", CLI_INT, &o->effort, "N", 0, GLB_MAX_EFFORT, "1",
         .help = "of the compiler: 0 quick to 3 thorough"},
        {"trace", CLI_TEXT, &o->trace, "FILE", 0, 0, NULL,
         .help = "write an FST waveform (device sim only)"},
        {CLI_ROW_OUTPUT(&o->output, NULL, "HDF5 file: spins, energies (or statistics), settings"),
         .group = "Output"},
        {CLI_ROW_JSON(&o->json)},
    };
    _Static_assert(sizeof rows / sizeof rows[0] <= SAMPLE_ROWS, "rows");
    memcpy(table, rows, sizeof rows);
    return (int)(sizeof rows / sizeof rows[0]);
}
