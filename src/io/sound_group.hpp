#pragma once

#include <memory>
#include <optional>

#include "column_buffers.hpp"
#include "slipcast/market/names.hpp"
#include "tape_index.hpp"

namespace slipcast::io::detail {

/// One row group of a tape file, decoded from Parquet straight into `buffers`, when it is as TapeWriter writes it: the
/// contract's own types, every row of the footer's symbol, nothing missing that must be there, times in order, every
/// rule of the contract kept, venues among `venues`. Nothing in any other case, damaged bytes among them: the general
/// decoder then says what is wrong, and where.
[[nodiscard]] std::optional<TapeGroup> read_sound_group(const TapeFileIndex& file, int group,
                                                        const market::NamePool<VenueId>& venues,
                                                        ColumnBuffers& buffers);

/// Whether the levels of one side that stand one behind another keep the rules of market::broken_levels in every row
/// (any price allowed).
[[nodiscard]] bool is_sound_level(Side side, std::span<const Price> better, std::span<const Quantity> better_size,
                                  std::span<const Price> price, std::span<const Quantity> size);

}  // namespace slipcast::io::detail
