import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { h } from "./dom";
import { currentTheme, type Theme } from "./theme";

// SVG throughout: it prints sharp and scales with the page.
echarts.use([CustomChart, LineChart, ScatterChart, GridComponent, TooltipComponent, SVGRenderer]);

export type ChartOption = EChartsCoreOption;

export interface Frame {
  theme: Theme;
  width: number;
  narrow: boolean;
}

export interface ChartSpec {
  /** What a reader who cannot see the chart is told. */
  label: string;
  height: number | ((width: number) => number);
  option: (frame: Frame) => ChartOption;
}

interface Mounted {
  container: HTMLElement;
  spec: ChartSpec;
  chart: EChartsType | null;
  width: number;
}

const mounted: Mounted[] = [];
const PRINT_WIDTH = 688; // A4 less the margins of print.css, in CSS pixels
const PRINT_GAP = 24; // between parts that stand side by side
let printing = false;

/** A chart's container; `drawCharts` draws it once the page is laid out. */
export function chart(spec: ChartSpec): { element: HTMLElement; redraw: () => void } {
  const container = h("div", { class: "chart", role: "img", "aria-label": spec.label });
  const entry: Mounted = { container, spec, chart: null, width: 0 };
  mounted.push(entry);
  return {
    element: container,
    redraw: () => {
      container.setAttribute("aria-label", spec.label);
      draw(entry, true);
    },
  };
}

function printWidth(container: HTMLElement): number {
  const columns = { half: 2, third: 3 }[container.closest<HTMLElement>("[data-width]")?.dataset["width"] ?? ""] ?? 1;
  return Math.floor((PRINT_WIDTH - PRINT_GAP * (columns - 1)) / columns);
}

function draw(entry: Mounted, force: boolean): void {
  const width = printing ? printWidth(entry.container) : Math.floor(entry.container.clientWidth);
  if (width === 0 || (!force && width === entry.width)) return;
  const { spec } = entry;
  const height = typeof spec.height === "function" ? spec.height(width) : spec.height;
  entry.container.style.height = printing ? "auto" : `${height}px`;
  entry.width = width;
  entry.chart ??= echarts.init(entry.container, null, { renderer: "svg", width, height });
  entry.chart.resize({ width, height, silent: true });
  const option = spec.option({ theme: currentTheme(), width, narrow: width < 560 });
  entry.chart.setOption({ animation: false, ...option }, { notMerge: true });
  // With a view box the style sheet can scale the drawing, whatever width a printer gives it.
  const svg = entry.container.querySelector("svg");
  svg?.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg?.setAttribute("aria-hidden", "true");
}

export function drawCharts(): void {
  for (const entry of mounted) draw(entry, true);
}

/** Follows the window's width and the printer's page. */
export function watchCharts(): void {
  const observer = new ResizeObserver((changes) => {
    if (printing) return;
    for (const change of changes) {
      const entry = mounted.find((candidate) => candidate.container === change.target);
      if (entry) draw(entry, false);
    }
  });
  for (const entry of mounted) observer.observe(entry.container);
  addEventListener("beforeprint", () => setPrinting(true));
  addEventListener("afterprint", () => setPrinting(false));
}

function setPrinting(on: boolean): void {
  printing = on;
  document.documentElement.toggleAttribute("data-print", on);
  drawCharts();
}
