#include <algorithm>

#include "engine.hpp"
#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::python {
namespace {

ArrowArrayStream* stream_of(nb::handle capsule) {
    if (capsule.is_none()) return nullptr;
    auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
    if (stream == nullptr) throw nb::python_error();
    return stream;
}

/// A contract table as Python hands it over: the table's name, what findings call its source, and an Arrow stream.
using Source = std::tuple<std::string, std::string, nb::object>;

/// What a tape file says beside its rows: whether its quotes come from bars, and when its feed was down [ns].
using TapeFacts = std::map<std::string, std::tuple<bool, std::vector<std::tuple<std::int64_t, std::int64_t>>>>;

/// A tape in memory with the facts that its files carried.
class TapeWithFacts final : public market::TapeSource {
public:
    TapeWithFacts(std::shared_ptr<const TapeSource> tape, const TapeFacts& facts, const market::Names& names)
        : tape_(std::move(tape)) {
        for (const auto& [symbol, fact] : facts) {
            const auto& [indicative, gaps] = fact;
            Facts& of_symbol = facts_[names.symbols.find(symbol)];
            of_symbol.indicative = indicative;
            for (const auto& [begin, end] : gaps) {
                of_symbol.gaps.push_back({Timestamp::from_ns(begin), Timestamp::from_ns(end)});
            }
        }
    }
    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId instrument, TimeRange window) const override {
        auto slice = tape_->load(instrument, window);
        const auto facts = facts_.find(instrument);
        if (!slice || facts == facts_.end()) return slice;
        slice->quotes_indicative = facts->second.indicative;
        for (const market::FeedGap& gap : facts->second.gaps) {
            if (gap.begin < window.end && gap.end > window.begin) slice->gaps.push_back(gap);
        }
        return slice;
    }
    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override { return tape_->extent(instrument); }

private:
    struct Facts {
        bool indicative = false;
        std::vector<market::FeedGap> gaps;
    };
    std::shared_ptr<const TapeSource> tape_;
    std::map<InstrumentId, Facts> facts_;
};

std::shared_ptr<market::Dataset> assembled(const std::vector<Source>& sources, nb::handle quotes, nb::handle trades,
                                           const TapeFacts& facts, const Texts& provenance) {
    market::DatasetDraft draft;
    draft.provenance = provenance;
    for (const std::string& table : interchange::contract_tables()) {
        for (const auto& [name, file, capsule] : sources) {
            if (name != table) continue;
            ArrowArrayStream* stream = stream_of(capsule);
            Result<void> decoded;
            {
                const nb::gil_scoped_release released;
                decoded = interchange::decode_table(stream, table, file, draft);
            }
            taken(decoded);
        }
    }
    ArrowArrayStream* quote_stream = stream_of(quotes);
    ArrowArrayStream* trade_stream = stream_of(trades);
    auto dataset = [&]() -> Result<market::Dataset> {
        const nb::gil_scoped_release released;
        SLIPCAST_TRY(tape, interchange::decode_tape(quote_stream, trade_stream, draft));
        draft.tape = facts.empty() ? tape : std::make_shared<TapeWithFacts>(tape, facts, draft.names);
        return market::assemble(std::move(draft));
    }();
    return std::make_shared<market::Dataset>(taken(std::move(dataset)));
}

InstrumentId instrument_of(const market::Dataset& dataset, const std::string& symbol) {
    const InstrumentId id = dataset.names.symbols.find(symbol);
    if (id.is_none()) {
        raise({.code = ErrorCode::not_found,
               .field = "symbol",
               .value = symbol,
               .rule = "must be a symbol of this dataset",
               .place = {}});
    }
    return id;
}

market::TapeSlice whole_tape(const market::Dataset& dataset, const std::string& symbol) {
    const InstrumentId id = instrument_of(dataset, symbol);
    const nb::gil_scoped_release released;
    auto slice = dataset.tape->load(id, dataset.tape->extent(id));
    if (slice) return std::move(*slice);
    const nb::gil_scoped_acquire gil;
    raise(slice.error());
}

std::vector<std::shared_ptr<Table>> contract_tables_of(const market::Dataset& dataset) {
    std::vector<std::shared_ptr<Table>> tables;
    for (Table& table : interchange::contract_tables_of(dataset)) {
        tables.push_back(std::make_shared<Table>(std::move(table)));
    }
    return tables;
}

std::vector<std::string> symbols_of(const market::Dataset& dataset) {
    std::vector<std::string> symbols;
    for (std::int32_t i = 0; i < dataset.names.symbols.size(); ++i) {
        symbols.emplace_back(dataset.names.symbols.name(InstrumentId::from_index(i)));
    }
    return symbols;
}

nb::dict counts_of(const market::Dataset& dataset) {
    nb::dict counts;
    counts["instruments"] = dataset.instruments.size();
    counts["orders"] = dataset.orders.size();
    counts["placements"] = dataset.placements.size();
    counts["fills"] = dataset.fills.size();
    counts["quarantined"] = dataset.quality.quarantined();
    counts["flagged"] = dataset.quality.flagged();
    return counts;
}

}  // namespace

void bind_dataset(nb::module_& module) {
    module.def("contract_tables", &interchange::contract_tables);
    module.def(
        "contract_columns", [](const std::string& table) { return interchange::contract_columns(table); },
        nb::arg("table"));
    module.def("assemble", &assembled, nb::arg("sources"), nb::arg("quotes").none(), nb::arg("trades").none(),
               nb::arg("tape_facts"), nb::arg("provenance"));
    nb::class_<market::Dataset>(module, "Dataset")
        .def_prop_ro("symbols", &symbols_of)
        .def_prop_ro("counts", &counts_of)
        .def_prop_ro("provenance", [](const market::Dataset& dataset) { return dataset.provenance; })
        .def("contract_tables", &contract_tables_of)
        .def(
            "quotes",
            [](const market::Dataset& dataset, const std::string& symbol) {
                const market::TapeSlice slice = whole_tape(dataset, symbol);
                return std::make_shared<Table>(interchange::quotes_table(slice.quotes, symbol));
            },
            nb::arg("symbol"))
        .def(
            "tape_facts",
            [](const market::Dataset& dataset, const std::string& symbol) {
                const market::TapeSlice slice = whole_tape(dataset, symbol);
                std::vector<std::tuple<std::int64_t, std::int64_t>> gaps;
                for (const market::FeedGap& gap : slice.gaps) gaps.emplace_back(gap.begin.ns(), gap.end.ns());
                return std::tuple{slice.quotes_indicative, gaps};
            },
            nb::arg("symbol"))
        .def(
            "trades",
            [](const market::Dataset& dataset, const std::string& symbol) {
                const market::TapeSlice slice = whole_tape(dataset, symbol);
                return std::make_shared<Table>(interchange::trades_table(slice.trades, symbol, dataset.names));
            },
            nb::arg("symbol"));
}

}  // namespace slipcast::python
