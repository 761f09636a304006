// Writes the venue pages of a small suite, for the browser tests: make_venue_page FOLDER
// fits.html, split.html (two venues), many.html (twenty), minimums.html (a search that stops early), learning.html and
// varying.html (every algorithm, orders of varying size, a switch). tails.txt has the numbers of the fits' figures,
// NAME.txt those of a split, curves.txt those of varying.html.
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

std::string cell(const Table& table, std::size_t row, const char* name) {
    const Column& column = *table.find(name);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.data)) return (*texts)[row];
    char text[40];
    if (const auto* numbers = std::get_if<std::vector<double>>(&column.data)) {
        std::snprintf(text, sizeof text, "%.17g", (*numbers)[row]);
    } else {
        std::snprintf(text, sizeof text, "%lld",
                      static_cast<long long>(std::get<std::vector<std::int64_t>>(column.data)[row]));
    }
    return text;
}

std::string columns_text(const Table& table, const std::vector<const char*>& names) {
    std::string text;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (const char* name : names) text += cell(table, row, name) + (name == names.back() ? "\n" : " ");
    }
    return text;
}

Result<void> split_page(const std::filesystem::path& folder, const std::string& name, std::int64_t volume,
                        std::vector<venue::VenueTerms> venues, venue::AllocationOptions options = {}) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < venues.size(); ++i) names.push_back("V" + std::to_string(i + 1));
    SLIPCAST_TRY(allocator, venue::Allocator::create(std::move(venues), options));
    venue::Split split;
    SLIPCAST_CHECK(allocator.allocate(volume, split));
    const Table table = venue::explanation(allocator, split, names);
    SLIPCAST_CHECK(write(folder / (name + ".txt"),
                         columns_text(table, {"venue", "quantity", "expected_fill", "marginal_last", "threshold"})));
    return write(folder / (name + ".html"), report::document(report::split_document(allocator, split, names)));
}

Result<void> split_pages(const std::filesystem::path& folder) {
    SLIPCAST_TRY(first, venue::Liquidity::power_law(0.8, 0.7, 10'000));
    SLIPCAST_TRY(second, venue::Liquidity::power_law(0.67, 1.3, 10'000));
    SLIPCAST_CHECK(split_page(folder, "split", 8'000, {{.liquidity = first}, {.liquidity = second}}));
    std::vector<venue::VenueTerms> many;
    for (int i = 0; i < 20; ++i) {
        SLIPCAST_TRY(liquidity, venue::Liquidity::power_law(0.5 + 0.015 * i, 0.4 + 0.05 * i, 10'000));
        many.push_back({.liquidity = liquidity});
    }
    SLIPCAST_CHECK(split_page(folder, "many", 8'000, many));
    for (std::size_t i = 0; i < many.size(); ++i) many[i].min_quantity = 400 + 57 * static_cast<std::int64_t>(i);
    return split_page(folder, "minimums", 6'000, many, {.max_nodes = 5});
}

Result<void> learning_pages(const std::filesystem::path& folder) {
    SLIPCAST_TRY(suite, venue::simulated_suite({.symbols = 2, .venues = 3}));
    venue::SimulateOptions options;
    options.episodes = 400;
    options.trials = 3;
    options.half_life_orders = 2;
    SLIPCAST_TRY(plain, venue::simulate(suite, options));
    SLIPCAST_CHECK(write(folder / "learning.html",
                         report::document(report::learning_document(plain, suite, options, "a small suite"))));
    options.switch_at = 200;
    options.least_volume = 1'000;
    options.algorithms = {"all"};
    SLIPCAST_TRY(varying, venue::simulate(suite, options));
    SLIPCAST_CHECK(
        write(folder / "curves.txt",
              columns_text(varying.curves, {"algorithm", "episode", "fraction_of_ideal", "of_ideal_std_error",
                                            "fraction_executed", "executed_std_error", "cumulative_regret",
                                            "cumulative_regret_std_error", "half_life", "half_life_std_error"})));
    return write(folder / "varying.html",
                 report::document(report::learning_document(varying, suite, options, "a small suite")));
}

Result<void> pages(const std::filesystem::path& folder) {
    SLIPCAST_TRY(fits, small_fits());
    SLIPCAST_CHECK(write(folder / "fits.html", report::document(report::fits_document(fits, 0.95, "a small suite"))));
    SLIPCAST_CHECK(write(folder / "tails.txt", tails_text(fits.tails)));
    SLIPCAST_CHECK(split_pages(folder));
    return learning_pages(folder);
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
