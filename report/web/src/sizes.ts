import { compactText, logTicks, SANS, textStyle, tickText, tooltip, valueAxis } from "./axes";
import { chart, type ChartOption, type Frame } from "./chart";
import { section, h } from "./dom";
import type { Payload, SizeBin, SizeCurve } from "./payload";
import { disclosure, numberColumn, table, type Column } from "./table";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

/** The bins of the main basis; orders whose size is a share of another volume are counted beside them. */
type BasisCurve = SizeCurve & { basis: string; elsewhere: string };

const JITTER = 0.03; // decades: shows points that share a size, moves none to another bin's middle

/** A low-discrepancy offset in [-1/2, 1/2): the same points every time, without a draw. */
function spread(index: number): number {
  return ((index * 0.6180339887498949) % 1) - 0.5;
}

function middle(bin: SizeBin): number {
  return (Math.log10(bin.x_low) + Math.log10(bin.x_high)) / 2;
}

/** The means with their intervals, and the central 94 % of the orders behind them. */
function costRange(size: SizeCurve): [number, number] {
  const ends = size.bins.flatMap((bin) => {
    const list = bin.mean ? [bin.mean.v] : [];
    if (bin.interval && (bin.count?.v ?? 0) >= 5) list.push(bin.interval.low, bin.interval.high);
    return list;
  });
  const low = Math.min(0, ...ends, ...(size.view ? [size.view[0]] : []));
  const high = Math.max(0, ...ends, ...(size.view ? [size.view[1]] : []));
  return [low - (high - low) * 0.04, high + (high - low) * 0.04];
}

function percentTick(value: number): string {
  return `${tickText(10 ** value * 100)} %`;
}

function meanMark(bin: SizeBin, frame: Frame, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn {
  if (!bin.mean) return null;
  const { theme } = frame;
  const at = (y: number) => api.coord([middle(bin), y]);
  const [x = 0, y = 0] = at(bin.mean.v);
  const children: object[] = [];
  const upright = (low: number, high: number, style: object) => {
    children.push({ type: "line", shape: { x1: x, y1: at(low)[1] ?? 0, x2: x, y2: at(high)[1] ?? 0 }, style });
  };
  if (bin.interval) {
    upright(bin.interval.low, bin.interval.high, { stroke: theme.paper, lineWidth: 4 });
    upright(bin.interval.low, bin.interval.high, { stroke: theme.accent, lineWidth: 1.3 });
  }
  if (bin.std_error) {
    upright(bin.mean.v - bin.std_error.v, bin.mean.v + bin.std_error.v, { stroke: theme.accent, lineWidth: 4, lineCap: "round" });
  }
  children.push({ type: "circle", shape: { cx: x, cy: y, r: 4.5 }, style: { fill: theme.paper, stroke: theme.accent, lineWidth: 2 } });
  return { type: "group", children } as CustomSeriesRenderItemReturn;
}

function totalBar(bin: SizeBin, frame: Frame, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn {
  if (!bin.total) return null;
  const { theme } = frame;
  const [left = 0, end = 0] = api.coord([Math.log10(bin.x_low), bin.total.v]);
  const [right = 0, zero = 0] = api.coord([Math.log10(bin.x_high), 0]);
  return {
    type: "rect",
    shape: { x: left + 1, y: Math.min(end, zero), width: Math.max(right - left - 2, 1), height: Math.max(Math.abs(zero - end), 1) },
    style: { fill: bin.total.v >= 0 ? theme.cost : theme.gain, opacity: 0.82 },
  } as CustomSeriesRenderItemReturn;
}

function binTip(bin: SizeBin | undefined, basis: string, currency: string): string {
  if (!bin) return "";
  return (
    `<b>${bin.size} of ${basis}</b><br>mean ${bin.mean?.t ?? "–"} bps ± ${bin.std_error?.t ?? "–"}<br>` +
    `interval ${bin.interval?.t ?? "none: too few blocks"}<br>${bin.count?.t ?? "0"} orders · ${currency} ${bin.total?.t ?? "–"}`
  );
}

function option(size: BasisCurve, currency: string, frame: Frame): ChartOption {
  const { theme, narrow } = frame;
  const low = Math.log10(size.bins[0]?.x_low ?? 1e-4);
  const high = Math.log10(size.bins[size.bins.length - 1]?.x_high ?? 1);
  const ticks = logTicks(low, high, !narrow);
  const [yLow, yHigh] = costRange(size);
  const left = narrow ? 44 : 62;
  const xAxis = (gridIndex: number, labels: boolean) => ({
    type: "value" as const, gridIndex, min: low, max: high,
    axisLine: { show: labels, onZero: false, lineStyle: { color: theme.inkFaint } },
    axisTick: { show: labels, customValues: ticks, lineStyle: { color: theme.inkFaint } },
    axisLabel: { show: labels, customValues: ticks, formatter: percentTick, color: theme.inkSoft, fontFamily: SANS, fontSize: 12, hideOverlap: true },
    splitLine: { show: false },
    name: labels ? `order size, share of ${size.basis}` : "", nameLocation: "middle" as const, nameGap: 30,
    nameTextStyle: { color: theme.inkSoft, fontFamily: SANS, fontSize: 12 },
  });
  const tip = (item: { dataIndex: number }) => binTip(size.bins[item.dataIndex], size.basis, currency);
  const rows = size.bins.map((bin) => [middle(bin), bin.mean?.v ?? 0]);
  const items = (draw: typeof meanMark) => (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI) => {
    const bin = size.bins[item.dataIndex];
    return bin ? draw(bin, frame, api) : null;
  };
  const side = (text: string, y: number) => ({ type: "text", style: { x: 0, y, text, textVerticalAlign: "middle", fill: theme.inkSoft, fontFamily: SANS, fontSize: 11.5 } });
  const counts = (bin: SizeBin, _: Frame, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const [x = 0] = api.coord([middle(bin), 0]);
    return { type: "text", style: { x, y: 318, text: bin.count?.t ?? "0", textAlign: "center", textVerticalAlign: "middle", fill: theme.inkSoft, fontFamily: SANS, fontSize: narrow ? 9.5 : 11.5 } } as CustomSeriesRenderItemReturn;
  };
  return {
    textStyle: textStyle(theme),
    tooltip: tooltip(theme, { trigger: "item" }),
    grid: [{ left, right: 12, top: 24, height: 280 }, { left, right: 12, top: 360, height: 106 }],
    xAxis: [xAxis(0, false), xAxis(1, true)],
    yAxis: [
      valueAxis(theme, { gridIndex: 0, min: yLow, max: yHigh, name: "arrival cost, bps", nameGap: 10, nameTextStyle: { align: "left", padding: [0, 0, 0, -left + 8], color: theme.inkSoft, fontFamily: SANS }, axisLabel: { showMinLabel: false, showMaxLabel: false, color: theme.inkSoft, formatter: tickText } }),
      valueAxis(theme, { gridIndex: 1, splitNumber: 2, axisLabel: { color: theme.inkSoft, formatter: compactText } }),
    ],
    series: [
      { type: "scatter", large: true, largeThreshold: 1, symbolSize: 3, silent: true, clip: true, itemStyle: { color: theme.neutral, opacity: 0.5 }, data: size.points.map(([x, y], i) => [Math.log10(x) + spread(i) * JITTER, y]).filter(([x = 0, y = 0]) => y >= yLow && y <= yHigh && x >= low && x <= high), z: 1 },
      { type: "line", silent: true, symbol: "none", data: [[low, 0], [high, 0]], lineStyle: { color: theme.ink, width: 1 }, z: 2 },
      { type: "custom", clip: true, data: rows, renderItem: items(meanMark), tooltip: { formatter: tip }, z: 5 },
      { type: "custom", clip: false, silent: true, data: rows, renderItem: items(counts), z: 5 },
      { type: "custom", xAxisIndex: 1, yAxisIndex: 1, data: size.bins.map((bin) => [middle(bin), bin.total?.v ?? 0]), renderItem: items(totalBar), tooltip: { formatter: tip }, z: 3 },
      { type: "custom", clip: false, silent: true, data: [[low, 0]], renderItem: () => ({ type: "group", children: [side("orders", 318), side(`total cost, ${currency}`, 344)] }), z: 1 },
      { type: "line", xAxisIndex: 1, yAxisIndex: 1, silent: true, symbol: "none", data: [[low, 0], [high, 0]], lineStyle: { color: theme.ink, width: 1 }, z: 4 },
    ],
  };
}

function numbers(size: SizeCurve, currency: string): HTMLElement {
  const columns: Column<SizeBin>[] = [
    { label: "Size", key: (bin) => bin.x_low, cell: (bin) => bin.size },
    numberColumn("Orders", (bin) => bin.count),
    numberColumn("Mean", (bin) => bin.mean, "bps"),
    numberColumn("Std. error", (bin) => bin.std_error, "bps"),
    numberColumn("Std. dev.", (bin) => bin.std, "bps"),
    { label: "Interval", unit: "bps", numeric: true, cell: (bin) => bin.interval?.t ?? "" },
    numberColumn("Total cost", (bin) => bin.total, currency),
  ];
  return table(size.bins, columns, { caption: "Arrival cost by order size", id: "size-bins" });
}

export function sizeSection(payload: Payload): HTMLElement | null {
  const size = payload.size as BasisCurve | null;
  if (!size || size.bins.length === 0) return null;
  const drawn = chart({
    label: `Arrival cost by order size in ${size.bins.length} bins, with total cost per bin; the numbers follow in a table`,
    height: 516,
    option: (frame) => option(size, payload.currency, frame),
  });
  return section(
    "size",
    "Cost by size",
    [
      "Above: mean cost of the orders in each log-size bin. Thick bar: one standard error. Thin bar: the interval. Small numbers: orders per bin.",
      "Below: where the cost comes from, as total cash per bin. Many small orders can cost more than a few large ones.",
      `Grey: ${size.drawn} of ${size.of} orders, spread slightly sideways; the farthest are outside the frame.`,
      ...(size.elsewhere ? [`${size.elsewhere} more orders have a size that is a share of another volume: they are in the table size_bins, not here.`] : []),
    ],
    drawn.element,
    disclosure("The numbers", h("div", {}, numbers(size, payload.currency))),
  );
}
