// Writes the venue pages of a small suite, for the browser tests: make_venue_page FOLDER
// fits.html, split.html and learning.html; tails.txt has the numbers of the fits' figures.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "slipcast/report/venue_page.hpp"
#include "slipcast/venue/compare.hpp"

namespace {

using namespace slipcast;

Result<void> write(const std::filesystem::path& file, const Result<std::string>& text) {
    if (!text) return text.error();
    std::ofstream out(file, std::ios::binary);
    out << *text;
    if (out.good()) return {};
    return Error{
        .code = ErrorCode::io_failure, .field = file.string(), .value = "", .rule = "cannot be written", .place = {}};
}

/// Two symbols at two venues; misses with a minimum at the last, so that one figure has no band.
Result<venue::PairFits> small_fits() {
    venue::SuiteOptions suite;
    suite.symbols = 2;
    suite.venues = 2;
    suite.observations = 200;
    SLIPCAST_TRY(logs, venue::synthetic_suite(suite));
    logs.back().observations.push_back({.sent = 400, .filled = 0, .min_quantity = 100});
    return venue::fit_pairs(logs, {.max_liquidity = suite.max_liquidity()});
}

/// size, fit, Kaplan-Meier a row, as the tables have them.
std::string tails_text(const Table& tails) {
    const auto& size = std::get<std::vector<std::int64_t>>(tails.find("size")->data);
    const auto& fit = std::get<std::vector<double>>(tails.find("prob_at_least")->data);
    const auto& curve = std::get<std::vector<double>>(tails.find("kaplan_meier")->data);
    std::string text;
    char line[96];
    for (std::size_t row = 0; row < size.size(); ++row) {
        std::snprintf(line, sizeof line, "%lld %.17g %.17g\n", static_cast<long long>(size[row]), fit[row], curve[row]);
        text += line;
    }
    return text;
}

Result<void> pages(const std::filesystem::path& folder) {
    SLIPCAST_TRY(fits, small_fits());
    SLIPCAST_CHECK(write(folder / "fits.html", report::document(report::fits_document(fits, 0.95, "a small suite"))));
    SLIPCAST_CHECK(write(folder / "tails.txt", tails_text(fits.tails)));
    SLIPCAST_TRY(first, venue::Liquidity::power_law(0.8, 0.7, 10'000));
    SLIPCAST_TRY(second, venue::Liquidity::power_law(0.67, 1.3, 10'000));
    SLIPCAST_TRY(allocator, venue::Allocator::create({{.liquidity = first}, {.liquidity = second}}));
    venue::Split split;
    SLIPCAST_CHECK(allocator.allocate(8'000, split));
    const std::vector<std::string> names{"A", "B"};
    SLIPCAST_CHECK(write(folder / "split.html", report::document(report::split_document(allocator, split, names))));
    SLIPCAST_TRY(suite, venue::simulated_suite({.symbols = 2, .venues = 3}));
    venue::SimulateOptions options;
    options.episodes = 400;
    options.trials = 3;
    options.switch_at = 200;
    options.half_life_orders = 2;
    SLIPCAST_TRY(learned, venue::simulate(suite, options));
    return write(folder / "learning.html",
                 report::document(report::learning_document(learned, options, "a small suite")));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: make_venue_page FOLDER\n", stderr);
        return 2;
    }
    if (const auto done = pages(arguments[1]); !done) {
        std::fprintf(stderr, "%s\n", done.error().message().c_str());
        return 1;
    }
    return 0;
}
