export { AskAborted } from "./ask-aborted.ts";
export { Budget } from "./budget.ts";
export { openCache, type ResponseCache } from "./cache.ts";
export { type Client, type ClientOptions, openClient, type RetryEvent, type Stops } from "./client.ts";
export { withoutCredentials } from "./endpoint.ts";
export { charactersOf, charactersPerToken } from "./forecast.ts";
export { ModelCallError } from "./model-call-error.ts";
export { type ModelOptions, openModel, providers } from "./open-model.ts";
export { estimateCost, type GivenPrice } from "./prices.ts";
