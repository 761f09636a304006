#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "measurement.hpp"
#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/io/import.hpp"

namespace slipcast::app {
namespace {

/// The files of a folder with one of the extensions, by name.
std::vector<std::filesystem::path> files_with(const std::filesystem::path& folder,
                                              const std::vector<std::string>& extensions) {
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator{folder, failed}) {
        const std::string extension = entry.path().extension().string();
        if (std::find(extensions.begin(), extensions.end(), extension) != extensions.end()) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

struct Quickstart {
    OutputOptions output;
    std::filesystem::path folder;
    tca::MeasureOptions options;

    /// The dataset folder to measure: the user's own, or what its mapping makes of it.
    Result<std::filesystem::path> dataset() const {
        std::error_code failed;
        if (!std::filesystem::is_directory(folder, failed)) {
            return Error{.code = ErrorCode::not_found,
                         .field = "DIR",
                         .value = folder.string(),
                         .rule = "must be a folder",
                         .place = {}};
        }
        const auto mappings = files_with(folder, {".toml"});
        if (mappings.empty()) return folder;
        if (mappings.size() > 1) {
            return invalid_value("mapping", fmt::format("{} and {}", mappings[0].string(), mappings[1].string()),
                                 "one mapping a folder: keep one .toml file");
        }
        const std::filesystem::path imported = output.out / "data";
        std::filesystem::remove_all(imported, failed);
        spdlog::info("importing by {}", mappings.front().string());
        SLIPCAST_TRY(quality, io::import_table(files_with(folder, {".csv", ".parquet"}), mappings.front(), imported,
                                               terminal_progress(output)));
        if (quality.quarantined() > 0) fmt::print("import\n{}\n", to_text(quality));
        return imported;
    }

    Exit run() {
        start_log(output);
        if (output.out.empty()) output.out = folder / "slipcast";
        const auto data = dataset();
        if (!data) return refuse(data.error());
        OutputOptions tables = output;
        tables.out = output.out / "tables";
        const ResultFiles files{
            .workbook = output.out / "tables.xlsx", .page = output.out / "report.html", .title = {}};
        const Exit exit = measure_and_show(*data, options, tables, files);
        if (exit == Exit::done || exit == Exit::quarantined) {
            fmt::print("\nThe page: {}\n", files.page.string());
        }
        return exit;
    }
};

}  // namespace

void add_quickstart(Program& program) {
    auto command = std::make_shared<Quickstart>();
    CLI::App& app = program.command(
        program.root(),
        {.name = "quickstart",
         .summary = "your own folder in, one report out",
         .explanation = "DIR holds the contract's tables (orders, fills, quotes, trades, instruments as Parquet or "
                        "CSV), or your own "
                        "CSV or Parquet files beside one mapping (*.toml). Writes the page, the tables and a workbook.",
         .examples = {{"slipcast quickstart my-orders/", "writes my-orders/slipcast/report.html"},
                      {"slipcast quickstart my-orders/ --out result/", ""}}},
        [command] { return command->run(); });
    app.add_option("DIR", command->folder, "your folder")->required();
    app.add_option("--out", command->output.out, "folder for page and tables (default DIR/slipcast)")->type_name("DIR");
    app.add_flag("--csv", command->output.csv, "CSV beside the Parquet tables");
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings()});
}

}  // namespace slipcast::app
