import { cellNode, h, wideSection } from "./dom";
import { executionChart } from "./execution";
import { factList } from "./facts";
import type { OrderDetail, Payload, WorstOrder } from "./payload";
import { numberColumn, table, textColumn, type Column } from "./table";

const anchor = (index: number) => `order-${index + 1}`;

function shortTime(iso: string): string {
  return iso.replace("T", " ").replace(/(\.\d+)?Z$/, "");
}

function orderList(orders: WorstOrder[], currency: string): HTMLElement {
  const rank = new Map(orders.map((order, index) => [order, index]));
  const columns: Column<WorstOrder>[] = [
    {
      label: "Order",
      key: (order) => order.id,
      cell: (order) => (order.detail ? h("a", { href: `#${anchor(rank.get(order) ?? 0)}` }, order.id) : order.id),
    },
    textColumn("Symbol", (order) => order.symbol),
    textColumn("Side", (order) => order.side),
    numberColumn("Quantity", (order) => order.quantity),
    numberColumn("Completion", (order) => order.completion),
    numberColumn("Participation", (order) => order.participation),
    textColumn("Algo", (order) => order.algo),
    textColumn("Broker", (order) => order.broker),
    { label: "Arrival", unit: "UTC", key: (order) => order.arrival, cell: (order) => h("span", { class: "nowrap" }, shortTime(order.arrival)) },
    numberColumn("Arrival cost", (order) => order.cost_bps, "bps"),
    numberColumn("Arrival cost", (order) => order.cost_cash, currency),
    numberColumn("Shortfall", (order) => order.shortfall_cash, currency),
  ];
  const used = columns.filter((column) => column.key === undefined || orders.some((order) => (column.key?.(order) ?? "") !== ""));
  return table(orders, used, { caption: "Worst orders by arrival cost in cash", id: "worst-orders" });
}

function parts(detail: OrderDetail, currency: string, id: string): HTMLElement {
  type Row = OrderDetail["parts"][number];
  const columns: Column<Row>[] = [
    { label: "Part", cell: (row) => row.label },
    { label: "Exact cash", unit: currency, numeric: true, cell: (row) => cellNode(row.cash) },
    { label: "bps", numeric: true, cell: (row) => cellNode(row.bps) },
  ];
  return h("div", { class: "totals" }, table(detail.parts, columns, { caption: "Shortfall parts of this order", id: `${id}-parts` }));
}

function benchmarks(detail: OrderDetail, currency: string, id: string): HTMLElement {
  type Row = OrderDetail["benchmarks"][number];
  const columns: Column<Row>[] = [
    { label: "Benchmark", cell: (row) => row.label },
    { label: "Price", numeric: true, cell: (row) => row.price },
    { label: "bps", numeric: true, cell: (row) => cellNode(row.bps) },
    { label: "Cash", unit: currency, numeric: true, cell: (row) => cellNode(row.cash) },
  ];
  return table(detail.benchmarks, columns, { caption: "Slippage of this order against each benchmark", id: `${id}-benchmarks` });
}

function orderPage(order: WorstOrder, detail: OrderDetail, index: number, common: string): HTMLElement {
  const currency = order.currency || common;
  const id = anchor(index);
  const figure = detail.chart ? executionChart(order, detail.chart) : h("p", { class: "soft" }, "No arrival time: nothing to draw.");
  return h(
    "article",
    { class: "order", id, "aria-labelledby": `${id}-title` },
    h(
      "header",
      {},
      h("h3", { id: `${id}-title` }, h("span", { class: "rank" }, String(index + 1)), ` ${order.side} ${order.quantity?.t ?? ""} ${order.symbol}`),
      h("p", { class: "soft" }, order.id),
      h("p", { class: "cost" }, cellNode(order.cost_bps), h("span", { class: "unit" }, " bps vs arrival · "), `${currency} `, cellNode(order.cost_cash)),
    ),
    figure,
    h("div", { class: "order-facts" }, factList(detail.facts.map((fact) => ({ name: fact.name, value: shortTime(fact.value) }))), parts(detail, currency, id), benchmarks(detail, currency, id)),
  );
}

export function orderSection(payload: Payload): HTMLElement | null {
  if (payload.orders.length === 0) return null;
  const pages = payload.orders.flatMap((order, index) => (order.detail ? [orderPage(order, order.detail, index, payload.currency)] : []));
  const wide = wideSection(
    "orders",
    "Worst orders",
    [
      "By arrival cost in cash: these decide the average.",
      pages.length > 0 && pages.length < payload.orders.length ? `The first ${pages.length} of the ${payload.orders.length} listed are drawn.` : null,
      pages.length > 0 ? "Each chart shows the touch as a band, our fills as marks sized by quantity, and how the order filled against an even plan and the market's volume." : null,
    ].filter((text): text is string => text !== null),
    orderList(payload.orders, payload.currency),
  );
  wide.append(h("div", { class: "order-pages" }, ...pages));
  return wide;
}
