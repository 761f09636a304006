#include "engine.hpp"

#include <algorithm>

#include "slipcast/core/nearest.hpp"
#include "slipcast/core/version.hpp"

namespace slipcast::python {

void raise(const Error& error) {
    const nb::object type = nb::module_::import_("slipcast.errors").attr("RefusedError");
    const nb::object refused =
        type(error.message(), name(error.code), error.field, error.value, error.rule, error.place.file,
             error.place.row > 0 ? nb::cast(error.place.row) : nb::none(), error.place.time);
    PyErr_SetObject(type.ptr(), refused.ptr());
    throw nb::python_error();
}

Progress PythonProgress::callback() {
    return [this](std::string_view stage, std::int64_t done, std::int64_t total) { return report(stage, done, total); };
}

bool PythonProgress::report(std::string_view stage, std::int64_t done, std::int64_t total) {
    const nb::gil_scoped_acquire gil;
    if (raised_) return false;
    try {
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
        if (!callable_.is_none()) {
            const nb::object answer = callable_(nb::str(stage.data(), stage.size()), done, total);
            // A progress callable may ask to stop by answering False; None goes on.
            return answer.is_none() || nb::cast<bool>(nb::bool_(answer));
        }
    } catch (nb::python_error& error) {
        raised_ = std::make_unique<nb::python_error>(std::move(error));
        return false;
    }
    return true;
}

void PythonProgress::finish() {
    if (!raised_) return;
    nb::python_error error = std::move(*raised_);
    raised_.reset();
    throw error;
}

void set_all(std::vector<Settings> settings, const Texts& options) {
    std::vector<std::string> known;
    for (const Settings& group : settings) {
        for (const Setting& setting : group.all()) known.push_back(setting.name);
    }
    for (const auto& [option, text] : options) {
        bool found = false;
        for (const Settings& group : settings) {
            for (const Setting& setting : group.all()) {
                if (setting.name != option) continue;
                taken(setting.set(text));
                found = true;
            }
        }
        if (!found) {
            raise({.code = ErrorCode::unknown_field,
                   .field = option,
                   .value = text,
                   .rule = "unknown option; did you mean '" + nearest_name(option, known) + "'?",
                   .place = {}});
        }
    }
}

nb::list described(const std::vector<Settings>& settings) {
    nb::list all;
    for (const Settings& group : settings) {
        for (const Setting& setting : group.all()) {
            nb::dict one;
            one["name"] = setting.name;
            one["unit"] = setting.unit;
            one["range"] = setting.range;
            one["meaning"] = setting.meaning;
            one["default"] = setting.get();
            one["is_flag"] = setting.is_flag;
            all.append(one);
        }
    }
    return all;
}

}  // namespace slipcast::python

NB_MODULE(_engine, module) {
    module.doc() = "The Slipcast engine. Use the package slipcast: this module is its inside.";
    module.attr("__version__") = std::string{slipcast::version()};
    slipcast::python::bind_table(module);
    slipcast::python::bind_dataset(module);
    slipcast::python::bind_measure(module);
    slipcast::python::bind_sim(module);
    slipcast::python::bind_cost(module);
    slipcast::python::bind_venue(module);
    slipcast::python::bind_venue_routing(module);
    slipcast::python::bind_control_rules(module);
    slipcast::python::bind_control_trader(module);
    slipcast::python::bind_control_exact(module);
    slipcast::python::bind_desk(module);
    slipcast::python::bind_desk_journal(module);
    slipcast::python::bind_trial(module);
}
