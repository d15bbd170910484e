import sharp from "sharp";

/** A JPEG with colours that change as softly and with as much grain as those of a photo: about 600 kB at 1920 x 1080. */
export async function somePhoto(width: number, height: number): Promise<Uint8Array> {
  const [columns, rows] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  let state = 1;
  const noise = Uint8Array.from({ length: columns * rows * 3 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return sharp(noise, { raw: { width: columns, height: rows, channels: 3 } }).resize(width, height, { kernel: "cubic" }).jpeg({ quality: 90 }).toBuffer();
}
