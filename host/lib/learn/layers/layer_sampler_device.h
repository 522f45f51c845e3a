/* State of the layer sampler on a device.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LAYER_SAMPLER_DEVICE_H
#define GLB_LEARN_LAYER_SAMPLER_DEVICE_H

#include "device/device.h"
#include "learn/layers/layer_sampler.h"
#include "array/program.h"
#include "compiler/compile.h"

/* Where p-bits live: runs of consecutive words, and the p-bit of each word. */
struct readout_words {
    struct glb_run *run;
    int nruns;
    int32_t *pbit;
    int count; /* of words */
};

enum { LAYER_SUM_MOST = 65535 }; /* of a board's sum that nothing is subtracted from */

/* Sums on the boards, which hold 16 bits each, and what was taken off them before they were full.
 */
struct layer_sums {
    int64_t *total, *taken; /* [nsums] so far; room for what comes from the boards */
    int added, subtracted;  /* most that a board's sum may have got each way */
    int64_t correction;     /* of all boards' sums: subtracting a adds -a - 1 */
    bool fresh;             /* boards hold nothing: the next job replaces what they have */
};

/* Groups of chains whose samples boards count. */
struct layer_groups {
    int each; /* chains of a group; 0: none */
    int per_board;
    unsigned layers; /* whose p-bits are counted */
    int pbits;
    struct glb_slot word[GLB_MAX_CHAINS]; /* of each group of a board but the last */
};

struct layer_device {
    const struct glb_topology *t;
    struct glb_device *device;
    struct glb_program *program;
    struct glb_compile_report report;
    int boards, at_once; /* the batch needs; run side by side */
    int words;           /* of a plane */
    int nsums;
    struct layer_sums sums;
    struct layer_groups groups;
    const atomic_int *stop;
    struct readout_words layer[GLB_MAX_LAYERS];
    int segment[GLB_MAX_LAYERS];           /* -1: no run updates the layer */
    int held_segment[GLB_MAX_LAYERS];      /* the same without writing; -1: none */
    const uint64_t *state[GLB_MAX_LAYERS]; /* [count][words] as the caller set it, or NULL */
    int held[GLB_MAX_LAYERS];              /* p-bits of the layer that clamp() holds */
    unsigned coupled[GLB_MAX_LAYERS];      /* bit k: to a p-bit of layer k */
    /* What a board gets before its turn: the layers of a mask as one list, which makes longer runs,
     * so fewer frames; found when first needed. */
    struct readout_words sent[1 << GLB_MAX_LAYERS];
    uint64_t *turn_words; /* [n] one word for each p-bit: what a single board gets */
    char described[256];
};

/* Where boards collect samples. */
struct layer_collect {
    const struct layer_device *p;
    glb_layer_sample_fn fn;
    void *user;
    uint64_t *out; /* samples in p-bit order; one (boards side by side) or all of them */
    int words;     /* of a plane */
    size_t size;   /* words of one sample */
    int shift;     /* of the board, when boards run one after another; -1 else */
    int32_t *slot; /* word of the readout -> p-bit's place in a sample */
};

/* A phase as a job: what all boards have in common. */
struct layer_job {
    struct glb_layer_phase *asked;
    struct glb_job job;
    struct glb_beta_step steps[GLB_BETA_STEPS];
    struct glb_run runs[GLB_RUNS];
    struct layer_collect collect;
    const uint64_t *state[GLB_MAX_LAYERS]; /* of each layer before it, or NULL */
    int boards;                            /* that run it, the first ones */
    uint64_t *seeds;                       /* [boards of the batch] */
    uint32_t counted;                      /* sampling points */
    uint32_t samples;                      /* of which samples are returned */
};

/* ---- readout_words.c: the words of the layers of a mask ---- */

enum glb_status readout_words_find(const struct glb_program *p, const struct glb_topology *t,
                                   unsigned layers, struct readout_words *out);
void readout_words_free(struct readout_words *w);

/* ---- layer_sampler_run.c: glb_layer_sampler's run ---- */

enum glb_status layer_device_run(void *self, const struct glb_layer_run *request,
                                 glb_layer_sample_fn fn, void *user,
                                 struct glb_job_counters *counters);

/* A phase as a job, to be released, also after an error. With twin_words, which fill whole boards,
 * chains draw the same noise as those so many words before them; 0: none does. */
enum glb_status layer_device_prepare(struct layer_device *p, struct layer_job *x,
                                     struct glb_layer_phase *asked, int twin_words);
void layer_device_release(struct layer_job *x);
/* n (1 or 2) phases; twin_words as above. */
enum glb_status layer_device_run_phases(struct layer_device *p, struct glb_layer_phase *phase,
                                        int n, int twin_words);
/* Both, one after the other for each board. */
enum glb_status layer_device_run_two(struct layer_device *p, struct glb_layer_phase phase[2]);

/* ---- layer_sampler_twins.c: glb_layer_sampler's run_both ---- */

/* As one run where both differ in their states alone. */
enum glb_status layer_device_run_both(void *self, struct glb_layer_phase phase[2]);

/* A glb_sample_fn with user = a layer_collect. */
int layer_device_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                        size_t stride);

/* ---- layer_sampler_states.c ---- */

/* glb_layer_sampler's set_layer. */
enum glb_status layer_device_set(void *self, int layer, const uint64_t *planes);
/* Before a run of all boards side by side: the states that only this run has. */
enum glb_status layer_device_send_own(struct layer_device *p, const struct layer_job *x);
/* One board's bits of the layers of a mask, to one page. */
enum glb_status layer_device_send_board(struct layer_device *p, const struct layer_job *x,
                                        unsigned layers, int board, int page);
/* Layers whose states before a run matter: all but those that its first sweep draws before any
 * p-bit reads them. */
unsigned layer_device_needs(const struct layer_device *p, const struct glb_layer_run *run);
/* Layers that a run may leave with other states than they had. */
unsigned layer_device_changes(const struct glb_layer_run *run);

/* ---- layer_sampler_turns.c: n (1 or 2) phases on boards that take turns ---- */

enum glb_status layer_device_turns(struct layer_device *p, struct layer_job *x, int n);

/* ---- layer_sampler_groups.c ---- */

/* What counts groups, as far as the program has room. */
enum glb_status layer_device_add_groups(struct layer_device *p,
                                        const struct glb_layer_sampler_options *o);
/* Most samples that they can count. */
int layer_device_group_samples(const struct layer_device *p);
/* glb_layer_sampler's run_groups. */
enum glb_status layer_device_run_groups(void *self, const struct glb_layer_run *request,
                                        uint32_t *on, struct glb_job_counters *counters);

/* ---- layer_sampler_sums.c ---- */

/* Whether the boards have no room for another job's counts: then layer_device_take_sums() first. */
bool layer_device_sums_full(const struct layer_device *p, const struct layer_job *x);
/* Flags of a job that counts, and what it may add. `boards` run it, one or all. */
int layer_device_count(struct layer_device *p, const struct layer_job *x, int boards);
/* Takes the sums off the boards, which run nothing; the states of lane 0 in page are lost. */
enum glb_status layer_device_take_sums(struct layer_device *p, int page);
/* Begins anew from 0. */
void layer_device_clear_sums(struct layer_device *p);
/* glb_layer_sampler's sums. */
enum glb_status layer_device_sums(void *self, int64_t *out);

#endif
