import { compactText, escaped, SANS, textStyle, tickText, tooltip, valueAxis } from "./axes";
import { chart, type ChartOption, type Frame } from "./chart";
import { choice, h, section } from "./dom";
import { FIRST_SHOWN, legend, lineSample } from "./legend";
import type { Interval, MarkoutCurve, MarkoutPoint, MaybeCell, Payload } from "./payload";
import { SYMBOLS } from "./figure_data";
import { disclosure, numberColumn, table, textColumn, type Column } from "./table";
import { SERIES_TONES } from "./theme";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

/** A curve with the look it keeps when others are switched off. */
interface Look {
  curve: MarkoutCurve;
  tone: (typeof SERIES_TONES)[number] | "accent";
  dash: number[];
  symbol: string;
}

function looksOf(curves: MarkoutCurve[]): Look[] {
  return curves.map((curve, i) => ({
    curve,
    tone: curves.length === 1 ? "accent" : (SERIES_TONES[i % SERIES_TONES.length] ?? "neutral"),
    dash: i < SERIES_TONES.length ? [] : i < 2 * SERIES_TONES.length ? [6, 4] : [2, 3],
    symbol: SYMBOLS[i % SYMBOLS.length] ?? "circle",
  }));
}

interface Anchor {
  title: string;
  value: (point: MarkoutPoint) => MaybeCell;
  interval: (point: MarkoutPoint) => Interval | null;
}

const ANCHORS: Anchor[] = [
  { title: "From the fill price: our gain, bps", value: (p) => p.fill, interval: (p) => p.fill_interval },
  { title: "From the mid: move our way, bps", value: (p) => p.mid, interval: (p) => p.mid_interval },
];

function before(horizon: string): boolean {
  return horizon.startsWith("-") || horizon.startsWith("−");
}

function horizonText(horizon: string): string {
  return horizon.replace(/^-/, "−").replace(/(\d)([a-z])/i, "$1 $2");
}

function observed(curves: MarkoutCurve[], index: number): number {
  return curves.reduce((sum, curve) => sum + (curve.points[index]?.observed?.v ?? 0), 0);
}

function bandItem(curve: MarkoutCurve, anchor: Anchor, color: string) {
  const points = curve.points.map((point, i) => [i, anchor.interval(point)] as const).filter(([, interval]) => interval !== null);
  return {
    type: "custom",
    silent: true,
    // All ends are data, so that the axis makes room for them; the first item draws the whole band.
    data: points.length > 1 ? points.map(([i, interval]) => [i, interval?.low ?? 0, interval?.high ?? 0]) : [],
    encode: { x: 0, y: [1, 2] },
    renderItem: (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      if (item.dataIndex > 0) return null;
      const upper = points.map(([i, interval]) => api.coord([i, interval?.high ?? 0]));
      const lower = points.map(([i, interval]) => api.coord([i, interval?.low ?? 0])).reverse();
      return { type: "polygon", shape: { points: [...upper, ...lower] as [number, number][] }, style: { fill: color, opacity: 0.16 } } as CustomSeriesRenderItemReturn;
    },
    z: 1,
  };
}

function whiskers(curve: MarkoutCurve, anchor: Anchor, color: string, shift: number) {
  return {
    type: "custom",
    silent: true,
    data: curve.points.map((point, i) => [i, anchor.interval(point)?.low ?? null, anchor.interval(point)?.high ?? null]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const point = curve.points[item.dataIndex];
      const interval = point ? anchor.interval(point) : null;
      if (!interval) return null;
      const [x = 0, low = 0] = api.coord([item.dataIndex + shift, interval.low]);
      const [, high = 0] = api.coord([item.dataIndex + shift, interval.high]);
      return { type: "line", shape: { x1: x, y1: low, x2: x, y2: high }, style: { stroke: color, lineWidth: 1.2, opacity: 0.7 } } as CustomSeriesRenderItemReturn;
    },
    z: 2,
  };
}

function axes(frame: Frame, curves: MarkoutCurve[], panel: number) {
  const { theme, narrow } = frame;
  const points = curves[0]?.points ?? [];
  const isTight = frame.width / (narrow ? 1 : 2) / points.length < 52;
  const label = (value: number) => {
    const point = points[Math.round(value)];
    if (!point) return "";
    const count = observed(curves, Math.round(value));
    const text = isTight && count >= 1e5 ? compactText(Number(count.toPrecision(3))) : tickText(count);
    return `${horizonText(point.horizon)}\n{count|${text}}`;
  };
  return {
    x: {
      type: "value" as const, gridIndex: panel, min: -0.4, max: points.length - 0.6,
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.inkFaint } },
      axisTick: { show: true, customValues: points.map((_, i) => i), lineStyle: { color: theme.inkFaint } },
      axisLabel: { customValues: points.map((_, i) => i), formatter: label, color: theme.inkSoft, fontFamily: SANS, fontSize: narrow ? 10.5 : 12, lineHeight: 16, hideOverlap: true, rich: { count: { color: theme.inkFaint, fontSize: 10.5, fontFamily: SANS } } },
      splitLine: { show: false },
    },
    y: valueAxis(theme, { gridIndex: panel, scale: false, splitNumber: 4, name: ANCHORS[panel]?.title ?? "", nameGap: 12, nameTextStyle: { align: "left", padding: [0, 0, 0, -34], color: theme.ink, fontFamily: SANS, fontSize: 12.5, fontWeight: 600 } }),
  };
}

function option(looks: Look[], frame: Frame): ChartOption {
  const { theme, narrow, width } = frame;
  const curves = looks.map((look) => look.curve);
  const half = (width - 96) / 2;
  const grids = narrow
    ? [{ left: 42, right: 8, top: 34, height: 180 }, { left: 42, right: 8, top: 298, height: 180 }]
    : [{ left: 42, width: half - 8, top: 34, height: 228 }, { left: 42 + half + 44, width: half - 8, top: 34, height: 228 }];
  const panels = [axes(frame, curves, 0), axes(frame, curves, 1)];
  const points = curves[0]?.points ?? [];
  const split = points.filter((point) => before(point.horizon)).length - 0.5;
  const series: object[] = [];
  ANCHORS.forEach((anchor, panel) => {
    const place = { xAxisIndex: panel, yAxisIndex: panel };
    looks.forEach(({ curve, tone, dash, symbol }, index) => {
      const color = theme[tone];
      const shift = curves.length > 1 ? (index - (curves.length - 1) / 2) * 0.09 : 0;
      series.push({ ...place, ...(curves.length === 1 ? bandItem(curve, anchor, color) : whiskers(curve, anchor, color, shift)) });
      series.push({
        ...place, type: "line", connectNulls: false, symbol, symbolSize: 7, showAllSymbol: true, z: 4,
        lineStyle: { color, width: 1.6, type: dash.length > 0 ? dash : "solid" }, itemStyle: { color: theme.paper, borderColor: color, borderWidth: 1.6 },
        data: curve.points.map((point, i) => [i + shift, anchor.value(point)?.v ?? null]),
        tooltip: { formatter: (item: { dataIndex: number }) => tip(curve, anchor, item.dataIndex) },
      });
    });
    series.push({ ...place, type: "line", silent: true, symbol: "none", data: [[-0.4, 0], [points.length - 0.6, 0]], lineStyle: { color: theme.ink, width: 1 }, z: 0 });
    if (split > 0) series.push({ ...place, ...fillMark(split, frame) });
  });
  return { textStyle: textStyle(theme), tooltip: tooltip(theme, { trigger: "item" }), grid: grids, xAxis: panels.map((p) => p.x), yAxis: panels.map((p) => p.y), series };
}

/** A dashed upright between the horizons before the fill and those after it. */
function fillMark(split: number, frame: Frame) {
  return {
    type: "custom",
    silent: true,
    data: [[split, 0]],
    renderItem: (item: { coordSys: unknown }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const box = item.coordSys as { y: number; height: number };
      const [x = 0] = api.coord([split, 0]);
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1: x, y1: box.y, x2: x, y2: box.y + box.height }, style: { stroke: frame.theme.inkFaint, lineDash: [3, 3], lineWidth: 1 } },
          { type: "text", style: { x: x + 4, y: box.y + 2, text: "fill", fill: frame.theme.inkFaint, fontFamily: SANS, fontSize: 11 } },
        ],
      } as CustomSeriesRenderItemReturn;
    },
    z: 0,
  };
}

function tip(curve: MarkoutCurve, anchor: Anchor, index: number): string {
  const point = curve.points[index];
  if (!point) return "";
  const interval = anchor.interval(point);
  return (
    `<b>${escaped(curve.by === "all" ? "All fills" : curve.group)}, ${horizonText(point.horizon)}</b><br>${anchor.value(point)?.t ?? "missing"} bps` +
    `${interval ? ` (${interval.t})` : ""}<br>${point.observed?.t ?? "0"} observed, ${point.missing?.t ?? "0"} missing`
  );
}

function numbers(curves: MarkoutCurve[]): HTMLElement {
  type Row = { curve: MarkoutCurve; point: MarkoutPoint };
  const rows: Row[] = curves.flatMap((curve) => curve.points.map((point) => ({ curve, point })));
  const columns: Column<Row>[] = [
    { label: "Horizon", cell: (row) => horizonText(row.point.horizon) },
    textColumn("Fills of", (row) => (row.curve.by === "all" ? "all" : row.curve.group)),
    numberColumn("Fill-anchored", (row) => row.point.fill, "bps gain"),
    { label: "Interval", numeric: true, cell: (row) => row.point.fill_interval?.t ?? "" },
    numberColumn("Mid-anchored", (row) => row.point.mid, "bps direction"),
    { label: "Interval", numeric: true, cell: (row) => row.point.mid_interval?.t ?? "" },
    numberColumn("Observed", (row) => row.point.observed),
    numberColumn("Missing", (row) => row.point.missing),
  ];
  return table(rows, columns, { caption: "Mark-outs by horizon", id: "markout-table" });
}

export function markoutSection(payload: Payload): HTMLElement | null {
  if (payload.markouts.length === 0) return null;
  const clocks = [...new Set(payload.markouts.map((curve) => curve.clock))];
  const groupings = [...new Set(payload.markouts.map((curve) => curve.by))];
  let clock = clocks[0] ?? "";
  let by = groupings[0] ?? "";
  let all: Look[] = [];
  const on = new Set<Look>();
  const shown = () => all.filter((look) => on.has(look));
  const drawn = chart({
    label: "Mark-out curves before and after the fill, from the fill price and from the mid; the numbers follow in a table",
    height: (width) => (width < 560 ? 540 : 316),
    option: (frame) => option(shown(), frame),
  });
  const names = h("div", {});
  const place = h("div", {});
  const update = () => {
    const curves = payload.markouts.filter((curve) => curve.clock === clock && curve.by === by);
    all = looksOf(curves);
    on.clear();
    for (const look of all.slice(0, FIRST_SHOWN)) on.add(look);
    const entries = all.map((look) => ({ of: look, name: look.curve.group || "not recorded", sample: lineSample(look.tone, look.dash) }));
    names.replaceChildren(...(all.length > 1 ? [legend(entries, on, drawn.redraw)] : []));
    place.replaceChildren(numbers(curves));
  };
  const controls = h("div", { class: "controls" });
  const pick = (change: () => void) => {
    change();
    update();
    drawn.redraw();
  };
  if (groupings.length > 1) {
    controls.append(choice("Fills", groupings.map((value) => ({ value, label: value === "all" ? "all" : `by ${value}` })), (value) => pick(() => (by = value))));
  }
  if (clocks.length > 1) {
    controls.append(choice("Clock", clocks.map((value) => ({ value, label: value })), (value) => pick(() => (clock = value))));
  }
  update();
  return section(
    "markouts",
    "Mark-outs",
    [
      "Where the price went around our fills. Left: against the price we got; above zero the fill looks good. Right: against the mid at the fill; above zero the market moved the way we traded.",
      "Grey numbers under the axis: fills observed at that horizon. A horizon past the session's end is missing, not zero.",
    ],
    controls,
    names,
    drawn.element,
    disclosure("The numbers", place),
  );
}
