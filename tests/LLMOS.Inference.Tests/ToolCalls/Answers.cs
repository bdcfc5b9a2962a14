using System.Text;

namespace LLMOS.Inference.Tests.ToolCalls;

/// <summary>Runs answers through parsers, cut in every way, and writes what comes out as one line.</summary>
internal static class Answers
{
    /// <summary>
    /// What a parser makes of an answer: content as it is, thoughts in braces, calls as <c>#name(arguments)</c>, a withdrawn one as <c>#name(…!</c>.
    /// The same must come out however the answer is cut.
    /// </summary>
    public static string Read(ToolCallFormat format, string answer, bool startsInReasoning = false)
    {
        var whole = Write(Parse(format, [answer], startsInReasoning));
        Assert.Equal(whole, Write(Parse(format, answer.Select(character => character.ToString()), startsInReasoning)));
        for (var cut = 1; cut < answer.Length; cut++)
            Assert.Equal(whole, Write(Parse(format, [answer[..cut], answer[cut..]], startsInReasoning)));
        return whole;
    }

    public static IReadOnlyList<ChatDelta> Parse(ToolCallFormat format, IEnumerable<string> pieces, bool startsInReasoning = false)
    {
        var parser = ToolCallFormats.CreateParser(format, startsInReasoning);
        return [.. pieces.SelectMany(parser.Append), .. parser.Finish()];
    }

    public static string Write(IEnumerable<ChatDelta> deltas)
    {
        var text = new StringBuilder();
        var thinks = false;
        foreach (var delta in deltas)
        {
            if (thinks != delta is ChatDelta.Reasoning)
                text.Append(thinks ? '}' : '{');
            thinks = delta is ChatDelta.Reasoning;
            text.Append(delta switch
            {
                ChatDelta.Content content => content.Text,
                ChatDelta.Reasoning reasoning => reasoning.Text,
                ChatDelta.ToolCallStarted call => $"#{call.Name}(",
                ChatDelta.ToolCallArguments arguments => arguments.Json,
                ChatDelta.ToolCallEnded => ")",
                _ => "!",
            });
        }
        return text.Append(thinks ? "}" : "").ToString();
    }
}
