import { InvalidModelError } from "../../../errors/index.js";
import { LzmaWindow } from "./lzma-window.js";
import { EVEN_PROBABILITY, RangeDecoder } from "./range-decoder.js";

const STATES = 12;
const POSITION_STATES_MAX = 16;
const FIRST_STATE_AFTER_LITERALS = 7;
const LENGTH_MIN = 2;
const LITERAL_CODER_SIZE = 0x300;
const END_POSITION_MODEL = 14;
const FULL_DISTANCES = 128;
const ALIGN_BITS = 4;
const LENGTH_STATES = 4;

/** Probabilities of one length coder: two choices, low and mid trees per position state, one high tree. */
class LengthCoder {
  readonly #choices = new Uint16Array(2);
  readonly #low = new Uint16Array(POSITION_STATES_MAX << 3);
  readonly #middle = new Uint16Array(POSITION_STATES_MAX << 3);
  readonly #high = new Uint16Array(256);

  reset(): void {
    for (const table of [this.#choices, this.#low, this.#middle, this.#high]) table.fill(EVEN_PROBABILITY);
  }

  decode(range: RangeDecoder, positionState: number): number {
    if (range.bit(this.#choices, 0) === 0) return LENGTH_MIN + range.tree(this.#low, positionState << 3, 3);
    if (range.bit(this.#choices, 1) === 0) return LENGTH_MIN + 8 + range.tree(this.#middle, positionState << 3, 3);
    return LENGTH_MIN + 16 + range.tree(this.#high, 0, 8);
  }
}

/**
 * Decodes LZMA chunks into a window. State lives from one chunk to the next until `resetState`, as LZMA2 wants it.
 * Written from the public-domain description of the format by Igor Pavlov.
 */
export class LzmaDecoder {
  readonly #range = new RangeDecoder();
  readonly #window: LzmaWindow;

  readonly #isMatch = new Uint16Array(STATES << 4);
  readonly #isRepeat = new Uint16Array(STATES);
  readonly #isRepeat0 = new Uint16Array(STATES);
  readonly #isRepeat1 = new Uint16Array(STATES);
  readonly #isRepeat2 = new Uint16Array(STATES);
  readonly #isLongRepeat0 = new Uint16Array(STATES << 4);
  readonly #distanceSlots = new Uint16Array(LENGTH_STATES << 6);
  readonly #distances = new Uint16Array(1 + FULL_DISTANCES - END_POSITION_MODEL);
  readonly #align = new Uint16Array(1 << ALIGN_BITS);
  readonly #matchLengths = new LengthCoder();
  readonly #repeatLengths = new LengthCoder();
  #literals = new Uint16Array(0);

  #literalContextBits = 0;
  #literalPositionMask = 0;
  #positionMask = 0;

  #state = 0;
  #repeat0 = 0;
  #repeat1 = 0;
  #repeat2 = 0;
  #repeat3 = 0;

  constructor(window: LzmaWindow) {
    this.#window = window;
  }

  /** Sets lc, lp and pb from the properties byte `(pb * 5 + lp) * 9 + lc`; LZMA2 wants lc + lp <= 4. */
  setProperties(byte: number): void {
    const literalContextBits = byte % 9;
    const literalPositionBits = Math.floor(byte / 9) % 5;
    const positionBits = Math.floor(byte / 45);
    if (positionBits > 4 || literalContextBits + literalPositionBits > 4) {
      throw new InvalidModelError(`The xz data is damaged: ${byte} is no valid LZMA properties byte.`);
    }
    this.#literalContextBits = literalContextBits;
    this.#literalPositionMask = (1 << literalPositionBits) - 1;
    this.#positionMask = (1 << positionBits) - 1;
    this.#literals = new Uint16Array(LITERAL_CODER_SIZE << (literalContextBits + literalPositionBits));
  }

  resetState(): void {
    const tables = [
      this.#isMatch, this.#isRepeat, this.#isRepeat0, this.#isRepeat1, this.#isRepeat2, this.#isLongRepeat0,
      this.#distanceSlots, this.#distances, this.#align, this.#literals,
    ];
    for (const table of tables) table.fill(EVEN_PROBABILITY);
    this.#matchLengths.reset();
    this.#repeatLengths.reset();
    this.#state = 0;
    this.#repeat0 = this.#repeat1 = this.#repeat2 = this.#repeat3 = 0;
  }

  /** Decodes one chunk of exactly `length` bytes into the window. */
  decode(input: Uint8Array, length: number): void {
    const window = this.#window;
    const end = window.position + length;
    this.#range.start(input);
    while (window.position < end) {
      const positionState = window.total & this.#positionMask;
      if (this.#range.bit(this.#isMatch, (this.#state << 4) + positionState) === 0) this.#decodeLiteral();
      else this.#decodeMatch(positionState, end);
    }
    if (!this.#range.isFinished) throw new InvalidModelError("The xz data is damaged: an LZMA chunk does not end where it should.");
  }

  #decodeLiteral(): void {
    const range = this.#range;
    const window = this.#window;
    const literals = this.#literals;
    const context = this.#literalContextBits;
    const previous = window.byteAt(1);
    const offset = LITERAL_CODER_SIZE * (((window.total & this.#literalPositionMask) << context) + (previous >> (8 - context)));
    if (this.#state < FIRST_STATE_AFTER_LITERALS) window.put(range.tree(literals, offset, 8));
    else window.put(this.#decodeLiteralAfterMatch(offset, window.byteAt(this.#repeat0 + 1)));
    if (this.#state < 4) this.#state = 0;
    else this.#state -= this.#state < 10 ? 3 : 6;
  }

  /** The byte that broke a match: its bits are coded with those of the byte that would have continued the match. */
  #decodeLiteralAfterMatch(offset: number, matchByte: number): number {
    const range = this.#range;
    const literals = this.#literals;
    let match = matchByte;
    let symbol = 1;
    do {
      const matchBit = (match >> 7) & 1;
      match <<= 1;
      const bit = range.bit(literals, offset + ((1 + matchBit) << 8) + symbol);
      symbol = (symbol << 1) | bit;
      if (matchBit !== bit) break;
    } while (symbol < 0x100);
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(literals, offset + symbol);
    return symbol & 0xff;
  }

  #decodeMatch(positionState: number, end: number): void {
    const range = this.#range;
    const state = this.#state;
    let length: number;
    if (range.bit(this.#isRepeat, state) === 0) {
      this.#repeat3 = this.#repeat2;
      this.#repeat2 = this.#repeat1;
      this.#repeat1 = this.#repeat0;
      length = this.#matchLengths.decode(range, positionState);
      this.#repeat0 = this.#decodeDistance(length);
      this.#state = state < FIRST_STATE_AFTER_LITERALS ? 7 : 10;
    } else if (this.#chooseRepeat(positionState)) {
      length = this.#repeatLengths.decode(range, positionState);
      this.#state = state < FIRST_STATE_AFTER_LITERALS ? 8 : 11;
    } else {
      length = 1;
      this.#state = state < FIRST_STATE_AFTER_LITERALS ? 9 : 11;
    }
    this.#window.repeat(this.#repeat0 + 1, length, end);
  }

  /** Moves the chosen earlier distance to the front; false for the short form that repeats a single byte. */
  #chooseRepeat(positionState: number): boolean {
    const range = this.#range;
    const state = this.#state;
    if (range.bit(this.#isRepeat0, state) === 0) return range.bit(this.#isLongRepeat0, (state << 4) + positionState) === 1;
    let distance: number;
    if (range.bit(this.#isRepeat1, state) === 0) distance = this.#repeat1;
    else {
      if (range.bit(this.#isRepeat2, state) === 0) distance = this.#repeat2;
      else {
        distance = this.#repeat3;
        this.#repeat3 = this.#repeat2;
      }
      this.#repeat2 = this.#repeat1;
    }
    this.#repeat1 = this.#repeat0;
    this.#repeat0 = distance;
    return true;
  }

  #decodeDistance(length: number): number {
    const range = this.#range;
    const lengthState = Math.min(length - LENGTH_MIN, LENGTH_STATES - 1);
    const slot = range.tree(this.#distanceSlots, lengthState << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < END_POSITION_MODEL) return base + range.reverseTree(this.#distances, base - slot, bits);
    const high = (range.direct(bits - ALIGN_BITS) << ALIGN_BITS) >>> 0;
    return base + high + range.reverseTree(this.#align, 0, ALIGN_BITS);
  }
}
