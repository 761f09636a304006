#pragma once

#include <memory>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::trial {

/// A tape of which only the rows within a span of time are there.
class ClippedTape final : public market::TapeSource {
public:
    ClippedTape(std::shared_ptr<const market::TapeSource> whole, TimeRange span)
        : whole_(std::move(whole)), span_(span) {}
    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId instrument, TimeRange window) const override;
    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override;
    [[nodiscard]] Timestamp window_end(InstrumentId instrument, Timestamp begin, Timestamp latest) const override;

private:
    std::shared_ptr<const market::TapeSource> whole_;
    TimeRange span_;
};

/// The market's days in order, split: the first is history alone, the last are the trial's.
struct Days {
    std::vector<Date> learning;
    std::vector<Date> trial;
};
/// Refused: no sessions, fewer than trial_days + 2 days.
[[nodiscard]] Result<Days> split_days(const market::Dataset& market, int trial_days);

/// The market as it is, with the sessions of `days` alone, so that orders are drawn within them.
[[nodiscard]] market::Dataset with_sessions_of(const market::Dataset& market, const std::vector<Date>& days);
/// The same with the tape clipped to those sessions, an hour on either side.
[[nodiscard]] market::Dataset clipped_to(const market::Dataset& market, const std::vector<Date>& days);

}  // namespace slipcast::trial
