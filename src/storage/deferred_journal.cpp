#include "slipcast/storage/deferred_journal.hpp"

#include <system_error>

namespace slipcast::storage {

Result<std::uint64_t> DeferredJournal::append(desk::RecordKind kind, Timestamp time,
                                              std::span<const std::byte> payload) {
    if (!journal_) {
        std::error_code code;
        if (std::filesystem::exists(file_, code)) {
            return Error{ErrorCode::inconsistent, "journal", file_.string(), "must be a new file", {}};
        }
        if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path(), code);
        if (code) return Error{ErrorCode::io_failure, "journal", file_.string(), code.message(), {}};
        SLIPCAST_TRY(opened, SqliteJournal::open(file_));
        journal_ = std::move(opened);
    }
    return journal_->append(kind, time, payload);
}

Result<void> DeferredJournal::acknowledge(std::uint64_t sequence) {
    if (journal_) return journal_->acknowledge(sequence);
    return {};
}

std::uint64_t DeferredJournal::acknowledged() const {
    return journal_ ? journal_->acknowledged() : 0;
}

std::optional<desk::Request> DeferredJournal::next_request() {
    return journal_ ? journal_->next_request() : std::nullopt;
}

void DeferredJournal::answer(std::uint64_t number, std::uint64_t sequence) {
    if (journal_) journal_->answer(number, sequence);
}

}  // namespace slipcast::storage
