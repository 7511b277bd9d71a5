import { type ErrorParts, InputError } from "../../contracts/index.ts";

/** Permanent codes of everything that can be wrong with a file's content or with the way a task names it. */
export type ContentErrorCode =
  | "DATA_CONFIG_UNKNOWN"
  | "DATA_FORMAT_UNKNOWN"
  | "DATA_LOCAL_MISSING"
  | "DATA_MALFORMED"
  | "DATA_NEEDS_SCRIPT"
  | "DATA_NOT_UTF8"
  | "DATA_SPEC_INVALID"
  | "DATA_SPLITS_UNCLEAR"
  | "DATA_SPLIT_EMPTY"
  | "DATA_SPLIT_UNKNOWN";

/** A data file, or the task's description of it, can't be used as it is. */
export class ContentError extends InputError {
  constructor(parts: ErrorParts & { code: ContentErrorCode }) {
    super(parts);
  }
}
