#include "slipcast/desk/setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "beginning.hpp"
#include "slipcast/core/packing.hpp"
#include "slipcast/core/random.hpp"

namespace slipcast::desk {

namespace {

// How many there are is written elsewhere.
void put_each(Packer& packer, const std::vector<double>& values) {
    for (const double each : values) packer.put(each);
}

void put(Packer& packer, const control::Rule& rule) {
    const control::Parameters& p = rule.parameters();
    packer.put(static_cast<std::uint64_t>(p.signals.size()));
    put_each(packer, {p.trading_cost, p.impact, p.impact_decay, p.risk_aversion, p.discount, p.variance});
    for (const control::Signal& each : p.signals) put_each(packer, {each.decay, each.variance, each.loading});
    const control::Gains& gains = rule.gains();
    put_each(packer, {gains.position, gains.level, gains.shift});
    put_each(packer, gains.signal);
    const control::Coefficients& A = rule.coefficients();
    put_each(packer, {A.Aqq, A.Aql, A.All, A.A0});
    put_each(packer, A.Aqx);
    put_each(packer, A.Alx);
    put_each(packer, A.Axx);
}

std::vector<double> each_of(Unpacker& unpacker, std::size_t count) {
    std::vector<double> values(count);
    for (double& each : values) each = unpacker.real();
    return values;
}

Result<control::Rule> rule_of(Unpacker& unpacker) {
    const std::size_t signals = unpacker.count();
    if (signals > kMaxSignals) return invalid_value("rules", std::to_string(signals), "must have at most 8 signals");
    control::Parameters p;
    for (double* each : {&p.trading_cost, &p.impact, &p.impact_decay, &p.risk_aversion, &p.discount, &p.variance}) {
        *each = unpacker.real();
    }
    p.signals.resize(signals);
    for (control::Signal& each : p.signals) {
        each.decay = unpacker.real();
        each.variance = unpacker.real();
        each.loading = unpacker.real();
    }
    control::Solution solution;
    control::Gains& gains = solution.gains;
    for (double* each : {&gains.position, &gains.level, &gains.shift}) *each = unpacker.real();
    gains.signal = each_of(unpacker, signals);
    control::Coefficients& A = solution.coefficients;
    for (double* each : {&A.Aqq, &A.Aql, &A.All, &A.A0}) *each = unpacker.real();
    A.Aqx = each_of(unpacker, signals);
    A.Alx = each_of(unpacker, signals);
    A.Axx = each_of(unpacker, signals * signals);
    return control::Rule(std::move(p), std::move(solution));
}

/// The reverse of Settings::canonical_text.
Result<void> set_all(Settings settings, std::string_view text) {
    while (!text.empty()) {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) {
            return Error{ErrorCode::malformed, "options", std::string(text), "must read name=value;...", {}};
        }
        std::string value;
        std::size_t at = equals + 1;
        for (; at < text.size() && text[at] != ';'; ++at) {
            if (text[at] == '\\') ++at;
            if (at < text.size()) value += text[at];
        }
        SLIPCAST_CHECK(settings.set(text.substr(0, equals), value));
        text.remove_prefix(std::min(at + 1, text.size()));
    }
    return {};
}

Error placed(Error error, const Record& record) {
    error.place.file = "journal";
    error.place.row = static_cast<std::int64_t>(record.sequence);
    return error;
}

Error refused(const Record& record, ErrorCode code, const char* field, std::string value, std::string rule) {
    return placed(Error{code, field, std::move(value), std::move(rule), {}}, record);
}

Result<void> take_setup(const Record& record, const Begin& begin, DeskSetup& setup) {
    const std::string payload = detail::text_of(record);
    if (digest64(payload) != begin.setup_digest) {
        return refused(record, ErrorCode::inconsistent, "setup", "", "must have the digest that the beginning names");
    }
    Unpacker unpacker(payload);
    if (auto set = set_all(setup.online.settings(), unpacker.text()); !set) return placed(set.error(), record);
    const std::size_t rules = unpacker.count();
    for (std::size_t i = 0; i < rules; ++i) {
        Result<control::Rule> rule = rule_of(unpacker);
        if (!rule) return placed(rule.error(), record);
        setup.rules.push_back(std::move(*rule));
    }
    const std::string_view router = unpacker.text();
    if (const auto whole = unpacker.finish(); !whole) return placed(whole.error(), record);
    if (router.empty()) return {};
    Result<venue::Router> restored = venue::Router::restore(router);
    if (!restored) return placed(restored.error(), record);
    setup.router.emplace(std::move(*restored));
    return {};
}

Result<void> take_model(const Record& record, const Begin& begin, DeskSetup& setup) {
    const std::string payload = detail::text_of(record);
    const std::size_t line = payload.find('\n');
    const std::string role = payload.substr(0, line);
    if (line == std::string::npos || (role != "champion" && role != "challenger")) {
        return refused(record, ErrorCode::malformed, "model", role, "must name its role: champion or challenger");
    }
    const std::string artifact = payload.substr(line + 1);
    const ModelVersion& named = role == "champion" ? begin.champion : begin.challenger;
    if (digest64(artifact) != named.digest) {
        return refused(record, ErrorCode::inconsistent, "model", role, "must have the digest that the beginning names");
    }
    Result<cost::Model> model = cost::Model::from_json(artifact);
    if (!model) return placed(model.error(), record);
    (role == "champion" ? setup.champion : setup.challenger).emplace(std::move(*model));
    return {};
}

}  // namespace

std::string encoded_setup(const DeskSetup& setup) {
    Packer packer;
    cost::OnlineOptions online = setup.online;
    packer.put(online.settings().canonical_text());
    packer.put(static_cast<std::uint64_t>(setup.rules.size()));
    for (const control::Rule& rule : setup.rules) put(packer, rule);
    packer.put(setup.router ? setup.router->save() : std::string{});
    return packer.take();
}

std::uint64_t setup_digest(const DeskSetup& setup) {
    return digest64(encoded_setup(setup));
}

Result<DeskSetup> journaled_setup(JournalSource& journal) {
    SLIPCAST_TRY(opening, detail::read_opening(journal));
    return detail::setup_of(opening);
}

namespace detail {

std::string text_of(const Record& record) {
    return {reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
}

Result<Opening> read_opening(JournalSource& journal) {
    Opening opening;
    while (true) {
        Record record;
        SLIPCAST_TRY(is_there, journal.next(record));
        if (!is_there) break;
        const RecordKind kind = record.kind;
        if (kind == RecordKind::begin) opening.begins_at = opening.records.size();
        opening.records.push_back(std::move(record));
        if (opening.records.front().kind != RecordKind::begin) {
            return refused(opening.records.front(), ErrorCode::malformed, "kind", std::string(name(kind)),
                           "must be a beginning first");
        }
        if (kind != RecordKind::begin && kind != RecordKind::setup && kind != RecordKind::model) break;
    }
    if (opening.records.empty()) return Error{ErrorCode::not_found, "journal", "", "must hold a beginning", {}};
    return opening;
}

Result<DeskSetup> setup_of(const Opening& opening) {
    const Record& first = opening.records[opening.begins_at];
    SLIPCAST_TRY(begin, decoded_begin(first));
    DeskSetup setup;
    if (auto set = set_all(setup.options.settings(), begin.options); !set) return placed(set.error(), first);
    if (setup.options.digest() != begin.options_digest) {
        return refused(
            first, ErrorCode::inconsistent, "options", "",
            fmt::format("must be those of this version: slipcast {} wrote this journal", begin.engine_version));
    }
    bool has_setup = false;
    for (std::size_t i = opening.begins_at + 1; i < opening.records.size(); ++i) {
        const Record& record = opening.records[i];
        if (record.kind == RecordKind::setup) {
            SLIPCAST_CHECK(take_setup(record, begin, setup));
            has_setup = true;
        }
        if (record.kind == RecordKind::model) SLIPCAST_CHECK(take_model(record, begin, setup));
    }
    const auto missing = [&first](const char* what) {
        return refused(first, ErrorCode::missing_field, what, "", "must follow the beginning that names it");
    };
    if (!has_setup) return missing("setup");
    if (begin.champion.digest != 0 && !setup.champion) return missing("champion");
    if (begin.challenger.digest != 0 && !setup.challenger) return missing("challenger");
    return setup;
}

std::string state_of(const Opening& opening) {
    const Record& last = opening.records.back();
    return last.kind == RecordKind::snapshot ? text_of(last) : std::string{};
}

}  // namespace detail

}  // namespace slipcast::desk
