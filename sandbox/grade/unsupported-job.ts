/** A job this sandbox cannot take: a mistake of the caller, not of the program. */
export class UnsupportedJob extends TypeError {
  override readonly name = "UnsupportedJob";
}
