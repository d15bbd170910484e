/** All the names of a new adapter, made from the one that was given. */
export interface AdapterNames {
  /** `my-framework`. */
  readonly framework: string;
  /** The package: `bentoml-my-framework`, or as it was given with a scope. */
  readonly packageName: string;
  /** For classes and types: `MyFramework`. */
  readonly className: string;
  /** For variables: `myFramework`. */
  readonly identifier: string;
  /** For people: `My Framework`. */
  readonly title: string;
}

const NAME = /^(?:@(?<scope>[a-z0-9][a-z0-9-._]*)\/)?(?<rest>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/;
const PREFIX = "bentoml-";
const LONGEST_PACKAGE_NAME = 214;

/** What is wrong with the name, with an example that would do; undefined for nothing. */
export function troubleWithName(given: string): string | undefined {
  if (given === "") return "Give a name, such as my-framework.";
  if (given.length > LONGEST_PACKAGE_NAME - PREFIX.length) return `The name has ${given.length} characters: a package's has at most ${LONGEST_PACKAGE_NAME}.`;
  if (!NAME.test(given)) return `"${given}" is no name for a package: use small letters, digits and single hyphens, beginning with a letter, such as my-framework or @acme/my-framework.`;
  return undefined;
}

/** @param given `my-framework`, `bentoml-my-framework` or `@acme/my-framework`; must have no trouble. */
export function adapterNames(given: string): AdapterNames {
  const { scope, rest = "" } = NAME.exec(given)?.groups ?? {};
  const framework = rest.startsWith(PREFIX) ? rest.slice(PREFIX.length) : rest;
  const words = framework.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const className = words.join("");
  return {
    framework,
    packageName: scope === undefined ? PREFIX + framework : `@${scope}/${PREFIX}${framework}`,
    className,
    identifier: className.charAt(0).toLowerCase() + className.slice(1),
    title: words.join(" "),
  };
}
