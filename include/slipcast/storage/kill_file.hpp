#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/desk/journal.hpp"

namespace slipcast::storage {

/// Who will take a request up.
enum class Reach : std::uint8_t {
    running,  ///< the desk that has the journal open, before its next decision
    next,     ///< none is running: the next one to open the journal, before its first decision
};
[[nodiscard]] std::string_view name(Reach reach);

/// A request and what became of it.
struct Asked {
    desk::Request request;
    Reach reach = Reach::next;
    std::uint64_t record = 0;  ///< of the journal, acknowledged, that says the request was taken up; 0 = not yet
};

/// Asks the desk of a journal, in whatever process, to throw its kill switch or to release it. The request is in the
/// file `<journal>-kill`, on disk, when this returns: from then on the desk makes no decision without it. It enters the
/// journal as a command before the next record and so replays; the switch is the desk's one, whoever throws it. Waits
/// up to `wait` for a running desk's answer. `time` is the asker's now; `kind` is kill or release (asserted).
/// Refused: a journal that is not there or is none, a kill file that is none, more than 126 requests that wait; a desk
/// is running whose kill file was removed or replaced and so does not see the request, which waits for the next one.
[[nodiscard]] Result<Asked> ask(const std::filesystem::path& journal, desk::CommandKind kind, Timestamp time,
                                Duration wait = {});

/// The requests that nobody has taken up yet, oldest first.
[[nodiscard]] Result<std::vector<Asked>> open_requests(const std::filesystem::path& journal);
/// Requests as the table desk_requests.
[[nodiscard]] Table requests_table(const std::vector<Asked>& requests);

}  // namespace slipcast::storage
