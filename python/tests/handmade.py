"""One order worked out by hand.

Buy 1,000: mid 100.00 at the decision, 100.05 at arrival; 600 bought at 100.07 (mid 100.06) and 200 at 100.10 (mid
100.09); 200 unfilled when the order ends at mid 100.20; 0.003 a share in fees.

    delay        1000 x (100.05 - 100.00)                                = 50.00
    spread        600 x (100.07 - 100.06) + 200 x (100.10 - 100.09)      =  8.00
    drift         600 x (100.06 - 100.05) + 200 x (100.09 - 100.05)      = 14.00
    opportunity   200 x (100.20 - 100.05)                                = 30.00
    fees          800 x 0.003                                            =  2.40
    shortfall    paper 1000 x 0.20 less real (800 x 100.20 - 80,062 - 2.40) = 104.40
"""

from datetime import UTC, date, datetime

PARTS = {
    "delay_cash": "50.00",
    "spread_cash": "8.00",
    "drift_cash": "14.00",
    "opportunity_cash": "30.00",
    "fees_cash": "2.40",
    "unmarked_cash": "0.00",
    "shortfall_cash": "104.40",
}


def at(clock: str) -> datetime:
    hour, minute, second = (float(part) for part in clock.split(":"))
    return datetime(2024, 3, 5, int(hour), int(minute), int(second), round(second % 1 * 1e6), tzinfo=UTC)


INSTRUMENTS = {
    "symbol": ["XYZ"],
    "market": ["XNYS"],
    "currency": ["USD"],
    "tick_size": ["0.01"],
    "lot_size": ["1"],
    "quantity_scale": [0],
    "multiplier": ["1"],
    "as_of": [date(2024, 3, 5)],
}
ORDERS = {
    "order_id": ["B1"],
    "symbol": ["XYZ"],
    "side": ["buy"],
    "quantity": [1000],
    "decision_time": [at("14:30:00.5")],
    "arrival_time": [at("14:31:00.5")],
    "end_time": [at("14:40:00.5")],
    "benchmark": ["arrival"],
    "broker": ["ALPHA"],
}
FILLS = {
    "fill_id": ["F1", "F2"],
    "order_id": ["B1", "B1"],
    "time": [at("14:32:00.5"), at("14:33:00.5")],
    "price": [100.07, 100.10],
    "quantity": [600, 200],
    "venue": ["V", "V"],
    "liquidity": ["removed", "removed"],
    "fee": ["1.80", "0.60"],
}
QUOTES = {
    "symbol": ["XYZ"] * 5,
    "time": [at(clock) for clock in ("14:30:00", "14:31:00", "14:32:00", "14:33:00", "14:40:00")],
    "bid": [99.99, 100.04, 100.05, 100.08, 100.19],
    "ask": [100.01, 100.06, 100.07, 100.10, 100.21],
    "bid_size": [500] * 5,
    "ask_size": [500] * 5,
}
TRADES = {
    "symbol": ["XYZ"] * 3,
    "time": [at(clock) for clock in ("14:31:30", "14:32:30", "14:35:00")],
    "price": [100.06, 100.08, 100.15],
    "size": [1000, 2000, 1000],
}
SESSIONS = {
    "market": ["XNYS"],
    "date": [date(2024, 3, 5)],
    "open": [at("14:30:00")],
    "close": [at("21:00:00")],
}
TABLES = {
    "instruments": INSTRUMENTS,
    "sessions": SESSIONS,
    "orders": ORDERS,
    "fills": FILLS,
    "quotes": QUOTES,
    "trades": TRADES,
}
