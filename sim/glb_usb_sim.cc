// The C API around the Verilated glb_usb_top: C++ only where Verilator's classes ask for it.
// SPDX-License-Identifier: Apache-2.0
#include "glb_usb_sim.h"

#include <new>
#include "Vglb_usb_top.h"
#include "verilated.h"

struct glb_usb_sim {
    VerilatedContext context;
    Vglb_usb_top *top = nullptr;
    double core_mhz = 0, owed = 0; // clocks that the array is behind
    unsigned quarter = 0;          // of a bit at full speed

    // The array's clocks up to now. They fall between the edges of the bus, as those of another
    // oscillator do.
    void core(double bus_mhz) {
        for (owed += core_mhz / bus_mhz; owed >= 1; owed -= 1) {
            top->clk = 1;
            top->eval();
            top->clk = 0;
            top->eval();
        }
    }
};

extern "C" {

int glb_usb_sim_api(void) {
    return GLB_USB_SIM_API;
}

struct glb_usb_sim *glb_usb_sim_open(double core_mhz) {
    glb_usb_sim *s = new (std::nothrow) glb_usb_sim;
    if (!s)
        return nullptr;
    s->top = new (std::nothrow) Vglb_usb_top(&s->context);
    if (!s->top) {
        delete s;
        return nullptr;
    }
    s->core_mhz = core_mhz;
    s->top->locked = 1;
    s->top->usb_rst = 1;
    s->top->eval();
    for (int i = 0; i < 16; i++) {
        s->top->usb_clk = s->top->usb_io_clk = 1;
        s->top->eval();
        s->top->usb_clk = s->top->usb_io_clk = 0;
        s->top->eval();
        s->core(60);
    }
    s->top->usb_rst = 0;
    return s;
}

void glb_usb_sim_close(struct glb_usb_sim *s) {
    if (!s)
        return;
    s->top->final();
    delete s->top;
    delete s;
}

void glb_usb_sim_ulpi(struct glb_usb_sim *s, struct glb_ulpi *p) {
    Vglb_usb_top *t = s->top;
    t->ulpi_data_i = p->data;
    t->ulpi_dir = p->dir;
    t->ulpi_nxt = p->nxt;
    t->eval();
    p->out = t->ulpi_data_o;
    p->stp = t->ulpi_stp;
    p->oe = t->ulpi_data_oe;
    t->usb_clk = 1;
    t->eval();
    t->usb_clk = 0;
    s->core(60);
}

void glb_usb_sim_lines(struct glb_usb_sim *s, struct glb_usb_lines *p) {
    Vglb_usb_top *t = s->top;
    t->dp_i = p->dp;
    t->dn_i = p->dn;
    t->eval();
    p->out_dp = t->dp_o;
    p->out_dn = t->dn_o;
    p->oe = t->dp_oe;
    p->pullup = t->dp_pullup;
    t->usb_io_clk = 1;
    if (s->quarter == 0)
        t->usb_clk = 1;
    t->eval();
    t->usb_io_clk = 0;
    if (s->quarter == 2)
        t->usb_clk = 0;
    t->eval();
    s->quarter = (s->quarter + 1) & 3;
    s->core(48);
}

int glb_usb_sim_suspended(const struct glb_usb_sim *s) {
    return s->top->suspended;
}
}
