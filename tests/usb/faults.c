/* Faults at random points of a training run: the board is unplugged, reset, bits turn over and
 * bytes get lost on the way. Each must end in a named error, and the run, resumed from its
 * checkpoint on a board plugged in again, must end with the bits of a run without faults. Usage:
 * faults [FAULTS [SEED]]. Prints TAP lines and a row for docs/results/usb.json.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "support/learn/small_images.h"
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"
#include "base/rng.h"
#include "learn/training/trainer.h"
#include "transports/transports.h"

enum { IMAGES = 64, CHAINS = 64, EPOCHS = 8, SAVE_EVERY = 3, MAX_EXCHANGES = 1000000 };
enum kind { UNPLUG, RESET, FLIP_OUT, FLIP_IN, LOSE_OUT, LOSE_IN, KINDS };
static const char *kind_name[KINDS] = {
    "unplugged", "reset", "bit to it", "bit from it", "bytes to it lost", "bytes from it lost"};

/* The board behind a line that has a fault when `at` bytes have passed. */
static struct {
    struct glb_transport board;
    uint64_t passed, at;
    enum kind kind;
    int armed, struck, gone, hung;
    long exchanges; /* since bytes last moved */
    long hangs;
} line;
static struct glb_rng dice;

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

static uint64_t below(uint64_t n) {
    return glb_rng_u64(&dice) % n;
}

static void flip(uint8_t *bytes, size_t n) {
    bytes[below(n)] ^= (uint8_t)(1 << below(8));
}

static enum glb_status line_exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                     uint8_t *in, size_t n_in, size_t *done_in) {
    struct glb_transport *b = &line.board;
    uint8_t copy[4096];
    (void)self;
    *done_out = *done_in = 0;
    if (++line.exchanges > MAX_EXCHANGES && !line.hung) {
        line.hung = line.gone = 1; /* so that the run ends all the same */
        line.hangs++;
        printf("# a hang after %s\n", kind_name[line.kind]);
    }
    if (line.gone)
        return glb_fail(GLB_ERR_DEVICE, "emu-port: the board was unplugged");
    const int strike = line.armed && line.passed >= line.at;
    const size_t part = n_out < sizeof copy ? n_out : sizeof copy;
    if (part)
        memcpy(copy, out, part);
    if (strike) {
        const int out_kind = line.kind == FLIP_OUT || line.kind == LOSE_OUT;
        const int in_kind = line.kind == FLIP_IN || line.kind == LOSE_IN;
        if (line.kind == UNPLUG) {
            line.gone = line.struck = 1;
            line.armed = 0;
            return glb_fail(GLB_ERR_DEVICE, "emu-port: the board was unplugged");
        }
        if (line.kind == RESET) {
            struct glb_transport fresh;
            if (__real_glb_emu_port_open("tiny", NULL, &fresh) == GLB_OK) {
                b->close(b->self);
                *b = fresh;
            }
            line.struck = 1;
            line.armed = 0;
        } else if (out_kind && part) {
            line.struck = 1;
            line.armed = 0;
            if (line.kind == LOSE_OUT) {
                *done_out = 1 + below(part);
                line.passed += *done_out;
                return GLB_OK;
            }
            flip(copy, part);
        } else if (in_kind) {
            size_t got = 0;
            const enum glb_status s = b->exchange(b->self, copy, part, done_out, in, n_in, &got);
            if (got) {
                line.struck = 1;
                line.armed = 0;
                line.exchanges = 0;
            }
            if (got && line.kind == FLIP_IN)
                flip(in, got);
            if (got && line.kind == LOSE_IN)
                got -= 1 + below(got);
            *done_in = got;
            line.passed += *done_out + got;
            return s;
        }
    }
    const enum glb_status s = b->exchange(b->self, copy, part, done_out, in, n_in, done_in);
    line.passed += *done_out + *done_in;
    if (*done_out + *done_in)
        line.exchanges = 0;
    return s;
}

static void line_close(void *self) {
    (void)self;
    line.board.close(line.board.self);
}

static const char *line_describe(void *self) {
    (void)self;
    return line.board.describe(line.board.self);
}

/* The library opens its emulated board through here (ld --wrap). */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    line.gone = line.hung = 0;
    line.exchanges = 0;
    *out = (struct glb_transport){
        .exchange = line_exchange, .close = line_close, .describe = line_describe, .self = &line};
    return __real_glb_emu_port_open(array, argument, &line.board);
}

/* ---- the training ---- */

static struct glb_topology topology;
static struct glb_dataset images;
static struct glb_train_options options;
static struct glb_layer_sampler sampler;
static struct glb_trainer *trainer;
static char checkpoint[64];

static enum glb_status start(int resume) {
    const struct glb_layer_sampler_options so = {
        .device = "emu-port", .array = "tiny", .chains = CHAINS, .threads = 1, .u = GLB_TRAIN_U};
    enum glb_status s =
        glb_train_sampler_open(&topology, &options, GLB_TRAIN_COUNT_DEVICE, &so, &sampler);
    if (s)
        return s;
    s = glb_trainer_open_on(&topology, &images, &sampler, &options, &trainer);
    if (!s && resume)
        s = glb_checkpoint_resume(checkpoint, trainer);
    return s;
}

static void stop(void) {
    glb_trainer_close(trainer);
    glb_layer_sampler_close(&sampler);
    trainer = NULL;
}

static enum glb_status save(void) {
    struct glb_model m;
    enum glb_status s = glb_model_make(trainer, &m);
    if (s)
        return s;
    s = glb_checkpoint_save(trainer, &m, checkpoint);
    glb_model_clear(&m);
    return s;
}

static void die(const char *what) {
    printf("not ok - usb faults: %s: %s\n", what, glb_error());
    exit(1);
}

int main(int argc, char **argv) {
    const long wanted = argc > 1 ? atol(argv[1]) : 60;
    long faults = 0, named = 0, resumed = 0, unnoticed = 0, lost = 0, runs = 0,
         by_kind[KINDS] = {0};
    dice = glb_rng_at(argc > 2 ? strtoull(argv[2], NULL, 0) : 1, 0, 0);
    snprintf(checkpoint, sizeof checkpoint, "/tmp/glauber-faults-%d.h5", (int)getpid());
    images = small_images(IMAGES);
    if (glb_topology_build("local:hidden=6,fan=4,window=3", 3, 3, 10, 1, &topology))
        die("topology");
    glb_train_defaults(&topology, &options);
    options.epochs = EPOCHS;
    options.shift = 0;
    options.threads = 1;

    if (start(0))
        die("start");
    while (trainer->s.step < trainer->steps)
        if (glb_trainer_step(trainer))
            die("a step without faults");
    const size_t bytes = (size_t)(topology.graph->m + topology.graph->n) * sizeof(float);
    float *want = malloc(bytes);
    memcpy(want, trainer->s.weight, bytes);
    const uint64_t length = line.passed;
    const int64_t steps = trainer->steps;
    stop();

    int same = 1;
    while (faults < wanted && same) {
        runs++;
        if (start(0) || save())
            die("start");
        while (trainer->s.step < trainer->steps) {
            line.kind = (enum kind)below(KINDS);
            line.at = line.passed + below(length / 4);
            line.armed = faults < wanted;
            line.struck = 0;
            enum glb_status s = GLB_OK;
            while (!s && trainer->s.step < trainer->steps) {
                s = glb_trainer_step(trainer);
                if (!s && trainer->s.step % SAVE_EVERY == 0 && save())
                    die("checkpoint");
            }
            line.armed = 0;
            faults += line.struck;
            by_kind[line.kind] += line.struck;
            if (!s) {
                unnoticed += line.struck; /* it fell on nothing that mattered */
                continue;
            }
            named += strlen(glb_error()) > 0;
            if (getenv("VERBOSE"))
                printf("# %s: %s\n", kind_name[line.kind], glb_error());
            stop();
            if (start(1) == GLB_OK) {
                resumed++;
                continue;
            }
            printf("# a checkpoint is lost after %s: %s\n", kind_name[line.kind], glb_error());
            lost++;
            stop();
            if (start(0) || save())
                die("start");
        }
        same = memcmp(want, trainer->s.weight, bytes) == 0;
        stop();
    }
    unlink(checkpoint);
    printf("# %lld steps a run, %llu bytes; %ld runs;", (long long)steps,
           (unsigned long long)length, runs);
    for (int k = 0; k < KINDS; k++)
        printf(" %ld %s%s", by_kind[k], kind_name[k], k + 1 < KINDS ? "," : "\n");
    printf("%s - usb faults: %ld faults, %ld named errors, %ld without effect\n",
           named + unnoticed == faults && faults >= wanted ? "ok" : "not ok", faults, named,
           unnoticed);
    printf("%s - usb faults: %ld times resumed; the weights are those of a run without faults\n",
           same ? "ok" : "not ok", resumed);
    printf("%s - usb faults: %ld hangs, %ld checkpoints lost\n",
           line.hangs || lost ? "not ok" : "ok", line.hangs, lost);
    printf("# {\"faults_injected\": %ld, \"named_errors\": %ld, \"without_effect\": %ld, "
           "\"hangs\": %ld, \"lost_checkpoints\": %ld, \"resumed\": %ld}\n",
           faults, named, unnoticed, line.hangs, lost, resumed);
    return !same || named + unnoticed != faults || line.hangs || lost;
}
