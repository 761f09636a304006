import { axisTickText, SANS, textStyle, tooltip, valueAxis } from "./axes";
import type { ChartOption, Frame } from "./chart";
import { clockTicks } from "./clock";
import { colorOf, position, ranges, stack, ticks, type AxisData, type Drawn, type FigureData, type Range } from "./figure_data";
import { band, barPlace, endLabels, ground, heatCells, intervalBars, laneMarks, overlay, referenceMarks } from "./figure_marks";
import { axisName, cellTip, pointTip, type Pointed } from "./figure_text";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

/** Width of text at 12 px, generously. */
const CHARACTER = 6.6;
/** Marks of points with sizes, in pixels across. */
const LEAST_MARK = 4;
const MOST_MARK = 13;
const RING = 17;

function isLine(drawn: Drawn): boolean {
  return drawn.series.kind === "line" || drawn.series.kind === "steps";
}

/** Names stand at the ends of lines where there is room for them. */
export function areDirect(data: FigureData, shown: Drawn[], frame: Frame): boolean {
  if (data.labels === "legend" || data.labels === "none" || data.series.length < 2 || frame.width < 480) return false;
  return shown.every(isLine) && (data.labels === "direct" || data.series.length <= 6);
}

function drawsBand(drawn: Drawn): boolean {
  const { interval } = drawn.series;
  return interval === "band" || (interval === "automatic" && isLine(drawn) && drawn.series.x.length > 1);
}

class Plan {
  readonly range: { x: Range; y: Range };
  readonly direct: boolean;
  readonly bars: Drawn[];
  readonly dodged: Drawn[];
  /** Of all sizes; zero when no point has one. */
  readonly largest: number;
  constructor(
    readonly data: FigureData,
    readonly shown: Drawn[],
    readonly frame: Frame,
  ) {
    if (data.stacked) stack(shown);
    this.range = ranges(data, shown);
    this.direct = areDirect(data, shown, frame);
    this.bars = data.stacked ? [] : shown.filter(({ series }) => series.kind === "bars" && series.x_high.length === 0);
    // Marks of several series at one category stand beside each other.
    this.largest = data.series.reduce((most, series) => series.size.reduce((a, b) => Math.max(a, b), most), 0);
    this.dodged = data.x.categories.length > 0 ? shown.filter(({ series }) => series.kind !== "bars") : [];
  }

  group(drawn: Drawn): { place: number; of: number } {
    const place = this.bars.indexOf(drawn);
    return place < 0 ? { place: 0, of: 1 } : { place, of: this.bars.length };
  }

  /** Offset of a point within its category, on the axis's scale. */
  shift(drawn: Drawn): number {
    const place = this.dodged.indexOf(drawn);
    if (place < 0) return 0;
    return (place - (this.dodged.length - 1) / 2) * Math.min(0.12, 0.6 / this.dodged.length);
  }

  x(drawn: Drawn, i: number): number {
    return position(this.data.x, drawn.series.x[i] ?? 0) + this.shift(drawn);
  }
}

function barSeries(plan: Plan, drawn: Drawn): object {
  const { data, frame } = plan;
  const color = colorOf(frame.theme, drawn);
  return {
    type: "custom", clip: true, z: 2,
    data: drawn.series.x.map((x, i) => [position(data.x, x), (drawn.series.y[i] ?? 0) + (drawn.base[i] ?? 0)]),
    renderItem: (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const y = drawn.series.y[item.dataIndex];
      if (typeof y !== "number") return null;
      const { left, width } = barPlace(data, drawn, plan.group(drawn), item.dataIndex, api);
      const base = drawn.base[item.dataIndex] ?? 0;
      const [, end = 0] = api.coord([0, base + y]);
      const [, begin = 0] = api.coord([0, base]);
      return { type: "rect", shape: { x: left, y: Math.min(begin, end), width, height: Math.abs(end - begin) }, style: { fill: color, opacity: 0.82 } } as CustomSeriesRenderItemReturn;
    },
  };
}

/** Marks with their areas in proportion; those without a size are rings around the others. */
function sizedPoints(plan: Plan, drawn: Drawn, rows: (number | null)[][], color: string): object {
  const { size } = drawn.series;
  const common = { type: "scatter", clip: true, data: rows };
  if (size.length === 0) return { ...common, z: 5, symbol: "circle", symbolSize: RING, itemStyle: { color: "none", borderColor: color, borderWidth: 1.5, opacity: 1 } };
  const across = (_: unknown, item: { dataIndex: number }) => LEAST_MARK + (MOST_MARK - LEAST_MARK) * Math.sqrt((size[item.dataIndex] ?? 0) / plan.largest);
  return { ...common, z: 4, symbol: drawn.symbol, symbolSize: across, itemStyle: { color, borderColor: plan.frame.theme.paper, borderWidth: 0.6, opacity: 0.9 } };
}

function lineSeries(plan: Plan, drawn: Drawn): object {
  const { data, frame } = plan;
  const { series } = drawn;
  const color = colorOf(frame.theme, drawn);
  const rows = series.x.map((_, i) => [plan.x(drawn, i), typeof series.y[i] === "number" ? position(data.y, series.y[i]) : null]);
  if (series.kind === "points") {
    if (plan.largest > 0 && data.y.categories.length > 0) return laneMarks(drawn, rows, plan.largest, color);
    if (plan.largest > 0) return sizedPoints(plan, drawn, rows, color);
    const many = series.x.length > 300;
    return { type: "scatter", clip: true, z: 4, data: rows, symbol: drawn.symbol, symbolSize: many ? 4 : 8, itemStyle: many ? { color, opacity: 0.55 } : { color: frame.theme.paper, borderColor: color, borderWidth: 1.7, opacity: 1 } };
  }
  return {
    type: "line", clip: true, z: drawn.isFaded ? 3 : 4, data: rows, connectNulls: false, step: series.kind === "steps" ? "end" : false,
    symbol: series.marked || series.x.length === 1 ? drawn.symbol : "circle", showSymbol: series.marked || series.x.length === 1, showAllSymbol: true, symbolSize: series.marked ? 7 : 5,
    lineStyle: { color, width: 1.8, type: drawn.dash.length > 0 ? drawn.dash : "solid" },
    itemStyle: series.marked ? { color: frame.theme.paper, borderColor: color, borderWidth: 1.6 } : { color },
    emphasis: { disabled: true },
  };
}

function intervals(plan: Plan, drawn: Drawn): object[] {
  const { data, frame, range } = plan;
  if (drawn.series.low.length === 0) return [];
  const at: [number, number] = [range.x.low, range.y.low];
  if (drawsBand(drawn)) return [overlay(1, true, band(data, drawn, plan.shown.length, range.y, frame), at)];
  const center = (i: number, api: CustomSeriesRenderItemAPI): number => {
    if (drawn.series.kind !== "bars") return api.coord([plan.x(drawn, i), 0])[0] ?? 0;
    const { left, width } = barPlace(data, drawn, plan.group(drawn), i, api);
    return left + width / 2;
  };
  return [overlay(drawn.series.kind === "bars" ? 5 : 3, true, intervalBars(data, drawn, center, range.y, frame), at)];
}

function categoryText(axis: AxisData, room: number): (value: number) => string {
  const most = Math.max(4, Math.floor(room / CHARACTER));
  return (value) => {
    const name = axis.categories[Math.round(value)] ?? "";
    return name.length > most ? `${name.slice(0, most - 1)}…` : name;
  };
}

function tickLabel(axis: AxisData, room: number, range: Range, count: number): (value: number) => string {
  if (axis.categories.length > 0) return categoryText(axis, room);
  if (axis.origin_ms === null) return axisTickText(axis.log);
  const { text } = clockTicks(axis.origin_ms, range.low * 1e3, range.high * 1e3, count);
  return (value) => text(value * 1e3);
}

/** Level ticks and, for the left margin, the room their labels need. */
function levels(plan: Plan): { at: number[]; text: (value: number) => string; room: number } {
  const { data, frame } = plan;
  const count = Math.max(2, Math.round(data.height / 44));
  const at = ticks(data.y, plan.range.y, count);
  const text = tickLabel(data.y, frame.narrow ? 90 : 150, plan.range.y, count);
  return { at, text, room: Math.max(...at.map((tick) => text(tick).length), 2) * CHARACTER + 14 };
}

function xAxis(plan: Plan, inner: number) {
  const { data, frame, range } = plan;
  const { theme } = frame;
  const named = data.x.categories.length > 0;
  const longest = named ? Math.max(...data.x.categories.map((name) => name.length)) * CHARACTER : 0;
  const room = named ? inner / data.x.categories.length : 0;
  const slanted = named && longest > room - 6;
  const count = Math.max(2, Math.floor(inner / (data.x.origin_ms === null ? 66 : 86)));
  const at = ticks(data.x, range.x, count);
  const every = slanted ? Math.ceil(15 / room) : 1;
  const shown = at.filter((_, i) => i % every === 0);
  return {
    slanted: slanted ? Math.min(longest, 110) : 0,
    axis: {
      type: "value" as const, min: range.x.low, max: range.x.high,
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.inkFaint } },
      axisTick: { show: !named, customValues: at, lineStyle: { color: theme.inkFaint } },
      axisLabel: { customValues: shown, formatter: tickLabel(data.x, slanted ? 110 : Math.max(room, 40), range.x, count), color: theme.inkSoft, fontFamily: SANS, fontSize: 12, rotate: slanted ? 38 : 0, hideOverlap: !slanted },
      splitLine: { show: false },
      name: axisName(data.x), nameLocation: "middle" as const, nameGap: slanted ? Math.min(longest, 110) * 0.62 + 26 : 30,
      nameTextStyle: { color: theme.inkSoft, fontFamily: SANS, fontSize: 12 },
    },
  };
}

function tips(plan: Plan): object {
  const { data, shown, frame } = plan;
  const drawnOf = (id: string) => shown.find((each) => `s${each.index}` === id);
  type Item = { seriesId: string; dataIndex: number };
  const pointed = (items: Item[]): Pointed[] =>
    items.flatMap((item) => {
      const drawn = drawnOf(item.seriesId);
      return drawn ? [{ drawn, index: item.dataIndex }] : [];
    });
  const alongX = !data.heat && shown.some((each) => each.series.kind !== "points") && !(shown.length === 1 && shown[0]?.series.kind === "bars");
  return tooltip(frame.theme, {
    trigger: alongX ? "axis" : "item",
    axisPointer: { type: "line", lineStyle: { color: frame.theme.inkFaint, width: 1, type: [2, 3] }, label: { show: false } },
    formatter: (items: Item | Item[]) => {
      const list = Array.isArray(items) ? items : [items];
      if (list[0]?.seriesId === "heat") return cellTip(data, list[0].dataIndex);
      return pointTip(data, pointed(list));
    },
  });
}

/** The drawing of a figure with the series that are switched on. */
export function figureOption(data: FigureData, shown: Drawn[], frame: Frame): ChartOption {
  const plan = new Plan(data, shown, frame);
  const { theme } = frame;
  const level = levels(plan);
  const right = plan.direct ? Math.max(...shown.map(({ series }) => series.name.length), 2) * (CHARACTER + 0.5) + 18 : 14;
  const { axis, slanted } = xAxis(plan, frame.width - level.room - right);
  const at: [number, number] = [plan.range.x.low, plan.range.y.low];
  const yName = axisName(data.y);
  const series: object[] = [overlay(0, true, ground(data, plan.range, level.at, frame), at)];
  if (data.heat) series.push(heatCells(data, frame));
  for (const drawn of shown) {
    const made = drawn.series.kind === "bars" ? barSeries(plan, drawn) : lineSeries(plan, drawn);
    series.push(...intervals(plan, drawn), { ...made, id: `s${drawn.index}`, name: drawn.series.name, silent: data.heat !== null });
  }
  series.push(overlay(6, true, referenceMarks(data, plan.range, frame), at));
  if (plan.direct) series.push(overlay(7, false, endLabels(data, shown, frame), at));
  return {
    textStyle: textStyle(theme),
    tooltip: tips(plan),
    grid: { left: level.room, right, top: yName ? 26 : 12, bottom: (axisName(data.x) ? 44 : 26) + slanted * 0.62 },
    xAxis: axis,
    yAxis: valueAxis(theme, {
      min: plan.range.y.low, max: plan.range.y.high, splitLine: { show: false }, axisLine: { show: false, onZero: false },
      axisLabel: { customValues: level.at, formatter: level.text, color: theme.inkSoft, fontFamily: SANS, fontSize: 12 },
      name: yName, nameLocation: "end", nameGap: 11, nameTextStyle: { align: "left", padding: [0, 0, 0, 6 - level.room], color: theme.inkSoft, fontFamily: SANS, fontSize: 12 },
    }),
    series,
  };
}
