import { SANS } from "./axes";
import type { Frame } from "./chart";
import type { ExecutionChart, Level } from "./payload";
import type { Theme } from "./theme";
import type { CustomSeriesRenderItemAPI } from "echarts/types/dist/shared";

export interface DrawnLevel extends Level {
  color: string;
  dash: number[];
  width: number;
}

type Point = [number, number];

/** Runs of quotes with both sides; a missing side breaks the band. */
function runs(band: NonNullable<ExecutionChart["band"]>, end: number): { t: number; bid: number; ask: number }[][] {
  const list: { t: number; bid: number; ask: number }[][] = [];
  let run: { t: number; bid: number; ask: number }[] = [];
  const close = (at: number) => {
    const last = run[run.length - 1];
    if (last) list.push([...run, { ...last, t: at }]);
    run = [];
  };
  band.t.forEach((t, i) => {
    const bid = band.bid[i];
    const ask = band.ask[i];
    if (bid === null || bid === undefined || ask === null || ask === undefined) close(t);
    else run.push({ t, bid, ask });
  });
  close(end);
  return list;
}

/** The touch as a step band: each quote stands until the next. */
export function bandShape(data: ExecutionChart, theme: Theme, api: CustomSeriesRenderItemAPI): object {
  const children: object[] = [];
  for (const run of data.band ? runs(data.band, data.length) : []) {
    const edge = (side: "bid" | "ask"): Point[] => {
      const points: Point[] = [];
      run.forEach((quote, i) => {
        const [x = 0, y = 0] = api.coord([quote.t, quote[side]]);
        const previous = points[points.length - 1];
        if (i > 0 && previous) points.push([x, previous[1]]);
        points.push([x, y]);
      });
      return points;
    };
    const bid = edge("bid");
    const ask = edge("ask");
    children.push({ type: "polygon", shape: { points: [...ask, ...[...bid].reverse()] }, style: { fill: theme.band } });
    for (const points of [bid, ask]) {
      children.push({ type: "polyline", shape: { points }, style: { stroke: theme.neutral, lineWidth: 0.7, opacity: 0.75, fill: "none" } });
    }
  }
  return { type: "group", children };
}

/** Shape and color both tell the liquidity, so that neither is needed alone. */
export function dotShape(liquidity: string, x: number, y: number, r: number, color: string, theme: Theme): object {
  const style = { fill: color, stroke: theme.paper, lineWidth: 0.8, opacity: 0.92 };
  const polygon = (points: Point[]) => ({ type: "polygon", shape: { points }, style });
  if (liquidity === "removed") return polygon([[x, y - r * 1.2], [x + r * 1.2, y], [x, y + r * 1.2], [x - r * 1.2, y]]);
  if (liquidity === "auction") return polygon([[x, y - r * 1.2], [x + r * 1.15, y + r * 0.9], [x - r * 1.15, y + r * 0.9]]);
  if (liquidity === "hidden") return { type: "rect", shape: { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8 }, style };
  return { type: "circle", shape: { cx: x, cy: y, r }, style };
}

/** Label positions pushed apart to at least `gap`, in their own order, within [low, high]. */
export function spreadLabels(wanted: number[], gap: number, low: number, high: number): number[] {
  const placed = [...wanted];
  for (let i = 0; i < placed.length; ++i) placed[i] = Math.max(placed[i] ?? 0, i === 0 ? low : (placed[i - 1] ?? 0) + gap);
  for (let i = placed.length - 1; i >= 0; --i) placed[i] = Math.min(placed[i] ?? 0, i === placed.length - 1 ? high : (placed[i + 1] ?? 0) - gap);
  return placed;
}

/** Benchmark lines across the order's life, each with its name and price at the right edge. */
export function levelMarks(
  levels: DrawnLevel[],
  data: ExecutionChart,
  frame: Frame,
  api: CustomSeriesRenderItemAPI,
  box: { x: number; y: number; width: number; height: number },
): object {
  const rows = levels.map((level) => ({ level, y: api.coord([0, level.price])[1] ?? 0 })).sort((a, b) => a.y - b.y);
  const places = spreadLabels(rows.map((row) => row.y), 13, box.y + 6, box.y + box.height - 6);
  const right = box.x + box.width;
  const begin = api.coord([data.begin, 0])[0] ?? box.x;
  const children: object[] = [];
  rows.forEach(({ level, y }, i) => {
    const at = places[i] ?? y;
    const line = { stroke: level.color, lineWidth: level.width, lineDash: level.dash.length > 0 ? level.dash : null };
    children.push({ type: "line", shape: { x1: begin, y1: y, x2: right, y2: y }, style: line });
    children.push({ type: "polyline", shape: { points: [[right, y], [right + 6, at]] }, style: { stroke: level.color, lineWidth: 0.8, fill: "none", opacity: 0.7 } });
    const strong = level.width > 1;
    const text = strong || !frame.narrow ? `${level.label} ${level.text}` : level.label;
    children.push({ type: "text", style: { x: right + 9, y: at, text, textVerticalAlign: "middle", fill: strong ? level.color : frame.theme.inkSoft, fontFamily: SANS, fontSize: strong ? 11.5 : 10.5, fontWeight: strong ? 600 : 400 } });
  });
  return { type: "group", children };
}
