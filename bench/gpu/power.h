// The GPU's power as nvidia-smi reports it, in a thread of its own. SPDX-License-Identifier:
// Apache-2.0
#pragma once
#include <atomic>
#include <thread>
#include <vector>

class PowerMeter {
  public:
    PowerMeter(); // begins to measure
    ~PowerMeter();
    // Ends it: mean power in watts of all samples after the first `skip` seconds; NaN if there is
    // none.
    double stop(double skip);

  private:
    void watch();
    struct Sample {
        double at, watts;
    };
    std::atomic<bool> stopped{false};
    std::vector<Sample> samples; // of the thread, until it is joined
    std::thread thread;
};
