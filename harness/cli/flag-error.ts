/** A flag's value can't be used. The shell makes an InputError `FLAG_INVALID` of it; this one loads nothing, so that help is quick. */
export class FlagError extends Error {
  override readonly name = "FlagError";
  readonly what: string;
  readonly fix: string;

  constructor({ what, fix }: { what: string; fix: string }) {
    super(what);
    this.what = what;
    this.fix = fix;
  }
}
