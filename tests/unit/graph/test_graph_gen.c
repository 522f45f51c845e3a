/* Generators by name: what is refused, and the help. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "graph/graph.h"

static void refused(void **state) {
    (void)state;
    static const struct {
        const char *family, *args, *message;
    } table[] = {
        {"pegasos", "", "unknown family 'pegasos'; there are: pegasus chimera"},
        {"pegasus", "m=1", "m=1 must be a whole number from 2 to 64"},
        {"pegasus", "m=14x", "m=14x must be"},
        {"pegasus", "n=3", "pegasus has no key 'n'"},
        {"pegasus", "m", "'m' is not one of"},
        {"pegasus", "=3", "'=3' is not one of"},
        {"pegasus", "m=3,,", "'' is not one of"},
        {"pegasus", "m=3,m=4", "'m' is given twice"},
        {"pegasus", "weights=cauchy", "weights=cauchy must be pm1|gauss|uniform|const"},
        {"pegasus", "scale=inf", "scale=inf must be a number"},
        {"regular", "n=5,d=3", "no graph of n=5 nodes of degree d=3"},
        {"regular", "n=4,d=4", "no graph"},
        {"random", "n=10,m=46", "46 couplings among 45 pairs"},
        {"random", "n=10,m=4,density=2", "either m or density"},
        {"random", "n=10,bias=pm1", "random has no key 'bias'"},
        {"torus3d", "lx=256,ly=256,lz=256", "at most 4194304 p-bits"},
        {"gset", "name=G55", "must be G1 to G54"},
        {"gset", "name=x", "must be G1 to G54"},
        {"gset", "weights=pm1", "gset has no key 'weights'"},
        {"rudy", "kind=clique", "kind=clique must be"},
        {"rudy", "n=65536,density=50", "1073725440 couplings, limit"},
        {"rudy", "kind=spinglass3pm,rows=4096,columns=4096,layers=256", "at most"},
        {"mnist-shallow", "k=50,window=7", "k=50 pixels do not fit"},
        {"mnist-m2", "h2=25", "multiple of 10"},
        {"mnist-blocks", "hidden=6", "multiple of 4"},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct glb_graph *g;
        assert_int_equal(glb_graph_generate(table[k].family, table[k].args, 1, &g),
                         GLB_ERR_ARGUMENT);
        assert_null(g);
        if (!strstr(glb_error(), table[k].message))
            fail_msg("%s %s says: %s", table[k].family, table[k].args, glb_error());
    }
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate("pegasus", NULL, 1, &g), GLB_OK); /* no arguments at all */
    glb_graph_free(g);
    const char *help = glb_graph_generate_help();
    assert_true(strlen(help) < 4095);
    assert_non_null(strstr(help, "zephyr"));
    assert_non_null(strstr(help, "max-cut"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
