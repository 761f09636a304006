#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/cost/online.hpp"
#include "slipcast/desk/records.hpp"

namespace slipcast::desk {

/// How one forecast, given as quantiles, fared against what came.
struct ForecastScore {
    double crps = 0.0;        ///< bps; 2 x the integral of the pinball loss over the levels
    double pit = 0.0;         ///< F(cost) in [0, 1], between the levels by lines; 0 or 1 beyond the outermost
    bool is_covered = false;  ///< within the central 90 %
};
/// `levels` ascending with 0.05 and 0.95 among them, `quantiles` at them (equal lengths asserted). The integral is by
/// trapezoids between the levels, with the loss falling to zero at levels 0 and 1.
/// Source: Gneiting and Raftery 2007, section 4.2.
[[nodiscard]] ForecastScore score_of(std::span<const double> levels, std::span<const double> quantiles, double cost);

/// A champion that forecasts and at most one challenger that learns beside it in shadow, from the same outcomes.
class Models {
public:
    [[nodiscard]] static Result<Models> create(const cost::Model& champion,
                                               const std::optional<cost::Model>& challenger,
                                               const cost::OnlineOptions& online, std::vector<double> levels);

    [[nodiscard]] const cost::Online& champion() const { return seats_.front().online; }
    [[nodiscard]] const cost::Online* challenger() const {
        return seats_.size() == 2 ? &seats_.back().online : nullptr;
    }
    /// Zero without one.
    [[nodiscard]] ModelVersion champion_version() const;
    [[nodiscard]] ModelVersion challenger_version() const;
    [[nodiscard]] Scorecard champion_card() const { return card(seats_.front()); }
    [[nodiscard]] std::optional<Scorecard> challenger_card() const;

    /// The quantiles of each model for one row of inputs, champion first. Both models read the same inputs. Allocates
    /// nothing.
    using Quantiles = std::array<Few<double, 16>, 2>;
    void forecast(std::span<const double> inputs, Quantiles& quantiles) const;
    /// Scores the forecasts made then, and learns: the cost when it is known, completion when it is known and the
    /// cancel was not at will. A challenger that had no forecast, for want of an input, is left out. `scores` holds who
    /// was scored.
    Result<void> learn(std::span<const double> inputs, const Quantiles& made, const Outcome& outcome,
                       Few<ModelScore, 2>& scores);

    /// Challenger and champion change places. Refused without a challenger.
    Result<void> promote();
    /// The state of both with their scores; restored, they forecast and learn on bit for bit.
    [[nodiscard]] std::string save() const;
    [[nodiscard]] static Result<Models> restore(std::string_view state, std::vector<double> levels);

private:
    struct Seat {
        cost::Online online;
        std::uint64_t digest = 0;
        std::int64_t count = 0;
        std::int64_t covered = 0;
        double crps = 0.0;  ///< sum
        std::array<std::int64_t, 10> pit{};
    };
    explicit Models(std::vector<double> levels) : levels_(std::move(levels)) {}
    Result<void> learn(std::span<const double> inputs, std::span<const double> quantiles, const Outcome& outcome,
                       Seat& seat, Few<ModelScore, 2>& scores) const;
    static ModelVersion version(const Seat& seat);
    static Scorecard card(const Seat& seat);
    Result<void> add(cost::Online online);

    std::vector<double> levels_;  ///< the objective's tail stands last, wherever it belongs: scores leave it out
    std::vector<Seat> seats_;
};

}  // namespace slipcast::desk
