import { AssayError } from "../../contracts/index.ts";

/** A template that can't be parsed or rendered. */
export class TemplateError extends AssayError {
  override readonly name = "TemplateError";

  constructor(code: "TEMPLATE_SYNTAX" | "TEMPLATE_FAILED" | "TEMPLATE_UNDEFINED", what: string, template?: string) {
    super({
      code,
      what,
      ...(template === undefined
        ? {}
        : {
            why: `The template is ${JSON.stringify(template.length > 200 ? `${template.slice(0, 200)}…` : template)}.`,
          }),
      fix: "Correct the template in the task or protocol file; `assay show` renders it for an item.",
    });
  }
}
