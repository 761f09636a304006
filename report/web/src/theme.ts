// Colors live once, in page.css; charts read them from there, so that light, dark and print agree everywhere.

export interface Theme {
  paper: string;
  surface: string;
  ink: string;
  inkSoft: string;
  inkFaint: string;
  rule: string;
  accent: string;
  cost: string;
  gain: string;
  neutral: string;
  ochre: string;
  plum: string;
  teal: string;
  red: string;
  band: string;
}

const variables: Record<keyof Theme, string> = {
  paper: "--paper",
  surface: "--surface",
  ink: "--ink",
  inkSoft: "--ink-soft",
  inkFaint: "--ink-faint",
  rule: "--rule",
  accent: "--accent",
  cost: "--cost",
  gain: "--gain",
  neutral: "--neutral",
  ochre: "--ochre",
  plum: "--plum",
  teal: "--teal",
  red: "--red",
  band: "--band",
};

export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const theme = {} as Theme;
  for (const key of Object.keys(variables) as (keyof Theme)[]) {
    theme[key] = style.getPropertyValue(variables[key]).trim();
  }
  return theme;
}

/** Colors of series in their order: distinct for color-blind readers; the shapes and direct labels beside them never
    rely on color alone. */
export const SERIES_TONES = ["gain", "cost", "ochre", "plum", "teal", "neutral"] as const;

type Scheme = "light" | "dark";

function systemScheme(): Scheme {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function shownScheme(): Scheme {
  const chosen = document.documentElement.dataset["scheme"];
  return chosen === "light" || chosen === "dark" ? chosen : systemScheme();
}

/** The button that turns light into dark and back; until it is used the page follows the system. */
export function schemeToggle(onChange: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  const label = () => {
    button.textContent = shownScheme() === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to ${shownScheme() === "dark" ? "light" : "dark"} colors`);
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset["scheme"] = shownScheme() === "dark" ? "light" : "dark";
    label();
    onChange();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    label();
    onChange();
  });
  label();
  return button;
}
