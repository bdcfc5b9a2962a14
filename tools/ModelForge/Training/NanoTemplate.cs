namespace ModelForge.Training;

/// <summary>
/// The chat template of nano: ChatML, and the prompts of <see cref="Corpus.Reading.ReadingPrompts"/> where a chat has functions. It knows functions by their names,
/// descriptions and the types of their parameters, and does nothing else while it has some, so other system messages are left out then. What a function has
/// given back is the context of a question, which is what the user has said last. A message that brings a text of its own begins anew: it was trained on one text
/// at a time, and of two it answers from the first.
/// </summary>
internal static class NanoTemplate
{
    public const string Text =
        """
        {%- set last = namespace(role='', user='', results='', start=0) -%}
        {%- for message in messages -%}
            {%- set last.role = message.role -%}
            {%- if message.role == 'user' -%}
                {%- set last.user = message.content -%}
                {%- set last.results = '' -%}
                {%- if message.content.startswith(('Context:', 'Text:', 'Parts:', 'Role 1:')) or (message.content.startswith('Claim:') and 'Source 1:' in message.content) -%}
                    {%- set last.start = loop.index0 -%}
                {%- endif -%}
            {%- elif message.role == 'tool' -%}
                {%- set last.results = last.results ~ ' ' ~ message.content -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if last.role == 'tool' -%}
            {{- '<|im_start|>system\nAnswer from the context.<|im_end|>\n<|im_start|>user\nContext:' ~ last.results ~ '\nQuestion: ' ~ last.user ~ '<|im_end|>\n' -}}
        {%- else -%}
            {%- if tools -%}
                {{- '<|im_start|>system\nCall the right tool.\n[' -}}
                {%- for tool in tools -%}
                    {{- '{"name":' ~ (tool.function.name | tojson) ~ ',"description":' ~ (tool.function.description | tojson) ~ ',"parameters":{' -}}
                    {%- for name, schema in (tool.function.parameters.properties or {}).items() -%}
                        {{- (name | tojson) ~ ':' ~ ((schema.type if schema.type is string else 'string') | tojson) ~ ('' if loop.last else ',') -}}
                    {%- endfor -%}
                    {{- '}}' ~ ('' if loop.last else ',') -}}
                {%- endfor -%}
                {{- ']<|im_end|>\n' -}}
            {%- endif -%}
            {%- for message in messages -%}
                {%- if message.tool_calls -%}
                    {%- for call in message.tool_calls -%}
                        {{- '<|im_start|>assistant\n{"name":' ~ (call.function.name | tojson) ~ ',"arguments":' ~ (call.function.arguments if call.function.arguments is string else call.function.arguments | tojson) ~ '}<|im_end|>\n' -}}
                    {%- endfor -%}
                {%- elif not tools -%}
                    {%- if loop.index0 >= last.start or message.role == 'system' -%}
                        {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' -}}
                    {%- endif -%}
                {%- elif message.role == 'user' -%}
                    {{- '<|im_start|>user\nRequest: ' ~ (message.content | trim) ~ '<|im_end|>\n' -}}
                {%- elif message.role == 'assistant' -%}
                    {{- '<|im_start|>assistant\n' ~ message.content ~ '<|im_end|>\n' -}}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if add_generation_prompt -%}
            {{- '<|im_start|>assistant\n' -}}
        {%- endif -%}
        """;
}
