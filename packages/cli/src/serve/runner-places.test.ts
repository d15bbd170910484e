import { InvalidArgumentError } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { RunnerPlaces, readPlaces, socketOf } from "./runner-places.js";

describe("places on the command line", () => {
  test("are names and urls, with the token of all", () => {
    expect([...readPlaces(["a=http://x:1", "b=unix:/run/b=c.sock"], "secret")]).toEqual([
      ["a", { url: "http://x:1", token: "secret" }],
      ["b", { url: "unix:/run/b=c.sock", token: "secret" }],
    ]);
    expect(readPlaces(["a=http://x:1"], undefined).get("a")).toEqual({ url: "http://x:1" });
  });

  test.each([
    [["digits"], /name=url.*got "digits"/],
    [["=http://x:1"], /name=url/],
    [["a=http://x:1", "a=http://x:2"], /"a" is given two places/],
  ])("%j is refused", (texts, message) => {
    expect(() => readPlaces(texts, undefined)).toThrow(InvalidArgumentError);
    expect(() => readPlaces(texts, undefined)).toThrow(message);
  });
});

describe("a runner", () => {
  const named = readPlaces(["far=http://x:1"], undefined);
  const far = { name: "far", embedded: false };
  const near = { name: "near", embedded: false };
  const inside = { name: "inside", embedded: true };

  test("runs where the user says, in a process of its own where there are any, or here", () => {
    const apart = new RunnerPlaces(named, "/run/x");
    expect(apart.of(far)).toEqual({ url: "http://x:1" });
    expect(apart.of(near)).toMatchObject({ url: `unix:${socketOf("/run/x", "near")}` });
    expect(apart.of(inside)).toBeUndefined();
    expect([far, near].map((runner) => apart.isElsewhere(runner))).toEqual([true, false]);
    const here = new RunnerPlaces(named, undefined);
    expect([here.of(far), here.of(near)]).toEqual([{ url: "http://x:1" }, undefined]);
  });

  test("has a socket of a short path, whatever its name", () => {
    expect(socketOf("/run/x", "n".repeat(63))).toMatch(/^\/run\/x\/[0-9a-f]{12}\.sock$/);
    expect(socketOf("/run/x", "a")).not.toBe(socketOf("/run/x", "b"));
  });

  test("must be there, and have a place where all need one", () => {
    const places = new RunnerPlaces(named, undefined);
    expect(() => places.checkNames([near], false)).toThrow(/runner "far", the runners here are: near/);
    expect(() => places.checkNames([far, near], true)).toThrow(/far, near, and given for far: add --depends near=url/);
    expect(() => places.checkNames([far, inside], true)).not.toThrow();
    expect(() => places.checkNames([far, near], false)).not.toThrow();
  });
});
