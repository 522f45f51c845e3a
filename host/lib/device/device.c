/* Devices by name: the emulator in this process; the simulated RTL, the emulator's port, and boards
 * on USB or at a serial port behind the byte protocol. SPDX-License-Identifier: Apache-2.0 */
#include "device/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "wire/client.h"
#include "transports/transports.h"

struct glb_device {
    struct glb_array array;
    char *name;                 /* as it was opened */
    struct glb_emu *emu;        /* either this; NULL after a failed change of its boards */
    int boards, threads, group; /* group: boards that share a temperature */
    struct glb_client *client;  /* or this */
    char described[200];
    struct glb_device_identity identity;
    struct glb_line_counters counters;
};

int glb_device_is_emu(const char *device) {
    return strcasecmp(device, "emu") == 0;
}

static enum glb_status no_device(const char *device) {
    char forms[128];
    glb_transport_forms(forms, sizeof forms);
    return glb_fail(GLB_ERR_ARGUMENT, "no device is called %s; there are emu, %s", device, forms);
}

enum glb_status glb_device_name(const char *device, bool *own) {
    const char *argument;
    const struct glb_transport_kind *kind = glb_transport_find(device, &argument);
    if (own)
        *own = kind && kind->outlives_us;
    return kind || glb_device_is_emu(device) ? GLB_OK : no_device(device);
}

/* The array that an opened board has. */
static enum glb_status find_array(struct glb_device *d) {
    int n;
    const struct glb_array *a = glb_arrays(&n);
    for (int k = 0; k < n; k++)
        if (glb_client_check(d->client, &a[k]) == GLB_OK) {
            d->array = a[k];
            return GLB_OK;
        }
    return glb_fail(GLB_ERR_DEVICE, "%s has an array that this library does not know",
                    glb_client_describe(d->client));
}

static enum glb_status open_wire(struct glb_device *d, const char *device,
                                 const struct glb_array *a) {
    struct glb_transport t;
    const char *argument;
    const struct glb_transport_kind *kind = glb_transport_find(device, &argument);
    if (!kind)
        return no_device(device);
    if (!a && !kind->outlives_us)
        return glb_fail(GLB_ERR_ARGUMENT, "the device %s needs the name of an array", device);
    enum glb_status s = kind->open(a ? a->name : NULL, argument, &t);
    if (s)
        return s;
    if (kind->outlives_us && (s = glb_transport_resync(&t))) {
        t.close(t.self);
        return s;
    }
    s = glb_client_open(&t, &d->client);
    if (s)
        return s;
    return a ? glb_client_check(d->client, a) : find_array(d);
}

static enum glb_status open_emulator(struct glb_device *d, int boards, int group) {
    glb_emu_close(d->emu);
    d->emu = NULL;
    d->boards = 0;
    const enum glb_status s =
        glb_emu_open_groups(&d->array, boards, group, d->threads, GLB_EMU_AUTO, &d->emu);
    d->boards = s ? 0 : boards;
    d->group = group;
    return s;
}

static enum glb_status open_device(struct glb_device *d, const char *device, const char *array) {
    const struct glb_array *a = NULL;
    const enum glb_status s = array ? glb_array_require(array, &a) : GLB_OK;
    if (s)
        return s;
    if (!(d->name = strdup(device)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for a device");
    if (a)
        d->array = *a;
    if (!glb_device_is_emu(device))
        return open_wire(d, device, a);
    return a ? open_emulator(d, 1, 1)
             : glb_fail(GLB_ERR_ARGUMENT, "the device emu needs the name of an array");
}

enum glb_status glb_device_open(const char *device, const char *array, struct glb_device **out) {
    struct glb_device *d = calloc(1, sizeof *d);
    *out = NULL;
    if (!d)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a device");
    const enum glb_status s = open_device(d, device, array);
    if (s)
        glb_device_close(d);
    else
        *out = d;
    return s;
}

void glb_device_close(struct glb_device *d) {
    if (!d)
        return;
    glb_emu_close(d->emu);
    glb_client_close(d->client);
    free(d->name);
    free(d);
}

const char *glb_device_describe(struct glb_device *d) {
    if (d->client)
        return glb_client_describe(d->client);
    snprintf(d->described, sizeof d->described, "emu %s, %d board%s, %s", d->array.name, d->boards,
             d->boards == 1 ? "" : "s", d->emu ? glb_emu_path_name(d->emu) : "out of memory");
    return d->described;
}

const struct glb_device_identity *glb_device_identify(struct glb_device *d) {
    const struct link_ident *i = d->client ? glb_client_ident(d->client) : NULL;
    d->identity = (struct glb_device_identity){.size = sizeof d->identity,
                                               .name = d->name,
                                               .description = glb_device_describe(d),
                                               .array = d->array.name,
                                               .boards = d->client ? 1 : d->boards,
                                               .protocol = i ? i->protocol : 0,
                                               .build = i ? i->build : 0};
    return &d->identity;
}

enum glb_status glb_device_trace(struct glb_device *d, const char *path) {
    struct glb_transport *t = d->client ? glb_client_transport(d->client) : NULL;
    if (!t || !t->trace)
        return glb_fail(
            GLB_ERR_UNSUPPORTED,
            "only the device sim can write a waveform (--trace); choose it or write none");
    return t->trace(t->self, path);
}

const struct glb_array *glb_device_array(const struct glb_device *d) {
    return &d->array;
}

enum glb_status glb_device_threads(struct glb_device *d, int threads) {
    if (d->client || d->threads == threads)
        return GLB_OK;
    d->threads = threads;
    return d->boards ? open_emulator(d, d->boards, d->group) : open_emulator(d, 1, 1);
}

enum glb_status glb_device_boards(struct glb_device *d, int boards, int *got) {
    return glb_device_groups(d, boards, boards, got);
}

enum glb_status glb_device_groups(struct glb_device *d, int boards, int group, int *got) {
    if (d->client || (group < boards && group * d->array.chains % 16)) /* one after the other */
        boards = group = 1;
    *got = boards;
    return d->client || (d->boards == boards && d->group == group)
               ? GLB_OK
               : open_emulator(d, boards, group);
}

/* An emulator that could not be opened again with other boards is gone. */
static enum glb_status is_there(const struct glb_device *d) {
    return d->client || d->emu
               ? GLB_OK
               : glb_fail(GLB_ERR_MEMORY, "the emulator had no memory for its boards and is "
                                          "closed; ask for fewer");
}

static enum glb_status same_array(const struct glb_device *d, const struct glb_program *p) {
    if (glb_program_runs_on(p, &d->array))
        return GLB_OK;
    return glb_fail(GLB_ERR_ARGUMENT,
                    "the program was compiled for array %s, the device is %s; compile it for that",
                    p->array.name, d->array.name);
}

enum glb_status glb_device_load(struct glb_device *d, const struct glb_program *p) {
    enum glb_status s = is_there(d);
    if (!s)
        s = same_array(d, p);
    if (s)
        return s;
    return d->client ? glb_client_load(d->client, p) : glb_emu_load(d->emu, p);
}

enum glb_status glb_device_update(struct glb_device *d, const struct glb_program *p) {
    const enum glb_status s = is_there(d);
    if (s)
        return s;
    return d->client ? glb_client_load_couplings(d->client, p) : glb_emu_update(d->emu, p);
}

enum glb_status glb_device_set_state(struct glb_device *d, int page, const struct glb_run *runs,
                                     int nruns, const uint64_t *words, size_t stride) {
    if (d->client)
        return glb_client_set_state(d->client, &d->array, page, runs, nruns, words, stride);
    const enum glb_status s = is_there(d);
    if (s)
        return s;
    glb_emu_set_runs(d->emu, page, runs, nruns, words, stride);
    return GLB_OK;
}

enum glb_status glb_device_run(struct glb_device *d, const struct glb_job *j, const uint64_t *seeds,
                               glb_sample_fn fn, void *user, struct glb_job_counters *counters) {
    const enum glb_status s = is_there(d);
    if (s)
        return s;
    if (!d->client)
        return glb_emu_run(d->emu, j, seeds, fn, user, counters);
    struct glb_job one = *j;
    if (seeds)
        one.seed = seeds[0];
    return glb_client_run(d->client, &d->array, &one, fn, user, counters);
}

enum glb_status glb_device_begin(struct glb_device *d, const struct glb_job *j, glb_sample_fn fn,
                                 void *user, struct glb_job_counters *counters) {
    const enum glb_status s = is_there(d);
    if (s)
        return s;
    if (!d->client)
        return glb_emu_run(d->emu, j, NULL, fn, user, counters);
    return glb_client_begin(d->client, &d->array, j, fn, user, counters);
}

enum glb_status glb_device_finish(struct glb_device *d) {
    return d->client ? glb_client_finish(d->client) : GLB_OK;
}

enum glb_status glb_device_line_counters(struct glb_device *d,
                                         const struct glb_line_counters **out) {
    struct glb_wire_counters w;
    *out = NULL;
    if (!d->client)
        return glb_fail(GLB_ERR_UNSUPPORTED, "the device emu has no line that could lose anything");
    const enum glb_status s = glb_client_status(d->client, &w);
    if (s)
        return s;
    d->counters = (struct glb_line_counters){.size = sizeof d->counters,
                                             .frames = w.frames,
                                             .bad_crc = w.bad_crc,
                                             .refused = w.errors,
                                             .skipped_by_board = w.skipped,
                                             .skipped_by_host = glb_client_skipped(d->client)};
    *out = &d->counters;
    return GLB_OK;
}
