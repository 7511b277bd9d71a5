export { type BuiltSite, buildSite, type SiteOptions } from "./build/build-site.ts";
export { checkSite } from "./build/check-site.ts";
export { type ServedSite, serveSite } from "./build/serve-site.ts";
export { siteFileJsonSchemas } from "./data/site-files.ts";
export { type Destination, destinations, type Publication, publishSite } from "./publish/publish-site.ts";
