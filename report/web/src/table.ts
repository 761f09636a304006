import { cellNode, h } from "./dom";
import type { MaybeCell } from "./payload";

export interface Column<Row> {
  label: string;
  /** Smaller text under the label. */
  unit?: string;
  numeric?: boolean;
  /** What to sort by; a column without it does not sort. */
  key?: (row: Row) => number | string | null;
  cell: (row: Row) => Node | string;
}

export function textColumn<Row>(label: string, text: (row: Row) => string): Column<Row> {
  return { label, key: text, cell: text };
}

export function numberColumn<Row>(label: string, cell: (row: Row) => MaybeCell, unit = ""): Column<Row> {
  return { label, unit, numeric: true, key: (row) => cell(row)?.v ?? null, cell: (row) => cellNode(cell(row)) };
}

function compare(a: number | string | null, b: number | string | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en");
}

/** Missing values come last in either direction; equal rows keep their order. */
function sorted<Row>(rows: Row[], key: (row: Row) => number | string | null, descending: boolean): Row[] {
  const present = rows.filter((row) => key(row) !== null);
  const missing = rows.filter((row) => key(row) === null);
  present.sort((a, b) => (descending ? compare(key(b), key(a)) : compare(key(a), key(b))));
  return [...present, ...missing];
}

export interface TableOptions {
  caption: string;
  id?: string;
  /** The first column names the row. */
  rowHeader?: boolean;
}

/** A real table in a box that scrolls sideways when it must; headers with a key sort on click or key press. */
export function table<Row>(rows: Row[], columns: Column<Row>[], options: TableOptions): HTMLElement {
  const body = h("tbody");
  const headers: HTMLElement[] = [];
  const show = (list: Row[]) => {
    body.replaceChildren(
      ...list.map((row) =>
        h("tr", {}, ...columns.map((column, index) => bodyCell(column, row, index === 0 && options.rowHeader !== false))),
      ),
    );
  };
  const sortBy = (index: number) => {
    const column = columns[index];
    const header = headers[index];
    if (!column?.key || !header) return;
    const first = column.numeric ? "descending" : "ascending";
    const other = column.numeric ? "ascending" : "descending";
    const direction = header.getAttribute("aria-sort") === first ? other : first;
    for (const each of headers) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", direction);
    show(sorted(rows, column.key, direction === "descending"));
  };
  columns.forEach((column, index) => headers.push(headCell(column, () => sortBy(index))));
  show(rows);
  return h(
    "div",
    { class: "table-box", role: "region", tabindex: 0, "aria-label": options.caption },
    h(
      "table",
      { id: options.id },
      h("caption", { class: "for-readers" }, options.caption),
      h("thead", {}, h("tr", {}, ...headers)),
      body,
    ),
  );
}

function headCell<Row>(column: Column<Row>, onSort: () => void): HTMLElement {
  const unit = column.unit ? h("small", {}, ` ${column.unit}`) : null;
  const cell = h("th", { scope: "col", class: column.numeric ? "number" : null });
  if (!column.key) {
    cell.append(column.label, unit ?? "");
    return cell;
  }
  const button = h("button", { type: "button" }, column.label, unit);
  button.addEventListener("click", onSort);
  cell.append(button);
  return cell;
}

function bodyCell<Row>(column: Column<Row>, row: Row, isHeader: boolean): HTMLElement {
  const attributes = { class: column.numeric ? "number" : null };
  const content = column.cell(row);
  return isHeader ? h("th", { scope: "row", ...attributes }, content) : h("td", attributes, content);
}

/** The same numbers as a chart, for those who want them as text. */
export function disclosure(summary: string, content: Node): HTMLElement {
  return h("details", {}, h("summary", {}, summary), content);
}
