/* The tool: picks the command. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "files/hdf5_store.h"
#include "tool/cli.h"
#include "tool/options/options.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    {"graph", cmd_graph, "generates a graph (Pegasus, Chimera, Zephyr, tori, random families)"},
    {"compile", cmd_compile, "compiles a graph for an array and reports the cost"},
    {"sample", cmd_sample, "draws samples of a graph's Boltzmann distribution"},
    {"anneal", cmd_anneal, "searches for a low energy or a large cut"},
    {"temper", cmd_temper, "samples and searches by replica exchange over temperatures"},
    {"train", cmd_train, "trains a sparse Boltzmann machine on images"},
    {"eval", cmd_eval, "reads labels of images with a trained machine"},
    {"predict", cmd_predict, "reads labels of images of any files"},
    {"draw", cmd_draw, "draws images from a trained machine"},
    {"info", cmd_info, "shows arrays, devices, graphs"},
    {"list", cmd_list, "lists the boards on USB"},
    {"usbip", cmd_usbip, "serves an emulated board that Linux sees as a USB device"},
    {"selftest", cmd_selftest, "checks a device against the reference and exact enumeration"},
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

/* The report that a full disk or a closed pipe swallowed is a failure, too. */
static int finish(int exit_status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_status;
    fprintf(stderr, "glauber: standard output: %s\n", strerror(errno));
    return exit_status ? exit_status : CLI_FAILED;
}

static int unknown(const char *name) {
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    const char *near = cli_nearest(name, names, COMMANDS);
    if (near)
        return cli_usage("there is no command '%s'; is %s meant? `glauber --help` lists all", name,
                         near);
    return cli_usage("there is no command '%s'; `glauber --help` lists all", name);
}

/* No locale is set: numbers in arguments and reports have a decimal point. */
int main(int argc, char **argv) {
    glb_hdf5_no_exit_handler();
    if (argc < 2) {
        usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return finish(CLI_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("glauber %s\n", glb_version());
        return finish(CLI_OK);
    }
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return finish(commands[i].run(argc - 1, argv + 1));
    return unknown(argv[1]);
}
