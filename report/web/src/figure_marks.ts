// The marks of a figure that the chart library has no series for: bands, bars, intervals, cells, lines across, labels.

import { SANS } from "./axes";
import type { Frame } from "./chart";
import { spreadLabels } from "./execution_marks";
import { cellEdges, colorOf, endPosition, position, type Drawn, type FigureData, type Range } from "./figure_data";
import { valueText } from "./figure_text";
import { SERIES_TONES } from "./theme";
import { heatColor, inkOn } from "./heat_color";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

type Api = CustomSeriesRenderItemAPI;
type Point = [number, number];
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function pixel(api: Api, x: number, y: number): Point {
  const [px = 0, py = 0] = api.coord([x, y]);
  return [px, py];
}

/** One drawing over the whole frame, made once. */
export function overlay(z: number, clip: boolean, draw: (api: Api, box: Box) => object[], at: Point): object {
  return {
    type: "custom", silent: true, clip, z, data: [at], tooltip: { show: false },
    renderItem: (item: { coordSys: unknown }, api: Api) =>
      ({ type: "group", children: draw(api, item.coordSys as Box) }) as CustomSeriesRenderItemReturn,
  };
}

/** Level lines at the ticks, zero, and the references with their labels. */
export function ground(data: FigureData, range: { x: Range; y: Range }, levels: number[], frame: Frame) {
  return (api: Api, box: Box): object[] => {
    const { theme } = frame;
    const level = (y: number, style: object) => {
      const [, py] = pixel(api, range.x.low, y);
      return { type: "line", shape: { x1: box.x, y1: py, x2: box.x + box.width, y2: py }, style };
    };
    const list: object[] = [];
    if (data.y.categories.length === 0 && !data.heat) list.push(...levels.map((y) => level(y, { stroke: theme.rule, lineWidth: 1 })));
    const zero = data.zero_line && !data.y.log && data.y.categories.length === 0 && range.y.low <= 0 && range.y.high >= 0;
    if (zero && !data.heat) list.push(level(0, { stroke: theme.ink, lineWidth: 1 }));
    return list;
  };
}

export function referenceMarks(data: FigureData, range: { x: Range; y: Range }, frame: Frame) {
  return (api: Api, box: Box): object[] => {
    const { theme } = frame;
    const style = { stroke: theme.inkSoft, lineWidth: 1.1, lineDash: [4, 3] };
    const halo = { stroke: theme.paper, lineWidth: 3 };
    const upright = data.references.filter((each) => each.axis === "x").map((each) => pixel(api, position(data.x, each.at), range.y.low)[0]);
    // A label stands right of its line unless the frame ends or another line stands there.
    const fits = (x: number, label: string) => x <= box.x + box.width * 0.7 && upright.every((other) => other <= x || other > x + label.length * 6.2 + 10);
    return data.references.flatMap((reference) => {
      const at = position(reference.axis === "x" ? data.x : data.y, reference.at);
      const inside = reference.axis === "x" ? range.x : range.y;
      if (at < inside.low || at > inside.high) return [];
      const words = { text: reference.label, fill: theme.inkSoft, fontFamily: SANS, fontSize: 11.5, ...halo };
      if (reference.axis === "x") {
        const [x] = pixel(api, at, range.y.low);
        const late = !fits(x, reference.label);
        return [
          { type: "line", shape: { x1: x, y1: box.y, x2: x, y2: box.y + box.height }, style },
          { type: "text", style: { ...words, x: late ? x - 5 : x + 5, y: box.y + 3, textAlign: late ? "right" : "left", textVerticalAlign: "top" } },
        ];
      }
      const [, y] = pixel(api, range.x.low, at);
      const high = y < box.y + 18;
      return [
        { type: "line", shape: { x1: box.x, y1: y, x2: box.x + box.width, y2: y }, style },
        { type: "text", style: { ...words, x: box.x + box.width - 4, y: high ? y + 4 : y - 4, textAlign: "right", textVerticalAlign: high ? "top" : "bottom" } },
      ];
    });
  };
}

/** Opacity of one band; many over each other would hide what is under them. */
const BAND = 0.15;
const BAND_OF_MANY = 0.07;

/** Runs of points that have an interval; a gap ends a run. */
function runs(drawn: Drawn): number[][] {
  const list: number[][] = [];
  let run: number[] = [];
  drawn.series.x.forEach((_, i) => {
    const has = typeof drawn.series.low[i] === "number" && typeof drawn.series.high[i] === "number";
    if (has) run.push(i);
    else if (run.length > 0) {
      list.push(run);
      run = [];
    }
  });
  if (run.length > 0) list.push(run);
  return list;
}

export function band(data: FigureData, drawn: Drawn, of: number, range: Range, frame: Frame) {
  return (api: Api): object[] => {
    const { series } = drawn;
    const edge = (run: number[], ends: (number | null)[]): Point[] => {
      const points: Point[] = [];
      run.forEach((i) => {
        const [x, y] = pixel(api, position(data.x, series.x[i] ?? 0), endPosition(data.y, ends[i] ?? 0, range));
        const before = points[points.length - 1];
        if (series.kind === "steps" && before) points.push([x, before[1]]);
        points.push([x, y]);
      });
      return points;
    };
    return runs(drawn).map((run) => ({
      type: "polygon",
      shape: { points: [...edge(run, series.high), ...edge(run, series.low).reverse()] },
      style: { fill: colorOf(frame.theme, drawn), opacity: of > SERIES_TONES.length && !drawn.isLit ? BAND_OF_MANY : BAND },
    }));
  };
}

export function intervalBars(data: FigureData, drawn: Drawn, shift: (i: number, api: Api) => number, range: Range, frame: Frame) {
  const color = drawn.series.kind === "bars" ? frame.theme.ink : colorOf(frame.theme, drawn);
  return (api: Api): object[] =>
    drawn.series.x.flatMap((_, i) => {
      const low = drawn.series.low[i];
      const high = drawn.series.high[i];
      if (typeof low !== "number" || typeof high !== "number") return [];
      const x = shift(i, api);
      const base = drawn.base[i] ?? 0;
      const [, bottom] = pixel(api, 0, endPosition(data.y, low + base, range));
      const [, top] = pixel(api, 0, endPosition(data.y, high + base, range));
      const halo = { type: "line", shape: { x1: x, y1: bottom, x2: x, y2: top }, style: { stroke: frame.theme.paper, lineWidth: 3.5 } };
      const line = { type: "line", shape: { x1: x, y1: bottom, x2: x, y2: top }, style: { stroke: color, lineWidth: 1.3 } };
      const caps = [bottom, top].map((y) => ({ type: "line", shape: { x1: x - 3, y1: y, x2: x + 3, y2: y }, style: { stroke: color, lineWidth: 1.3 } }));
      return drawn.series.kind === "bars" ? [halo, line, ...caps] : [line];
    });
}

/** A bar's left edge and width in pixels: its share of the category, or from x to x_high. */
export function barPlace(data: FigureData, drawn: Drawn, group: { place: number; of: number }, i: number, api: Api): { left: number; width: number } {
  const { series } = drawn;
  const x = position(data.x, series.x[i] ?? 0);
  const [center] = pixel(api, x, 0);
  if (series.x_high.length > 0) {
    const [right] = pixel(api, position(data.x, series.x_high[i] ?? 0), 0);
    return { left: center + 0.5, width: Math.max(right - center - 1, 1) };
  }
  const [next] = pixel(api, x + 1, 0);
  const whole = Math.min((next - center) * 0.72, 76 * group.of);
  const width = whole / group.of;
  return { left: center - whole / 2 + width * group.place + (group.of > 1 ? 1 : 0), width: Math.max(width - (group.of > 1 ? 2 : 0), 1) };
}

const LANE_BAR = 2.6; // pixels wide

/** Points with sizes at categories: upright bars on their lane's line; points without sizes are dots under it. */
export function laneMarks(drawn: Drawn, rows: (number | null)[][], largest: number, color: string): object {
  const { size } = drawn.series;
  return {
    type: "custom", clip: true, z: 4, data: rows,
    renderItem: (item: { dataIndex: number }, api: Api): CustomSeriesRenderItemReturn => {
      const [x, middle] = pixel(api, rows[item.dataIndex]?.[0] ?? 0, rows[item.dataIndex]?.[1] ?? 0);
      const [, next] = pixel(api, 0, (rows[item.dataIndex]?.[1] ?? 0) + 1);
      const lane = middle - next;
      const line = middle + lane * 0.3;
      // The stroke is not seen; it makes a thin mark easy to point at.
      const style = { fill: color, stroke: "rgba(0,0,0,0)", lineWidth: 5 };
      if (size.length === 0) return { type: "circle", shape: { cx: x, cy: line + lane * 0.16, r: 2 }, style } as CustomSeriesRenderItemReturn;
      const height = Math.max(1.5, ((size[item.dataIndex] ?? 0) / largest) * lane * 0.78);
      return { type: "rect", shape: { x: x - LANE_BAR / 2, y: line - height, width: LANE_BAR, height }, style } as CustomSeriesRenderItemReturn;
    },
  };
}

/** The heat map's cells, each an item of its own so that it has a tip. */
export function heatCells(data: FigureData, frame: Frame): object {
  const heat = data.heat;
  if (!heat) return {};
  const xs = cellEdges(heat.x.map((x) => position(data.x, x)));
  const ys = cellEdges(heat.y.map((y) => position(data.y, y)));
  const color = heatColor(heat, frame.theme);
  const columns = heat.x.length;
  return {
    type: "custom", id: "heat", clip: true, z: 1,
    data: heat.value.map((_, k) => [position(data.x, heat.x[k % columns] ?? 0), position(data.y, heat.y[Math.floor(k / columns)] ?? 0)]),
    renderItem: (item: { dataIndex: number }, api: Api): CustomSeriesRenderItemReturn => {
      const value = heat.value[item.dataIndex];
      if (typeof value !== "number") return null;
      const i = item.dataIndex % columns;
      const j = Math.floor(item.dataIndex / columns);
      const [left, bottom] = pixel(api, xs[i] ?? 0, ys[j] ?? 0);
      const [right, top] = pixel(api, xs[i + 1] ?? 0, ys[j + 1] ?? 0);
      const gap = columns <= 40 ? 1 : 0;
      const shape = { x: left, y: top, width: Math.max(right - left - gap, 0.5), height: Math.max(bottom - top - gap, 0.5) };
      const fill = color(value);
      const children: object[] = [{ type: "rect", shape, style: { fill } }];
      const text = valueText(value, 3);
      if (heat.values_shown && shape.height >= 15 && shape.width >= text.length * 6.4 + 4) {
        children.push({ type: "text", style: { x: (left + right) / 2, y: (top + bottom) / 2, text, textAlign: "center", textVerticalAlign: "middle", fill: inkOn(fill, frame.theme), fontFamily: SANS, fontSize: 11.5 } });
      }
      return { type: "group", children } as CustomSeriesRenderItemReturn;
    },
  };
}

/** Names at the right end of each line, pushed apart. */
export function endLabels(data: FigureData, drawn: Drawn[], frame: Frame) {
  return (api: Api, box: Box): object[] => {
    const right = box.x + box.width;
    const rows = drawn.flatMap((each) => {
      for (let i = each.series.x.length - 1; i >= 0; --i) {
        const y = each.series.y[i];
        if (typeof y !== "number") continue;
        const [px, py] = pixel(api, position(data.x, each.series.x[i] ?? 0), position(data.y, y));
        if (px < box.x || px > right + 1) continue;
        return [{ each, x: Math.min(px, right), y: Math.min(Math.max(py, box.y), box.y + box.height) }];
      }
      return [];
    });
    rows.sort((a, b) => a.y - b.y);
    const places = spreadLabels(rows.map((row) => row.y), 14, box.y + 6, box.y + box.height - 6);
    return rows.flatMap(({ each, x, y }, i) => {
      const at = places[i] ?? y;
      const color = colorOf(frame.theme, each);
      return [
        { type: "polyline", shape: { points: [[x + 2, y], [right + 2, y], [right + 7, at]] }, style: { stroke: color, lineWidth: 0.8, fill: "none", opacity: x < right - 4 ? 0.35 : 0.7 } },
        { type: "text", style: { x: right + 10, y: at, text: each.series.name, textVerticalAlign: "middle", fill: color, fontFamily: SANS, fontSize: 12, fontWeight: 600 } },
      ];
    });
  };
}
