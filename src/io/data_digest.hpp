#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::io::detail {

/// What a dataset was read from, as 16 hexadecimal digits: FNV-1a over names and contents, in the order added. It tells
/// two inputs apart by accident, not by intent.
class DataDigest {
public:
    void add(std::string_view bytes);
    /// A file's bytes.
    Result<void> add_file(const std::filesystem::path& file);
    [[nodiscard]] std::string hex() const;

private:
    std::uint64_t state_ = digest64({});
};

}  // namespace slipcast::io::detail
