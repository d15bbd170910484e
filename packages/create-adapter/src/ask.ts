import { cancel, group, select, text } from "@clack/prompts";
import { adapterNames, troubleWithName } from "./adapter-names.js";
import { usualDescription, type Answers } from "./answers.js";
import type { CommandLine } from "./command-line.js";
import { licences, type Licence } from "./licence.js";
import { UserError } from "./user-error.js";

/** The symbol is that of a question which was given up. */
type Asked = { readonly [Key in keyof Answers]: Answers[Key] | symbol };

/**
 * Asks for what was not given.
 *
 * @throws UserError when the questions are given up.
 */
export async function ask(given: CommandLine): Promise<Answers> {
  return group<Asked>(
    {
      name: async () =>
        given.name ?? (await text({ message: "Which framework is it for?", placeholder: "my-framework", validate: (name) => troubleWithName(name ?? "") })),
      description: async ({ results }) => {
        const usual = usualDescription(adapterNames(String(results.name)).title);
        return given.description ?? (await text({ message: "What does it do?", defaultValue: usual, placeholder: usual }));
      },
      author: async () => given.author ?? (await text({ message: "Who wrote it?", placeholder: "Ada Lovelace <ada@example.org>", defaultValue: "" })),
      licence: async () =>
        given.licence ?? (await select<Licence>({ message: "Under which licence?", options: licences.map((value) => ({ value })), initialValue: "Apache-2.0" })),
    },
    {
      onCancel: () => {
        cancel("Nothing was written.");
        throw new UserError("Given up.");
      },
    },
  );
}
