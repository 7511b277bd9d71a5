import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve, sep } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".csv": "text/csv; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/** A site that is being served on this machine. */
export interface ServedSite {
  url: string;
  close(): Promise<void>;
}

/** Serves a built site on the loopback address, as a plain static host would. */
export async function serveSite(options: { out: string; base?: string; port?: number }): Promise<ServedSite> {
  const folder = resolve(options.out);
  const base = `/${(options.base ?? "/").replace(/^\/+|\/+$/g, "")}/`.replace("//", "/");
  const server = createServer((request, response) => {
    const path = fileFor(folder, base, request.url ?? "/");
    const found = path ?? join(folder, "404.html");
    const stream = createReadStream(found);
    stream.once("open", () => {
      response.writeHead(path ? 200 : 404, { "content-type": types[extname(found)] ?? "application/octet-stream" });
      if (request.method === "HEAD") response.end();
      else stream.pipe(response);
    });
    stream.once("error", () => response.writeHead(404).end());
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => done());
  });
}

/** `undefined` also for an address that is none (`/%`, `//`): a server must outlive what it is asked. */
function fileFor(folder: string, base: string, url: string): string | undefined {
  try {
    const { pathname } = new URL(url, "http://localhost");
    if (!pathname.startsWith(base)) return undefined;
    const path = resolve(folder, `./${decodeURIComponent(pathname.slice(base.length))}`);
    if (path !== folder && !path.startsWith(folder + sep)) return undefined;
    const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, "index.html") : path;
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
