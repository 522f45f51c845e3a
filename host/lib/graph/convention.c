/* What an input's numbers mean: the named conventions (docs/conventions.md has the algebra).
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/text_reader.h"

#include <string.h>
#include <strings.h>

static const char *const names[] = {"boltzmann", "zte-2", "zte-34", "qubo", "maxcut"};

int glb_convention_parse(const char *name, enum glb_convention *c) {
    for (int k = 0; k < (int)(sizeof names / sizeof names[0]); k++)
        if (strcasecmp(name, names[k]) == 0) {
            *c = (enum glb_convention)k;
            return 0;
        }
    return -1;
}

const char *glb_convention_name(enum glb_convention c) {
    return (unsigned)c < sizeof names / sizeof names[0] ? names[c] : "unknown";
}

/* x = (1 + m) / 2 turns Q x_i x_j into Q (1 + m_i + m_j + m_i m_j) / 4 and q x_i into q (1 + m_i)
 * / 2. */
static void add_qubo_linear(struct glb_graph *g, int i, double q) {
    g->h[i] -= q / 2;
    g->offset += q / 2;
}

static void add_pair(struct glb_graph *g, int i, int j, double v) {
    double J = v;
    switch (g->convention) {
    case GLB_BOLTZMANN:
    case GLB_ZTE_2:
        break;
    case GLB_ZTE_34:
        J = -v;
        break;
    case GLB_QUBO:
        J = -v / 4;
        g->h[i] -= v / 4;
        g->h[j] -= v / 4;
        g->offset += v / 4;
        break;
    case GLB_MAXCUT: /* minus the cut = E/2 - W/2 */
        J = -v;
        g->offset -= v / 2;
        break;
    }
    g->ei[g->m] = i;
    g->ej[g->m] = j;
    g->J[g->m++] = J;
}

static void add_bias(struct glb_graph *g, int i, double v) {
    if (g->convention == GLB_QUBO)
        add_qubo_linear(g, i, v);
    else
        g->h[i] += g->convention == GLB_BOLTZMANN ? v : -v;
}

struct glb_graph *glb_convention_import(const struct glb_entries *s, const double *bias,
                                        enum glb_convention c) {
    if ((unsigned)c > GLB_MAXCUT) {
        glb_fail(GLB_ERR_ARGUMENT, "unknown convention %d", (int)c);
        return NULL;
    }
    if (s->m > GLB_GRAPH_MAX_M) {
        glb_fail(GLB_ERR_FORMAT, "%s: more than %d couplings", s->name, GLB_GRAPH_MAX_M);
        return NULL;
    }
    struct glb_graph *g = glb_graph_new(s->n, (int)s->m);
    if (!g)
        return NULL;
    g->convention = c;
    g->scale = c == GLB_MAXCUT ? 0.5 : 1;
    for (long k = 0; k < s->m; k++) {
        const struct glb_entry *e = &s->e[k];
        if (e->i != e->j) {
            add_pair(g, e->i, e->j, e->v);
        } else if (c == GLB_QUBO) {
            add_qubo_linear(g, e->i, e->v);
        } else if (e->v != 0) {
            glb_fail(GLB_ERR_FORMAT,
                     "%s:%lld: p-bit %d is coupled to itself; only the qubo convention has a "
                     "diagonal, biases go into a bias file",
                     s->name, (long long)e->line, e->i + 1);
            goto fail;
        }
    }
    for (int i = 0; bias && i < s->n; i++) {
        if (c == GLB_MAXCUT && bias[i] != 0) {
            glb_fail(GLB_ERR_ARGUMENT, "a cut has no biases: drop the bias file or choose another "
                                       "convention than maxcut");
            goto fail;
        }
        add_bias(g, i, bias[i]);
    }
    if (!glb_graph_finish(g))
        return g;
fail:
    glb_graph_free(g);
    return NULL;
}
