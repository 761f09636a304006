#include "slipcast/desk/learning.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/packing.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::desk {

ForecastScore score_of(std::span<const double> levels, std::span<const double> quantiles, double cost) {
    SLIPCAST_ASSERT(levels.size() == quantiles.size() && !levels.empty(), "one quantile a level");
    ForecastScore score;
    double low = -HUGE_VAL, high = HUGE_VAL;
    double level = 0.0, loss = 0.0;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const double gap = cost - quantiles[i];
        const double here = gap >= 0.0 ? levels[i] * gap : (levels[i] - 1.0) * gap;
        score.crps += (levels[i] - level) * (loss + here);
        level = levels[i];
        loss = here;
        if (levels[i] == 0.05) low = quantiles[i];
        if (levels[i] == 0.95) high = quantiles[i];
    }
    score.crps += (1.0 - level) * loss;
    score.is_covered = cost >= low && cost <= high;
    const auto above = std::upper_bound(quantiles.begin(), quantiles.end(), cost);
    const auto i = static_cast<std::size_t>(above - quantiles.begin());
    if (i == 0) {
        score.pit = 0.0;
    } else if (i == quantiles.size()) {
        score.pit = cost == quantiles.back() ? levels.back() : 1.0;
    } else {
        const double share = (cost - quantiles[i - 1]) / (quantiles[i] - quantiles[i - 1]);
        score.pit = levels[i - 1] + share * (levels[i] - levels[i - 1]);
    }
    return score;
}

Result<Models> Models::create(const cost::Model& champion, const std::optional<cost::Model>& challenger,
                              const cost::OnlineOptions& online, std::vector<double> levels) {
    Models models(std::move(levels));
    SLIPCAST_TRY(first, cost::Online::create(champion, online, models.levels_));
    SLIPCAST_CHECK(models.add(std::move(first)));
    if (!challenger) return models;
    SLIPCAST_TRY(second, cost::Online::create(*challenger, online, models.levels_));
    SLIPCAST_CHECK(models.add(std::move(second)));
    return models;
}

Result<void> Models::add(cost::Online online) {
    const std::string artifact = online.model().to_json();
    if (online.model().inputs().size() > kMaxInputs) {
        return invalid_value("inputs", std::to_string(online.model().inputs().size()), "must be at most 64");
    }
    if (!seats_.empty() && online.model().inputs() != champion().model().inputs()) {
        return Error{ErrorCode::inconsistent, "challenger", "", "must read the champion's inputs", {}};
    }
    seats_.push_back({std::move(online), digest64(artifact), 0, 0, 0.0, {}});
    return {};
}

ModelVersion Models::version(const Seat& seat) {
    return {seat.digest, seat.online.learned().costs + seat.online.learned().completions};
}
ModelVersion Models::champion_version() const {
    return version(seats_.front());
}
ModelVersion Models::challenger_version() const {
    return seats_.size() == 2 ? version(seats_.back()) : ModelVersion{};
}

Scorecard Models::card(const Seat& seat) {
    Scorecard card;
    card.count = seat.count;
    card.mean_log_score = seat.online.mean_log_score();
    card.pit = seat.pit;
    if (seat.count == 0) return card;
    card.crps = seat.crps / static_cast<double>(seat.count);
    card.coverage_90 = static_cast<double>(seat.covered) / static_cast<double>(seat.count);
    return card;
}
std::optional<Scorecard> Models::challenger_card() const {
    if (seats_.size() < 2) return std::nullopt;
    return card(seats_.back());
}

void Models::forecast(std::span<const double> inputs, Quantiles& quantiles) const {
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        cost::Prediction out;
        quantiles[i].size = static_cast<std::uint32_t>(levels_.size());
        seats_[i].online.predictor().predict(inputs, out, {quantiles[i].values.data(), levels_.size()});
    }
}

Result<void> Models::learn(std::span<const double> inputs, const Quantiles& made, const Outcome& outcome,
                           Few<ModelScore, 2>& scores) {
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        const std::span<const double> quantiles(made[i].values.data(), levels_.size() - 1);
        const bool is_forecast =
            std::all_of(quantiles.begin(), quantiles.end(), [](double each) { return std::isfinite(each); });
        // A challenger in want of an input does not keep the champion from learning.
        if (i > 0 && !is_forecast) continue;
        SLIPCAST_CHECK(learn(inputs, quantiles, outcome, seats_[i], scores));
    }
    return {};
}

Result<void> Models::learn(std::span<const double> inputs, std::span<const double> quantiles, const Outcome& outcome,
                           Seat& seat, Few<ModelScore, 2>& scores) const {
    ModelScore* scored = nullptr;
    if (std::isfinite(outcome.cost_bps) && outcome.weight > 0.0) {
        SLIPCAST_CHECK(seat.online.update(inputs, outcome.cost_bps, outcome.weight));
        const ForecastScore score = score_of({levels_.data(), quantiles.size()}, quantiles, outcome.cost_bps);
        ++seat.count;
        seat.covered += score.is_covered ? 1 : 0;
        seat.crps += score.crps;
        ++seat.pit[std::min<std::size_t>(9, static_cast<std::size_t>(10.0 * score.pit))];
        scored = &scores.values[scores.size++];
        *scored = {.model = version(seat),
                   .crps = score.crps,
                   .pit = score.pit,
                   .is_covered = score.is_covered,
                   .card = card(seat)};
    }
    if (seat.online.model().has_completion() && !outcome.is_discretionary && outcome.is_complete) {
        SLIPCAST_CHECK(seat.online.update_completion(inputs, *outcome.is_complete));
        if (scored != nullptr) scored->model = version(seat);
    }
    return {};
}

Result<void> Models::promote() {
    if (seats_.size() < 2) return Error{ErrorCode::not_found, "challenger", "", "must be there to be promoted", {}};
    std::swap(seats_.front(), seats_.back());
    return {};
}

std::string Models::save() const {
    Packer packer;
    packer.put(static_cast<std::uint64_t>(seats_.size()));
    for (const Seat& seat : seats_) {
        packer.put(seat.online.to_json());
        packer.put(seat.count);
        packer.put(seat.covered);
        packer.put(seat.crps);
        for (const std::int64_t count : seat.pit) packer.put(count);
    }
    return packer.take();
}

Result<Models> Models::restore(std::string_view state, std::vector<double> levels) {
    Models models(std::move(levels));
    Unpacker unpacker(state);
    const std::size_t seats = unpacker.count();
    for (std::size_t i = 0; i < seats; ++i) {
        SLIPCAST_TRY(online, cost::Online::from_json(unpacker.text(), models.levels_));
        SLIPCAST_CHECK(models.add(std::move(online)));
        Seat& seat = models.seats_.back();
        seat.count = unpacker.integer();
        seat.covered = unpacker.integer();
        seat.crps = unpacker.real();
        for (std::int64_t& count : seat.pit) count = unpacker.integer();
    }
    SLIPCAST_CHECK(unpacker.finish());
    if (models.seats_.empty() || models.seats_.size() > 2) {
        return Error{ErrorCode::malformed, "state", "", "must hold a champion and at most one challenger", {}};
    }
    return models;
}

}  // namespace slipcast::desk
