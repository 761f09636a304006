#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "slipcast/core/result.hpp"

namespace slipcast {

/// A saved state as bytes in a string: numbers in 8 bytes, the lowest first, texts and lists with their length before
/// them. Equal values make equal bytes on every machine.
class Packer {
public:
    void put(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<char>((value >> shift) & 0xffU));
    }
    void put(std::int64_t value) { put(static_cast<std::uint64_t>(value)); }
    void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }
    void put(std::string_view text) {
        put(static_cast<std::uint64_t>(text.size()));
        bytes_.append(text);
    }
    void put(const std::vector<double>& values) {
        put(static_cast<std::uint64_t>(values.size()));
        for (const double value : values) put(value);
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// Reads what Packer wrote, in the same order. Past the end it gives zeros and remembers: ask `finish` before believing
/// any of it.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : left_(bytes) {}
    [[nodiscard]] std::uint64_t number() {
        if (left_.size() < 8) {
            is_whole_ = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 8; i-- > 0;) value = value << 8U | static_cast<unsigned char>(left_[i]);
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
    [[nodiscard]] std::vector<double> reals() {
        std::vector<double> values(count());
        for (double& value : values) value = real();
        return values;
    }
    /// How many items of at least 8 bytes follow; zero when there cannot be so many.
    [[nodiscard]] std::size_t count() {
        const std::uint64_t size = number();
        if (size <= left_.size() / 8) return size;
        is_whole_ = false;
        return 0;
    }
    /// Nothing was missing so far.
    [[nodiscard]] bool is_whole() const { return is_whole_; }
    /// Refused (malformed, field `state`) unless everything was there and nothing is left.
    [[nodiscard]] Result<void> finish() const {
        if (is_whole_ && left_.empty()) return {};
        return Error{ErrorCode::malformed, "state", "", "must be a whole saved state", {}};
    }

private:
    std::string_view left_;
    bool is_whole_ = true;
};

}  // namespace slipcast
