/** A compressed stream breaks off or isn't what its name says. Becomes `DATA_MALFORMED` where the file's name is known. */
export class CompressionError extends Error {
  override readonly name = "CompressionError";
}

/** Is this ours, or one of zlib's? */
export function isCompressionError(error: unknown): error is Error {
  if (error instanceof CompressionError) return true;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("Z_") || code.startsWith("ZSTD_");
}
