#include "slipcast/venue/simulate.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <optional>
#include <thread>

#include "simulate_options.hpp"
#include "simulate_tables.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::venue {
namespace {

using detail::Outcome;

constexpr std::int64_t kMostRounds = 200;

/// One symbol and trial: the same volumes and liquidity for every algorithm.
class Trial {
public:
    Trial(const SimulatedSymbol& symbol, const SimulateOptions& options, std::uint64_t entity)
        : options_(options),
          entity_(entity),
          truth_(symbol.venues),
          sent_(truth_.size()),
          filled_(truth_.size()),
          draws_(options.seed, detail::kLiquidityStream, entity),
          volumes_(options.seed, detail::kVolumeStream, entity),
          later_draws_(options.seed, "venue.simulate.half_life", entity) {}

    [[nodiscard]] Result<Outcome> run(Algorithm algorithm, const std::shared_ptr<const PowerLawGrid>& grid) {
        const LearnerSetup setup{.venues = truth_.size(),
                                 .max_order = options_.volume,
                                 .grid = grid,
                                 .episodes = options_.episodes,
                                 .seed = options_.seed,
                                 .entity = entity_};
        SLIPCAST_TRY(learning, learner(algorithm, setup));
        SLIPCAST_TRY(ideal, learner(Algorithm::ideal, setup));
        const std::vector<Liquidity> first = truth_;
        learning->reveal(truth_);
        ideal->reveal(truth_);
        Outcome run = episodes(*learning, *ideal);
        truth_ = first;
        for (RandomStream* stream : {&draws_, &volumes_, &later_draws_}) stream->seek(0);
        return run;
    }

private:
    Outcome episodes(Learner& learning, Learner& ideal) {
        Outcome run;
        std::vector<std::int64_t> best(truth_.size());
        double best_fill = -1.0;
        double of_ideal = 0.0;
        double executed = 0.0;
        for (std::int64_t episode = 1; episode <= options_.episodes; ++episode) {
            if (options_.switch_at > 0 && episode == options_.switch_at + 1) {
                detail::exchange_venues(truth_, entity_);
                learning.reveal(truth_);
                ideal.reveal(truth_);
                best_fill = -1.0;
            }
            const std::int64_t volume = detail::order_volume(options_, volumes_);
            if (options_.least_volume > 0 || best_fill < 0.0) {
                ideal.allocate(volume, best);
                best_fill = expected_fill(best);
            }
            learning.allocate(volume, sent_);
            const double fill = expected_fill(sent_);
            run.regret += best_fill - fill;
            of_ideal += best_fill > 0.0 ? fill / best_fill : 1.0;
            executed += fill / static_cast<double>(volume);
            meet(learning, draws_);
            if (episode % options_.window == 0) {
                const auto window = static_cast<double>(options_.window);
                run.of_ideal.push_back(of_ideal / window);
                run.executed.push_back(executed / window);
                of_ideal = 0.0;
                executed = 0.0;
                run.lost.push_back(run.regret);
                if (options_.half_life_curve_orders > 0) {
                    const std::unique_ptr<Learner> copy = learning.clone();
                    work_half(*copy, later_draws_, options_.half_life_curve_orders, run.half_life.emplace_back());
                }
            }
        }
        run.regret /= static_cast<double>(options_.episodes);
        run.unfinished = work_half(learning, draws_, options_.half_life_orders, run.last_half_life);
        return run;
    }

    [[nodiscard]] double expected_fill(std::span<const std::int64_t> quantity) const {
        double sum = 0.0;
        for (std::size_t i = 0; i < truth_.size(); ++i) sum += truth_[i].expected_fill(quantity[i]);
        return sum;
    }

    /// Every venue's liquidity meets what was sent; returns what was filled.
    std::int64_t meet(Learner& learning, RandomStream& draws) {
        for (std::size_t i = 0; i < truth_.size(); ++i) filled_[i] = std::min(sent_[i], truth_[i].draw(draws));
        learning.observe(sent_, filled_);
        return std::accumulate(filled_.begin(), filled_.end(), std::int64_t{0});
    }

    /// Works orders until half done, learning on, and writes the mean of their rounds; returns how many never were.
    std::int64_t work_half(Learner& learning, RandomStream& draws, std::int64_t orders, double& half_life) {
        std::int64_t unfinished = 0;
        for (std::int64_t order = 0; order < orders; ++order) {
            const std::int64_t rounds = rounds_to_half(learning, draws);
            half_life += static_cast<double>(rounds) / static_cast<double>(orders);
            unfinished += rounds == kMostRounds ? 1 : 0;
        }
        return unfinished;
    }

    std::int64_t rounds_to_half(Learner& learning, RandomStream& draws) {
        std::int64_t left = options_.volume;
        for (std::int64_t round = 1; round < kMostRounds; ++round) {
            learning.allocate(left, sent_);
            left -= meet(learning, draws);
            if (2 * (options_.volume - left) > options_.volume) return round;
        }
        return kMostRounds;
    }

    const SimulateOptions& options_;
    std::uint64_t entity_;
    std::vector<Liquidity> truth_;
    std::vector<std::int64_t> sent_;
    std::vector<std::int64_t> filled_;
    RandomStream draws_;
    RandomStream volumes_;
    RandomStream later_draws_;  ///< what copies meet after each window
};

/// Means over symbols of one trial.
Result<Outcome> trial_means(Algorithm algorithm, std::span<const SimulatedSymbol> symbols,
                            const SimulateOptions& options, const std::shared_ptr<const PowerLawGrid>& grid,
                            std::int64_t trial) {
    Outcome means;
    for (std::size_t s = 0; s < symbols.size(); ++s) {
        const std::uint64_t entity = detail::trial_entity(s, trial);
        SLIPCAST_TRY(run, Trial(symbols[s], options, entity).run(algorithm, grid));
        means.add(run, static_cast<double>(symbols.size()));
    }
    return means;
}

/// Runs every trial of every algorithm, trials side by side on threads. Calls `progress` on this thread only.
class Trials {
public:
    Trials(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options, std::vector<Algorithm> algorithms,
           std::shared_ptr<const PowerLawGrid> grid)
        : symbols_(symbols),
          options_(options),
          algorithms_(std::move(algorithms)),
          grid_(std::move(grid)),
          means_(algorithms_.size() * static_cast<std::size_t>(options.trials)),
          refusals_(means_.size()) {}

    Result<Simulation> run(const Progress& progress) {
        const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
        const std::size_t wanted = options_.threads == 0 ? cores : static_cast<std::size_t>(options_.threads);
        std::vector<std::thread> team;
        for (std::size_t i = 1; i < std::min(wanted, means_.size()); ++i) team.emplace_back([this] { work({}); });
        work(progress);
        for (std::thread& member : team) member.join();
        for (const std::optional<Error>& refusal : refusals_) {
            if (refusal) return *refusal;
        }
        if (stop_) {
            return Error{.code = ErrorCode::interrupted, .field = "", .value = "", .rule = "stopped", .place = {}};
        }
        if (progress) progress("simulating orders", total(), total());
        detail::SimulationTables tables;
        const auto trials = static_cast<std::size_t>(options_.trials);
        for (std::size_t i = 0; i < algorithms_.size(); ++i) {
            tables.add(algorithms_[i], std::span<const Outcome>{means_}.subspan(i * trials, trials), options_);
        }
        return tables.made();
    }

private:
    [[nodiscard]] std::int64_t total() const { return static_cast<std::int64_t>(means_.size()); }

    void work(const Progress& progress) {
        for (std::size_t i = next_++; i < means_.size() && !stop_; i = next_++) {
            if (progress && !progress("simulating orders", static_cast<std::int64_t>(i), total())) {
                stop_ = true;
                return;
            }
            const auto trials = static_cast<std::size_t>(options_.trials);
            auto means =
                trial_means(algorithms_[i / trials], symbols_, options_, grid_, static_cast<std::int64_t>(i % trials));
            if (means) {
                means_[i] = std::move(*means);
            } else {
                refusals_[i] = means.error();
                stop_ = true;
            }
        }
    }

    std::span<const SimulatedSymbol> symbols_;
    const SimulateOptions& options_;
    std::vector<Algorithm> algorithms_;
    std::shared_ptr<const PowerLawGrid> grid_;
    std::vector<Outcome> means_;  ///< by algorithm, then trial
    std::vector<std::optional<Error>> refusals_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> stop_ = false;
};

}  // namespace

Result<Simulation> simulate(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options,
                            const Progress& progress) {
    SLIPCAST_TRY(algorithms, detail::checked_algorithms(symbols, options));
    SLIPCAST_TRY(grid, detail::learners_grid(symbols, options));
    return Trials(symbols, options, std::move(algorithms), std::move(grid)).run(progress);
}

}  // namespace slipcast::venue
