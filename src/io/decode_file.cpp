#include "decode_file.hpp"

#include <arrow/c/bridge.h>

#include "slipcast/interchange/decode.hpp"

namespace slipcast::io::detail {

Result<void> decode_rows(const RowStream& stream, std::string_view table, const std::string& shown,
                         market::DatasetDraft& draft) {
    ArrowArrayStream exported{};
    if (const auto status = arrow::ExportRecordBatchReader(stream.reader, &exported); !status.ok())
        return unreadable(status, shown);
    auto decoded = interchange::decode_table(&exported, table, shown, draft);
    if (!decoded && stream.broken_row->has_value()) return **stream.broken_row;
    return decoded;
}

Result<std::shared_ptr<const market::TapeSource>> decode_tape_rows(const RowStream& quotes, const RowStream& trades,
                                                                   market::DatasetDraft& draft) {
    ArrowArrayStream exported_quotes{}, exported_trades{};
    if (quotes.reader != nullptr) {
        if (const auto status = arrow::ExportRecordBatchReader(quotes.reader, &exported_quotes); !status.ok())
            return unreadable(status, "quotes");
    }
    if (trades.reader != nullptr) {
        if (const auto status = arrow::ExportRecordBatchReader(trades.reader, &exported_trades); !status.ok())
            return unreadable(status, "trades");
    }
    auto tape = interchange::decode_tape({quotes.reader ? &exported_quotes : nullptr, quotes.place},
                                         {trades.reader ? &exported_trades : nullptr, trades.place}, draft);
    if (tape) return tape;
    for (const RowStream* stream : {&quotes, &trades}) {
        if (stream->broken_row->has_value()) return **stream->broken_row;
    }
    return tape;
}

}  // namespace slipcast::io::detail
