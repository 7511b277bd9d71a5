/** Which proxy requests go through. */
export interface ProxySettings {
  httpProxy?: string;
  httpsProxy?: string;
  /** Hosts that are spoken to directly. */
  noProxy: string;
}

/** Servers of one's own are on this machine more often than not, and no proxy could reach them there. */
const here = "localhost,127.0.0.1,::1,[::1]";

/** Reads what curl and the Python clients read; `undefined`: no proxy is named. */
export function readProxy(env: Readonly<Record<string, string | undefined>>): ProxySettings | undefined {
  const httpProxy = env.http_proxy || env.HTTP_PROXY;
  const httpsProxy = env.https_proxy || env.HTTPS_PROXY;
  if (!httpProxy && !httpsProxy) return undefined;
  const named = env.no_proxy || env.NO_PROXY;
  return {
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    noProxy: named ? `${named},${here}` : here,
  };
}
