#include "output.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace slipcast::app {
namespace {

Error failure(const std::filesystem::path& file, const std::string& what) {
    return {.code = ErrorCode::io_failure, .field = "file", .value = file.string(), .rule = what, .place = {}};
}

Result<void> link_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code failed;
    std::filesystem::create_hard_link(from, to, failed);
    if (failed) std::filesystem::copy_file(from, to, failed);
    if (failed) return failure(to, failed.message());
    return {};
}

/// quotes.parquet, trades/, gaps.csv ...: what a tape consists of in a dataset folder.
bool is_tape(const std::filesystem::path& file) {
    const std::string stem = file.stem().string();
    return stem == "quotes" || stem == "trades" || stem == "gaps";
}

/// Without links, points and a last slash; as far as the path exists.
std::filesystem::path real_path(const std::filesystem::path& path) {
    std::error_code failed;
    const std::filesystem::path real = std::filesystem::weakly_canonical(std::filesystem::absolute(path), failed);
    return real.has_filename() ? real : real.parent_path();
}

}  // namespace

void start_log(const OutputOptions& options) {
    auto log = spdlog::get("slipcast");
    if (!log) log = spdlog::stderr_color_mt("slipcast");
    log->set_pattern("%H:%M:%S  %v");
    log->set_level(options.quiet ? spdlog::level::warn : spdlog::level::info);
    spdlog::set_default_logger(log);
}

Result<void> write_text(const std::filesystem::path& file, const std::string& text) {
    std::error_code failed;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), failed);
    if (failed) return failure(file.parent_path(), failed.message());
    std::filesystem::path partial = file;
    partial += ".partial";
    {
        std::ofstream out{partial, std::ios::binary | std::ios::trunc};
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        out.close();
        if (!out) return failure(partial, "cannot be written");
    }
    std::filesystem::rename(partial, file, failed);
    if (failed) return failure(file, failed.message());
    return {};
}

Result<void> write_page(const std::filesystem::path& file, const Result<std::string>& page) {
    if (!page) return page.error();
    SLIPCAST_CHECK(write_text(file, *page));
    spdlog::info("wrote {}", file.string());
    return {};
}

Result<void> require_new_folder(const std::filesystem::path& folder) {
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed)) return {};
    if (std::filesystem::is_directory(folder, failed) && std::filesystem::is_empty(folder, failed)) return {};
    return invalid_value("out", folder.string(), "must be a new or empty folder: a dataset lives in one of its own");
}

Result<void> require_apart(const std::filesystem::path& dataset, const std::filesystem::path& out) {
    std::error_code failed;
    if (out.empty() || !std::filesystem::is_directory(dataset, failed)) return {};
    const std::filesystem::path home = real_path(dataset), place = real_path(out);
    if (place != home && place.parent_path() != home) return {};
    return invalid_value("out", out.string(),
                         fmt::format("must not be the dataset folder {} or directly in it: its tables would be read as "
                                     "part of the dataset; take a folder beside it",
                                     dataset.string()));
}

Result<void> write_tape(const market::Dataset& dataset, const std::filesystem::path& folder, const Progress& progress) {
    SLIPCAST_TRY(writer, io::TapeWriter::create(folder));
    constexpr Duration kWindow = std::chrono::hours{1};
    const auto total = static_cast<std::int64_t>(dataset.instruments.size());
    for (std::int64_t i = 0; i < total; ++i) {
        const InstrumentId id = InstrumentId::from_index(static_cast<std::int32_t>(i));
        const TimeRange extent = dataset.tape->extent(id);
        for (Timestamp begin = extent.begin; begin < extent.end; begin = begin + kWindow) {
            if (progress && !progress("writing the tape", i, total)) {
                return Error{
                    .code = ErrorCode::interrupted, .field = "tape", .value = {}, .rule = "stopped", .place = {}};
            }
            SLIPCAST_TRY(slice, dataset.tape->load(id, {begin, std::min(begin + kWindow, extent.end)}));
            SLIPCAST_CHECK(writer->append(dataset.names.symbols.name(id), slice.quotes, slice.trades, slice.gaps,
                                          slice.quotes_indicative, dataset.names));
        }
    }
    if (progress) progress("writing the tape", total, total);
    return writer->finish();
}

Result<void> link_tape(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code failed;
    std::filesystem::create_directories(to, failed);
    for (const auto& entry : std::filesystem::directory_iterator{from, failed}) {
        if (!is_tape(entry.path())) continue;
        const std::filesystem::path target = to / entry.path().filename();
        if (!entry.is_directory()) {
            SLIPCAST_CHECK(link_file(entry.path(), target));
            continue;
        }
        std::filesystem::create_directories(target, failed);
        for (const auto& file : std::filesystem::directory_iterator{entry.path(), failed}) {
            SLIPCAST_CHECK(link_file(file.path(), target / file.path().filename()));
        }
    }
    if (failed) return failure(from, failed.message());
    return {};
}

Result<void> FileTapeSink::append(InstrumentId instrument, const sim::TapeChunk& chunk) {
    const auto index = static_cast<std::size_t>(instrument.index());
    if (writers_.size() <= index) writers_.resize(index + 1);
    if (!writers_[index]) {
        SLIPCAST_TRY(created, io::TapeWriter::create(folder_));
        writers_[index] = std::move(created);
    }
    return writers_[index]->append(names_.symbols.name(instrument), chunk.quotes.view(), chunk.trades.view(),
                                   chunk.gaps, chunk.quotes_indicative, names_);
}

Result<void> FileTapeSink::finish() {
    for (const auto& writer : writers_) {
        if (writer) SLIPCAST_CHECK(writer->finish());
    }
    return {};
}

}  // namespace slipcast::app
