import { join } from "node:path";
import { InvalidModelError } from "../errors/index.js";
import { Tag, type VersionedTag } from "../tag/index.js";
import { MODEL_YAML, type ModelInfo } from "./model-info.js";
import { pathInside } from "./model-path.js";
import { readModelYaml } from "./model-yaml.js";

/** A model that lies in a store. Its files never change; it holds no file open. */
export class StoredModel {
  /** Always with a version. */
  readonly tag: VersionedTag;
  /** Absolute path of the model's folder. */
  readonly path: string;
  /** What its `model.yaml` says. */
  readonly info: ModelInfo;

  constructor(path: string, info: ModelInfo) {
    this.tag = new Tag(info.name, info.version) as VersionedTag;
    this.path = path;
    this.info = info;
  }

  /** Reads the model of the folder `path`, which its model.yaml must call `tag`. Throws InvalidModelError. */
  static read(path: string, tag: VersionedTag): StoredModel {
    const file = join(path, MODEL_YAML);
    const model = new StoredModel(path, readModelYaml(file));
    if (!model.tag.equals(tag)) {
      throw new InvalidModelError(`${file} says that it is ${model.tag.toString()}, but it lies where ${tag.toString()} belongs. Rename the folder or mend the file.`);
    }
    return model;
  }

  /** Absolute path of one of the model's files. Throws InvalidArgumentError for a path that leads out of the model. */
  pathOf(file: string): string {
    return pathInside(this.path, file);
  }

  /** The tag. */
  toString(): string {
    return this.tag.toString();
  }
}
