import * as http from "node:http";
import { readProxy } from "../model/index.ts";

/** Sends `fetch` (downloads from the Hub) through the proxy that the environment names, as requests to models are. */
export function useProxy(env: Readonly<Record<string, string | undefined>>): void {
  const proxy = readProxy(env);
  // The first releases of Node 24 lack it: there, only requests to models go through a proxy.
  if (!proxy || typeof http.setGlobalProxyFromEnv !== "function") return;
  const { httpProxy, httpsProxy, noProxy } = proxy;
  http.setGlobalProxyFromEnv({
    ...(httpProxy ? { http_proxy: httpProxy } : {}),
    ...(httpsProxy ? { https_proxy: httpsProxy } : {}),
    no_proxy: noProxy,
  });
}
