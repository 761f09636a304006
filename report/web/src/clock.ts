// Clock times along an axis: where round ones stand, and how they read.

const STEPS_MS = [100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 144e5, 216e5, 432e5, 864e5, 1728e5, 6048e5];

export interface ClockTicks {
  /** Milliseconds after the origin. */
  at: number[];
  text: (offset: number) => string;
}

function iso(origin: number, offset: number): string {
  return new Date(Math.round(origin + offset)).toISOString();
}

/** At most about `count` round UTC times between two offsets from `origin`, all in milliseconds. */
export function clockTicks(origin: number, low: number, high: number, count: number): ClockTicks {
  const length = high - low;
  const step = STEPS_MS.find((candidate) => length / candidate <= count) ?? Math.ceil(length / count / 864e5) * 864e5;
  const at: number[] = [];
  for (let tick = Math.ceil((origin + low) / step) * step - origin; tick <= high; tick += step) at.push(tick);
  const days = iso(origin, low).slice(0, 10) !== iso(origin, high).slice(0, 10);
  const text = (offset: number) => {
    const time = iso(origin, offset);
    if (step >= 864e5) return time.slice(5, 10);
    const clock = step >= 6e4 ? time.slice(11, 16) : step >= 1e3 ? time.slice(11, 19) : time.slice(11, 21);
    return days ? `${time.slice(5, 10)} ${clock}` : clock;
  };
  return { at, text };
}

/** A time whole, with milliseconds only when it has some. */
export function timeText(origin: number, offset: number): string {
  return iso(origin, offset).replace("T", " ").replace(/(\.000)?Z$/, "");
}
