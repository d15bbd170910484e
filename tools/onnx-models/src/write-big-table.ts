import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { bigTable, bigTableWeights } from "./models/big-table.js";

const [folder, rowsText, columnsText, ...ids] = process.argv.slice(2);
const [rows, columns] = [Number(rowsText), Number(columnsText)];

if (folder === undefined || !Number.isSafeInteger(rows) || !Number.isSafeInteger(columns)) {
  console.error("Usage: write-big-table <folder> <rows> <columns> [id ...]\nEach number of those rows is its id, of all others 0.");
  process.exitCode = 2;
} else {
  writeFileSync(join(folder, "model.onnx"), bigTable({ rows, columns }));
  writeTable(join(folder, bigTableWeights), ids.map(Number));
}

/** A sparse file: what is not written takes no place on the disk. */
function writeTable(path: string, written: readonly number[]): void {
  const file = openSync(path, "w");
  const rowBytes = columns * 4;
  ftruncateSync(file, rows * rowBytes);
  for (const id of written) writeSync(file, new Float32Array(columns).fill(id), 0, rowBytes, id * rowBytes);
  closeSync(file);
}
