/* What every builder of topologies needs: parameters from text, couplings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "learn/topology/topology_build.h"

#include <string.h>
#include "base/arguments.h"

enum glb_status topology_parse(const char *name, const char *text, struct topology_parameter *p,
                               int count) {
    struct glb_arguments a;
    char of[64], known[128] = "";
    snprintf(of, sizeof of, "topology %s", name);
    enum glb_status s = glb_arguments_parse(&a, of, text);
    for (int k = 0; k < count && s == GLB_OK; k++) {
        p[k].value = glb_argument_int(&a, p[k].key, p[k].value, p[k].lowest, p[k].highest);
        snprintf(known + strlen(known), sizeof known - strlen(known), " %s", p[k].key);
    }
    if (s == GLB_OK)
        s = a.status;
    const char *unknown = glb_arguments_unused(&a);
    if (s == GLB_OK && unknown)
        s = glb_fail(GLB_ERR_ARGUMENT, "%s: '%s' is no parameter; known:%s (key=value,...)", of,
                     unknown, known);
    glb_arguments_free(&a);
    return s;
}

void topology_edge(struct glb_graph *g, int i, int j) {
    g->ei[g->m] = i < j ? i : j;
    g->ej[g->m] = i < j ? j : i;
    g->m++;
}
