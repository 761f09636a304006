#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/util/compression.h>
#include <parquet/column_reader.h>
#include <parquet/metadata.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace slipcast::io::detail {

/// What reading columns needs besides the place they go to, kept from one column to the next: its memory is mapped, and
/// the context of Zstandard is made once. Making one asks the processor what it can do, which costs tens of
/// microseconds in a virtual machine, and Arrow's own readers make one a page.
struct ReadScratch {
    std::vector<std::uint8_t> packed;  ///< the bytes of one column chunk
    std::vector<std::uint8_t> page;    ///< one of its pages, unpacked
    std::shared_ptr<arrow::util::Decompressor> zstd;
};

/// A reader of column `column` in row group `group`, which borrows `scratch` until it has read its last value. Null
/// when the chunk is packed by something else than Zstandard or lies outside the file. Reading throws where Arrow's own
/// reader does, and on a page of more bytes than its values can have.
[[nodiscard]] std::shared_ptr<parquet::ColumnReader> open_column(arrow::io::RandomAccessFile& file,
                                                                 const parquet::FileMetaData& footer, int group,
                                                                 int column, ReadScratch& scratch);

}  // namespace slipcast::io::detail
