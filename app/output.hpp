#pragma once

#include <filesystem>
#include <string>

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

/// Refuses a folder that exists and holds something: a dataset is written into a folder of its own, because files of
/// an older one beside it would be read as part of it.
Result<void> require_new_folder(const std::filesystem::path& folder);

/// Writes every instrument's tape, a window at a time.
Result<void> write_tape(const market::Dataset& dataset, const std::filesystem::path& folder, const Progress& progress);

/// Makes the tape files of `from` appear in `to` as well: hard links where the file system can, else copies.
Result<void> link_tape(const std::filesystem::path& from, const std::filesystem::path& to);

/// The tape that a replay shows, written to files as it is made.
class FileTapeSink final : public sim::TapeSink {
public:
    /// names: those of the market that will be replayed, with the venues of the replay.
    FileTapeSink(std::unique_ptr<io::TapeWriter> writer, market::Names names)
        : writer_(std::move(writer)), names_(std::move(names)) {}
    Result<void> append(InstrumentId instrument, const sim::TapeChunk& chunk) override;
    Result<void> finish() { return writer_->finish(); }

private:
    std::unique_ptr<io::TapeWriter> writer_;
    market::Names names_;
};

}  // namespace slipcast::app
