import { capitalized, h, section, words } from "./dom";
import { commonScale, intervalMark } from "./interval";
import { keyNumbers, type KeyNumber } from "./key_numbers";
import type { Headline, Payload } from "./payload";
import { numberColumn, table, type Column } from "./table";

const LEADING = ["shortfall_bps", "arrival_cost_bps", "interval_vwap_cost_bps"];

function name(row: Headline): string {
  return capitalized(row.label || words(row.metric));
}

function intervalText(row: Headline): string {
  if (!row.low || !row.high) return "no interval";
  return `${row.level ?? ""} interval ${row.low.t} to ${row.high.t}`.trim();
}

function blocksText(row: Headline): string {
  const parts = row.count ? [`${row.count.t} orders`] : [];
  if (row.blocks && row.blocks.v > 0) parts.push(`${row.blocks.t}${row.block_kind ? ` ${row.block_kind}` : ""} blocks`);
  if (row.effective_blocks) parts.push(`${row.effective_blocks.t} effective`);
  return parts.join(", ");
}

function leading(row: Headline): KeyNumber {
  const notes = [intervalText(row), blocksText(row), row.note ? capitalized(row.note) : ""].filter((note) => note !== "");
  return { label: name(row), unit: row.unit, value: row.value, low: row.low, high: row.high, sign: row.sign, notes, metric: row.metric };
}

function others(rows: Headline[]): HTMLElement {
  const bps = commonScale(rows.filter((row) => row.unit === "bps"));
  const columns: Column<Headline>[] = [
    {
      label: "Measure",
      key: name,
      cell: (row) => h("span", {}, name(row), row.note ? h("small", { class: "note" }, ` ${row.note}`) : null),
    },
    numberColumn("Value", (row) => row.value),
    { label: "Unit", cell: (row) => row.unit },
    { label: "Interval", numeric: true, cell: (row) => (row.low && row.high ? `${row.low.t} to ${row.high.t}` : "") },
    {
      label: "",
      cell: (row) =>
        row.unit === "bps" && row.low && row.high ? intervalMark(row, bps, 132, row.sign) : "",
    },
    numberColumn("Orders", (row) => row.count),
    numberColumn("Blocks", (row) => row.blocks),
    numberColumn("Effective", (row) => row.effective_blocks),
    { label: "Positive", cell: (row) => ({ cost: "hurts", gain: "helps", direction: "moved our way" })[row.sign] ?? "" },
  ];
  return table(rows, columns, { caption: "Headline measures with intervals and effective block counts", id: "headline-table" });
}

export function headlineSection(payload: Payload): HTMLElement | null {
  if (payload.headline.length === 0) return null;
  const lead = LEADING.flatMap((metric) => payload.headline.filter((row) => row.metric === metric));
  const level = payload.headline.find((row) => row.level)?.level;
  const kind = payload.headline.find((row) => row.block_kind)?.block_kind;
  const isWithinDay = kind?.includes("within-day") ?? false;
  return section(
    "headline",
    "Headline",
    [
      "A positive cost hurts, on either side. Aggregates are sums of cash over sums of notional, never means of basis points.",
      level && !isWithinDay
        ? `Intervals hold the true value in ${level} of repetitions; they resample ${kind ? `${kind} ` : ""}blocks, because orders of one name and day share one path.`
        : null,
      level && isWithinDay
        ? `Intervals aim at ${level} and are too narrow: there are too few symbol-days, so they resample ${kind} blocks, and what is common to a whole day escapes them. At 95 % they held the true value in 87 % of simulated worlds.`
        : null,
      "A hollow dot: the interval contains zero.",
    ].filter((text): text is string => text !== null),
    keyNumbers(lead.map(leading)),
    others(payload.headline.filter((row) => !lead.includes(row))),
  );
}
