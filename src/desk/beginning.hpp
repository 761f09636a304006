#pragma once

#include <vector>

#include "slipcast/desk/setup.hpp"

namespace slipcast::desk::detail {

/// The first records of a journal, read until a desk can be made of them.
struct Opening {
    std::vector<Record> records;
    std::size_t begins_at = 0;  ///< a beginning that a crash cut short stands before the one that counts
};
[[nodiscard]] Result<Opening> read_opening(JournalSource& journal);

[[nodiscard]] Result<DeskSetup> setup_of(const Opening& opening);
/// The state with which the desk began; empty when a crash came before it was journaled.
[[nodiscard]] std::string state_of(const Opening& opening);

[[nodiscard]] std::string text_of(const Record& record);

}  // namespace slipcast::desk::detail
