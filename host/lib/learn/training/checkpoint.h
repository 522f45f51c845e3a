/* Checkpoints: what a model file holds besides the model for a bit-exact continuation of its
 * training. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_CHECKPOINT_H
#define GLB_LEARN_CHECKPOINT_H

#include "learn/model/model.h"
#include "learn/training/trainer.h"

/* Writes a model file with the options and the state of its trainer; atomically. */
enum glb_status glb_checkpoint_save(const struct glb_trainer *r, const struct glb_model *m,
                                    const char *path);

/* The options that a checkpoint was made with, its batch, first image and number of images;
 * GLB_ERR_FORMAT if it is a model without a trainer's state or if a value is none that `glauber
 * train` takes. */
enum glb_status glb_checkpoint_options(const char *path, struct glb_train_options *o, int *batch,
                                       int *first_image, int *images);

/* Puts a checkpoint's state into a trainer opened with those options, the same topology and data.
 * With more epochs than those the rate goes on along the longer schedule, and weights are averaged
 * over its end alone.
 * After an error the trainer's weights are undefined: close it. */
enum glb_status glb_checkpoint_resume(const char *path, struct glb_trainer *r);

#endif
