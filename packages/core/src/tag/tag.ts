import { InvalidArgumentError } from "../errors/index.js";
import { newVersion } from "./new-version.js";

const PART = /^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/;
const PART_MAX_LENGTH = 63;
const LATEST = "latest";
/** Two installed copies of this package recognise each other's tags by it. */
const BRAND: unique symbol = Symbol.for("bentoml.Tag") as never;

/** A Tag that names one version. */
export type VersionedTag = Tag & { readonly version: string };

/** What is taken wherever a tag is wanted: text such as `"digits:v1"`, or a Tag, also one of another copy of this package. */
export type TagLike = string | Tag | { readonly name: string; readonly version: string | undefined };

/**
 * The name of a model or runner, with or without a version: `name` or `name:version`. Both parts are 1 to 63 characters of
 * `a-z`, `0-9`, `-`, `_` and `.`, and begin and end with a letter or digit. ASCII capitals are lowered, with a process
 * warning of the code `BENTOML_TAG_LOWERCASED`. Immutable.
 */
export class Tag {
  /** Name of the model or runner, in lower case. */
  readonly name: string;
  /** Undefined when none was given; `latest` as it was given. */
  readonly version: string | undefined;

  /** Throws InvalidArgumentError, which names the part and the rule that it breaks. */
  constructor(name: string, version?: string) {
    this.name = checkedPart("name", name);
    this.version = version === undefined ? undefined : checkedPart("version", version);
    Object.freeze(this);
  }

  /** Reads `name` or `name:version`; the first colon divides. Throws InvalidArgumentError. */
  static parse(text: string): Tag {
    if (typeof text !== "string") throw new InvalidArgumentError(`A tag must be text such as "digits:v1", got ${typeof text}.`);
    const colon = text.indexOf(":");
    if (colon === -1) return new Tag(text);
    const name = text.slice(0, colon);
    const version = text.slice(colon + 1);
    if (version === "") {
      throw new InvalidArgumentError(`${quoted(text)} ends with a colon. For the newest version write "${name}" or "${name}:${LATEST}".`);
    }
    return new Tag(name, version);
  }

  /** The Tag itself, or the parsed text. */
  static from(value: TagLike): Tag {
    if (value instanceof Tag) return value;
    return typeof value === "object" && (value as unknown) !== null ? new Tag(value.name, value.version) : Tag.parse(value as string);
  }

  /** A fresh version for a new model: 16 characters of `a-z2-7`. */
  static newVersion(): string {
    return newVersion();
  }

  /** Order: by name, then a tag without version before any with one, then by the version's text. */
  static compare(left: Tag, right: Tag): number {
    return compareText(left.name, right.name) || compareText(left.version ?? "", right.version ?? "");
  }

  /** By it, tags of another installed copy of this package are recognised. */
  get [BRAND](): true {
    return true;
  }

  /** True when the newest version is meant: no version, or the word `latest`. */
  get isLatest(): boolean {
    return this.version === undefined || this.version === LATEST;
  }

  /** The tag of a model that is about to be saved: a missing version is made up, the version `latest` is refused. */
  forNewModel(): VersionedTag {
    if (this.version === LATEST) {
      throw new InvalidArgumentError(
        `A model cannot be saved as "${this.toString()}": "${LATEST}" always means the newest version. Save as "${this.name}" or with another version.`,
      );
    }
    return this.version === undefined ? this.withVersion(newVersion()) : (this as VersionedTag);
  }

  /** The tag of the same name and another version. Throws InvalidArgumentError for a version that cannot be. */
  withVersion(version: string): VersionedTag {
    return new Tag(this.name, version) as VersionedTag;
  }

  /** `name` or `name:version`. */
  toString(): string {
    return this.version === undefined ? this.name : `${this.name}:${this.version}`;
  }

  /** The text, as `toString` gives it. */
  toJSON(): string {
    return this.toString();
  }

  /** True for a Tag of the same name and version; text is not equal to a Tag. */
  equals(other: unknown): boolean {
    return isTag(other) && other.name === this.name && other.version === this.version;
  }
}

function isTag(value: unknown): value is Tag {
  return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}

function checkedPart(part: "name" | "version", text: string): string {
  if (typeof text !== "string") throw new InvalidArgumentError(`A tag's ${part} must be text, got ${typeof text}.`);
  // Only A-Z: lowering all of Unicode would turn a foreign letter such as the Kelvin sign into an ASCII one.
  const lowered = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (!PART.test(lowered) || lowered.length > PART_MAX_LENGTH) {
    throw new InvalidArgumentError(
      `${quoted(text)} is not a valid ${part} of a tag: it must be 1 to ${PART_MAX_LENGTH} characters of a-z, 0-9, "-", "_" and ".", ` +
        "and begin and end with a letter or digit.",
    );
  }
  if (lowered !== text) {
    process.emitWarning(`The tag ${part} ${quoted(text)} was changed to ${quoted(lowered)}: tags are lower case.`, {
      type: "BentoMLWarning",
      code: "BENTOML_TAG_LOWERCASED",
    });
  }
  return lowered;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
