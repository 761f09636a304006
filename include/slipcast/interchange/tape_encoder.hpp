#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/interchange/tape_metadata.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::interchange {

/// One instrument's tape as the row groups of its tape files, whoever writes them: rows in time order, groups of
/// 131,072 rows, with depth of as many rows as keep their bytes. Groups and metadata do not depend on how the rows are
/// split over calls.
class TapeEncoder {
public:
    /// Takes a row group of table "quotes" or "trades".
    using Sink = std::function<Result<void>(Table rows)>;
    TapeEncoder(std::string symbol, Sink sink);

    /// Refused: rows earlier than those before, sizes in some rows only, another number of levels than before.
    Result<void> append(const market::QuoteColumns& quotes, const market::TradeColumns& trades,
                        const std::vector<market::FeedGap>& gaps, bool quotes_indicative, const market::Names& names);
    /// Hands over the last rows. A table that has rows ends in a group that is not empty; quotes that have gaps and no
    /// row are one empty group.
    Result<void> finish();
    /// Of the file of "quotes" or "trades", after `finish`.
    [[nodiscard]] std::map<std::string, std::string> metadata(std::string_view table) const;

private:
    Result<void> append_quotes(const market::QuoteColumns& in);
    Result<void> append_trades(const market::TradeColumns& in, const market::Names& names);
    Result<void> write_quotes();
    Result<void> write_trades();

    Sink sink_;
    TapeMetadata metadata_;
    std::optional<Timestamp> last_quote_, last_trade_;
    std::optional<bool> quote_sizes_;
    market::Names venues_;  ///< those of this tape only
    std::vector<std::uint64_t> quote_digest_, trade_digest_;
    market::QuoteTable quotes_;
    market::TradeTable trades_;
    bool has_quote_group_ = false;
};

}  // namespace slipcast::interchange
