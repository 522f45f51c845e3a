// Statistical checks of the samplers; each prints a line that begins with "ok" or "not ok".
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sampler.h"

// A check fails where a right sampler would in one of ten million cases.
const double LIMIT = 5.2; // standard deviations

// Prints a line; returns !good.
int report(bool good, const Graph &g, const Choice &c, const char *what);

// Every kernel in several shapes against enumeration of small graphs, at several beta, with biases
// and clamps, and against the closed form of a large star. Returns how many checks failed. many:
// for a GPU, 20 times the samples.
int check_exact(bool many);

// On the CPU: the same bits whatever the order in which a launch's threads run.
int check_orders();

// Every kernel on a graph against what the emulator found (reference, written by
// bench/compare/graphs).
int check_reference(const Graph &g, const std::string &reference, int chains);

// The shapes that the checks and the timing use.
std::vector<Choice> shapes(const Graph &g, bool all);
