import type { Arguments } from "./arguments.ts";
import { changingMethods, listMethods, mappingMethods, otherMembers } from "./other-methods.ts";
import { entryAt, isWhole } from "./sequences.ts";
import { textMethods } from "./text-methods.ts";
import { failed, isMapping, MappingView, Namespace, numberOf, shown, Undefined } from "./values.ts";

/** `object.name`: jinja2 looks for a member of the object first, then for a key. */
export function memberOf(object: unknown, name: string, lax: boolean): unknown {
  if (object instanceof Undefined) return object.fail();
  if (object instanceof Namespace) return namespaceMember(object, name, lax);
  const method = methodOf(object, name);
  if (method && lax && changingMethods.has(name)) failed(`A chat template may not call "${name}".`);
  if (method) return method;
  if (isRecord(object) && Object.hasOwn(object, name)) return object[name];
  if (name.startsWith("_") || (isPythonic(object) && otherMembers.has(name)))
    failed(`"${name}" of ${shown(object)} is not supported.`);
  return new Undefined(`${name} of ${shown(object)}`, lax);
}

/** `object[key]`: a key or position first, then a member of that name. */
export function subscriptOf(object: unknown, key: unknown, lax: boolean): unknown {
  if (object instanceof Undefined) return object.fail();
  if (key instanceof Undefined) return key.fail();
  if (isWhole(key) && (typeof object === "string" || isList(object))) {
    const entry = entryAt(object, numberOf(key));
    return entry === undefined ? new Undefined(`position ${numberOf(key)} of ${shown(object)}`, lax) : entry;
  }
  if (typeof key !== "string") return new Undefined(`${shown(key)} of ${shown(object)}`, lax);
  if (isMapping(object) && Object.hasOwn(object, key)) return object[key];
  return memberOf(object, key, lax);
}

/** What has positions. */
function isList(object: unknown): object is unknown[] {
  return Array.isArray(object) && !(object instanceof MappingView);
}

/** Mappings, and groups, which carry `grouper` and `list` beside their entries. */
function isRecord(object: unknown): object is Record<string, unknown> {
  return isMapping(object) || (Array.isArray(object) && "grouper" in object);
}

function isPythonic(object: unknown): boolean {
  return typeof object === "string" || typeof object === "number" || Array.isArray(object) || isMapping(object);
}

function namespaceMember({ members }: Namespace, name: string, lax: boolean): unknown {
  return Object.hasOwn(members, name) ? members[name] : new Undefined(`${name} of a namespace`, lax);
}

function methodOf(object: unknown, name: string): ((args: Arguments) => unknown) | undefined {
  const find = <T>(methods: Readonly<Record<string, (value: T, args: Arguments) => unknown>>, value: T) => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    return method && ((args: Arguments) => method(value, args));
  };
  if (typeof object === "string") return find(textMethods, object);
  if (isList(object)) return find(listMethods, object);
  return isMapping(object) ? find(mappingMethods, object) : undefined;
}
