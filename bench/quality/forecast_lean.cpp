#include <cstdio>
#include <filesystem>

#include "quality/print_table.hpp"
#include "slipcast/forecast/score.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/import.hpp"
#include "support/raw_columns.hpp"
#include "support/stopwatch.hpp"

/// `quality_forecast_lean LEAN_ROOT OUT`: imports the tape to OUT unless it is there, and scores forecasts on it.
int main(int argc, char** argv) {
    using namespace slipcast;
    if (argc != 3) bench::fail("usage: quality_forecast_lean LEAN_ROOT OUT");
    const std::filesystem::path out = argv[2];
    if (!std::filesystem::exists(out / "instruments.parquet")) {
        const auto imported = io::import_lean(argv[1], out);
        if (!imported) bench::fail(imported.error().message());
    }
    const auto dataset = io::open_dataset(out);
    if (!dataset) bench::fail(dataset.error().message());
    const bench::Stopwatch watch;
    auto history = forecast::collect(*dataset);
    if (!history) bench::fail(history.error().message());
    const double seconds = watch.cpu_s();
    bench::print_markdown(forecast::forecast_scores(forecast::Forecaster(std::move(history).value())));
    std::printf("history collected in %.2f CPU s, peak memory %.2f GB\n", seconds, bench::peak_bytes() / 1e9);
    return 0;
}
