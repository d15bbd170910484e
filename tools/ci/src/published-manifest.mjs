/** @typedef {import("./local-registry.mjs").PublishedManifest} PublishedManifest */

/**
 * What is wrong with a manifest as it was published.
 *
 * @param {PublishedManifest} published
 * @param {PublishedManifest} committed The checkout's, before versions were made.
 * @param {string} version The one that all packages should have.
 * @param {readonly string[]} names Of all packages that are released together.
 * @returns {string[]} A sentence for each fault.
 */
export function faultsOf(published, committed, version, names) {
  const { name } = published;
  const faults = [];
  if (published.version !== version) faults.push(`${name} has version ${published.version}, and ${version} was expected.`);
  for (const [other, range] of Object.entries(published.dependencies ?? {})) {
    if (names.includes(other) && range !== version) faults.push(`${name} depends on ${other} ${range}: they are released together, so it should be ${version}.`);
    if (/^(file|link|workspace|git|http)/.test(range)) faults.push(`${name} depends on ${other} ${range}, which is not on the registry.`);
  }
  const [peers, before] = [published.peerDependencies ?? {}, committed.peerDependencies ?? {}];
  for (const other of new Set([...Object.keys(peers), ...Object.keys(before)])) {
    if (peers[other] === before[other]) continue;
    faults.push(`${name} wants ${other} ${peers[other] ?? "in no version"} as a peer, where ${before[other] ?? "nothing"} is committed: a release should leave the ranges of peers alone.`);
  }
  if (committed.publishConfig?.access !== "public") faults.push(`${name} lacks "access": "public" in its publishConfig.`);
  if (committed.publishConfig?.provenance !== true) faults.push(`${name} lacks "provenance": true in its publishConfig.`);
  if (published.repository === undefined) faults.push(`${name} names no repository: without it the registry refuses provenance.`);
  return faults;
}
