export { openCache, type ResponseCache } from "./cache.ts";
export { type Client, type ClientOptions, openClient } from "./client.ts";
export { ModelCallError } from "./model-call-error.ts";
export { type ModelOptions, openModel, providers } from "./open-model.ts";
export { estimateCost } from "./prices.ts";
