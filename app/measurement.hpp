#pragma once

#include <filesystem>
#include <string>

#include "slipcast/market/dataset.hpp"
#include "slipcast/report/page.hpp"
#include "slipcast/tca/measure.hpp"
#include "surface.hpp"

namespace slipcast::app {

/// Where a measurement goes besides the terminal; an empty path = not asked for.
struct ResultFiles {
    std::filesystem::path workbook;                                          ///< XLSX
    std::filesystem::path page;                                              ///< HTML
    std::string title;                                                       ///< of the page
    std::int64_t execution_charts = report::PageOptions{}.execution_charts;  ///< worst orders drawn, at most
};

/// Opens the dataset, measures it, writes what was asked for and prints the headline.
[[nodiscard]] Exit measure_and_show(const std::filesystem::path& folder, const tca::MeasureOptions& options,
                                    const OutputOptions& output, const ResultFiles& files);

}  // namespace slipcast::app
