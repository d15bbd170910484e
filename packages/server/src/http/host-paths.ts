/** Absolute paths of Unix (of two parts and more) and Windows, and file URLs; not the paths of other URLs. */
const paths = /file:\/\/\S+|(?<![\w.:/])\/[\w.@+~-]+(?:\/[\w.@+~-]+)+\/?|\b[A-Za-z]:\\[^\s"'()]+/g;

/** A message as clients may read it: where files lie on this host is nobody's business outside. */
export function withoutPaths(message: string): string {
  return message.replace(paths, "(a path on the server)");
}
