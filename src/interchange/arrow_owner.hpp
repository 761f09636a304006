#pragma once

#include <memory>
#include <string>

#include "slipcast/core/result.hpp"
#include "slipcast/interchange/arrow_abi.hpp"

namespace slipcast::interchange::detail {

/// An Arrow structure whose release callback runs once, at the end of its owner's life.
template <typename Structure>
class Owned {
public:
    Owned() = default;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        if (value_.release != nullptr) value_.release(&value_);
    }
    [[nodiscard]] Structure* out() { return &value_; }
    [[nodiscard]] const Structure& operator*() const { return value_; }
    [[nodiscard]] const Structure* operator->() const { return &value_; }
    [[nodiscard]] bool is_released() const { return value_.release == nullptr; }

private:
    Structure value_{};
};

using OwnedSchema = Owned<ArrowSchema>;
using OwnedArray = Owned<ArrowArray>;

/// A stream that is being consumed: its schema once, then its batches. The stream is released with the reader.
class StreamReader {
public:
    /// `what` names the stream in refusals.
    StreamReader(ArrowArrayStream* stream, std::string what) : stream_(stream), what_(std::move(what)) {}
    StreamReader(const StreamReader&) = delete;
    StreamReader& operator=(const StreamReader&) = delete;
    ~StreamReader() {
        if (stream_ != nullptr && stream_->release != nullptr) stream_->release(stream_);
    }

    [[nodiscard]] Result<void> read_schema() {
        if (stream_ == nullptr || stream_->release == nullptr || stream_->get_schema == nullptr ||
            stream_->get_next == nullptr) {
            return Error{ErrorCode::malformed, what_, "", "must be an Arrow stream that was not released", {}};
        }
        if (stream_->get_schema(stream_, schema_.out()) != 0) return failure();
        if (schema_.is_released()) return Error{ErrorCode::malformed, what_, "", "the stream gave no schema", {}};
        return {};
    }
    /// The next batch, or null after the last.
    [[nodiscard]] Result<std::shared_ptr<OwnedArray>> next() {
        auto batch = std::make_shared<OwnedArray>();
        if (stream_->get_next(stream_, batch->out()) != 0) return failure();
        if (batch->is_released()) return std::shared_ptr<OwnedArray>();
        return batch;
    }
    [[nodiscard]] const ArrowSchema& schema() const { return *schema_; }

private:
    [[nodiscard]] Error failure() const {
        const char* why = stream_->get_last_error == nullptr ? nullptr : stream_->get_last_error(stream_);
        return Error{
            ErrorCode::io_failure, what_, why == nullptr ? "" : why, "the stream failed while it was read", {}};
    }
    ArrowArrayStream* stream_;
    std::string what_;
    OwnedSchema schema_;
};

}  // namespace slipcast::interchange::detail
