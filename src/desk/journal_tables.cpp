#include "slipcast/desk/journal_tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "decision_table.hpp"
#include "journal_counts.hpp"
#include "order_story.hpp"
#include "score_tables.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::desk {
namespace {

using namespace detail;

/// Of the tier's median, the tail that the ladder read; NaN where it could not compare.
double tail_multiple(const LadderReading& reading) {
    const double median = reading.inputs.tier_median_p95_bps;
    return median > 0.0 ? reading.inputs.p95_bps / median : std::numeric_limits<double>::quiet_NaN();
}

class Reader {
public:
    Reader() {
        for (std::size_t i = 0; i < kGuards; ++i) guards_[i].guard = static_cast<Guard>(i);
    }
    Result<void> take(const Record& record);
    [[nodiscard]] std::vector<Table> tables() const;

private:
    using Key = std::pair<int, int>;

    void count(const Record& record);
    void take_step(const Step& step);
    void take_guards(const Decision& decision);
    void take_command(const Record& record, const Command& command);
    void take_begin(const Record& record, const Begin& begin);
    void take_model(const Record& record);
    static void add(StepCount& row, const Decision& decision);
    [[nodiscard]] State state() const;

    State state_;
    std::map<std::uint64_t, std::pair<ModelVersion, ModelVersion>> snapshots_;  // champion and challenger at each
    OrderStories orders_;
    Scores scores_;
    DecisionTable decisions_;
    std::vector<GuardCount> guards_ = std::vector<GuardCount>(kGuards);
    std::map<Key, StepCount> rungs_, reasons_, tactics_;
    std::map<int, RecordCount> records_;
    std::vector<CommandRow> commands_;
    std::vector<ModelRow> models_;
    std::vector<BeginRow> begins_;
};

void Reader::count(const Record& record) {
    if (state_.records++ == 0) state_.first = record.time;
    state_.last = std::max(state_.last, record.time);
    RecordCount& row = records_[static_cast<int>(record.kind)];
    if (row.records++ == 0) {
        row.kind = name(record.kind);
        row.first = row.last = record.time;
    }
    row.last = std::max(row.last, record.time);
}

Result<void> Reader::take(const Record& record) {
    count(record);
    if (record.kind == RecordKind::begin) {
        SLIPCAST_TRY(begin, decoded_begin(record));
        take_begin(record, begin);
    } else if (record.kind == RecordKind::step) {
        SLIPCAST_TRY(step, decoded_step(record));
        take_step(step);
    } else if (record.kind == RecordKind::outcome) {
        SLIPCAST_TRY(told, decoded_outcome(record));
        state_.refused += told.lesson.taken == Taken::refused ? 1 : 0;
        orders_.add(told.outcome, told.lesson);
        scores_.add(told.outcome, told.lesson);
    } else if (record.kind == RecordKind::command) {
        SLIPCAST_TRY(command, decoded_command(record));
        take_command(record, command);
    } else if (record.kind == RecordKind::model) {
        take_model(record);
    } else if (record.kind == RecordKind::snapshot) {
        snapshots_[record.sequence] = {state_.champion, state_.challenger};
    }
    return {};  // what else is in snapshots, and setups, are for machines
}

void Reader::take_begin(const Record& record, const Begin& begin) {
    begins_.push_back({record.sequence, begin});
    state_.engine = begin.engine_version;
    state_.champion = begin.champion;
    state_.challenger = begin.challenger;
    state_.has_updates = begin.champion.digest != 0;
}

void Reader::take_command(const Record& record, const Command& command) {
    commands_.push_back({record.sequence, command});
    if (command.kind == CommandKind::kill) state_.is_killed = true;
    if (command.kind == CommandKind::release) state_.is_killed = false;
    if (command.kind == CommandKind::promote) std::swap(state_.champion, state_.challenger);
    if (const auto there = snapshots_.find(command.argument);
        command.kind == CommandKind::roll_back && there != snapshots_.end()) {
        std::tie(state_.champion, state_.challenger) = there->second;
    }
    if (command.kind == CommandKind::promote || command.kind == CommandKind::roll_back) state_.has_updates = false;
}

// Its role, a line's end, its file: the digest is that of the file, as the desk's versions carry it.
void Reader::take_model(const Record& record) {
    std::string text;
    for (const std::byte byte : record.payload) text.push_back(static_cast<char>(byte));
    const std::size_t end = text.find('\n');
    if (end == std::string::npos) return;
    models_.push_back(
        {record.sequence, record.time, text.substr(0, end), digest64(std::string_view(text).substr(end + 1))});
}

void Reader::add(StepCount& row, const Decision& decision) {
    ++row.steps;
    row.traded += decision.action == Action::trade ? 1 : 0;
    if (decision.action == Action::trade) {
        row.quantity += decision.quantity;
        row.dark += decision.quantity - decision.lit;
    }
    row.participation += decision.participation;
}

void Reader::take_step(const Step& step) {
    const Decision& decision = step.decision;
    orders_.add(step.context, decision);
    decisions_.add(step.context, decision);
    StepCount& reason = reasons_[{static_cast<int>(decision.action), static_cast<int>(decision.reason)}];
    reason.first = name(decision.action);
    reason.second = text(decision.reason);
    add(reason, decision);
    if (decision.model.digest != 0) {
        state_.champion = decision.model;
        state_.has_updates = true;
    }
    if (!has_plan(decision)) return;
    StepCount& rung = rungs_[{static_cast<int>(decision.ladder.rung), static_cast<int>(decision.ladder.reason)}];
    rung.first = name(decision.ladder.rung);
    rung.second = text(decision.ladder.reason);
    add(rung, decision);
    if (const double multiple = tail_multiple(decision.ladder); !std::isnan(multiple)) {
        rung.least_multiple = std::fmin(rung.least_multiple, multiple);
        rung.largest_multiple = std::fmax(rung.largest_multiple, multiple);
    }
    StepCount& tactic = tactics_[{static_cast<int>(decision.tactic), 0}];
    tactic.first = name(decision.tactic);
    add(tactic, decision);
    take_guards(decision);
}

void Reader::take_guards(const Decision& decision) {
    if (!has_readings(decision)) return;
    for (std::size_t i = 0; i < kGuards; ++i) {
        const GuardReading& reading = decision.guards[i];
        GuardCount& count = guards_[i];
        ++count.readings;
        count.passed += reading.is_passed ? 1 : 0;
        count.acted += reading.acted ? 1 : 0;
        count.first += decision.binding == count.guard ? 1 : 0;
        count.limit = reading.limit;
        if (std::isfinite(reading.value) && !(count.largest >= reading.value)) count.largest = reading.value;
    }
}

template <typename Key, typename Row>
std::vector<Row> rows_of(const std::map<Key, Row>& map) {
    std::vector<Row> rows;
    for (const auto& [key, row] : map) rows.push_back(row);
    return rows;
}

State Reader::state() const {
    State state = state_;
    state.orders = static_cast<std::int64_t>(orders_.all().size());
    for (const OrderStory& each : orders_.all()) {
        state.open += each.is_open() ? 1 : 0;
        state.finished += each.is_finished ? 1 : 0;
    }
    return state;
}

std::vector<Table> Reader::tables() const {
    std::vector<Table> all{state_table(state()), orders_table(orders_.all()), decisions_.table(),
                           guards_table(guards_)};
    all.push_back(rungs_table(rows_of(rungs_)));
    all.push_back(steps_table("desk_reasons", rows_of(reasons_), "action", "reason", "trade or wait"));
    all.push_back(steps_table("desk_tactics", rows_of(tactics_), "tactic", nullptr, "of the chosen candidate"));
    for (Table& each : calibration_tables(orders_.all())) all.push_back(std::move(each));
    all.push_back(scores_.cards());
    all.push_back(scores_.table());
    all.push_back(commands_table(commands_));
    all.push_back(models_table(models_));
    all.push_back(beginnings_table(begins_));
    all.push_back(records_table(rows_of(records_)));
    return all;
}

}  // namespace

Result<std::vector<Table>> journal_tables(JournalSource& journal) {
    Reader reader;
    Record record;
    while (true) {
        SLIPCAST_TRY(is_there, journal.next(record));
        if (!is_there) break;
        SLIPCAST_CHECK(reader.take(record));
    }
    return reader.tables();
}

}  // namespace slipcast::desk
