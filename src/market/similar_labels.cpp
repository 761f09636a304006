#include "similar_labels.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>

#include "assembly.hpp"

namespace slipcast::market::detail {

namespace {

/// Flags the rows whose label in one column is spelled in another way than most rows spell it. `id_of(row)` is
/// the label's id in `pool`.
template <typename Pool, typename Rows, typename IdOf>
void flag_rare_spellings(const char* field, const Pool& pool, const Rows& rows, const IdOf& id_of, RowLedger& ledger) {
    using Id = std::decay_t<decltype(id_of(rows[0]))>;
    std::vector<std::int64_t> uses(static_cast<std::size_t>(pool.size()));
    for (std::size_t row = 0; row < ledger.rows(); ++row) {
        const Id id = id_of(rows[row]);
        if (ledger.is_accepted(row) && !id.is_none()) ++uses[static_cast<std::size_t>(id.index())];
    }
    std::vector<std::string_view> labels;
    for (std::int32_t i = 0; i < pool.size(); ++i) labels.push_back(pool.name(Id::from_index(i)));
    const std::vector<std::size_t> usual = usual_spellings(labels, uses);
    for (std::size_t row = 0; row < ledger.rows(); ++row) {
        const Id id = id_of(rows[row]);
        if (!ledger.is_accepted(row) || id.is_none()) continue;
        const auto label = static_cast<std::size_t>(id.index());
        if (usual[label] == label) continue;
        ledger.flag(row, {ErrorCode::inconsistent,
                          field,
                          std::string(labels[label]),
                          fmt::format("differs from '{}' only in case, spaces or punctuation: counted as another label",
                                      labels[usual[label]]),
                          {}});
    }
}

}  // namespace

std::string bare_label(std::string_view label) {
    std::string bare;
    for (const char c : label) {
        const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
        if (c >= 'A' && c <= 'Z') {
            bare += static_cast<char>(c - 'A' + 'a');
        } else if (!is_ascii || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            bare += c;
        }
    }
    return bare;
}

std::vector<std::size_t> usual_spellings(const std::vector<std::string_view>& labels,
                                         const std::vector<std::int64_t>& uses) {
    std::map<std::string, std::size_t> most_used;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (uses[i] == 0) continue;
        const auto [found, is_new] = most_used.emplace(bare_label(labels[i]), i);
        if (!is_new && uses[i] > uses[found->second]) found->second = i;
    }
    std::vector<std::size_t> usual(labels.size());
    std::iota(usual.begin(), usual.end(), std::size_t{0});
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::string bare = bare_label(labels[i]);
        if (uses[i] > 0 && !bare.empty()) usual[i] = most_used.at(bare);
    }
    return usual;
}

void Assembly::flag_similar_labels() {
    const auto order_label = [&](const char* field, LabelId Order::* label) {
        flag_rare_spellings(
            field, out_.names.labels, draft_.orders.rows, [label](const Order& order) { return order.*label; },
            orders_);
    };
    order_label("basket_id", &Order::basket);
    order_label("benchmark", &Order::benchmark);
    order_label("algo", &Order::algo);
    order_label("tactic", &Order::tactic);
    order_label("urgency", &Order::urgency);
    order_label("broker", &Order::broker);
    order_label("trader", &Order::trader);
    order_label("client", &Order::client);
    order_label("wheel_arm", &Order::wheel_arm);
    const auto trait = [&](const char* field, LabelId Instrument::* label) {
        flag_rare_spellings(
            field, out_.names.labels, draft_.instruments.rows, [label](const Instrument& row) { return row.*label; },
            instruments_);
    };
    trait("sector", &Instrument::sector);
    trait("liquidity_tier", &Instrument::liquidity_tier);
    trait("cap_bucket", &Instrument::cap_bucket);
    trait("market_bucket", &Instrument::market_bucket);
    flag_rare_spellings(
        "venue", out_.names.venues, draft_.placements.rows, [](const Placement& row) { return row.venue; },
        placements_);
    flag_rare_spellings(
        "venue", out_.names.venues, draft_.fills.rows, [](const Fill& row) { return row.venue; }, fills_);
}

}  // namespace slipcast::market::detail
