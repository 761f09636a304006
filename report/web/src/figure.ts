import { chart } from "./chart";
import { h } from "./dom";
import { looks, type Drawn, type FigureData } from "./figure_data";
import { areDirect, figureOption } from "./figure_option";
import { axisName, axisText, positionText, valueText } from "./figure_text";
import { heatColor, heatRange } from "./heat_color";
import { FIRST_SHOWN, legend, seriesSample } from "./legend";
import { disclosure, table, type Column } from "./table";
import { currentTheme } from "./theme";

const MOST_ROWS = 500;

function description(data: FigureData): string {
  const names = data.series.map((series) => series.name).join(", ");
  const heat = data.heat ? `${data.heat.name} as color` : "";
  const what = [heat, names].filter((text) => text !== "").join("; ");
  return `${data.title || "Figure"}: ${what}, ${axisName(data.y) || "value"} by ${axisName(data.x) || "position"}; the numbers follow in a table`;
}

interface NumberRow {
  name: string;
  x: string;
  xKey: number;
  y: string;
  yKey: number | null;
  interval: string;
  note: string;
}

function numberRows(data: FigureData): NumberRow[] {
  const rows: NumberRow[] = [];
  const number = (value: number | null | undefined) => (typeof value === "number" ? valueText(value) : "–");
  for (const series of data.series) {
    series.x.forEach((x, i) => {
      const [low, high] = [series.low[i], series.high[i]];
      const end = series.x_high[i];
      const y = series.y[i] ?? null;
      const place = `${positionText(data.x, x)}${end === undefined ? "" : ` to ${positionText(data.x, end)}`}`;
      const value = y !== null ? (data.y.categories[y] ?? valueText(y)) : "–";
      rows.push({ name: series.name, x: place, xKey: x, y: value, yKey: y, interval: typeof low === "number" && typeof high === "number" ? `${number(low)} to ${number(high)}` : "", note: (series.notes[i] ?? "").replace(/\n/g, "; ") });
    });
  }
  const { heat } = data;
  heat?.value.forEach((value, k) => {
    const x = heat.x[k % heat.x.length] ?? 0;
    const y = heat.y[Math.floor(k / heat.x.length)] ?? 0;
    rows.push({ name: `${heat.name} at ${axisText(data.y, y)}`, x: positionText(data.x, x), xKey: x, y: number(value), yKey: value, interval: "", note: "" });
  });
  return rows;
}

/** The same numbers as text, made when a reader asks for them. */
function numbers(data: FigureData): HTMLElement {
  const place = h("div", {});
  const folded = disclosure("The numbers", place);
  folded.addEventListener("toggle", () => {
    if (place.hasChildNodes()) return;
    const rows = numberRows(data);
    const columns: Column<NumberRow>[] = [
      { label: "Series", key: (row) => row.name, cell: (row) => row.name },
      { label: data.x.title || "Position", unit: data.x.unit, numeric: data.x.categories.length === 0, key: (row) => row.xKey, cell: (row) => row.x },
      { label: (data.heat ? data.heat.name : data.y.title) || "Value", unit: data.heat ? data.heat.unit : data.y.unit, numeric: true, key: (row) => row.yKey, cell: (row) => row.y },
      ...(rows.some((row) => row.interval !== "") ? [{ label: "Interval", numeric: true, cell: (row: NumberRow) => row.interval }] : []),
      ...(rows.some((row) => row.note !== "") ? [{ label: "Note", cell: (row: NumberRow) => row.note }] : []),
    ];
    place.append(table(rows.slice(0, MOST_ROWS), columns, { caption: `Numbers of the figure ${data.title}`, id: `${data.id}-numbers` }));
    if (rows.length > MOST_ROWS) place.append(h("p", { class: "caption" }, `The first ${MOST_ROWS} of ${valueText(rows.length)} points.`));
  });
  return folded;
}

/** The color scale of a heat map; its colors follow the scheme. */
function heatKey(data: FigureData): { element: HTMLElement; paint: () => void } | null {
  const { heat } = data;
  if (!heat) return null;
  const { low, high } = heatRange(heat);
  const ramp = h("span", { class: "ramp", "aria-hidden": "true" });
  const element = h("p", { class: "heat-key" }, `${heat.name}${heat.unit ? `, ${heat.unit}` : ""}`, h("span", { class: "range" }, valueText(low, 3), ramp, valueText(high, 3)));
  const paint = () => {
    const color = heatColor(heat, currentTheme());
    const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => color(low + (high - low) * share));
    ramp.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  };
  return { element, paint };
}

export function figure(data: FigureData): HTMLElement {
  const all = looks(data);
  const on = new Set<Drawn>(data.all_shown ? all : all.slice(0, FIRST_SHOWN));
  const shown = () => all.filter((each) => on.has(each));
  const key = heatKey(data);
  let pointed: Drawn | null = null;
  const redraw = () => {
    for (const each of all) {
      each.isLit = each === pointed;
      each.isFaded = pointed !== null && on.has(pointed) && !each.isLit;
    }
    drawn.redraw();
  };
  const entries = all.map((each) => ({ of: each, name: each.series.name, sample: seriesSample(each) }));
  const names = legend(entries, on, redraw, (one) => {
    pointed = one;
    redraw();
  });
  const drawn = chart({
    label: description(data),
    height: data.height,
    option: (frame) => {
      key?.paint();
      names.toggleAttribute("hidden", all.length < 2 || data.labels === "none" || (all.length <= FIRST_SHOWN && areDirect(data, shown(), frame)));
      return figureOption(data, shown(), frame);
    },
  });
  return h(
    "figure",
    { class: "generic", id: data.id },
    data.title ? h("h3", {}, data.title) : null,
    names,
    key?.element,
    drawn.element,
    data.caption ? h("figcaption", {}, data.caption) : null,
    numbers(data),
  );
}
