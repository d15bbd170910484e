/** First bytes of every xz stream. */
export const HEADER_MAGIC: Buffer = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
/** Last bytes of every xz stream. */
export const FOOTER_MAGIC: Buffer = Buffer.from("YZ", "latin1");
/** The id of the LZMA2 filter. */
export const LZMA2_FILTER = 0x21;
