// The C API around the Verilated glb_core: C++ only where Verilator's classes ask for it.
// SPDX-License-Identifier: Apache-2.0
#include "glb_sim.h"

#include <cstring>
#include <new>
#include <strings.h>
#include "Vglb_core.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#else
class VerilatedFstC; // built without waveforms
#endif

namespace {
constexpr int kPause =
    64; // clocks without output after which an exchange that received something returns
constexpr int kIdle =
    100000; // clocks without output and not busy after which it returns empty-handed
} // namespace

struct glb_sim {
    VerilatedContext context;
    Vglb_core *top = nullptr;
    VerilatedFstC *trace = nullptr;
    uint64_t cycles = 0;

    void clock() {
        top->clk = 1;
        top->eval();
#if VM_TRACE
        if (trace)
            trace->dump(cycles * 10 + 5);
#endif
        top->clk = 0;
        top->eval();
        cycles++;
#if VM_TRACE
        if (trace)
            trace->dump(cycles * 10);
#endif
    }
};

extern "C" {

int glb_sim_api(void) {
    return GLB_SIM_API;
}

const char *glb_sim_array(void) {
    return GLB_SIM_ARRAY;
}

struct glb_sim *glb_sim_open(const char *array) {
    if (strcasecmp(array, GLB_SIM_ARRAY) != 0)
        return nullptr;
    glb_sim *s = new (std::nothrow) glb_sim;
    if (!s)
        return nullptr;
    s->context.traceEverOn(VM_TRACE != 0);
    s->top = new (std::nothrow) Vglb_core(&s->context);
    if (!s->top) {
        delete s;
        return nullptr;
    }
    s->top->clk = 0;
    s->top->in_valid = 0;
    s->top->in_data = 0;
    s->top->out_ready = 0;
    s->top->rst = 1;
    s->top->eval();
    for (int i = 0; i < 8; i++)
        s->clock();
    s->top->rst = 0;
    for (int i = 0; i < 8;
         i++) // the reset travels through registers; bytes before its end would be lost
        s->clock();
    s->cycles = 0;
    return s;
}

void glb_sim_close(struct glb_sim *s) {
    if (!s)
        return;
    glb_sim_trace_stop(s);
    s->top->final();
    delete s->top;
    delete s;
}

void glb_sim_exchange(struct glb_sim *s, const uint8_t *out, size_t n_out, size_t *done_out,
                      uint8_t *in, size_t n_in, size_t *done_in, uint64_t max_clocks) {
    Vglb_core *t = s->top;
    size_t sent = 0, got = 0;
    int quiet = 0;
    // in_ready and out_valid come from registers: they are valid since the last clock
    for (uint64_t k = 0; k < max_clocks; k++) {
        const bool room = got < n_in;
        t->in_valid = sent < n_out;
        t->in_data = sent < n_out ? out[sent] : 0;
        t->out_ready = room;
        const bool take = t->out_valid && room;
        const bool give = t->in_valid && t->in_ready;
        if (take)
            in[got++] = t->out_data;
        sent += give;
        s->clock();
        quiet = take || give ? 0 : quiet + 1;
        if (got == n_in && n_in)
            break;
        if (sent == n_out && ((got && quiet >= kPause) || (!t->busy && quiet >= kIdle)))
            break;
    }
    t->in_valid = 0;
    t->out_ready = 0;
    *done_out = sent;
    *done_in = got;
}

void glb_sim_step(struct glb_sim *s, uint64_t n) {
    s->top->in_valid = 0;
    s->top->out_ready = 0;
    while (n--)
        s->clock();
}

uint64_t glb_sim_cycles(const struct glb_sim *s) {
    return s->cycles;
}

int glb_sim_busy(const struct glb_sim *s) {
    return s->top->busy;
}

int glb_sim_error(const struct glb_sim *s) {
    return s->top->error;
}

#if VM_TRACE
int glb_sim_trace_start(struct glb_sim *s, const char *path) {
    glb_sim_trace_stop(s);
    s->trace = new (std::nothrow) VerilatedFstC;
    if (!s->trace)
        return -1;
    s->top->trace(s->trace, 99);
    s->trace->open(path);
    if (s->trace->isOpen())
        return 0;
    delete s->trace;
    s->trace = nullptr;
    return -1;
}

void glb_sim_trace_stop(struct glb_sim *s) {
    if (!s->trace)
        return;
    s->trace->close();
    delete s->trace;
    s->trace = nullptr;
}
#else
int glb_sim_trace_start(struct glb_sim *, const char *) {
    return -1;
}

void glb_sim_trace_stop(struct glb_sim *) {
}
#endif
}
