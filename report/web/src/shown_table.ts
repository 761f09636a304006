import { cellNode, h } from "./dom";
import { commonScale, intervalMark, type Estimate } from "./interval";
import type { MaybeCell, ShownTable, TableCell } from "./payload";
import { table, type Column } from "./table";

type Row = TableCell[];

function isEstimate(cell: TableCell | undefined): cell is Estimate {
  return typeof cell === "object" && cell !== null && "value" in cell;
}

function single(cell: TableCell | undefined): MaybeCell | string {
  if (cell === undefined) return null;
  return isEstimate(cell) ? cell.value : cell;
}

function estimate(row: Row, index: number): Estimate {
  const cell = row[index];
  return isEstimate(cell) ? cell : { value: null, low: null, high: null };
}

function valueColumn(data: ShownTable, index: number): Column<Row> {
  const { label = "", unit = "", number = false } = data.columns[index] ?? {};
  return {
    label,
    unit,
    numeric: number,
    key: (row) => {
      const cell = single(row[index]);
      return typeof cell === "string" ? cell : (cell?.v ?? null);
    },
    cell: (row) => {
      const cell = single(row[index]);
      return typeof cell === "string" ? cell : cellNode(cell);
    },
  };
}

function intervalColumn(data: ShownTable, index: number): Column<Row> {
  const column = data.columns[index];
  const scale = commonScale(data.rows.map((row) => estimate(row, index)));
  return intervalOf((row) => estimate(row, index), { scale, unit: column?.unit ?? "", sign: column?.sign ?? "none" });
}

/** A column that draws and writes the interval of each row, all rows on one scale. */
export function intervalOf<R>(of: (row: R) => Estimate, look: { scale: ReturnType<typeof commonScale>; unit: string; sign: string }): Column<R> {
  return {
    label: "Interval",
    unit: look.unit,
    key: (row) => of(row).low?.v ?? null,
    cell: (row) => {
      const { low, high } = of(row);
      const text = low && high ? `${low.t} to ${high.t}` : "\u00a0"; // keeps the row's height
      return h("span", { class: "interval-cell" }, intervalMark(of(row), look.scale, 120, look.sign), h("span", {}, text));
    },
  };
}

/** A result table as the document wrote it. */
export function shownTable(data: ShownTable): HTMLElement {
  const columns = data.columns.flatMap((column, index) => [
    valueColumn(data, index),
    ...(column.interval ? [intervalColumn(data, index)] : []),
  ]);
  const made = table(data.rows, columns, { caption: data.title || data.caption || data.name, id: data.id });
  const cut = data.shown === data.of ? "" : `The first ${data.shown} of ${data.of} rows; the table ${data.name} holds them all.`;
  const note = [data.caption, cut].filter((text) => text !== "").join(" ");
  return h(
    "div",
    { class: data.total ? "totals" : null },
    data.title ? h("h3", {}, data.title) : null,
    made,
    note ? h("p", { class: "caption" }, note) : null,
  );
}
