import { AssayError, type ErrorParts } from "../../contracts/index.ts";

/** The folder that keeps downloads can't be used. */
export class CacheError extends AssayError {
  override readonly name = "CacheError";

  constructor(parts: ErrorParts & { code: "DATA_CACHE_DAMAGED" | "DATA_CACHE_UNUSABLE" | "DATA_DISK_FULL" }) {
    super(parts);
  }
}
