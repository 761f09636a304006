import { capitalized, h, section, words } from "./dom";
import { keyNumbers } from "./key_numbers";
import type { Payload, Quality, QualityRule } from "./payload";
import { numberColumn, table, textColumn, type Column } from "./table";

function verdict(quality: Quality): string {
  if (quality.tables.length === 0) return "No quality counts came with this measurement.";
  if (quality.quarantined !== "0") {
    return `${quality.quarantined} of ${quality.read} rows broke a rule and are left out of every number below.`;
  }
  const flagged = quality.flagged === "0" ? "" : ` ${quality.flagged} are flagged and kept.`;
  return `No row of ${quality.read} had to be left out.${flagged}`;
}

function counts(quality: Quality): HTMLElement {
  type Row = Quality["tables"][number];
  const column = (label: string, text: (row: Row) => string): Column<Row> => ({
    label,
    numeric: true,
    key: (row) => Number(text(row).replace(/,/g, "")),
    cell: text,
  });
  return table(
    quality.tables,
    [
      textColumn<Row>("Table", (row) => words(row.table)),
      column("Read", (row) => row.read),
      column("Accepted", (row) => row.accepted),
      column("Flagged", (row) => row.flagged),
      column("Quarantined", (row) => row.quarantined),
    ],
    { caption: "Rows read, accepted, flagged and quarantined by table", id: "quality-counts" },
  );
}

function rules(quality: Quality): HTMLElement {
  const columns: Column<QualityRule>[] = [
    textColumn("Rule", (row) => row.rule),
    textColumn("Table", (row) => words(row.table)),
    textColumn("Field", (row) => row.field),
    numberColumn("Rows", (row) => row.count),
    textColumn("Outcome", (row) => row.disposition),
    { label: "First example", cell: (row) => h("span", { class: "example" }, row.example) },
  ];
  return table(quality.rules, columns, { caption: "Rules that rows broke, each with its first example", id: "quality-rules" });
}

function degradations(quality: Quality): HTMLElement {
  const items = quality.degradations.map((row) =>
    h(
      "li",
      {},
      h("strong", {}, `${words(row.table)}: ${words(row.missing)}`),
      ` ${row.effect}`,
      row.rows && row.rows.v > 0 ? h("span", { class: "soft" }, ` (${row.rows.t} rows)`) : null,
    ),
  );
  return h("div", { class: "degradations" }, h("h3", {}, "What the data lacks"), h("ul", {}, ...items));
}

export function qualitySection(payload: Payload): HTMLElement {
  const { quality } = payload;
  const figures = keyNumbers(
    (["read", "accepted", "flagged", "quarantined"] as const).map((key) => ({
      label: capitalized(key), unit: "", value: { t: quality[key], v: 0 }, low: null, high: null, sign: "none", notes: [], metric: key,
    })),
  );
  return section(
    "quality",
    "Data quality",
    [
      "Read this first: a cost is no better than its data.",
      "Quarantined rows are left out and written aside; flagged rows are kept and said so.",
      "Read to quarantined count what was found while reading; rules that look at results, such as outliers, stand below.",
    ],
    h("p", { class: "lead" }, verdict(quality)),
    figures,
    h(
      "div",
      { class: "pair" },
      quality.tables.length > 0 ? counts(quality) : null,
      quality.degradations.length > 0 ? degradations(quality) : null,
    ),
    quality.rules.length > 0 ? rules(quality) : null,
  );
}
