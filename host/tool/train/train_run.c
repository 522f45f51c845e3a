/* glauber train: the run, its checkpoints and its report. SPDX-License-Identifier: Apache-2.0 */
#include "tool/train/training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/bits.h"
#include "tool/cli.h"
#include "tool/output/device_time.h"
#include "tool/output/json.h"
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"
#include "tool/output/progress.h"
#include "base/seconds.h"

static enum glb_status save(struct training *r, double seconds, int with_state, const char *path) {
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

static enum glb_status train(struct training *r, double *seconds) {
    struct glb_trainer *t = r->trainer;
    struct progress bar;
    const double start = glb_seconds(CLOCK_MONOTONIC);
    const int64_t line_every = t->steps / 20 + 1;
    double saved = start;
    enum glb_status s = GLB_OK;
    progress_begin(&bar, "train");
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
        const double device = device_seconds(&r->sampler, t->cycles, r->mhz);
        snprintf(note, sizeof note, "epoch %.1f, %.2f %%, %.2g updates (device: %.3g s)", epoch,
                 100 * r->accuracy, (double)t->flips, device);
        progress_show(&bar, (double)t->s.step / (double)t->steps, note);
        if (s == GLB_OK && now - saved > r->save_every) {
            s = save(r, *seconds, 1, r->checkpoint);
            saved = now;
        }
    }
    progress_end(&bar);
    return s;
}

static void print_json(const struct training *r, double seconds) {
    struct json j;
    json_begin(&j, stdout);
    json_text(&j, "model", r->output);
    json_text(&j, "topology", r->t.spec);
    json_int(&j, "pbits", r->t.graph->n);
    json_int(&j, "couplings", r->t.graph->m);
    json_int(&j, "layers", r->t.nlayers);
    json_int(&j, "weight_bits", r->o.bits ? r->o.bits : glb_planes_for(r->sampler.weight_max) + 1);
    json_int(&j, "images", r->data_used.count);
    json_real(&j, "epochs", r->o.epochs);
    json_int(&j, "batch", r->sampler.chains);
    json_uint(&j, "seed", r->o.seed);
    json_real(&j, "training_accuracy", r->accuracy);
    json_uint(&j, "flips", r->trainer->flips);
    json_uint(&j, "cycles", r->trainer->cycles);
    json_real(&j, "device_seconds", device_seconds(&r->sampler, r->trainer->cycles, r->mhz));
    json_int(&j, "saturated", r->trainer->saturated);
    json_real(&j, "seconds", seconds);
    json_real(&j, "processor_seconds", r->resume ? NAN : glb_seconds(CLOCK_PROCESS_CPUTIME_ID));
    if (r->verify > 0) {
        json_int(&j, "verified_batches", r->verify);
        json_uint(&j, "verified_bits", r->verdict.bits);
        json_uint(&j, "verified_sums", r->verdict.sums);
        json_text(&j, "verified_on", r->verdict.device);
    }
    json_int(&j, "device_sums", r->sampler.nsums);
    json_int(&j, "host_sums", r->trainer->wanted - r->sampler.nsums);
    json_text(&j, "device", r->sampler.describe(r->sampler.self));
    json_text(&j, "command", r->command);
    json_text(&j, "revision", r->revision);
    json_text(&j, "version", glb_version());
    json_end(&j);
}

static void print_machine(const struct training *r) {
    glb_topology_print(&r->t, stdout);
    printf("  %d colours, %d clocks a sweep of all layers that move on %s\n", r->sampler.colours,
           r->sampler.clocks, r->sampler.array);
}

static void print_start(const struct training *r) {
    printf("%d images, %g epochs, batches of %d on %s\n", r->data_used.count, r->o.epochs,
           r->sampler.chains, r->sampler.describe(r->sampler.self));
    if (r->sampler.nsums)
        printf("the device counts %d of %d sums, the host %d\n", r->sampler.nsums,
               r->trainer->wanted, r->trainer->wanted - r->sampler.nsums);
    if (r->resume)
        printf("continues at batch %lld of %lld\n", (long long)r->trainer->s.step,
               (long long)r->trainer->steps);
    fflush(stdout);
}

static enum glb_status verify(struct training *r) {
    struct glb_train_verdict *v = &r->verdict;
    const enum glb_status s =
        glb_train_verify(r->trainer, "sim", r->array, r->verify, &cli_stop, v);
    if (s)
        return s;
    char sums[40] = "";
    if (v->sums)
        snprintf(sums, sizeof sums, ", %llu sums", (unsigned long long)v->sums);
    printf("the first %d batches on %s: %llu sampled state bits%s and all weights identical, "
           "%.1f s\n",
           r->verify, v->device, (unsigned long long)v->bits, sums, v->seconds);
    fflush(stdout);
    return GLB_OK;
}

static void print_end(const struct training *r, double seconds) {
    printf("%s: %.3g p-bit updates in %.1f s", r->output, (double)r->trainer->flips, seconds);
    const double device = device_seconds(&r->sampler, r->trainer->cycles, r->mhz);
    if (device > 0)
        printf("; %.0f s on an array of %g MHz", device, r->mhz);
    printf("\n");
    if (r->json)
        print_json(r, seconds);
}

/* At the end of a training. */
static enum glb_status leave_checkpoint(struct training *r, double seconds) {
    if (!r->keep) {
        if (unlink(r->checkpoint) == 0)
            printf("%s: removed, since the training is complete (--keep-checkpoint keeps it)\n",
                   r->checkpoint);
        return GLB_OK;
    }
    const enum glb_status s = save(r, seconds, 1, r->checkpoint);
    if (!s)
        printf("%s: kept; `--resume --checkpoint %s --epochs N` goes on to N epochs\n",
               r->checkpoint, r->checkpoint);
    return s;
}

int training_run(struct training *r) {
    print_machine(r);
    if (r->describe)
        return CLI_OK;
    cli_catch_signals();
    print_start(r);
    enum glb_status s = r->verify > 0 ? verify(r) : GLB_OK;
    if (s == GLB_ERR_INTERRUPTED)
        return cli_interrupted();
    double seconds = r->seconds_before;
    if (!s)
        s = train(r, &seconds);
    const int stopped = !s && r->trainer->s.step < r->trainer->steps;
    if (!s)
        s = save(r, seconds, stopped, stopped ? r->checkpoint : r->output);
    if (s)
        return cli_fail();
    if (stopped) {
        printf("stopped at batch %lld of %lld; `--resume --checkpoint %s` continues\n",
               (long long)r->trainer->s.step, (long long)r->trainer->steps, r->checkpoint);
        return cli_interrupted();
    }
    s = leave_checkpoint(r, seconds);
    if (s)
        return cli_fail();
    print_end(r, seconds);
    return CLI_OK;
}
