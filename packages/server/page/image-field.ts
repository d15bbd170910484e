import type { TensorSummary } from "../src/page/page-data.js";
import { DrawingSheet, SHEET_SIDE } from "./drawing-sheet.js";
import { button, element, freshId } from "./element.js";
import { fitPicture, isOnLightPaper } from "./image-fitting.js";
import { pixelScales, pixelsToValues, usualScale, type ImageLayout, type ScaleName } from "./image-layout.js";
import { pictureFiles } from "./picture-files.js";
import { InputError, type TensorValue } from "./tensor-value.js";
import type { FieldListener, TensorField } from "./tensor-field.js";

interface Picture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** A picture as the values of a tensor: drawn, dropped, pasted or from a file. It shows the pixels that the model gets, and how they are scaled. */
export class ImageField implements TensorField {
  readonly node: HTMLElement;
  readonly #tensor: TensorSummary;
  readonly #layout: ImageLayout;
  readonly #changed: FieldListener;
  readonly #sheet: DrawingSheet;
  readonly #preview: HTMLCanvasElement;
  readonly #scale: HTMLSelectElement;
  readonly #problem = element("p", { class: "problem", role: "alert", hidden: true });
  /** Undefined: what is on the sheet. */
  #dropped: Picture | undefined;
  #values: number[] | undefined;

  constructor(tensor: TensorSummary, layout: ImageLayout, changed: FieldListener) {
    this.#tensor = tensor;
    this.#layout = layout;
    this.#changed = changed;
    this.#sheet = new DrawingSheet(tensor.name, () => this.#drawn());
    const { width, height } = layout;
    this.#preview = element("canvas", { width, height, class: "preview", role: "img", "aria-label": `The ${width} by ${height} pixels that the model gets` });
    this.#scale = element("select", { id: freshId("scale") }, ...Object.entries(pixelScales).map(([name, { label }]) => element("option", { value: name }, label)));
    this.#scale.value = usualScale(layout, tensor.datatype);
    this.#scale.addEventListener("change", () => this.#update(true));
    const files = pictureFiles(this.#sheet.node, (file) => void this.#take(file));
    this.node = element("div", { class: "image-field" }, this.#sheet.node, this.#side(files));
  }

  read(): TensorValue {
    if (this.#values === undefined) throw new InputError("There is no picture yet: draw one, drop one here, or choose a file.");
    return { name: this.#tensor.name, datatype: this.#tensor.datatype, shape: this.#layout.shape, data: this.#values };
  }

  /** A sheet has no way back from values: what was drawn stays. */
  write(): void {
    this.#update(false);
  }

  #side(files: HTMLElement): HTMLElement {
    const { width, height, channels } = this.#layout;
    const clear = button("Clear", () => {
      this.#dropped = undefined;
      this.#sheet.clear();
    });
    return element(
      "div",
      { class: "image-side" },
      element("figure", {}, this.#preview, element("figcaption", { class: "quiet" }, `What the model gets: ${width}\u00a0×\u00a0${height}, ${channels === 1 ? "grey" : `${channels} channels`}`)),
      element("p", {}, element("label", { for: this.#scale.id }, "Pixels are scaled to "), this.#scale),
      element("p", { class: "actions" }, files, clear),
      this.#problem,
    );
  }

  #drawn(): void {
    this.#dropped = undefined;
    this.#update(!this.#sheet.isBlank);
  }

  async #take(file: Blob): Promise<void> {
    const source = await openPicture(file).catch(() => undefined);
    this.#problem.hidden = source !== undefined;
    this.#problem.textContent = "This file is no picture that the browser can read.";
    if (source === undefined) return;
    this.#dropped = { source, width: source.width, height: source.height };
    this.#sheet.show(source, source);
    this.#update(true);
  }

  #update(isFinished: boolean): void {
    const picture = this.#dropped ?? { source: this.#sheet.canvas, width: SHEET_SIDE, height: SHEET_SIDE };
    const isEmpty = this.#dropped === undefined && this.#sheet.isBlank;
    const colours = fitPicture(picture.source, picture, this.#layout);
    // Models of one channel have learnt from light strokes on dark.
    const isInverted = this.#layout.channels === 1 && isOnLightPaper(colours);
    this.#values = isEmpty ? undefined : pixelsToValues(colours, this.#layout, this.#tensor.datatype, this.#scale.value as ScaleName, isInverted);
    this.#show(colours, isInverted);
    this.#changed(isFinished && !isEmpty);
  }

  #show(colours: Uint8ClampedArray, isInverted: boolean): void {
    const { width, height, channels } = this.#layout;
    const shown = new ImageData(width, height);
    for (let at = 0; at < colours.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = colours.subarray(at, at + 3);
      const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
      const pixel = channels === 1 ? [grey, grey, grey] : [red, green, blue];
      shown.data.set([...pixel.map((value) => (isInverted ? 255 - value : value)), 255], at);
    }
    this.#preview.getContext("2d")?.putImageData(shown, 0, 0);
  }
}

/** Larger pictures say no more to any of the models, and take memory. */
const LARGEST_SIDE = 2048;

async function openPicture(file: Blob): Promise<ImageBitmap> {
  const whole = await createImageBitmap(file);
  const scale = LARGEST_SIDE / Math.max(whole.width, whole.height);
  if (scale >= 1) return whole;
  const [resizeWidth, resizeHeight] = [Math.round(whole.width * scale), Math.round(whole.height * scale)];
  return createImageBitmap(whole, { resizeWidth, resizeHeight, resizeQuality: "high" });
}
