/* The client of the byte protocol over the wires: a program's load and a job, whose samples are
 * those of the emulated board. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "array/program.h"
#include "graph/graph.h"
#include "pins_host.h"
#include "pins_transport.h"
#include "transports/transports.h"
#include "wire/client.h"

enum { SAMPLES = 40, WORDS = 4 * 2 << 4, RUNS = 4 * 2 }; /* all of array tiny */

struct tape {
    uint64_t words[SAMPLES][WORDS];
    uint32_t samples;
    struct glb_job_counters n;
};

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    struct tape *t = user;
    (void)sweep;
    for (int i = 0; sample < SAMPLES && i < WORDS; i++)
        t->words[sample][i] = words[(size_t)i * stride];
    t->samples = sample + 1;
    return 0;
}

/* Loads and runs it on the device behind t; every state of every p-bit is read. */
static enum glb_status run(struct glb_transport *t, const struct glb_program *p,
                           struct tape *tape) {
    static const uint64_t start[WORDS] = {0};
    const struct glb_array *a = &p->array;
    struct glb_client *c;
    struct glb_run runs[RUNS];
    struct glb_beta_step step = {.sweeps = SAMPLES};
    struct glb_job j = {.id = 7,
                        .seed = 12345,
                        .steps = &step,
                        .nsteps = 1,
                        .interval = 1,
                        .runs = runs,
                        .nruns = a->tiles * a->lanes,
                        .nseg = (uint8_t)p->nseg};
    for (int i = 0; i < p->nseg; i++)
        j.seg[i] = (uint8_t)i;
    for (int i = 0; i < j.nruns; i++)
        runs[i] = (struct glb_run){(uint16_t)(i / a->lanes), (uint16_t)(i % a->lanes << a->gw),
                                   (uint16_t)(1 << a->gw)};
    enum glb_status s = glb_transport_resync(t);
    if (!s)
        s = glb_client_open(t, &c);
    if (s)
        return s;
    s = glb_client_check(c, a);
    if (!s)
        s = glb_program_k(p, 0.6, &step.k);
    if (!s)
        s = glb_client_load(c, p);
    if (!s)
        s = glb_client_set_state(c, a, 0, runs, j.nruns, start, 1);
    if (!s)
        s = glb_client_run(c, a, &j, record, tape, &tape->n);
    struct glb_wire_counters n = {0};
    if (!s)
        s = glb_client_status(c, &n);
    if (!s && n.bad_crc)
        s = glb_fail(GLB_ERR_PROTOCOL, "%u frames with a wrong CRC", n.bad_crc);
    glb_client_close(c);
    return s;
}

void protocol(void) {
    static struct tape got, want;
    struct pins pins;
    struct glb_transport board = pins_transport(&pins, &h), emulated;
    struct glb_graph *g = NULL;
    struct glb_program *p = NULL;
    configure(1);
    glb_graph_generate("regular", "n=8,d=3,weights=pm1,bias=pm1,bias-scale=0.5", 8, &g);
    if (!g || glb_program_compile(g, "tiny", NULL, &p) ||
        glb_emu_port_open("tiny", NULL, &emulated)) {
        check(0, "a program and an emulated board: %s", glb_error());
        return;
    }
    int bad = run(&emulated, p, &want);
    check(!bad && want.samples == SAMPLES, "the emulated board runs the program%s%s",
          bad ? ": " : "", bad ? glb_error() : "");
    bad = run(&board, p, &got);
    check(!bad, "the client loads a program and runs a job%s%s", bad ? ": " : "",
          bad ? glb_error() : "");
    check(got.samples == SAMPLES && memcmp(got.words, want.words, sizeof got.words) == 0 &&
              got.n.flips == want.n.flips && got.n.run_cycles == want.n.run_cycles,
          "%u samples, every bit that of the emulated board; %llu flips", got.samples,
          (unsigned long long)got.n.flips);
    glb_program_free(p);
    glb_graph_free(g);
}
