#pragma once

#include <string>
#include <vector>

#include "slipcast/core/id.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::sim {

/// Share of a session's volume traded by a fraction of its length: piecewise linear through equal bins.
class VolumeCurve {
public:
    /// shares: volume of each equal bin of the session, >= 0 with a positive sum; normalized here.
    [[nodiscard]] static Result<VolumeCurve> create(std::vector<double> shares);
    /// The declared generic curve for a market without history: 26 bins of
    /// 1 + 1.6 exp(-x / 0.10) + 2.2 exp(-(1 - x) / 0.10), x the middle of the bin in [0, 1]: high at the open, highest
    /// at the close.
    [[nodiscard]] static VolumeCurve generic();
    /// Share traded by `fraction` of the session; clamped to [0, 1].
    [[nodiscard]] double cumulative(double fraction) const;
    [[nodiscard]] std::size_t bins() const { return cumulative_.size() - 1; }

private:
    std::vector<double> cumulative_{0.0, 1.0};
};

/// A curve that was known before `date` for one instrument (from `forecast`).
struct DatedCurve {
    InstrumentId instrument;
    Date date;
    VolumeCurve curve;
};

}  // namespace slipcast::sim
