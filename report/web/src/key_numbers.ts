import { cellNode, h } from "./dom";
import { commonScale, intervalMark } from "./interval";
import type { MaybeCell } from "./payload";

export interface KeyNumber {
  label: string;
  unit: string;
  value: MaybeCell;
  low: MaybeCell;
  high: MaybeCell;
  sign: string;
  notes: string[];
  /** Names the number for a program that reads the page. */
  metric?: string;
}

/** Large numbers side by side; with an interval each is larger and has its mark and notes below. */
export function keyNumbers(numbers: KeyNumber[]): HTMLElement {
  const large = numbers.some((number) => number.low !== null || number.notes.length > 0);
  const most = large ? 3 : 4;
  const columns = numbers.length % most === 0 || numbers.length > 2 * most ? most : Math.min(numbers.length, most);
  const list = h("dl", { class: large ? "key-numbers large" : "key-numbers", style: `--columns: ${columns}` });
  for (const number of numbers) {
    const entry = h("div", { "data-metric": number.metric ?? null }, h("dt", {}, number.label));
    entry.append(h("dd", { class: "value" }, cellNode(number.value), number.unit ? h("span", { class: "unit" }, ` ${number.unit}`) : null));
    if (number.low && number.high) entry.append(h("dd", {}, intervalMark(number, commonScale([number]), 180, number.sign)));
    for (const note of number.notes) entry.append(h("dd", { class: "soft" }, note));
    list.append(entry);
  }
  return list;
}
