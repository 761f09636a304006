import { h, s } from "./dom";
import type { Drawn } from "./figure_data";

/** A sample of how the series is drawn, in its color. */
function sample(drawn: Drawn): Node {
  const { kind } = drawn.series;
  const svg = s("svg", { class: `sample tone-${drawn.tone}`, width: 20, height: 12, viewBox: "0 0 20 12", "aria-hidden": "true" });
  if (kind === "bars") svg.append(s("rect", { x: 4, y: 1, width: 12, height: 10, fill: "currentColor", opacity: 0.82 }));
  else if (kind === "points") svg.append(pointSample(drawn.symbol));
  else svg.append(s("path", { d: kind === "steps" ? "M0 9 H10 V3 H20" : "M0 6 H20", stroke: "currentColor", "stroke-width": 2, fill: "none", "stroke-dasharray": drawn.dash.join(" ") || null }));
  return svg;
}

function pointSample(symbol: string): Node {
  const paths: Record<string, string> = { diamond: "M10 1 L15 6 L10 11 L5 6 Z", rect: "M6 2 H14 V10 H6 Z", triangle: "M10 1.5 L15 10.5 H5 Z", roundRect: "M7 2 H13 Q14 2 14 3 V9 Q14 10 13 10 H7 Q6 10 6 9 V3 Q6 2 7 2 Z" };
  const path = paths[symbol];
  const look = { stroke: "currentColor", "stroke-width": 1.7, fill: "none" };
  return path ? s("path", { d: path, ...look }) : s("circle", { cx: 10, cy: 6, r: 4, ...look });
}

/** Names of the series, each a switch; with more series than shown at first it says how many of how many are. */
export function legend(all: Drawn[], on: Set<Drawn>, onChange: () => void): HTMLElement {
  const first = on.size;
  const count = h("li", { class: "count" });
  const say = () => (count.textContent = all.length > first ? `${on.size} of ${all.length} shown` : "");
  const items = all.map((drawn) => {
    const button = h("button", { type: "button", "aria-pressed": on.has(drawn) ? "true" : "false" }, sample(drawn), drawn.series.name);
    button.addEventListener("click", () => {
      if (on.has(drawn) && on.size > 1) on.delete(drawn);
      else on.add(drawn);
      button.setAttribute("aria-pressed", on.has(drawn) ? "true" : "false");
      say();
      onChange();
    });
    return h("li", {}, button);
  });
  say();
  return h("ul", { class: "legend switches" }, ...items, count);
}
