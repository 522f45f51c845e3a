/* Text files of p-bit values and beta schedules. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_VALUE_FILES_H
#define GLB_TOOL_VALUE_FILES_H

#include <stdint.h>
#include "base/status.h"

/* Lines "pbit value [value ...]": p-bits from 1 to n, values -1 or 0 for down, 1 for up, the same
 * number on every line; % and # start comments. *out gets [n][*columns] of -1, 0 (not mentioned)
 * and 1; free() it. */
enum glb_status cli_read_values(const char *path, int n, int8_t **out, int *columns);

/* Lines "beta sweeps", beta >= 0, sweeps >= 1. *out gets [*steps], at least one; free() it. */
enum glb_status cli_read_schedule(const char *path, struct glb_step **out, int *steps);

#endif
