#include "file_tape.hpp"

#include <utility>

#include "slipcast/interchange/grouped_tape.hpp"

namespace slipcast::python {
namespace {

using interchange::TapeFileInfo;
using interchange::TapeGroup;

/// A Python object that any thread may let go of.
std::shared_ptr<const nb::object> shared_object(const nb::object& object) {
    return {new nb::object(object), [](const nb::object* held) {
                const nb::gil_scoped_acquire gil;
                delete held;
            }};
}

/// What went wrong in Python while a row group was read. A Ctrl-C is raised again when the engine is back in Python.
Error failure_of(const nb::python_error& raised, const TapeFileInfo& file) {
    if (raised.matches(PyExc_KeyboardInterrupt)) {
        PyErr_SetInterrupt();
        return {ErrorCode::interrupted, "tape", "", "the caller asked to stop", {file.shown, 0, {}}};
    }
    return {ErrorCode::malformed, "file", "", raised.what(), {file.shown, 0, {}}};
}

/// A file whose row groups Python reads.
class PythonTapeFile final : public interchange::TapeFile {
public:
    PythonTapeFile(TapeFileInfo info, std::shared_ptr<const nb::object> read)
        : info_(std::move(info)), read_(std::move(read)) {}

    [[nodiscard]] const TapeFileInfo& info() const override { return info_; }
    [[nodiscard]] Result<std::shared_ptr<const TapeGroup>> read(
        std::size_t at, const market::NamePool<VenueId>& venues) const override {
        SLIPCAST_TRY(stream, taken_stream(at));
        return interchange::decode_group(stream, info_, venues);
    }

private:
    /// Takes the stream out of the capsule that Python made, so that it is decoded without holding Python up.
    [[nodiscard]] Result<ArrowArrayStream> taken_stream(std::size_t at) const {
        const nb::gil_scoped_acquire gil;
        try {
            const nb::object capsule = (*read_)(at);
            ArrowArrayStream* stream = stream_of(capsule);
            ArrowArrayStream taken = *stream;
            stream->release = nullptr;
            return taken;
        } catch (const nb::python_error& raised) {
            return failure_of(raised, info_);
        }
    }

    TapeFileInfo info_;
    std::shared_ptr<const nb::object> read_;
};

void flag(market::DatasetDraft& draft, const TapeFileInfo& file, std::int64_t rows, const char* rule) {
    if (rows == 0) return;
    draft.quality.add_flagged(
        {"quotes", market::Disposition::flagged, {ErrorCode::inconsistent, "bid", "", rule, {file.shown, 0, {}}}},
        rows);
}

Result<TapeFileInfo> info_of(const TapeFile& found) {
    const auto& [shown, texts, rows, groups, read] = found;
    auto metadata = interchange::TapeMetadata::from_map(texts);
    if (!metadata) {
        Error error = metadata.error();
        error.place.file = shown;
        return error;
    }
    TapeFileInfo info{.shown = shown, .metadata = *std::move(metadata), .groups = {}, .rows = rows};
    for (const auto& [begin, end] : groups) info.groups.push_back({Timestamp::from_ns(begin), Timestamp::from_ns(end)});
    return info;
}

}  // namespace

Result<std::shared_ptr<const market::TapeSource>> open_file_tape(const std::vector<TapeFile>& files,
                                                                 market::DatasetDraft& draft) {
    auto tape = std::make_shared<interchange::GroupedTape>();
    bool has_quotes = false, has_trades = false;
    for (const TapeFile& found : files) {
        SLIPCAST_TRY(file, info_of(found));
        for (const std::string& venue : file.metadata.venues) draft.names.venues.intern(venue);
        const InstrumentId id = draft.names.symbols.intern(file.metadata.symbol);
        draft.quality.count_read(file.is_quotes() ? "quotes" : "trades", file.rows);
        flag(draft, file, file.metadata.crossed, "crossed: bid above ask (kept)");
        flag(draft, file, file.metadata.locked, "locked: bid equals ask (kept)");
        (file.is_quotes() ? has_quotes : has_trades) = true;
        SLIPCAST_CHECK(
            tape->add(id, std::make_unique<PythonTapeFile>(std::move(file), shared_object(std::get<4>(found)))));
    }
    if (!has_quotes) draft.missing_columns.emplace_back("quotes");
    if (!has_trades) draft.missing_columns.emplace_back("trades");
    tape->use_venues(draft.names.venues);
    return std::shared_ptr<const market::TapeSource>(std::move(tape));
}

}  // namespace slipcast::python
