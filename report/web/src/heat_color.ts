import type { HeatData } from "./figure_data";
import type { Theme } from "./theme";

type Rgb = [number, number, number];

function rgb(hex: string): Rgb {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as Rgb;
}

/** `share` of the way from one color to another. */
export function mixed(a: string, b: string, share: number): string {
  const [from, to] = [rgb(a), rgb(b)];
  const channel = (i: number) => Math.round((from[i] ?? 0) + ((to[i] ?? 0) - (from[i] ?? 0)) * share);
  return `#${[0, 1, 2].map((i) => channel(i).toString(16).padStart(2, "0")).join("")}`;
}

/** Ends of the color scale: the data's, or the same on both sides of zero. */
export function heatRange(heat: HeatData): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of heat.value) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!heat.diverging) return { low, high: high > low ? high : low + 1 };
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return { low: -most, high: most };
}

/** From the quiet ground to full color; below the middle of a diverging scale in the other color. */
export function heatColor(heat: HeatData, theme: Theme): (value: number) => string {
  const { low, high } = heatRange(heat);
  return (value) => {
    if (heat.diverging) return mixed(theme.band, value >= 0 ? theme.cost : theme.gain, Math.min(Math.abs(value) / high, 1));
    return mixed(theme.band, theme.accent, (value - low) / (high - low));
  };
}

/** Ink or paper, whichever reads better on the color. */
export function inkOn(color: string, theme: Theme): string {
  const luminance = (hex: string) => {
    const [r, g, b] = rgb(hex).map((c) => (c / 255) ** 2.2) as Rgb;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const ground = luminance(color);
  return contrast(luminance(theme.ink), ground) >= contrast(luminance(theme.paper), ground) ? theme.ink : theme.paper;
}
