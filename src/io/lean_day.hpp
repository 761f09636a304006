#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lean_rows.hpp"
#include "lean_tree.hpp"
#include "local_time.hpp"
#include "slipcast/market/names.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::io::detail {

/// Turns the lines of one file of one day into rows of the tape, a chunk at a time, and judges each line: accepted,
/// flagged or quarantined. A new one starts each day, so no quote is carried over the night.
class LeanDayReader {
public:
    /// Takes a chunk of rows in time order; the columns are valid during the call.
    using TakeQuotes = std::function<Result<void>(const market::QuoteColumns&)>;
    using TakeTrades = std::function<Result<void>(const market::TradeColumns&)>;

    LeanDayReader(const LeanFile& file, Timestamp midnight, market::QualityReport& quality)
        : file_(&file), midnight_(midnight), quality_(&quality) {}

    /// Refuses damaged archives and what `take` refuses; lines never.
    Result<void> read_quotes(const TakeQuotes& take);
    Result<void> read_trades(const TakeTrades& take, market::Names& names);

private:
    /// Rows flagged for one reason, described by the first.
    struct Flagged {
        const char* rule = nullptr;
        std::int64_t rows = 0;
        market::Finding first;
    };

    template <typename Row, typename Accept>
    Result<void> read_lines(const char* table, Result<Row> (*parse)(std::string_view), Accept accept);
    /// The row's instant: bars count from their end.
    [[nodiscard]] Timestamp time_of(Duration since_midnight) const;
    [[nodiscard]] std::optional<Error> broken_order(Timestamp time);
    void quarantine(const char* table, Error error, std::int64_t row, Timestamp time);
    void flag_quote(Flagged& flagged, std::string value, std::int64_t row, Timestamp time);
    void publish_flags();

    const LeanFile* file_;
    Timestamp midnight_;
    market::QualityReport* quality_;
    std::optional<Timestamp> last_;
    LeanSide bid_, ask_;
    Flagged crossed_{"crossed: bid above ask (kept)", 0, {}};
    Flagged locked_{"locked: bid equals ask (kept)", 0, {}};
    Flagged odd_{"not a quote of ordinary two-sided trading (kept)", 0, {}};
};

}  // namespace slipcast::io::detail
