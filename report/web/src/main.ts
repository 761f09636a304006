import { drawCharts, watchCharts } from "./chart";
import { distributionSection } from "./distribution";
import { documentSection } from "./document";
import { h } from "./dom";
import { groupSection } from "./groups";
import { headlineSection } from "./headline";
import { markoutSection } from "./markouts";
import { contents, footer, masthead } from "./masthead";
import { orderSection } from "./orders";
import type { DocumentPayload, Payload } from "./payload";
import { qualitySection } from "./quality";
import { sizeSection } from "./sizes";
import { schemeToggle } from "./theme";
import { shortfallSection } from "./waterfall";

function payload(): Payload | DocumentPayload {
  const element = document.getElementById("payload");
  if (!element?.textContent) throw new Error("the page carries no payload");
  return JSON.parse(element.textContent) as Payload | DocumentPayload;
}

/** Marks the section being read in the contents line. */
function followReading(nav: HTMLElement, sections: HTMLElement[]): void {
  const link = (id: string) => nav.querySelector(`a[href="#${id}"]`);
  const observer = new IntersectionObserver(
    (changes) => {
      for (const change of changes) {
        if (!change.isIntersecting) continue;
        nav.querySelector("[aria-current]")?.removeAttribute("aria-current");
        link(change.target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-10% 0px -80% 0px" },
  );
  for (const each of sections) observer.observe(each);
}

function costSections(data: Payload): (HTMLElement | null)[] {
  return [
    qualitySection(data),
    headlineSection(data),
    shortfallSection(data),
    sizeSection(data),
    distributionSection(data),
    markoutSection(data),
    groupSection(data),
    orderSection(data),
  ];
}

async function start(): Promise<void> {
  const data = payload();
  const made = "sections" in data ? data.sections.map(documentSection) : costSections(data);
  const sections = made.filter((each): each is HTMLElement => each !== null);
  const printButton = h("button", { type: "button", class: "plain" }, "Print");
  printButton.addEventListener("click", () => print());
  const nav = contents(sections.map((each) => ({ id: each.id, title: each.querySelector("h2")?.textContent ?? each.id })));
  document.getElementById("page")?.append(
    h("a", { class: "skip", href: "#main" }, "Skip to the report"),
    masthead(data.head, [schemeToggle(drawCharts), printButton]),
    nav,
    h("main", { id: "main" }, ...sections),
    footer(data.head),
  );
  // Charts measure text: the fonts must be there first. They are part of the page, so this takes no time.
  await Promise.all(["400 12px 'Source Sans 3'", "600 12px 'Source Sans 3'", "400 20px 'Source Serif 4'"].map((font) => document.fonts.load(font)));
  drawCharts();
  watchCharts();
  followReading(nav, sections);
  document.documentElement.toggleAttribute("data-ready", true);
}

void start();
