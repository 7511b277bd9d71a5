import { z } from "zod";

const output = z.object({ text: z.string(), bytes: z.number() });

/** What PID 1 of a box reports about one program. Its words about the candidate are data, not instructions. */
export const boxFacts = z.object({
  id: z.number(),
  exit: z.number(),
  cpu: z.number(),
  wall: z.number(),
  rss: z.number().default(0),
  timedOut: z.boolean(),
  /** Whether the CPU time of all its processes reached the limit. */
  overCpu: z.boolean().default(false),
  flood: z.boolean().default(false),
  proved: z.boolean().default(false),
  graderLost: z.boolean().default(false),
  /** Whether the supervisor ended the program: then its signal says nothing about it. */
  killed: z.boolean().default(false),
  grader: z
    .object({
      status: z.enum(["passed", "failed", "gone"]),
      detail: z.string(),
      stage: z.enum(["task", "load", "tests"]),
      calls: z.number(),
    })
    .nullish(),
  isolate: z
    .object({
      status: z.enum(["passed", "failed", "timeout", "oom"]),
      detail: z.string(),
      stage: z.enum(["task", "load", "tests"]),
      calls: z.number(),
      output,
      spoiled: z.boolean(),
    })
    .nullish(),
  /** Bytes that a build made. */
  built: z.number().optional(),
  stdout: output.default({ text: "", bytes: 0 }),
  stderr: output.default({ text: "", bytes: 0 }),
  clean: z.boolean(),
  left: z.number(),
  memoryKills: z.number(),
});

/** Parsed {@link boxFacts}. */
export type BoxFacts = z.infer<typeof boxFacts>;

/** What PID 1 says of itself once it is ready. */
export const boxReady = z.object({
  ready: z.literal(true),
  python: z.string(),
  kernel: z.string(),
  machine: z.string(),
  innerFilter: z.boolean(),
  memoryCounter: z.boolean(),
  taskCounter: z.boolean(),
  node: z.boolean(),
});

/** Parsed {@link boxReady}. */
export type BoxReady = z.infer<typeof boxReady>;
