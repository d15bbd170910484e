import type { TensorSummary } from "../src/page/page-data.js";
import { element } from "./element.js";
import { GridField, isGrid } from "./grid-field.js";
import { ImageField } from "./image-field.js";
import { imageLayout } from "./image-layout.js";
import { JsonField } from "./json-field.js";
import { TabbedPanels } from "./tabbed-panels.js";
import { sampleTensor, shapeText, type TensorValue } from "./tensor-value.js";

/** One way to give a tensor. */
export interface TensorField {
  readonly node: HTMLElement;
  /** Throws InputError when there is nothing that could be sent. */
  read(): TensorValue;
  /** Shows this value, as far as it can. */
  write(value: TensorValue): void;
}

/** Told when a value has changed; `isFinished` when it is one to run with: a stroke has ended, a picture was dropped. */
export type FieldListener = (isFinished: boolean) => void;

interface Way {
  readonly label: string;
  readonly field: TensorField;
}

/** The form for one input: by drawing or dropping a picture, in cells, or as JSON, whatever its signature allows. The first way is the one that is open. */
export function tensorField(tensor: TensorSummary, changed: FieldListener): Pick<TensorField, "node" | "read"> {
  const ways = waysOf(tensor, changed);
  const [first] = ways as [Way];
  first.field.write(sampleTensor(tensor));
  let current = first;
  const show = (index: number): void => {
    const next = ways[index] as Way;
    next.field.write(readOr(current.field, tensor));
    current = next;
    changed(false);
  };
  const body = ways.length === 1 ? first.field.node : new TabbedPanels(`Ways to give ${tensor.name}`, ways.map(({ label, field }) => ({ label, panel: field.node })), show).node;
  const node = element(
    "fieldset",
    { class: "tensor" },
    element("legend", {}, element("b", {}, tensor.name), " ", element("code", {}, `${tensor.datatype} ${shapeText(tensor.shape)}`)),
    body,
  );
  return { node, read: () => current.field.read() };
}

function waysOf(tensor: TensorSummary, changed: FieldListener): Way[] {
  const layout = imageLayout(tensor);
  const json: Way = { label: "JSON", field: new JsonField(tensor, changed) };
  const cells: Way[] = isGrid(tensor) ? [{ label: "Cells", field: new GridField(tensor, changed) }] : [];
  const picture: Way[] = layout === undefined ? [] : [{ label: "Draw or drop", field: new ImageField(tensor, layout, changed) }];
  return [...picture, ...cells, json];
}

function readOr(field: TensorField, tensor: TensorSummary): TensorValue {
  try {
    return field.read();
  } catch {
    return sampleTensor(tensor);
  }
}
