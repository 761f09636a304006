#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine.hpp"
#include "file_tape.hpp"
#include "slipcast/interchange/columns.hpp"
#include "slipcast/interchange/data_digest.hpp"
#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"
#include "slipcast/interchange/tape_encoder.hpp"
#include "slipcast/market/quality_tables.hpp"

namespace slipcast::python {
namespace {

/// A contract table as Python hands it over: the table's name, what findings call its source, and an Arrow stream.
using Source = std::tuple<std::string, std::string, nb::object>;

/// The rows left out when the dataset was written: what findings call their source, and an Arrow stream.
using LeftOut = std::optional<std::tuple<std::string, nb::object>>;

/// Quotes or trades: an Arrow stream and, for rows of files, what tells the file and the row there of a row in the
/// stream (or None: the table's name and the row in it).
using TapeRows = std::optional<std::tuple<nb::object, nb::object>>;

/// The tape: files that stay where they are, or else rows that are read now.
struct Tape {
    std::vector<TapeFile> files;
    TapeRows quotes, trades;
};

interchange::TapeStream tape_stream(const TapeRows& given) {
    if (!given) return {};
    const auto& [rows, place] = *given;
    interchange::TapeStream stream{stream_of(rows)};
    if (!place.is_none()) {
        stream.place = [&place = place](std::int64_t row) -> Place {
            const nb::gil_scoped_acquire gil;
            auto [file, row_there] = nb::cast<std::pair<std::string, std::int64_t>>(place(row));
            return {std::move(file), row_there, {}};
        };
    }
    return stream;
}

std::shared_ptr<market::Dataset> assembled(const std::vector<Source>& sources, const Tape& tape,
                                           const LeftOut& left_out, const Texts& provenance) {
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
    const interchange::TapeStream quotes = tape_stream(tape.quotes);
    const interchange::TapeStream trades = tape_stream(tape.trades);
    ArrowArrayStream* rows_left_out = left_out ? stream_of(std::get<1>(*left_out)) : nullptr;
    auto dataset = [&]() -> Result<market::Dataset> {
        const nb::gil_scoped_release released;
        if (tape.files.empty()) {
            SLIPCAST_TRY(in_memory, interchange::decode_tape(quotes, trades, draft));
            draft.tape = in_memory;
        } else {
            const nb::gil_scoped_acquire gil;
            SLIPCAST_TRY(on_disk, open_file_tape(tape.files, draft));
            draft.tape = on_disk;
        }
        if (rows_left_out != nullptr) {
            SLIPCAST_TRY(table, interchange::decode_columns(rows_left_out, "left_out"));
            SLIPCAST_CHECK(market::add_left_out(table, std::get<0>(*left_out), draft.quality));
        }
        SLIPCAST_TRY(made, market::assemble(std::move(draft)));
        if (!made.provenance.contains("data_digest")) {
            SLIPCAST_TRY(digest, interchange::digest_of_rows(made));
            made.provenance["data_digest"] = digest;
        }
        return std::move(made);
    }();
    return std::make_shared<market::Dataset>(taken(std::move(dataset)));
}

/// One symbol's tape as the row groups of tape files, made an hour of the tape at a time.
class TapeExport {
public:
    TapeExport(std::shared_ptr<market::Dataset> dataset, const std::string& symbol)
        : dataset_(std::move(dataset)),
          id_(dataset_->names.symbols.find(symbol)),
          extent_(dataset_->tape->extent(id_)),
          begin_(extent_.begin),
          encoder_(symbol, [this](Table rows) -> Result<void> {
              groups_.push_back(std::make_shared<Table>(std::move(rows)));
              return {};
          }) {}
    TapeExport(const TapeExport&) = delete;
    TapeExport& operator=(const TapeExport&) = delete;

    /// The next row groups, at least one; none after the last.
    std::vector<std::shared_ptr<Table>> next() {
        constexpr Duration kWindow = std::chrono::hours{1};
        groups_.clear();
        while (groups_.empty() && !is_finished_) {
            const TimeRange window{begin_, std::min(begin_ + kWindow, extent_.end)};
            Result<void> appended;
            {
                const nb::gil_scoped_release released;
                appended = window.begin < window.end ? append(window) : encoder_.finish();
            }
            taken(appended);
            is_finished_ = window.end <= window.begin;
            begin_ = window.end;
        }
        return std::move(groups_);
    }
    [[nodiscard]] Texts metadata(const std::string& table) const { return encoder_.metadata(table); }

private:
    Result<void> append(TimeRange window) {
        SLIPCAST_TRY(slice, dataset_->tape->load(id_, window));
        return encoder_.append(slice.quotes, slice.trades, slice.gaps, slice.quotes_indicative, dataset_->names);
    }

    std::shared_ptr<market::Dataset> dataset_;
    InstrumentId id_;
    TimeRange extent_;
    Timestamp begin_;
    std::vector<std::shared_ptr<Table>> groups_;
    bool is_finished_ = false;
    interchange::TapeEncoder encoder_;
};

std::vector<std::shared_ptr<Table>> shared_tables(std::vector<Table> tables) {
    std::vector<std::shared_ptr<Table>> shared;
    for (Table& table : tables) shared.push_back(std::make_shared<Table>(std::move(table)));
    return shared;
}

std::vector<std::shared_ptr<Table>> quality_of(const market::Dataset& dataset) {
    std::vector<Table> tables = market::quality_tables(dataset.quality);
    tables.push_back(market::quarantine_table(dataset.quality));
    return shared_tables(std::move(tables));
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

/// Rows left out by a rule: count, table, field, rule.
std::vector<std::tuple<std::int64_t, std::string, std::string, std::string>> quarantine_rules_of(
    const market::Dataset& dataset) {
    std::vector<std::tuple<std::int64_t, std::string, std::string, std::string>> rules;
    for (const market::RuleCount& rule : dataset.quality.rules()) {
        if (rule.disposition == market::Disposition::quarantined) {
            rules.emplace_back(rule.count, rule.table, rule.field, rule.rule);
        }
    }
    return rules;
}

}  // namespace

void bind_dataset(nb::module_& module) {
    module.def("contract_tables", &interchange::contract_tables);
    module.def(
        "contract_columns", [](const std::string& table) { return interchange::contract_columns(table); },
        nb::arg("table"));
    module.def(
        "assemble",
        [](const std::vector<Source>& sources, TapeRows quotes, TapeRows trades, const LeftOut& left_out,
           const Texts& provenance) {
            return assembled(sources, {{}, std::move(quotes), std::move(trades)}, left_out, provenance);
        },
        nb::arg("sources"), nb::arg("quotes").none(), nb::arg("trades").none(), nb::arg("left_out").none(),
        nb::arg("provenance"));
    module.def(
        "assemble_from_tape_files",
        [](const std::vector<Source>& sources, const std::vector<TapeFile>& files, const LeftOut& left_out,
           const Texts& provenance) { return assembled(sources, {files, {}, {}}, left_out, provenance); },
        nb::arg("sources"), nb::arg("files"), nb::arg("left_out").none(), nb::arg("provenance"));
    nb::class_<interchange::DataDigest>(module, "DataDigest")
        .def(nb::init<>())
        .def("add", &interchange::DataDigest::add, nb::arg("text"))
        .def(
            "add_file",
            [](interchange::DataDigest& digest, const std::string& file) {
                Result<void> added;
                {
                    const nb::gil_scoped_release released;
                    added = digest.add_file(file);
                }
                taken(added);
            },
            nb::arg("file"))
        .def("hex", &interchange::DataDigest::hex);
    nb::class_<TapeExport>(module, "TapeExport")
        .def("next", &TapeExport::next)
        .def("metadata", &TapeExport::metadata, nb::arg("table"));
    nb::class_<market::Dataset>(module, "Dataset")
        .def_prop_ro("symbols", &symbols_of)
        .def_prop_ro("counts", &counts_of)
        .def_prop_ro("provenance", [](const market::Dataset& dataset) { return dataset.provenance; })
        .def("contract_tables",
             [](const market::Dataset& dataset) { return shared_tables(interchange::contract_tables_of(dataset)); })
        .def("quality_tables", &quality_of)
        .def("quarantine_rules", &quarantine_rules_of)
        .def(
            "quotes",
            [](const market::Dataset& dataset, const std::string& symbol) {
                const market::TapeSlice slice = whole_tape(dataset, symbol);
                return std::make_shared<Table>(interchange::quotes_table(slice.quotes, symbol));
            },
            nb::arg("symbol"))
        .def(
            "tape_export",
            [](const std::shared_ptr<market::Dataset>& dataset, const std::string& symbol) {
                instrument_of(*dataset, symbol);
                return std::make_unique<TapeExport>(dataset, symbol);
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
