#include "features.hpp"
#include "instrument_plan.hpp"
#include "slipcast/forecast/forecast.hpp"

namespace slipcast::tca::detail {

namespace {

/// Ordered quantity over what a trader could expect to trade in a day; what the tape showed stays the last resort, and
/// says so.
void set_size(const Context& context, const market::Order& order, const forecast::Forecast& forecast,
              OrderRecord& record) {
    const market::Instrument& instrument = context.dataset.instrument(order.instrument);
    const double quantity = order.quantity.to_double(instrument.value.quantity_decimals());
    const auto set = [&](double volume, std::string_view basis) {
        if (volume <= 0.0) return false;
        record.size = quantity / volume;
        record.size_basis = basis;
        return true;
    };
    if (forecast.session_volume && set(forecast.session_volume->median, kSizeBases[0])) return;
    if (forecast.adv && set(*forecast.adv, kSizeBases[1])) return;
    const market::Instrument* known = context.dataset.instrument_on(order.instrument, Date::of_utc(forecast.time));
    if (known != nullptr && known->adv) set(*known->adv, kSizeBases[1]);
}

void set_features(const market::Order& order, double quantity, const forecast::Forecaster& forecaster,
                  const forecast::Forecast& forecast, Features& features) {
    if (forecast.session_volume) features.forecast_volume = forecast.session_volume->median;
    if (forecast.daily_volatility) {
        features.forecast_volatility_bps = forecast.daily_volatility->bps_per_sqrt_day().value();
    } else if (forecast.session_volatility) {
        features.forecast_volatility_bps = forecast.session_volatility->median * 1e4;
    }
    if (forecast.spread) features.forecast_spread_bps = forecast.spread->median;
    if (!order.end_time || *order.end_time <= forecast.time) return;
    const auto volume = forecaster.window_volume(order.instrument, {forecast.time, *order.end_time});
    if (volume && volume->median > 0.0) features.forecast_participation = quantity / volume->median;
}

}  // namespace

bool has_forecasts(const market::Dataset& dataset) {
    return dataset.tape && !dataset.sessions.all().empty();
}

std::vector<Table> add_forecasts(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    std::vector<Table> tables;
    if (!has_forecasts(dataset)) return tables;
    const forecast::Forecaster forecaster(forecast::History{{}, std::move(records.histories)});
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const market::Order& order = dataset.orders[row];
        const auto time = feature_time(order);
        if (!time) continue;
        const forecast::Forecast forecast = forecaster.at(order.instrument, *time);
        const int decimals = dataset.instrument(order.instrument).value.quantity_decimals();
        set_features(order, order.quantity.to_double(decimals), forecaster, forecast, records.orders[row].features);
        set_size(context, order, forecast, records.orders[row]);
    }
    tables.push_back(forecast::forecast_scores(forecaster));
    return tables;
}

}  // namespace slipcast::tca::detail
