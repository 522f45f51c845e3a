/* glauber/device.h: arrays and devices; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLAUBER_DEVICE_H
#define GLAUBER_DEVICE_H

#include <glauber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glb_device;

/* Opens a device: "emu", the bit-exact emulator, or "sim", the Verilated RTL (built by `make sim`).
 * array: a name of `glauber info --arrays`, for example "ulx3s-85". Close with glb_device_close().
 */
GLB_API enum glb_status glb_device_open(const char *device, const char *array,
                                        struct glb_device **out);
GLB_API void glb_device_close(struct glb_device *d);

/* What it is, in words. */
GLB_API const char *glb_device_describe(struct glb_device *d);

/* From now on writes a waveform (FST) of a simulated device; GLB_ERR_UNSUPPORTED for others. NULL
 * ends it. */
GLB_API enum glb_status glb_device_trace(struct glb_device *d, const char *path);

#ifdef __cplusplus
}
#endif

#endif
