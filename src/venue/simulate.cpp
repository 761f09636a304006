#include "slipcast/venue/simulate.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <thread>

#include "columns.hpp"
#include "simulate_options.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::venue {
namespace {

constexpr std::int64_t kMostRounds = 200;

/// Sums of one algorithm over one trial of one symbol.
struct Run {
    std::vector<double> of_ideal;  ///< by window
    std::vector<double> executed;
    double regret = 0.0;  ///< lots an order
    double half_life = 0.0;
    std::int64_t unfinished = 0;
};

/// One symbol and trial: the same volumes and liquidity for every algorithm.
class Trial {
public:
    Trial(const SimulatedSymbol& symbol, const SimulateOptions& options, std::uint64_t entity)
        : options_(options),
          entity_(entity),
          truth_(symbol.venues),
          sent_(truth_.size()),
          filled_(truth_.size()),
          draws_(options.seed, "venue.simulate.liquidity", entity),
          volumes_(options.seed, "venue.simulate.volume", entity) {}

    [[nodiscard]] Result<Run> run(Algorithm algorithm, const std::shared_ptr<const PowerLawGrid>& grid) {
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
        const Run run = episodes(*learning, *ideal);
        truth_ = first;
        draws_.seek(0);
        volumes_.seek(0);
        return run;
    }

private:
    Run episodes(Learner& learning, Learner& ideal) {
        Run run;
        std::vector<std::int64_t> best(truth_.size());
        double best_fill = -1.0;
        double of_ideal = 0.0;
        double executed = 0.0;
        for (std::int64_t episode = 1; episode <= options_.episodes; ++episode) {
            if (options_.switch_at > 0 && episode == options_.switch_at + 1) {
                // Another shift for each trial; never back to the same place.
                const auto count = static_cast<std::int64_t>(truth_.size());
                const std::int64_t shift = count > 1 ? 1 + static_cast<std::int64_t>(entity_) % (count - 1) : 0;
                std::rotate(truth_.begin(), truth_.begin() + shift, truth_.end());
                learning.reveal(truth_);
                ideal.reveal(truth_);
                best_fill = -1.0;
            }
            const std::int64_t volume = next_volume();
            if (options_.least_volume > 0 || best_fill < 0.0) {
                ideal.allocate(volume, best);
                best_fill = expected_fill(best);
            }
            learning.allocate(volume, sent_);
            const double fill = expected_fill(sent_);
            run.regret += best_fill - fill;
            of_ideal += best_fill > 0.0 ? fill / best_fill : 1.0;
            executed += fill / static_cast<double>(volume);
            meet(learning);
            if (episode % options_.window == 0) {
                const auto window = static_cast<double>(options_.window);
                run.of_ideal.push_back(of_ideal / window);
                run.executed.push_back(executed / window);
                of_ideal = 0.0;
                executed = 0.0;
            }
        }
        run.regret /= static_cast<double>(options_.episodes);
        for (std::int64_t order = 0; order < options_.half_life_orders; ++order) {
            const std::int64_t rounds = rounds_to_half(learning);
            run.half_life += static_cast<double>(rounds) / static_cast<double>(options_.half_life_orders);
            run.unfinished += rounds == kMostRounds ? 1 : 0;
        }
        return run;
    }

    std::int64_t next_volume() {
        if (options_.least_volume == 0) return options_.volume;
        const auto choices = static_cast<std::uint64_t>(options_.volume - options_.least_volume + 1);
        return options_.least_volume + static_cast<std::int64_t>(math::draw_index(volumes_, choices));
    }

    [[nodiscard]] double expected_fill(std::span<const std::int64_t> quantity) const {
        double sum = 0.0;
        for (std::size_t i = 0; i < truth_.size(); ++i) sum += truth_[i].expected_fill(quantity[i]);
        return sum;
    }

    /// Every venue's liquidity meets what was sent; returns what was filled.
    std::int64_t meet(Learner& learning) {
        for (std::size_t i = 0; i < truth_.size(); ++i) filled_[i] = std::min(sent_[i], truth_[i].draw(draws_));
        learning.observe(sent_, filled_);
        return std::accumulate(filled_.begin(), filled_.end(), std::int64_t{0});
    }

    std::int64_t rounds_to_half(Learner& learning) {
        std::int64_t left = options_.volume;
        for (std::int64_t round = 1; round < kMostRounds; ++round) {
            learning.allocate(left, sent_);
            left -= meet(learning);
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
};

/// Means over symbols of each trial; error bars are over trials.
struct Spread {
    std::vector<math::Moments> of_ideal;
    std::vector<math::Moments> executed;
    math::Moments regret;
    math::Moments half_life;
    std::int64_t unfinished = 0;
};

class Tables {
public:
    void add(Algorithm algorithm, const Spread& spread, const SimulateOptions& options) {
        const std::string label{name(algorithm)};
        for (std::size_t w = 0; w < spread.of_ideal.size(); ++w) {
            curve_algorithm_.push_back(label);
            curve_episode_.push_back(static_cast<std::int64_t>(w + 1) * options.window);
            put(curve_, 0, spread.of_ideal[w]);
            put(curve_, 2, spread.executed[w]);
        }
        algorithm_.push_back(label);
        put(summary_, 0, spread.of_ideal.back());
        put(summary_, 2, spread.executed.back());
        put(summary_, 4, spread.regret);
        put(summary_, 6, spread.half_life);
        unfinished_.push_back(spread.unfinished);
    }

    Simulation made() {
        using detail::column;
        Simulation made{Table{"curves"}, Table{"summary"}};
        made.curves.add(column("algorithm", "", std::move(curve_algorithm_), "How orders were split"));
        made.curves.add(column("episode", "", std::move(curve_episode_), "The window's last order"));
        fractions(made.curves, curve_);
        made.summary.add(column("algorithm", "", std::move(algorithm_), "How orders were split"));
        fractions(made.summary, summary_);
        made.summary.add(column("regret", "lots", std::move(summary_[4]),
                                "Expected lots lost to the ideal split, per order, over all episodes"));
        made.summary.add(column("regret_std_error", "lots", std::move(summary_[5]), "Standard error over trials"));
        made.summary.add(column("half_life", "rounds", std::move(summary_[6]),
                                "Times the remainder is sent until more than half of an order is done"));
        made.summary.add(column("half_life_std_error", "rounds", std::move(summary_[7]), "Standard error over trials"));
        made.summary.add(column("unfinished", "", std::move(unfinished_),
                                "Orders not half done after 200 rounds, which count as 200"));
        return made;
    }

private:
    using Numbers = std::array<std::vector<double>, 8>;
    static void put(Numbers& numbers, std::size_t at, const math::Moments& moments) {
        numbers[at].push_back(moments.mean().value_or(std::nan("")));
        numbers[at + 1].push_back(moments.standard_error().value_or(std::nan("")));
    }
    static void fractions(Table& table, Numbers& numbers) {
        using detail::column;
        table.add(column("fraction_of_ideal", "", std::move(numbers[0]), "Expected fill over that of the ideal split"));
        table.add(column("of_ideal_std_error", "", std::move(numbers[1]), "Standard error over trials"));
        table.add(column("fraction_executed", "", std::move(numbers[2]), "Expected fill over volume"));
        table.add(column("executed_std_error", "", std::move(numbers[3]), "Standard error over trials"));
    }

    std::vector<std::string> curve_algorithm_;
    std::vector<std::int64_t> curve_episode_;
    Numbers curve_;
    std::vector<std::string> algorithm_;
    Numbers summary_;
    std::vector<std::int64_t> unfinished_;
};

/// Means over symbols of one trial.
struct TrialMeans {
    std::vector<double> of_ideal;  ///< by window
    std::vector<double> executed;
    double regret = 0.0;
    double half_life = 0.0;
    std::int64_t unfinished = 0;
};

Result<TrialMeans> trial_means(Algorithm algorithm, std::span<const SimulatedSymbol> symbols,
                               const SimulateOptions& options, const std::shared_ptr<const PowerLawGrid>& grid,
                               std::int64_t trial) {
    const auto windows = static_cast<std::size_t>(options.episodes / options.window);
    TrialMeans means{.of_ideal = std::vector<double>(windows, 0.0), .executed = std::vector<double>(windows, 0.0)};
    const auto count = static_cast<double>(symbols.size());
    for (std::size_t s = 0; s < symbols.size(); ++s) {
        const auto entity = static_cast<std::uint64_t>(s) * 1'000'003U + static_cast<std::uint64_t>(trial);
        SLIPCAST_TRY(run, Trial(symbols[s], options, entity).run(algorithm, grid));
        for (std::size_t w = 0; w < windows; ++w) {
            means.of_ideal[w] += run.of_ideal[w] / count;
            means.executed[w] += run.executed[w] / count;
        }
        means.regret += run.regret / count;
        means.half_life += run.half_life / count;
        means.unfinished += run.unfinished;
    }
    return means;
}

/// Trials in the order of their numbers, whichever thread ran them.
Spread spread_of(const std::vector<TrialMeans>& trials, const SimulateOptions& options) {
    Spread spread;
    const auto windows = static_cast<std::size_t>(options.episodes / options.window);
    spread.of_ideal.resize(windows);
    spread.executed.resize(windows);
    for (const TrialMeans& trial : trials) {
        for (std::size_t w = 0; w < windows; ++w) {
            spread.of_ideal[w].add(trial.of_ideal[w]);
            spread.executed[w].add(trial.executed[w]);
        }
        spread.regret.add(trial.regret);
        if (options.half_life_orders > 0) spread.half_life.add(trial.half_life);
        spread.unfinished += trial.unfinished;
    }
    return spread;
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
        Tables tables;
        const auto trials = static_cast<std::ptrdiff_t>(options_.trials);
        for (std::size_t i = 0; i < algorithms_.size(); ++i) {
            const auto first = means_.begin() + static_cast<std::ptrdiff_t>(i) * trials;
            tables.add(algorithms_[i], spread_of({first, first + trials}, options_), options_);
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
    std::vector<TrialMeans> means_;  ///< by algorithm, then trial
    std::vector<std::optional<Error>> refusals_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> stop_ = false;
};

}  // namespace

Result<Simulation> simulate(std::span<const SimulatedSymbol> symbols, const SimulateOptions& options,
                            const Progress& progress) {
    SLIPCAST_TRY(algorithms, detail::checked_algorithms(symbols, options));
    std::int64_t max_liquidity = options.max_liquidity;
    if (max_liquidity == 0) {
        for (const SimulatedSymbol& symbol : symbols) {
            for (const Liquidity& venue : symbol.venues) {
                if (venue.shape() == Shape::poisson || venue.shape() == Shape::exponential) continue;
                max_liquidity = std::max(max_liquidity, venue.max_liquidity());
            }
        }
        if (max_liquidity == 0) max_liquidity = 2 * options.volume;
    }
    SLIPCAST_TRY(grid, PowerLawGrid::create(max_liquidity));
    return Trials(symbols, options, std::move(algorithms), std::move(grid)).run(progress);
}

}  // namespace slipcast::venue
