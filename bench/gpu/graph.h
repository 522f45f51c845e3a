// A graph for the GPU samplers: E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct Graph {
    std::string name;
    int n = 0, m = 0;              // p-bits, couplings
    std::vector<int32_t> row, col; // [n + 1], [2 m]: neighbours
    std::vector<double> J, h;      // [2 m], [n]
    double unit = 0;               // J = unit * W, h = unit * H; 0: real-valued
    std::vector<int32_t> W, H;
    std::vector<int32_t> colour;
    int colours = 0;

    double energy(const int8_t *spins) const;
};

// Reads MatrixMarket couplings PATH and, if there is one, the bias file PATH with .mtx replaced by
// .bias.mtx. A comment
// "%unit X" says that all numbers are whole multiples of X. Ends the program with a message if
// something is wrong.
Graph read_graph(const std::string &path);

// From a list of couplings.
Graph make_graph(const std::string &name, int n, const std::vector<int32_t> &i,
                 const std::vector<int32_t> &j, const std::vector<double> &J,
                 const std::vector<double> &h, double unit);
