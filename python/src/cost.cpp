#include "cost.hpp"

#include <nanobind/stl/pair.h>

#include "slipcast/cost/cost.hpp"

namespace slipcast::python {
namespace {

std::vector<SharedTable> shared(std::vector<Table> tables) {
    std::vector<SharedTable> all;
    for (Table& table : tables) all.push_back(std::make_shared<const Table>(std::move(table)));
    return all;
}

cost::Model fitted(nb::handle orders, const Texts& texts, nb::object progress) {
    cost::FitOptions options;
    set_all({options.settings()}, texts);
    const Table table = table_of(orders, "orders");
    PythonProgress watcher{std::move(progress)};
    auto result = [&] {
        const nb::gil_scoped_release released;
        return cost::fit(table, options, watcher.callback());
    }();
    watcher.finish();
    return taken(std::move(result));
}

std::vector<SharedTable> evaluated(const cost::Model& model, nb::handle orders, const Texts& texts,
                                   nb::object progress) {
    cost::EvaluateOptions options;
    set_all({options.settings()}, texts);
    const Table table = table_of(orders, "orders");
    PythonProgress watcher{std::move(progress)};
    auto result = [&] {
        const nb::gil_scoped_release released;
        return cost::evaluate(model, table, options, watcher.callback());
    }();
    watcher.finish();
    return shared(taken(std::move(result)).tables);
}

SharedTable predicted(const cost::Model& model, nb::handle orders, const std::vector<double>& quantiles) {
    const Table table = table_of(orders, "orders");
    auto result = [&] {
        const nb::gil_scoped_release released;
        return model.predict(table, quantiles);
    }();
    return std::make_shared<const Table>(taken(std::move(result)));
}

std::vector<SharedTable> estimated(const cost::Model& model,
                                   const std::tuple<std::string, std::string, std::string>& wish, double quantity,
                                   const std::map<std::string, double>& numbers, const Texts& labels,
                                   const std::vector<double>& quantiles) {
    const auto& [symbol, side, over] = wish;
    cost::Contemplated order;
    order.symbol = symbol;
    order.side = taken(parse_side(side));
    order.over = taken(parse_duration(over, "over"));
    order.quantity = quantity;
    order.numbers = numbers;
    order.labels = labels;
    return shared(taken(cost::estimate(model, order, quantiles)).tables);
}

void check_row(const cost::Online& online, const std::vector<double>& inputs) {
    if (inputs.size() == online.predictor().inputs()) return;
    raise(invalid_value("row", "", "must give every input of the model"));
}

nb::dict prediction_of(const cost::Online& online, const std::vector<double>& inputs) {
    const cost::Predictor& predictor = online.predictor();
    check_row(online, inputs);
    cost::Prediction out;
    std::vector<double> values(predictor.quantiles().size());
    predictor.predict(inputs, out, values);
    nb::dict result;
    result["mean"] = out.mean;
    result["quantiles"] = values;
    result["epistemic_sd"] = out.epistemic_sd;
    result["aleatoric_sd"] = out.aleatoric_sd;
    if (online.model().has_completion()) result["miss_risk"] = out.miss_risk;
    return result;
}

void learn(cost::Online& online, const std::vector<double>& inputs, double cost_bps, double weight) {
    check_row(online, inputs);
    taken(online.update(inputs, cost_bps, weight));
}

void learn_completion(cost::Online& online, const std::vector<double>& inputs, bool is_finished, double weight) {
    check_row(online, inputs);
    taken(online.update_completion(inputs, is_finished, weight));
}

std::pair<std::int64_t, std::int64_t> learn_all(cost::Online& online, nb::handle orders) {
    const cost::Learned learned = taken(online.update(table_of(orders, "orders")));
    return {learned.costs, learned.completions};
}

void bind_model(nb::module_& module) {
    nb::class_<cost::Model>(module, "CostModel")
        .def_static("from_json", [](const std::string& text) { return taken(cost::Model::from_json(text)); })
        .def("to_json", &cost::Model::to_json)
        .def("predict", &predicted, nb::arg("orders"), nb::arg("quantiles"))
        .def("estimate", &estimated)
        .def("evaluate", &evaluated, nb::arg("orders"), nb::arg("options"), nb::arg("progress").none())
        .def("summary", [](const cost::Model& model) { return std::make_shared<const Table>(model.summary()); })
        .def("diagnostics", [](const cost::Model& model) { return std::make_shared<const Table>(model.diagnostics()); })
        .def("inputs", &inputs_of)
        .def_prop_ro("method", [](const cost::Model& model) { return std::string(model.method()); })
        .def_prop_ro("termination", [](const cost::Model& model) { return std::string(name(model.termination())); })
        .def_prop_ro("degrees", &cost::Model::degrees)
        .def_prop_ro("has_completion", &cost::Model::has_completion)
        .def_prop_ro("why_no_completion", [](const cost::Model& model) { return model.why_no_completion(); })
        .def_prop_ro("provenance", [](const cost::Model& model) { return model.provenance(); });
}

void bind_online(nb::module_& module) {
    nb::class_<cost::Online>(module, "OnlineCost")
        .def_static("create",
                    [](const cost::Model& model, const Texts& texts, const std::vector<double>& quantiles) {
                        cost::OnlineOptions options;
                        set_all({options.settings()}, texts);
                        return taken(cost::Online::create(model, options, quantiles));
                    })
        .def_static("from_json",
                    [](const std::string& text, const std::vector<double>& quantiles) {
                        return taken(cost::Online::from_json(text, quantiles));
                    })
        .def("to_json", &cost::Online::to_json)
        .def("code", [](const cost::Online& online, std::size_t input,
                        const std::string& level) { return online.predictor().code(input, level); })
        .def("predict", &prediction_of)
        .def("update", &learn)
        .def("update_completion", &learn_completion)
        .def("update_table", &learn_all)
        .def("model", [](const cost::Online& online) { return cost::Model(online.model()); })
        .def_prop_ro("costs_learned", [](const cost::Online& online) { return online.learned().costs; })
        .def_prop_ro("completions_learned", [](const cost::Online& online) { return online.learned().completions; })
        .def_prop_ro("coefficients", &cost::Online::coefficients)
        .def_prop_ro("mean_log_score", &cost::Online::mean_log_score)
        .def_prop_ro("mean_completion_log_score", &cost::Online::mean_completion_log_score);
}

}  // namespace

nb::list inputs_of(const cost::Model& model) {
    nb::list all;
    for (const cost::Input& input : model.inputs()) {
        nb::dict one;
        one["name"] = input.name;
        one["is_label"] = input.kind == cost::InputKind::label;
        one["column"] = input.source.reading == cost::Reading::column ? input.source.first : std::string{};
        one["levels"] = input.levels;
        all.append(one);
    }
    return all;
}

void bind_cost(nb::module_& module) {
    module.def("cost_fit_settings", [] {
        cost::FitOptions options;
        return described({options.settings()});
    });
    module.def("cost_evaluate_settings", [] {
        cost::EvaluateOptions options;
        return described({options.settings()});
    });
    module.def("cost_online_settings", [] {
        cost::OnlineOptions options;
        return described({options.settings()});
    });
    module.def("cost_terms", [] { return std::make_shared<const Table>(cost::terms_table()); });
    module.def("cost_fit", &fitted, nb::arg("orders"), nb::arg("options"), nb::arg("progress").none());
    bind_model(module);
    bind_online(module);
}

}  // namespace slipcast::python
