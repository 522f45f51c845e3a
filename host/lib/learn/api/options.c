/* Structs of options that may be of another size in the caller's program.
 * SPDX-License-Identifier: Apache-2.0 */
#include "learn/api/options.h"

#include <string.h>

void options_init(void *o, size_t size, const void *defaults, size_t known) {
    memset(o, 0, size);
    memcpy(o, defaults, size < known ? size : known);
    if (size >= sizeof size)
        memcpy(o, &size, sizeof size);
}

enum glb_status options_take(const char *name, const void *given, void *out, size_t known) {
    size_t size;
    memcpy(&size, given, sizeof size);
    if (size < sizeof size || size > 1 << 16)
        return glb_fail(GLB_ERR_ARGUMENT, "struct %s: its size is %zu; set it up with %s_init()",
                        name, size, name);
    for (size_t k = known; k < size; k++)
        if (((const char *)given)[k])
            return glb_fail(GLB_ERR_ARGUMENT,
                            "struct %s: a member that this library does not have is set (%zu bytes "
                            "instead of %zu)",
                            name, size, known);
    memcpy(out, given, size < known ? size : known);
    memcpy(out, &known, sizeof known);
    return GLB_OK;
}
