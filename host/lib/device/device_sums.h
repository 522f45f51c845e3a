/* Sums of counting segments by way of dumps. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_DEVICE_SUMS_H
#define GLB_DEVICE_SUMS_H

#include "device/device.h"

/* glb_device_sums() on any device: a job for each dump puts sums into state words of the page, and
 * its sample returns these. */
enum glb_status device_dump_sums(struct glb_device *d, const struct glb_program *p, int page,
                                 bool is_signed, int64_t *out);

#endif
