#include <cstdlib>
#include <limits>

#include "slipcast/core/random.hpp"
#include "slipcast/desk/replay.hpp"

// Records of a desk's journal: what is read back has the bytes that it was read from, a setup that is accepted makes a
// desk or is refused, and no context whatever makes the desk send more than a sound one may.
namespace {

using namespace slipcast;

void check(bool holds) {
    if (!holds) std::abort();
}

void decide(const desk::Context& context) {
    static desk::Desk desk = [] {
        desk::DeskSetup setup;
        setup.router = venue::Router::create(2, 1'000).value();
        return desk::Desk::create(setup).value();
    }();
    const desk::Decision decision = desk.step(context);
    check(decision.quantity >= 0 && (decision.action == desk::Action::trade || decision.quantity == 0));
    static_cast<void>(desk.record({.time = context.time,
                                   .order = context.order,
                                   .kind = desk::OutcomeKind::finished,
                                   .cost_bps = std::numeric_limits<double>::quiet_NaN()}));
}

void make_desk(const desk::Record& record) {
    const std::string payload(reinterpret_cast<const char*>(record.payload.data()), record.payload.size());
    desk::DeskOptions options;
    desk::Begin begin;
    begin.options = options.settings().canonical_text();
    begin.options_digest = options.digest();
    begin.setup_digest = digest64(payload);
    std::vector<std::byte> bytes;
    encode(begin, bytes);
    desk::MemoryJournal journal;
    check(journal.append(desk::RecordKind::begin, {}, bytes).has_value());
    check(journal.append(desk::RecordKind::setup, {}, record.payload).has_value());
    const auto setup = desk::journaled_setup(journal);
    if (setup) static_cast<void>(desk::Desk::create(*setup));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto* from = reinterpret_cast<const std::byte*>(data);
    const desk::Record record{.sequence = 1,
                              .kind = static_cast<desk::RecordKind>(data[0] % 8),
                              .time = {},
                              .payload = {from + 1, from + size}};
    std::vector<std::byte> bytes;
    if (const auto step = desk::decoded_step(record)) {
        encode(step->context, step->decision, bytes);
        check(bytes == record.payload);
        check(!first_difference(step->decision, step->decision));
        decide(step->context);
    }
    if (const auto outcome = desk::decoded_outcome(record)) {
        encode(outcome->outcome, outcome->lesson, bytes);
        check(bytes == record.payload);
    }
    if (const auto command = desk::decoded_command(record)) {
        encode(*command, bytes);
        check(bytes == record.payload);
    }
    if (const auto begin = desk::decoded_begin(record)) {
        encode(*begin, bytes);
        check(bytes == record.payload);
    }
    if (record.kind == desk::RecordKind::setup) make_desk(record);
    return 0;
}
