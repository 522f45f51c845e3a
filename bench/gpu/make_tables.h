// Making the kernels' tables. SPDX-License-Identifier: Apache-2.0
#pragma once
#include "graph.h"
#include "tables.h"

// Free p-bits of every colour that has some.
std::vector<std::vector<int32_t>> free_of_colours(const Graph &g, const std::vector<char> &clamped);

struct SingleTables {
    int colours = 0;
    std::vector<uint32_t> task_start, entry_start;
    std::vector<SingleTask> task;
    std::vector<SingleHead> head;
    std::vector<SingleEntry> real; // one of these two
    std::vector<SinglePacked> packed;
    size_t shared_states = 0,
           shared_all = 0; // bytes a block needs: for the states alone, for all tables too
};
SingleTables single_tables(const Graph &g, const std::vector<char> &clamped, int blocks, int warps,
                           bool packed);

struct BatchTables {
    int colours = 0;
    std::vector<uint32_t> row_start;
    std::vector<BatchRow> row;
    std::vector<uint4> pair;
};
BatchTables batch_tables(const Graph &g, const std::vector<char> &clamped, int words, int warps,
                         bool whole);
