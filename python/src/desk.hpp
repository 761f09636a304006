#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "engine.hpp"
#include "slipcast/desk/replay.hpp"

namespace slipcast::python {

class WallClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override;
};

/// A desk with its journal as Python holds it. Calls come from any thread, one at a time, without the GIL: an
/// acknowledgment waits for the disk.
class HeldDesk {
public:
    /// journal: a file that is not there yet; empty = in memory only.
    [[nodiscard]] static std::shared_ptr<HeldDesk> create(const desk::DeskSetup& setup, const std::string& journal);
    /// Replays the file and goes on. `setup`: what the journal has to hold; null = what it holds. Refused: a journal
    /// that this version does not replay bit for bit, another setup.
    [[nodiscard]] static std::shared_ptr<HeldDesk> resume(const desk::DeskSetup* setup, const std::string& journal);

    /// Runs `call(journaled desk)` alone and without the GIL, and then waits for the journal if asked to.
    template <typename Call>
    auto run(bool acknowledges, const Call& call) {
        auto result = [&] {
            const nb::gil_scoped_release released;
            const std::lock_guard lock(mutex_);
            return alone(acknowledges, call);
        }();
        return taken(std::move(result));
    }
    /// The desk as it is, GIL held, no call running.
    template <typename Read>
    auto read(const Read& read) {
        const std::unique_lock lock = locked();
        if (!desk_) raise(closed());
        return read(*desk_);
    }
    [[nodiscard]] std::uint64_t acknowledged();
    void close();
    [[nodiscard]] bool is_open() const { return desk_.has_value(); }

private:
    static Error closed() { return Error{ErrorCode::invalid_value, "desk", "closed", "must be open", {}}; }
    /// Waits for the lock without the GIL: who holds it may need the GIL to go on.
    [[nodiscard]] std::unique_lock<std::mutex> locked() {
        const nb::gil_scoped_release released;
        return std::unique_lock(mutex_);
    }
    template <typename Call>
    auto alone(bool acknowledges, const Call& call) -> decltype(call(std::declval<desk::JournaledDesk&>())) {
        if (!desk_) return closed();
        auto result = call(*desk_);
        if (result && acknowledges) {
            if (auto done = desk_->acknowledge(); !done) return done.error();
        }
        return result;
    }

    std::mutex mutex_;
    WallClock clock_;
    std::unique_ptr<desk::JournalSink> sink_;
    std::optional<desk::JournaledDesk> desk_ = {};
};

/// DeskContext, DeskDecision.
void bind_desk_records(nb::module_& module);

}  // namespace slipcast::python
