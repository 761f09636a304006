#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::cost {

/// Whether an input is a number or one of a few labels.
enum class InputKind : std::uint8_t { number, label };

/// How an input is read from a table.
enum class Reading : std::uint8_t {
    column,           ///< column `first`
    seconds_between,  ///< time `second` minus time `first`, in seconds
    signed_by_side,   ///< column `first` times +1 for a buy and -1 for a sell in column `second`
};
struct Source {
    Reading reading = Reading::column;
    std::string first;
    std::string second;
    friend bool operator==(const Source&, const Source&) = default;
};

/// Something known of an order before it is worked, under one name whatever its column is called: the first source
/// whose columns a table has is read. The forecasts of a measurement come first, so that a realized figure of the same
/// meaning is never read in their place.
struct InputDefinition {
    std::string name;
    InputKind kind = InputKind::number;
    std::string unit;
    std::string meaning;
    std::vector<Source> sources;
};
[[nodiscard]] const std::vector<InputDefinition>& declared_inputs();

/// How a design column is made of its inputs a and b.
enum class Formula : std::uint8_t {
    one,           ///< 1: the intercept
    value,         ///< a
    root,          ///< sqrt(a)
    logarithm,     ///< ln(a + constant)
    product,       ///< a b
    root_product,  ///< a sqrt(b)
    is_below,      ///< 1 when a < constant, else 0
    log_ratio,     ///< ln(a / b)
    root_ratio,    ///< sqrt(a / b)
    level,         ///< 1 when the label a is this column's level, else 0
};
[[nodiscard]] std::string_view name(Formula formula);

/// A transform that C++, the command line and Python know by one name.
struct TermDefinition {
    std::string name;
    Formula formula = Formula::value;
    std::string first;  ///< inputs by name
    std::string second;
    double constant = 0.0;
    std::string text;  ///< the formula as people read it
    std::string meaning;
};
[[nodiscard]] const std::vector<TermDefinition>& declared_terms();

/// Every declared transform: term, formula, inputs, where each input is read from, meaning.
[[nodiscard]] Table terms_table();

}  // namespace slipcast::cost
