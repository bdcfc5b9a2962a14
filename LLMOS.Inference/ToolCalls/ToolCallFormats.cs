using LLMOS.Inference.ToolCalls;

namespace LLMOS.Inference;

/// <summary>Finds the format of a model's calls, and the parser for it.</summary>
public static class ToolCallFormats
{
    // The first whose mark a template has: a template may mention more than one, but not in this order.
    private static readonly (string Mark, ToolCallFormat Format)[] Marks =
    [
        ("<|channel|>", ToolCallFormat.Harmony),
        ("[TOOL_CALLS]", ToolCallFormat.Mistral),
        ("<｜tool▁call", ToolCallFormat.DeepSeek),
        ("<|START_ACTION|>", ToolCallFormat.CommandR),
        ("functools", ToolCallFormat.Phi4),
        ("<|tool_call|>", ToolCallFormat.Granite),
        ("<tool_call>", ToolCallFormat.Hermes),
        ("<|python_tag|>", ToolCallFormat.Llama3),
        ("<|eom_id|>", ToolCallFormat.Llama3),
        ("<|python_start|>", ToolCallFormat.Pythonic),
        ("<|tool_call_start|>", ToolCallFormat.Pythonic),
        ("tool_code", ToolCallFormat.Pythonic),
        ("<start_of_turn>", ToolCallFormat.Pythonic),
        ("Call the right tool.", ToolCallFormat.Bare),
    ];

    /// <summary>The format that a model with this chat template was trained to write.</summary>
    public static ToolCallFormat Of(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        foreach (var (mark, format) in Marks)
        {
            if (template.Contains(mark, StringComparison.Ordinal))
                return format;
        }
        return template.Contains("<|start_header_id|>", StringComparison.Ordinal) && template.Contains("tools", StringComparison.Ordinal) ? ToolCallFormat.Llama3 : ToolCallFormat.None;
    }

    /// <summary>A parser for one answer.</summary>
    /// <param name="format">How calls are written.</param>
    /// <param name="startsInReasoning">Whether the prompt already ends with <c>&lt;think&gt;</c>.</param>
    public static IToolCallParser CreateParser(ToolCallFormat format, bool startsInReasoning = false) => format switch
    {
        ToolCallFormat.Llama3 => new Llama3ToolCallParser(startsInReasoning),
        ToolCallFormat.Hermes => new HermesToolCallParser(startsInReasoning),
        ToolCallFormat.Mistral => new MistralToolCallParser(startsInReasoning),
        ToolCallFormat.DeepSeek => new DeepSeekToolCallParser(startsInReasoning),
        ToolCallFormat.Granite => new JsonArrayToolCallParser(["<|tool_call|>", "<tool_call>"], ["<|/tool_call|>", "</tool_call>"], startsInReasoning),
        ToolCallFormat.Phi4 => new JsonArrayToolCallParser(["functools"], [], startsInReasoning),
        ToolCallFormat.Pythonic => new PythonicToolCallParser(startsInReasoning),
        ToolCallFormat.Harmony => new HarmonyToolCallParser(),
        ToolCallFormat.Bare => new BareToolCallParser(startsInReasoning),
        ToolCallFormat.CommandR => new CommandRToolCallParser(startsInReasoning),
        _ => new PlainOutputParser(startsInReasoning),
    };
}
