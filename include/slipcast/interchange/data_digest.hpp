#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::interchange {

/// What a dataset was read from, as 16 hexadecimal digits: FNV-1a over names and contents, in the order added. It tells
/// two inputs apart by accident, not by intent.
class DataDigest {
public:
    void add(std::string_view bytes);
    /// A file's bytes. Refused: a file that cannot be read.
    Result<void> add_file(const std::filesystem::path& file);
    [[nodiscard]] std::string hex() const;

private:
    std::uint64_t state_ = digest64({});
};

/// The digest of a dataset that came from no file: over the rows of its contract tables, then the tape by symbol, an
/// hour at a time. Other than the digest of the same rows in files, which is of the files.
[[nodiscard]] Result<std::string> digest_of_rows(const market::Dataset& dataset);

}  // namespace slipcast::interchange
