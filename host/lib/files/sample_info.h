/* Attributes and small arrays of a sample file. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_SAMPLE_INFO_H
#define GLB_FILES_SAMPLE_INFO_H

#include "files/hdf5_store.h"
#include "files/sample_file.h"

void glb_sample_info_put(struct glb_hdf5_store *s, const struct glb_sample_file_info *info,
                         const struct glb_settings *set, const struct glb_result *r);

#endif
