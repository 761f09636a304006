import { h } from "./dom";
import type { Payload, Provenance } from "./payload";

// What a reader must know before the first number, in this order; the footer lists every entry.
const STRIP: [string, string[]][] = [
  ["Data", ["source", "data", "tape"]],
  ["Own impact", ["replay.impact", "impact"]],
  ["Volume curve", ["volume_curve", "replay.volume_curve"]],
  ["Version", ["version"]],
  ["Seed", ["seed"]],
  ["Options digest", ["options_digest", "options"]],
  ["Data digest", ["data_digest"]],
];

const DIGEST = /^(?:[a-z0-9]+:)?[0-9a-f]{16,}$/;

function valueNode(value: string): Node {
  if (!DIGEST.test(value)) return document.createTextNode(value);
  return h("code", { title: value }, value.replace(/^[a-z0-9]+:/, "").slice(0, 12));
}

function find(provenance: Provenance[], names: string[]): string | null {
  for (const name of names) {
    const entry = provenance.find((candidate) => candidate.name.replace(/ /g, "_") === name);
    if (entry && entry.value !== "") return entry.value;
  }
  return null;
}

function strip(payload: Payload): HTMLElement {
  const list = h("dl", { class: "strip" });
  const add = (label: string, value: Node) => list.append(h("div", {}, h("dt", {}, label), h("dd", {}, value)));
  for (const [label, names] of STRIP) {
    const value = find(payload.provenance, names);
    if (value !== null) add(label, valueNode(value));
    else if (label === "Version") add(label, document.createTextNode(payload.version));
  }
  const indicative = payload.scope.indicative_symbols;
  add("Spreads", document.createTextNode(indicative.length > 0 ? `indicative: ${indicative.join(", ")}` : "from quotes"));
  return list;
}

export function masthead(payload: Payload, tools: Node[]): HTMLElement {
  const { scope } = payload;
  const days = scope.first_day === scope.last_day ? scope.first_day : `${scope.first_day} to ${scope.last_day}`;
  const extent = [`${scope.orders} orders`, `${scope.fills} fills`, `${scope.symbols} symbols`];
  if (scope.first_day !== null) extent.push(days ?? "");
  return h(
    "header",
    { class: "masthead" },
    h(
      "div",
      { class: "masthead-row" },
      h("p", { class: "kicker" }, "Slipcast · execution cost analysis"),
      h("div", { class: "tools" }, ...tools),
    ),
    h("h1", {}, payload.title),
    h("p", { class: "extent" }, ...extent.flatMap((text, i) => (i === 0 ? [text] : [h("span", { class: "dot-sep" }, " · "), text]))),
    strip(payload),
  );
}

export function contents(entries: { id: string; title: string }[]): HTMLElement {
  return h(
    "nav",
    { class: "contents", "aria-label": "Sections" },
    h("ul", {}, ...entries.map((entry) => h("li", {}, h("a", { href: `#${entry.id}` }, entry.title)))),
  );
}

export function footer(payload: Payload): HTMLElement {
  const rows = payload.provenance.map((entry) => h("div", {}, h("dt", {}, entry.name), h("dd", {}, entry.value)));
  return h(
    "footer",
    {},
    h("h2", {}, "Provenance"),
    h("dl", { class: "provenance" }, ...rows),
    h(
      "p",
      { class: "colophon" },
      "The same inputs give the same page, byte for byte. Times are UTC. Cash is exact; basis points are cash over notional. " +
        "Intervals resample blocks of orders that share a symbol and day.",
    ),
  );
}
