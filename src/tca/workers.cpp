#include "workers.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace slipcast::tca::detail {

namespace {

/// How long a request to stop can wait for somebody to ask.
constexpr std::chrono::milliseconds kAskEvery{100};

class Pool {
public:
    Pool(std::size_t count, const Task& task) : count_(count), task_(task), refusals_(count) {}

    void work() {
        for (std::size_t i = next_++; i < count_ && !is_refused_ && !stop_.is_raised(); i = next_++) {
            // A refusal lets the tasks before it run to their ends, so that which one is returned is no accident.
            if (Result<void> outcome = task_(i, stop_); !outcome) {
                refusals_[i] = outcome.error();
                is_refused_ = true;
            }
            const std::lock_guard lock(mutex_);
            ++done_;
            changed_.notify_one();
        }
        const std::lock_guard lock(mutex_);
        ++finished_;
        changed_.notify_one();
    }
    /// Reports until `workers` threads are through; false when progress asked to stop.
    bool report(std::size_t workers, const Progress& progress) {
        std::unique_lock lock(mutex_);
        while (true) {
            const std::size_t reported = done_;
            const bool is_over = finished_ == workers;
            lock.unlock();
            if (progress && !stop_.is_raised() &&
                !progress("measure", static_cast<std::int64_t>(reported), static_cast<std::int64_t>(count_))) {
                stop_.raise();
            }
            if (is_over) return !stop_.is_raised();
            lock.lock();
            changed_.wait_for(lock, kAskEvery, [&] { return done_ != reported || finished_ == workers; });
        }
    }
    Result<void> outcome() const {
        for (const auto& refusal : refusals_) {
            if (refusal) return *refusal;
        }
        return {};
    }

private:
    std::size_t count_;
    const Task& task_;
    std::vector<std::optional<Error>> refusals_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> is_refused_ = false;
    StopSign stop_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t done_ = 0;
    std::size_t finished_ = 0;
};

}  // namespace

Result<void> run_tasks(std::size_t count, int threads, const Task& task, const Progress& progress) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t wanted = threads == 0 ? cores : static_cast<std::size_t>(threads);
    const std::size_t workers = std::max<std::size_t>(1, std::min(wanted, count));
    Pool pool(count, task);
    std::vector<std::thread> team;
    for (std::size_t i = 0; i < workers; ++i) team.emplace_back([&pool] { pool.work(); });
    const bool goes_on = pool.report(workers, progress);
    for (std::thread& member : team) member.join();
    if (!goes_on) return interrupted();
    return pool.outcome();
}

}  // namespace slipcast::tca::detail
