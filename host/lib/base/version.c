/* The library's version, from the macros of its header, and the revision that the Makefile passes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glauber.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

static const char version[] =
    TEXT(GLB_VERSION_MAJOR) "." TEXT(GLB_VERSION_MINOR) "." TEXT(GLB_VERSION_PATCH);

const char *glb_version(void) {
    return version;
}

int glb_version_number(void) {
    return GLB_VERSION_NUMBER;
}

const char *glb_revision(void) {
#ifdef GLB_REVISION
    return sizeof GLB_REVISION > 1 ? GLB_REVISION : version;
#else
    return version;
#endif
}
