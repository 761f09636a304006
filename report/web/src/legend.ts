import { h, s } from "./dom";
import type { Drawn } from "./figure_data";

function frame(tone: string, ...content: Node[]): Node {
  return s("svg", { class: `sample tone-${tone}`, width: 20, height: 12, viewBox: "0 0 20 12", "aria-hidden": "true" }, ...content);
}

export function lineSample(tone: string, dash: number[], path = "M0 6 H20"): Node {
  return frame(tone, s("path", { d: path, stroke: "currentColor", "stroke-width": 2, fill: "none", "stroke-dasharray": dash.join(" ") || null }));
}

/** A sample of how the series is drawn, in its color. */
export function seriesSample(drawn: Drawn): Node {
  const { kind } = drawn.series;
  if (kind === "bars") return frame(drawn.tone, s("rect", { x: 4, y: 1, width: 12, height: 10, fill: "currentColor", opacity: 0.82 }));
  if (kind === "points") return frame(drawn.tone, pointSample(drawn.symbol));
  return lineSample(drawn.tone, drawn.dash, kind === "steps" ? "M0 9 H10 V3 H20" : "M0 6 H20");
}

function pointSample(symbol: string): Node {
  if (symbol === "bar") return s("rect", { x: 8, y: 0, width: 4, height: 12, fill: "currentColor" });
  if (symbol === "dot") return s("circle", { cx: 10, cy: 6, r: 2.5, fill: "currentColor" });
  const paths: Record<string, string> = { diamond: "M10 1 L15 6 L10 11 L5 6 Z", rect: "M6 2 H14 V10 H6 Z", triangle: "M10 1.5 L15 10.5 H5 Z", roundRect: "M7 2 H13 Q14 2 14 3 V9 Q14 10 13 10 H7 Q6 10 6 9 V3 Q6 2 7 2 Z" };
  const path = paths[symbol];
  const look = { stroke: "currentColor", "stroke-width": 1.7, fill: "none" };
  return path ? s("path", { d: path, ...look }) : s("circle", { cx: 10, cy: 6, r: 4, ...look });
}

/** As many as there are colors: what a legend starts with. */
export const FIRST_SHOWN = 6;

export interface LegendEntry<T> {
  of: T;
  name: string;
  sample: Node;
}

/** Names, each a switch; with more than colors it says how many of how many are shown. `onPoint` hears which one the
    pointer or the keyboard is on. */
export function legend<T>(entries: LegendEntry<T>[], on: Set<T>, onChange: () => void, onPoint: (of: T | null) => void = () => {}): HTMLElement {
  const count = h("li", { class: "count" });
  const say = () => (count.textContent = entries.length > FIRST_SHOWN ? `${on.size} of ${entries.length} shown` : "");
  const items = entries.map((entry) => {
    const button = h("button", { type: "button", "aria-pressed": on.has(entry.of) ? "true" : "false" }, entry.sample, entry.name);
    button.addEventListener("click", () => {
      if (!on.has(entry.of)) on.add(entry.of);
      else if (on.size > 1) on.delete(entry.of); // a chart of nothing says nothing
      button.setAttribute("aria-pressed", on.has(entry.of) ? "true" : "false");
      say();
      onChange();
    });
    for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => onPoint(entry.of));
    for (const event of ["pointerleave", "blur"]) button.addEventListener(event, () => onPoint(null));
    return h("li", {}, button);
  });
  say();
  return h("ul", { class: "legend switches" }, ...items, count);
}
