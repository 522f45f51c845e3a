/* glauber train: the run, its checkpoints and its report. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cmd_train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/bits.h"
#include "learn/training/checkpoint.h"
#include "tool/cli.h"
#include "tool/chains_option.h"
#include "tool/json.h"
#include "learn/training/trainer_model.h"
#include "tool/progress.h"
#include "base/seconds.h"

static enum glb_status save(struct cli_training *r, double seconds, int with_state,
                            const char *path) {
    struct glb_model m;
    enum glb_status s = glb_model_make(r->trainer, &m);
    if (s != GLB_OK)
        return s;
    m.seconds = seconds;
    m.accuracy = r->accuracy;
    snprintf(m.command, sizeof m.command, "%s", r->command);
    snprintf(m.revision, sizeof m.revision, "%s", r->revision);
    snprintf(m.device, sizeof m.device, "%s", r->sampler.describe(r->sampler.self));
    s = with_state ? glb_checkpoint_save(r->trainer, &m, path) : glb_model_write(&m, path);
    glb_model_clear(&m);
    return s;
}

enum glb_status cli_training_load(struct cli_training *r) {
    const enum glb_status s = glb_dataset_load(r->data, "train", r->pixels, &r->all);
    if (s != GLB_OK)
        return s;
    if (r->first >= r->all.count || r->images > r->all.count - r->first)
        return glb_fail(GLB_ERR_ARGUMENT, "images %d to %d of %s: it has %d", r->first,
                        r->first + r->images - 1, r->data, r->all.count);
    r->data_used =
        glb_dataset_slice(&r->all, r->first, r->images ? r->images : r->all.count - r->first);
    return GLB_OK;
}

/* Opens sampler and trainer; with --resume topology and data too, as in the checkpoint. */
static enum glb_status open_all(struct cli_training *r) {
    enum glb_status s = GLB_OK;
    if (r->resume) {
        struct glb_model m;
        s = glb_checkpoint_options(r->checkpoint, &r->o, &r->batch, &r->first, &r->images);
        if (s == GLB_OK)
            s = glb_model_read(r->checkpoint, &m);
        if (s != GLB_OK)
            return s;
        r->seconds_before = m.seconds;
        /* A resumed training is the one that was begun, bit for bit: it keeps its name. */
        snprintf(r->command, sizeof r->command, "%s", m.command);
        snprintf(r->revision, sizeof r->revision, "%s", m.revision);
        snprintf(r->array_buffer, sizeof r->array_buffer, "%s", m.array);
        r->array = r->array_buffer; /* another array would give other bits */
        r->pixels = m.binarise;
        r->t = m.t;
        memset(&m.t, 0, sizeof m.t); /* kept */
        glb_model_clear(&m);
        s = cli_training_load(r);
    }
    if (s != GLB_OK)
        return s;
    r->o.threads = r->threads;
    const struct glb_layer_sampler_options so = {.device = r->device,
                                                 .array = r->array,
                                                 .chains = r->batch,
                                                 .threads = r->threads,
                                                 .u = GLB_TRAIN_U,
                                                 .layers = glb_train_layers(&r->t, &r->o)};
    s = glb_layer_sampler_open(&r->t, &so, &r->sampler);
    if (s == GLB_OK)
        s = glb_trainer_open_on(&r->t, &r->data_used, &r->sampler, &r->o, &r->trainer);
    if (s != GLB_OK)
        return s;
    r->trainer->first_image = r->first;
    return r->resume ? glb_checkpoint_resume(r->checkpoint, r->trainer) : GLB_OK;
}

static enum glb_status train(struct cli_training *r, double *seconds) {
    struct glb_trainer *t = r->trainer;
    struct glb_progress bar;
    const double start = glb_seconds(CLOCK_MONOTONIC);
    const int64_t line_every = t->steps / 20 + 1;
    double saved = start;
    enum glb_status s = GLB_OK;
    glb_progress_begin(&bar, "train");
    while (s == GLB_OK && t->s.step < t->steps && !cli_stop) {
        s = glb_trainer_step(t);
        const double now = glb_seconds(CLOCK_MONOTONIC),
                     epoch = (double)t->s.step * r->sampler.chains / r->data_used.count;
        *seconds = r->seconds_before + now - start;
        if (s == GLB_OK && (t->s.step % line_every == 0 || t->s.step == t->steps)) {
            r->accuracy = glb_trainer_accuracy(t);
            if (!bar.on)
                printf("epoch %6.2f of %g: %5.2f %% of the training labels, %.3g p-bit updates, "
                       "%.1f s\n",
                       epoch, r->o.epochs, 100 * r->accuracy, (double)t->flips, *seconds);
            fflush(stdout);
        }
        char note[128];
        const double device = cli_device_seconds(&r->sampler, t->cycles, r->mhz);
        snprintf(note, sizeof note, "epoch %.1f, %.2f %%, %.2g updates (device: %.3g s)", epoch,
                 100 * r->accuracy, (double)t->flips, device);
        glb_progress_show(&bar, (double)t->s.step / (double)t->steps, note);
        if (s == GLB_OK && now - saved > r->save_every) {
            s = save(r, *seconds, 1, r->checkpoint);
            saved = now;
        }
    }
    glb_progress_end(&bar);
    return s;
}

static void print_json(const struct cli_training *r, double seconds) {
    struct glb_json j;
    glb_json_begin(&j, stdout);
    glb_json_text(&j, "model", r->output);
    glb_json_text(&j, "topology", r->t.spec);
    glb_json_int(&j, "pbits", r->t.graph->n);
    glb_json_int(&j, "couplings", r->t.graph->m);
    glb_json_int(&j, "layers", r->t.nlayers);
    glb_json_int(&j, "weight_bits",
                 r->o.bits ? r->o.bits : glb_planes_for(r->sampler.weight_max) + 1);
    glb_json_int(&j, "images", r->data_used.count);
    glb_json_real(&j, "epochs", r->o.epochs);
    glb_json_int(&j, "batch", r->sampler.chains);
    glb_json_uint(&j, "seed", r->o.seed);
    glb_json_real(&j, "training_accuracy", r->accuracy);
    glb_json_uint(&j, "flips", r->trainer->flips);
    glb_json_uint(&j, "cycles", r->trainer->cycles);
    glb_json_real(&j, "device_seconds",
                  cli_device_seconds(&r->sampler, r->trainer->cycles, r->mhz));
    glb_json_int(&j, "saturated", r->trainer->saturated);
    glb_json_real(&j, "seconds", seconds);
    glb_json_real(&j, "processor_seconds", r->resume ? NAN : glb_seconds(CLOCK_PROCESS_CPUTIME_ID));
    if (r->verify > 0) {
        glb_json_int(&j, "verified_batches", r->verify);
        glb_json_uint(&j, "verified_bits", r->verdict.bits);
        glb_json_text(&j, "verified_on", r->verdict.device);
    }
    glb_json_text(&j, "device", r->sampler.describe(r->sampler.self));
    glb_json_text(&j, "command", r->command);
    glb_json_text(&j, "revision", r->revision);
    glb_json_text(&j, "version", glb_version());
    glb_json_end(&j);
}

int cli_training_run(struct cli_training *r) {
    enum glb_status s = open_all(r);
    if (s != GLB_OK)
        return cli_fail();
    glb_topology_print(&r->t, stdout);
    printf("  %d colours, %d clocks a sweep of all layers that move on %s\n", r->sampler.colours,
           r->sampler.clocks, r->sampler.array);
    if (r->describe)
        return CLI_OK;
    printf("%d images, %g epochs, batches of %d on %s\n", r->data_used.count, r->o.epochs,
           r->sampler.chains, r->sampler.describe(r->sampler.self));
    if (r->resume)
        printf("continues at batch %lld of %lld\n", (long long)r->trainer->s.step,
               (long long)r->trainer->steps);
    fflush(stdout);
    if (r->verify > 0) {
        struct glb_train_verdict *v = &r->verdict;
        s = glb_train_verify(r->trainer, "sim", r->array, r->verify, &cli_stop, v);
        if (s == GLB_ERR_INTERRUPTED)
            return CLI_INTERRUPTED;
        if (s != GLB_OK)
            return cli_fail();
        printf("the first %d batches on %s: %llu sampled state bits and all weights identical, "
               "%.1f s\n",
               r->verify, v->device, (unsigned long long)v->bits, v->seconds);
        fflush(stdout);
    }
    double seconds = r->seconds_before;
    s = train(r, &seconds);
    if (s != GLB_OK)
        return cli_fail();
    if (r->trainer->s.step < r->trainer->steps) {
        if (save(r, seconds, 1, r->checkpoint) != GLB_OK)
            return cli_fail();
        printf("stopped at batch %lld of %lld; `--resume --checkpoint %s` continues\n",
               (long long)r->trainer->s.step, (long long)r->trainer->steps, r->checkpoint);
        return CLI_INTERRUPTED;
    }
    if (save(r, seconds, 0, r->output) != GLB_OK)
        return cli_fail();
    unlink(r->checkpoint);
    printf("%s: %.3g p-bit updates in %.1f s", r->output, (double)r->trainer->flips, seconds);
    const double device = cli_device_seconds(&r->sampler, r->trainer->cycles, r->mhz);
    if (device > 0)
        printf("; %.0f s on an array of %g MHz", device, r->mhz);
    printf("\n");
    if (r->json)
        print_json(r, seconds);
    return CLI_OK;
}

void cli_training_close(struct cli_training *r) {
    glb_trainer_close(r->trainer);
    glb_layer_sampler_close(&r->sampler);
    glb_topology_clear(&r->t);
    glb_dataset_clear(&r->all);
}
