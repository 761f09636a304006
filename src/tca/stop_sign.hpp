#pragma once

#include <atomic>

#include "slipcast/core/result.hpp"

namespace slipcast::tca::detail {

/// Raised by the thread that asks for an end, read by those that work: often enough that nobody waits for them.
class StopSign {
public:
    void raise() { raised_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool is_raised() const { return raised_.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> raised_ = false;
};

/// What work that saw the sign returns.
[[nodiscard]] inline Error interrupted() {
    return Error{ErrorCode::interrupted, "measure", "", "stopped as asked", {}};
}

}  // namespace slipcast::tca::detail
