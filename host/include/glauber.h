/* glauber.h: sample and anneal sparse Boltzmann machines on a glauber array, emulated, simulated or
 * real. SPDX-License-Identifier: Apache-2.0
 *
 * A graph has n p-bits m_i in {-1,+1}, couplings J_ij and biases h_i, and the energy
 *
 *     E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i          P(m) ~ exp(-beta E).
 *
 * Input may follow another convention (enum glb_convention); reported energies are in the input's
 * units and sign.
 *
 * Use: make a graph, open a sampler on a device, run it, read the result (docs/examples has whole
 * programs):
 *
 *     glb_graph_read("graph.mtx", NULL, GLB_BOLTZMANN, &g);
 *     glb_sampler_open(g, "emu", "ulx3s-85", &s);
 *     glb_settings_init(&settings, sizeof settings);
 *     glb_sampler_run(s, &settings);
 *     glb_sampler_result(s)->mean_energy ...
 *
 * Errors: functions return enum glb_status, 0 is good; glb_error() then says in words what is
 * wrong. A function that makes something returns it through its last argument, which is NULL after
 * an error. Pointers must not be NULL unless the comment allows it.
 *
 * Ownership: handles are opaque; each is freed with the function named where it is made (NULL is
 * allowed). Pointers got from a handle live as long as the handle, or until the call named there.
 * Arrays passed in are copied unless the comment says otherwise.
 *
 * Structs: the first member of every struct with options, figures or results is its size in bytes.
 * Structs that the caller fills are set up by a function glb_..._init(&x, sizeof x); a program
 * compiled with an older, shorter struct gets the defaults of the members it does not have, a
 * longer one is accepted if what the library does not know is 0. Structs that the library fills may
 * grow at their end.
 *
 * Threads: different handles may be used by different threads at the same time, one handle by one
 * thread at a time; functions that any thread may call meanwhile say so. Graphs and programs may be
 * read by several threads and samplers at once while none changes them.
 *
 * The same graph, array, options and seed give the same bits on every device, with any number of
 * threads. */
#ifndef GLAUBER_H
#define GLAUBER_H

/* Of this header; glb_version_number() is the library's. */
#define GLB_VERSION_MAJOR 0
#define GLB_VERSION_MINOR 2
#define GLB_VERSION_PATCH 0
#define GLB_VERSION_NUMBER (GLB_VERSION_MAJOR * 10000 + GLB_VERSION_MINOR * 100 + GLB_VERSION_PATCH)

#include <glauber/status.h>
#include <glauber/graph.h>
#include <glauber/device.h>
#include <glauber/program.h>
#include <glauber/certificate.h>
#include <glauber/sampler.h>
#include <glauber/tempering.h>

#endif
