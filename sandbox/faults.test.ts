import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { connect, createServer as createProxy, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { discoverEngine } from "./engine/discover.ts";
import { type Job, openSandbox, pruneSandbox, type Sandbox, SandboxUnavailable, sandboxStatus } from "./index.ts";
import { engineProblem } from "./testing/engine-for-tests.ts";

const onEngine = describe.skipIf(engineProblem !== undefined);
const folder = mkdtempSync(join(tmpdir(), "assay-faults-"));
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** An engine of few words: answers what `answers` holds, 404 otherwise. */
async function fakeEngine(name: string, answers: Record<string, object>): Promise<NodeJS.ProcessEnv> {
  const listener: RequestListener = (request, response) => {
    const path = (request.url ?? "").replace(/^\/v[\d.]+/, "");
    const answer = answers[path];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { message: "no such thing" }));
  };
  const path = join(folder, name);
  const server = createServer(listener).listen(path);
  await once(server, "listening");
  cleanUps.push(() => server.close());
  return { DOCKER_HOST: `unix://${path}` };
}

/** Everything passes through until it is cut: the engine's disappearance as a harness sees it. */
async function breakableEngine(): Promise<{ environment: NodeJS.ProcessEnv; cut: () => void }> {
  const { where } = await discoverEngine();
  const sockets = new Set<Socket>();
  const path = join(folder, "breakable.sock");
  const proxy = createProxy({ allowHalfOpen: true }, (inward) => {
    const outward = connect({ path: where.replace(/^unix:\/\//, ""), allowHalfOpen: true });
    for (const socket of [inward, outward]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        inward.destroy();
        outward.destroy();
      });
    }
    inward.pipe(outward);
    outward.pipe(inward);
  }).listen(path);
  await once(proxy, "listening");
  const cut = () => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  cleanUps.push(cut);
  return { environment: { DOCKER_HOST: path }, cut };
}

async function opened(options: Parameters<typeof openSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ boxes: 1, selfTest: false, ...options });
  cleanUps.push(() => sandbox.close());
  return sandbox;
}

/** Sleeps so long: what is done to its box meanwhile comes well before its end, on a slow machine too. */
const sleeping = (seconds: number): Job => ({
  language: "python",
  code: `import time\ndef add(a, b):\n    time.sleep(${seconds})\n    return a + b\n`,
  tests: { kind: "asserts", asserts: ["assert add(2, 3) == 5"] },
  limits: { wallSeconds: 2 * seconds },
});
const slow = sleeping(6);
const endless = sleeping(100);

async function runningBoxes(process: string): Promise<string[]> {
  const { docker } = await discoverEngine();
  const found = await docker.listContainers({ filters: { label: [`assay.sandbox.process=${process}`] } });
  return found.filter(({ State }) => State === "running").map(({ Id }) => Id);
}

describe("without a usable engine", () => {
  it("refuses with everything it tried and what to do, before anything is spent", async () => {
    const environment = { DOCKER_HOST: join(folder, "nowhere.sock") };
    const refusal = await openSandbox({ environment }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SandboxUnavailable);
    expect(refusal).toMatchObject({
      code: "ASSAY_SANDBOX_UNAVAILABLE",
      tried: [{ where: environment.DOCKER_HOST, problem: "no such socket" }],
      message: expect.stringContaining("Start Docker"),
    });
  });

  it("says that an engine which does not answer is not running", async () => {
    const { problems, usable } = await sandboxStatus({ environment: { DOCKER_HOST: "tcp://127.0.0.1:9" } });
    expect(usable).toBe(false);
    expect(problems.join()).toContain("the engine is not running");
  });

  it("says that an image is missing and how to build it", async () => {
    const environment = await fakeEngine("no-image.sock", { "/version": { Arch: "amd64" }, "/info": {} });
    await expect(openSandbox({ environment })).rejects.toThrow(/is not on the engine[\s\S]*assay sandbox build/);
  });

  it("says that an image is for another architecture", async () => {
    const image = { Id: "sha256:0", Architecture: "arm64", Config: {}, Size: 1 };
    const answers = { "/version": { Arch: "amd64" }, "/info": {}, "/images/assay-sandbox:latest/json": image };
    await expect(openSandbox({ environment: await fakeEngine("arm.sock", answers) })).rejects.toThrow(
      "is for arm64, the engine runs on amd64",
    );
  });

  it("says that a runtime is not installed and which are", async () => {
    const answers = { "/version": { Arch: "amd64" }, "/info": { Runtimes: { runc: {} } } };
    const environment = await fakeEngine("runtime.sock", answers);
    await expect(openSandbox({ environment, runtime: "runsc" })).rejects.toThrow('no runtime "runsc" (it has: runc)');
  });

  it("recognises Podman by its components", async () => {
    const version = { Arch: "amd64", Version: "4.3.1", Components: [{ Name: "Podman Engine", Version: "4.3.1" }] };
    const environment = await fakeEngine("podman.sock", { "/version": version, "/info": { CgroupVersion: "2" } });
    expect(await discoverEngine(environment)).toMatchObject({ dialect: "podman", cgroupVersion: "2" });
  });
});

onEngine("when something breaks while a program runs", () => {
  it("judges the program again in a fresh box when its box is killed from outside, and says so", async () => {
    const sandbox = await opened();
    const verdict = sandbox.grade(slow);
    await delay(700);
    const { docker } = await discoverEngine();
    for (const id of await runningBoxes(String(process.pid))) await docker.getContainer(id).kill();
    expect(await verdict).toMatchObject({
      status: "passed",
      retried: true,
      firstError: expect.stringContaining("ended"),
    });
  });

  it("judges the program again when its box is paused, by its own clock", async () => {
    const sandbox = await opened();
    const verdict = sandbox.grade(sleeping(3));
    await delay(700);
    const { docker } = await discoverEngine();
    for (const id of await runningBoxes(String(process.pid))) await docker.getContainer(id).pause();
    expect(await verdict).toMatchObject({
      status: "passed",
      retried: true,
      firstError: expect.stringContaining("in time"),
    });
    expect(await runningBoxes(String(process.pid))).toEqual([]);
  });

  it("never scores a program when the engine goes away", async () => {
    const { environment, cut } = await breakableEngine();
    const sandbox = await opened({ environment });
    const verdict = sandbox.grade(endless);
    await delay(700);
    cut();
    expect(await verdict).toMatchObject({ status: "sandbox_error", retried: true });
    expect(await sandbox.grade(slow)).toMatchObject({
      status: "sandbox_error",
      detail: expect.stringContaining("did not start"),
    });
    await expect.poll(() => runningBoxes(String(process.pid))).toEqual([]);
    await pruneOwn();
  });

  it("leaves no running container when the harness is killed with -9, and prunes the rest later", async () => {
    const script = fileURLToPath(new URL("./testing/canary-harness.ts", import.meta.url));
    const harness = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(harness.stdout, "data")) as [Buffer];
    const victim = line.toString().trim();
    await delay(500);
    expect(await runningBoxes(victim)).toHaveLength(1);
    harness.kill("SIGKILL");
    await expect.poll(() => runningBoxes(victim)).toEqual([]);
    expect(await pruneSandbox()).toBeGreaterThanOrEqual(1);
  });

  it("gives programs that were waiting when the sandbox closes no score", async () => {
    const sandbox = await opened();
    const verdicts = Promise.all([endless, endless, endless].map((job) => sandbox.grade(job)));
    await delay(500);
    await sandbox.close();
    expect((await verdicts).map(({ status }) => status)).toEqual(["sandbox_error", "sandbox_error", "sandbox_error"]);
  });
});

/** Containers of this process that lost their connection are nobody's orphans while it lives. */
async function pruneOwn(): Promise<void> {
  const { docker } = await discoverEngine();
  const filters = { label: [`assay.sandbox.process=${process.pid}`], status: ["exited"] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true });
  }
}
