#include <array>

#include "files.hpp"
#include "io/decode_file.hpp"
#include "slipcast/interchange/decode.hpp"

// The first byte chooses the contract table, the rest is its CSV file: through Arrow, the decoder and validation.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    if (size == 0) return 0;
    const auto& tables = interchange::contract_tables();
    const std::string table = tables[data[0] % tables.size()];
    const auto rows = io::detail::read_rows(fuzz::file_with("table.csv", data + 1, size - 1), "table.csv");
    if (!rows) return 0;
    market::DatasetDraft draft;
    if (io::detail::decode_rows(*rows, table, "table.csv", draft))
        static_cast<void>(market::assemble(std::move(draft)));
    return 0;
}
