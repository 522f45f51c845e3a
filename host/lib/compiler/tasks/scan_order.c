/* The order of a scan: the classes of p-bits become colours in the order of their updates.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/tasks/scan_order.h"

#include <stdlib.h>

enum { MOST_RANKED = 256 }; /* classes; more stay in the order of their numbers */

/* Places of the classes that are not of hubs: with hubs last those with many edges to hubs before
 * those with few, since the hubs wait for them, with hubs first the other way round; then small
 * before large, so that the pass ends with work for every lane. */
static void rank_classes(const struct problem *problem, bool hubs_first, int32_t *rank) {
    const int k = problem->classes;
    const long weight = hubs_first ? 1 << 20 : -(1 << 20);
    long key[MOST_RANKED];
    for (int i = 0; i < k; i++)
        if (k > MOST_RANKED)
            rank[i] = i;
        else
            key[i] = problem->class_size[i] + weight * problem->class_to_hubs[i];
    for (int i = 0; i < k && k <= MOST_RANKED; i++) {
        rank[i] = 0;
        for (int j = 0; j < k; j++)
            rank[i] += key[j] < key[i] || (key[j] == key[i] && j < i);
    }
}

enum glb_status plan_order_colours(struct plan *plan) {
    const struct problem *problem = plan->problem;
    int32_t *rank = malloc(sizeof *rank * ((size_t)problem->classes + 1));
    plan->colour = malloc(sizeof *plan->colour * (size_t)problem->n);
    if (!rank || !plan->colour) {
        free(rank);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    }
    rank_classes(problem, plan->hubs_first, rank);
    const int first_hub = plan->hubs_first ? 0 : problem->classes;
    const int first = plan->hubs_first ? problem->hub_classes : 0;
    for (int i = 0; i < problem->n; i++)
        plan->colour[i] = problem->hub[i] >= 0 ? first_hub + problem->class_of[i]
                                               : first + rank[problem->class_of[i]];
    plan->ncolours = problem->classes + problem->hub_classes;
    free(rank);
    return GLB_OK;
}
