/* The tool: picks the command. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cli.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    {"graph", glb_cmd_graph, "makes a graph (Pegasus, Chimera, Zephyr, tori, random families)"},
    {"compile", glb_cmd_compile, "compiles a graph for an array and reports what it costs"},
    {"sample", glb_cmd_sample, "draws samples of a graph's Boltzmann distribution"},
    {"anneal", glb_cmd_anneal, "searches a low energy or a large cut"},
    {"train", glb_cmd_train, "trains a sparse Boltzmann machine on images"},
    {"eval", glb_cmd_eval, "reads a trained machine's labels of test images"},
    {"draw", glb_cmd_draw, "draws images from a trained machine"},
    {"info", glb_cmd_info, "shows arrays, devices, graphs"},
    {"list", glb_cmd_list, "shows the boards on USB"},
    {"usbip", glb_cmd_usbip, "serves an emulated board that Linux sees as a USB device"},
    {"selftest", glb_cmd_selftest, "checks a device against the reference and exact enumeration"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *to) {
    fprintf(to,
            "glauber %s: samples and anneals sparse Boltzmann machines on a p-bit array\n\n"
            "usage: glauber COMMAND [options]        glauber COMMAND --help\n\n",
            glb_version());
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-10s%s\n", commands[i].name, commands[i].about);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("glauber %s\n", glb_version());
        return CLI_OK;
    }
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "glauber: there is no command '%s'\n\n", argv[1]);
    usage(stderr);
    return CLI_USAGE;
}
