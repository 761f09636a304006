import { h } from "./dom";
import type { Head } from "./payload";

const DIGEST = /^(?:[a-z0-9]+:)?[0-9a-f]{16,}$/;

function valueNode(value: string): Node {
  if (!DIGEST.test(value)) return document.createTextNode(value);
  return h("code", { title: value }, value.replace(/^[a-z0-9]+:/, "").slice(0, 12));
}

export function masthead(head: Head, tools: Node[]): HTMLElement {
  const strip = head.facts.map((fact) => h("div", {}, h("dt", {}, fact.name), h("dd", {}, valueNode(fact.value))));
  return h(
    "header",
    { class: "masthead" },
    h(
      "div",
      { class: "masthead-row" },
      h("p", { class: "kicker" }, head.kicker ? `Slipcast · ${head.kicker}` : "Slipcast"),
      h("div", { class: "tools" }, ...tools),
    ),
    h("h1", {}, head.title),
    h("p", { class: "extent" }, ...head.extent.flatMap((text, i) => (i === 0 ? [text] : [h("span", { class: "dot-sep" }, " · "), text]))),
    h("dl", { class: "strip" }, ...strip),
  );
}

export function contents(entries: { id: string; title: string }[]): HTMLElement {
  return h(
    "nav",
    { class: "contents", "aria-label": "Sections" },
    h("ul", {}, ...entries.map((entry) => h("li", {}, h("a", { href: `#${entry.id}` }, entry.title)))),
  );
}

/** A value of the provenance; a list of settings may break after each of them. */
function provenanceValue(value: string): HTMLElement {
  const parts = value.match(/[^;]+;?/g) ?? [value];
  return h("dd", { class: parts.length > 1 ? "list" : null }, ...parts.flatMap((part) => [part, h("wbr")]));
}

export function footer(head: Head): HTMLElement {
  const rows = head.provenance.map((entry) => h("div", {}, h("dt", {}, entry.name), provenanceValue(entry.value)));
  return h(
    "footer",
    {},
    rows.length > 0 ? h("h2", {}, "Provenance") : null,
    rows.length > 0 ? h("dl", { class: "provenance" }, ...rows) : null,
    h("p", { class: "colophon" }, `The same inputs give the same page, byte for byte.${head.closing ? ` ${head.closing}` : ""}`),
  );
}
