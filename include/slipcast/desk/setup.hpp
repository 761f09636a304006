#pragma once

#include <string>

#include "slipcast/core/result.hpp"
#include "slipcast/desk/desk.hpp"
#include "slipcast/desk/journal.hpp"

namespace slipcast::desk {

/// The payload of a `setup` record: everything in a setup that is neither options nor a cost model, bit for bit. The
/// online options as canonical text, each rule with its parameters, gains and value function, the router's saved state.
[[nodiscard]] std::string encoded_setup(const DeskSetup& setup);

/// The setup with which a journal begins: options from the beginning's canonical text, rules and router from the setup
/// record, models from the model records. Reads as far as the first snapshot.
/// Refused: a journal that does not start with a beginning; another encoding version; a beginning without its setup or
/// a model it names; settings this version does not have; parts whose digest is not the one that the beginning names.
/// `place.row` is the record's sequence number.
[[nodiscard]] Result<DeskSetup> journaled_setup(JournalSource& journal);

}  // namespace slipcast::desk
