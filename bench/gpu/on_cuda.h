// device.h with nvcc. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cuda_runtime.h>
#include <cstdio>
#include <utility>

#ifdef __CUDACC__ // what kernels use; the other files see only namespace dev

// The block's dynamic shared memory as an array of type.
#define GLB_SHARED(type, name)                                                                     \
    extern __shared__ __align__(16) unsigned char glb_shared[];                                    \
    type *const name = reinterpret_cast<type *>(glb_shared)

#define GLB_PRAGMA(text) _Pragma(#text)
#define GLB_UNROLL(times) GLB_PRAGMA(unroll times)

// Compute capability 9.0 has clusters; below, a cluster is one block.
static inline __device__ unsigned cluster_rank() {
#if __CUDA_ARCH__ >= 900
    return __clusterRelativeBlockRank();
#else
    return 0;
#endif
}

static inline __device__ void cluster_barrier(unsigned blocks) {
#if __CUDA_ARCH__ >= 900
    if (blocks > 1) {
        __cluster_barrier_arrive(); // release
        __cluster_barrier_wait();   // acquire
        return;
    }
#endif
    (void)blocks;
    __syncthreads();
}

// The same place in the shared memory of block `rank` of the cluster.
template <typename T> static inline __device__ T *of_block(T *mine, unsigned rank) {
#if __CUDA_ARCH__ >= 900
    return static_cast<T *>(__cluster_map_shared_rank(mine, rank));
#else
    (void)rank;
    return mine;
#endif
}

#endif

namespace dev {

[[noreturn]] static inline void fail(cudaError_t e, const char *what) {
    fprintf(stderr, "gpu_gibbs: %s: %s\n", what, cudaGetErrorString(e));
    exit(1);
}

static inline void must(cudaError_t e, const char *what) {
    if (e != cudaSuccess)
        fail(e, what);
}

struct Launch { // configuration with its attribute
    cudaLaunchConfig_t config = {};
    cudaLaunchAttribute attribute = {};
    Launch(dim3 grid, unsigned threads, size_t shared, unsigned cluster) {
        config.gridDim = grid;
        config.blockDim = dim3(threads);
        config.dynamicSmemBytes = shared;
        attribute.id = cudaLaunchAttributeClusterDimension;
        attribute.val.clusterDim.x = cluster;
        attribute.val.clusterDim.y = 1;
        attribute.val.clusterDim.z = 1;
        config.attrs = &attribute;
        config.numAttrs = cluster > 1;
    }
};

template <typename... P> bool prepare(void (*kernel)(P...), size_t shared, unsigned cluster) {
    const void *f = reinterpret_cast<const void *>(kernel);
    const bool good =
        cudaFuncSetAttribute(f, cudaFuncAttributeMaxDynamicSharedMemorySize, (int)shared) ==
            cudaSuccess &&
        (cluster <= 8 ||
         cudaFuncSetAttribute(f, cudaFuncAttributeNonPortableClusterSizeAllowed, 1) == cudaSuccess);
    if (!good)
        cudaGetLastError(); // asked and answered
    return good;
}

template <typename... P>
bool fits(void (*kernel)(P...), unsigned blocks, unsigned threads, size_t shared) {
    if (!prepare(kernel, shared, blocks))
        return false;
    Launch l(dim3(blocks), threads, shared, blocks);
    int n = 0;
    const void *f = reinterpret_cast<const void *>(kernel);
    const cudaError_t e =
        blocks > 1 ? cudaOccupancyMaxActiveClusters(&n, f, &l.config)
                   : cudaOccupancyMaxActiveBlocksPerMultiprocessor(&n, f, (int)threads, shared);
    if (e != cudaSuccess)
        cudaGetLastError();
    return e == cudaSuccess && n > 0;
}

template <typename... P, typename... A>
void launch(void (*kernel)(P...), dim3 grid, unsigned threads, size_t shared, unsigned cluster,
            A... arguments) {
    if (shared > 0)
        prepare(kernel, shared, cluster);
    Launch l(grid, threads, shared, cluster);
    must(cudaLaunchKernelEx(&l.config, kernel, static_cast<P>(arguments)...), "launching a kernel");
}

} // namespace dev
