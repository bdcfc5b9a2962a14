using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Client.Tests;

/// <summary>A random model whose chat template has a place for functions, in the way of Hermes and Qwen; made once a run.</summary>
internal static class ToolModel
{
    private const string Template =
        "{% if tools %}<|im_start|>system\n<tools>{% for tool in tools %}\n{{ tool | tojson }}{% endfor %}\n</tools>\nCall with <tool_call></tool_call>.<|im_end|>\n{% endif %}"
        + "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
        + "{% if message['role'] == 'tool' %}<tool_response>{{ message['content'] }}</tool_response>{% else %}{{ message['content'] }}{% endif %}"
        + "{% for call in message['tool_calls'] %}<tool_call>{{ call['function'] | tojson }}</tool_call>{% endfor %}<|im_end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private static readonly Lazy<string> Made = new(Make);

    public static string Path => Made.Value;

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("llmos-tool-model-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var path = System.IO.Path.Combine(folder.FullName, "tools.gguf");
        RandomModel.Write(
            path,
            new ModelShape(Width: 64, Layers: 2, Heads: 4, KvHeads: 2, FeedForward: 128, Vocabulary: 1024, ContextLength: 4096),
            GgmlType.F32,
            seed: 1,
            new RandomModelOptions { Name = "tools", ChatTemplate = Template });
        return path;
    }
}
