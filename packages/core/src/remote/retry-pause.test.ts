import { expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Params } from "../containers/index.js";
import { OutgoingCall } from "./outgoing-call.js";
import { spec } from "./remote-calls.testing.js";
import { RemoteCall } from "./remote-call.js";
import { RetryPause } from "./retry-pause.js";
import { RetryRule } from "./retry-rule.js";

const anyCall = (): RemoteCall =>
  new RemoteCall({ method: spec, outgoing: new OutgoingCall(new Params([]), true), marks: {}, givesUpAt: 1, retry: new RetryRule({ retries: 0, isIdempotent: true }) });

test("those that are still wanted go on together; when nobody is, no timer is left", async () => {
  const clock = new VirtualClock();
  const [a, b] = [anyCall(), anyCall()];
  const ended: RemoteCall[][] = [];
  const end = (calls: Iterable<RemoteCall>): unknown => ended.push([...calls]);
  const given = a.result.catch((error: unknown) => error);
  new RetryPause([a, b], clock, 50, end);
  a.giveUp(new Error("enough"));
  await clock.advance(49);
  expect(ended).toEqual([]);
  await clock.advance(1);
  expect(ended).toEqual([[b]]);
  expect(await given).toMatchObject({ message: "enough" });
  const c = anyCall();
  c.result.catch(() => undefined);
  new RetryPause([c], clock, 50, end);
  c.giveUp(new Error("enough"));
  expect(clock.pendingTimers).toBe(0);
});
