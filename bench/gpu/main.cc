// gpu_gibbs: checks and times the GPU samplers. SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "check.h"
#include "device.h"
#include "timing.h"

static const char USAGE[] =
    "usage: gpu_gibbs check                            against enumeration\n"
    "       gpu_gibbs compare GRAPH.mtx REF CHAINS     against the emulator's statistics\n"
    "       gpu_gibbs time GRAPH.mtx SECONDS CHAINS... every kernel in its best shape; SECONDS a "
    "measurement\n"
    "       gpu_gibbs sweeps GRAPH.mtx SWEEPS CHAINS   one run, measured whole\n"
    "       gpu_gibbs training GRAPH.mtx BATCHES CHAINS POSITIVE NEGATIVE\n"
    "       gpu_gibbs device                           what it is\n";

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
    if (argc >= 6 && strcmp(argv[1], "time") == 0) {
        std::vector<int> chains;
        for (int k = 5; k < argc; k++)
            chains.push_back(atoi(argv[k]));
        time_chains(read_graph(argv[2]), atof(argv[3]), atof(argv[4]), chains);
        return 0;
    }
    if (is("sweeps", 3)) {
        time_sweeps(read_graph(argv[2]), atoi(argv[3]), atoi(argv[4]));
        return 0;
    }
    if (is("training", 5)) {
        time_training(read_graph(argv[2]), atoi(argv[3]), atoi(argv[4]), atoi(argv[5]),
                      atoi(argv[6]));
        return 0;
    }
    if (is("device", 0)) {
        const dev::Info &d = dev::info();
        printf("%s, %d multiprocessors, %d bytes of shared memory a block, CUDA of the driver %s\n",
               d.name.c_str(), d.multiprocessors, d.shared_bytes, d.driver.c_str());
        return 0;
    }
    fputs(USAGE, stderr);
    return 2;
}
