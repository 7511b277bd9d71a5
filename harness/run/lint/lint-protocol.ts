import { AssayError } from "../../contracts/index.ts";
import { type Resolved, statedFields } from "../../task/index.ts";
import { prepare } from "../prepare.ts";
import { lintData } from "./data-rules.ts";
import { lintFields } from "./field-rules.ts";
import { type LintFinding, lintRules } from "./finding.ts";

/** What lint says of one protocol. */
export interface LintReport {
  task: string;
  protocol: string;
  findings: LintFinding[];
  /** Known faults that the protocol declares: it keeps them on purpose. */
  defects: number;
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
  const order = Object.keys(lintRules);
  findings.sort((a, b) => order.indexOf(a.rule) - order.indexOf(b.rule));
  return { task: task.id, protocol: protocol.id, findings, defects: protocol.defects.length, dataMissing };
}
