/** Chat templates in the manners of well-known model families, written for this test. */
export const chatTemplates: string[] = [
  // Marked turns, a default system message.
  "{% if messages[0]['role'] != 'system' %}<|im_start|>system\nBe helpful.<|im_end|>\n{% endif %}{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
  // Headers, trimmed content, loop.index0.
  "{{- bos_token }}\n{%- for message in messages %}\n    {{- '<|start|>' + message.role + '<|end|>\\n\\n' + message.content | trim + '<|eot|>' }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|start|>assistant<|end|>\\n\\n' }}\n{%- endif %}\n",
  // Bracketed instructions, roles that must alternate.
  "{{ bos_token }}{% for message in messages if message['role'] != 'system' %}\n  {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\n    {{ raise_exception('Roles must alternate.') }}\n  {% endif %}\n  {% if message['role'] == 'user' %}{{ '[INST] ' + message['content'].strip() + ' [/INST]' }}{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}\n{% endfor %}",
  // A namespace that finds the last user turn, backwards.
  "{% set ns = namespace(last=-1, many=false) %}{% for m in messages[::-1] %}{% set at = messages | length - 1 - loop.index0 %}{% if ns.last == -1 and m.role == 'user' %}{% set ns.last = at %}{% endif %}{% endfor %}{% for m in messages %}{% if loop.index0 == ns.last %}>>{% endif %}{{ m.role }}: {{ m.content }}{{ '\\n' if not loop.last }}{% endfor %}",
  // Role names replaced, system text put into the first user turn.
  "{% if messages[0].role == 'system' %}{% set system = messages[0].content %}{% set rest = messages[1:] %}{% else %}{% set system = '' %}{% set rest = messages %}{% endif %}{% for m in rest %}<turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ (system ~ '\\n\\n' if system and loop.first else '') ~ m.content | trim }}</turn>\n{% endfor %}{% if add_generation_prompt %}<turn>model\n{% endif %}",
  // Thinking cut out, tools as JSON, content as parts.
  "{% for m in messages %}{% set content = m.content if m.content is string else (m.content | selectattr('type', 'equalto', 'text') | map(attribute='text') | join('')) %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1].lstrip('\\n') %}{% endif %}[{{ m.role | upper }}]{{ content }}{% endfor %}{% if tools %}{{ tools | tojson(indent=2) }}{% endif %}{{ {'b': [1, 'é<'], 'a': none} | tojson }}",
  // A macro, break and continue, blanks before tags.
  "{%- macro turn(m) -%}\n  ({{ m.role }}) {{ m.content }}\n{%- endmacro -%}\n{% for m in messages %}\n    {% if m.role == 'system' %}\n        {% continue %}\n    {% endif %}\n    {% if loop.index > 4 %}\n        {% break %}\n    {% endif %}\n{{ turn(m) }}\n{% endfor %}\n",
  "   {% if true %}\n   a\n  {#- note #}\n   {% endif %}\n b {# note #}\n  {{ bos_token }}  \n\t{% set x = 1 %}\nend\n\n",
  "{% generation %}x{% endgeneration %}{{ missing }}|{{ missing.x is defined if missing }}|{{ tools is defined }}",
  "{{ missing.deeper }}",
  "{% if not date_string is defined %}{% set date_string = '26 Jul 2024' %}{% endif %}Today: {{ date_string }}{%- if enable_thinking is defined and enable_thinking is false %}<off>{%- endif %}",
  "a\n{%+ if true +%}\n b{% endif %}\n{% raw %}\n{{ x }}{% endraw %}\nz",
];

const question = { role: "user", content: "  What is 2 + 2?\n" };
const answer = { role: "assistant", content: "<think>hm</think>\n\n4 " };

/** What a chat template is given. */
export const chatDocuments: Record<string, unknown>[] = [
  { messages: [question], add_generation_prompt: true, bos_token: "<s>", eos_token: "</s>" },
  {
    messages: [{ role: "system", content: "Be brief." }, question, answer, { role: "user", content: "Why?" }],
    add_generation_prompt: true,
    bos_token: "<s>",
    eos_token: "</s>",
  },
  {
    messages: [question, answer, question, answer, question, { role: "assistant", content: "The answer is" }],
    add_generation_prompt: false,
    bos_token: "",
    eos_token: "</s>",
    tools: [{ name: "f", parameters: { z: 1, a: [] } }],
  },
  { messages: [answer, answer], add_generation_prompt: false, bos_token: "<s>", eos_token: "</s>" },
];
