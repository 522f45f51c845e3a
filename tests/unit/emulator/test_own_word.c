/* Updates of two stages that read the word which their first stage writes, before and after the
 * write arrives: the emulator gives what the reference gives.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "array/coupling_word.h"
#include "emulator/emulator.h"
#include "support/beside_reference.h"

enum { BOARDS = 5, LEN = 60 };

struct images {
    struct glb_board_memory m;
    int clock, entry;
};

/* Tile 0's next clock: an entry with the state word `addr` on its way. */
static void add_entry(struct images *i, uint64_t word, int addr) {
    const struct glb_array *a = &i->m.a;
    i->m.sched[i->clock++ * a->tiles] = (uint32_t)(addr << a->ow | a->ctrl);
    i->m.coupling[i->entry++] = word;
}

/* noise, read of word 5; export into word 0; after `wait` clocks a read of word 0; its double. */
static void fill(struct images *i, int wait) {
    const struct glb_array *a = &i->m.a;
    for (int c = 0; c < a->chains; c++)
        i->m.sched[i->clock++ * a->tiles] = 1;
    add_entry(i, UINT64_C(3) << a->ow, 5);
    add_entry(i, glb_ctrl_word(a, -2, 0, 0, 1, 0, 0), 0);
    i->clock += wait;
    add_entry(i, UINT64_C(7) << a->ow, 0);
    add_entry(i, glb_ctrl_word(a, 0, 1, 1, 1, 0, 0), 0);
    i->m.seg[0] = (struct glb_segment){.s_len = LEN, .flips = (uint32_t)a->chains};
}

static void compare(enum glb_emu_path path, int wait) {
    const struct glb_array *a = glb_array_find("tiny");
    const struct glb_beta_step step = {3 << 16, 20};
    const struct glb_run run = {0, 0, 8};
    struct glb_job j = {
        .seed = 9, .steps = &step, .nsteps = 1, .interval = 1, .runs = &run, .nruns = 1, .nseg = 1};
    struct images i = {.clock = 0};
    struct glb_reference *ref[BOARDS];
    struct glb_emu *e;
    if (glb_emu_open(a, BOARDS, 1, path, &e) == GLB_ERR_UNSUPPORTED)
        return;
    assert_int_equal(glb_board_memory_init(&i.m, a), GLB_OK);
    fill(&i, wait);
    assert_true(i.clock < LEN);
    struct glb_program p = {.array = *a,
                            .nseg = 1,
                            .s_used = a->sdepth,
                            .c_used = a->cdepth,
                            .sched = i.m.sched,
                            .net = i.m.net,
                            .coupling = i.m.coupling};
    p.seg[0] = i.m.seg[0];
    for (int b = 0; b < BOARDS; b++)
        assert_int_equal(glb_reference_open_shared(&i.m, &ref[b]), GLB_OK);
    assert_int_equal(glb_emu_load(e, &p), GLB_OK);
    run_both(e, ref, BOARDS, a->chains, &j);
    compare_states(e, ref, BOARDS, a);
    for (int b = 0; b < BOARDS; b++)
        glb_reference_close(ref[b]);
    glb_emu_close(e);
    glb_board_memory_free(&i.m);
}

static void old_and_new_word(void **state) {
    (void)state;
    for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++)
        for (int wait = 0; wait < 20; wait++)
            compare((enum glb_emu_path)path, wait);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(old_and_new_word)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
