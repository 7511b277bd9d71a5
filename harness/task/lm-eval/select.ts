import { InputError, nearestName } from "../../contracts/index.ts";
import type { Config } from "./config-file.ts";
import type { LmEvalEntry, LmEvalFolder } from "./folder.ts";

/** One entry of a group's `aggregate_metric_list`. */
interface GroupAggregate {
  metric: string;
  /** `null`: every pipeline under which the tasks report the metric. */
  filters: string[] | null;
  /** Mean over documents; false: over tasks. */
  weighted: boolean;
}

/** A group as it was asked for: its leaf tasks, also those of groups within it, in order. */
export interface LmEvalGroup {
  name: string;
  title: string;
  tasks: string[];
  aggregates: GroupAggregate[];
}

/** Leaf tasks that a name stands for, with what groups on the way override, and the groups to report. */
export interface LmEvalSelection {
  entries: LmEvalEntry[];
  groups: LmEvalGroup[];
}

const groupKeys = new Set(["group", "group_alias", "task", "aggregate_metric_list", "metadata", "tag", "include"]);

/**
 * Finds what `lm-eval:<name>` means: a task, a group (all its leaf tasks), a tag, or a pattern with `*`, `?` or `[…]` over tasks.
 *
 * @throws InputError `LM_EVAL_TASK_UNKNOWN`, `LM_EVAL_GROUP_INVALID`
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/_factory.py
 */
export function selectLmEval(folder: LmEvalFolder, name: string): LmEvalSelection {
  const entry = folder.entries.get(name);
  const groups: LmEvalGroup[] = [];
  if (entry?.kind === "group") {
    const entries = expandGroup({ folder, groups, chain: [] }, { name, config: entry.config, path: entry.path }, {});
    return { entries, groups };
  }
  if (entry) return { entries: [entry], groups };
  const tagged = folder.tags.get(name);
  const names = tagged ?? (/[*?[]/.test(name) ? matching(folder, name) : []);
  const entries = names.flatMap((one) => folder.entries.get(one) ?? []);
  if (entries.length > 0) return { entries, groups };
  const meant = nearestName(name, [...folder.entries.keys(), ...folder.tags.keys()]);
  throw new InputError({
    code: "LM_EVAL_TASK_UNKNOWN",
    what: `There is no task, group or tag ${JSON.stringify(name)} in ${folder.root}.`,
    fix: `${meant === undefined ? "" : `Did you mean lm-eval:${meant}? `}\`assay tasks --lm-eval-tasks <dir>\` lists them.`,
  });
}

function matching(folder: LmEvalFolder, pattern: string): string[] {
  const source = pattern.replace(/\*|\?|\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return part.length > 1 ? part.replace("[!", "[^") : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  const expression = new RegExp(`^${source}$`, "s");
  return [...folder.entries.values()]
    .filter((entry) => entry.kind !== "group" && expression.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

interface Expansion {
  folder: LmEvalFolder;
  /** Every group that was met, outermost first. */
  groups: LmEvalGroup[];
  /** Names of the groups that are being expanded. */
  chain: string[];
}

type GroupConfig = Pick<LmEvalEntry, "name" | "config" | "path">;

/** Leaf tasks of a group. Keys of a group that aren't a group's own override those of its tasks; the outermost wins. */
function expandGroup(expansion: Expansion, group: GroupConfig, overrides: Config): LmEvalEntry[] {
  const { name, config } = group;
  if (expansion.chain.includes(name))
    throw invalid(name, `it contains itself: ${[...expansion.chain, name].join(" → ")}`);
  const report: LmEvalGroup = {
    name,
    title: typeof config.group_alias === "string" ? config.group_alias : name,
    tasks: [],
    aggregates: aggregatesOf(config, name),
  };
  expansion.groups.push(report);
  const own = Object.fromEntries(Object.entries(config).filter(([key]) => !groupKeys.has(key)));
  const merged = { ...own, ...overrides };
  const members = Array.isArray(config.task) ? (config.task as unknown[]) : [];
  const inner = { ...expansion, chain: [...expansion.chain, name] };
  const entries = members.flatMap((member) => expandMember(inner, { member, group }, merged));
  report.tasks = entries.map((entry) => entry.name);
  return entries;
}

function expandMember(
  expansion: Expansion,
  { member, group }: { member: unknown; group: GroupConfig },
  overrides: Config,
): LmEvalEntry[] {
  const { entries, tags } = expansion.folder;
  const item = typeof member === "string" ? { task: member } : (member as Config | null);
  if (typeof item !== "object" || item === null) throw invalid(group.name, "a member is neither a name nor a map");
  if (typeof item.group === "string") {
    const known = entries.get(item.group);
    const { group: _, ...rest } = item;
    if (known) return expandEntry(expansion, known, { ...overrides, ...rest });
    return expandGroup(expansion, { name: `${group.name}::${item.group}`, config: item, path: group.path }, overrides);
  }
  if (typeof item.task !== "string") throw invalid(group.name, "a member names neither a task nor a group");
  const { task: name, ...rest } = item;
  const merged = { ...overrides, ...rest };
  const known = entries.get(name);
  if (known) return expandEntry(expansion, known, merged);
  const tagged = tags.get(name);
  if (tagged) return tagged.flatMap((one) => expandEntry(expansion, entries.get(one) as LmEvalEntry, merged));
  // A task that is written out inside its group.
  const inline = `${group.name}::${name}`;
  return [{ name: inline, kind: "task", path: group.path, config: { ...merged, task: inline } }];
}

function expandEntry(expansion: Expansion, entry: LmEvalEntry, overrides: Config): LmEvalEntry[] {
  if (entry.kind === "group") return expandGroup(expansion, entry, overrides);
  return [{ ...entry, config: { ...entry.config, ...overrides } }];
}

function aggregatesOf(config: Config, group: string): GroupAggregate[] {
  const list = config.aggregate_metric_list;
  if (list === undefined || list === null) return [];
  return ([list].flat() as Config[]).map((entry) => {
    if (entry.aggregation !== undefined && entry.aggregation !== "mean")
      throw invalid(group, "its tasks are aggregated by something other than a mean");
    const filters = entry.filter_list;
    return {
      metric: String(entry.metric),
      filters: filters === undefined || filters === null ? null : ([filters].flat() as string[]),
      weighted: entry.weight_by_size !== false,
    };
  });
}

function invalid(group: string, why: string): InputError {
  return new InputError({
    code: "LM_EVAL_GROUP_INVALID",
    what: `The group ${group} can't be run.`,
    why: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    fix: "Name its tasks themselves: lm-eval:<task>.",
  });
}
