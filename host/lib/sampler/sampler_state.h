/* What the sampler's files share: settings (settings.c), runs (run.c), their samples
 * (statistics.c), their certificate (certify.c), runs in the background (background.c).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_SAMPLER_STATE_H
#define GLB_SAMPLER_SAMPLER_STATE_H

#include <glauber/tempering.h>
#include <pthread.h>
#include <stdatomic.h>
#include "array/program.h"
#include "base/sha256.h"
#include "device/device.h"
#include "graph/energy.h"
#include "graph/graph.h"
#include "sampler/certificate/certificate.h"
#include "sampler/device_statistics.h"

struct background {
    struct glb_settings settings;
    int64_t samples;
    struct glb_tempering tempering;
    enum glb_status (*run)(struct glb_sampler *s); /* with these settings */
    pthread_t thread;
    bool started;       /* glb_sampler_wait() is due */
    atomic_int running; /* the thread has not ended the run */
    enum glb_status status;
    char message[512]; /* of an error */
};

struct glb_sampler {
    const struct glb_graph *g;
    uint64_t hash; /* of g when its weights were taken */
    struct glb_program *p;
    uint64_t version; /* of p's weights then */
    struct glb_device *d;
    int owns; /* p and d are ours */
    struct glb_energy *energy;
    int nruns;
    struct glb_run runs[GLB_MAX_TILES * GLB_MAX_LANES];
    int32_t *word; /* [copies][n] index of the p-bit's word in a sample */
    size_t nwords;
    int saturated;
    struct glb_result result;
    struct glb_certificate certificate; /* of size 0: none */
    double *magnetization;
    int8_t *best;
    char states_sha256[GLB_SHA256_TEXT]; /* of the result */
    struct sampler_counts counts;
    struct ladder_store *ladder;     /* of the last glb_sampler_temper(); size 0: none; or NULL */
    atomic_int cancel;               /* glb_sampler_cancel(), until a run has ended */
    _Atomic double fraction, lowest; /* for glb_sampler_poll() */
    struct background background;
};

/* What one run needs while it runs. */
struct sampler_run {
    struct glb_sampler *s;
    const struct glb_settings *set;
    int64_t samples; /* wanted, a chain */
    int boards, first_board, pass_boards;
    int64_t piece_first_sample;
    uint64_t pass_first_sweep, all_sweeps, piece_first_sweep;
    uint64_t *plane; /* [n + 1] 64 chains */
    uint8_t *rows;   /* [64][row_bytes] */
    size_t row_bytes;
    uint64_t *ones;              /* [n] */
    bool unseen;                 /* only counts are asked for, not the samples themselves */
    bool quiet;                  /* the array counts, no samples come */
    double *sum;                 /* [chains] energies */
    int64_t *count;              /* [chains] */
    struct certifier *certifier; /* or NULL */
    struct glb_sha256 states;    /* of the last sample's first `hashed` chains */
    int hashed;
    double next_progress; /* seconds of the monotonic clock */
    int stop;
};

/* The caller's settings with defaults for what it does not have. */
enum glb_status sampler_take_settings(const struct glb_settings *from, struct glb_settings *to);

/* Refuses settings that cannot run; *samples: how many a chain gives. */
enum glb_status sampler_check_settings(const struct glb_sampler *s, const struct glb_settings *set,
                                       int64_t *samples);

int sampler_boards(const struct glb_sampler *s, const struct glb_settings *set);

/* Takes and checks settings, whatever the sampler is at. */
enum glb_status sampler_prepare(const struct glb_sampler *s, const struct glb_settings *from,
                                struct glb_settings *to, int64_t *samples);

/* The sampler's result and certificate, and what polls it, before the first sample of so many
 * chains; the caller's arrays where no sample comes. */
void sampler_begin(const struct sampler_run *r, int chains);
void sampler_clear_buffers(const struct sampler_run *r);

/* Memory of a run on as many boards as it has, and an empty result; to be freed in any case. */
enum glb_status sampler_run_init(struct sampler_run *r);
void sampler_run_free(struct sampler_run *r);

/* The program's weights are this sampler's, also if another one has used it. */
enum glb_status sampler_take_weights(struct glb_sampler *s);

/* The program with the sampler's weights and the run's clamps on r->boards boards, in groups of
 * `group` that share a temperature; *boards of them are side by side. */
enum glb_status sampler_load(const struct sampler_run *r, int group, int *boards);
/* The start states of r->pass_boards boards from r->first_board on. */
enum glb_status sampler_set_states(struct sampler_run *r);

/* A run with settings that were taken and checked, in this thread. */
enum glb_status sampler_run(struct glb_sampler *s, const struct glb_settings *set, int64_t samples);

/* run(s) in the background's thread, with settings that are checked and stored there. */
enum glb_status sampler_start(struct glb_sampler *s, enum glb_status (*run)(struct glb_sampler *));

/* GLB_ERR_ARGUMENT while a started run has not been waited for. */
enum glb_status sampler_at_rest(const struct glb_sampler *s);

/* Chain that bit `bit` of copy `copy` is in this pass. */
int sampler_chain(const struct sampler_run *r, int copy, int bit);

/* A glb_sample_fn: a sample of all boards of the pass; user is the run. */
int sampler_on_sample(void *user, uint32_t number, uint32_t sweep, const uint64_t *words,
                      size_t stride);

/* A sample of chains first .. first + count - 1, count <= 64, in r->plane. energy[count]: what is
 * known of it, or NULL. */
void sampler_take(struct sampler_run *r, int64_t sample, int first, int count,
                  const double *energy);

/* Tells how far the run is; sampler_on_sweep() only if the last time was a moment ago, sweep counts
 * in the current piece, and r->stop is returned. */
void sampler_progress(struct sampler_run *r, double fraction);
int sampler_on_sweep(void *user, uint32_t sweep);

/* The certifier of the run, if it is to have one and its samples have one temperature. */
enum glb_status sampler_certify(struct sampler_run *r);
enum glb_status sampler_certify_at(struct sampler_run *r, double beta);

/* The result's means and the certificate, once no more samples come. */
enum glb_status sampler_finish(struct sampler_run *r);

#endif
