import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** What a file's content hashes to, in the two ways the Hub announces. */
export interface ContentDigest {
  bytes: number;
  sha256: string;
  /** Git's id of a blob: sha1 over `blob <bytes>\0` and the content. */
  gitSha1: string;
}

/** Hashes bytes as they pass by. */
export interface ContentHasher {
  update(chunk: Uint8Array): void;
  digest(): ContentDigest;
}

/** @param total length of the whole content, which Git's id begins with */
export function createContentHasher(total: number): ContentHasher {
  const sha256 = createHash("sha256");
  const git = createHash("sha1").update(`blob ${total}\0`);
  let bytes = 0;
  return {
    update(chunk) {
      bytes += chunk.length;
      sha256.update(chunk);
      git.update(chunk);
    },
    digest: () => ({ bytes, sha256: sha256.digest("hex"), gitSha1: git.digest("hex") }),
  };
}

/** Hashes a file on this disk. */
export async function digestFile(location: string, size: number): Promise<ContentDigest> {
  const hasher = createContentHasher(size);
  for await (const chunk of createReadStream(location, { highWaterMark: 1 << 20 })) hasher.update(chunk as Buffer);
  return hasher.digest();
}
