"""The seed's execution interface over the exact rule: its parameter names, defaults, methods and guards."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from slipcast import _engine
from slipcast._files import write_text
from slipcast._options import texts_of
from slipcast.errors import refusal


@dataclass
class ExecutionConfig:
    """The seed's parameters with its defaults: an example, to be replaced by numbers of your own market. ``mu_vol`` is
    the mean of the fast factor, which is a variance in every formula; ``delta`` is the slow time scale itself. The last
    four are what the seed's formulas need and it does not name."""

    K: float = 1.0
    lambda_impact: float = 0.1
    beta_decay: float = 0.1
    gamma: float = 5.0
    rho: float = 0.2
    kappa: float = 1.0
    eta: float = 1.0
    epsilon: float = 0.1
    delta: float = 0.5
    chi_fast: float = 1.0
    mu_vol: float = 0.2
    theta: float = 0.1
    recalibrate_days: float = 7
    half_step_threshold: float = 1.2
    small_impact: bool = False
    slow_volatility: float = 0.0
    slow_correlation: float = 0.0
    min_fills: int = 20


class OptimalExecution:
    """The seed's execution engine. Where its text or public code contradicts the model, the model wins; the differences
    are listed in docs/how-to/choose-a-trading-rate.md."""

    def __init__(self, config: ExecutionConfig | None = None) -> None:
        self.config = config if config is not None else ExecutionConfig()
        self._engine = _engine.ControlExecution.make(texts_of(asdict(self.config)))
        self._guards: list[str] = []

    @property
    def current_position(self) -> float:
        """q, a fraction of the limit."""
        return self._engine.position

    @current_position.setter
    def current_position(self, position: float) -> None:
        self._engine.set_position(float(position))

    @property
    def price_impact(self) -> float:
        """l, the impact level."""
        return self._engine.price_impact

    def set_factors(self, *, y: float | None = None, z: float | None = None) -> None:
        """Moves the factors: y, the fast variance, and z of the slow one, with mean variance mu_vol e^(2 z)."""
        self._engine.set_factors(
            self._engine.fast_factor if y is None else float(y), self._engine.slow_factor if z is None else float(z)
        )

    def compute_target_exposure(self, bias: float) -> float:
        """x* = (N l + P bias + sqrt(delta) R)/(-M + epsilon gamma (y - mu)/chi_fast), within [-1, 1]."""
        return self._engine.compute_target_exposure(float(bias))

    def compute_trading_rate(self, bias: float, *, current_vol: float | None = None, dt: float = 1.0) -> float:
        """u with every guard, positions per day. ``current_vol`` is compared with half_step_threshold mu_vol, as in the
        seed; not given: the fast factor."""
        vol = math.nan if current_vol is None else float(current_vol)
        trade, _, _, _, guards, _ = self._engine.compute_trading_rate(float(bias), vol, float(dt))
        self._guards = guards
        return trade

    @property
    def active_guards(self) -> list[str]:
        """Names of the guards that acted on the last trading rate, in order."""
        return list(self._guards)

    def update_price_impact(self, trading_rate: float, dt: float) -> float:
        """Trades at ``trading_rate`` for ``dt`` days; dl = (lambda u - beta l) dt exactly. Returns l."""
        return self._engine.update_price_impact(float(trading_rate), float(dt))

    def cost(self, trading_rate: float, position: float | None = None) -> float:
        """Cost per day: K u^2/2 - q (lambda u - beta l)."""
        held = self.current_position if position is None else float(position)
        return self._engine.cost(float(trading_rate), held)

    def calibrate_from_slippage(self, realized: float, expected: float, fills: int) -> tuple[bool, str]:
        """Weekly: lambda x clip(realized/expected, 0.5, 2), then every coefficient. Whether it was done, and why."""
        record, reason = self._engine.calibrate_from_slippage(float(realized), float(expected), int(fills))
        return record is not None, reason

    def get_execution_summary(self) -> dict[str, Any]:
        """Configuration, state, rule in force, corrections, recalibrations and the guards of the last decision."""
        return {"config": asdict(self.config), **self._engine.get_execution_summary()}

    def save(self, path: str | Path) -> None:
        """Configuration and state, bit for bit."""
        write_text(Path(path), self._engine.save())

    @classmethod
    def load(cls, path: str | Path) -> OptimalExecution:
        """What :meth:`save` wrote."""
        file = Path(path)
        if not file.is_file():
            raise refusal("not_found", "path", path, "no such file")
        made = cls.__new__(cls)
        made._engine = _engine.ControlExecution.load(file.read_text(encoding="ascii", errors="replace"))
        made.config = _config_of(made._engine.config)
        made._guards = []
        return made


def _config_of(texts: dict[str, str]) -> ExecutionConfig:
    made = ExecutionConfig()
    for name, text in texts.items():
        kind = type(getattr(made, name))
        setattr(made, name, text == "true" if kind is bool else int(text) if name == "min_fills" else float(text))
    return made
