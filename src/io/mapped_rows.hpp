#pragma once

#include <set>
#include <vector>

#include "arrow_files.hpp"
#include "mapping.hpp"
#include "slipcast/market/quality.hpp"

namespace slipcast::io::detail {

/// What a mapping left out on the way: the source row of each row that it passed on, and the rows that it could not
/// map.
struct MappedPlaces {
    std::vector<std::int64_t> source_row;  ///< 1-based, by the position in the mapped stream
    std::vector<Error> refused;            ///< with field, value, rule and row
};

/// The rows of `source` as text columns of the contract's table. A row that a rule refuses is left out and told in
/// `places`; so is, silently, a row whose `distinct` columns repeat an earlier one: it is no row of that table.
/// Refused: a source column that is not there (nearest name given), and one that holds neither text nor whole numbers
/// nor decimals.
[[nodiscard]] Result<RowStream> mapped_rows(const RowStream& source, const TableRule& rule, const std::string& shown,
                                            std::set<std::vector<std::string>>& seen, MappedPlaces& places);

}  // namespace slipcast::io::detail
