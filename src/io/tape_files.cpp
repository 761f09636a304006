#include "slipcast/io/tape_files.hpp"

#include <arrow/c/bridge.h>

#include <utility>

#include "arrow_files.hpp"
#include "folder.hpp"
#include "slipcast/interchange/grouped_tape.hpp"
#include "sound_group.hpp"
#include "tape_index.hpp"

namespace slipcast::io {

namespace {

using interchange::TapeGroup;

/// A Parquet file of the tape: decoded straight into buffers when it is as TapeWriter writes it, else by the contract's
/// decoder, which says what is wrong.
class ParquetTapeFile final : public interchange::TapeFile {
public:
    ParquetTapeFile(detail::TapeFileIndex index, std::shared_ptr<detail::ColumnBuffers> buffers)
        : index_(std::move(index)), buffers_(std::move(buffers)) {}

    [[nodiscard]] const interchange::TapeFileInfo& info() const override { return index_; }
    [[nodiscard]] Result<std::shared_ptr<const TapeGroup>> read(
        std::size_t at, const market::NamePool<VenueId>& venues) const override {
        const int group = static_cast<int>(at);
        if (auto sound = detail::read_sound_group(index_, group, venues, *buffers_)) {
            return std::shared_ptr<const TapeGroup>(std::make_shared<TapeGroup>(*std::move(sound)));
        }
        SLIPCAST_TRY(stream, detail::read_row_group(index_.file, index_.shown, group));
        ArrowArrayStream exported{};
        if (const auto status = arrow::ExportRecordBatchReader(stream.reader, &exported); !status.ok()) {
            return detail::unreadable(status, index_.shown);
        }
        return interchange::decode_group(exported, index_, venues);
    }

private:
    detail::TapeFileIndex index_;
    std::shared_ptr<detail::ColumnBuffers> buffers_;  // of the whole tape
};

}  // namespace

Result<std::shared_ptr<const market::TapeSource>> open_tape(const std::filesystem::path& folder, market::Names& names) {
    auto tape = std::make_shared<interchange::GroupedTape>();
    const auto buffers = std::make_shared<detail::ColumnBuffers>();
    for (const std::string table : {"quotes", "trades"}) {
        SLIPCAST_TRY(files, detail::table_files_in(folder / table));
        for (const std::filesystem::path& file : files) {
            SLIPCAST_TRY(index, detail::read_tape_index(file, table + "/" + file.filename().string()));
            for (const std::string& venue : index.metadata.venues) names.venues.intern(venue);
            const InstrumentId id = names.symbols.intern(index.metadata.symbol);
            SLIPCAST_CHECK(tape->add(id, std::make_unique<ParquetTapeFile>(std::move(index), buffers)));
        }
    }
    tape->use_venues(names.venues);
    return std::shared_ptr<const market::TapeSource>(std::move(tape));
}

}  // namespace slipcast::io
