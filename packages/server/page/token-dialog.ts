import { element, freshId } from "./element.js";

/** Asks for the server's token until something is given. */
export function askForToken(isWrong: boolean): Promise<string> {
  const id = freshId("token");
  const input = element("input", { id, type: "password", autocomplete: "off", required: true, spellcheck: "false" });
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", {}, "This server asks for a token"),
    isWrong && element("p", { class: "problem", role: "alert" }, "That was not one of its tokens."),
    element("label", { for: id }, "Token"),
    input,
    element("p", { class: "quiet" }, "It stays in this tab and goes to this server only."),
    element("button", { class: "primary" }, "Go on"),
  );
  const dialog = element("dialog", { "aria-label": "Token" }, form);
  // There is nothing behind the dialog to go back to.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
      dialog.remove();
      resolve(input.value.trim());
    });
  });
}
