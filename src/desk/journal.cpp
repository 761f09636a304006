#include "slipcast/desk/journal.hpp"

#include <string>

namespace slipcast::desk {

std::string_view name(RecordKind kind) {
    switch (kind) {
        case RecordKind::begin:
            return "begin";
        case RecordKind::step:
            return "step";
        case RecordKind::outcome:
            return "outcome";
        case RecordKind::command:
            return "command";
        case RecordKind::model:
            return "model";
        case RecordKind::snapshot:
            return "snapshot";
        case RecordKind::setup:
            return "setup";
    }
    return "unknown";
}

std::string_view name(CommandKind kind) {
    switch (kind) {
        case CommandKind::kill:
            return "kill";
        case CommandKind::release:
            return "release";
        case CommandKind::promote:
            return "promote";
        case CommandKind::roll_back:
            return "roll_back";
    }
    return "unknown";
}

Result<std::uint64_t> MemoryJournal::append(RecordKind kind, Timestamp time, std::span<const std::byte> payload) {
    records_.push_back({records_.size() + 1, kind, time, {payload.begin(), payload.end()}});
    return records_.back().sequence;
}

Result<void> MemoryJournal::acknowledge(std::uint64_t sequence) {
    if (sequence <= records_.size()) return {};
    return invalid_value("sequence", std::to_string(sequence), "must have been appended");
}

Result<bool> MemoryJournal::next(Record& record) {
    if (read_ == records_.size()) return false;
    record = records_[read_++];
    return true;
}

}  // namespace slipcast::desk
