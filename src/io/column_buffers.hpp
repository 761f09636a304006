#pragma once

#include <arrow/buffer.h>
#include <arrow/memory_pool.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "column_chunk.hpp"

namespace slipcast::io::detail {

/// Buffers for the columns of row groups. A group that nobody holds any more gives its buffer back, and the next group
/// is decoded into it: its memory is mapped already and often still in cache. Safe to use from many threads.
class ColumnBuffers : public std::enable_shared_from_this<ColumnBuffers> {
public:
    static constexpr std::size_t kKept = 2;  ///< not in use; further ones are freed

    /// Room for `values` 64-bit values; null when there is no memory.
    [[nodiscard]] std::shared_ptr<arrow::Buffer> take(std::int64_t values);
    /// Scratch for one reader at a time; it comes back when let go of. As many are kept as were in use at once.
    [[nodiscard]] std::shared_ptr<ReadScratch> take_scratch();

private:
    [[nodiscard]] std::unique_ptr<arrow::Buffer> kept(std::int64_t bytes);
    void give_back(std::unique_ptr<arrow::Buffer> buffer);

    std::mutex mutex_;
    std::vector<std::unique_ptr<arrow::Buffer>> kept_;
    std::vector<std::unique_ptr<ReadScratch>> scratch_;
};

}  // namespace slipcast::io::detail
