import type { DownloadProgress } from "../data/index.ts";
import type { Terminal } from "./terminal.ts";

const redrawMs = 100;
/** Smaller files are here before a line about them could be read. */
const leastShown = 1_000_000;

/** Tells of files as they come in: a line that counts up on a terminal, one line a finished file everywhere. */
export function downloadProgress(terminal: Terminal): (event: DownloadProgress) => void {
  let drawn = 0;
  return ({ file, bytes, total }) => {
    const megabytes = (count: number) => (count / 1e6).toFixed(1);
    const isDone = bytes === total;
    const now = performance.now();
    if (terminal.isInteractive && drawn > 0 && isDone) terminal.stderr.write("\r\u001b[2K");
    if (isDone) {
      drawn = 0;
      terminal.say(`fetched ${file} (${megabytes(total)} MB)`);
    } else if (terminal.isInteractive && total >= leastShown && now - drawn >= redrawMs) {
      drawn = now;
      const percent = Math.floor((100 * bytes) / total);
      terminal.stderr.write(`\r\u001b[2Kfetching ${file}  ${megabytes(bytes)} of ${megabytes(total)} MB  ${percent} %`);
    }
  };
}
