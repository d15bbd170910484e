import { fileURLToPath } from "node:url";
import { createJiti, type Jiti } from "jiti";

let jiti: Jiti | undefined;

/** Imports a TypeScript file, and what it imports, after translating it. Packages are imported by Node, so that there is one copy of each. */
export function importTranspiled(file: string): Promise<Record<string, unknown>> {
  // No cache of files: it would lie where others may write.
  jiti ??= createJiti(import.meta.url, { fsCache: false, sourceMaps: true });
  return jiti.import(file);
}

/** The files that were imported in this way. */
export function transpiledFiles(): string[] {
  return Object.keys(jiti?.cache ?? {});
}

/**
 * An ES module that stands for a TypeScript file: Node's loader needs to know the names of the exports before anything runs.
 *
 * @param translated the file as CommonJS, by jiti.
 */
export function standIn(url: string, translated: string, transpilerUrl: string): string {
  // What a file has from another is defined, what is its own is assigned.
  const exported = /\bexports\.([A-Za-z_$][\w$]*)\s*=|\bdefineProperty\(exports, "([A-Za-z_$][\w$]*)"/g;
  const names = new Set([...translated.matchAll(exported)].map(([, own, other]) => (own ?? other) as string));
  for (const name of ["default", "__esModule"]) names.delete(name);
  const file = JSON.stringify(fileURLToPath(url));
  return [
    `import { importTranspiled } from ${JSON.stringify(transpilerUrl)};`,
    `const module = await importTranspiled(${file});`,
    `export default module.default;`,
    ...[...names].map((name) => `const of_${name} = module[${JSON.stringify(name)}]; export { of_${name} as ${name} };`),
  ].join("\n");
}
