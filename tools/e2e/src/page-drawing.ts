import type { Locator, Page } from "playwright-core";

/** A place on a sheet, each from 0 to 1. */
export type Point = readonly [across: number, down: number];

/** Draws one stroke with the mouse. */
export async function drawPath(page: Page, sheet: Locator, path: readonly Point[]): Promise<void> {
  await sheet.scrollIntoViewIfNeeded();
  const box = await sheet.boundingBox();
  if (box === null) throw new Error("the sheet is not to be seen");
  const at = ([across, down]: Point): [number, number] => [box.x + across * box.width, box.y + down * box.height];
  const [first, ...rest] = path as [Point, ...Point[]];
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...at(point), { steps: 6 });
  await page.mouse.up();
}

/** Draws an SVG in the page and drops it as a PNG: the file has to be made where it is dropped. */
export async function dropPicture(page: Page, target: Locator, svg: string): Promise<void> {
  const source = JSON.stringify(`data:image/svg+xml,${encodeURIComponent(svg)}`);
  const dataTransfer = await page.evaluateHandle(`(async () => {
    const image = new Image();
    image.src = ${source};
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], "picture.png", { type: "image/png" }));
    return transfer;
  })()`);
  await target.dispatchEvent("drop", { dataTransfer });
}
