import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHubSettings } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

describe("settings from the environment", () => {
  it("are the Hub, its usual cache and no token where nothing is set", () => {
    expect(readHubSettings({}, "/home/ada")).toEqual({
      endpoint: "https://huggingface.co",
      token: null,
      cacheDir: "/home/ada/.cache/huggingface/hub",
      offline: false,
      stallTimeoutMs: 30_000,
    });
  });

  it.each([
    [{ XDG_CACHE_HOME: "/x" }, "/x/huggingface/hub"],
    [{ XDG_CACHE_HOME: "/x", HF_HOME: "/h" }, "/h/hub"],
    [{ HF_HOME: "~/h" }, "/home/ada/h/hub"],
    [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" }, "/old"],
    [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "/new" }, "/new"],
  ])("find the cache as the Python client does: %j", (environment, cacheDir) => {
    expect(readHubSettings(environment, "/home/ada").cacheDir).toBe(cacheDir);
  });

  it.each([
    ["1", true],
    ["true", true],
    ["YES", true],
    ["0", false],
    ["", false],
  ])("take HF_HUB_OFFLINE=%s as %s", (value, offline) => {
    expect(readHubSettings({ HF_HUB_OFFLINE: value }, "/home/ada").offline).toBe(offline);
  });

  it("take slashes off the endpoint and seconds for the timeout", () => {
    const { endpoint, stallTimeoutMs } = readHubSettings(
      { HF_ENDPOINT: "http://mirror/hub//", HF_HUB_DOWNLOAD_TIMEOUT: "5" },
      "/home/ada",
    );
    expect([endpoint, stallTimeoutMs]).toEqual(["http://mirror/hub", 5_000]);
  });

  it("find the token of a login, unless one is given or it is forbidden", () => {
    const home = temporaryFolder();
    mkdirSync(join(home, ".cache/huggingface"), { recursive: true });
    writeFileSync(join(home, ".cache/huggingface/token"), "hf_login\n");
    expect(readHubSettings({}, home).token).toBe("hf_login");
    expect(readHubSettings({ HF_TOKEN: " hf_given\n" }, home).token).toBe("hf_given");
    expect(readHubSettings({ HF_TOKEN: "" }, home).token).toBe("hf_login");
    expect(readHubSettings({ HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" }, home).token).toBeNull();
    expect(readHubSettings({ HF_TOKEN_PATH: join(home, "none") }, home).token).toBeNull();
  });
});
