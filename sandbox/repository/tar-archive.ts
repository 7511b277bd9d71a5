const block = 512;

/** A file for {@link tarArchive}: text, readable by all. */
export interface ArchiveFile {
  /** Relative, at most 100 bytes. */
  name: string;
  text: string;
}

/** Packs a few text files as the engine's archive call takes them (ustar). */
export function tarArchive(files: readonly ArchiveFile[]): Buffer {
  const parts = files.flatMap(({ name, text }) => {
    const body = Buffer.from(text);
    return [header(name, body.length), body, Buffer.alloc((block - (body.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  bytes.write(name, 0, 100);
  bytes.write(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0`, 100);
  // The checksum is taken with its own field full of blanks.
  bytes.write("        0", 148);
  bytes.write("ustar\0" + "00", 257, "latin1");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}
