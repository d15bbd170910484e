/** Something that whoever runs the command can put right: shown as one line, without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
