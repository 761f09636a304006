#include <optional>
#include <set>
#include <utility>

#include "parquet_file.hpp"
#include "slipcast/interchange/tape_encoder.hpp"
#include "slipcast/io/tape_files.hpp"

namespace slipcast::io {

namespace {

using namespace market;

class FileTapeWriter final : public TapeWriter {
public:
    explicit FileTapeWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<void> append(std::string_view symbol, const QuoteColumns& quotes, const TradeColumns& trades,
                        const std::vector<FeedGap>& gaps, bool quotes_indicative, const Names& names) override {
        SLIPCAST_ASSERT(!finished_, "no rows after finish");
        if (symbol != symbol_) SLIPCAST_CHECK(begin(symbol));
        return encoder_->append(quotes, trades, gaps, quotes_indicative, names);
    }

    Result<void> finish() override {
        SLIPCAST_ASSERT(!finished_, "finish once");
        SLIPCAST_CHECK(end());
        finished_ = true;
        for (detail::ParquetFile& file : files_) SLIPCAST_CHECK(file.publish());
        return {};
    }

private:
    Result<void> begin(std::string_view symbol) {
        SLIPCAST_CHECK(end());
        if (symbol.empty()) return Error{ErrorCode::missing_field, "symbol", "", "must not be empty", {}};
        if (!symbols_.emplace(symbol).second) {
            return Error{
                ErrorCode::inconsistent, "symbol", std::string(symbol), "rows of a symbol must come in one run", {}};
        }
        symbol_ = symbol;
        encoder_.emplace(symbol_, [this](Table rows) { return write(std::move(rows)); });
        return {};
    }

    /// Completes the files of the current symbol; they get their names in `finish`.
    Result<void> end() {
        if (!encoder_) return {};
        SLIPCAST_CHECK(encoder_->finish());
        SLIPCAST_CHECK(complete(quotes_file_, "quotes"));
        SLIPCAST_CHECK(complete(trades_file_, "trades"));
        symbol_.clear();
        encoder_.reset();
        return {};
    }

    Result<void> complete(std::optional<detail::ParquetFile>& file, const char* table) {
        if (!file) return {};
        SLIPCAST_CHECK(file->close(encoder_->metadata(table)));
        files_.push_back(std::move(*file));
        file.reset();
        return {};
    }

    Result<void> write(Table rows) {
        std::optional<detail::ParquetFile>& file = rows.name() == "quotes" ? quotes_file_ : trades_file_;
        if (!file) {
            SLIPCAST_TRY(
                made, detail::ParquetFile::create(folder_ / rows.name() / (detail::file_name(symbol_) + ".parquet")));
            file = std::move(made);
        }
        return file->write(std::make_shared<const Table>(std::move(rows)));
    }

    std::filesystem::path folder_;
    bool finished_ = false;
    std::set<std::string, std::less<>> symbols_;
    std::string symbol_;
    std::optional<interchange::TapeEncoder> encoder_;  ///< of the current symbol
    std::optional<detail::ParquetFile> quotes_file_, trades_file_;
    std::vector<detail::ParquetFile> files_;  ///< whole, not yet named
};

}  // namespace

Result<std::unique_ptr<TapeWriter>> TapeWriter::create(const std::filesystem::path& folder) {
    SLIPCAST_CHECK(detail::make_folder(folder));
    return std::unique_ptr<TapeWriter>(std::make_unique<FileTapeWriter>(folder));
}

}  // namespace slipcast::io
