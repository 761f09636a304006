#include "sound_group.hpp"

#include <arrow/io/file.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "column_chunk.hpp"

namespace slipcast::io::detail {

namespace {

using namespace market;

/// Rows between Parquet and us at a time: levels and codes of so many stay in the innermost cache.
constexpr std::int64_t kChunk = 4096;
using Levels = std::array<std::int16_t, kChunk>;

template <typename T>
std::span<const T> viewed(std::span<const std::int64_t> values) {
    static_assert(sizeof(T) == sizeof(std::int64_t) && std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
    return {reinterpret_cast<const T*>(values.data()), values.size()};
}

// The sums below run over whole columns without a branch, so that they vectorize.

bool runs_forward(std::span<const std::int64_t> time) {
    bool backwards = false;
    for (std::size_t row = 1; row < time.size(); ++row) backwards |= time[row] < time[row - 1];
    return !backwards;
}

bool none_negative(std::span<const std::int64_t> values) {
    std::int64_t signs = 0;
    for (const std::int64_t value : values) signs |= value;
    return signs >= 0;
}

bool all_within(std::span<const std::int64_t> values, std::int64_t low, std::int64_t high) {
    bool outside = false;
    for (const std::int64_t value : values) outside |= value < low || value > high;
    return !outside;
}

/// The columns of one row group, each read whole. A function that returns nothing or false has met something that
/// TapeWriter does not write.
class GroupReader {
public:
    GroupReader(const TapeFileIndex& index, int group, ColumnBuffers& buffers)
        : index_(index), group_(group), scratch_(buffers.take_scratch()), about_(index.footer->RowGroup(group)) {
        PARQUET_ASSIGN_OR_THROW(file_, arrow::io::ReadableFile::Open(index.file.string()));
    }

    [[nodiscard]] std::int64_t rows() const { return about_->num_rows(); }
    [[nodiscard]] int columns() const { return schema().num_columns(); }
    [[nodiscard]] bool has(const std::string& name) const { return schema().ColumnIndex(name) >= 0; }

    /// Integer units, or of `time` nanoseconds in UTC, without a missing one.
    [[nodiscard]] bool read_units(const std::string& name, std::int64_t* out) const {
        const auto reader = int64_reader(name);
        if (reader == nullptr) return false;
        Levels levels;
        for (std::int64_t done = 0; done < rows();) {
            std::int64_t read = 0;
            const std::int64_t count =
                reader->ReadBatch(std::min(rows() - done, kChunk), levels.data(), nullptr, out + done, &read);
            if (count <= 0 || read != count) return false;
            done += count;
        }
        return !reader->HasNext();
    }

    /// Hands chunks of a text column over as `take(levels, codes, dictionary)`; `levels` are 0 where text is missing
    /// and `codes` those of the others.
    template <typename Take>
    [[nodiscard]] bool read_labels(const std::string& name, const Take& take) const {
        const int column = schema().ColumnIndex(name);
        if (!is_flat(column, parquet::Type::BYTE_ARRAY)) return false;
        // Codes without their texts come from Arrow's own reader alone.
        const auto file = parquet::ParquetFileReader::Open(file_, parquet::default_reader_properties(), index_.footer);
        const auto any = file->RowGroup(group_)->ColumnWithExposeEncoding(column, parquet::ExposedEncoding::DICTIONARY);
        if (any->GetExposedEncoding() != parquet::ExposedEncoding::DICTIONARY) return false;
        auto& reader = static_cast<parquet::ByteArrayReader&>(*any);
        Levels levels;
        std::array<std::int32_t, kChunk> codes{};
        for (std::int64_t done = 0; done < rows();) {
            std::int64_t read = 0;
            const parquet::ByteArray* labels = nullptr;
            std::int32_t label_count = 0;
            const std::int64_t count = reader.ReadBatchWithDictionary(
                std::min(rows() - done, kChunk), levels.data(), nullptr, codes.data(), &read, &labels, &label_count);
            if (count <= 0) return false;
            if (!take(std::span(levels).first(static_cast<std::size_t>(count)),
                      std::span(codes).first(static_cast<std::size_t>(read)),
                      std::span(labels, static_cast<std::size_t>(label_count))))
                return false;
            done += count;
        }
        return !reader.HasNext();
    }

    /// Whether every row is of `symbol`: the footer says so, or the rows do.
    [[nodiscard]] bool is_of(std::string_view symbol) const {
        const int column = schema().ColumnIndex("symbol");
        if (!is_flat(column, parquet::Type::BYTE_ARRAY)) return false;
        if (const auto known = about_->ColumnChunk(column)->statistics();
            known != nullptr && known->HasMinMax() && known->HasNullCount()) {
            const auto& labels = static_cast<const parquet::ByteArrayStatistics&>(*known);
            return labels.null_count() == 0 && std::string_view(labels.min()) == symbol &&
                   std::string_view(labels.max()) == symbol;
        }
        return read_labels("symbol", [&](auto levels, auto codes, auto labels) {
            if (codes.size() != levels.size() || labels.empty()) return false;
            const auto first = static_cast<std::size_t>(codes.front());
            std::int32_t others = 0;
            for (const std::int32_t code : codes) others |= code ^ codes.front();
            return others == 0 && first < labels.size() && std::string_view(labels[first]) == symbol;
        });
    }

private:
    [[nodiscard]] const parquet::SchemaDescriptor& schema() const { return *index_.footer->schema(); }
    [[nodiscard]] bool is_flat(int column, parquet::Type::type type) const {
        if (column < 0) return false;
        const parquet::ColumnDescriptor& about = *schema().Column(column);
        return about.physical_type() == type && about.max_repetition_level() == 0 && about.max_definition_level() <= 1;
    }
    [[nodiscard]] std::shared_ptr<parquet::Int64Reader> int64_reader(const std::string& name) const {
        const int column = schema().ColumnIndex(name);
        if (!is_flat(column, parquet::Type::INT64)) return nullptr;
        const auto& type = schema().Column(column)->logical_type();
        const bool is_right =
            name == "time" ? type->Equals(*parquet::LogicalType::Timestamp(true, parquet::LogicalType::TimeUnit::NANOS))
                           : type->is_none();
        if (!is_right) return nullptr;
        return std::static_pointer_cast<parquet::Int64Reader>(
            open_column(*file_, *index_.footer, group_, column, *scratch_));
    }

    const TapeFileIndex& index_;
    int group_;
    std::shared_ptr<ReadScratch> scratch_;
    std::unique_ptr<parquet::RowGroupMetaData> about_;
    std::shared_ptr<arrow::io::ReadableFile> file_;
};

/// Columns of one length, side by side in one buffer.
class Block {
public:
    Block(ColumnBuffers& buffers, std::int64_t rows, std::size_t columns)
        : rows_(static_cast<std::size_t>(rows)), bytes_(buffers.take(rows * static_cast<std::int64_t>(columns))) {}
    [[nodiscard]] bool is_there() const { return bytes_ != nullptr; }
    [[nodiscard]] std::span<std::int64_t> column(std::size_t at) const {
        return {reinterpret_cast<std::int64_t*>(bytes_->mutable_data()) + at * rows_, rows_};
    }
    [[nodiscard]] const std::shared_ptr<arrow::Buffer>& owner() const { return bytes_; }

private:
    std::size_t rows_;
    std::shared_ptr<arrow::Buffer> bytes_;
};

/// The names of the columns of quotes after `symbol` and `time`, or nothing when the file has others.
std::optional<std::vector<std::string>> quote_columns(const GroupReader& reader) {
    std::vector<std::string> names{"bid", "ask"};
    const auto has_all = [&](std::size_t from) {
        return std::all_of(names.begin() + static_cast<std::ptrdiff_t>(from), names.end(),
                           [&](const std::string& name) { return reader.has(name); });
    };
    const auto count = static_cast<std::size_t>(reader.columns());
    if (count > 4) names.insert(names.end(), {"bid_size", "ask_size"});
    for (std::size_t level = 2; names.size() + 2 < count && level <= kMaxLevels; ++level) {
        for (const bool is_size : {false, true}) {
            for (const Side side : {Side::buy, Side::sell}) names.push_back(level_column(side, is_size, level));
        }
    }
    if (names.size() + 2 != count || !has_all(0)) return std::nullopt;
    return names;
}

bool is_sound(const QuoteColumns& quotes) {
    std::span<const Price> bid = quotes.bid, ask = quotes.ask;
    std::span<const Quantity> bid_size = quotes.bid_size, ask_size = quotes.ask_size;
    for (const DepthColumns& level : quotes.depth) {
        if (!is_sound_level(Side::buy, bid, bid_size, level.bid, level.bid_size)) return false;
        if (!is_sound_level(Side::sell, ask, ask_size, level.ask, level.ask_size)) return false;
        bid = level.bid;
        ask = level.ask;
        bid_size = level.bid_size;
        ask_size = level.ask_size;
    }
    return true;
}

std::optional<TapeGroup> read_quotes(const GroupReader& reader, ColumnBuffers& buffers) {
    const auto names = quote_columns(reader);
    if (!names) return std::nullopt;
    const Block block(buffers, reader.rows(), names->size() + 1);
    if (!block.is_there() || !reader.read_units("time", block.column(0).data())) return std::nullopt;
    if (!runs_forward(block.column(0))) return std::nullopt;
    for (std::size_t at = 0; at < names->size(); ++at) {
        if (!reader.read_units((*names)[at], block.column(at + 1).data())) return std::nullopt;
    }
    TapeGroup group;
    QuoteColumns& quotes = group.quotes;
    quotes.time = viewed<Timestamp>(block.column(0));
    quotes.bid = viewed<Price>(block.column(1));
    quotes.ask = viewed<Price>(block.column(2));
    if (names->size() > 2) {
        if (!none_negative(block.column(3)) || !none_negative(block.column(4))) return std::nullopt;
        quotes.bid_size = viewed<Quantity>(block.column(3));
        quotes.ask_size = viewed<Quantity>(block.column(4));
    }
    for (std::size_t at = 5; at < names->size(); at += 4) {
        quotes.depth.push_back({viewed<Price>(block.column(at)), viewed<Price>(block.column(at + 1)),
                                viewed<Quantity>(block.column(at + 2)), viewed<Quantity>(block.column(at + 3))});
    }
    if (!is_sound(quotes)) return std::nullopt;
    group.owner = block.owner();
    return group;
}

/// What keeps the columns of trades: those that lie as Parquet gave them, and those that were translated.
struct TradesOwner {
    std::shared_ptr<arrow::Buffer> units;
    std::vector<TradeFlags> flags;
    std::vector<VenueId> venue;
    std::vector<std::int8_t> aggressor;
};

bool read_venues(const GroupReader& reader, const NamePool<VenueId>& venues, std::vector<VenueId>& out) {
    out.reserve(static_cast<std::size_t>(reader.rows()));
    std::vector<VenueId> by_code;
    return reader.read_labels("venue", [&](auto levels, auto codes, auto labels) {
        if (by_code.size() != labels.size()) {
            by_code.clear();
            for (const parquet::ByteArray& label : labels) by_code.push_back(venues.find(std::string_view(label)));
        }
        std::size_t code = 0;
        for (const std::int16_t level : levels) {
            if (level == 0) {
                out.push_back(VenueId::none());
                continue;
            }
            if (code == codes.size()) return false;
            const auto at = static_cast<std::size_t>(codes[code++]);
            if (at >= by_code.size() || by_code[at].is_none()) return false;
            out.push_back(by_code[at]);
        }
        return code == codes.size();
    });
}

std::optional<TapeGroup> read_trades(const GroupReader& reader, const NamePool<VenueId>& venues,
                                     ColumnBuffers& buffers) {
    const bool has_flags = reader.has("flags"), has_venue = reader.has("venue"), has_side = reader.has("aggressor");
    if (reader.columns() != 4 + has_flags + has_venue + has_side) return std::nullopt;
    const Block block(buffers, reader.rows(), 4);  // the fourth is where flags and sides are translated from
    if (!block.is_there()) return std::nullopt;
    for (const auto& [name, at] : {std::pair{"time", 0U}, {"price", 1U}, {"size", 2U}}) {
        if (!reader.read_units(name, block.column(at).data())) return std::nullopt;
    }
    if (!runs_forward(block.column(0)) || !none_negative(block.column(2))) return std::nullopt;
    auto owner = std::make_shared<TradesOwner>();
    owner->units = block.owner();
    const std::span<std::int64_t> raw = block.column(3);
    if (has_flags) {
        constexpr std::int64_t kAllFlags = 511;
        if (!reader.read_units("flags", raw.data()) || !all_within(raw, 0, kAllFlags)) return std::nullopt;
        owner->flags.reserve(raw.size());
        for (const std::int64_t bits : raw) owner->flags.push_back({static_cast<std::uint16_t>(bits)});
    }
    if (has_venue && !read_venues(reader, venues, owner->venue)) return std::nullopt;
    if (has_side) {
        if (!reader.read_units("aggressor", raw.data()) || !all_within(raw, -1, 1)) return std::nullopt;
        owner->aggressor.reserve(raw.size());
        for (const std::int64_t side : raw) owner->aggressor.push_back(static_cast<std::int8_t>(side));
    }
    TapeGroup group;
    group.trades = {viewed<Timestamp>(block.column(0)),
                    viewed<Price>(block.column(1)),
                    viewed<Quantity>(block.column(2)),
                    owner->flags,
                    owner->venue,
                    owner->aggressor};
    group.owner = std::move(owner);
    return group;
}

}  // namespace

bool is_sound_level(Side side, std::span<const Price> better, std::span<const Quantity> better_size,
                    std::span<const Price> price, std::span<const Quantity> size) {
    bool broken = false;
    for (std::size_t row = 0; row < price.size(); ++row) {
        const bool is_there = size[row] > Quantity{};
        const bool is_behind_nothing = better_size[row] <= Quantity{} && better[row] == Price{};
        const bool is_worse = side == Side::buy ? price[row] < better[row] : price[row] > better[row];
        broken |= size[row] < Quantity{};
        broken |= is_there ? is_behind_nothing || !is_worse : price[row] != Price{};
    }
    return !broken;
}

std::optional<TapeGroup> read_sound_group(const TapeFileIndex& file, int group, const NamePool<VenueId>& venues,
                                          ColumnBuffers& buffers) {
    try {
        const GroupReader reader(file, group, buffers);
        if (reader.rows() == 0 || !reader.is_of(file.metadata.symbol)) return std::nullopt;
        return file.is_quotes() ? read_quotes(reader, buffers) : read_trades(reader, venues, buffers);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace slipcast::io::detail
