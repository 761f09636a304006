#include <algorithm>

#include "slipcast/market/tape.hpp"
#include "table_decoder.hpp"
#include "tape_reader.hpp"

namespace slipcast::interchange::detail {

using namespace market;

namespace {

namespace c = quote_column;

struct QuoteRow {
    Timestamp time;
    Price bid, ask;
    Quantity bid_size, ask_size;
};

std::optional<Error> broken_rule(const QuoteRow& quote, const Instrument* instrument) {
    const bool any_price = instrument != nullptr && instrument->kind == ContractKind::spread;
    if (!any_price && quote.bid < Price{}) return invalid_value("bid", quote.bid.to_string(), "must be >= 0");
    if (!any_price && quote.ask < Price{}) return invalid_value("ask", quote.ask.to_string(), "must be >= 0");
    if (quote.bid_size < Quantity{}) return invalid_value("bid_size", "", "must be >= 0");
    if (quote.ask_size < Quantity{}) return invalid_value("ask_size", "", "must be >= 0");
    return std::nullopt;
}

void flag_odd(const QuoteRow& quote, std::int64_t row, TapeFindings& findings) {
    if (quote.bid == Price{} || quote.ask == Price{} || quote.bid < quote.ask) return;
    findings.flag("bid", quote.bid == quote.ask ? "locked: bid equals ask (kept)" : "crossed: bid above ask (kept)",
                  row, quote.time);
}

/// Depth beyond the touch ("bid_2", "ask_size_5") is part of the contract and not read yet.
bool is_depth(std::string_view name) {
    const std::size_t last = name.rfind('_');
    if (last == std::string_view::npos || (name.substr(0, 4) != "bid_" && name.substr(0, 4) != "ask_")) return false;
    const std::string_view level = name.substr(last + 1);
    return !level.empty() && std::all_of(level.begin(), level.end(), [](char d) { return d >= '0' && d <= '9'; });
}

/// The columns of a batch that holds the contract's own types without nulls.
struct PlainQuotes {
    const std::int64_t* time;
    const std::int64_t* bid;
    const std::int64_t* ask;
    const std::int64_t* bid_size;  ///< null = not in the source
    const std::int64_t* ask_size;

    [[nodiscard]] QuoteRow row(std::int64_t at) const {
        return {Timestamp::from_ns(time[at]), Price::from_units(bid[at]), Price::from_units(ask[at]),
                Quantity::from_units(bid_size == nullptr ? 0 : bid_size[at]),
                Quantity::from_units(ask_size == nullptr ? 0 : ask_size[at])};
    }
};

std::optional<PlainQuotes> plain_quotes(const Binding& binding, const BatchView& batch) {
    const PlainQuotes plain{plain_units(binding, batch, c::time), plain_units(binding, batch, c::bid),
                            plain_units(binding, batch, c::ask), plain_units(binding, batch, c::bid_size),
                            plain_units(binding, batch, c::ask_size)};
    if (plain.time == nullptr || plain.bid == nullptr || plain.ask == nullptr) return std::nullopt;
    if (binding.has(c::bid_size) && plain.bid_size == nullptr) return std::nullopt;
    if (binding.has(c::ask_size) && plain.ask_size == nullptr) return std::nullopt;
    return plain;
}

bool view_in_place(const Binding& binding, const std::shared_ptr<OwnedArray>& owner, const BatchView& batch,
                   TapeFindings& findings, ArrowTape& tape) {
    const std::optional<PlainQuotes> plain = plain_quotes(binding, batch);
    if (!plain) return false;
    SymbolReader symbols(findings.draft(), batch.column(static_cast<std::size_t>(binding.child[c::symbol])));
    const std::optional<std::vector<Run>> runs = sound_runs(
        plain->time, batch, symbols, findings,
        [&](std::int64_t row, const Instrument* instrument) { return !broken_rule(plain->row(row), instrument); });
    if (!runs) return false;
    findings.count_read(batch.rows());
    for (const Run& run : *runs) {
        ArrowTape::Series& series = tape.series(run.instrument);
        series.quotes.time = viewed<Timestamp>(plain->time, run.first, run.count);
        series.quotes.bid = viewed<Price>(plain->bid, run.first, run.count);
        series.quotes.ask = viewed<Price>(plain->ask, run.first, run.count);
        if (plain->bid_size != nullptr)
            series.quotes.bid_size = viewed<Quantity>(plain->bid_size, run.first, run.count);
        if (plain->ask_size != nullptr)
            series.quotes.ask_size = viewed<Quantity>(plain->ask_size, run.first, run.count);
        series.quotes_owner = owner;
    }
    for (std::int64_t row = 0; row < batch.rows(); ++row) flag_odd(plain->row(row), row + 1, findings);
    return true;
}

/// Copies rows into one table an instrument.
class QuoteCopier {
public:
    QuoteCopier(const Binding& binding, TapeFindings& findings)
        : binding_(&binding),
          findings_(&findings),
          has_bid_size_(binding.has(c::bid_size)),
          has_ask_size_(binding.has(c::ask_size)) {}

    void append(const BatchView& batch) {
        findings_->count_read(batch.rows());
        SymbolReader symbols(findings_->draft(), batch.column(static_cast<std::size_t>(binding_->child[c::symbol])));
        RowReader reader(*binding_, batch);
        const std::optional<PlainQuotes> plain = plain_quotes(*binding_, batch);
        for (std::int64_t row = 0; row < batch.rows(); ++row) {
            reader.move_to(row);
            const InstrumentId id = symbols.at(row);
            if (id.is_none())
                reader.fail(Error{ErrorCode::missing_field, "symbol", "", "must be text and not empty", {}});
            const QuoteRow quote = plain ? plain->row(row) : read(reader, findings_->instrument(id));
            accept(reader, id, quote, rows_before_ + row + 1);
        }
        rows_before_ += batch.rows();
    }
    void finish(ArrowTape& tape) {
        for (std::size_t index = 0; index < tables_.size(); ++index) {
            if (!tables_[index]) continue;
            ArrowTape::Series& series = tape.series(InstrumentId::from_index(static_cast<std::int32_t>(index)));
            series.quotes = tables_[index]->view();
            series.quotes_owner = tables_[index];
        }
    }

private:
    static QuoteRow read(RowReader& reader, const Instrument* instrument) {
        const auto to_size = TableDecoder::to_quantity(instrument);
        QuoteRow quote;
        quote.time = reader.required(c::time, to_time);
        quote.bid = reader.optional(c::bid, to_price).value_or(Price{});
        quote.ask = reader.optional(c::ask, to_price).value_or(Price{});
        quote.bid_size = reader.optional(c::bid_size, to_size).value_or(Quantity{});
        quote.ask_size = reader.optional(c::ask_size, to_size).value_or(Quantity{});
        return quote;
    }
    void accept(RowReader& reader, InstrumentId id, const QuoteRow& quote, std::int64_t row) {
        if (reader.failed()) return findings_->quarantine(row, reader.take_error(), quote.time);
        if (auto broken = broken_rule(quote, findings_->instrument(id))) {
            return findings_->quarantine(row, std::move(*broken), quote.time);
        }
        QuoteTable& table = table_of(id);
        if (!table.time.empty() && quote.time < table.time.back()) {
            return findings_->quarantine(row,
                                         Error{ErrorCode::inconsistent,
                                               "time",
                                               quote.time.to_string(),
                                               "times of one symbol must not run backwards",
                                               {}},
                                         quote.time);
        }
        flag_odd(quote, row, *findings_);
        table.time.push_back(quote.time);
        table.bid.push_back(quote.bid);
        table.ask.push_back(quote.ask);
        if (has_bid_size_) table.bid_size.push_back(quote.bid_size);
        if (has_ask_size_) table.ask_size.push_back(quote.ask_size);
    }
    QuoteTable& table_of(InstrumentId id) {
        const auto index = static_cast<std::size_t>(id.index());
        if (tables_.size() <= index) tables_.resize(index + 1);
        if (!tables_[index]) tables_[index] = std::make_shared<QuoteTable>();
        return *tables_[index];
    }

    const Binding* binding_;
    TapeFindings* findings_;
    bool has_bid_size_;
    bool has_ask_size_;
    std::int64_t rows_before_ = 0;
    std::vector<std::shared_ptr<QuoteTable>> tables_;
};

}  // namespace

Result<void> read_quotes(StreamReader& reader, TapeFindings& findings, ArrowTape& tape) {
    SLIPCAST_TRY(names, column_names(reader.schema()));
    SLIPCAST_TRY(binding, bind_columns(*find_table("quotes"), names, is_depth));
    note_missing_columns(binding, findings.draft());
    if (std::any_of(names.begin(), names.end(), is_depth)) {
        findings.draft().quality.add(
            Degradation{"quotes", "depth", "levels beyond the touch are in the source and not read", 0});
    }
    QuoteCopier copier(binding, findings);
    const auto in_place = [&](const std::shared_ptr<OwnedArray>& owner, const BatchView& batch) {
        return view_in_place(binding, owner, batch, findings, tape);
    };
    return read_batches(reader, in_place, copier, tape);
}

}  // namespace slipcast::interchange::detail
