/* What a training starts from: options and images, or a checkpoint.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device/device.h"
#include "learn/training/checkpoint.h"
#include "tool/cli.h"
#include "tool/train/training.h"

static enum glb_status load_images(struct training *r) {
    enum glb_status s = glb_dataset_load(r->data, "train", r->pixels, &r->all);
    if (s)
        return s;
    if (r->first >= r->all.count || r->images > r->all.count - r->first)
        return glb_fail(GLB_ERR_ARGUMENT, "--first %d --images %d: %s has %d images; choose fewer",
                        r->first, r->images ? r->images : 1, r->data, r->all.count);
    r->data_used =
        glb_dataset_slice(&r->all, r->first, r->images ? r->images : r->all.count - r->first);
    return GLB_OK;
}

static enum glb_status start_anew(struct training *r, const struct cli_command *c) {
    enum glb_status s = glb_binarise_parse(r->binarise, &r->pixels);
    if (!s)
        s = load_images(r);
    if (!s)
        s = glb_topology_build_for(r->topology, &r->data_used, r->o.seed, &r->t);
    if (s)
        return s;
    training_defaults(r);
    training_store_given(c);
    return GLB_OK;
}

static void warn_unused(const struct cli_command *c, const char *options, const char *why) {
    char list[100], *rest = list;
    snprintf(list, sizeof list, "%s", options);
    for (const char *name; (name = strsep(&rest, " "));)
        if (cli_given(c, name))
            cli_warn("train: --%s has no effect: %s", name, why);
}

static void warn(const struct training *r, const struct cli_command *c) {
    int hidden = 0;
    for (int e = 0; e < r->t.graph->m && !hidden; e++)
        hidden = glb_train_kind(&r->t, e) == GLB_H1_H2;
    if (r->o.generative <= 0)
        warn_unused(c, "free-sweeps hold-labels",
                    "there is no free-running phase (--generative, or another --method)");
    if (r->o.discriminative <= 0)
        warn_unused(c, "negative negative-burn restart common-noise",
                    "the method pcd has no negative phase");
    if (!r->o.contrast)
        warn_unused(c, "read read-burn", "only the method contrast reads labels");
    if (!hidden)
        warn_unused(c, "hidden-rate hidden-decay", "no hidden units are coupled to each other");
    char planes[24];
    snprintf(planes, sizeof planes, "planes=%d", r->pixels.planes);
    if (r->pixels.planes > 1 && !strstr(r->t.spec, planes) &&
        (strncmp(r->t.spec, "local", 5) == 0 || strncmp(r->t.spec, "deep", 4) == 0 ||
         strstr(r->t.spec, "placement=")))
        cli_warn("train: the topology takes the %d planes for one high image; %s in --topology "
                 "puts windows at the same place of each",
                 r->pixels.planes, planes);
    if (!glb_device_is_emu(r->device))
        warn_unused(c, "threads", "only the device emu has threads");
    if (strcmp(r->sampler.array, "big") == 0)
        warn_unused(c, "mhz", "no board holds the array big");
}

enum glb_status training_open(struct training *r, struct cli_command *c) {
    enum glb_status s = r->resume ? training_continue(r, c) : start_anew(r, c);
    if (!s && r->resume)
        s = load_images(r);
    if (!s && r->resume && cli_given(c, "topology"))
        s = training_check_topology(r);
    if (s)
        return s;
    r->o.threads = r->threads;
    const struct glb_layer_sampler_options so = {.device = r->device,
                                                 .array = r->array,
                                                 .chains = r->batch,
                                                 .threads = r->threads,
                                                 .u = GLB_TRAIN_U};
    s = glb_train_sampler_open(&r->t, &r->o, (enum glb_train_count)r->count, &so, &r->sampler);
    if (!s)
        s = glb_trainer_open_on(&r->t, &r->data_used, &r->sampler, &r->o, &r->trainer);
    if (s)
        return s;
    warn(r, c);
    r->trainer->first_image = r->first;
    if (r->resume)
        s = training_check_images(r);
    if (s || !r->resume)
        return s;
    s = glb_checkpoint_resume(r->checkpoint, r->trainer);
    if (!s && r->trainer->data_unchecked)
        cli_warn("%s: of an older version, without a hash of its images: make sure that --data %s "
                 "is what it was begun with",
                 r->checkpoint, r->data);
    return s;
}

void training_close(struct training *r) {
    glb_trainer_close(r->trainer);
    glb_layer_sampler_close(&r->sampler);
    glb_topology_clear(&r->t);
    glb_dataset_clear(&r->all);
    free(r->mu);
}
