import { DataContainerBase, type JoinedBatch, type Payload } from "bentoml-core";
import { Image, type LoadedImage } from "./image.js";
import { imageRegistration } from "./image-container.js";
import { loadSharp } from "./native-library.js";
import { isSharpInstance, type SharpInstance } from "./sharp-instance.js";

const images = imageRegistration.container;

/**
 * Values that `sharp(…)` gives, for users' own Runnables. One without steps travels as its input's bytes; of any other its
 * pipeline is run, in libuv's threads, and the pixels travel: nothing is encoded anew. What arrives is an instance of the same
 * bytes or pixels, ready for more steps.
 */
export class SharpContainer extends DataContainerBase<SharpInstance> {
  readonly name = "SharpContainer";

  getBatchSize(): number {
    return 1;
  }

  batchesToBatch(): JoinedBatch<SharpInstance> {
    return images.batchesToBatch() as never;
  }

  batchToBatches(): SharpInstance[] {
    return images.batchToBatches() as never;
  }

  async toPayload(instance: SharpInstance): Promise<Payload> {
    return { ...(await images.toPayload(Image.fromSharp(instance))), container: this.name };
  }

  /** @throws MissingDependencyError where sharp is not installed. */
  async fromPayload(payload: Payload): Promise<SharpInstance> {
    const image = await images.fromPayload(payload).load();
    const sharp = await loadSharp();
    return image.kind === "encoded" ? sharp(image.bytes) : sharp(image.data, { raw: rawSize(image) });
  }
}

function rawSize({ width, height, channels }: Extract<LoadedImage, { kind: "pixels" }>): { width: number; height: number; channels: 1 | 2 | 3 | 4 } {
  return { width, height, channels };
}

const sharpType = { module: "sharp", name: "Sharp", is: isSharpInstance };

/** For `defineAdapter`. */
export const sharpRegistration: {
  readonly singleType: typeof sharpType;
  readonly batchType: typeof sharpType;
  readonly container: SharpContainer;
} = { singleType: sharpType, batchType: sharpType, container: new SharpContainer() };
