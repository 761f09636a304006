#pragma once

#include <sys/resource.h>

#include <chrono>

namespace slipcast::bench {

/// Wall and processor seconds since it was made.
class Stopwatch {
public:
    [[nodiscard]] double wall_s() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }
    [[nodiscard]] double cpu_s() const { return cpu_now() - cpu_begin_; }

private:
    [[nodiscard]] static double cpu_now() {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    double cpu_begin_ = cpu_now();
};

/// The most memory the process has held.
[[nodiscard]] inline double peak_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

}  // namespace slipcast::bench
