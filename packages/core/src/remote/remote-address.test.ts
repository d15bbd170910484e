import { expect, test } from "vitest";
import { remoteAddress } from "./remote-address.js";

test.each([
  ["http://127.0.0.1:3000", "http://127.0.0.1:3000", undefined, "", false],
  ["http://[::1]:3000/", "http://[::1]:3000", undefined, "", false],
  ["https://runner.example", "https://runner.example", undefined, "", true],
  ["http://proxy:8080/runners/digits/", "http://proxy:8080", undefined, "/runners/digits", false],
  ["tcp://10.0.0.1:4000", "http://10.0.0.1:4000", undefined, "", false],
  ["unix:/run/digits.sock", "http://localhost", "/run/digits.sock", "", false],
  ["unix:///run/with%20space.sock", "http://localhost", "/run/with space.sock", "", false],
  ["file:///run/digits.sock", "http://localhost", "/run/digits.sock", "", false],
])("%s", (url, origin, socketPath, pathPrefix, isEncrypted) => {
  expect(remoteAddress(url)).toEqual({ origin, socketPath, pathPrefix, isEncrypted, shown: url });
});

test.each([
  ["digits:3000/", /no scheme of runner servers/],
  ["no url", /it is no URL/],
  ["ftp://host:21", /"ftp:" is no scheme/],
  ["tcp://host", /names no port/],
  ["unix:run/digits.sock", /must be absolute/],
  ["http://host:1/?a=1", /query or a fragment/],
  ["http://user:secret@host:1/", /pass the option "token"/],
])("%s is refused, and the message says which forms there are", (url, why) => {
  expect(() => remoteAddress(url)).toThrow(why);
  expect(() => remoteAddress(url)).toThrow(/"http:\/\/host:port"/);
});

test("a password in the address does not get into the message", () => {
  expect(() => remoteAddress("http://user:secret@host:1/")).not.toThrow(/secret/);
});
