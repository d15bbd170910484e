import { describe, expect, it } from "vitest";
import { Adam } from "./adam.js";
import { zeroParameter } from "./layer.js";

describe("Adam", () => {
  it("first steps by the learning rate against each gradient's sign, whatever its size", () => {
    const parameter = zeroParameter(3);
    parameter.gradients.set([1000, -0.001, 0]);
    new Adam([parameter]).step(0.1, 32);
    expect(parameter.values[0]).toBeCloseTo(-0.1, 4);
    expect(parameter.values[1]).toBeCloseTo(0.1, 3);
    expect(parameter.values[2]).toBe(0);
    expect(parameter.gradients).toEqual(new Float64Array(3));
  });

  it("finds the bottom of a parabola", () => {
    const parameter = zeroParameter(1);
    const adam = new Adam([parameter]);
    for (let step = 0; step < 500; step++) {
      parameter.gradients[0] = 2 * (parameter.values[0]! - 3);
      adam.step(0.1, 1);
    }
    expect(parameter.values[0]).toBeCloseTo(3, 2);
  });
});
