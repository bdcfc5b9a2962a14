namespace LLMOS.Inference.Templates;

/// <summary>What a template can render, found out by rendering small chats with it.</summary>
/// <param name="SystemRole">Whether it prints a system message.</param>
/// <param name="RepeatedRoles">Whether the same role may speak twice in a row.</param>
/// <param name="LooseResults">Whether a tool's message may come without the call that it answers.</param>
/// <param name="ContentParts">Whether it wants a message's content as a list of parts.</param>
/// <param name="NullContent">Whether a message that only calls tools may have no content.</param>
/// <param name="TextArguments">Whether it prints a call's arguments as the text that they came as, and not from a dict.</param>
/// <param name="Tools">Whether it prints tools.</param>
/// <param name="ThinkingField">Whether it looks for an assistant's thoughts in <c>thinking</c>.</param>
internal sealed record TemplateCapabilities(
    bool SystemRole,
    bool RepeatedRoles,
    bool LooseResults,
    bool ContentParts,
    bool NullContent,
    bool TextArguments,
    bool Tools,
    bool ThinkingField)
{
    private const string Needle = "zqneedlezq";
    private const string CallId = "call12345";
    private const string CallArguments = """{"zqargumentzq": "x"}""";

    // A few messages cost a template thousands of steps; one that takes more is not waited for nine times.
    private static readonly TemplateLimits Probe = new() { Steps = 1_000_000, AllCharacters = 1 << 22, Iterations = 100_000 };

    private static readonly ChatTurn User = new("user", "hello");

    private static IReadOnlyList<ChatTurn> CallingChat { get; } =
    [
        User,
        new ChatTurn("assistant", "") { ToolCalls = [new ChatToolCall(CallId, "look", CallArguments)] },
        new ChatTurn("tool", "seen") { ToolCallId = CallId },
    ];

    /// <exception cref="ChatTemplateException">It does not even render a user's message.</exception>
    public static TemplateCapabilities Of(JinjaTemplate template, string beginText, string endText)
    {
        var source = template.Source;
        var found = new TemplateCapabilities(
            SystemRole: true,
            RepeatedRoles: true,
            LooseResults: true,
            ContentParts: false,
            NullContent: false,
            TextArguments: false,
            Tools: false,
            ThinkingField: source.Contains("message.thinking", StringComparison.Ordinal) || source.Contains("message['thinking']", StringComparison.Ordinal));
        if (!Prints(new ChatTurn("user", Needle)) && Contains(found with { ContentParts = true }, [new ChatTurn("user", Needle)]))
            found = found with { ContentParts = true };
        Render(found, [User], ChatTemplateOptions.Default);
        var system = Prints(new ChatTurn("system", Needle), User);
        var repeated = Prints(new ChatTurn("user", "hello"), new ChatTurn("user", Needle));
        var loose = Prints(User, new ChatTurn("assistant", "Yes?"), new ChatTurn("tool", Needle));
        found = found with { SystemRole = system, RepeatedRoles = repeated, LooseResults = loose };
        var tool = new ChatTool(Needle, "It does something.", """{"type": "object", "properties": {"zqargumentzq": {"type": "string", "description": "What."}}, "required": ["zqargumentzq"]}""");
        found = found with { Tools = Attempt(found, [User], new ChatTemplateOptions { Tools = [tool] })?.Contains(Needle, StringComparison.Ordinal) ?? false };
        var asText = Attempt(found with { TextArguments = true }, CallingChat, ChatTemplateOptions.Default);
        var asDict = Attempt(found, CallingChat, ChatTemplateOptions.Default);
        // The text as the model wrote it is preferred: its tokens are those that the model's cache already holds.
        found = found with { TextArguments = (asText?.Contains(CallArguments, StringComparison.Ordinal) ?? false) || !(asDict?.Contains("zqargumentzq", StringComparison.Ordinal) ?? false) };
        return found with { NullContent = RendersWithoutContent(found with { NullContent = true }) };

        bool Prints(params ChatTurn[] turns) => Contains(found, turns);

        bool Contains(TemplateCapabilities capabilities, IReadOnlyList<ChatTurn> turns) =>
            Attempt(capabilities, turns, ChatTemplateOptions.Default)?.Contains(Needle, StringComparison.Ordinal) ?? false;

        bool RendersWithoutContent(TemplateCapabilities capabilities) =>
            Attempt(capabilities, CallingChat, ChatTemplateOptions.Default) is { } text && !text.Contains("None", StringComparison.Ordinal);

        string? Attempt(TemplateCapabilities capabilities, IReadOnlyList<ChatTurn> turns, ChatTemplateOptions options)
        {
            try
            {
                return Render(capabilities, turns, options);
            }
            catch (ChatTemplateException)
            {
                return null;
            }
        }

        string Render(TemplateCapabilities capabilities, IReadOnlyList<ChatTurn> turns, ChatTemplateOptions options) =>
            template.Render(ChatVariables.Of(turns, options, capabilities, beginText, endText), DateTimeOffset.UnixEpoch, Probe).Text;
    }
}
