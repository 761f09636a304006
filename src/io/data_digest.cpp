#include "data_digest.hpp"

#include <fstream>
#include <vector>

#include <fmt/format.h>

namespace slipcast::io::detail {

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

}  // namespace slipcast::io::detail
