import { textStyle, tickText, tooltip, valueAxis, SANS } from "./axes";
import { chart, type ChartOption, type Frame } from "./chart";
import { cellNode, h, section } from "./dom";
import type { Distribution, Payload } from "./payload";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

function option(distribution: Distribution, frame: Frame): ChartOption {
  const { theme } = frame;
  const { low, width, orders, notional } = distribution;
  const edge = (index: number) => low + width * index;
  const median = distribution.quantiles.find((quantile) => quantile.name.startsWith("Median"))?.value;
  const bar = (item: { dataIndex: number }, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const [left = 0, top = 0] = api.coord([edge(item.dataIndex), orders[item.dataIndex] ?? 0]);
    const [right = 0, zero = 0] = api.coord([edge(item.dataIndex + 1), 0]);
    const positive = edge(item.dataIndex) + width / 2 > 0;
    return { type: "rect", shape: { x: left + 0.5, y: top, width: Math.max(right - left - 1, 1), height: Math.max(zero - top, 0) }, style: { fill: positive ? theme.cost : theme.gain, opacity: 0.5 } } as CustomSeriesRenderItemReturn;
  };
  const steps: [number, number][] = notional.flatMap((share, i) => [[edge(i), share], [edge(i + 1), share]] as [number, number][]);
  const peak = Math.max(...orders, ...notional) * 1.06;
  return {
    textStyle: textStyle(theme),
    tooltip: tooltip(theme, {
      trigger: "item",
      formatter: (item: { dataIndex: number }) =>
        `${tickText(Number(edge(item.dataIndex).toFixed(2)))} to ${tickText(Number(edge(item.dataIndex + 1).toFixed(2)))} bps`,
    }),
    grid: { left: 46, right: 12, top: 12, bottom: 44 },
    xAxis: valueAxis(theme, { min: low, max: edge(orders.length), splitLine: { show: false }, name: "arrival cost of an order, bps", nameLocation: "middle", nameGap: 28, axisLine: { show: true, onZero: false, lineStyle: { color: theme.inkFaint } }, axisLabel: { showMinLabel: false, showMaxLabel: false, formatter: tickText, color: theme.inkSoft, fontFamily: SANS } }),
    yAxis: valueAxis(theme, { min: 0, max: peak, splitNumber: 3, axisLabel: { color: theme.inkSoft, showMaxLabel: false, formatter: (value: number) => `${tickText(Number((value * 100).toFixed(1)))} %` } }),
    series: [
      { type: "custom", data: orders.map((share, i) => [edge(i) + width / 2, share]), renderItem: bar, z: 2 },
      { type: "line", silent: true, symbol: "none", data: steps, lineStyle: { color: theme.ink, width: 1.2 }, z: 3 },
      { type: "line", silent: true, symbol: "none", data: [[0, 0], [0, peak]], lineStyle: { color: theme.ink, width: 1, opacity: 0.6 }, z: 1 },
      ...(median ? [{ type: "line", silent: true, symbol: "none", data: [[median.v, 0], [median.v, peak]], lineStyle: { color: theme.accent, width: 1.2, type: [4, 3] }, z: 4 }] : []),
    ],
  };
}

export function distributionSection(payload: Payload): HTMLElement | null {
  const { distribution } = payload;
  if (!distribution) return null;
  const drawn = chart({
    label: `Distribution of the arrival cost of ${distribution.count} orders: ${distribution.quantiles.map((q) => `${q.name} ${q.value?.t ?? "missing"} bps`).join(", ")}`,
    height: 260,
    option: (frame) => option(distribution, frame),
  });
  const quantiles = h("dl", { class: "quantiles" });
  for (const quantile of distribution.quantiles) {
    quantiles.append(h("div", {}, h("dt", {}, quantile.name), h("dd", {}, cellNode(quantile.value), h("span", { class: "unit" }, " bps"))));
  }
  return section(
    "distribution",
    "Distribution",
    [
      "Bars: share of the orders. Line: share of the traded notional. Dashed: the median order.",
      `The frame holds the central 98 %: ${distribution.below} orders lie below it and ${distribution.above} above.`,
    ],
    h("div", { class: "with-side" }, drawn.element, quantiles),
  );
}
