import { button } from "./element.js";

const KEY = "bentoml-theme";
const isDarkQuery = "(prefers-color-scheme: dark)";

/** A button that turns dark to light and back. What is chosen outlives the visit; until then the system's choice holds. */
export function themeButton(): HTMLButtonElement {
  const made = button("", () => {
    const next = isDark() ? "light" : "dark";
    localStorage.setItem(KEY, next);
    apply();
  });
  made.className = "icon-button";
  const apply = (): void => {
    const chosen = localStorage.getItem(KEY);
    if (chosen !== null) document.documentElement.dataset["theme"] = chosen;
    made.textContent = isDark() ? "☀" : "☾";
    made.ariaLabel = isDark() ? "Use light colours" : "Use dark colours";
    made.title = made.ariaLabel;
  };
  matchMedia(isDarkQuery).addEventListener("change", apply);
  apply();
  return made;
}

function isDark(): boolean {
  const chosen = localStorage.getItem(KEY);
  return chosen === null ? matchMedia(isDarkQuery).matches : chosen === "dark";
}
