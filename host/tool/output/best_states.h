/* The best distinct states of a run, with how often each was seen. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_TOOL_OUTPUT_BEST_STATES_H
#define GLB_TOOL_OUTPUT_BEST_STATES_H

#include <stdint.h>
#include <stdio.h>
#include "base/status.h"

struct best_state {
    double energy;
    int64_t count; /* looks at which some chain was in it */
    uint8_t *bits; /* p-bit i: bit i % 8 of bits[i / 8], 1 is +1 */
};

struct best_states {
    struct best_state *state; /* [count] the best first; equal energies as they were found */
    int n, count, most;       /* p-bits; states; at most as many */
};

/* Room for `most` states of n p-bits; to be closed in any case. */
enum glb_status best_states_open(struct best_states *b, int n, int most);
void best_states_close(struct best_states *b);

/* Takes a state into the list if it is better than the worst or there is room, counts it if it is
 * there. A count is exact: what has left the list never comes back. */
void best_states_add(struct best_states *b, const uint8_t *bits, double energy);

/* Writes one line a state: energy (of max-cut graphs the cut, with sign -1), count, spins; as CSV
 * with a header if the name ends in .csv, else with blanks. */
enum glb_status best_states_write(const struct best_states *b, const char *path, int sign);

/* The same for people: rank, energy, count. */
void best_states_print(const struct best_states *b, FILE *to, int sign);

#endif
