#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca::detail {

/// A group's name in one column, sorted by rank, then by text.
struct GroupKey {
    double rank = 0.0;
    std::string text;
    friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

/// Cells of a column as numbers: counts, doubles, prices, cash; missing for a missing cell and for other types.
[[nodiscard]] std::vector<std::optional<double>> numbers_of(const Column& column);
/// The text of a label or text cell; empty when missing or of another type.
[[nodiscard]] std::string_view text_of(const Column& column, std::size_t row);
[[nodiscard]] bool is_number(const Column& column);

/// Splits the orders of a measurement's orders table along its columns.
class OrderColumns {
public:
    /// Refused: a table without the columns that every orders table has.
    [[nodiscard]] static Result<OrderColumns> of(const Table& orders);
    /// Rows that count in the aggregates.
    [[nodiscard]] const std::vector<std::size_t>& included() const { return included_; }
    [[nodiscard]] std::vector<std::string> names() const;
    /// The key of every row of the table. Refused: a name that is not one of names().
    [[nodiscard]] Result<std::vector<GroupKey>> keys(const std::string& name) const;
    [[nodiscard]] const Column& column(std::string_view name) const { return *orders_->find(name); }

private:
    explicit OrderColumns(const Table& orders) : orders_(&orders) {}
    [[nodiscard]] std::vector<GroupKey> hours() const;
    [[nodiscard]] std::vector<GroupKey> size_decades() const;
    [[nodiscard]] std::vector<GroupKey> quarters(const Column& column) const;
    [[nodiscard]] std::vector<GroupKey> as_they_are(const Column& column) const;

    const Table* orders_;
    std::vector<std::size_t> included_;
};

}  // namespace slipcast::tca::detail
