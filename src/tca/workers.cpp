#include "workers.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace slipcast::tca::detail {

namespace {

Error interrupted() {
    return Error{ErrorCode::interrupted, "measure", "", "stopped as asked", {}};
}

class Pool {
public:
    Pool(std::size_t count, const std::function<Result<void>(std::size_t)>& task)
        : count_(count), task_(task), refusals_(count) {}

    void work() {
        for (std::size_t i = next_++; i < count_ && !stop_; i = next_++) {
            if (Result<void> outcome = task_(i); !outcome) {
                refusals_[i] = outcome.error();
                stop_ = true;
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
        std::size_t reported = count_ + 1;
        bool goes_on = true;
        while (true) {
            if (reported != done_) {
                reported = done_;
                lock.unlock();
                if (progress &&
                    !progress("measure", static_cast<std::int64_t>(reported), static_cast<std::int64_t>(count_))) {
                    goes_on = false;
                    stop_ = true;
                }
                lock.lock();
            }
            if (finished_ == workers) return goes_on;
            changed_.wait(lock, [&] { return done_ != reported || finished_ == workers; });
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
    const std::function<Result<void>(std::size_t)>& task_;
    std::vector<std::optional<Error>> refusals_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> stop_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t done_ = 0;
    std::size_t finished_ = 0;
};

}  // namespace

Result<void> run_tasks(std::size_t count, int threads, const std::function<Result<void>(std::size_t)>& task,
                       const Progress& progress) {
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
