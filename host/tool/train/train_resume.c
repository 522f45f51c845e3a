/* Continuing a checkpoint, which options must not contradict. SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>
#include "array/array.h"
#include "learn/model/model.h"
#include "learn/training/checkpoint.h"
#include "tool/train/training.h"

void training_store_given(const struct cli_command *c) {
    for (int i = 0; i < c->options; i++)
        if (c->option[i].given)
            cli_store(&c->option[i]);
}

static enum glb_status contradicts(const char *option, const char *given, const char *found) {
    return glb_fail(GLB_ERR_ARGUMENT,
                    "--%s %s contradicts the checkpoint, which was begun with %s; leave the option "
                    "out to resume, or leave out --resume to start anew",
                    option, given, found);
}

/* Options that hold one number. */
static enum glb_status check_numbers(struct training *r, const struct cli_command *c) {
    const struct glb_array *a = glb_array_find(r->array);
    char given[64], found[64];
    for (int i = 0; i < c->options; i++) {
        struct cli_option *o = &c->option[i];
        if (!o->given || !o->kept)
            continue;
        if (o->target == &r->batch && a) /* the checkpoint has whole boards */
            o->got.whole = (o->got.whole + a->chains - 1) / a->chains * a->chains;
        if (cli_unchanged(o))
            continue;
        if (o->target == &r->o.epochs && o->got.real > r->o.epochs) {
            r->more_epochs = o->got.real;
            continue;
        }
        cli_show_target(o, found, sizeof found);
        cli_store(o);
        cli_show_target(o, given, sizeof given);
        return contradicts(o->name, given, found);
    }
    return GLB_OK;
}

/* What the method means, where single options do not say otherwise, is what the checkpoint has. */
static enum glb_status check_method(struct training *r, const struct cli_command *c) {
    const struct glb_train_options found = r->o;
    const int batch = r->batch;
    char method[32], here[64];
    cli_show_target(cli_option(c, "method"), method, sizeof method);
    training_defaults(r);
    training_store_given(c);
    const struct glb_train_options meant = r->o;
    for (int i = 0; i < c->options; i++)
        if (c->option[i].kept && c->option[i].target != &r->batch)
            cli_fetch(&c->option[i]);
    r->o = found;
    r->batch = batch;
    for (int i = 0; i < c->options; i++) {
        const struct cli_option *o = &c->option[i];
        if (!o->kept || o->target == &r->batch || o->target == &r->o.seed || cli_unchanged(o) ||
            (o->target == &r->o.epochs && r->more_epochs > 0))
            continue;
        cli_show_target(o, here, sizeof here);
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--method %s contradicts the checkpoint, which was begun with --%s %s; "
                        "leave --method out to resume",
                        method, o->name, here);
    }
    return meant.discriminative == found.discriminative && meant.contrast == found.contrast
               ? GLB_OK
               : contradicts("method", method, "another method");
}

static int same_numbers(const int32_t *a, const int32_t *b, int count) {
    return !a == !b && (!a || memcmp(a, b, sizeof *a * (size_t)count) == 0);
}

enum glb_status training_check_topology(const struct training *r) {
    const struct glb_topology *found = &r->t;
    struct glb_topology t;
    enum glb_status s =
        glb_dataset_fits(&r->data_used, found->width, found->height, found->classes);
    if (!s)
        s = glb_topology_build_for(r->topology, &r->data_used, found->seed, &t);
    if (s)
        return s;
    if (strcmp(t.spec, found->spec) != 0)
        s = contradicts("topology", r->topology, found->spec);
    else if (t.graph->n != found->graph->n || t.graph->m != found->graph->m ||
             t.layer[0].count != found->layer[0].count ||
             !same_numbers(t.graph->ei, found->graph->ei, t.graph->m) ||
             !same_numbers(t.graph->ej, found->graph->ej, t.graph->m) ||
             !same_numbers(t.pixel_of, found->pixel_of, t.layer[0].count))
        s = contradicts("topology", r->topology, "another graph of this name");
    glb_topology_clear(&t);
    return s;
}

static enum glb_status check_texts(const struct training *r, const struct cli_command *c,
                                   const struct glb_model *m) {
    struct glb_binarise pixels;
    enum glb_status s = GLB_OK;
    if (cli_given(c, "array") && strcmp(r->array, m->array) != 0)
        return contradicts("array", r->array, m->array); /* it would give other bits */
    if (cli_given(c, "binarise")) {
        s = glb_binarise_parse(r->binarise, &pixels);
        if (!s && (pixels.kind != m->binarise.kind || pixels.planes != m->binarise.planes ||
                   memcmp(pixels.threshold, m->binarise.threshold,
                          sizeof *pixels.threshold * (size_t)pixels.planes) != 0))
            s = contradicts("binarise", r->binarise, "another one");
    }
    return s;
}

/* The training keeps its name, machine and images; takes what m holds of them. */
static void take_model(struct training *r, struct glb_model *m) {
    r->seconds_before = m->seconds;
    snprintf(r->command, sizeof r->command, "%s", m->command);
    snprintf(r->revision, sizeof r->revision, "%s", m->revision);
    snprintf(r->array_buffer, sizeof r->array_buffer, "%s", m->array);
    r->array = r->array_buffer;
    r->pixels = m->binarise;
    r->t = m->t;
    memset(&m->t, 0, sizeof m->t);
    r->mu = m->mu;
    m->mu = NULL;
}

/* More epochs than the checkpoint was begun with; the model's command names both. */
static void lengthen(struct training *r) {
    const size_t used = strlen(r->command);
    snprintf(r->command + used, sizeof r->command - used, "; --resume --epochs %.15g",
             r->more_epochs);
    r->o.epochs = r->more_epochs;
}

enum glb_status training_continue(struct training *r, const struct cli_command *c) {
    struct glb_model m;
    enum glb_status s =
        glb_checkpoint_options(r->checkpoint, &r->o, &r->batch, &r->first, &r->images);
    if (!s)
        s = glb_model_read(r->checkpoint, &m);
    if (s)
        return s;
    s = check_texts(r, c, &m);
    if (!s) {
        take_model(r, &m);
        s = check_numbers(r, c);
    }
    glb_model_clear(&m);
    if (!s && cli_given(c, "method"))
        s = check_method(r, c);
    if (!s && r->more_epochs > 0)
        lengthen(r);
    return s;
}

/* The means of the pixels tell one image set from another. */
enum glb_status training_check_images(const struct training *r) {
    if (memcmp(r->mu, r->trainer->mu, sizeof *r->mu * (size_t)r->t.layer[0].count) == 0)
        return GLB_OK;
    return glb_fail(GLB_ERR_ARGUMENT,
                    "--data %s: these are not the images that the checkpoint was begun with; give "
                    "the folder of those",
                    r->data);
}
