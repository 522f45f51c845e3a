/* What eval and predict have in common: the options of a reading, and its sampler.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_READING_READER_H
#define GLB_TOOL_READING_READER_H

#include "learn/labels/read_labels.h"
#include "learn/model/model.h"
#include "tool/options/common.h"

struct cli_reading {
    const char *device, *array;
    int batch, threads;
    struct glb_read_labels_options o;
};

/* Rows of an option table; at: a struct cli_reading. */
#define CLI_ROWS_READING(at)                                                                       \
    {"sweeps",                                                                                     \
     CLI_INT,                                                                                      \
     &(at)->o.sweeps,                                                                              \
     "N",                                                                                          \
     1,                                                                                            \
     65535,                                                                                        \
     "220",                                                                                        \
     .help = "sweeps of an image, shared by its chains",                                           \
     .group = "Reading"},                                                                          \
        {"chains",                                                                                 \
         CLI_INT,                                                                                  \
         &(at)->o.chains,                                                                          \
         "N",                                                                                      \
         1,                                                                                        \
         1024,                                                                                     \
         "4",                                                                                      \
         .help = "chains of an image, each from a new start"},                                     \
        {"burn-in",                                                                                \
         CLI_INT,                                                                                  \
         &(at)->o.burn_in,                                                                         \
         "N",                                                                                      \
         0,                                                                                        \
         65534,                                                                                    \
         "5",                                                                                      \
         .help = "sweeps dropped at the start of a chain"},                                        \
        {"beta",                                                                                   \
         CLI_REAL,                                                                                 \
         &(at)->o.beta,                                                                            \
         "X",                                                                                      \
         0.01,                                                                                     \
         10,                                                                                       \
         NULL,                                                                                     \
         .otherwise = "that of the model",                                                         \
         .help = "inverse temperature"},                                                           \
    {                                                                                              \
        CLI_ROW_SEED(&(at)->o.seed, "of the noise")                                                \
    }
#define CLI_ROWS_READING_DEVICE(at)                                                                \
    {CLI_ROW_DEVICE(&(at)->device), .group = "Device"}, {CLI_ROW_FITTING_ARRAY(&(at)->array)},     \
        {"batch", CLI_INT, &(at)->batch, "N", 1, 1 << 16, "512", .help = "chains at a time"}, {    \
        CLI_ROW_THREADS(&(at)->threads)                                                            \
    }

/* Opens a sampler for a model, its weights set, and takes the model's inverse temperature where
 * none was given. spins: labels are read by their spins, not by their fields. */
enum glb_status cli_reader_open(struct cli_reading *r, const struct glb_model *m, int spins,
                                struct glb_layer_sampler *out);

#endif
