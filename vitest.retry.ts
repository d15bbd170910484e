/**
 * How often a test that failed is tried again. CI shares its machine, and a process that does not get its turn in time is
 * no fault of a change; CI's last lines name each test that needed a second try, so that none does so unseen.
 */
export const retry = process.env["CI"] === "true" ? 1 : 0;
