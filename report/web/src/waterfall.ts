import { tickText, tooltip, textStyle, valueAxis, SANS, escaped } from "./axes";
import { chart, type ChartOption, type Frame } from "./chart";
import { capitalized, choice, h, section } from "./dom";
import type { Payload, ShortfallBasis, ShortfallPart } from "./payload";
import { numberColumn, table, type Column } from "./table";
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from "echarts/types/dist/shared";

interface Step {
  part: ShortfallPart;
  from: number;
  to: number;
}

/** Each part starts where the one before ended; the total starts at zero. */
export function steps(parts: ShortfallPart[]): Step[] {
  let level = 0;
  return parts.map((part) => {
    const size = part.bps?.v ?? 0;
    if (part.part === "total") return { part, from: 0, to: size };
    const step = { part, from: level, to: level + size };
    level += size;
    return step;
  });
}

function bar(list: Step[], index: number, frame: Frame, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn {
  const { theme } = frame;
  const step = list[index];
  if (!step) return null;
  const [center = 0, top = 0] = api.coord([index, Math.max(step.from, step.to)]);
  const [, bottom = 0] = api.coord([index, Math.min(step.from, step.to)]);
  const [band = 0] = api.size!([1, 0]) as number[];
  const width = Math.min(band * 0.62, 64);
  const isTotal = step.part.part === "total";
  const color = isTotal ? theme.ink : step.to >= step.from ? theme.cost : theme.gain;
  const children: object[] = [
    {
      type: "rect",
      shape: { x: center - width / 2, y: top, width, height: Math.max(bottom - top, 1) },
      style: { fill: color, opacity: isTotal ? 0.88 : 0.82 },
    },
  ];
  if (index + 1 < list.length) {
    const [, y = 0] = api.coord([index, step.to]);
    const x2 = center + band - width / 2;
    children.push({ type: "line", shape: { x1: center + width / 2, y1: y, x2, y2: y }, style: { stroke: theme.inkFaint, lineWidth: 1, lineDash: [2, 2] } });
  }
  let labelTop = top;
  const interval = step.part.interval;
  if (interval) {
    const size = step.part.bps?.v ?? 0;
    const [, low = 0] = api.coord([index, step.to + interval.low - size]);
    const [, high = 0] = api.coord([index, step.to + interval.high - size]);
    const x = center;
    const halo = { stroke: theme.paper, lineWidth: 3.5 };
    const line = { stroke: isTotal ? theme.accent : theme.ink, lineWidth: 1.3 };
    for (const style of [halo, line]) {
      children.push({ type: "line", shape: { x1: x, y1: low, x2: x, y2: high }, style });
      children.push({ type: "line", shape: { x1: x - 5, y1: low, x2: x + 5, y2: low }, style });
      children.push({ type: "line", shape: { x1: x - 5, y1: high, x2: x + 5, y2: high }, style });
    }
    labelTop = Math.min(top, high, low);
  }
  children.push({
    type: "text",
    style: {
      x: center, y: labelTop - 5, text: step.part.bps?.t ?? "–", textAlign: "center", textVerticalAlign: "bottom",
      fill: theme.ink, fontFamily: SANS, fontSize: 12.5, fontWeight: isTotal ? 700 : 500,
    },
  });
  return { type: "group", children } as CustomSeriesRenderItemReturn;
}

function partName(part: string): string {
  return part === "total" ? "Shortfall" : capitalized(part);
}

function option(list: Step[], currency: string, frame: Frame): ChartOption {
  const { theme } = frame;
  const ends = list.flatMap((step) => {
    const size = step.part.bps?.v ?? 0;
    const interval = step.part.interval;
    return [step.from, step.to, ...(interval ? [step.to + interval.low - size, step.to + interval.high - size] : [])];
  });
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const margin = (high - low || 1) * 0.1;
  return {
    textStyle: textStyle(theme),
    grid: { left: 8, right: 8, top: 26, bottom: 4, containLabel: true },
    tooltip: tooltip(theme, {
      trigger: "item",
      formatter: (item: { dataIndex: number }) => {
        const part = list[item.dataIndex]?.part;
        if (!part) return "";
        const interval = part.interval ? `<br>interval ${part.interval.t} bps` : "";
        return `<b>${partName(part.part)}</b><br>${part.bps?.t ?? "missing"} bps · ${escaped(currency)} ${part.cash?.t ?? "missing"}${interval}`;
      },
    }),
    xAxis: {
      type: "category",
      data: list.map((step) => partName(step.part.part)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.inkSoft, fontFamily: SANS, fontSize: frame.narrow ? 11.5 : 12.5, interval: 0, rotate: frame.width < 430 ? 40 : 0 },
    },
    yAxis: valueAxis(theme, { min: low - (low < 0 ? margin : 0), max: high + margin, name: "bps of paper notional", nameLocation: "end", nameTextStyle: { align: "left", color: theme.inkSoft, fontFamily: SANS } , axisLabel: { color: theme.inkSoft, formatter: tickText, showMinLabel: low === 0, showMaxLabel: false }, nameGap: 10 }),
    series: [
      {
        type: "custom",
        data: list.map((step, index) => [index, step.to]),
        renderItem: (parameters: { dataIndex: number }, api: CustomSeriesRenderItemAPI) => bar(list, parameters.dataIndex, frame, api),
        z: 3,
      },
      {
        type: "line",
        data: list.map(() => 0),
        symbol: "none",
        silent: true,
        lineStyle: { color: theme.ink, width: 1 },
        z: 2,
      },
    ],
  };
}

function numbers(basis: ShortfallBasis, currency: string): HTMLElement {
  const columns: Column<ShortfallPart>[] = [
    { label: "Part", cell: (part) => partName(part.part) },
    numberColumn("Cash", (part) => part.cash, currency),
    numberColumn("bps", (part) => part.bps),
    { label: "Interval", numeric: true, unit: "bps", cell: (part) => part.interval?.t ?? "" },
  ];
  for (const column of columns) delete column.key;
  return h("div", { class: "totals" }, table(basis.parts, columns, { caption: `Shortfall parts, ${basis.basis} basis`, id: `shortfall-${basis.basis}` }));
}

function sentence(total: ShortfallPart | undefined, currency: string): string {
  if (!total?.bps || !total.cash) return "No order has all that its shortfall needs: see data quality.";
  const without = (text: string) => text.replace(/^[-\u2212]/, "");
  const apart = `${without(total.bps.t)} bps (${currency} ${without(total.cash.t)})`;
  return total.bps.v < 0 ? `The real portfolio beat the paper one by ${apart}.` : `The real portfolio fell ${apart} short of the paper one.`;
}

export function shortfallSection(payload: Payload): HTMLElement | null {
  let basis = payload.shortfall[0];
  if (!basis) return null;
  const total = basis.parts.find((part) => part.part === "total");
  const drawn = chart({
    label: `Waterfall of the shortfall: ${basis.parts.map((part) => `${part.part} ${part.bps?.t ?? "missing"} bps`).join(", ")}`,
    height: (width) => (width < 560 ? 300 : 340),
    option: (frame) => option(steps(basis?.parts ?? []), payload.currency, frame),
  });
  const place = h("div", {}, numbers(basis, payload.currency));
  const switcher = choice(
    "Delay charged on",
    payload.shortfall.map((each) => ({ value: each.basis, label: each.basis === "order" ? "ordered quantity" : "executed quantity" })),
    (value) => {
      basis = payload.shortfall.find((each) => each.basis === value) ?? basis;
      if (basis) place.replaceChildren(numbers(basis, payload.currency));
      drawn.redraw();
    },
  );
  return section(
    "shortfall",
    "Shortfall",
    [
      "Paper portfolio minus real one. The parts are exact in cash and add up to the total without a remainder.",
      "Delay: from decision to arrival. Spread: fill against the mid. Drift: the mid's move while trading, own impact included. Opportunity: what was left undone.",
    ],
    h("p", { class: "lead" }, sentence(total, payload.currency)),
    payload.shortfall.length > 1 ? h("div", { class: "controls" }, switcher) : null,
    h("div", { class: "waterfall" }, drawn.element, place),
  );
}
