import { dirname, posix, relative, resolve, sep } from "node:path";

/**
 * Each folder is a room with a door: from outside it is imported through its index only. The rooms directly under the
 * root also have an order, and a room imports only those before it. Tests keep to the doors, but may look upwards.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const roomImports = {
  meta: {
    type: "problem",
    schema: [
      {
        type: "object",
        properties: { root: { type: "string" }, rooms: { type: "array", items: { type: "string" } } },
        required: ["root", "rooms"],
        additionalProperties: false,
      },
    ],
    messages: {
      door: 'Import this from the index of its room: "{{door}}".',
      ownDoor: "A room does not import its own index, nor that of a room around it: import the file itself.",
      upwards: 'The room "{{from}}" may not import "{{to}}": rooms import only those below them ({{below}}).',
      unknownRoom: 'The room "{{room}}" has no place in the order of rooms: add it where the lint rule is configured.',
      outside: "This leaves the folder that holds the rooms.",
    },
  },
  create(context) {
    const { root, rooms } = context.options[0];
    const rootFolder = resolve(context.cwd, root);
    const file = foldersOf(rootFolder, context.filename);
    const isTest = /\.test(-d)?\.ts$/.test(context.filename);

    /** @param {{ source?: unknown }} statement */
    function check(statement) {
      const source = /** @type {import("estree").Literal | null | undefined} */ (statement.source);
      if (typeof source?.value !== "string" || !source.value.startsWith(".")) return;
      const target = foldersOf(rootFolder, resolve(dirname(context.filename), source.value));
      const problem = findProblem(file, target, { rooms, isTest });
      if (problem !== undefined) context.report({ node: source, ...problem });
    }

    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/**
 * @param {string[]} file The importing file: its folders under the root, then its name.
 * @param {string[]} target The imported file, likewise.
 * @param {{ rooms: readonly string[], isTest: boolean }} rules
 * @returns {{ messageId: string, data?: Record<string, string> } | undefined}
 */
export function findProblem(file, target, { rooms, isTest }) {
  if (target[0] === "..") return { messageId: "outside" };
  const entered = target.slice(sharedFolders(file, target));
  if (entered.length === 1 && isIndex(target) && !isTest) return { messageId: "ownDoor" };
  if (entered.length > 2 || (entered.length === 2 && !isIndex(target))) {
    return { messageId: "door", data: { door: doorFrom(file, target) } };
  }
  return isTest ? undefined : findWrongOrder(file, target, rooms);
}

/**
 * @param {string[]} file
 * @param {string[]} target
 * @param {readonly string[]} rooms
 */
function findWrongOrder(file, target, rooms) {
  const from = roomOf(file);
  const to = roomOf(target);
  const unknown = [from, to].find((room) => room !== undefined && !rooms.includes(room));
  if (unknown !== undefined) return { messageId: "unknownRoom", data: { room: unknown } };
  if (from === undefined || to === undefined || from === to) return undefined;
  if (rooms.indexOf(to) < rooms.indexOf(from)) return undefined;
  return { messageId: "upwards", data: { from, to, below: rooms.slice(0, rooms.indexOf(from)).join(", ") || "none" } };
}

/** @param {string[]} path */
const roomOf = (path) => (path.length > 1 ? path[0] : undefined);

/** @param {string[]} path */
const isIndex = (path) => /^index\.[jt]s$/.test(path.at(-1) ?? "");

/**
 * @param {string[]} file
 * @param {string[]} target
 */
function sharedFolders(file, target) {
  let depth = 0;
  while (depth < file.length - 1 && depth < target.length - 1 && file[depth] === target[depth]) depth++;
  return depth;
}

/**
 * @param {string[]} file
 * @param {string[]} target
 */
function doorFrom(file, target) {
  const door = [...target.slice(0, sharedFolders(file, target) + 1), "index.js"];
  const path = posix.relative(file.slice(0, -1).join("/"), door.join("/"));
  return path.startsWith(".") ? path : `./${path}`;
}

/**
 * @param {string} rootFolder
 * @param {string} path
 */
function foldersOf(rootFolder, path) {
  return relative(rootFolder, path).split(sep);
}
