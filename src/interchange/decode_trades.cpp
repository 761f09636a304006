#include <algorithm>
#include <array>

#include "slipcast/market/tape.hpp"
#include "table_decoder.hpp"
#include "tape_reader.hpp"

namespace slipcast::interchange::detail {

using namespace market;

namespace {

namespace c = trade_column;

struct TradeRow {
    Timestamp time;
    Price price;
    Quantity size;
    TradeFlags flags = kRegularTrade;
    VenueId venue;
    std::int8_t aggressor = 0;
};

std::optional<Error> broken_rule(const TradeRow& trade, const Instrument* instrument) {
    const bool any_price = instrument != nullptr && instrument->kind == ContractKind::spread;
    if (!any_price && trade.price <= Price{}) return invalid_value("price", trade.price.to_string(), "must be > 0");
    if (trade.size < Quantity{}) return invalid_value("size", "", "must be >= 0");
    return std::nullopt;
}

/// A sale condition in the contract's own words: names of TradeFlag separated by spaces. Such prints count in volume;
/// late ones do not move the price. Sources with codes of their own are mapped by their importers.
struct Condition {
    TradeFlags flags = kRegularTrade;
    bool is_known = true;
};

Condition condition_of(std::string_view text) {
    struct Word {
        std::string_view name;
        TradeFlag flag;
    };
    static constexpr std::array<Word, 7> kWords{{{"opening_auction", TradeFlag::opening_auction},
                                                 {"closing_auction", TradeFlag::closing_auction},
                                                 {"off_exchange", TradeFlag::off_exchange},
                                                 {"out_of_sequence", TradeFlag::out_of_sequence},
                                                 {"odd_lot", TradeFlag::odd_lot},
                                                 {"own", TradeFlag::own},
                                                 {"hidden", TradeFlag::hidden}}};
    Condition condition;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
        if (word.empty() || word == "regular") continue;
        const auto known = std::find_if(kWords.begin(), kWords.end(), [&](const Word& w) { return w.name == word; });
        if (known == kWords.end()) {
            condition.is_known = false;
        } else {
            condition.flags.set(known->flag);
        }
    }
    if (!condition.is_known || condition.flags.has(TradeFlag::out_of_sequence)) {
        condition.flags.bits =
            static_cast<std::uint16_t>(condition.flags.bits & ~static_cast<unsigned>(TradeFlag::in_vwap));
    }
    return condition;
}

Result<TradeFlags> to_flags(const Cell& cell, std::string_view field) {
    SLIPCAST_TRY(bits, to_whole_number(cell, field));
    if (bits < 0 || bits > 511)
        return invalid_value(std::string(field), shown(cell), "must be a sum of TradeFlag bits (0 to 511)");
    return TradeFlags{static_cast<std::uint16_t>(bits)};
}

Result<std::int8_t> to_aggressor(const Cell& cell, std::string_view field) {
    if (shown(cell) == "0") return std::int8_t{0};
    SLIPCAST_TRY(side, to_side(cell, field));
    return static_cast<std::int8_t>(sign(side));
}

/// Copies rows into one table an instrument.
class TradeCopier {
public:
    TradeCopier(const Binding& binding, TapeFindings& findings)
        : binding_(&binding), findings_(&findings), has_flags_(binding.has(c::flags) || binding.has(c::condition)) {}

    void append(const BatchView& batch) {
        findings_->count_read(batch.rows());
        SymbolReader symbols(findings_->draft(), batch.column(static_cast<std::size_t>(binding_->child[c::symbol])));
        RowReader reader(*binding_, batch);
        for (std::int64_t row = 0; row < batch.rows(); ++row) {
            reader.move_to(row);
            const InstrumentId id = symbols.at(row);
            if (id.is_none())
                reader.fail(Error{ErrorCode::missing_field, "symbol", "", "must be text and not empty", {}});
            const TradeRow trade = read(reader, findings_->instrument(id), rows_before_ + row + 1);
            accept(reader, id, trade, rows_before_ + row + 1);
        }
        rows_before_ += batch.rows();
    }
    void finish(ArrowTape& tape) {
        for (std::size_t index = 0; index < tables_.size(); ++index) {
            if (!tables_[index]) continue;
            ArrowTape::Series& series = tape.series(InstrumentId::from_index(static_cast<std::int32_t>(index)));
            series.trades = tables_[index]->view();
            series.trades_owner = tables_[index];
        }
    }

private:
    TradeRow read(RowReader& reader, const Instrument* instrument, std::int64_t row) {
        TradeRow trade;
        trade.time = reader.required(c::time, to_time);
        trade.price = reader.required(c::price, TableDecoder::to_price_of(instrument));
        trade.size = reader.required(c::size, TableDecoder::to_quantity(instrument));
        trade.flags = reader.optional(c::flags, to_flags).value_or(kRegularTrade);
        if (const auto text = reader.optional(c::condition, to_label)) {
            const Condition condition = condition_of(*text);
            trade.flags = condition.flags;
            if (!condition.is_known) {
                findings_->flag("condition", "unknown condition: counted in volume, not in VWAP", row, trade.time);
            }
        }
        if (const auto venue = reader.optional(c::venue, to_label))
            trade.venue = findings_->draft().names.venues.intern(*venue);
        trade.aggressor = reader.optional(c::aggressor, to_aggressor).value_or(std::int8_t{0});
        return trade;
    }
    void accept(RowReader& reader, InstrumentId id, const TradeRow& trade, std::int64_t row) {
        if (reader.failed()) return findings_->quarantine(row, reader.take_error(), trade.time);
        if (auto broken = broken_rule(trade, findings_->instrument(id))) {
            return findings_->quarantine(row, std::move(*broken), trade.time);
        }
        TradeTable& table = table_of(id);
        if (!table.time.empty() && trade.time < table.time.back()) {
            return findings_->quarantine(row,
                                         Error{ErrorCode::inconsistent,
                                               "time",
                                               trade.time.to_string(),
                                               "times of one symbol must not run backwards",
                                               {}},
                                         trade.time);
        }
        table.time.push_back(trade.time);
        table.price.push_back(trade.price);
        table.size.push_back(trade.size);
        if (has_flags_) table.flags.push_back(trade.flags);
        if (binding_->has(c::venue)) table.venue.push_back(trade.venue);
        if (binding_->has(c::aggressor)) table.aggressor.push_back(trade.aggressor);
    }
    TradeTable& table_of(InstrumentId id) {
        const auto index = static_cast<std::size_t>(id.index());
        if (tables_.size() <= index) tables_.resize(index + 1);
        if (!tables_[index]) tables_[index] = std::make_shared<TradeTable>();
        return *tables_[index];
    }

    const Binding* binding_;
    TapeFindings* findings_;
    bool has_flags_;
    std::int64_t rows_before_ = 0;
    std::vector<std::shared_ptr<TradeTable>> tables_;
};

/// What keeps a viewed run alive: the batch, and the columns that were translated from it.
struct TradesInPlace {
    std::shared_ptr<const OwnedArray> batch;
    TradeTable translated;  ///< flags, venue, aggressor where the source has them
};

/// False when one of the run's translated fields does not decode.
bool translate(const Binding& binding, RowReader& reader, const Run& run, TapeFindings& findings, TradeTable& out) {
    for (std::int64_t row = run.first; row < run.first + run.count; ++row) {
        reader.move_to(row);
        if (binding.has(c::flags)) out.flags.push_back(reader.optional(c::flags, to_flags).value_or(kRegularTrade));
        if (binding.has(c::venue)) {
            const auto venue = reader.optional(c::venue, to_label);
            out.venue.push_back(venue ? findings.draft().names.venues.intern(*venue) : VenueId::none());
        }
        if (binding.has(c::aggressor)) {
            out.aggressor.push_back(reader.optional(c::aggressor, to_aggressor).value_or(std::int8_t{0}));
        }
        if (reader.failed()) return false;
    }
    return true;
}

bool view_in_place(const Binding& binding, const std::shared_ptr<OwnedArray>& owner, const BatchView& batch,
                   TapeFindings& findings, ArrowTape& tape) {
    const std::int64_t* time = plain_units(binding, batch, c::time);
    const std::int64_t* price = plain_units(binding, batch, c::price);
    const std::int64_t* size = plain_units(binding, batch, c::size);
    if (time == nullptr || price == nullptr || size == nullptr || binding.has(c::condition)) return false;
    SymbolReader symbols(findings.draft(), batch.column(static_cast<std::size_t>(binding.child[c::symbol])));
    const bool states_unit = batch.column(static_cast<std::size_t>(binding.child[c::price])).type().states_unit;
    const auto is_sound = [&](std::int64_t row, const Instrument* instrument) {
        if (!states_unit && is_currency(price[row], instrument)) return false;
        TradeRow trade;
        trade.price = Price::from_units(price[row]);
        trade.size = Quantity::from_units(size[row]);
        return !broken_rule(trade, instrument);
    };
    const std::optional<std::vector<Run>> runs = sound_runs(time, batch, symbols, findings, is_sound);
    if (!runs) return false;
    RowReader reader(binding, batch);
    std::vector<std::shared_ptr<TradesInPlace>> owners;
    for (const Run& run : *runs) {
        owners.push_back(std::make_shared<TradesInPlace>(TradesInPlace{owner, {}}));
        if (!translate(binding, reader, run, findings, owners.back()->translated)) return false;
    }
    findings.count_read(batch.rows());
    for (std::size_t i = 0; i < runs->size(); ++i) {
        const Run& run = (*runs)[i];
        const TradeTable& translated = owners[i]->translated;
        ArrowTape::Series& series = tape.series(run.instrument);
        series.trades = {viewed<Timestamp>(time, run.first, run.count),
                         viewed<Price>(price, run.first, run.count),
                         viewed<Quantity>(size, run.first, run.count),
                         translated.flags,
                         translated.venue,
                         translated.aggressor};
        series.trades_owner = owners[i];
    }
    return true;
}

}  // namespace

Result<void> read_trades(StreamReader& reader, TapeFindings& findings, ArrowTape& tape) {
    SLIPCAST_TRY(names, column_names(reader.schema()));
    SLIPCAST_TRY(binding, bind_columns(*find_table("trades"), names));
    if (binding.has(c::flags) && binding.has(c::condition)) {
        return Error{ErrorCode::inconsistent, "trades", "condition", "give flags or condition, not both", {}};
    }
    note_missing_columns(binding, findings.draft());
    TradeCopier copier(binding, findings);
    const auto in_place = [&](const std::shared_ptr<OwnedArray>& owner, const BatchView& batch) {
        return view_in_place(binding, owner, batch, findings, tape);
    };
    return read_batches(reader, in_place, copier, tape);
}

}  // namespace slipcast::interchange::detail
