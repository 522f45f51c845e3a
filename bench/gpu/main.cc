// gpu_gibbs: checks and times the GPU samplers. SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "check.h"
#include "device.h"

static const char USAGE[] =
    "usage: gpu_gibbs check                            against enumeration\n"
    "       gpu_gibbs compare GRAPH.mtx REF CHAINS     against the emulator's statistics\n";

static int verdict(int failed) {
    if (failed)
        printf("# %d checks failed\n", failed);
    return failed > 0;
}

int main(int argc, char **argv) {
    const auto is = [&](const char *command, int arguments) {
        return argc == arguments + 2 && strcmp(argv[1], command) == 0;
    };
    if (is("check", 0))
        return verdict(check_exact(dev::info().real) + check_orders());
    if (is("compare", 3))
        return verdict(check_reference(read_graph(argv[2]), argv[3], atoi(argv[4])));
    fputs(USAGE, stderr);
    return 2;
}
