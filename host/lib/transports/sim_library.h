/* Shared objects of simulated gateware: finding and loading them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_SIM_LIBRARY_H
#define GLB_TRANSPORTS_SIM_LIBRARY_H

#include <stddef.h>

/* Loads `file` from $GLAUBER_SIM_DIR or its subfolder `folder`; else from beside the program, as
 * `make sim` and `make install` lay things out; else from where the system keeps libraries. NULL on
 * failure, explained by dlerror(). Close with dlclose(). */
void *glb_sim_library_open(const char *folder, const char *file);

struct glb_symbol {
    const char *name;
    void *to; /* a function pointer that takes the address */
};

/* 1 if the library has all n symbols. */
int glb_sim_library_symbols(void *so, const struct glb_symbol *symbols, size_t n);

#endif
