#include "measurement.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "output.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/libraries.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/market/quality_tables.hpp"
#include "slipcast/report/page.hpp"

namespace slipcast::app {
namespace {

Result<void> write_results(const tca::Measurement& result, const market::Dataset& dataset, const OutputOptions& output,
                           const ResultFiles& files) {
    if (!output.out.empty()) {
        SLIPCAST_CHECK(io::write_tables(result.tables, output.out, output.csv, result.provenance));
        SLIPCAST_CHECK(
            io::write_tables({market::quarantine_table(dataset.quality)}, output.out, output.csv, result.provenance));
        spdlog::info("wrote {} tables to {}", result.tables.size(), output.out.string());
    }
    if (!files.workbook.empty()) {
        SLIPCAST_CHECK(io::write_workbook(result.tables, files.workbook, result.provenance, output.out));
        spdlog::info("wrote {}", files.workbook.string());
    }
    if (!files.page.empty()) {
        report::PageOptions options;
        if (!files.title.empty()) options.title = files.title;
        options.execution_charts = files.execution_charts;
        SLIPCAST_TRY(page, report::page(result, dataset, options));
        SLIPCAST_CHECK(write_text(files.page, page));
        spdlog::info("wrote {}", files.page.string());
    }
    return {};
}

void print_headline(const tca::Measurement& result, const OutputOptions& output) {
    if (output.json) {
        fmt::print("{}", to_json(result.tables));
        return;
    }
    fmt::print("data quality\n{}", to_text(result.quality));
    for (const char* name : {"summary", "shortfall"}) {
        if (const Table* table = result.find(name)) fmt::print("\n{}\n{}", name, to_text(*table));
    }
    fmt::print("\nprovenance\n");
    for (const auto& [key, value] : result.provenance) fmt::print("  {}: {}\n", key, value);
}

}  // namespace

Exit measure_and_show(const std::filesystem::path& folder, const tca::MeasureOptions& options,
                      const OutputOptions& output, const ResultFiles& files) {
    start_log(output);
    if (const auto apart = require_apart(folder, output.out); !apart) return refuse(apart.error());
    io::keep_no_large_blocks();
    const Progress progress = terminal_progress(output);
    const auto dataset = io::open_dataset(folder, progress);
    if (!dataset) return refuse(dataset.error());
    spdlog::info("read {}: {} instruments, {} orders, {} fills", folder.string(), dataset->instruments.size(),
                 dataset->orders.size(), dataset->fills.size());
    io::release_memory();
    const auto result = tca::measure(*dataset, options, progress);
    if (!result) return refuse(result.error());
    io::release_memory();
    if (const auto written = write_results(*result, *dataset, output, files); !written) return refuse(written.error());
    print_headline(*result, output);
    return exit_for(dataset->quality, output);
}

}  // namespace slipcast::app
