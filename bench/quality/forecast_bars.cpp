#include <string_view>

#include "quality/bar_market.hpp"
#include "quality/print_table.hpp"
#include "slipcast/forecast/score.hpp"
#include "support/raw_columns.hpp"

/// `quality_forecast_bars FOLDER`: forecasts of volume and volatility on minute bars, scored out of sample.
int main(int argc, char** argv) {
    using namespace slipcast;
    if (argc < 2) bench::fail("usage: quality_forecast_bars FOLDER [SETTING=VALUE]... (see bar_columns.py)");
    forecast::ForecastOptions options;
    for (int i = 2; i < argc; ++i) {
        const std::string_view text = argv[i];
        const auto set = options.settings().set(text.substr(0, text.find('=')), text.substr(text.find('=') + 1));
        if (!set) bench::fail(set.error().message());
    }
    const market::Dataset dataset = bench::bar_market(argv[1]);
    auto history = forecast::collect(dataset, options);
    if (!history) bench::fail(history.error().message());
    const forecast::Forecaster forecaster(std::move(history).value());
    bench::print_markdown(forecast::forecast_scores(forecaster));
    return 0;
}
