#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "slipcast/core/result.hpp"

namespace slipcast::control::detail {

/// Lines "name number number ...": doubles in hexadecimal, whole numbers in decimal.
class StateWriter {
public:
    explicit StateWriter(std::string_view heading) : text_(heading) { text_ += '\n'; }
    StateWriter& line(std::string_view name) {
        if (open_) text_ += '\n';
        text_ += name;
        open_ = true;
        return *this;
    }
    StateWriter& number(double value) {
        text_ += fmt::format(" {:a}", value);
        return *this;
    }
    StateWriter& whole(std::int64_t value) {
        text_ += fmt::format(" {}", value);
        return *this;
    }
    [[nodiscard]] std::string text() const { return text_ + "\nend\n"; }

private:
    std::string text_;
    bool open_ = false;
};

/// Reads what a StateWriter wrote, in the same order; anything else is remembered as a failure.
class StateReader {
public:
    explicit StateReader(std::string_view text) : rest_(text) {}
    void expect(std::string_view word) {
        if (next() != word) fail(word);
    }
    double number() {
        std::string_view word = next();
        const bool negative = !word.empty() && word.front() == '-';
        if (negative) word.remove_prefix(1);
        double value = 0.0;
        if (word == "nan" || word == "inf") {
            value = word == "nan" ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
        } else if (word.substr(0, 2) == "0x") {
            word.remove_prefix(2);
            const auto [end, code] =
                std::from_chars(word.data(), word.data() + word.size(), value, std::chars_format::hex);
            if (code != std::errc{} || end != word.data() + word.size()) fail("number");
        } else {
            fail("number");
        }
        return negative ? -value : value;
    }
    double finite() {
        const double value = number();
        if (!std::isfinite(value)) fail("finite number");
        return value;
    }
    std::int64_t whole() {
        const std::string_view word = next();
        std::int64_t value = 0;
        const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (word.empty() || code != std::errc{} || end != word.data() + word.size()) fail("whole number");
        return value;
    }
    [[nodiscard]] bool failed() const { return !missing_.empty(); }
    /// Refuses a text that was not as expected or goes on.
    [[nodiscard]] Result<void> done() {
        expect("end");
        if (!failed() && next().empty()) return {};
        return Error{
            ErrorCode::malformed, "state", failed() ? missing_ : "more text", "must be a whole saved state", {}};
    }

    /// Remembers that `what` is not there; the first failure is the one that `done` reports.
    void fail(std::string_view what) {
        if (missing_.empty()) missing_ = fmt::format("no {}", what);
    }

private:
    std::string_view next() {
        const std::size_t begin = rest_.find_first_not_of(" \n");
        if (begin == std::string_view::npos) {
            rest_ = {};
            return {};
        }
        rest_.remove_prefix(begin);
        const std::string_view word = rest_.substr(0, rest_.find_first_of(" \n"));
        rest_.remove_prefix(word.size());
        return word;
    }

    std::string_view rest_;
    std::string missing_;
};

}  // namespace slipcast::control::detail
