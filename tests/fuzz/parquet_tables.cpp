#include "files.hpp"
#include "io/tape_index.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/table_files.hpp"

// Damaged Parquet files as a result table, as a contract table and as a tape file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    const auto file = fuzz::file_with("orders.parquet", data, size);
    static_cast<void>(io::read_table(file));
    static_cast<void>(io::detail::is_tape_file(file));
    static_cast<void>(io::detail::read_tape_index(file, "orders.parquet"));
    static_cast<void>(io::open_dataset(file.parent_path()));
    return 0;
}
