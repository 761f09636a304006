#pragma once

#include <functional>
#include <string>
#include <vector>

#include "row_reader.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::interchange::detail {

/// Whether whole numbers of a column that names no unit, which the contract reads as units of 1e-9, must be meant as
/// currency: so read they would be below a tenth of the tick size (fills between ticks are not).
[[nodiscard]] inline bool is_currency(std::int64_t units, const market::Instrument* instrument) {
    if (instrument == nullptr || units == 0) return false;
    const std::int64_t least = instrument->tick_size.units() / 10;
    return units < least && units > -least;
}
/// The refusal of one.
[[nodiscard]] Error whole_currency(std::string_view field, std::int64_t units);

/// The order that the reader's row of `fills` names, whether the rest of it decodes or not; "" when it names none.
[[nodiscard]] std::string parent_of_fill(RowReader& reader);

/// Turns rows of one table into the draft's. Nothing is appended, and no name interned, when the row failed.
class TableDecoder {
public:
    TableDecoder(market::DatasetDraft& draft, std::int32_t file);

    /// The decoder of a contract table: appends the reader's row, numbered `row`, unless it failed.
    using Take = void (TableDecoder::*)(RowReader&, std::int64_t row);
    [[nodiscard]] static Take take(std::string_view table);
    /// Marks the table as there although it may have no rows.
    static void mark_present(market::DatasetDraft& draft, std::string_view table);

    /// A quantity at the scale of `instrument`; integer units need no scale.
    [[nodiscard]] static std::function<Result<Quantity>(const Cell&, std::string_view)> to_quantity(
        const market::Instrument* instrument);
    /// A price of `instrument`, where `is_currency` does not hold.
    [[nodiscard]] static std::function<Result<Price>(const Cell&, std::string_view)> to_price_of(
        const market::Instrument* instrument);

private:
    // decode_reference.cpp
    void instrument(RowReader& reader, std::int64_t row);
    void session(RowReader& reader, std::int64_t row);
    void event(RowReader& reader, std::int64_t row);
    void fx(RowReader& reader, std::int64_t row);
    void corporate_action(RowReader& reader, std::int64_t row);
    // decode_orders.cpp
    void order(RowReader& reader, std::int64_t row);
    void order_event(RowReader& reader, std::int64_t row);
    void placement(RowReader& reader, std::int64_t row);
    void fill(RowReader& reader, std::int64_t row);
    void fill_event(RowReader& reader, std::int64_t row);

    // A name is interned only when its row decoded, so a refused row leaves no trace in the pools.
    template <typename IdType>
    IdType named(market::NamePool<IdType>& pool, const std::optional<std::string>& name) {
        return name ? pool.intern(*name) : IdType::none();
    }
    /// The instrument with this symbol, order or fill, or null when the draft has none.
    [[nodiscard]] const market::Instrument* instrument_of(InstrumentId id) const;
    [[nodiscard]] const market::Instrument* instrument_of(OrderId id) const;
    [[nodiscard]] const market::Instrument* instrument_of(FillId id) const;
    market::DatasetDraft& draft_;
    std::int32_t file_;
    std::vector<std::int32_t> instrument_rows_;    ///< by InstrumentId: a row of draft.instruments, or -1
    std::vector<InstrumentId> order_instruments_;  ///< by OrderId
    std::vector<InstrumentId> fill_instruments_;   ///< by FillId
};

/// Notes every optional column that the stream lacks, once a draft.
void note_missing_columns(const Binding& binding, market::DatasetDraft& draft);

}  // namespace slipcast::interchange::detail
