// The few things of CUDA that samplers and kernels use, with nvcc or on the CPU (on_cpu.h): memory,
// launches, thread blocks and clusters. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#ifdef GLB_CUDA
#include "on_cuda.h"
#else
#include "on_cpu.h"
#endif

namespace dev {

struct Info {
    std::string name, uuid, driver; // uuid as nvidia-smi takes it; empty on the CPU
    int multiprocessors, shared_bytes, largest_cluster;
    int rows;  // largest grid.y
    bool real; // a GPU, not the CPU
};
const Info &info();

void *alloc(size_t bytes);
void release(void *p);
void upload(void *to, const void *from, size_t bytes);
void download(void *to, const void *from, size_t bytes);
void fill(void *to, int byte, size_t bytes);
void wait(); // for all that was launched; ends the program if a kernel failed

// on_cuda.h and on_cpu.h have the two templates:
//   bool fits(kernel, blocks, threads, shared)
//      whether a cluster of `blocks` blocks of `threads` threads with `shared` bytes each can run
//      here
//   void launch(kernel, grid, threads, shared, cluster, arguments...)
//      runs kernel on `grid` blocks, each `cluster` neighbours of them a cluster; may return before
//      it ends

template <typename T> class Array { // in device memory
  public:
    Array() = default;
    explicit Array(size_t n) : at(static_cast<T *>(alloc(n * sizeof(T)))), count(n) {
    }
    explicit Array(const std::vector<T> &v) : Array(v.size()) {
        upload(at, v.data(), v.size() * sizeof(T));
    }
    Array(const Array &) = delete;
    Array &operator=(const Array &) = delete;
    Array(Array &&o) noexcept : at(o.at), count(o.count) {
        o.at = nullptr;
    }
    Array &operator=(Array &&o) noexcept {
        std::swap(at, o.at);
        std::swap(count, o.count);
        return *this;
    }
    ~Array() {
        release(at);
    }
    T *at = nullptr;
    size_t count = 0;
};

} // namespace dev
