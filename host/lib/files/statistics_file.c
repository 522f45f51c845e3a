/* Files of a run's statistics. SPDX-License-Identifier: Apache-2.0 */
#include "files/statistics_file.h"

#include "files/hdf5_store.h"
#include "files/sample_info.h"

enum glb_status glb_statistics_file_write(const char *path, const struct glb_sample_file_info *info,
                                          const struct glb_settings *settings,
                                          const struct glb_result *result, const int32_t *edge_i,
                                          const int32_t *edge_j) {
    const size_t n = (size_t)result->pbits, m = (size_t)result->couplings;
    struct glb_hdf5_store s;
    glb_hdf5_create(&s, path);
    glb_sample_info_put(&s, info, settings, result);
    glb_hdf5_put_int(&s, "counted", result->counted);
    glb_hdf5_put_text(&s, "counted_on", result->host_counts ? "host" : "array");
    glb_hdf5_put_array(&s, "up_counts", GLB_ELEMENT_INT64, n, result->up_counts);
    glb_hdf5_put_array(&s, "agree_counts", GLB_ELEMENT_INT64, m, result->agree_counts);
    glb_hdf5_put_array(&s, "correlations", GLB_ELEMENT_DOUBLE, m, result->correlations);
    glb_hdf5_put_array(&s, "coupling_i", GLB_ELEMENT_INT32, m, edge_i);
    glb_hdf5_put_array(&s, "coupling_j", GLB_ELEMENT_INT32, m, edge_j);
    return glb_hdf5_close(&s);
}
