#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "columns.hpp"
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

Table table_of(const std::map<std::string, Range>& ranges) {
    std::vector<std::string> venue;
    std::vector<std::int64_t> symbols;
    std::vector<std::int64_t> negative;
    std::vector<std::int64_t> sent;
    std::array<std::vector<double>, 4> numbers;
    for (const auto& [name, range] : ranges) {
        venue.push_back(name);
        symbols.push_back(range.symbols);
        negative.push_back(range.negative);
        sent.push_back(range.sent);
        const std::array<double, 4> row{range.least_zero_bin, range.most_zero_bin, range.least_exponent,
                                        range.most_exponent};
        for (std::size_t k = 0; k < row.size(); ++k) numbers[k].push_back(row[k]);
    }
    using detail::column;
    Table table("ranges");
    table.add(column("venue", "", std::move(venue), "Venue"));
    table.add(column("symbols", "", std::move(symbols), "Symbols fitted here"));
    table.add(column("least_zero_bin", "", std::move(numbers[0]), "Smallest zero bin of a symbol"));
    table.add(column("most_zero_bin", "", std::move(numbers[1]), "Largest zero bin of a symbol"));
    table.add(column("least_exponent", "", std::move(numbers[2]), "Smallest exponent of a symbol"));
    table.add(column("most_exponent", "", std::move(numbers[3]), "Largest exponent of a symbol"));
    table.add(column("negative_exponents", "", std::move(negative), "Symbols whose exponent is below zero"));
    table.add(column("largest_observed", "lots", std::move(sent), "Every symbol was sent at least this size here"));
    return table;
}

}  // namespace

Result<SimulatorFromLog> simulator_from_log(std::span<const PairLog> logs) {
    if (logs.empty()) return invalid_value("log", "0 pairs", "must hold at least one pair of symbol and venue");
    SimulatorFromLog made;
    std::map<std::string, std::map<std::string, Fit>> by_symbol;
    std::set<std::string> venues;
    for (const PairLog& log : logs) {
        SLIPCAST_TRY(fitted, fit(log.observations));
        venues.insert(log.venue);
        if (fitted.identified()) {
            by_symbol[log.symbol].emplace(log.venue, std::move(fitted));
        } else {
            ++made.left_out;
        }
    }
    std::map<std::string, Range> ranges;
    made.largest_order = kLargestSize;
    for (const auto& [symbol, fits] : by_symbol) {
        if (fits.size() < venues.size()) {
            made.left_out += static_cast<std::int64_t>(fits.size());
            continue;
        }
        made.symbols.push_back({.symbol = symbol, .venues = {}});
        for (const auto& [venue, fitted] : fits) {
            made.symbols.back().venues.push_back(fitted.liquidity());
            ranges[venue].add(fitted);
            made.largest_order = std::min(made.largest_order, fitted.largest_sent());
        }
    }
    if (made.symbols.empty()) {
        return Error{.code = ErrorCode::not_identified,
                     .field = "log",
                     .value = fmt::format("{} pairs", logs.size()),
                     .rule = "must hold a symbol whose shape is identified at every venue",
                     .place = {}};
    }
    made.ranges = table_of(ranges);
    return made;
}

Result<void> require_observed(const SimulatorFromLog& simulator, std::int64_t volume) {
    if (volume <= simulator.largest_order) return {};
    return Error{
        .code = ErrorCode::not_identified,
        .field = "volume",
        .value = fmt::format("{}", volume),
        .rule = fmt::format("must not exceed {} lots, the largest size that every venue of the log was sent: what "
                            "it would have filled of more the log cannot say",
                            simulator.largest_order),
        .place = {}};
}

}  // namespace slipcast::venue
