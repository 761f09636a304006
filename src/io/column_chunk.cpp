#include "column_chunk.hpp"

#include <arrow/io/memory.h>
#include <parquet/column_page.h>
#include <parquet/exception.h>
#include <parquet/schema.h>

#include <algorithm>
#include <utility>

namespace slipcast::io::detail {

namespace {

/// The pages of a chunk of 64-bit integers, unpacked into the scratch one after the other.
class UnpackedPages final : public parquet::PageReader {
public:
    UnpackedPages(std::unique_ptr<parquet::PageReader> packed, ReadScratch& scratch)
        : packed_(std::move(packed)), scratch_(&scratch) {}

    std::shared_ptr<parquet::Page> NextPage() override {
        const std::shared_ptr<parquet::Page> page = packed_->NextPage();
        if (page == nullptr) return nullptr;
        if (page->type() == parquet::PageType::DICTIONARY_PAGE) {
            const auto& dictionary = static_cast<const parquet::DictionaryPage&>(*page);
            const std::int64_t bytes = std::int64_t{dictionary.num_values()} * kValueBytes;
            return std::make_shared<parquet::DictionaryPage>(unpacked(*page, bytes), dictionary.num_values(),
                                                             dictionary.encoding(), dictionary.is_sorted());
        }
        if (page->type() != parquet::PageType::DATA_PAGE) throw parquet::ParquetException("another kind of page");
        const auto& data = static_cast<const parquet::DataPageV1&>(*page);
        // Values, and a level of at most two bits for each, by any encoding that TapeWriter uses.
        const std::int64_t most = std::int64_t{data.num_values()} * (kValueBytes + 2) + kAllowance;
        if (data.uncompressed_size() > most) throw parquet::ParquetException("a page of too many bytes");
        return std::make_shared<parquet::DataPageV1>(unpacked(*page, data.uncompressed_size()), data.num_values(),
                                                     data.encoding(), data.definition_level_encoding(),
                                                     data.repetition_level_encoding(), data.uncompressed_size());
    }
    void set_max_page_header_size(std::uint32_t size) override { packed_->set_max_page_header_size(size); }

private:
    static constexpr std::int64_t kValueBytes = 8;
    static constexpr std::int64_t kAllowance = 4096;  // headers of blocks and runs

    /// `page` as `bytes` bytes. They stay until the next page, as those of Arrow's own reader do.
    std::shared_ptr<arrow::Buffer> unpacked(const parquet::Page& page, std::int64_t bytes) {
        if (bytes < 0) throw parquet::ParquetException("a page of a negative size");
        if (scratch_->page.size() < static_cast<std::size_t>(bytes))
            scratch_->page.resize(static_cast<std::size_t>(bytes));
        PARQUET_THROW_NOT_OK(scratch_->zstd->Reset());
        PARQUET_ASSIGN_OR_THROW(const auto done,
                                scratch_->zstd->Decompress(page.size(), page.data(), bytes, scratch_->page.data()));
        if (done.bytes_read != page.size() || done.bytes_written != bytes) {
            throw parquet::ParquetException("a page that does not unpack to its size");
        }
        return std::make_shared<arrow::Buffer>(scratch_->page.data(), bytes);
    }

    std::unique_ptr<parquet::PageReader> packed_;
    ReadScratch* scratch_;
};

/// Where the chunk's pages lie in the file.
std::pair<std::int64_t, std::int64_t> extent_of(const parquet::ColumnChunkMetaData& chunk) {
    std::int64_t begin = chunk.data_page_offset();
    if (chunk.has_dictionary_page() && chunk.dictionary_page_offset() > 0) {
        begin = std::min(begin, chunk.dictionary_page_offset());
    }
    return {begin, chunk.total_compressed_size()};
}

/// The chunk's bytes, read into the scratch; null when the file does not hold them.
std::shared_ptr<arrow::Buffer> bytes_of(arrow::io::RandomAccessFile& file, const parquet::ColumnChunkMetaData& chunk,
                                        ReadScratch& scratch) {
    const auto [begin, bytes] = extent_of(chunk);
    const std::int64_t size = file.GetSize().ValueOr(0);
    if (begin < 0 || bytes < 0 || begin > size || bytes > size - begin) return nullptr;
    if (scratch.packed.size() < static_cast<std::size_t>(bytes)) scratch.packed.resize(static_cast<std::size_t>(bytes));
    if (file.ReadAt(begin, bytes, scratch.packed.data()).ValueOr(-1) != bytes) return nullptr;
    return std::make_shared<arrow::Buffer>(scratch.packed.data(), bytes);
}

}  // namespace

std::shared_ptr<parquet::ColumnReader> open_column(arrow::io::RandomAccessFile& file,
                                                   const parquet::FileMetaData& footer, int group, int column,
                                                   ReadScratch& scratch) {
    const auto chunk = footer.RowGroup(group)->ColumnChunk(column);
    const bool is_packed = chunk->compression() == parquet::Compression::ZSTD;
    if (!is_packed && chunk->compression() != parquet::Compression::UNCOMPRESSED) return nullptr;
    if (is_packed && scratch.zstd == nullptr) {
        PARQUET_ASSIGN_OR_THROW(const auto codec, arrow::util::Codec::Create(arrow::Compression::ZSTD));
        PARQUET_ASSIGN_OR_THROW(scratch.zstd, codec->MakeDecompressor());
    }
    auto bytes = bytes_of(file, *chunk, scratch);
    if (bytes == nullptr) return nullptr;
    const parquet::ColumnDescriptor& about = *footer.schema()->Column(column);
    auto pages =
        parquet::PageReader::Open(std::make_shared<arrow::io::BufferReader>(std::move(bytes)), chunk->num_values(),
                                  parquet::Compression::UNCOMPRESSED, parquet::default_reader_properties(), about);
    if (is_packed) pages = std::make_unique<UnpackedPages>(std::move(pages), scratch);
    return parquet::ColumnReader::Make(&about, std::move(pages));
}

}  // namespace slipcast::io::detail
