/** Flags that are for a text given on the command line, which a worker has not. */
const FOR_TEXT = /^--input-type\b/;
/** How modules are found and loaded: what a worker must do as its parent does. Each is followed by its value, or has it after "=". */
const OF_MODULES = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)(=|$)/;
/** Flags of the main script alone: it is no text here, is debugged at one port, and is watched or tested once. */
const OF_MAIN_SCRIPT = /^(--input-type|--inspect|--debug-port|--test|--watch|-i$|--interactive|-c$|--check)/;
const GIVES_TEXT = /^(-e|-p|-pe|--eval|--print)$/;

/**
 * The flags of Node for a worker thread. It inherits them by default, which is right: those for V8 hold for the whole process, and
 * would be refused in a list. A program given as a text is the exception: its type would be refused.
 */
export function threadFlags(flags: readonly string[] = process.execArgv): { readonly execArgv?: string[] } {
  if (!flags.some((flag) => FOR_TEXT.test(flag))) return {};
  const execArgv: string[] = [];
  for (const [index, flag] of flags.entries()) {
    if (!OF_MODULES.test(flag)) continue;
    execArgv.push(flag);
    if (!flag.includes("=")) execArgv.push(flags[index + 1] ?? "");
  }
  return { execArgv };
}

/** The flags of Node for a worker that is a process: all but those of the main script, and but the program that was given as a text. */
export function processFlags(flags: readonly string[] = process.execArgv): string[] {
  return flags.filter((flag, index) => !OF_MAIN_SCRIPT.test(flag) && !GIVES_TEXT.test(flag) && !GIVES_TEXT.test(flags[index - 1] ?? ""));
}
