#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lobster_files.hpp"
#include "lobster_rows.hpp"
#include "slipcast/io/import.hpp"
#include "slipcast/market/names.hpp"
#include "slipcast/market/quality.hpp"
#include "slipcast/market/session.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::io::detail {

/// What one day's files held.
struct LobsterCounts {
    std::array<std::int64_t, 8> messages{};  ///< by LobsterEvent; of the accepted ones
    std::int64_t quotes = 0;                 ///< rows written: the book changed
    std::int64_t checked = 0;                ///< rows whose book was held against their message
    std::int64_t inconsistent = 0;
    std::int64_t hidden_without_side = 0;
};
/// "155935 messages: 77381 submissions, ..." for the provenance.
[[nodiscard]] std::string describe(const LobsterCounts& counts);

/// Turns both files of one day into rows of the tape, a chunk at a time, and judges each line: accepted, flagged or
/// quarantined. Row k of the orderbook is the book after message k, so a quote is written where it differs from the one
/// before, at the message's time.
class LobsterDayReader {
public:
    /// Takes a chunk of rows in time order; the columns are valid during the call.
    using Take = std::function<Result<void>(const market::QuoteColumns&, const market::TradeColumns&)>;
    struct Setting {
        Timestamp midnight;
        std::optional<market::Session> session;
        VenueId venue;
        std::size_t levels = 1;       ///< of the quotes to write: deeper ones are left out, missing ones absent
        bool hidden_has_side = true;  ///< the source tells which side a hidden order was on
    };

    LobsterDayReader(const LobsterDay& day, const Setting& setting, market::QualityReport& quality);

    /// Refuses damaged files, files of different length, a first row of other levels than the name says, and what
    /// `take` refuses; other lines never.
    Result<LobsterCounts> read(const Take& take);
    /// When trading was halted, known after `read`.
    [[nodiscard]] const std::vector<TimeRange>& halts() const { return halts_; }

private:
    Result<void> take_row(std::string_view message_line, std::string_view book_line, std::int64_t row);
    void accept_message(const LobsterMessage& message, Timestamp time);
    void add_trade(const LobsterMessage& message, Timestamp time);
    void note_halt(LobsterHalt halt, Timestamp time);
    void add_quote(Timestamp time);
    void check(const LobsterMessage& message, std::int64_t row, Timestamp time);
    void quarantine(const char* table, const LobsterFile& file, Error error, std::int64_t row, Timestamp time);
    Result<void> flush(const Take& take);
    Result<void> check_lengths(TextLines& messages, bool has_message, TextLines& book, bool has_book) const;

    const LobsterDay* day_;
    Setting setting_;
    market::QualityReport* quality_;
    LobsterBookReader book_reader_;
    LobsterCounts counts_;
    market::QuoteTable quotes_;
    market::TradeTable trades_;
    std::size_t chunk_rows_;
    std::optional<Timestamp> last_;
    LobsterBook book_, before_;           ///< of this row and of the one before
    bool has_before_ = false;             ///< the row before had a sound book
    std::optional<LobsterBook> written_;  ///< the book of the last quote, cut to the levels written
    std::optional<Timestamp> halted_since_;
    std::vector<TimeRange> halts_;
    std::optional<market::Finding> first_inconsistent_;
    std::array<market::Finding, 2> odd_;  ///< first crossed and first locked quote
    std::array<std::int64_t, 2> odd_rows_{};
};

}  // namespace slipcast::io::detail
