import { configurationError, shown } from "./configuration-error.js";
import { merge, withValue, type Section } from "./section.js";
import { readYaml, type Environment } from "./yaml-text.js";

/** Keys that would reach into an object's prototype. */
const REFUSED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}", '"': '"', "'": "'" };
const OPENS_AFTER = /[\s=.,:[{]/;

/**
 * Reads `BENTOML_CONFIG_OPTIONS`: `dotted.key=value`, several divided by white space. Values are YAML (`[1, 2]`, `{cpu: 2}`, `true`,
 * `null`, text). Quotes, single or double, keep dots, spaces and equals signs together: `runners."my.runner".resources.cpu="100m"`.
 *
 * @throws InvalidArgumentError that names `label` and the part that cannot be read.
 */
export function readOptionText(text: string, label: string, environment: Environment): Section {
  let section: Section = {};
  for (const option of split(text, /\s/)) if (option !== "") section = merge(section, readOption(option, label, environment));
  return section;
}

function readOption(option: string, label: string, environment: Environment): Section {
  const [key = ""] = split(option, /=/);
  const path = split(key, /\./).map(unquoted);
  if (!option.startsWith(`${key}=`) || path.some((part) => part === "" || REFUSED.has(part))) {
    throw configurationError(`${label} has ${shown(option)}; each option must be dotted.key=value, such as runners.batching.max_batch_size=32.`);
  }
  try {
    return withValue({}, path, readYaml(option.slice(key.length + 1), environment));
  } catch (error) {
    throw configurationError(`${label} has ${shown(option)}: ${(error as Error).message}`, error);
  }
}

/** The parts between separators that stand neither in quotes nor in brackets. Those open at the beginning of a word only. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let part = "";
  let before = " ";
  for (const letter of text) {
    const closing = open.at(-1);
    const isQuoted = closing === '"' || closing === "'";
    if (letter === closing) open.pop();
    else if (!isQuoted && OPENS_AFTER.test(before) && letter in CLOSING) open.push(CLOSING[letter] as string);
    if (closing === undefined && separator.test(letter)) {
      parts.push(part);
      part = "";
    } else part += letter;
    before = letter;
  }
  return [...parts, part];
}

function unquoted(part: string): string {
  return part.replace(/^(["'])(.*)\1$/s, "$2");
}
