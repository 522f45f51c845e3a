/* What the two parts of `glauber train` share: options on one side, the run on the other.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_CMD_TRAIN_H
#define GLB_TOOL_CMD_TRAIN_H

#include "learn/data/dataset.h"
#include "learn/layers/layer_sampler.h"
#include "learn/topology/topology.h"
#include "check/train_verify.h"
#include "learn/training/trainer.h"

struct cli_training {
    const char *data, *topology, *device, *array, *output, *checkpoint, *binarise;
    int batch, threads, resume, json, verify, first, images, describe;
    double save_every, mhz;
    char command[512], revision[64], checkpoint_buffer[1024], array_buffer[32];
    struct glb_train_options o;
    struct glb_topology t;
    struct glb_binarise pixels;
    struct glb_dataset all, data_used;
    struct glb_layer_sampler sampler;
    struct glb_trainer *trainer;
    double seconds_before, accuracy;
    struct glb_train_verdict verdict;
};

/* Reads the images, made binary as `pixels` describes. */
enum glb_status cli_training_load(struct cli_training *r);

/* Trains, from the start or a checkpoint, as the options say; the exit status. All that it opened
 * is left in r for cli_training_close(). */
int cli_training_run(struct cli_training *r);
void cli_training_close(struct cli_training *r);

#endif
