import type { MaybeCell } from "./payload";

type Child = Node | string | null | undefined;
type Attributes = Record<string, string | number | boolean | null | undefined>;

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined) element.append(child);
  }
}

/** An HTML element; text children are always text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** An SVG element. */
export function s(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, attributes, children);
  return element;
}

/** The cell's text, or a dash that says it is missing. */
export function cellNode(cell: MaybeCell): Node {
  if (cell) return document.createTextNode(cell.t);
  return h("span", { class: "missing", title: "missing" }, "–");
}

/** snake_case as words. */
export function words(name: string): string {
  return name.replace(/[_.]/g, " ");
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A choice of one among a few, as radio buttons: arrow keys work, and its state is announced. */
export function choice(
  legend: string,
  options: { value: string; label: string }[],
  onChange: (value: string) => void,
): HTMLElement {
  const name = `choice-${choiceCount++}`;
  const group = h("fieldset", { class: "choice" }, h("legend", {}, legend));
  options.forEach((option, index) => {
    const input = h("input", { type: "radio", name, value: option.value, checked: index === 0 });
    input.addEventListener("change", () => onChange(option.value));
    group.append(h("label", {}, input, h("span", {}, option.label)));
  });
  return group;
}
let choiceCount = 0;

/** A section whose content needs the page's whole width: its heading and note stand above. */
export function wideSection(...parts: Parameters<typeof section>): HTMLElement {
  const made = section(...parts);
  made.classList.add("wide");
  return made;
}

/** A part of the page: heading and reading note in the side column, content beside it. */
export function section(id: string, title: string, note: Child[], ...content: Child[]): HTMLElement {
  return h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("div", { class: "rail" }, h("h2", { id: `${id}-title` }, title), ...note.map((child) => h("p", {}, child))),
    h("div", { class: "content" }, ...content),
  );
}
