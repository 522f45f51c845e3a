/* glb_device_sums() of a board behind the byte protocol. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_DEVICE_DUMP_H
#define GLB_DEVICE_DUMP_H

#include "device/device.h"

enum glb_status device_dump_sums(struct glb_device *device, const struct glb_program *p, int page,
                                 bool is_signed, int64_t *out);

#endif
