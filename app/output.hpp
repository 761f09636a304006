#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/io/tape_files.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/sim/tape_sink.hpp"
#include "surface.hpp"

namespace slipcast::app {

/// Starts the log on standard error: facts of the run, one line each, with the time; nothing but warnings when quiet.
void start_log(const OutputOptions& options);

/// Writes `text` under its name only when whole; makes the folders above it.
Result<void> write_text(const std::filesystem::path& file, const std::string& text);

/// Writes a page that was made, and says so; a page that was refused is the result.
Result<void> write_page(const std::filesystem::path& file, const Result<std::string>& page);

/// Refuses a folder that exists and holds something: a dataset is written into a folder of its own, because files of
/// an older one beside it would be read as part of it.
Result<void> require_new_folder(const std::filesystem::path& folder);

/// Refuses a folder for tables, or a file of one, where a dataset folder would be read with it: that folder itself, and
/// whatever stands directly in it. An empty `out` writes nothing; a `dataset` that is a file has no folder.
Result<void> require_apart(const std::filesystem::path& dataset, const std::filesystem::path& out);

/// Writes every instrument's tape, a window at a time.
Result<void> write_tape(const market::Dataset& dataset, const std::filesystem::path& folder, const Progress& progress);

/// Makes the tape files of `from` appear in `to` as well: hard links where the file system can, else copies.
Result<void> link_tape(const std::filesystem::path& from, const std::filesystem::path& to);

/// The tape that a replay shows, written to files as it is made. A replay walks all instruments in time order and a
/// TapeWriter takes one instrument after the other, so each instrument has a writer of its own.
class FileTapeSink final : public sim::TapeSink {
public:
    /// names: those of the market that will be replayed, with the venues of the replay.
    FileTapeSink(std::filesystem::path folder, market::Names names)
        : folder_(std::move(folder)), names_(std::move(names)) {}
    Result<void> append(InstrumentId instrument, const sim::TapeChunk& chunk) override;
    /// Gives every file its name.
    Result<void> finish();

private:
    std::filesystem::path folder_;
    market::Names names_;
    std::vector<std::unique_ptr<io::TapeWriter>> writers_;  ///< by instrument; null = no row yet
};

}  // namespace slipcast::app
