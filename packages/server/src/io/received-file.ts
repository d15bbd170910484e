/** The bytes of a file that was sent, and what the sender calls it. Whatever takes a Uint8Array takes it. */
export type ReceivedFile = Uint8Array & {
  /** Such as "image/png", in lower case. */
  readonly mimeType: string;
  /** Of a part of a form that has one. It is the sender's: never a path here. */
  readonly fileName: string | undefined;
};

export function receivedFile(bytes: Uint8Array, mimeType: string, fileName: string | undefined): ReceivedFile {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Object.defineProperties(plain, { mimeType: { value: mimeType }, fileName: { value: fileName } }) as ReceivedFile;
}
