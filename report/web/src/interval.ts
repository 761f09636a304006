import { s } from "./dom";
import type { MaybeCell } from "./payload";

export interface Scale {
  low: number;
  high: number;
}

/** One scale for all intervals of a table, zero included. */
export function commonScale(rows: Estimate[]): Scale {
  const ends = rows.flatMap((row) => [row.value, row.low, row.high]).flatMap((cell) => (cell ? [cell.v] : []));
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const margin = (high - low || 1) * 0.04;
  return { low: low - margin, high: high + margin };
}

export interface Estimate {
  value: MaybeCell;
  low: MaybeCell;
  high: MaybeCell;
}

/** Dot and interval over a zero line; the dot is hollow when the interval contains zero. `sign`: of the metric. */
export function intervalMark({ value, low, high }: Estimate, scale: Scale, width: number, sign = "cost"): Node {
  const height = 14;
  const x = (v: number) => (((v - scale.low) / (scale.high - scale.low)) * width).toFixed(1);
  const svg = s("svg", { class: "interval", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  svg.append(s("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: height }));
  if (!value) return svg;
  const separate = low !== null && high !== null && (low.v > 0 || high.v < 0);
  const kind = !separate ? "open" : sign === "none" ? "plain" : value.v > 0 === (sign !== "gain") ? "cost" : "gain";
  if (low && high) svg.append(s("line", { class: `range ${kind}`, x1: x(low.v), x2: x(high.v), y1: 7, y2: 7 }));
  svg.append(s("circle", { class: `dot ${kind}`, cx: x(value.v), cy: 7, r: 3.5 }));
  return svg;
}
