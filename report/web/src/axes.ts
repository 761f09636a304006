import type { Theme } from "./theme";

export const SANS = '"Source Sans 3", "Helvetica Neue", Arial, sans-serif';

export function textStyle(theme: Theme) {
  return { fontFamily: SANS, fontSize: 12, color: theme.inkSoft };
}

/** Quiet defaults of a value axis; the caller overrides what its chart needs. */
export function valueAxis(theme: Theme, more: Record<string, unknown> = {}) {
  return {
    type: "value" as const,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: theme.inkSoft, fontFamily: SANS, fontSize: 12, formatter: tickText },
    splitLine: { lineStyle: { color: theme.rule, width: 1 } },
    nameTextStyle: { color: theme.inkSoft, fontFamily: SANS, fontSize: 12 },
    ...more,
  };
}

export function tooltip(theme: Theme, more: Record<string, unknown> = {}) {
  return {
    backgroundColor: theme.paper,
    borderColor: theme.rule,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: theme.ink, fontFamily: SANS, fontSize: 12.5 },
    extraCssText: "box-shadow: 0 2px 10px rgba(0,0,0,.12); border-radius: 2px;",
    confine: true,
    ...more,
  };
}

/** Axis ticks are the only numbers the page makes up itself. */
export function tickText(value: number): string {
  const rounded = Number(value.toPrecision(10));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 10 }).replace("-", "−");
}

/** 1,200,000 as 1.2M: ticks of cash and quantities. */
export function compactText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${tickText(value / 1e6)}M`;
  if (size >= 1e4) return `${tickText(value / 1e3)}k`;
  return tickText(value);
}

/** Ticks of any axis, short where they are long; the position of a logarithmic axis is log10 of the value. */
export function axisTickText(log: boolean): (value: number) => string {
  return (position) => {
    const value = log ? 10 ** position : position;
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-5 || size >= 1e12)) return value.toExponential(2).replace(/\.?0+e/, "e").replace("+", "").replace(/-/g, "−");
    return compactText(Number(value.toPrecision(6)));
  };
}

/** 1-2-5 values of a log axis whose coordinate is log10(x). */
export function logTicks(low: number, high: number, fine: boolean): number[] {
  const steps = fine ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); ++power) {
    for (const step of steps) {
      const tick = power + Math.log10(step);
      if (tick >= low - 1e-9 && tick <= high + 1e-9) ticks.push(tick);
    }
  }
  return ticks;
}

/** Text of data that goes into an HTML tooltip. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A round step so that `length` holds at most `count` of them. */
export function roundStep(length: number, count: number): number {
  const raw = length / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw) ?? 10;
  return factor * power;
}
