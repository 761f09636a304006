#pragma once

#include <cstdint>
#include <string>

namespace slipcast::test {

/// A zip archive of one stored (uncompressed) entry: what hand-made rows are fed to the importer with.
inline std::string zip_of(const std::string& name, const std::string& bytes) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    crc = ~crc;
    std::string out;
    const auto put = [&](std::uint64_t value, int width) {
        for (int i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    const auto sizes = [&] {
        put(crc, 4);
        put(bytes.size(), 4);
        put(bytes.size(), 4);
        put(name.size(), 2);
        put(0, 2);
    };
    put(0x04034b50, 4);  // local header: version, flags, stored, date
    put(20, 2), put(0, 2), put(0, 2), put(0, 2), put(0x21, 2);
    sizes();
    out += name + bytes;
    const std::size_t directory = out.size();
    put(0x02014b50, 4);  // central directory
    put(20, 2), put(20, 2), put(0, 2), put(0, 2), put(0, 2), put(0x21, 2);
    sizes();
    put(0, 2), put(0, 2), put(0, 2), put(0, 4), put(0, 4);
    out += name;
    const std::size_t length = out.size() - directory;
    put(0x06054b50, 4);  // end
    put(0, 2), put(0, 2), put(1, 2), put(1, 2);
    put(length, 4);
    put(directory, 4);
    put(0, 2);
    return out;
}

}  // namespace slipcast::test
