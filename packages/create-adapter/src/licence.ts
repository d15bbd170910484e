export const licences = ["Apache-2.0", "MIT"] as const;

/** As in package.json. */
export type Licence = (typeof licences)[number];

export function isLicence(text: string): text is Licence {
  return (licences as readonly string[]).includes(text);
}
