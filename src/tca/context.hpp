#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "order_course.hpp"
#include "records.hpp"
#include "signed_flow.hpp"
#include "slipcast/forecast/history.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/tca/horizon.hpp"
#include "slipcast/tca/measure.hpp"
#include "stop_sign.hpp"

namespace slipcast::tca::detail {

/// The rows of one order's fills: [begin, end) of `Context::fill_rows`.
struct FillRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Everything that does not change while instruments are measured.
struct Context {
    const market::Dataset& dataset;
    const MeasureOptions& options;
    std::vector<Horizon> horizons;
    std::vector<std::int64_t> pwp_rates;                          ///< in 1e-4
    std::vector<std::size_t> fill_rows;                           ///< rows of dataset.fills, by order row, then time
    std::vector<FillRange> order_fills;                           ///< parallel to dataset.orders
    std::vector<OrderCourse> courses;                             ///< parallel to dataset.orders
    std::vector<std::vector<std::size_t>> instrument_orders;      ///< order rows of each instrument
    std::vector<std::vector<std::size_t>> instrument_placements;  ///< placement rows of each instrument, by sent_time
    /// Made by a replay (provenance replay.seed): a tape without own prints is then the source's: the market
    /// without us, to which our executions are added. A user's own history contains them, flagged or not.
    bool is_replay = false;
    /// By instrument: when its prints say what its sector was doing before somebody decided; empty = not needed.
    std::vector<TimeRange> flow_ranges;

    [[nodiscard]] std::span<const std::size_t> fills_of(std::size_t order) const {
        const FillRange range = order_fills[order];
        return std::span(fill_rows).subspan(range.begin, range.end - range.begin);
    }
};

[[nodiscard]] Result<Context> context_of(const market::Dataset& dataset, const MeasureOptions& options);

/// What one instrument's prints said, minute by minute.
struct InstrumentFlow {
    std::vector<FlowMinute> minutes;
    bool has_own_prints = false;  ///< the tape flags our prints: they are left out already
};

/// Where results of all instruments go: each writes the rows of its own orders and fills.
struct Records {
    std::vector<OrderRecord> orders;                     ///< parallel to dataset.orders
    std::vector<FillRecord> fills;                       ///< parallel to dataset.fills
    MarkoutColumns markouts;                             ///< fill-major: [fill * horizons + horizon]
    std::vector<MidAt> sent_mids;                        ///< parallel to dataset.placements: before each was sent
    std::vector<InstrumentFlow> flows;                   ///< parallel to dataset.instruments
    std::vector<forecast::InstrumentHistory> histories;  ///< parallel to dataset.instruments
};

/// Whether forecasts are made: they need a tape and sessions.
[[nodiscard]] bool has_forecasts(const market::Dataset& dataset);
/// Measures the orders of one instrument: plans its questions, walks its tape once, and fills their records and the
/// instrument's history.
[[nodiscard]] Result<void> measure_instrument(const Context& context, InstrumentId instrument, const StopSign& stop,
                                              Records& records);

}  // namespace slipcast::tca::detail
