import { element, freshId } from "./element.js";

/** A way to choose a picture from a file; besides, pictures may be dropped on `target`, or pasted while it is to be seen. */
export function pictureFiles(target: HTMLElement, take: (file: Blob) => void): HTMLElement {
  const id = freshId("file");
  const input = element("input", { id, type: "file", accept: "image/*", class: "visually-hidden" });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file !== undefined) take(file);
    input.value = "";
  });
  acceptDrops(target, take);
  acceptPastes(target, take);
  return element("span", { class: "file" }, input, element("label", { for: id, class: "button" }, "Choose a picture"), element("span", { class: "quiet" }, " or drop or paste one"));
}

/** Takes the first file that is dropped on `target`. */
export function acceptDrops(target: HTMLElement, take: (file: File) => void): void {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("dropping");
  });
  target.addEventListener("dragleave", () => target.classList.remove("dropping"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("dropping");
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) take(file);
  });
}

/** The listener leaves with the target: it is the document's, since a sheet itself is never pasted into. */
function acceptPastes(target: HTMLElement, take: (file: Blob) => void): void {
  const listen = (event: ClipboardEvent): void => {
    if (!target.isConnected) return document.removeEventListener("paste", listen);
    const [file] = event.clipboardData?.files ?? [];
    if (file?.type.startsWith("image/") === true && target.checkVisibility()) take(file);
  };
  document.addEventListener("paste", listen);
}
