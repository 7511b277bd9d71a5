"use strict";
// A part of isolate-worker.cjs: its text is evaluated inside an isolate, so it can use nothing around it.

/** Runs in the candidate's isolate; returns the one function the worker may call there. */
function installCandidate(codec, keep, maxReply) {
  // biome-ignore lint/security/noGlobalEval: running the candidate is what this isolate is for.
  const evaluate = globalThis.eval; // oxlint-disable-line no-eval
  const { stringify } = JSON;
  const { apply } = Reflect;
  const show = String;
  let text = "";
  let count = 0;
  let values = [];
  const write = (...parts) => {
    let line = "";
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index];
      let shown;
      try {
        shown = typeof part === "object" ? stringify(part) : show(part);
      } catch {
        shown = "[unprintable]";
      }
      line += (index === 0 ? "" : " ") + shown;
    }
    line += "\n";
    count += line.length;
    if (text.length < keep) text += line;
  };
  const failing = (condition, ...parts) => {
    if (!condition) throw new Error(`assertion failed${parts.length > 0 ? `: ${show(parts[0])}` : ""}`);
  };
  globalThis.console = {
    log: write,
    info: write,
    warn: write,
    error: write,
    debug: write,
    trace: write,
    assert: failing,
  };
  const describe = (problem) => {
    try {
      const name = typeof problem === "object" && problem !== null ? show(problem.name) : typeof problem;
      const message = typeof problem === "object" && problem !== null ? show(problem.message) : show(problem);
      return `e${(`${name}: ${message}`).slice(0, 300)}`;
    } catch {
      return "ean exception without text";
    }
  };
  return (operation, body, names) => {
    if (operation === "output") return stringify([text, count]);
    try {
      if (operation === "load") {
        const wanted =
          names === ""
            ? ""
            : names
                .split(",")
                .map((name) => `typeof ${name} === 'undefined' ? undefined : ${name}`)
                .join(",");
        values = evaluate(`${body}\n;[${wanted}]`);
        return "r";
      }
      const target = values[names];
      if (typeof target !== "function") return "eTypeError: the function is not defined";
      const reply = codec.encode(apply(target, undefined, codec.decode(body)));
      return reply.length > maxReply ? "eRangeError: the reply is too large" : `r${reply}`;
    } catch (problem) {
      return describe(problem);
    }
  };
}

exports.installCandidate = installCandidate;
