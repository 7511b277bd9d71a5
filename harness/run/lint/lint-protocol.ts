import { AssayError, lintRuleNames } from "../../contracts/index.ts";
import { type Resolved, statedFields } from "../../task/index.ts";
import { prepare } from "../prepare.ts";
import { lintData } from "./data-rules.ts";
import { lintFields } from "./field-rules.ts";
import type { LintFinding } from "./finding.ts";

/** What lint says of one protocol. */
export interface LintReport {
  task: string;
  protocol: string;
  findings: (LintFinding & {
    /** One of the protocol's `defects` names the rule: it is kept on purpose. */ declared: boolean;
  })[];
  /** Why the rules that need data were left out; null: they were applied. */
  dataMissing: string | null;
}

/** Looks for what makes a protocol's scores worse or other than they seem. Rules that need data are left out where the data can't be had. */
export async function lintProtocol(resolved: Resolved): Promise<LintReport> {
  const { task, protocol } = resolved;
  const findings: LintFinding[] = [];
  let items: number | undefined;
  let dataMissing: string | null = null;
  try {
    const prepared = await prepare(resolved, { provider: "none", name: "none", baseUrl: null, options: {} });
    items = prepared.items;
    findings.push(...(await lintData(prepared)));
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    dataMissing = error.what;
  }
  findings.push(...lintFields({ task, protocol, stated: statedFields(resolved) }, items));
  findings.sort((a, b) => lintRuleNames.indexOf(a.rule) - lintRuleNames.indexOf(b.rule));
  const known = new Set(protocol.defects.map(({ rule }) => rule));
  const marked = findings.map((finding) => ({ ...finding, declared: known.has(finding.rule) }));
  return { task: task.id, protocol: protocol.id, findings: marked, dataMissing };
}
