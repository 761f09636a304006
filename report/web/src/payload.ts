// The contract with src/report (C++): every number comes as the text to show and the value to draw or sort by.

import type { FigureData } from "./figure_data";
import type { KeyNumber } from "./key_numbers";

export interface Cell {
  t: string;
  v: number;
}
export type MaybeCell = Cell | null;

export interface Interval {
  t: string;
  low: number;
  high: number;
}

export interface Fact {
  name: string;
  value: string;
}

/** What stands at the head and the end of every page. */
export interface Head {
  kicker: string;
  title: string;
  extent: string[];
  facts: Fact[];
  provenance: Fact[];
  closing: string;
}

export interface QualityCounts {
  read: string;
  accepted: string;
  flagged: string;
  quarantined: string;
}
export interface QualityRule {
  table: string;
  field: string;
  rule: string;
  disposition: string;
  example: string;
  count: MaybeCell;
}
export interface Degradation {
  table: string;
  missing: string;
  effect: string;
  rows: MaybeCell;
}
export interface Quality extends QualityCounts {
  tables: (QualityCounts & { table: string })[];
  rules: QualityRule[];
  degradations: Degradation[];
}

export interface Headline {
  metric: string;
  label: string;
  unit: string;
  sign: string;
  block_kind: string;
  weighting: string;
  note: string;
  value: MaybeCell;
  low: MaybeCell;
  high: MaybeCell;
  level: string | null;
  count: MaybeCell;
  blocks: MaybeCell;
  /** Blocks of equal weight that would say as much. */
  effective_blocks: MaybeCell;
}

export interface ShortfallPart {
  part: string;
  cash: MaybeCell;
  bps: MaybeCell;
  interval: Interval | null;
}
export interface ShortfallBasis {
  basis: string;
  parts: ShortfallPart[];
}

export interface SizeBin {
  x_low: number;
  x_high: number;
  size: string;
  count: MaybeCell;
  mean: MaybeCell;
  std: MaybeCell;
  std_error: MaybeCell;
  interval: Interval | null;
  total: MaybeCell;
}
export interface SizeCurve {
  bins: SizeBin[];
  points: [number, number][];
  drawn: string;
  of: string;
  view: [number, number] | null;
}

export interface Distribution {
  low: number;
  width: number;
  orders: number[];
  notional: number[];
  below: string;
  above: string;
  count: string;
  quantiles: { name: string; value: MaybeCell }[];
}

export interface MarkoutPoint {
  horizon: string;
  fill: MaybeCell;
  fill_interval: Interval | null;
  mid: MaybeCell;
  mid_interval: Interval | null;
  observed: MaybeCell;
  missing: MaybeCell;
}
export interface MarkoutCurve {
  clock: string;
  by: string;
  group: string;
  points: MarkoutPoint[];
}

export interface GroupRow {
  group: string;
  notional: MaybeCell;
  cost: MaybeCell;
  low: MaybeCell;
  high: MaybeCell;
  separable: string;
  cells: MaybeCell[];
}
export interface GroupTable {
  name: string;
  title: string;
  columns: { name: string; label: string; unit: string }[];
  rows: GroupRow[];
}

export interface Dot {
  t: number;
  price: number;
  quantity: number;
  liquidity: string;
  text: string;
  venue: string;
  time: string;
}
export interface Level {
  name: string;
  label: string;
  price: number;
  text: string;
}
export interface ExecutionChart {
  origin_ms: number;
  length: number;
  begin: number;
  end: number;
  plan_end: number;
  has_deadline: boolean;
  quantity: number;
  dots: Dot[];
  dots_drawn: string;
  fills: string;
  filled: { t: number[]; total: number[] };
  levels: Level[];
  band: { t: number[]; bid: (number | null)[]; ask: (number | null)[] } | null;
  volume: { t: number[]; total: number[] } | null;
  gaps: [number, number][];
  indicative: boolean;
}
export interface OrderDetail {
  facts: Fact[];
  benchmarks: { name: string; label: string; price: string; bps: MaybeCell; ticks: MaybeCell; cash: MaybeCell }[];
  parts: { part: string; label: string; cash: MaybeCell; bps: MaybeCell }[];
  chart: ExecutionChart | null;
}
export interface WorstOrder {
  id: string;
  symbol: string;
  side: string;
  /** Of this order's cash; empty when the measurement has one currency only. */
  currency: string;
  quantity: MaybeCell;
  algo: string;
  broker: string;
  arrival: string;
  completion: MaybeCell;
  participation: MaybeCell;
  cost_bps: MaybeCell;
  cost_cash: MaybeCell;
  shortfall_cash: MaybeCell;
  shortfall_bps: MaybeCell;
  spread_indicative: boolean;
  detail: OrderDetail | null;
}

/** The cost page. */
export interface Payload {
  head: Head;
  currency: string;
  quality: Quality;
  headline: Headline[];
  shortfall: ShortfallBasis[];
  size: SizeCurve | null;
  distribution: Distribution | null;
  markouts: MarkoutCurve[];
  groups: GroupTable[];
  orders: WorstOrder[];
}

/** Text, a number, or a number with its interval. */
export type TableCell = string | MaybeCell | { value: MaybeCell; low: MaybeCell; high: MaybeCell };

export interface ShownTable {
  kind: "table";
  id: string;
  width: string;
  name: string;
  title: string;
  caption: string;
  columns: { label: string; unit: string; number: boolean; interval: boolean; sign: string; meaning: string }[];
  rows: TableCell[][];
  shown: string;
  of: string;
  total: boolean;
}

export type Part =
  | { kind: "prose"; look: "lead" | "body" | "note"; paragraphs: string[] }
  | { kind: "numbers"; numbers: KeyNumber[] }
  | { kind: "facts"; width: string; title: string; facts: Fact[] }
  | ShownTable
  | FigureData;

export interface DocumentSection {
  id: string;
  title: string;
  notes: string[];
  wide: boolean;
  parts: Part[];
}

/** Any other page: sections of generic parts. */
export interface DocumentPayload {
  head: Head;
  sections: DocumentSection[];
}
