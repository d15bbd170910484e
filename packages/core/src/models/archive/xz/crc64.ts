/** The reflected ECMA-182 polynomial C96C5795D7870F42, in two halves. */
const POLYNOMIAL_HIGH = 0xc96c5795 | 0;
const POLYNOMIAL_LOW = 0xd7870f42 | 0;

interface Tables {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

let tables: Tables | undefined;

function makeTables(): Tables {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let index = 0; index < 256; index++) {
    let upper = 0;
    let lower = index;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (lower & 1) === 1;
      lower = (lower >>> 1) | (upper << 31);
      upper >>>= 1;
      if (isOdd) {
        upper ^= POLYNOMIAL_HIGH;
        lower ^= POLYNOMIAL_LOW;
      }
    }
    high[index] = upper;
    low[index] = lower;
  }
  return { high, low };
}

/** CRC-64/XZ, in two 32-bit halves because a BigInt for every byte would be some hundred times slower. */
export class Crc64 {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    tables ??= makeTables();
    const { high: highTable, low: lowTable } = tables;
    let high = this.#high;
    let low = this.#low;
    for (let index = 0; index < bytes.length; index++) {
      const entry = (low ^ bytes[index]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ lowTable[entry]!;
      high = (high >>> 8) ^ highTable[entry]!;
    }
    this.#high = high;
    this.#low = low;
  }

  /** Eight bytes, least significant first. */
  digest(): Uint8Array {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(~this.#low, 0);
    bytes.writeInt32LE(~this.#high, 4);
    return bytes;
  }
}
