// device.h with nvcc: memory and what the GPU is. SPDX-License-Identifier: Apache-2.0
#include "device.h"

namespace dev {

static Info look() {
    int count = 0, driver = 0;
    const cudaError_t e = cudaGetDeviceCount(&count);
    if (e != cudaSuccess || count == 0)
        fail(e == cudaSuccess ? cudaErrorNoDevice : e,
             "no GPU that CUDA can use; is the driver at least 580?");
    cudaDeviceProp p;
    must(cudaGetDeviceProperties(&p, 0), "reading the GPU's properties");
    must(cudaDriverGetVersion(&driver), "reading the driver's version");
    char uuid[64];
    const unsigned char *u = reinterpret_cast<const unsigned char *>(p.uuid.bytes);
    snprintf(uuid, sizeof uuid,
             "GPU-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1],
             u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14],
             u[15]);
    return {p.name,
            uuid,
            std::to_string(driver / 1000) + "." + std::to_string(driver % 1000 / 10),
            p.multiProcessorCount,
            (int)p.sharedMemPerBlockOptin,
            p.major >= 9 ? 16 : 1,
            65535,
            true};
}

const Info &info() {
    static const Info i = look();
    return i;
}

void *alloc(size_t bytes) {
    void *p = nullptr;
    must(cudaMalloc(&p, bytes ? bytes : 1), "allocating GPU memory");
    return p;
}

void release(void *p) {
    must(cudaFree(p), "freeing GPU memory");
}

void upload(void *to, const void *from, size_t bytes) {
    must(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice), "copying to the GPU");
}

void download(void *to, const void *from, size_t bytes) {
    must(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost), "copying from the GPU");
}

void fill(void *to, int byte, size_t bytes) {
    must(cudaMemset(to, byte, bytes), "filling GPU memory");
}

void wait() {
    must(cudaDeviceSynchronize(), "running a kernel");
}

} // namespace dev
