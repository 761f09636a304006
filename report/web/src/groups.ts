import { cellNode, h, wideSection } from "./dom";
import { commonScale, type Estimate } from "./interval";
import type { GroupRow, GroupTable, Payload } from "./payload";
import { intervalOf } from "./shown_table";
import { numberColumn, table, textColumn, type Column } from "./table";

function separable(row: GroupRow): Node {
  return h("span", { class: row.separable === "separable" ? "tag" : "tag quiet" }, row.separable);
}

function estimate(row: GroupRow): Estimate {
  return { value: row.cost, low: row.low, high: row.high };
}

function groupTable(group: GroupTable, currency: string): HTMLElement {
  const scale = commonScale(group.rows.map(estimate));
  const columns: Column<GroupRow>[] = [
    textColumn(group.title.replace(/s$/, ""), (row) => row.group),
    numberColumn("Notional", (row) => row.notional, currency),
    numberColumn("Arrival cost", (row) => row.cost, "bps"),
    intervalOf<GroupRow>(estimate, { scale, unit: "bps", sign: "cost" }),
    ...group.columns.map((column, index) => ({
      ...numberColumn<GroupRow>(column.label, (row) => row.cells[index] ?? null, column.unit),
      cell: (row: GroupRow) => cellNode(row.cells[index] ?? null),
    })),
    { label: "From the rest", key: (row) => row.separable, cell: separable },
  ];
  return h(
    "div",
    { class: "group" },
    h("h3", {}, group.title),
    table(group.rows, columns, { caption: `${group.title}: cost and quality`, id: `group-${group.name}` }),
  );
}

export function groupSection(payload: Payload): HTMLElement | null {
  if (payload.groups.length === 0) return null;
  return wideSection(
    "groups",
    "Who and where",
    [
      "Raw costs, not adjusted for the difficulty of what each was given.",
      "“Not separable”: the data cannot tell this row from the others. A hollow dot: its interval contains zero.",
    ],
    ...payload.groups.map((group) => groupTable(group, payload.currency)),
  );
}
