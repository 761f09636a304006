#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "slipcast/core/assert.hpp"

namespace slipcast {

/// Why an input was refused. Surfaces map the code: Python to `RefusedError.code`, the CLI to exit 1.
enum class ErrorCode {
    invalid_value,   ///< a field holds a value outside its rule
    missing_field,   ///< a required column, key or option is absent
    unknown_field,   ///< a column, key or option that nothing consumes
    malformed,       ///< bytes that do not parse as the stated format
    out_of_range,    ///< a number that its exact representation cannot hold
    inconsistent,    ///< two fields or rows contradict each other
    not_found,       ///< a named file, symbol or order does not exist
    not_identified,  ///< the data cannot answer the question asked
    io_failure,      ///< the operating system or a file format library failed
    interrupted,     ///< the caller asked to stop
};

/// The code's name as users see it, e.g. "invalid_value".
[[nodiscard]] const char* name(ErrorCode code) noexcept;

/// Where in the input: a file, a 1-based row (0 = none) and the row's own timestamp when it has one.
struct Place {
    std::string file;
    std::int64_t row = 0;
    std::string time;

    friend bool operator==(const Place&, const Place&) = default;
};

/// A refusal: which field, which value, which rule it broke, and where.
struct Error {
    ErrorCode code = ErrorCode::invalid_value;
    std::string field;
    std::string value;
    std::string rule;
    Place place;

    /// One sentence for people: "orders.parquet row 17: quantity = -5: must be > 0 (invalid_value)".
    [[nodiscard]] std::string message() const;

    friend bool operator==(const Error&, const Error&) = default;
};

/// A refusal with `code == invalid_value`.
[[nodiscard]] Error invalid_value(std::string field, std::string value, std::string rule);

/// A value or the refusal that stands in its place. Member names follow std::expected, which the
/// supported compilers do not all have.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& value() & { return checked<0>(state_, "value of a refused Result"); }
    [[nodiscard]] const T& value() const& { return checked<0>(state_, "value of a refused Result"); }
    [[nodiscard]] T&& value() && { return std::move(checked<0>(state_, "value of a refused Result")); }
    [[nodiscard]] const Error& error() const& { return checked<1>(state_, "error of a good Result"); }
    [[nodiscard]] Error&& error() && { return std::move(checked<1>(state_, "error of a good Result")); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] T value_or(T fallback) const& { return has_value() ? value() : std::move(fallback); }

private:
    template <std::size_t kIndex, typename State>
    static auto& checked(State& state, const char* why) {
        SLIPCAST_ASSERT(state.index() == kIndex, why);
        return *std::get_if<kIndex>(&state);
    }

    std::variant<T, Error> state_;
};

/// Success without a value, or a refusal.
template <>
class [[nodiscard]] Result<void> {
public:
    // Not defaulted: then `return {}` would first fill the empty error with zeros, 180 bytes for every success.
    Result() noexcept : error_(std::nullopt) {}
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] const Error& error() const {
        SLIPCAST_ASSERT(error_.has_value(), "error of a good Result");
        return *error_;
    }

private:
    std::optional<Error> error_;
};

}  // namespace slipcast

/// Returns the refusal of `expression` from the enclosing function; otherwise binds its value to `name`.
#define SLIPCAST_TRY(name, expression)                           \
    auto name##_result = (expression);                           \
    if (!name##_result) return std::move(name##_result).error(); \
    auto& name = *name##_result  // NOLINT(bugprone-macro-parentheses): declares a variable

/// The same for an expression without a value.
#define SLIPCAST_CHECK(expression)                                                                     \
    do {                                                                                               \
        if (const auto& slipcast_check = (expression); !slipcast_check) return slipcast_check.error(); \
    } while (false)
