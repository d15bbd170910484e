import { element, freshId } from "./element.js";

export const SHEET_SIDE = 280;
const PEN_STEP = 8;
const PEN_EDGE = 13;
const steps: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A sheet of white paper to draw on in black, by pointer or keyboard. */
export class DrawingSheet {
  readonly node: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #paper: HTMLElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #ended: () => void;
  readonly #pen = { x: SHEET_SIDE / 2, y: 60, isDown: false };
  readonly #ring = element("span", { class: "pen", "aria-hidden": "true", hidden: true });

  /** @param ended told when a stroke has ended, and when the sheet is cleared. */
  constructor(name: string, ended: () => void) {
    this.#ended = ended;
    const keys = freshId("keys");
    this.canvas = element("canvas", { width: SHEET_SIDE, height: SHEET_SIDE, tabindex: 0, role: "application", "aria-label": `A sheet to draw ${name} on`, "aria-describedby": keys });
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("this browser cannot draw");
    this.#context = context;
    const hint = element("p", { class: "quiet hint", id: keys }, "By keyboard: arrows move the pen, Space puts it down and lifts it, Escape clears.");
    this.#paper = element("div", { class: "paper" }, this.canvas, this.#ring);
    this.node = element("div", { class: "sheet" }, this.#paper, hint);
    this.#listenToPointer();
    this.#listenToKeys();
    this.#wipe();
  }

  get isBlank(): boolean {
    return this.#paper.dataset["blank"] !== undefined;
  }

  clear(): void {
    this.#wipe();
    this.#ended();
  }

  /** Shows a picture, all of it. */
  show(picture: CanvasImageSource, { width, height }: { readonly width: number; readonly height: number }): void {
    this.#wipe();
    delete this.#paper.dataset["blank"];
    const scale = Math.min(SHEET_SIDE / width, SHEET_SIDE / height);
    this.#context.drawImage(picture, (SHEET_SIDE - width * scale) / 2, (SHEET_SIDE - height * scale) / 2, width * scale, height * scale);
  }

  #wipe(): void {
    this.#paper.dataset["blank"] = "";
    this.#context.fillStyle = "#fff";
    this.#context.fillRect(0, 0, SHEET_SIDE, SHEET_SIDE);
    Object.assign(this.#context, { lineWidth: 30, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  }

  #line(x: number, y: number): void {
    delete this.#paper.dataset["blank"];
    this.#context.lineTo(x, y);
    this.#context.stroke();
  }

  #listenToPointer(): void {
    const place = ({ offsetX, offsetY }: PointerEvent): [number, number] => {
      const scale = SHEET_SIDE / this.canvas.clientWidth;
      return [offsetX * scale, offsetY * scale];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#context.beginPath();
      this.#context.moveTo(...place(event));
      this.#line(...place(event));
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0 && this.canvas.hasPointerCapture(event.pointerId)) this.#line(...place(event));
    });
    this.canvas.addEventListener("pointerup", () => this.#ended());
  }

  #listenToKeys(): void {
    this.canvas.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (event.key === "Escape") this.clear();
      else if (event.key === " ") this.#togglePen();
      else if (step !== undefined) this.#movePen(step);
      else return;
      event.preventDefault();
      this.#placeRing();
    });
    this.canvas.addEventListener("focus", () => {
      this.#ring.hidden = !this.canvas.matches(":focus-visible");
      this.#placeRing();
    });
    this.canvas.addEventListener("blur", () => (this.#ring.hidden = true));
  }

  #togglePen(): void {
    this.#pen.isDown = !this.#pen.isDown;
    if (!this.#pen.isDown) this.#ended();
  }

  #movePen([across, down]: readonly [number, number]): void {
    const inside = (value: number): number => Math.min(SHEET_SIDE - PEN_EDGE, Math.max(PEN_EDGE, value));
    this.#context.beginPath();
    this.#context.moveTo(this.#pen.x, this.#pen.y);
    this.#pen.x = inside(this.#pen.x + PEN_STEP * across);
    this.#pen.y = inside(this.#pen.y + PEN_STEP * down);
    if (this.#pen.isDown) this.#line(this.#pen.x, this.#pen.y);
  }

  #placeRing(): void {
    const scale = this.canvas.clientWidth / SHEET_SIDE;
    this.#ring.classList.toggle("down", this.#pen.isDown);
    this.#ring.style.left = `${this.#pen.x * scale}px`;
    this.#ring.style.top = `${this.#pen.y * scale}px`;
  }
}
