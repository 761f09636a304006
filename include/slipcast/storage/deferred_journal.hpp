#pragma once

#include <filesystem>
#include <memory>

#include "slipcast/storage/sqlite_journal.hpp"

namespace slipcast::storage {

/// A journal file that is made, with the folders above it, when the first record comes: work that ends before a desk
/// begins leaves nothing behind. Refuses its first record when the file is there already.
class DeferredJournal final : public desk::JournalSink {
public:
    explicit DeferredJournal(std::filesystem::path file) : file_(std::move(file)) {}

    Result<std::uint64_t> append(desk::RecordKind kind, Timestamp time, std::span<const std::byte> payload) override;
    Result<void> acknowledge(std::uint64_t sequence) override;
    [[nodiscard]] std::uint64_t acknowledged() const override;
    [[nodiscard]] std::optional<desk::Request> next_request() override;
    void answer(std::uint64_t number, std::uint64_t sequence) override;
    /// The file is there.
    [[nodiscard]] bool has_begun() const { return journal_ != nullptr; }

private:
    std::filesystem::path file_;
    std::unique_ptr<SqliteJournal> journal_;
};

}  // namespace slipcast::storage
