/** Pieces of Jinja source that translations are put together from. */

/** A value as a Jinja literal. */
export function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** The column of this name, as an expression. */
export function column(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `__row__[${literal(name)}]`;
}

/** Fixed text inside a template: braces that Jinja would take for its own are written as a string. */
export function fixed(text: string): string {
  return text.replace(/\{(?=[{%#])|^\{|\{$/g, "{{ '{' }}");
}

/** An expression's value as text inside a template. */
export function shown(expression: string): string {
  return `{{ ${expression} }}`;
}

/** Text for each entry of a list, with a separator between; `entry` and `loop` are in scope. */
export function eachOf(list: string, text: string, separator = ""): string {
  const between = separator === "" ? "" : `{% if not loop.first %}${fixed(separator)}{% endif %}`;
  return `{% for entry in ${list} %}${between}${text}{% endfor %}`;
}

/** Python's `"…{}…{}…".format(a, b)`: fixed text and templates in turn. */
export function formatted(pattern: string, values: Readonly<Record<string, string>> | readonly string[]): string {
  let position = 0;
  return pattern.replace(/\{\{|\}\}|\{(\w*)\}|[^{}]+/g, (part, name: string | undefined) => {
    if (name === undefined) return fixed(part === "{{" ? "{" : part === "}}" ? "}" : part);
    const key = name === "" ? String(position++) : name;
    return (values as Record<string, string>)[key] ?? "";
  });
}
