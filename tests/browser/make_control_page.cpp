// Writes the page of a small control study, for the browser tests: make_control_page FILE
#include <cstdio>
#include <fstream>

#include "slipcast/report/control_page.hpp"

namespace {

using namespace slipcast;

/// A study of seconds: its numbers are real, its errors wide.
Result<report::ControlStudy> small_study() {
    report::ControlStudy study;
    study.options.time_scales = {"0.05", "0.1", "0.2"};
    study.options.slow_time_scales = {"0.1", "0.5"};
    study.options.nodes = 200;
    study.simulation.paths = 60;
    study.simulation.horizon = 4.0;
    study.simulation.step = 0.1;
    SLIPCAST_TRY(fast, control::fast_loss_table(study.options));
    SLIPCAST_TRY(slow, control::slow_loss_table(study.options));
    SLIPCAST_TRY(states, control::states_table(study.options));
    SLIPCAST_TRY(paired, control::paired_study(study.options, study.simulation));
    SLIPCAST_TRY(guards, control::guard_study(study.options, study.simulation));
    study.fast_loss = std::move(fast);
    study.slow_loss = std::move(slow);
    study.states = std::move(states);
    study.paired = std::move(paired);
    study.guards = std::move(guards);
    return study;
}

Result<std::string> page() {
    SLIPCAST_TRY(study, small_study());
    return report::control_page(study);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: make_control_page FILE\n", stderr);
        return 2;
    }
    const auto html = page();
    if (!html) {
        std::fprintf(stderr, "%s\n", html.error().message().c_str());
        return 1;
    }
    std::ofstream file(arguments[1], std::ios::binary);
    file << *html;
    return file.good() ? 0 : 1;
}
