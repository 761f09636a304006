#include <arrow/io/file.h>
#include <arrow/table.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "peer_data.hpp"
#include "slipcast/io/tape_files.hpp"
#include "support/stopwatch.hpp"
#include "tca/tape_walk.hpp"

// The question of contenders.py answered from Parquet: `peer_from_files FOLDER ROUNDS` writes the quotes of FOLDER as a
// tape once, then (a) merely reads the columns that the question needs (time, bid, ask) with Arrow, row group by row
// group, and (b) answers with the engine's streaming walk. Symbols are shared out among all cores in both.

namespace slipcast::bench {
namespace {

constexpr Duration kWindow = std::chrono::hours{1};

std::string symbol_name(std::size_t symbol) {
    return fmt::format("S{:02}", symbol);
}

template <typename T>
T taken(Result<T> result) {
    if (!result) fail(result.error().message());
    return std::move(*result);
}

void write_tape(const Data& data, const std::filesystem::path& folder) {
    const auto writer = taken(io::TapeWriter::create(folder));
    const market::Names names;
    for (std::size_t symbol = 0; symbol < data.symbols(); ++symbol) {
        const auto written = writer->append(symbol_name(symbol), data.quotes(symbol), {}, {}, false, names);
        if (!written) fail(written.error().message());
    }
    if (const auto finished = writer->finish(); !finished) fail(finished.error().message());
}

/// Decodes time, bid and ask of every row group; the number of rows seen.
std::int64_t merely_read(const std::filesystem::path& file) {
    const auto input = arrow::io::ReadableFile::Open(file.string()).ValueOrDie();
    const auto reader = parquet::arrow::OpenFile(input, arrow::default_memory_pool()).ValueOrDie();
    std::shared_ptr<arrow::Schema> schema;
    if (!reader->GetSchema(&schema).ok()) fail(file.string() + ": no schema");
    const std::vector<int> columns{schema->GetFieldIndex("time"), schema->GetFieldIndex("bid"),
                                   schema->GetFieldIndex("ask")};
    std::int64_t rows = 0;
    for (int group = 0; group < reader->num_row_groups(); ++group) {
        rows += reader->ReadRowGroup(group, columns).ValueOrDie()->num_rows();
    }
    return rows;
}

/// Fills the answers of one symbol from the tape on disk.
void answer_symbol(const Data& data, const market::TapeSource& tape, std::size_t symbol, Answers& answers) {
    tca::detail::TapeWalk walk;
    walk.instrument = InstrumentId::from_index(static_cast<std::int32_t>(symbol));
    walk.range = tape.extent(walk.instrument);
    walk.window = kWindow;
    const auto [first, last] = rows_of(data.fill_symbol, symbol);
    const auto [begin, end] = rows_of(data.order_symbol, symbol);
    tca::detail::TapeQuestions questions;
    questions.events.assign(data.fill_time.begin() + static_cast<std::ptrdiff_t>(first),
                            data.fill_time.begin() + static_cast<std::ptrdiff_t>(last));
    questions.offsets.assign(std::begin(kHorizons), std::end(kHorizons));
    for (std::size_t order = begin; order < end; ++order) questions.states.push_back({data.order_arrival[order]});
    // Questions after the last quote are asked of what it left behind.
    walk.range.end = walk.range.end + std::chrono::hours{1};
    const tca::detail::TapeAnswers found = taken(tca::detail::walk_tape(tape, walk, questions));
    for (std::size_t fill = first; fill < last; ++fill) {
        const tca::MidAt* row = &found.mids[(fill - first) * (kMarks + 1)];
        answers.mids[fill] = 2 * row[0].mid.units();
        for (std::size_t k = 0; k < kMarks; ++k) answers.marks[fill * kMarks + k] = 2 * row[k + 1].mid.units();
    }
    std::vector<Price> arrivals;
    for (const tca::detail::TapeState& state : found.states) arrivals.push_back(state.quote.mid_at().mid);
    write_ledgers(data, symbol, arrivals, answers);
}

}  // namespace
}  // namespace slipcast::bench

int main(int argc, char** argv) {
    using namespace slipcast;
    using namespace slipcast::bench;
    if (argc != 3) fail("usage: peer_from_files FOLDER ROUNDS (bench/peers/run.py --from-files calls it)");
    const std::filesystem::path folder = argv[1];
    const std::filesystem::path tape_folder = folder / "tape";
    const Data data(folder);
    if (!std::filesystem::exists(tape_folder)) write_tape(data, tape_folder);
    std::vector<double> wall, cpu, read_wall, read_cpu;
    Answers answers(data);
    for (int round = 0; round < std::stoi(argv[2]); ++round) {
        std::vector<std::int64_t> rows(data.symbols());
        const Stopwatch reading;
        for_each_symbol(data, [&](std::size_t symbol) {
            rows[symbol] = merely_read(tape_folder / "quotes" / (symbol_name(symbol) + ".parquet"));
        });
        read_wall.push_back(reading.wall_s());
        read_cpu.push_back(reading.cpu_s());
        for (std::size_t symbol = 0; symbol < data.symbols(); ++symbol) {
            if (rows[symbol] != static_cast<std::int64_t>(data.quotes(symbol).size())) fail("rows are missing");
        }
        const Stopwatch answering;
        market::Names names;
        const auto tape = taken(io::open_tape(tape_folder, names));
        for_each_symbol(data, [&](std::size_t symbol) { answer_symbol(data, *tape, symbol, answers); });
        wall.push_back(answering.wall_s());
        cpu.push_back(answering.cpu_s());
    }
    write_answers(folder, answers);
    fmt::print("{{\"wall_s\": {}, \"cpu_s\": {}, \"read_wall_s\": {}, \"read_cpu_s\": {}, \"peak_bytes\": {}}}\n",
               json_list(wall), json_list(cpu), json_list(read_wall), json_list(read_cpu), peak_bytes());
    return 0;
}
