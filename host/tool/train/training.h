/* One training for `glauber train`: options, start or continuation, run.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_TRAINING_H
#define GLB_TOOL_TRAINING_H

#include "check/train_verify.h"
#include "learn/data/dataset.h"
#include "learn/layers/layer_sampler.h"
#include "learn/topology/topology.h"
#include "learn/training/trainer.h"
#include "tool/options/options.h"

enum training_method {
    METHOD_CONDITIONAL,
    METHOD_PCD,
    METHOD_HYBRID,
    METHOD_DRAWING,
    METHOD_CONTRAST
};

struct training {
    const char *data, *topology, *device, *array, *output, *checkpoint, *binarise;
    int method; /* enum training_method */
    int count;  /* enum glb_train_count */
    int batch, threads, resume, keep, json, verify, first, images, describe;
    double save_every, mhz;
    double more_epochs; /* resuming: in all, if more than the checkpoint's; else 0 */
    char command[512], revision[64], checkpoint_buffer[1024], array_buffer[32];
    struct glb_train_options o;
    struct glb_topology t;
    struct glb_binarise pixels;
    struct glb_dataset all, data_used;
    struct glb_layer_sampler sampler;
    struct glb_trainer *trainer;
    float *mu; /* resuming: pixel means of the images the training began with */
    double seconds_before, accuracy;
    struct glb_train_verdict verdict;
};

enum { TRAINING_OPTIONS = 48 }; /* most rows of the table */

/* train_options.c: fills the table, which must stay as long as the command line is in use. */
struct cli_command training_command_line(struct training *r, struct cli_option *table);
/* Defaults of the topology and method; a batch that is 0 gets that of the method. */
void training_defaults(struct training *r);

/* train_resume.c: takes options, model and topology of the checkpoint. GLB_ERR_ARGUMENT names an
 * option that contradicts it. */
enum glb_status training_continue(struct training *r, const struct cli_command *c);
/* GLB_ERR_ARGUMENT unless --topology, of the images that were loaded, is what was begun with. */
enum glb_status training_check_topology(const struct training *r);
/* GLB_ERR_ARGUMENT unless the opened trainer's images are those that it was begun with. */
enum glb_status training_check_images(const struct training *r);
void training_store_given(const struct cli_command *c);

/* train_start.c: opens data, topology, sampler and trainer, from the options given or as the
 * checkpoint continues. GLB_ERR_ARGUMENT names an option that contradicts the checkpoint. */
enum glb_status training_open(struct training *r, struct cli_command *c);
void training_close(struct training *r);

/* train_run.c: verifies, trains, saves, reports; the exit status. */
int training_run(struct training *r);

#endif
