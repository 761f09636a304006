#include "files.hpp"
#include "io/text_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    auto lines = io::detail::TextLines::open_zip(fuzz::file_with("entry.zip", data, size), "entry.zip");
    if (!lines) return 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto line = lines->next();
        if (!line || !*line) break;
    }
    return 0;
}
