#include <algorithm>
#include <set>
#include <utility>

#include "lean_day.hpp"
#include "lean_tree.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/import.hpp"
#include "slipcast/io/tape_files.hpp"
#include "us_equities.hpp"
#include "xnys_sessions.hpp"

namespace slipcast::io {

namespace {

using namespace detail;

constexpr const char* kMarket = "XNYS";

class LeanImport {
public:
    LeanImport(LeanTree tree, LocalZone new_york, std::unique_ptr<TapeWriter> tape, const Progress& progress)
        : tree_(std::move(tree)), new_york_(std::move(new_york)), tape_(std::move(tape)), progress_(progress) {
        market_ = dataset_.names.labels.intern(kMarket);
        for (const auto& [symbol, days] : tree_) total_ += static_cast<std::int64_t>(days.size());
    }

    Result<market::QualityReport> run(const std::filesystem::path& out) {
        for (const auto& [symbol, days] : tree_) {
            SLIPCAST_CHECK(add_instrument(symbol, days.begin()->first));
            for (const auto& [date, day] : days) SLIPCAST_CHECK(import_day(symbol, date, day));
        }
        SLIPCAST_CHECK(tape_->finish());
        SLIPCAST_CHECK(add_us_sessions(dates_, new_york_, market_, dataset_));
        dataset_.provenance["source"] = "lean";
        SLIPCAST_CHECK(write_dataset(dataset_, out));
        SLIPCAST_CHECK(write_quality(dataset_.quality, out));
        return std::move(dataset_.quality);
    }

private:
    Result<void> add_instrument(const std::string& symbol, Date as_of) {
        SLIPCAST_TRY(stock, us_stock(dataset_.names, symbol, market_, as_of));
        dataset_.instruments.push_back(stock);
        dataset_.instrument_days.push_back(stock);
        return {};
    }

    Result<void> import_day(const std::string& symbol, Date date, const LeanDay& day) {
        if (progress_ && !progress_(symbol + " " + date.to_string(), done_++, total_))
            return Error{ErrorCode::interrupted, "import", symbol, "the caller asked to stop", {}};
        dates_.insert(date);
        SLIPCAST_TRY(midnight, trading_midnight(new_york_, date));
        for (const LeanFile& file : day.quotes) {
            const bool indicative = file.resolution != LeanResolution::tick;
            std::int64_t rows = 0;
            SLIPCAST_CHECK(
                LeanDayReader(file, midnight, dataset_.quality).read_quotes([&](const market::QuoteColumns& quotes) {
                    rows += static_cast<std::int64_t>(quotes.size());
                    return tape_->append(symbol, quotes, {}, {}, indicative, dataset_.names);
                }));
            if (indicative) note_bars("quotes", "tick quotes of " + symbol, "spread metrics are indicative", rows);
        }
        for (const LeanFile& file : day.trades) {
            std::int64_t rows = 0;
            SLIPCAST_CHECK(LeanDayReader(file, midnight, dataset_.quality)
                               .read_trades(
                                   [&](const market::TradeColumns& trades) {
                                       rows += static_cast<std::int64_t>(trades.count());
                                       return tape_->append(symbol, {}, trades, {}, false, dataset_.names);
                                   },
                                   dataset_.names));
            if (file.resolution != LeanResolution::tick) {
                note_bars("trades", "tick trades of " + symbol,
                          "a bar is one print of its volume at its close, stamped at its end; no auctions, no venues",
                          rows);
            }
        }
        return {};
    }

    void note_bars(const char* table, const std::string& missing, const char* effect, std::int64_t rows) {
        dataset_.quality.add(market::Degradation{table, missing, effect, rows});
    }

    LeanTree tree_;
    LocalZone new_york_;
    std::unique_ptr<TapeWriter> tape_;
    const Progress& progress_;
    std::int64_t done_ = 0, total_ = 0;
    std::set<Date> dates_;
    LabelId market_;
    market::Dataset dataset_;
};

}  // namespace

Result<market::QualityReport> import_lean(const std::filesystem::path& root, const std::filesystem::path& out,
                                          const Progress& progress) {
    SLIPCAST_TRY(tree, find_lean_files(root));
    SLIPCAST_TRY(new_york, LocalZone::find("America/New_York"));
    // A date outside the shipped calendar is refused before anything is written.
    for (const auto& [symbol, days] : tree) {
        for (const auto& [date, day] : days) SLIPCAST_CHECK(xnys_session(new_york, date, LabelId::from_index(0)));
    }
    SLIPCAST_TRY(tape, TapeWriter::create(out));
    return LeanImport(std::move(tree), std::move(new_york), std::move(tape), progress).run(out);
}

}  // namespace slipcast::io
