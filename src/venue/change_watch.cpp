#include "slipcast/venue/change_watch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "slipcast/core/assert.hpp"

namespace slipcast::venue {
namespace {

constexpr double kShrinkage = 2.0;      ///< answers of each kind that a factor of 1 counts as
constexpr double kPooledAnswers = 1.0;  ///< answers that all sizes together count as for each
constexpr double kPooledAbsence = 2.0;  ///< the same for minimum quantities

}  // namespace

double ChangeWatch::Tally::factor() const {
    return (yes + kShrinkage) / (expected + kShrinkage) * (answers - expected + kShrinkage) /
           (answers - yes + kShrinkage);
}

// The lower edges are 1, 2, 3, 4, 6, 8, 12, ...
std::size_t ChangeWatch::bin(std::int64_t size) {
    const auto bits = static_cast<std::uint64_t>(size);
    const auto octave = static_cast<unsigned>(std::bit_width(bits)) - 1U;
    return octave == 0U ? 0U : 2U * octave - 1U + ((bits >> (octave - 1U)) & 1U);
}

void ChangeWatch::observe(const Observation& observation) {
    SLIPCAST_ASSERT(observation.sent >= 1 && bin(observation.sent) < kBins, "a size is positive");
    // A bin is asked when it lies between minimum and sent as a whole: what is asked never depends on the answer.
    const std::size_t minimum = bin(observation.min_quantity);
    const std::size_t top = bin(observation.sent);
    const bool is_edge = observation.min_quantity == 1 || bin(observation.min_quantity - 1) < minimum;
    const std::size_t first = minimum + (is_edge ? 0U : 1U);
    const bool is_empty = observation.filled == 0;
    ++asked_[minimum];
    empty_[minimum] += is_empty ? 1.0 : 0.0;
    minimum_bins_ = std::max(minimum_bins_, minimum + 1);
    ++absence_.answers;
    absence_.yes += is_empty ? 1.0 : 0.0;
    absence_.expected += expected_empty_[minimum];
    lead_ += gain_full_[minimum] + (is_empty ? gain_empty_ : 0.0);
    if (!is_empty && first < top) {
        const std::size_t there = observation.is_censored() ? top : bin(observation.filled);
        if (there >= first) {
            const std::size_t past = std::min(there, top);
            const bool has_ended = there < top;
            const std::size_t until = past + (has_ended ? 1U : 0U);
            ++came_[first];
            --came_[until];
            ended_[past] += has_ended ? 1.0 : 0.0;
            ends_.answers += static_cast<double>(until - first);
            ends_.yes += has_ended ? 1.0 : 0.0;
            ends_.expected += expected_ends_[until] - expected_ends_[first];
            lead_ += gain_past_[until] - gain_past_[first] + (has_ended ? gain_end_ : 0.0);
            top_ = std::max(top_, static_cast<double>(until));
        }
    }
    if (++in_block_ >= kBlock) prepare();
}

void ChangeWatch::challenge() {
    absence_ = ends_ = {};
    lead_ = 0.0;
    prepare();
}

void ChangeWatch::forget() {
    *this = {};
}

// With odds times f, P(yes) = q becomes f q / (1 + (f - 1) q).
void ChangeWatch::prepare() {
    in_block_ = 0.0;
    prepare_empty();
    prepare_ends();
}

void ChangeWatch::prepare_empty() {
    double empty = 1.0;
    double asked = 2.0;
    for (std::size_t i = 0; i < minimum_bins_; ++i) {
        empty += empty_[i];
        asked += asked_[i];
    }
    const double pooled = empty / asked;
    const double factor = absence_.factor();
    gain_empty_ = std::log(factor);
    expected_empty_.fill(pooled);
    gain_full_.fill(-std::log(1.0 + (factor - 1.0) * pooled));
    for (std::size_t i = 0; i < minimum_bins_; ++i) {
        if (asked_[i] == 0.0) continue;
        expected_empty_[i] = (empty_[i] + kPooledAbsence * pooled) / (asked_[i] + kPooledAbsence);
        gain_full_[i] = -std::log(1.0 + (factor - 1.0) * expected_empty_[i]);
    }
}

void ChangeWatch::prepare_ends() {
    const auto top = static_cast<std::size_t>(top_);
    double ended = 0.5;
    double asked = 10.0;
    double here = 0.0;
    for (std::size_t i = 0; i < top; ++i) {
        here += came_[i];
        asked += here;
        ended += ended_[i];
    }
    const double pooled = kPooledAnswers * ended / asked;
    const double factor = ends_.factor();
    gain_end_ = std::log(factor);
    here = 0.0;
    for (std::size_t i = 0; i < top; ++i) {
        here += came_[i];
        const double expected = (ended_[i] + pooled) / (here + kPooledAnswers);
        expected_ends_[i + 1] = expected_ends_[i] + expected;
        gain_past_[i + 1] = gain_past_[i] - std::log(1.0 + (factor - 1.0) * expected);
    }
    // Nothing was asked from `top` on: the same for all bins there.
    const double expected = ended / asked;
    const double gain = -std::log(1.0 + (factor - 1.0) * expected);
    for (std::size_t i = top; i < kBins; ++i) {
        const auto past_top = static_cast<double>(i - top);
        expected_ends_[i] = expected_ends_[top] + past_top * expected;
        gain_past_[i] = gain_past_[top] + past_top * gain;
    }
}

std::vector<double> ChangeWatch::state() const {
    std::vector<double> state{absence_.answers, absence_.yes, absence_.expected, ends_.answers, ends_.yes,
                              ends_.expected,   lead_,        in_block_,         top_,          gain_empty_,
                              gain_end_};
    for (const Row* row :
         {&empty_, &asked_, &ended_, &came_, &expected_empty_, &gain_full_, &expected_ends_, &gain_past_}) {
        state.insert(state.end(), row->begin(), row->end());
    }
    return state;
}

Result<void> ChangeWatch::restore(std::span<const double> state) {
    constexpr std::size_t kNumbers = 11;
    const bool is_finite = std::all_of(state.begin(), state.end(), [](double x) { return std::isfinite(x); });
    if (state.size() != kNumbers + 8 * kBins || !is_finite || state[8] < 0.0 ||
        state[8] > static_cast<double>(kBins - 1)) {
        return invalid_value("state", "", "must be what such a watch saved");
    }
    auto at = state.begin();
    for (double* number : {&absence_.answers, &absence_.yes, &absence_.expected, &ends_.answers, &ends_.yes,
                           &ends_.expected, &lead_, &in_block_, &top_, &gain_empty_, &gain_end_}) {
        *number = *at++;
    }
    for (Row* row : {&empty_, &asked_, &ended_, &came_, &expected_empty_, &gain_full_, &expected_ends_, &gain_past_}) {
        std::copy_n(at, kBins, row->begin());
        at += kBins;
    }
    minimum_bins_ = kBins;
    while (minimum_bins_ > 0 && asked_[minimum_bins_ - 1] == 0.0) --minimum_bins_;
    return {};
}

}  // namespace slipcast::venue
