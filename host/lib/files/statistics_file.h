/* Files of a run's statistics (HDF5): a sample file with counts instead of samples.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_STATISTICS_FILE_H
#define GLB_FILES_STATISTICS_FILE_H

#include <glauber/sampler.h>
#include "files/sample_file.h"

/* Of a run with settings.statistics; edge_i, edge_j [couplings]: p-bits of its couplings, from 0.
 */
enum glb_status glb_statistics_file_write(const char *path, const struct glb_sample_file_info *info,
                                          const struct glb_settings *settings,
                                          const struct glb_result *result, const int32_t *edge_i,
                                          const int32_t *edge_j);

#endif
