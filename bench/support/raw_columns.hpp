#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace slipcast::bench {

/// Says what is wrong and ends the program: a bench without its data measures nothing.
[[noreturn]] inline void fail(const std::string& reason) {
    std::fprintf(stderr, "%s\n", reason.c_str());
    std::exit(1);
}

/// The values of `folder`/`name`.bin: raw, little-endian, as the Python side of a bench wrote them.
template <typename T>
std::vector<T> read_column(const std::filesystem::path& folder, const std::string& name) {
    const std::filesystem::path path = folder / (name + ".bin");
    std::error_code missing;
    const std::uintmax_t bytes = std::filesystem::file_size(path, missing);
    if (missing || bytes % sizeof(T) != 0) fail(path.string() + ": no column of this type");
    std::vector<T> values(bytes / sizeof(T));
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(bytes));
    if (!file) fail(path.string() + ": cannot be read");
    return values;
}

template <typename T>
void write_column(const std::filesystem::path& folder, const std::string& name, const std::vector<T>& values) {
    const std::filesystem::path path = folder / (name + ".bin");
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
    if (!file) fail(path.string() + ": cannot be written");
}

}  // namespace slipcast::bench
