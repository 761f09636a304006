#pragma once

#include "engine.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::python {

/// A tape file as Python found it: what findings call it, its own metadata, its rows, the first and last time of each
/// row group [ns], and a callable that reads row group `i` as an Arrow stream capsule.
using TapeFile =
    std::tuple<std::string, Texts, std::int64_t, std::vector<std::tuple<std::int64_t, std::int64_t>>, nb::object>;

/// A tape whose rows stay in its files: `load` asks Python for the row groups that overlap the window, and keeps the
/// last 16. Adds symbols and venues to the draft's names, and what was counted when the files were written to its
/// quality report. Refused: metadata that Slipcast did not write, two files of one symbol.
[[nodiscard]] Result<std::shared_ptr<const market::TapeSource>> open_file_tape(const std::vector<TapeFile>& files,
                                                                               market::DatasetDraft& draft);

}  // namespace slipcast::python
