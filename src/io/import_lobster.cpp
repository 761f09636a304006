#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "lobster_day.hpp"
#include "lobster_files.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/import.hpp"
#include "slipcast/io/tape_files.hpp"
#include "us_equities.hpp"
#include "xnys_sessions.hpp"

namespace slipcast::io {

namespace {

using namespace detail;

constexpr const char* kMarket = "XNAS";

class LobsterImport {
public:
    LobsterImport(LobsterTree tree, LocalZone new_york, std::unique_ptr<TapeWriter> tape, const LobsterOptions& options,
                  const Progress& progress)
        : tree_(std::move(tree)),
          new_york_(std::move(new_york)),
          tape_(std::move(tape)),
          options_(options),
          progress_(progress) {
        market_ = dataset_.names.labels.intern(kMarket);
        venue_ = dataset_.names.venues.intern(kMarket);
        for (const auto& [symbol, days] : tree_) total_ += static_cast<std::int64_t>(days.size());
    }

    Result<market::QualityReport> run(const std::filesystem::path& out) {
        for (const auto& [symbol, days] : tree_) {
            SLIPCAST_TRY(stock, us_stock(dataset_.names, symbol, market_, days.begin()->first));
            dataset_.instruments.push_back(stock);
            dataset_.instrument_days.push_back(stock);
            std::size_t levels = 1;
            for (const auto& [date, day] : days) levels = std::max(levels, day.levels);
            levels = std::min(levels, static_cast<std::size_t>(options_.levels));
            for (const auto& [date, day] : days) SLIPCAST_CHECK(import_day(stock, symbol, {date, levels}, day));
        }
        SLIPCAST_CHECK(tape_->finish());
        SLIPCAST_CHECK(add_us_sessions(dates_, new_york_, market_, dataset_));
        dataset_.provenance["source"] = "lobster";
        SLIPCAST_CHECK(write_dataset(dataset_, out));
        SLIPCAST_CHECK(write_quality(dataset_.quality, out));
        return std::move(dataset_.quality);
    }

private:
    struct DayPlan {
        Date date;
        std::size_t levels = 0;
    };

    Result<void> import_day(const market::Instrument& stock, const std::string& symbol, DayPlan plan,
                            const LobsterDay& day) {
        const std::string name = symbol + " " + plan.date.to_string();
        if (progress_ && !progress_(name, done_++, total_))
            return Error{ErrorCode::interrupted, "import", symbol, "the caller asked to stop", {}};
        dates_.insert(plan.date);
        LobsterDayReader::Setting setting;
        SLIPCAST_TRY(midnight, trading_midnight(new_york_, plan.date));
        SLIPCAST_TRY(session, xnys_session(new_york_, plan.date, market_));
        setting.midnight = midnight;
        setting.session = session;
        setting.venue = venue_;
        setting.levels = plan.levels;
        setting.hidden_has_side = plan.date < options_.hidden_without_side_from;
        LobsterDayReader reader(day, setting, dataset_.quality);
        SLIPCAST_TRY(counts, reader.read([&](const market::QuoteColumns& quotes, const market::TradeColumns& trades) {
            return tape_->append(symbol, quotes, trades, {}, false, dataset_.names);
        }));
        SLIPCAST_CHECK(check_shift(counts, day));
        for (const TimeRange& halt : reader.halts()) {
            dataset_.quality.count_read("events", 1);
            dataset_.events.push_back({stock.id, market_, halt, market::MarketEventKind::halt});
        }
        if (counts.hidden_without_side > 0) {
            dataset_.quality.add(market::Degradation{"trades", "aggressor of hidden executions",
                                                     "Nasdaq does not tell their side on these days",
                                                     counts.hidden_without_side});
        }
        dataset_.provenance["lobster." + name] = describe(counts);
        return {};
    }

    Result<void> check_shift(const LobsterCounts& counts, const LobsterDay& day) const {
        if (counts.checked == 0) return {};
        const double share = static_cast<double>(counts.inconsistent) / static_cast<double>(counts.checked);
        if (share <= options_.max_inconsistent) return {};
        return Error{ErrorCode::inconsistent,
                     "rows",
                     fmt::format("{} of {} orderbook rows", counts.inconsistent, counts.checked),
                     "do not follow from the message beside them: the files are shifted or of different days",
                     {day.book.shown, 0, {}}};
    }

    LobsterTree tree_;
    LocalZone new_york_;
    std::unique_ptr<TapeWriter> tape_;
    const LobsterOptions& options_;
    const Progress& progress_;
    std::int64_t done_ = 0, total_ = 0;
    std::set<Date> dates_;
    LabelId market_;
    VenueId venue_;
    market::Dataset dataset_;
};

}  // namespace

Settings LobsterOptions::settings() {
    Settings all;
    all.integer("levels", "", levels, 1, static_cast<std::int64_t>(market::kMaxLevels),
                "levels of the book to keep; what the files have beyond is left out")
        .number("max_inconsistent", "of rows", max_inconsistent, {.low = 0, .high = 1},
                "share of orderbook rows that may not follow from their message before the files count as shifted")
        .date("hidden_without_side_from", hidden_without_side_from,
              "first day on which Nasdaq reports every hidden execution as a buy order's");
    return all;
}

Result<market::QualityReport> import_lobster(const std::vector<std::filesystem::path>& sources,
                                             const std::filesystem::path& out, const LobsterOptions& options,
                                             const Progress& progress) {
    LobsterOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    SLIPCAST_TRY(tree, find_lobster_files(sources));
    SLIPCAST_TRY(new_york, LocalZone::find("America/New_York"));
    // A date outside the shipped calendar is refused before anything is written.
    for (const auto& [symbol, days] : tree) {
        for (const auto& [date, day] : days) SLIPCAST_CHECK(xnys_session(new_york, date, LabelId::from_index(0)));
    }
    SLIPCAST_TRY(tape, TapeWriter::create(out));
    return LobsterImport(std::move(tree), std::move(new_york), std::move(tape), options, progress).run(out);
}

}  // namespace slipcast::io
