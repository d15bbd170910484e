import { parseDocument, visit, type Document, type Scalar } from "yaml";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${`, which stands for `${`; or `${NAME}`; or `${NAME:-default}`. */
const VARIABLE = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * Reads YAML 1.1, which is what Python's BentoML reads (`on` and `off` are booleans), and puts variables in: `${NAME}`, or
 * `${NAME:-default}` where the variable may be unset or empty. A text in quotes stays a text; without quotes the result is read as
 * YAML, so that `port: ${PORT:-3000}` is a number.
 *
 * @throws Error that says what is wrong, with line and column, or which variable is not set.
 */
export function readYaml(text: string, environment: Environment): unknown {
  const document = parse(text);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && node.value.includes("${")) setExpanded(node, environment);
    },
  });
  return document.toJS() as unknown;
}

function setExpanded(node: Scalar, environment: Environment): void {
  const given = node.value as string;
  const text = given.replaceAll(VARIABLE, (match: string, name: string | undefined, byDefault: string | undefined) =>
    name === undefined ? "${" : variable(name, byDefault, match, environment),
  );
  node.value = node.type === "PLAIN" ? (parse(text).toJS() as unknown) : text;
}

function variable(name: string, byDefault: string | undefined, match: string, environment: Environment): string {
  const value = environment[name];
  if (byDefault !== undefined) return value === undefined || value === "" ? byDefault : value;
  if (value === undefined) throw new Error(`${match} is not set in the environment; set it, or give a default: \${${name}:-default}`);
  return value;
}

function parse(text: string): Document {
  const document = parseDocument(text, { version: "1.1", logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`it is not YAML: ${error.message.split("\n", 1)[0] ?? ""}`);
  return document;
}
