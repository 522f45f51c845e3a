// Power by nvidia-smi. SPDX-License-Identifier: Apache-2.0
#include "power.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include "device.h"

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// One reading, or NaN.
static double read_watts() {
    const std::string which = dev::info().uuid.empty() ? "0" : dev::info().uuid;
    const std::string command = "nvidia-smi -i " + which +
                                " --query-gpu=power.draw --format=csv,noheader,nounits 2>/dev/null";
    double watts = NAN;
    FILE *f = popen(command.c_str(), "r");
    if (!f)
        return NAN;
    if (fscanf(f, "%lf", &watts) != 1)
        watts = NAN;
    pclose(f);
    return watts;
}

PowerMeter::PowerMeter() : thread(&PowerMeter::watch, this) {
}

PowerMeter::~PowerMeter() {
    stopped = true;
    if (thread.joinable())
        thread.join();
}

void PowerMeter::watch() {
    const double start = now();
    while (!stopped) {
        const double watts = read_watts();
        if (std::isnan(watts))
            return;
        samples.push_back({now() - start, watts});
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

double PowerMeter::stop(double skip) {
    stopped = true;
    thread.join();
    double sum = 0;
    int count = 0;
    for (const Sample &s : samples)
        if (s.at >= skip) {
            sum += s.watts;
            count++;
        }
    return count ? sum / count : NAN;
}
