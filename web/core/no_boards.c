/* What a browser lacks: boards, simulators, the number of cores, zlib's CRC.
 * SPDX-License-Identifier: Apache-2.0 */
#include <sched.h>
#include "base/status.h"
#include "transports/transports.h"
#include "zlib.h"

static enum glb_status refuse(struct glb_transport *out) {
    (void)out;
    return glb_fail(GLB_ERR_UNSUPPORTED, "a browser reaches no boards and no simulators; use the "
                                         "device emu");
}

enum glb_status glb_sim_transport_open(const char *array, const char *argument,
                                       struct glb_transport *out) {
    (void)array, (void)argument;
    return refuse(out);
}

enum glb_status glb_usb_transport_open(const char *array, const char *argument,
                                       struct glb_transport *out) {
    (void)array, (void)argument;
    return refuse(out);
}

enum glb_status glb_uart_transport_open(const char *array, const char *argument,
                                        struct glb_transport *out) {
    (void)array, (void)argument;
    return refuse(out);
}

enum glb_status glb_sim_transport_list(glb_found_fn fn, void *user) {
    (void)fn, (void)user;
    return GLB_OK;
}

enum glb_status glb_usb_transport_list(glb_found_fn fn, void *user) {
    (void)fn, (void)user;
    return GLB_OK;
}

uLong crc32(uLong crc, const Bytef *data, uInt size) {
    crc = ~crc & 0xffffffff;
    for (uInt k = 0; k < size; k++) {
        crc ^= data[k];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc & 0xffffffff;
}

/* One core. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
    (void)pid, (void)size, (void)set;
    return -1;
}

int __sched_cpucount(size_t size, const cpu_set_t *set) {
    (void)size, (void)set;
    return 1;
}
