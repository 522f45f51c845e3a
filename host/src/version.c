/* The library's version, which the Makefile says. SPDX-License-Identifier: Apache-2.0 */
#include "../include/glauber.h"

const char *glb_version(void) {
    return GLB_VERSION;
}
