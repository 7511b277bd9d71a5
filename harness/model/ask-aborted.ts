/** A call was given up because the command is ending. Nothing is known about its sample, and nothing is recorded. */
export class AskAborted extends Error {
  override readonly name = "AskAborted";

  constructor() {
    super("The call was given up: the command is ending.");
  }
}
