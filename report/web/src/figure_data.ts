// A figure as src/report/figure_json.cpp writes it, and what its drawing is computed from.

import { roundStep, logTicks } from "./axes";
import { clockTicks } from "./clock";
import { mixed } from "./heat_color";
import type { Theme } from "./theme";
import { SERIES_TONES as CYCLE } from "./theme";

export interface AxisData {
  title: string;
  unit: string;
  log: boolean;
  low: number | null;
  high: number | null;
  categories: string[];
  /** An axis of times: its positions are seconds after this. */
  origin_ms: number | null;
}
export type Tone = "automatic" | "accent" | "ink" | "neutral" | "cost" | "gain" | "ochre" | "plum" | "teal" | "red";
export interface SeriesData {
  name: string;
  kind: "line" | "steps" | "points" | "bars";
  x: number[];
  y: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  x_high: number[];
  interval: "automatic" | "band" | "bars";
  tone: Tone;
  style: "automatic" | "dashed" | "dotted";
  marked: boolean;
  size: number[];
  notes: string[];
}
export interface HeatData {
  name: string;
  unit: string;
  x: number[];
  y: number[];
  value: (number | null)[];
  diverging: boolean;
  values_shown: boolean;
}
export interface ReferenceData {
  axis: "x" | "y";
  at: number;
  label: string;
}
export interface FigureData {
  kind: "figure";
  id: string;
  width: string;
  title: string;
  caption: string;
  x: AxisData;
  y: AxisData;
  series: SeriesData[];
  heat: HeatData | null;
  references: ReferenceData[];
  labels: "automatic" | "direct" | "legend" | "none";
  all_shown: boolean;
  stacked: boolean;
  zero_line: boolean;
  height: number;
}

/** A series as drawn: its place among all, its color name, its offset in a category. */
export interface Drawn {
  series: SeriesData;
  index: number;
  tone: Exclude<Tone, "automatic">;
  dash: number[];
  symbol: string;
  /** This series is brought out, or another and this one steps back. */
  isLit: boolean;
  isFaded: boolean;
  /** Where each bar begins; zero unless bars stand on each other. */
  base: number[];
}

const DASHES = { automatic: [], dashed: [6, 4], dotted: [2, 3] } as const;
/** Of automatic colors, by how often they have gone round. */
const ROUNDS = [[], [6, 4], [2, 3], [8, 3, 2, 3]];
export const SYMBOLS = ["circle", "diamond", "rect", "triangle", "roundRect", "pin"];

/** What a mark looks like: bars and dots in lanes, rings around sized points, else a shape by its place. */
function symbolOf(data: FigureData, series: SeriesData, index: number): string {
  const sized = data.series.some((each) => each.size.length > 0);
  if (sized && data.y.categories.length > 0) return series.size.length > 0 ? "bar" : "dot";
  if (sized && series.size.length === 0) return "circle";
  return SYMBOLS[index % SYMBOLS.length] ?? "circle";
}

/** Every series with its look, which does not change when others are switched off. */
export function looks(data: FigureData): Drawn[] {
  let next = 0;
  return data.series.map((series, index) => {
    const place = series.tone === "automatic" ? next++ : 0;
    const tone = series.tone !== "automatic" ? series.tone : data.series.length === 1 ? "accent" : (CYCLE[place % CYCLE.length] ?? "neutral");
    const dash = series.style === "automatic" ? (ROUNDS[Math.floor(place / CYCLE.length)] ?? []) : [...DASHES[series.style]];
    return { series, index, tone, dash, symbol: symbolOf(data, series, index), isLit: false, isFaded: false, base: series.x.map(() => 0) };
  });
}

/** Stacks the bars that are switched on: those above zero upward, those below downward. */
export function stack(drawn: Drawn[]): void {
  const above = new Map<number, number>();
  const below = new Map<number, number>();
  for (const each of drawn.filter((candidate) => candidate.series.kind === "bars")) {
    each.base = each.series.x.map((x, i) => {
      const y = each.series.y[i] ?? 0;
      const levels = y >= 0 ? above : below;
      const base = levels.get(x) ?? 0;
      levels.set(x, base + y);
      return base;
    });
  }
}

export function colorOf(theme: Theme, drawn: Drawn): string {
  const color = theme[drawn.tone];
  return drawn.isFaded ? mixed(color, theme.paper, 0.82) : color;
}

/** Position on the drawing's own linear scale. */
export function position(axis: AxisData, value: number): number {
  return axis.log ? Math.log10(value) : value;
}

/** The same for an end of an interval, which on a logarithmic axis may have no position: it then lies outside. */
export function endPosition(axis: AxisData, value: number, range: Range): number {
  const at = position(axis, value);
  return Number.isFinite(at) ? at : 2 * range.low - range.high;
}

/** Edges of heat cells: half way between centers on the drawing's scale. */
export function cellEdges(centers: number[]): number[] {
  if (centers.length === 1) return [(centers[0] ?? 0) - 0.5, (centers[0] ?? 0) + 0.5];
  const inner = centers.slice(1).map((center, i) => (center + (centers[i] ?? 0)) / 2);
  const first = 2 * (centers[0] ?? 0) - (inner[0] ?? 0);
  const last = 2 * (centers[centers.length - 1] ?? 0) - (inner[inner.length - 1] ?? 0);
  return [first, ...inner, last];
}

export interface Range {
  low: number;
  high: number;
}

function xValues(data: FigureData, drawn: Drawn[]): number[] {
  const at = (value: number) => position(data.x, value);
  const heat = data.heat ? cellEdges(data.heat.x.map(at)) : [];
  const marks = data.references.filter((reference) => reference.axis === "x").map((reference) => at(reference.at));
  return [...drawn.flatMap(({ series }) => [...series.x, ...series.x_high].map(at)), ...heat, ...marks];
}

function yValues(data: FigureData, drawn: Drawn[]): number[] {
  const at = (value: number) => position(data.y, value);
  const list: number[] = data.heat ? cellEdges(data.heat.y.map(at)) : [];
  for (const { series, base } of drawn) {
    if (series.kind === "bars") list.push(0);
    series.y.forEach((y, i) => {
      for (const value of [y, series.low[i] ?? null, series.high[i] ?? null]) {
        const place = value === null ? NaN : at(value + (base[i] ?? 0));
        if (Number.isFinite(place)) list.push(place);
      }
    });
  }
  return [...list, ...data.references.filter((reference) => reference.axis === "y").map((reference) => at(reference.at))];
}

/** What the axis shows: what the document asked for, else all data with a little air. */
function range(axis: AxisData, values: number[], air: { below: number; above: number }): Range {
  if (axis.categories.length > 0) return { low: -0.5, high: axis.categories.length - 0.5 };
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 1];
  const length = high - low || Math.abs(high) * 0.1 || 1;
  if (low === high) [low, high] = [low - length / 2, high + length / 2];
  return {
    low: axis.low !== null ? position(axis, axis.low) : low - length * air.below,
    high: axis.high !== null ? position(axis, axis.high) : high + length * air.above,
  };
}

export function ranges(data: FigureData, drawn: Drawn[]): { x: Range; y: Range } {
  const ys = yValues(data, drawn);
  const lowest = ys.reduce((low, y) => Math.min(low, y), Infinity);
  const highest = ys.reduce((high, y) => Math.max(high, y), -Infinity);
  const filled = data.heat !== null;
  const side = filled || drawn.every(({ series }) => series.kind === "line" || series.kind === "steps") ? 0 : 0.025;
  return {
    x: range(data.x, xValues(data, drawn), { below: side, above: side }),
    y: range(data.y, ys, { below: filled || lowest === 0 ? 0 : 0.06, above: filled || highest === 0 ? 0 : 0.06 }),
  };
}

/** Positions of an axis's ticks, on the drawing's scale. */
export function ticks(axis: AxisData, { low, high }: Range, count: number): number[] {
  if (axis.categories.length > 0) return axis.categories.map((_, i) => i);
  if (axis.origin_ms !== null) return clockTicks(axis.origin_ms, low * 1e3, high * 1e3, count).at.map((ms) => ms / 1e3);
  if (axis.log) {
    const fine = logTicks(low, high, true);
    if (fine.length <= count + 1) return fine.length >= 2 ? fine : linearTicks(10 ** low, 10 ** high, count).map(Math.log10);
    const whole = logTicks(low, high, false);
    const every = Math.ceil(whole.length / (count + 1));
    return whole.length >= 2 ? whole.filter((_, i) => i % every === 0) : fine;
  }
  return linearTicks(low, high, count);
}

function linearTicks(low: number, high: number, count: number): number[] {
  const step = roundStep(high - low, count);
  const list: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) list.push(i * step);
  return list.filter((tick) => Number.isFinite(tick));
}
