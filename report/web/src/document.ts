import { figure } from "./figure";
import { capitalized, h, section, wideSection } from "./dom";
import { factList } from "./facts";
import { keyNumbers } from "./key_numbers";
import type { DocumentSection, Fact, Part } from "./payload";
import { shownTable } from "./shown_table";

const PROSE = { lead: "lead", body: "prose", note: "prose note" } as const;

function prose(part: Extract<Part, { kind: "prose" }>): HTMLElement {
  return h("div", {}, ...part.paragraphs.map((text) => h("p", { class: PROSE[part.look] }, text)));
}

function facts(part: { title: string; facts: Fact[] }): HTMLElement {
  return h("div", {}, part.title ? h("h3", {}, part.title) : null, factList(part.facts));
}

function partElement(part: Part): HTMLElement {
  switch (part.kind) {
    case "prose":
      return prose(part);
    case "numbers":
      return keyNumbers(part.numbers);
    case "facts":
      return facts(part);
    case "table":
      return shownTable(part);
    case "figure":
      return figure(part);
  }
}

export function documentSection(data: DocumentSection): HTMLElement {
  const grid = h("div", { class: "parts" });
  for (const part of data.parts) {
    const element = partElement(part);
    const width = "width" in part ? part.width : "full";
    grid.append(h("div", { class: `part part-${part.kind}`, "data-width": width }, element));
  }
  const make = data.wide ? wideSection : section;
  return make(data.id, capitalized(data.title), data.notes, grid);
}
