/* What every builder of topologies needs: parameters from text, couplings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "learn/topology/topology_build.h"

#include <stdlib.h>
#include <string.h>

enum glb_status topology_parse(const char *name, const char *text, struct topology_parameter *p,
                               int count) {
    while (text && *text) {
        const char *equals = strchr(text, '=');
        const size_t len = equals ? (size_t)(equals - text) : strlen(text);
        int k = 0;
        while (k < count && (strlen(p[k].key) != len || strncmp(p[k].key, text, len) != 0))
            k++;
        if (k == count || !equals) {
            char known[128] = "";
            for (int i = 0; i < count; i++)
                snprintf(known + strlen(known), sizeof known - strlen(known), " %s", p[i].key);
            return glb_fail(GLB_ERR_ARGUMENT,
                            "topology %s: '%.*s' is no parameter; known:%s (key=value,...)", name,
                            (int)len, text, known);
        }
        char *end;
        const long v = strtol(equals + 1, &end, 10);
        if (end == equals + 1 || (*end && *end != ','))
            return glb_fail(GLB_ERR_ARGUMENT, "topology %s: %s needs a whole number", name,
                            p[k].key);
        if (v < p[k].lowest || v > p[k].highest)
            return glb_fail(GLB_ERR_ARGUMENT, "topology %s: %s=%ld; it must be %d to %d", name,
                            p[k].key, v, p[k].lowest, p[k].highest);
        p[k].value = (int)v;
        text = *end ? end + 1 : end;
    }
    return GLB_OK;
}

void topology_edge(struct glb_graph *g, int i, int j) {
    g->ei[g->m] = i < j ? i : j;
    g->ej[g->m] = i < j ? j : i;
    g->m++;
}
