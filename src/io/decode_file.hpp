#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arrow_files.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::io::detail {

/// Hands the rows of `stream` to interchange::decode_table; a row that Arrow could not split keeps its own refusal.
Result<void> decode_rows(const RowStream& stream, std::string_view table, const std::string& shown,
                         market::DatasetDraft& draft);

/// The same of quotes and trades in memory; a stream without reader is absent.
[[nodiscard]] Result<std::shared_ptr<const market::TapeSource>> decode_tape_rows(const RowStream& quotes,
                                                                                 const RowStream& trades,
                                                                                 market::DatasetDraft& draft);

}  // namespace slipcast::io::detail
