// Timing the samplers; results are JSON objects, one a line, on standard output.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sampler.h"

// Every kernel in its best shape at every number of chains; `seconds` a measurement, `meter` with
// nvidia-smi's power (0: none).
void time_chains(const Graph &g, double seconds, double meter, const std::vector<int> &chains);

// One run of `sweeps` sweeps, measured whole, every kernel in its best shape.
void time_sweeps(const Graph &g, int sweeps, int chains);

// The sampling of a training (docs/training.md): `batches` batches of `chains` images, each
// `positive` sweeps of the hidden p-bits and `negative` of hidden and labels. g: mnist-shallow, 784
// pixels, 10 labels, hidden.
void time_training(const Graph &g, int batches, int chains, int positive, int negative);
