import { h } from "./dom";
import type { Fact } from "./payload";

/** Names and values, one a line. */
export function factList(facts: Fact[]): HTMLElement {
  return h("dl", { class: "facts" }, ...facts.map((fact) => h("div", {}, h("dt", {}, fact.name), h("dd", {}, fact.value))));
}
