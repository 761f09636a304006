#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace slipcast::fuzz {

/// A folder of this process whose one file is rewritten for each input.
inline std::filesystem::path file_with(const std::string& name, const std::uint8_t* data, std::size_t size) {
    static const std::filesystem::path kFolder =
        std::filesystem::temp_directory_path() / ("slipcast_fuzz_" + std::to_string(::getpid()));
    const std::filesystem::path file = kFolder / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    return file;
}

}  // namespace slipcast::fuzz
