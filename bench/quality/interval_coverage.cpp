#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/tca/tca.hpp"
#include "support/raw_columns.hpp"

/// `quality_interval_coverage [WORLDS]`: how often the interval of the headline arrival cost holds the cost that the
/// simulated orders have on average, beside what it promises; and what a formula for independent orders would do.

namespace slipcast::bench {
namespace {

constexpr double kMeanBps = 5.0;
constexpr double kDayBps = 15.0;    // what orders of one symbol and day share
constexpr double kOwnBps = 20.0;    // scale of an order's own noise: Student t, 4 degrees of freedom
constexpr int kOrdersPerBlock = 8;  // a symbol-day
constexpr int kSymbols = 4;

struct World {
    market::Dataset dataset;
    double naive_half_width = 0.0;  ///< 1.96 standard errors of the weighted mean of independent orders
    double estimate = 0.0;
};

market::Instrument stock(market::Dataset& dataset, int symbol) {
    market::Instrument made;
    made.id = dataset.names.symbols.intern(fmt::format("S{}", symbol));
    made.market = dataset.names.labels.intern("XNYS");
    made.tick_size = PriceMove::from_units(10'000'000);
    made.lot_size = Quantity::from_units(1);
    made.value = ContractValue::create(0, "1", Currency::parse("USD").value()).value();
    made.as_of = Date::from_days(19'000);
    return made;
}

double student4(RandomStream& random) {
    const double normal = math::draw_normal(random);
    double square = 0.0;
    for (int i = 0; i < 4; ++i) square += std::pow(math::draw_normal(random), 2);
    return normal / std::sqrt(square / 4.0);
}

/// One order that pays `cost_bps` of 100.
void add_order(market::Dataset& dataset, InstrumentId instrument, Timestamp arrival, double cost_bps,
               std::int64_t quantity) {
    market::Order order;
    order.id = dataset.names.orders.intern(fmt::format("O{}", dataset.orders.size()));
    order.instrument = instrument;
    order.quantity = Quantity::from_units(quantity);
    order.arrival_time = arrival;
    market::Fill fill;
    fill.id = dataset.names.fills.intern(fmt::format("F{}", dataset.fills.size()));
    fill.order = order.id;
    fill.time = arrival + std::chrono::minutes{1};
    fill.price = Price::from_units(std::llround(100e9 * (1.0 + cost_bps * 1e-4)));
    fill.quantity = order.quantity;
    fill.fee = Money::from_units(0, dataset.instrument(instrument).value.currency());
    dataset.orders.push_back(order);
    dataset.fills.push_back(fill);
}

World world(int days, std::uint64_t seed) {
    RandomStream random(seed, "bench.interval_coverage");
    World made;
    auto tape = std::make_shared<market::MemoryTape>();
    std::vector<market::Session> sessions;
    std::vector<market::MemoryTape::Series> series(kSymbols);
    double weights = 0.0, squares = 0.0, sum = 0.0;
    std::vector<std::pair<double, double>> terms;
    for (int symbol = 0; symbol < kSymbols; ++symbol) {
        made.dataset.instruments.push_back(stock(made.dataset, symbol));
        made.dataset.instrument_days.push_back(made.dataset.instruments.back());
    }
    for (int day = 0; day < days; ++day) {
        market::Session session;
        session.market = made.dataset.instruments.front().market;
        session.date = Date::from_days(19'000 + day);
        session.open = Timestamp::from_ns((19'000LL + day) * 86'400'000'000'000) + std::chrono::hours{14};
        session.close = session.open + std::chrono::hours{6};
        sessions.push_back(session);
        for (int symbol = 0; symbol < kSymbols; ++symbol) {
            auto& quotes = series[static_cast<std::size_t>(symbol)].quotes;
            for (const Timestamp time : {session.open, session.close - std::chrono::seconds{1}}) {
                quotes.push(time, Price::from_units(99'990'000'000), Price::from_units(100'010'000'000),
                            Quantity::from_units(100), Quantity::from_units(100));
            }
            const double shared = kDayBps * math::draw_normal(random);
            for (int i = 0; i < kOrdersPerBlock; ++i) {
                const double cost = kMeanBps + shared + kOwnBps * student4(random);
                const auto quantity = std::llround(1'000.0 * std::exp(math::draw_normal(random)));
                const auto after = std::chrono::seconds{60 + static_cast<int>(20'000.0 * random.next_uniform())};
                add_order(made.dataset, InstrumentId::from_index(symbol), session.open + after, cost,
                          std::max<std::int64_t>(1, quantity));
                const auto weight = static_cast<double>(quantity);
                terms.emplace_back(weight, cost);
                weights += weight;
                sum += weight * cost;
            }
        }
    }
    for (int symbol = 0; symbol < kSymbols; ++symbol) {
        const auto added = tape->add(InstrumentId::from_index(symbol), series[static_cast<std::size_t>(symbol)]);
        if (!added) fail(added.error().message());
    }
    made.dataset.tape = tape;
    made.dataset.sessions = market::SessionCalendar(std::move(sessions));
    made.estimate = sum / weights;
    for (const auto& [weight, cost] : terms) squares += std::pow(weight * (cost - made.estimate), 2);
    made.naive_half_width = 1.96 * std::sqrt(squares) / weights;
    return made;
}

constexpr std::array kLevels{0.50, 0.80, 0.95};

struct Coverage {
    std::array<int, 3> hits{};
    int naive = 0;
    int worlds = 0;
    double blocks = 0.0;
    std::string kind;
};

Coverage coverage(int days, int worlds) {
    Coverage found;
    for (int w = 0; w < worlds; ++w) {
        const World made = world(days, static_cast<std::uint64_t>(1'000 * days + w));
        tca::MeasureOptions options;
        options.resamples = 100;
        options.markouts = {"1min"};
        const auto measured = tca::measure(made.dataset, options);
        if (!measured) fail(measured.error().message());
        for (std::size_t k = 0; k < kLevels.size(); ++k) {
            tca::GroupOptions by;
            by.by = {"currency"};
            by.confidence = kLevels[k];
            by.seed = static_cast<std::uint64_t>(w);
            const auto groups = tca::group_summary(*measured->find("orders"), by);
            if (!groups) fail(groups.error().message());
            const Column& low = *groups->find("low");
            if (!low.is_valid(0)) fail("no interval");
            const double from = std::get<std::vector<double>>(low.data)[0];
            const double to = std::get<std::vector<double>>(groups->find("high")->data)[0];
            found.hits[k] += from <= kMeanBps && kMeanBps <= to ? 1 : 0;
            found.blocks = static_cast<double>(std::get<std::vector<std::int64_t>>(groups->find("blocks")->data)[0]);
            const auto& kinds = std::get<DictionaryColumn>(groups->find("block_kind")->data);
            found.kind = kinds.labels[static_cast<std::size_t>(kinds.code[0])];
        }
        found.naive += std::abs(made.estimate - kMeanBps) <= made.naive_half_width ? 1 : 0;
        ++found.worlds;
    }
    return found;
}

}  // namespace
}  // namespace slipcast::bench

int main(int argc, char** argv) {
    using namespace slipcast::bench;
    const int worlds = argc > 1 ? std::atoi(argv[1]) : 1'000;
    if (worlds < 1) fail("usage: quality_interval_coverage [WORLDS]");
    fmt::print("{} worlds of {} symbols; Monte Carlo error of a share: {:.1f} %\n", worlds, kSymbols,
               100.0 * 0.5 / std::sqrt(worlds));
    fmt::print(
        "| days | orders | blocks | 50 % | 80 % | 95 % | independent orders, 95 % |\n|---|---|---|---|---|---|---|\n");
    for (const int days : {1, 3, 5, 10, 30}) {
        const Coverage found = coverage(days, worlds);
        const auto share = [&](int hits) { return 100.0 * hits / found.worlds; };
        fmt::print("| {} | {} | {:.0f} {} | {:.1f} % | {:.1f} % | {:.1f} % | {:.1f} % |\n", days,
                   days * kSymbols * kOrdersPerBlock, found.blocks, found.kind, share(found.hits[0]),
                   share(found.hits[1]), share(found.hits[2]), share(found.naive));
    }
    return 0;
}
