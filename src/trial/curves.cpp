#include "curves.hpp"

#include <algorithm>

namespace slipcast::trial {

namespace {

/// `cumulative` holds shares by the end of bins of length `bin`, the last one shorter; equal bins of the session hold
/// what lies between, linear within a bin.
std::vector<double> equal_bins(const std::vector<double>& cumulative, Duration bin, Duration session) {
    const auto by = [&](double seconds_share) {
        const double at = seconds_share * static_cast<double>(session.count()) / static_cast<double>(bin.count());
        const auto index = std::min(static_cast<std::size_t>(at), cumulative.size() - 1);
        const double begin = index == 0 ? 0.0 : cumulative[index - 1];
        const double bins = static_cast<double>(session.count()) / static_cast<double>(bin.count());
        const double width = std::min(1.0, bins - static_cast<double>(index));
        const double within = width > 0.0 ? std::min(1.0, (at - static_cast<double>(index)) / width) : 1.0;
        return begin + within * (cumulative[index] - begin);
    };
    std::vector<double> shares;
    const auto count = static_cast<double>(cumulative.size());
    for (std::size_t i = 0; i < cumulative.size(); ++i) {
        shares.push_back(
            std::max(0.0, by((static_cast<double>(i) + 1.0) / count) - by(static_cast<double>(i) / count)));
    }
    return shares;
}

}  // namespace

Result<std::vector<sim::DatedCurve>> forecast_curves(const market::Dataset& market,
                                                     const forecast::Forecaster& forecaster) {
    std::vector<sim::DatedCurve> curves;
    for (const market::Instrument& instrument : market.instruments) {
        if (instrument.id.is_none()) continue;
        for (const market::Session& session : market.sessions.of(instrument.market)) {
            const forecast::Forecast known = forecaster.at(instrument.id, session.open);
            if (known.curve.empty()) continue;
            SLIPCAST_TRY(curve, sim::VolumeCurve::create(equal_bins(known.curve, forecaster.history().options.bin,
                                                                    session.close - session.open)));
            curves.push_back({instrument.id, session.date, std::move(curve)});
        }
    }
    return curves;
}

}  // namespace slipcast::trial
