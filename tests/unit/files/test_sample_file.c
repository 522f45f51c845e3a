/* Sample files read back with HDF5 itself: every sample, energy and attribute, samples that come
 * board after board and fill several blocks, runs that were interrupted.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <hdf5.h>
#include <glauber.h>
#include "files/sample_file.h"

enum { PBITS = 13, CHAINS = 12, ROW = 2, SAMPLES = 9000 }; /* a block is 4,096 samples */

static char path[] = "/tmp/glb-test-samples-XXXXXX";
static const struct glb_sample_file_info info = {.command = "sample",
                                                 .graph = "some/graph.mtx",
                                                 .array = "tiny",
                                                 .device = "emu",
                                                 .convention = "zte-2",
                                                 .graph_hash = 0x0123456789abcdef};
static double magnetization[PBITS];
static int8_t spins[PBITS], clamp[PBITS * 2], init[PBITS * 3];

static double energy_of(long sample, int chain) {
    return -0.5 * (double)sample + 1000 * chain;
}

static uint8_t byte_of(long sample, int chain, int k) {
    return (uint8_t)(sample * 7 + chain * 31 + k * 101);
}

static void put(struct glb_sample_file *f, long sample, int chain) {
    const uint8_t row[ROW] = {byte_of(sample, chain, 0), byte_of(sample, chain, 1)};
    assert_int_equal(glb_sample_file_sample(f, sample, chain, row, energy_of(sample, chain)), 0);
}

static struct glb_sample_file *open_file(long samples) {
    struct glb_sample_file *f;
    assert_int_equal(glb_sample_file_open(path, PBITS, CHAINS, samples, &f), GLB_OK);
    return f;
}

static struct glb_result result(long samples, int stopped) {
    for (int i = 0; i < PBITS; i++) {
        magnetization[i] = 0.1 * i - 0.6;
        spins[i] = i % 3 ? 1 : -1;
    }
    return (struct glb_result){.pbits = PBITS,
                               .couplings = 21,
                               .colours = 3,
                               .chains = CHAINS,
                               .samples = samples,
                               .sweeps = 31,
                               .updates = 41,
                               .clocks = UINT64_C(1) << 40,
                               .mean_energy = -1.25,
                               .mean_energy_stderr = 0.125,
                               .best_energy = -7.5,
                               .best_spins = spins,
                               .magnetization = magnetization,
                               .stopped = stopped};
}

static struct glb_settings settings(void) {
    struct glb_settings set;
    glb_settings_init(&set, sizeof set);
    set.beta = 0.75;
    set.burn_in = 51;
    set.interval = 61;
    set.seed = UINT64_MAX;
    return set;
}

static void finish(struct glb_sample_file *f, const struct glb_settings *set, long samples,
                   int stopped) {
    const struct glb_result r = result(samples, stopped);
    assert_int_equal(glb_sample_file_close(f, &info, set, &r), GLB_OK);
}

/* ---- reading with HDF5 alone ---- */

static hid_t file;

static void reopen(void) {
    file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(file >= 0);
}

static void *dataset(const char *name, hid_t type, size_t width, int rank, hsize_t dims[3]) {
    const hid_t d = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(d);
    assert_int_equal(H5Sget_simple_extent_ndims(space), rank);
    H5Sget_simple_extent_dims(space, dims, NULL);
    void *data = malloc((size_t)H5Sget_simple_extent_npoints(space) * width);
    assert_true(H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    H5Sclose(space);
    H5Dclose(d);
    return data;
}

static void attribute(const char *name, hid_t type, void *value) {
    if (H5Aexists(file, name) <= 0)
        fail_msg("attribute %s is missing", name);
    const hid_t a = H5Aopen(file, name, H5P_DEFAULT);
    assert_true(H5Aread(a, type, value) >= 0);
    H5Aclose(a);
}

static void is_whole(const char *name, int64_t want) {
    int64_t got;
    attribute(name, H5T_NATIVE_INT64, &got);
    if (got != want)
        fail_msg("%s is %lld, not %lld", name, (long long)got, (long long)want);
}

static void is_real(const char *name, double want) {
    double got;
    attribute(name, H5T_NATIVE_DOUBLE, &got);
    if (got != want)
        fail_msg("%s is %g, not %g", name, got, want);
}

static void is_text(const char *name, const char *want) {
    char got[80] = "";
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, sizeof got);
    attribute(name, type, got);
    H5Tclose(type);
    assert_string_equal(got, want);
}

static void is_array(const char *name, hid_t type, size_t width, const void *want, hsize_t count) {
    hsize_t dims[3];
    void *got = dataset(name, type, width, 1, dims);
    assert_int_equal(dims[0], count);
    if (memcmp(got, want, (size_t)count * width) != 0)
        fail_msg("%s differs", name);
    free(got);
}

/* Which samples a chain has: those below known(chain). */
static void check_samples(long samples, long (*known)(int chain)) {
    hsize_t dims[3];
    uint8_t *bits = dataset("spins", H5T_NATIVE_UINT8, 1, 3, dims);
    assert_true(dims[0] == (hsize_t)samples && dims[1] == CHAINS && dims[2] == ROW);
    double *energy = dataset("energies", H5T_NATIVE_DOUBLE, sizeof *energy, 2, dims);
    assert_true(dims[0] == (hsize_t)samples && dims[1] == CHAINS);
    for (long s = 0; s < samples; s++)
        for (int c = 0; c < CHAINS; c++) {
            const long at = s * CHAINS + c;
            const int is = s < known(c);
            if (is ? energy[at] != energy_of(s, c) : !isnan(energy[at]))
                fail_msg("sample %ld of chain %d: energy %g", s, c, energy[at]);
            for (int k = 0; k < ROW; k++)
                assert_int_equal(bits[at * ROW + k], is ? byte_of(s, c, k) : 0);
        }
    free(bits);
    free(energy);
}

static long all(int chain) {
    (void)chain;
    return SAMPLES;
}

static long until_interrupted(int chain) {
    return chain < 8 ? SAMPLES : chain < 10 ? 5001 : 5000;
}

/* ---- tests ---- */

static void samples_side_by_side(void **state) {
    const struct glb_settings set = settings();
    struct glb_sample_file *f = open_file(SAMPLES);
    (void)state;
    for (long s = 0; s < SAMPLES; s++)
        for (int c = 0; c < CHAINS; c++)
            put(f, s, c);
    finish(f, &set, SAMPLES, 0);
    reopen();
    check_samples(SAMPLES, all);
    H5Fclose(file);
}

/* One board after the other: all samples of four chains, then those of the next four. */
static void samples_board_by_board(void **state) {
    const struct glb_settings set = settings();
    (void)state;
    for (int interrupted = 0; interrupted < 2; interrupted++) {
        struct glb_sample_file *f = open_file(SAMPLES);
        for (int first = 0; first < CHAINS; first += 4)
            for (long s = 0; s < SAMPLES; s++)
                for (int c = first; c < first + 4; c++)
                    if (!interrupted || s < until_interrupted(c))
                        put(f, s, c);
        finish(f, &set, interrupted ? 5000 : SAMPLES, interrupted);
        reopen();
        check_samples(SAMPLES, interrupted ? until_interrupted : all);
        is_whole("complete", !interrupted);
        H5Fclose(file);
    }
}

/* Boards of unequal size, the last chains first, all within one block. */
static void samples_in_another_order(void **state) {
    const struct glb_settings set = settings();
    static const int first[] = {10, 3, 2, 0}, end[] = {12, 10, 3, 2};
    struct glb_sample_file *f = open_file(SAMPLES);
    (void)state;
    for (int k = 0; k < 4; k++)
        for (long s = 0; s < 50; s++)
            for (int c = first[k]; c < end[k]; c++)
                put(f, s, c);
    finish(f, &set, 50, 1);
    reopen();
    check_samples(50, all);
    H5Fclose(file);
}

static void every_attribute(void **state) {
    const struct glb_step schedule[] = {{0.25, 10}, {0.5, 11}, {2, 12}};
    const double beta[] = {0.25, 0.5, 2};
    const uint32_t sweeps[] = {10, 11, 12};
    static const char *const name[] = {"colours", "chains", "samples", "burn_in", "interval",
                                       "sweeps",  "flips",  "cycles",  "complete"};
    static const int64_t whole[] = {3, CHAINS, 1, 51, 61, 31, 41, INT64_C(1) << 40, 1};
    (void)state;
    for (int full = 0; full < 2; full++) {
        struct glb_settings set = settings();
        struct glb_sample_file *f = open_file(1);
        for (int k = 0; k < PBITS * 3; k++) {
            init[k] = (int8_t)(k % 3 - 1);
            if (k < PBITS * 2)
                clamp[k] = (int8_t)(k % 5 ? 1 : -1);
        }
        if (full) {
            set.schedule = schedule;
            set.steps = 3;
            set.clamp = clamp;
            set.clamp_columns = 2;
            set.init = init;
            set.init_columns = 3;
        }
        for (int c = 0; c < CHAINS; c++)
            put(f, 0, c);
        finish(f, &set, 1, 0);
        reopen();
        is_text("version", glb_version());
        is_text("command", "sample");
        is_text("graph", "some/graph.mtx");
        is_text("graph_hash", "0123456789abcdef");
        is_text("convention", "zte-2");
        is_text("array", "tiny");
        is_text("device", "emu");
        is_text("seed", "18446744073709551615");
        is_whole("pbits", PBITS);
        is_whole("couplings", 21);
        for (size_t k = 0; k < sizeof whole / sizeof whole[0]; k++)
            is_whole(name[k], whole[k]);
        is_real("mean_energy", -1.25);
        is_real("mean_energy_stderr", 0.125);
        is_real("best_energy", -7.5);
        is_array("magnetization", H5T_NATIVE_DOUBLE, sizeof(double), magnetization, PBITS);
        is_array("best_spins", H5T_NATIVE_INT8, 1, spins, PBITS);
        assert_int_equal(H5Aexists(file, "beta"), !full);
        assert_int_equal(H5Lexists(file, "schedule_beta", H5P_DEFAULT), full);
        assert_int_equal(H5Lexists(file, "clamp", H5P_DEFAULT), full);
        assert_int_equal(H5Lexists(file, "init", H5P_DEFAULT), full);
        if (full) {
            is_array("schedule_beta", H5T_NATIVE_DOUBLE, sizeof(double), beta, 3);
            is_array("schedule_sweeps", H5T_NATIVE_UINT32, sizeof(uint32_t), sweeps, 3);
            is_array("clamp", H5T_NATIVE_INT8, 1, clamp, PBITS * 2);
            is_array("init", H5T_NATIVE_INT8, 1, init, PBITS * 3);
        } else {
            is_real("beta", 0.75);
        }
        H5Fclose(file);
    }
}

int main(void) {
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_side_by_side),
        cmocka_unit_test(samples_board_by_board),
        cmocka_unit_test(samples_in_another_order),
        cmocka_unit_test(every_attribute),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
