import { escaped } from "./axes";
import { timeText } from "./clock";
import type { AxisData, Drawn, FigureData } from "./figure_data";

/** A value of a figure with `digits` significant digits. */
export function valueText(value: number, digits = 6): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-5 || size >= 1e15)) return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("+", "").replace(/-/g, "−");
  return Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 12 }).replace("-", "−");
}

/** A position on an axis without its unit. */
export function positionText(axis: AxisData, value: number): string {
  if (axis.origin_ms !== null) return timeText(axis.origin_ms, value * 1e3);
  return axis.categories[value] ?? valueText(value);
}

/** A position on an axis as a reader names it. */
export function axisText(axis: AxisData, value: number): string {
  const named = axis.categories[value] !== undefined || !axis.unit;
  return named ? positionText(axis, value) : `${positionText(axis, value)} ${axis.unit}`;
}

export function axisName(axis: AxisData): string {
  return [axis.title, axis.unit].filter((text) => text !== "").join(", ");
}

function placeText(data: FigureData, drawn: Drawn, i: number): string {
  const x = drawn.series.x[i] ?? 0;
  const end = drawn.series.x_high[i];
  return end === undefined ? axisText(data.x, x) : `${positionText(data.x, x)} to ${axisText(data.x, end)}`;
}

function valueRow(data: FigureData, drawn: Drawn, i: number): string {
  const y = drawn.series.y[i];
  const low = drawn.series.low[i];
  const high = drawn.series.high[i];
  const value = typeof y === "number" ? axisText(data.y, y) : "missing";
  const interval = typeof low === "number" && typeof high === "number" ? ` (${valueText(low)} to ${valueText(high)})` : "";
  return `${value}${interval}`;
}

export interface Pointed {
  drawn: Drawn;
  index: number;
}

/** The tip for points that stand at one position. */
export function pointTip(data: FigureData, points: Pointed[]): string {
  const first = points[0];
  if (!first) return "";
  const head = `<b>${escaped(data.x.title ? `${data.x.title}: ` : "")}${escaped(placeText(data, first.drawn, first.index))}</b>`;
  const rows = points.map(({ drawn, index }) => {
    const key = `<span class="tip-key tone-${drawn.tone}"></span>`;
    const name = data.series.length > 1 || !data.y.title ? drawn.series.name : data.y.title;
    const note = drawn.series.notes[index];
    const lines = note ? `<br><span class="tip-note">${escaped(note).replace(/\n/g, "<br>")}</span>` : "";
    return `${key}${escaped(name)}: ${escaped(valueRow(data, drawn, index))}${lines}`;
  });
  return [head, ...rows].join("<br>");
}

export function cellTip(data: FigureData, k: number): string {
  const heat = data.heat;
  const value = heat?.value[k];
  if (!heat || typeof value !== "number") return "";
  const x = axisText(data.x, heat.x[k % heat.x.length] ?? 0);
  const y = axisText(data.y, heat.y[Math.floor(k / heat.x.length)] ?? 0);
  const name = (axis: AxisData) => (axis.title ? `${escaped(axis.title)}: ` : "");
  return `${name(data.x)}${escaped(x)}<br>${name(data.y)}${escaped(y)}<br><b>${escaped(heat.name)}: ${valueText(value)}${heat.unit ? ` ${escaped(heat.unit)}` : ""}</b>`;
}
