/* What an effort of the graph compiler stands for. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_EFFORT_H
#define GLB_COMPILER_EFFORT_H

#include "compiler/problem.h"

/* search: steps of a clock's path search, a tile. */
struct effort {
    int tries, search;         /* graphs without hubs: schedules, of which the best stays */
    int hub_tries, hub_search; /* with hubs */
    int draft;                 /* search of the quick plans that compare ways; 0: one way */
    int kept, rounds;          /* ways planned again, and rounds of refining each */
};

/* Levels 1 and 2 differ by 1 % of a schedule's clocks and 3 to 4 times the processor time
 * (docs/results/compiler.md). Machines that are trained use 2. */
static inline struct effort effort_of(const struct problem *problem) {
    static const struct effort levels[GLB_MAX_EFFORT + 1] = {
        {1, 50, 1, 50, 0, 0, 0},
        {1, 270, 1, 300, 50, 1, 2},
        {2, 500, 1, 1000, 250, 2, 3},
        {8, 1500, 2, 3000, 750, 2, 9},
    };
    return levels[problem->options->effort];
}

#endif
