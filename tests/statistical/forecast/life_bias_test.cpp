#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>

#include "forecast/accumulation.hpp"
#include "slipcast/math/normal.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/statistics.hpp"
#include "support/false_alarm.hpp"

// False-alarm budget of this file: test::kFalseAlarmBudget, shared by its 48 checks. The errors of one trial share a
// session, so a check is of the mean over trials of each trial's mean error.

namespace slipcast::forecast {
namespace {

constexpr std::size_t kMinutes = 390;
constexpr std::size_t kBin = 5;
constexpr std::array<std::size_t, 6> kLives{1, 2, 5, 7, 30, 120};
constexpr int kTrials = 1'600;
constexpr int kWindows = 6;
constexpr double kLevel = test::false_alarm_share(48);  // noises x past days x lives

enum class Noise { lognormal, gamma };

/// One minute's factor, mean 1 and standard deviation about `size`. A gamma's logarithm has its long tail below, as
/// quiet minutes do.
double factor(RandomStream& random, Noise noise, double size) {
    if (noise == Noise::lognormal) return math::draw_lognormal(random, -0.5 * size * size, size);
    const double shape = 1.0 / (size * size);
    return math::draw_gamma(random, shape, size * size);
}

/// Volume by minute: a U over the day, a level, and noise of blocks of 1, 2, 4, ... 64 minutes, so that minutes near
/// each other err together and the noise of a part falls with its length as a power.
std::vector<double> session(RandomStream& random, Noise noise) {
    std::vector<double> minutes(kMinutes);
    const double level = math::draw_lognormal(random, 10.0, 0.3);
    for (std::size_t i = 0; i < kMinutes; ++i) {
        const double place = static_cast<double>(i) / (kMinutes - 1.0) - 0.5;
        minutes[i] = level * (0.6 + 4.0 * place * place);
    }
    for (std::size_t block = 1; block <= 64; block *= 2) {
        for (std::size_t begin = 0; begin < kMinutes; begin += block) {
            const double drawn = factor(random, noise, 0.5 / std::pow(static_cast<double>(block), 0.33));
            for (std::size_t i = begin; i < std::min(begin + block, kMinutes); ++i) minutes[i] *= drawn;
        }
    }
    return minutes;
}

double sum(const std::vector<double>& minutes, std::size_t begin, std::size_t end) {
    double total = 0.0;
    for (std::size_t i = begin; i < end; ++i) total += minutes[i];
    return total;
}

std::vector<double> bins_of(const std::vector<double>& minutes) {
    std::vector<double> bins;
    for (std::size_t begin = 0; begin < kMinutes; begin += kBin) bins.push_back(sum(minutes, begin, begin + kBin));
    return bins;
}

/// ln(forecast median / outcome) of a window of `life` minutes somewhere in `today`.
double error_of(const Accumulation& model, const std::vector<double>& today, std::size_t life, RandomStream& random) {
    const auto begin = static_cast<std::size_t>(math::draw_index(random, kMinutes - life + 1));
    const std::size_t over = begin / kBin;
    const auto share_by = [&](std::size_t minute) { return model.share_by(static_cast<double>(minute) / kBin); };
    Question asked;
    asked.share = share_by(begin + life) - share_by(begin);
    asked.seen_share = share_by(over * kBin);
    asked.seen = sum(today, 0, over * kBin);
    return std::log(model.to_come(asked)->median / sum(today, begin, begin + life));
}

std::map<std::size_t, math::Moments> errors_by_life(int days, Noise noise) {
    const AccumulationPrior prior;
    std::map<std::size_t, math::Moments> errors;
    for (int trial = 0; trial < kTrials; ++trial) {
        RandomStream random(static_cast<std::uint64_t>(days), "test.life_bias", static_cast<std::uint64_t>(trial));
        std::vector<PastAmounts> past;
        for (int age = days; age > 0; --age) past.push_back({bins_of(session(random, noise)), age});
        const std::vector<double> today = session(random, noise);
        const Accumulation model = *Accumulation::fit(past, prior);
        for (const std::size_t life : kLives) {
            math::Moments mean;
            for (int i = 0; i < kWindows; ++i) mean.add(error_of(model, today, life, random));
            errors[life].add(*mean.mean());
        }
    }
    return errors;
}

/// A forecast volume is a median, so its log error has mean zero at any life when log volumes are symmetric. What is
/// allowed besides chance is the skew of the gamma's logs, and that the noise within a bin is an extrapolation.
TEST(LifeBias, AForecastVolumeIsAsHighForAMinuteAsForHours) {
    for (const Noise noise : {Noise::lognormal, Noise::gamma}) {
        for (const int days : {1, 2, 5, 20}) {
            for (const auto& [life, errors] : errors_by_life(days, noise)) {
                const double chance = -math::normal_quantile(0.5 * kLevel) * *errors.standard_error();
                const double allowed = life < kBin ? 0.12 : 0.03;
                // Power: the lean that medians had as a log-normal's would be seen, more than half of it for a minute.
                const double lean = life < kBin ? 0.3 : 0.15;
                EXPECT_TRUE(life > 7 || 2.0 * chance + allowed < lean) << life << " minutes: " << chance;
                EXPECT_NEAR(*errors.mean(), 0.0, chance + allowed)
                    << life << " minutes, " << days << " past days, noise " << static_cast<int>(noise);
            }
        }
    }
}

}  // namespace
}  // namespace slipcast::forecast
