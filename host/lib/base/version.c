/* The library's version and revision, which the Makefile says. SPDX-License-Identifier: Apache-2.0
 */
#include <glauber.h>

const char *glb_version(void) {
    return GLB_VERSION;
}

const char *glb_revision(void) {
#ifdef GLB_REVISION
    return sizeof GLB_REVISION > 1 ? GLB_REVISION : GLB_VERSION;
#else
    return GLB_VERSION;
#endif
}
