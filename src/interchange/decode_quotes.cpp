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

/// The table `quotes` with as many levels as a source shows: the columns of level 2 follow those of the contract, then
/// those of level 3. A level is whole: all its four columns, and the sizes at the touch.
class QuoteSpec {
public:
    explicit QuoteSpec(const std::vector<std::string>& names) {
        for (const std::string& name : names) levels_ = std::max(levels_, depth_level(name).value_or(1));
        const TableSpec& touch = *find_table("quotes");
        columns_.assign(touch.columns.begin(), touch.columns.end());
        if (levels_ == 1) return;
        columns_[c::bid_size].required = columns_[c::ask_size].required = true;
        names_.reserve(4 * levels_);  // the specs point into it
        for (std::size_t level = 2; level <= levels_; ++level) {
            for (const bool is_size : {false, true}) {
                for (const Side side : {Side::buy, Side::sell}) names_.push_back(level_column(side, is_size, level));
            }
        }
        for (const std::string& name : names_) columns_.push_back({name.c_str(), true});
    }
    [[nodiscard]] std::size_t levels() const { return levels_; }
    [[nodiscard]] TableSpec table() const { return {"quotes", columns_}; }
    static std::size_t column(Side side, bool is_size, std::size_t level) {
        const auto of_side = static_cast<std::size_t>(side == Side::sell);
        if (level == 1) return (is_size ? c::bid_size : c::bid) + of_side;
        return c::ask_size + 1 + 4 * (level - 2) + (is_size ? 2 : 0) + of_side;
    }

private:
    std::size_t levels_ = 1;
    std::vector<std::string> names_;
    std::vector<ColumnSpec> columns_;
};

/// Levels of both sides of one row, the touch first; used again for each row.
struct RowLevels {
    std::vector<BookLevel> bids, asks;
    explicit RowLevels(std::size_t levels) : bids(levels), asks(levels) {}
    [[nodiscard]] std::vector<BookLevel>& of(Side side) { return side == Side::buy ? bids : asks; }
    void set_touch(const QuoteRow& quote) {
        bids.front() = {quote.bid, quote.bid_size};
        asks.front() = {quote.ask, quote.ask_size};
    }
    [[nodiscard]] std::optional<Error> broken(const Instrument* instrument) const {
        const bool any_price = instrument != nullptr && instrument->kind == ContractKind::spread;
        if (auto error = broken_levels(Side::buy, bids, any_price)) return error;
        return broken_levels(Side::sell, asks, any_price);
    }
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

/// The columns of a batch that holds the contract's own types without nulls.
struct PlainQuotes {
    const std::int64_t* time;
    const std::int64_t* bid;
    const std::int64_t* ask;
    const std::int64_t* bid_size;  ///< null = not in the source
    const std::int64_t* ask_size;
    bool states_unit;  ///< the prices do

    /// The price that must be meant as currency, if one is.
    [[nodiscard]] std::optional<Error> currency(std::int64_t at, const Instrument* instrument) const {
        if (states_unit) return std::nullopt;
        if (is_currency(bid[at], instrument)) return whole_currency("bid", bid[at]);
        if (is_currency(ask[at], instrument)) return whole_currency("ask", ask[at]);
        return std::nullopt;
    }
    [[nodiscard]] QuoteRow row(std::int64_t at) const {
        return {Timestamp::from_ns(time[at]), Price::from_units(bid[at]), Price::from_units(ask[at]),
                Quantity::from_units(bid_size == nullptr ? 0 : bid_size[at]),
                Quantity::from_units(ask_size == nullptr ? 0 : ask_size[at])};
    }
};

/// The depth columns of such a batch.
class PlainDepth {
public:
    /// Nothing when a column is not the contract's own type.
    static std::optional<PlainDepth> create(const Binding& binding, const BatchView& batch, std::size_t levels) {
        PlainDepth depth;
        for (std::size_t level = 2; level <= levels; ++level) {
            for (const Side side : {Side::buy, Side::sell}) {
                for (const bool is_size : {false, true}) {
                    const std::int64_t* units = plain_units(binding, batch, QuoteSpec::column(side, is_size, level));
                    if (units == nullptr) return std::nullopt;
                    depth.columns_.push_back(units);
                }
            }
        }
        return depth;
    }
    void read(std::int64_t row, RowLevels& levels) const {
        for (std::size_t i = 0; i < columns_.size() / 4; ++i) {
            levels.bids[i + 1] = {Price::from_units(columns_[4 * i][row]),
                                  Quantity::from_units(columns_[4 * i + 1][row])};
            levels.asks[i + 1] = {Price::from_units(columns_[4 * i + 2][row]),
                                  Quantity::from_units(columns_[4 * i + 3][row])};
        }
    }
    [[nodiscard]] std::vector<DepthColumns> view(std::int64_t first, std::int64_t count) const {
        std::vector<DepthColumns> levels;
        for (std::size_t i = 0; i < columns_.size(); i += 4) {
            levels.push_back({viewed<Price>(columns_[i], first, count), viewed<Price>(columns_[i + 2], first, count),
                              viewed<Quantity>(columns_[i + 1], first, count),
                              viewed<Quantity>(columns_[i + 3], first, count)});
        }
        return levels;
    }

private:
    std::vector<const std::int64_t*> columns_;  ///< level by level: bid, bid size, ask, ask size
};

std::optional<PlainQuotes> plain_quotes(const Binding& binding, const BatchView& batch) {
    const auto states_unit = [&](std::size_t column) {
        return batch.column(static_cast<std::size_t>(binding.child[column])).type().states_unit;
    };
    const PlainQuotes plain{plain_units(binding, batch, c::time),     plain_units(binding, batch, c::bid),
                            plain_units(binding, batch, c::ask),      plain_units(binding, batch, c::bid_size),
                            plain_units(binding, batch, c::ask_size), states_unit(c::bid) && states_unit(c::ask)};
    if (plain.time == nullptr || plain.bid == nullptr || plain.ask == nullptr) return std::nullopt;
    if (binding.has(c::bid_size) && plain.bid_size == nullptr) return std::nullopt;
    if (binding.has(c::ask_size) && plain.ask_size == nullptr) return std::nullopt;
    return plain;
}

bool view_in_place(const Binding& binding, std::size_t levels, const std::shared_ptr<OwnedArray>& owner,
                   const BatchView& batch, TapeFindings& findings, ArrowTape& tape) {
    const std::optional<PlainQuotes> plain = plain_quotes(binding, batch);
    const std::optional<PlainDepth> depth = PlainDepth::create(binding, batch, levels);
    if (!plain || !depth) return false;
    RowLevels row_levels(levels);
    SymbolReader symbols(findings.draft(), batch.column(static_cast<std::size_t>(binding.child[c::symbol])));
    const std::optional<std::vector<Run>> runs =
        sound_runs(plain->time, batch, symbols, findings, [&](std::int64_t row, const Instrument* instrument) {
            const QuoteRow quote = plain->row(row);
            if (broken_rule(quote, instrument) || plain->currency(row, instrument)) return false;
            if (levels == 1) return true;
            row_levels.set_touch(quote);
            depth->read(row, row_levels);
            return !row_levels.broken(instrument);
        });
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
        series.quotes.depth = depth->view(run.first, run.count);
        series.quotes_owner = owner;
    }
    for (std::int64_t row = 0; row < batch.rows(); ++row) flag_odd(plain->row(row), row + 1, findings);
    return true;
}

/// Copies rows into one table an instrument.
class QuoteCopier {
public:
    QuoteCopier(const Binding& binding, std::size_t levels, TapeFindings& findings)
        : binding_(&binding),
          findings_(&findings),
          levels_(levels),
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
            if (plain) {
                if (auto currency = plain->currency(row, findings_->instrument(id))) reader.fail(std::move(*currency));
            }
            if (levels_.bids.size() > 1) read_depth(reader, findings_->instrument(id), quote);
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
        const auto to_price = TableDecoder::to_price_of(instrument);
        QuoteRow quote;
        quote.time = reader.required(c::time, to_time);
        quote.bid = reader.optional(c::bid, to_price).value_or(Price{});
        quote.ask = reader.optional(c::ask, to_price).value_or(Price{});
        quote.bid_size = reader.optional(c::bid_size, to_size).value_or(Quantity{});
        quote.ask_size = reader.optional(c::ask_size, to_size).value_or(Quantity{});
        return quote;
    }
    void read_depth(RowReader& reader, const Instrument* instrument, const QuoteRow& quote) {
        const auto to_size = TableDecoder::to_quantity(instrument);
        const auto to_price = TableDecoder::to_price_of(instrument);
        levels_.set_touch(quote);
        for (std::size_t level = 2; level <= levels_.bids.size(); ++level) {
            for (const Side side : {Side::buy, Side::sell}) {
                const auto price = reader.optional(QuoteSpec::column(side, false, level), to_price);
                const auto size = reader.optional(QuoteSpec::column(side, true, level), to_size);
                levels_.of(side)[level - 1] = {price.value_or(Price{}), size.value_or(Quantity{})};
            }
        }
    }
    void accept(RowReader& reader, InstrumentId id, const QuoteRow& quote, std::int64_t row) {
        if (reader.failed()) return findings_->quarantine(row, reader.take_error(), quote.time);
        if (auto broken = broken_rule(quote, findings_->instrument(id))) {
            return findings_->quarantine(row, std::move(*broken), quote.time);
        }
        if (auto broken = levels_.broken(findings_->instrument(id))) {
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
        table.push_depth(std::span(levels_.bids).subspan(1), std::span(levels_.asks).subspan(1));
    }
    QuoteTable& table_of(InstrumentId id) {
        const auto index = static_cast<std::size_t>(id.index());
        if (tables_.size() <= index) tables_.resize(index + 1);
        if (!tables_[index]) {
            tables_[index] = std::make_shared<QuoteTable>();
            tables_[index]->depth.resize(levels_.bids.size() - 1);
        }
        return *tables_[index];
    }

    const Binding* binding_;
    TapeFindings* findings_;
    RowLevels levels_;
    bool has_bid_size_;
    bool has_ask_size_;
    std::int64_t rows_before_ = 0;
    std::vector<std::shared_ptr<QuoteTable>> tables_;
};

}  // namespace

Result<void> read_quotes(StreamReader& reader, TapeFindings& findings, ArrowTape& tape) {
    SLIPCAST_TRY(names, column_names(reader.schema()));
    const QuoteSpec spec(names);
    const TableSpec table = spec.table();
    SLIPCAST_TRY(binding, bind_columns(table, names));
    note_missing_columns(binding, findings.draft());
    QuoteCopier copier(binding, spec.levels(), findings);
    const auto in_place = [&](const std::shared_ptr<OwnedArray>& owner, const BatchView& batch) {
        return view_in_place(binding, spec.levels(), owner, batch, findings, tape);
    };
    return read_batches(reader, in_place, copier, tape);
}

}  // namespace slipcast::interchange::detail
