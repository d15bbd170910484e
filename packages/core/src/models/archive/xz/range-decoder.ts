import { InvalidModelError } from "../../../errors/index.js";

/** A probability of one half, in the 11 bits that LZMA uses. */
export const EVEN_PROBABILITY: number = 1 << 10;

const PROBABILITY_BITS = 11;
const ADAPTION_SHIFT = 5;
/** Certainty, in the same 11 bits. */
const ONE = 1 << PROBABILITY_BITS;
const TOP_BYTE = 0xff << 24;
/** Flips the sign bit, so that two 32-bit patterns compare as unsigned numbers while they stay small integers. */
const SIGN = -0x80000000;

/**
 * The adaptive binary range decoder of LZMA (Igor Pavlov's public-domain format description). `range` and `code` are
 * unsigned 32-bit values kept as signed ones: that way the engine holds them as small integers and never as boxed doubles.
 */
export class RangeDecoder {
  #range = 0;
  #code = 0;
  #input: Uint8Array = new Uint8Array(0);
  #position = 0;

  /** Starts on one chunk; every chunk begins with a zero byte and the first four bytes of the code. */
  start(input: Uint8Array): void {
    if (input.length < 5 || input[0] !== 0) throw new InvalidModelError("The xz data is damaged: an LZMA chunk starts wrongly.");
    this.#input = input;
    this.#code = (input[1]! << 24) | (input[2]! << 16) | (input[3]! << 8) | input[4]!;
    this.#range = -1;
    this.#position = 5;
  }

  /** True when the chunk was used up exactly. */
  get isFinished(): boolean {
    return this.#code === 0 && this.#position === this.#input.length;
  }

  /** Decodes one bit with the probability at `index` and adapts it. */
  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index]!;
    const bound = Math.imul(this.#range >>> PROBABILITY_BITS, probability);
    let bit: number;
    if ((this.#code ^ SIGN) < (bound ^ SIGN)) {
      this.#range = bound;
      probabilities[index] = probability + ((ONE - probability) >> ADAPTION_SHIFT);
      bit = 0;
    } else {
      this.#range = (this.#range - bound) | 0;
      this.#code = (this.#code - bound) | 0;
      probabilities[index] = probability - (probability >> ADAPTION_SHIFT);
      bit = 1;
    }
    if ((this.#range & TOP_BYTE) === 0) this.#refill();
    return bit;
  }

  /**
   * Decodes `count` bits, highest first, through a tree of probabilities that begins at `offset`. Literals pass through
   * here, eight bits each, so the state is kept in local variables: faster than `count` calls of `bit`.
   */
  tree(probabilities: Uint16Array, offset: number, count: number): number {
    const input = this.#input;
    let range = this.#range;
    let code = this.#code;
    let position = this.#position;
    let node = 1;
    for (let level = 0; level < count; level++) {
      const probability = probabilities[offset + node]!;
      const bound = Math.imul(range >>> PROBABILITY_BITS, probability);
      if ((code ^ SIGN) < (bound ^ SIGN)) {
        range = bound;
        probabilities[offset + node] = probability + ((ONE - probability) >> ADAPTION_SHIFT);
        node <<= 1;
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        probabilities[offset + node] = probability - (probability >> ADAPTION_SHIFT);
        node = (node << 1) | 1;
      }
      if ((range & TOP_BYTE) === 0) {
        range <<= 8;
        code = (code << 8) | (position < input.length ? input[position]! : 0);
        position++;
      }
    }
    this.#range = range;
    this.#code = code;
    this.#position = position;
    return node - (1 << count);
  }

  /** As `tree`, lowest bit first. */
  reverseTree(probabilities: Uint16Array, offset: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let level = 0; level < count; level++) {
      const bit = this.bit(probabilities, offset + node);
      node = (node << 1) | bit;
      value |= bit << level;
    }
    return value;
  }

  /** Decodes `count` bits of even probability, highest first. */
  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) {
      this.#range >>>= 1;
      const isSet = (this.#code ^ SIGN) >= (this.#range ^ SIGN);
      if (isSet) this.#code = (this.#code - this.#range) | 0;
      value = (value << 1) | (isSet ? 1 : 0);
      if ((this.#range & TOP_BYTE) === 0) this.#refill();
    }
    return value;
  }

  #refill(): void {
    this.#range <<= 8;
    // Past the end zeros are read; `isFinished` then finds the position beyond the end.
    this.#code = (this.#code << 8) | (this.#position < this.#input.length ? this.#input[this.#position]! : 0);
    this.#position++;
  }
}
