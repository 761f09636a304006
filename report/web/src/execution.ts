import { compactText, escaped, roundStep, SANS, textStyle, tooltip, valueAxis } from "./axes";
import { chart, type ChartOption, type Frame } from "./chart";
import { clockTicks } from "./clock";
import { h, s } from "./dom";
import { bandShape, dotShape, levelMarks, type DrawnLevel } from "./execution_marks";
import type { Dot, ExecutionChart, WorstOrder } from "./payload";
import type { Theme } from "./theme";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

const RIGHT = 112; // room for the level labels
/** The band, the fills, arrival and VWAP decide the frame; far benchmarks stay in the table beside. */
function priceRange(data: ExecutionChart): [number, number] {
  const near = data.levels.filter((level) => ["arrival_price", "interval_vwap", "average_price"].includes(level.name));
  const prices = [...(data.band?.bid ?? []), ...(data.band?.ask ?? []), ...data.dots.map((dot) => dot.price), ...near.map((level) => level.price)];
  let low = Infinity;
  let high = -Infinity;
  for (const price of prices) {
    if (price === null) continue;
    low = Math.min(low, price);
    high = Math.max(high, price);
  }
  const margin = (high - low || Math.abs(high) * 1e-4 || 1) * 0.06;
  return [low - margin, high + margin];
}

function drawnLevels(data: ExecutionChart, theme: Theme, range: [number, number]): DrawnLevel[] {
  const style = (name: string): Pick<DrawnLevel, "color" | "dash" | "width"> => {
    if (name === "arrival_price") return { color: theme.accent, dash: [], width: 1.8 };
    if (name === "interval_vwap") return { color: theme.ochre, dash: [7, 3], width: 1.6 };
    if (name === "average_price") return { color: theme.ink, dash: [2, 2], width: 1.4 };
    return { color: theme.inkFaint, dash: [1, 3], width: 1 };
  };
  return data.levels.filter((level) => level.price >= range[0] && level.price <= range[1]).map((level) => ({ ...level, ...style(level.name) }));
}

function liquidityColor(theme: Theme, liquidity: string): string {
  const colors: Record<string, string> = { added: theme.gain, removed: theme.cost, auction: theme.ochre, hidden: theme.plum };
  return colors[liquidity] ?? theme.neutral;
}

function radius(dot: Dot, largest: number, crowded: boolean): number {
  const most = crowded ? 5.5 : 7.5;
  return 2.2 + (most - 2.2) * Math.sqrt(dot.quantity / largest);
}

function priceSeries(data: ExecutionChart, frame: Frame, range: [number, number]): object[] {
  const { theme } = frame;
  const largest = Math.max(...data.dots.map((dot) => dot.quantity), 1e-12);
  const one = (draw: (api: CustomSeriesRenderItemAPI, box: { x: number; y: number; width: number; height: number }) => unknown, z: number) => ({
    type: "custom", silent: true, clip: true, z, data: [[0, range[0]]],
    renderItem: (item: { coordSys: unknown }, api: CustomSeriesRenderItemAPI) =>
      draw(api, item.coordSys as { x: number; y: number; width: number; height: number }) as CustomSeriesRenderItemReturn,
  });
  const list: object[] = [];
  list.push(one((api, box) => lifeShade(data, frame, api, box), 0));
  if (data.band) list.push(one((api) => bandShape(data, theme, api), 1));
  list.push({ ...one((api, box) => levelMarks(drawnLevels(data, theme, range), data, frame, api, box), 3), clip: false });
  list.push({
    type: "custom", clip: true, z: 5, data: data.dots.map((dot) => [dot.t, dot.price]),
    renderItem: (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const dot = data.dots[item.dataIndex];
      if (!dot) return null;
      const [x = 0, y = 0] = api.coord([dot.t, dot.price]);
      return dotShape(dot.liquidity, x, y, radius(dot, largest, data.dots.length > 80), liquidityColor(theme, dot.liquidity), theme) as CustomSeriesRenderItemReturn;
    },
    tooltip: {
      formatter: (item: { dataIndex: number }) => {
        const dot = data.dots[item.dataIndex];
        return dot ? `<b>${dot.text}</b><br>${escaped(dot.liquidity || "liquidity unknown")}${dot.venue ? `, ${escaped(dot.venue)}` : ""}<br>${dot.time.replace("T", " ").replace("Z", " UTC")}` : "";
      },
    },
  });
  return list;
}

/** The order's life as a faint ground, with its begin and end; feed gaps hatched by their own shade. */
function lifeShade(data: ExecutionChart, frame: Frame, api: CustomSeriesRenderItemAPI, box: { y: number; height: number }) {
  const x = (t: number) => api.coord([t, 0])[0] ?? 0;
  const upright = (at: number) => ({ type: "line", shape: { x1: at, y1: box.y, x2: at, y2: box.y + box.height }, style: { stroke: frame.theme.inkFaint, lineWidth: 1, lineDash: [2, 3] } });
  const gaps = data.gaps.map(([begin, end]) => ({ type: "rect", shape: { x: x(begin), y: box.y, width: Math.max(x(end) - x(begin), 1), height: box.height }, style: { fill: frame.theme.cost, opacity: 0.1 } }));
  return { type: "group", children: [upright(x(data.begin)), upright(x(data.end)), ...gaps] };
}

function volumeSeries(data: ExecutionChart, frame: Frame): object[] {
  const { theme } = frame;
  const bottom = { xAxisIndex: 1, silent: true, symbol: "none", clip: true };
  const list: object[] = [];
  if (data.volume) {
    const rows = data.volume.t.map((t, i) => [t, data.volume?.total[i] ?? 0]);
    list.push({ ...bottom, type: "line", yAxisIndex: 2, step: "end", data: rows, lineStyle: { color: theme.neutral, width: 1 }, areaStyle: { color: theme.band, opacity: 1 }, z: 1 });
  }
  list.push({ ...bottom, type: "line", yAxisIndex: 1, data: [[data.begin, 0], [data.plan_end, data.quantity]], lineStyle: { color: theme.inkSoft, width: 1.3, type: [6, 4] }, z: 2 });
  const filled = data.filled.t.map((t, i) => [t, data.filled.total[i] ?? 0]);
  const last = filled[filled.length - 1];
  if (last) filled.push([Math.max(data.end, last[0] ?? 0), last[1] ?? 0]);
  list.push({ ...bottom, type: "line", yAxisIndex: 1, step: "end", data: filled, lineStyle: { color: theme.accent, width: 2 }, z: 3 });
  return list;
}

function option(data: ExecutionChart, frame: Frame): ChartOption {
  const { theme, narrow, width } = frame;
  const right = narrow ? 88 : RIGHT;
  const left = narrow ? 52 : 62;
  const ticks = clockTicks(data.origin_ms, 0, data.length, Math.max(2, Math.floor((width - left - right) / 86)));
  const range = priceRange(data);
  const step = roundStep(range[1] - range[0], 6);
  const digits = Math.max(2, Math.ceil(-Math.log10(step)));
  const priceTicks: number[] = [];
  for (let tick = Math.ceil(range[0] / step) * step; tick <= range[1]; tick += step) priceTicks.push(tick);
  const xAxis = (gridIndex: number, labels: boolean) => ({
    type: "value" as const, gridIndex, min: 0, max: data.length,
    axisLine: { show: true, onZero: false, lineStyle: { color: labels ? theme.inkFaint : theme.rule } },
    axisTick: { show: labels, customValues: ticks.at, lineStyle: { color: theme.inkFaint } },
    axisLabel: { show: labels, customValues: ticks.at, formatter: ticks.text, color: theme.inkSoft, fontFamily: SANS, fontSize: 12, hideOverlap: true },
    splitLine: { show: false },
  });
  const volumeLabel = { color: theme.inkSoft, fontFamily: SANS, fontSize: 11.5, formatter: compactText };
  const volumeTop = Math.max(...(data.volume?.total ?? [0])) || 1;
  const top = narrow ? 240 : 268;
  return {
    textStyle: textStyle(theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: [{ left, right, top: 8, height: top }, { left, right, top: top + 26, height: 96 }],
    xAxis: [xAxis(0, false), xAxis(1, true)],
    yAxis: [
      valueAxis(theme, { gridIndex: 0, min: range[0], max: range[1], axisLabel: { customValues: priceTicks, color: theme.inkSoft, fontFamily: SANS, formatter: (value: number) => value.toFixed(digits) }, splitLine: { show: false } }),
      valueAxis(theme, { gridIndex: 1, min: 0, max: data.quantity * 1.04, splitNumber: 2, axisLabel: { ...volumeLabel, color: theme.accent, showMaxLabel: false } }),
      valueAxis(theme, { gridIndex: 1, min: 0, max: volumeTop * 1.04, splitNumber: 2, position: "right", show: data.volume !== null, splitLine: { show: false }, axisLabel: { ...volumeLabel, showMaxLabel: false } }),
    ],
    series: [...priceSeries(data, frame, range), ...volumeSeries(data, frame)],
  };
}

function key(data: ExecutionChart): HTMLElement {
  const list = h("ul", { class: "legend execution" });
  const entry = (mark: Node, text: string) => list.append(h("li", {}, mark, text));
  const swatch = (name: string) => h("span", { class: `key ${name}`, "aria-hidden": "true" });
  if (data.band) entry(swatch("band"), data.indicative ? "bid to ask (indicative: from bars)" : "bid to ask");
  for (const liquidity of [...new Set(data.dots.map((dot) => dot.liquidity))]) entry(liquidityMark(liquidity), liquidity || "liquidity unknown");
  entry(swatch("filled"), "filled, left scale");
  entry(swatch("plan"), data.has_deadline ? "even plan to the deadline" : "even pace to the last fill");
  if (data.volume) entry(swatch("market"), "market volume since arrival, right scale");
  return list;
}

function liquidityMark(liquidity: string): Node {
  const shapes: Record<string, Node> = {
    removed: s("path", { d: "M6 1 L11 6 L6 11 L1 6 Z" }),
    auction: s("path", { d: "M6 1 L11 10.5 L1 10.5 Z" }),
    hidden: s("rect", { x: 2, y: 2, width: 8, height: 8 }),
  };
  const shape = shapes[liquidity] ?? s("circle", { cx: 6, cy: 6, r: 4.5 });
  return s("svg", { class: `mark ${liquidity || "unknown"}`, width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, shape);
}

export function executionChart(order: WorstOrder, data: ExecutionChart): HTMLElement {
  const drawn = chart({
    label: `Execution of ${order.id}: ${order.side} ${order.quantity?.t ?? ""} ${order.symbol}, ${data.fills} fills; facts and benchmarks follow as text`,
    height: (width) => (width < 560 ? 394 : 422),
    option: (frame) => option(data, frame),
  });
  const notes = [
    data.band ? null : "The tape has no quotes in this window.",
    data.dots_drawn !== data.fills ? `The ${data.dots_drawn} largest of ${data.fills} fills are drawn.` : null,
    data.gaps.length > 0 ? "Shaded: the quote feed was down." : null,
  ].filter((note): note is string => note !== null);
  return h("figure", { class: "execution" }, key(data), drawn.element, notes.length > 0 ? h("figcaption", {}, notes.join(" ")) : null);
}
