#include "column_buffers.hpp"

#include <algorithm>
#include <utility>

namespace slipcast::io::detail {

std::shared_ptr<arrow::Buffer> ColumnBuffers::take(std::int64_t values) {
    const std::int64_t bytes = values * static_cast<std::int64_t>(sizeof(std::int64_t));
    std::unique_ptr<arrow::Buffer> buffer = kept(bytes);
    if (buffer == nullptr) {
        auto made = arrow::AllocateBuffer(bytes);
        if (!made.ok()) return nullptr;
        buffer = *std::move(made);
    }
    return {buffer.release(), [pool = shared_from_this()](arrow::Buffer* used) {
                pool->give_back(std::unique_ptr<arrow::Buffer>(used));
            }};
}

/// The buffer given back last that fits; one of more than twice the size is left for a group that needs it.
std::unique_ptr<arrow::Buffer> ColumnBuffers::kept(std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto fits = [bytes](const std::unique_ptr<arrow::Buffer>& buffer) {
        return buffer->size() >= bytes && buffer->size() / 2 <= bytes;
    };
    const auto found = std::find_if(kept_.rbegin(), kept_.rend(), fits);
    if (found == kept_.rend()) return nullptr;
    std::unique_ptr<arrow::Buffer> buffer = std::move(*found);
    kept_.erase(std::next(found).base());
    return buffer;
}

void ColumnBuffers::give_back(std::unique_ptr<arrow::Buffer> buffer) {
    std::unique_ptr<arrow::Buffer> freed;  // outside the lock
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::move(buffer));
    if (kept_.size() <= kKept) return;
    freed = std::move(kept_.front());
    kept_.erase(kept_.begin());
}

std::shared_ptr<ReadScratch> ColumnBuffers::take_scratch() {
    std::unique_ptr<ReadScratch> scratch;
    {
        const std::lock_guard lock(mutex_);
        if (!scratch_.empty()) {
            scratch = std::move(scratch_.back());
            scratch_.pop_back();
        }
    }
    if (scratch == nullptr) scratch = std::make_unique<ReadScratch>();
    return {scratch.release(), [pool = shared_from_this()](ReadScratch* used) {
                std::unique_ptr<ReadScratch> back(used);
                const std::lock_guard lock(pool->mutex_);
                pool->scratch_.push_back(std::move(back));
            }};
}

}  // namespace slipcast::io::detail
