#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/fit.hpp"
#include "slipcast/venue/simulate.hpp"

namespace slipcast::venue {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Range {
    std::int64_t symbols = 0;
    double least_zero_bin = kInfinity;
    double most_zero_bin = -kInfinity;
    double least_exponent = kInfinity;
    double most_exponent = -kInfinity;
    std::int64_t negative = 0;
    std::int64_t sent = kLargestSize;

    void add(const Fit& fit) {
        ++symbols;
        least_zero_bin = std::min(least_zero_bin, fit.zero_bin());
        most_zero_bin = std::max(most_zero_bin, fit.zero_bin());
        least_exponent = std::min(least_exponent, fit.parameter());
        most_exponent = std::max(most_exponent, fit.parameter());
        negative += fit.parameter() < 0.0 ? 1 : 0;
        sent = std::min(sent, fit.largest_sent());
    }
};

Table table_of(const std::map<std::string, Range>& of_venue) {
    std::vector<std::string> venues;
    std::vector<Range> ranges;
    for (const auto& [name, range] : of_venue) {
        venues.push_back(name);
        ranges.push_back(range);
    }
    return TableBuilder("ranges", ranges.size())
        .add(plain("venue", "Venue"), std::move(venues))
        .add(plain("symbols", "Symbols fitted here"), of(ranges, &Range::symbols))
        .add(plain("least_zero_bin", "Smallest zero bin of a symbol"), of(ranges, known(&Range::least_zero_bin)))
        .add(plain("most_zero_bin", "Largest zero bin of a symbol"), of(ranges, known(&Range::most_zero_bin)))
        .add(plain("least_exponent", "Smallest exponent of a symbol"), of(ranges, known(&Range::least_exponent)))
        .add(plain("most_exponent", "Largest exponent of a symbol"), of(ranges, known(&Range::most_exponent)))
        .add(plain("negative_exponents", "Symbols whose exponent is below zero"), of(ranges, &Range::negative))
        .add(plain("largest_observed", "Every symbol was sent at least this size here", "lots"),
             of(ranges, &Range::sent))
        .take();
}

/// A pair that is not simulated.
struct Unused {
    std::string symbol;
    std::string venue;
    std::string reason;
};

Table table_of(const std::vector<Unused>& unused) {
    return TableBuilder("left_out", unused.size())
        .add(plain("symbol", "Symbol"), of(unused, &Unused::symbol))
        .add(plain("venue", "Venue"), of(unused, &Unused::venue))
        .add(plain("reason", "Why the pair is not simulated"), of(unused, &Unused::reason))
        .take();
}

}  // namespace

Result<SimulatorFromLog> simulator_from_log(std::span<const PairLog> logs) {
    if (logs.empty()) return invalid_value("log", "0 pairs", "must hold at least one pair of symbol and venue");
    SimulatorFromLog made;
    std::map<std::string, std::map<std::string, Fit>> by_symbol;
    std::vector<Unused> unused;
    for (const PairLog& log : logs) {
        SLIPCAST_TRY(fitted, fit(log.observations));
        if (fitted.identified()) {
            by_symbol[log.symbol].emplace(log.venue, std::move(fitted));
        } else {
            unused.push_back({log.symbol, log.venue, std::string{name(fitted.reason())}});
        }
    }
    std::map<std::string, Range> ranges;
    made.largest_order = kLargestSize;
    for (const auto& [symbol, fits] : by_symbol) {
        if (fits.size() < 2) {
            unused.push_back({symbol, fits.begin()->first, "only_venue"});
            continue;
        }
        SimulatedSymbol& simulated = made.symbols.emplace_back();
        simulated.symbol = symbol;
        for (const auto& [venue, fitted] : fits) {
            simulated.venues.push_back(fitted.liquidity());
            simulated.names.push_back(venue);
            simulated.largest_sent.push_back(fitted.largest_sent());
            ranges[venue].add(fitted);
            made.largest_order = std::min(made.largest_order, fitted.largest_sent());
        }
    }
    if (made.symbols.empty()) {
        return Error{.code = ErrorCode::not_identified,
                     .field = "log",
                     .value = fmt::format("{} pairs", logs.size()),
                     .rule = fmt::format("must hold a symbol whose shape is identified at two venues or more; {} at {} "
                                         "is left out: {}",
                                         unused.front().symbol, unused.front().venue, unused.front().reason),
                     .place = {}};
    }
    made.ranges = table_of(ranges);
    made.left_out = table_of(unused);
    return made;
}

}  // namespace slipcast::venue
