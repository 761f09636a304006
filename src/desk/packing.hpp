#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "slipcast/core/result.hpp"

// A saved state as bytes in a string: numbers in 8 bytes, texts with their length before them.

namespace slipcast::desk::detail {

class Packer {
public:
    void put(std::uint64_t value) {
        for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<char>((value >> (8 * i)) & 0xffU));
    }
    void put(std::int64_t value) { put(static_cast<std::uint64_t>(value)); }
    void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }
    void put(std::string_view text) {
        put(static_cast<std::uint64_t>(text.size()));
        bytes_.append(text);
    }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : left_(bytes) {}
    [[nodiscard]] std::uint64_t number() {
        if (left_.size() < 8) {
            is_whole_ = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(left_[i])) << (8 * i);
        }
        left_.remove_prefix(8);
        return value;
    }
    [[nodiscard]] std::int64_t integer() { return static_cast<std::int64_t>(number()); }
    [[nodiscard]] double real() { return std::bit_cast<double>(number()); }
    [[nodiscard]] std::string_view text() {
        const std::uint64_t size = number();
        if (size > left_.size()) {
            is_whole_ = false;
            return {};
        }
        const std::string_view text = left_.substr(0, size);
        left_.remove_prefix(size);
        return text;
    }
    /// How many items follow; zero when there cannot be so many.
    [[nodiscard]] std::size_t count() {
        const std::uint64_t size = number();
        if (size <= left_.size() / 8) return size;
        is_whole_ = false;
        return 0;
    }
    [[nodiscard]] Result<void> finish() const {
        if (is_whole_ && left_.empty()) return {};
        return Error{ErrorCode::malformed, "state", "", "must be a whole saved state", {}};
    }

private:
    std::string_view left_;
    bool is_whole_ = true;
};

}  // namespace slipcast::desk::detail
