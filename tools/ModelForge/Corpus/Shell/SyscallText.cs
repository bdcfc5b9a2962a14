using System.Text;
using LLMOS.SystemInterface.Syscalls;

namespace ModelForge.Corpus.Shell;

/// <summary>What the model is to say for calls: as the grammar of the shell has it, arguments in the catalogue's order.</summary>
internal static class SyscallText
{
    /// <summary>Fixed syntax, each one token.</summary>
    public static IReadOnlyList<string> FixedPieces { get; } =
    [
        .. SyscallCatalog.All.SelectMany(call => (string[])["[" + Opening(call), "," + Opening(call)]),
        .. Keys().SelectMany(key => (string[])[$"\"{key}\":", $"\"{key}\":\"", $",\"{key}\":", $",\"{key}\":\"", $"\",\"{key}\":", $"\",\"{key}\":\""]),
        "}}]", "}}", "\"}}]", "\"}}",
    ];

    /// <summary>The calls of a sentence.</summary>
    public static string Write(ShellSentence sentence)
    {
        if (sentence.Calls.IsEmpty)
            return "? " + (string.IsNullOrEmpty(sentence.Answer) ? "There is nothing to do." : sentence.Answer);
        var text = new StringBuilder("[");
        foreach (var call in sentence.Calls)
        {
            if (text.Length > 1)
                text.Append(',');
            text.Append(Opening(SyscallCatalog.Find(call.Name)!));
            var first = true;
            foreach (var parameter in SyscallCatalog.Find(call.Name)!.Parameters)
            {
                if (!call.Args.TryGetValue(parameter.Name, out var value))
                    continue;
                text.Append(first ? "" : ",").Append('"').Append(parameter.Name).Append("\":");
                Append(text, value, sentence.Text);
                first = false;
            }

            text.Append("}}");
        }

        return text.Append(']').ToString();
    }

    private static void Append(StringBuilder text, SyscallValue value, string sentence)
    {
        if (value.Flag is not null || value.Number is not null)
            text.Append(' ').Append(value);
        else if (value.Text is { } words)
            text.Append("\" ").Append(SyscallPrompt.Normalise(words, sentence).Trim()).Append('"');
        else
        {
            text.Append('[');
            for (var i = 0; i < value.Items.Length; i++)
            {
                if (i > 0)
                    text.Append(',');
                Append(text, value.Items[i], sentence);
            }

            text.Append(']');
        }
    }

    private static string Opening(SyscallDefinition call) => $$"""{"syscall":"{{call.Name}}","args":{""";

    private static IEnumerable<string> Keys() =>
        SyscallCatalog.All.SelectMany(call => call.Parameters).Select(parameter => parameter.Name).Distinct(StringComparer.Ordinal);
}
