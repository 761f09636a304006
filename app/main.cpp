#include "program.hpp"

int main(int argc, char** argv) {
    slipcast::app::Program program;
    slipcast::app::add_quickstart(program);
    slipcast::app::add_data_commands(program);
    slipcast::app::add_sim_commands(program);
    slipcast::app::add_tca_commands(program);
    slipcast::app::add_cost_commands(program);
    slipcast::app::add_venue_commands(program);
    slipcast::app::add_venue_routing_commands(program);
    slipcast::app::add_venue_simulate(program);
    slipcast::app::add_control_commands(program);
    slipcast::app::add_control_study_commands(program);
    slipcast::app::add_desk_commands(program);
    slipcast::app::add_desk_status(program);
    slipcast::app::add_desk_run(program);
    slipcast::app::add_desk_kill(program);
    slipcast::app::add_help_commands(program);
    return static_cast<int>(program.run(argc, argv));
}
