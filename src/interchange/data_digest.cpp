#include "slipcast/interchange/data_digest.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "slipcast/core/table.hpp"
#include "slipcast/interchange/encode.hpp"

namespace slipcast::interchange {

namespace {

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

/// Texts of every cell, each ended by a byte that no text of a table holds.
void add_table(DataDigest& digest, const Table& table) {
    digest.add(table.name());
    for (std::size_t column = 0; column < table.columns().size(); ++column) {
        digest.add(table.columns()[column].meta.name);
        std::string cells;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            cells += table.text(row, column, 12);
            cells += '\0';
        }
        digest.add(cells);
    }
}

void add_slice(DataDigest& digest, const market::TapeSlice& slice, const market::Names& names) {
    const auto add = [&](const auto&... columns) { (digest.add(bytes_of(columns)), ...); };
    const market::QuoteColumns& quotes = slice.quotes;
    add(quotes.time, quotes.bid, quotes.ask, quotes.bid_size, quotes.ask_size);
    for (const market::DepthColumns& level : quotes.depth) add(level.bid, level.ask, level.bid_size, level.ask_size);
    const market::TradeColumns& trades = slice.trades;
    add(trades.time, trades.price, trades.size, trades.flags, trades.aggressor);
    for (const VenueId venue : trades.venue)
        digest.add(venue.is_none() ? std::string_view{} : names.venues.name(venue));
}

}  // namespace

void DataDigest::add(std::string_view bytes) {
    state_ = digest64(bytes, state_);
}

Result<void> DataDigest::add_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> block(1 << 20);
    while (in) {
        in.read(block.data(), static_cast<std::streamsize>(block.size()));
        add({block.data(), static_cast<std::size_t>(in.gcount())});
    }
    if (in.eof()) return {};
    return Error{
        ErrorCode::io_failure, "file", file.filename().string(), "must be readable", {file.filename().string(), 0, {}}};
}

std::string DataDigest::hex() const {
    return fmt::format("{:016x}", state_);
}

Result<std::string> digest_of_rows(const market::Dataset& dataset) {
    constexpr Duration kWindow = std::chrono::hours{1};
    DataDigest digest;
    for (const Table& table : contract_tables_of(dataset)) add_table(digest, table);
    for (std::int32_t i = 0; dataset.tape != nullptr && i < dataset.names.symbols.size(); ++i) {
        const InstrumentId id = InstrumentId::from_index(i);
        digest.add(dataset.names.symbols.name(id));
        const TimeRange extent = dataset.tape->extent(id);
        for (Timestamp begin = extent.begin; begin < extent.end; begin = begin + kWindow) {
            SLIPCAST_TRY(slice, dataset.tape->load(id, {begin, std::min(begin + kWindow, extent.end)}));
            add_slice(digest, slice, dataset.names);
        }
    }
    return digest.hex();
}

}  // namespace slipcast::interchange
