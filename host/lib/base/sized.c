/* Structs with their size in front. SPDX-License-Identifier: Apache-2.0 */
#include "base/sized.h"

#include <string.h>

enum { LARGEST = 1 << 16 }; /* more is no struct of any version but memory that was never set */

void glb_sized_init(void *to, size_t size, const void *defaults, size_t known) {
    memset(to, 0, size);
    memcpy(to, defaults, size < known ? size : known);
    memcpy(to, &size, size < sizeof size ? size : sizeof size);
}

enum glb_status glb_sized_take(void *to, size_t known, const void *from, const char *name) {
    size_t size;
    memcpy(&size, from, sizeof size);
    if (size <= sizeof size || size > LARGEST)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "struct %s has size %zu, which is not set up; %s_init(&x, sizeof x) does",
                        name, size, name);
    for (size_t k = known; k < size; k++)
        if (((const unsigned char *)from)[k])
            return glb_fail(GLB_ERR_ARGUMENT,
                            "struct %s has %zu bytes, of which library %s has %zu; byte %zu is "
                            "set: use a newer library",
                            name, size, glb_version(), known, k);
    memcpy(to, from, size < known ? size : known);
    memcpy(to, &known, sizeof known);
    return GLB_OK;
}
