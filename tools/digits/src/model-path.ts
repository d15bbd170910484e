import { fileURLToPath } from "node:url";

/** The trained network: "image" float32 [batch, 1, 8, 8] to "probabilities" float32 [batch, 10]. */
export const modelPath: string = fileURLToPath(new URL("../model/digits.onnx", import.meta.url));
