namespace LLMOS.Inference.Templates;

/// <summary>ChatML, which most models without a template of their own follow best; tools and their calls are written as Hermes models read them.</summary>
internal static class ChatMl
{
    public const string Template =
        """
        {%- macro calls(message) -%}
            {%- for call in message.tool_calls or [] %}
                {{- '\n<tool_call>\n{"name": ' ~ (call.function.name | tojson) ~ ', "arguments": ' ~ (call.function.arguments if call.function.arguments is string else call.function.arguments | tojson) ~ '}\n</tool_call>' }}
            {%- endfor %}
        {%- endmacro -%}
        {%- if tools %}
            {{- '<|im_start|>system\nYou may call these functions, whose signatures are given in <tools></tools>:\n<tools>\n' }}
            {%- for tool in tools %}
                {{- (tool | tojson) ~ '\n' }}
            {%- endfor %}
            {{- '</tools>\nTo call one, answer with a JSON object in <tool_call></tool_call>:\n<tool_call>\n{"name": <name>, "arguments": <arguments>}\n</tool_call><|im_end|>\n' }}
        {%- endif %}
        {%- for message in messages %}
            {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ calls(message) ~ '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;
}
