#include "files.hpp"
#include "io/decode_file.hpp"

// The first byte chooses quotes or trades, the rest is the CSV file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    if (size == 0) return 0;
    const auto rows = io::detail::read_rows(fuzz::file_with("tape.csv", data + 1, size - 1), "tape.csv");
    if (!rows) return 0;
    market::DatasetDraft draft;
    const bool is_quotes = data[0] % 2 == 0;
    const io::detail::RowStream none;
    const auto tape = io::detail::decode_tape_rows(is_quotes ? *rows : none, is_quotes ? none : *rows, draft);
    if (!tape) return 0;
    for (std::int32_t i = 0; i < draft.names.symbols.size(); ++i) {
        const InstrumentId id = InstrumentId::from_index(i);
        static_cast<void>((*tape)->load(id, (*tape)->extent(id)));
    }
    return 0;
}
