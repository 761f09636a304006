#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "slipcast/core/progress.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/interchange/arrow_abi.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::python {

namespace nb = nanobind;

using SharedTable = std::shared_ptr<const Table>;
using Texts = std::map<std::string, std::string>;

/// Raises slipcast.RefusedError with the refusal's code, field, value, rule and place.
[[noreturn]] void raise(const Error& error);

/// The value, or RefusedError.
template <typename T>
T taken(Result<T> result) {
    if (!result) raise(result.error());
    return std::move(*result);
}
inline void taken(const Result<void>& result) {
    if (!result) raise(result.error());
}

/// A Python progress callable (or None) as the engine calls it, GIL taken for each call. Ctrl-C and exceptions of
/// the callable stop the work; `finish` then raises them. Signals are looked at when the engine reports, which it does
/// many times a second.
class PythonProgress {
public:
    explicit PythonProgress(nb::object callable) : callable_(std::move(callable)) {}
    [[nodiscard]] Progress callback();
    /// Raises what stopped the work, if it was Python's.
    void finish();

private:
    bool report(std::string_view stage, std::int64_t done, std::int64_t total);

    nb::object callable_;
    std::unique_ptr<nb::python_error> raised_;
};

/// Sets each named setting from its text; an unknown name or a refused value raises RefusedError. Structs that share
/// a name (a seed) are all set.
void set_all(std::vector<Settings> settings, const Texts& options);

/// The Arrow stream inside a capsule, still the capsule's to release; null for None.
[[nodiscard]] ArrowArrayStream* stream_of(nb::handle capsule);
/// An Arrow stream in a capsule as a table, whatever its columns are called (interchange/columns.hpp).
[[nodiscard]] Table table_of(nb::handle capsule, const char* name);

/// Name, unit, range, meaning, default and is_flag of each setting, for docstrings and checks.
[[nodiscard]] nb::list described(const std::vector<Settings>& settings);

void bind_table(nb::module_& module);
void bind_dataset(nb::module_& module);
void bind_measure(nb::module_& module);
void bind_sim(nb::module_& module);
void bind_cost(nb::module_& module);
void bind_venue(nb::module_& module);
void bind_venue_routing(nb::module_& module);
void bind_control_rules(nb::module_& module);
void bind_control_trader(nb::module_& module);
void bind_control_exact(nb::module_& module);
void bind_desk(nb::module_& module);
void bind_desk_journal(nb::module_& module);
void bind_trial(nb::module_& module);

}  // namespace slipcast::python
