using LLMOS.Inference.Templates;

namespace LLMOS.Inference.Tests.Templates;

/// <summary>Whole chats in the formats of the families, tools and all.</summary>
public sealed class ModelTemplateTests
{
    private static readonly ChatTool Weather = new(
        "get_weather",
        "Weather of a city",
        """{"type": "object", "properties": {"city": {"type": "string", "description": "The city"}}, "required": ["city"]}""");

    private static readonly ChatTurn[] Chat =
    [
        new("system", "Be brief."),
        new("user", "Weather in Bern?"),
        new("assistant", "") { ToolCalls = [new ChatToolCall("call12345", "get_weather", """{"city": "Bern"}""")] },
        new("tool", "12 degrees") { ToolCallId = "call12345" },
        new("assistant", "It is 12 degrees."),
        new("user", "Thanks!"),
    ];

    [Theory]
    [InlineData("llama-3.1", "<|begin_of_text|>", "<|eot_id|>", FamilyPrompts.Llama)]
    [InlineData("qwen-2.5", "", "<|im_end|>", FamilyPrompts.Qwen25)]
    [InlineData("qwen-3", "", "<|im_end|>", FamilyPrompts.Qwen3)]
    [InlineData("mistral", "<s>", "</s>", FamilyPrompts.Mistral)]
    [InlineData("gemma-tools", "<bos>", "<eos>", FamilyPrompts.GemmaTools)]
    [InlineData("phi-4-mini", "", "<|endoftext|>", FamilyPrompts.Phi4Mini)]
    [InlineData("deepseek-v3", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", FamilyPrompts.DeepSeek)]
    [InlineData("granite-3", "<|end_of_text|>", "<|end_of_text|>", FamilyPrompts.Granite)]
    [InlineData("gpt-oss", "<|startoftext|>", "<|return|>", FamilyPrompts.GptOss)]
    public void A_chat_with_tools_is_rendered_as_the_family_reads_it(string family, string begin, string end, string expected)
    {
        var template = new ChatTemplate(Jinja.Fixture(family), family, begin, end);
        Assert.False(template.IsFallback);
        var prompt = template.Render(Chat, new ChatTemplateOptions { Tools = [Weather], EnableThinking = family == "qwen-3" ? false : null, ReasoningEffort = "low", Now = Jinja.Now });
        Assert.Equal(expected, prompt.Text);
        Assert.Equal(expected, string.Concat(prompt.Segments.Select(segment => segment.Text)));
        Assert.Contains(prompt.Segments, segment => segment is { IsData: true, Text: "12 degrees" } or { IsData: true, Text: "\n12 degrees\n" });
    }

    [Theory]
    [InlineData("chatml", "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYes?<|im_end|>\n<|im_start|>user\nGo<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("gemma-2", "<bos><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\nYes?<end_of_turn>\n<start_of_turn>user\nGo<end_of_turn>\n<start_of_turn>model\n")]
    public void A_chat_without_tools_is_rendered_and_a_system_message_finds_a_place(string family, string expected)
    {
        var template = new ChatTemplate(Jinja.Fixture(family), family, "<bos>", "");
        Assert.Equal(expected, template.Render([new("system", "Be brief."), new("user", "Hi"), new("assistant", "Yes?"), new("user", "Go")], new ChatTemplateOptions()).Text);
        var refused = Assert.Throws<LlamaException>(() => template.Render(Chat, new ChatTemplateOptions { Tools = [Weather] }));
        Assert.Equal(LlamaError.NotSupported, refused.Error);
        Assert.Contains("get_weather", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_template_can_do_is_found_out()
    {
        var qwen = new TemplateCapabilities(SystemRole: true, RepeatedRoles: true, LooseResults: true, ContentParts: false, NullContent: true, TextArguments: true, Tools: true, ThinkingField: false);
        Assert.Equal(qwen, Of("qwen-3"));
        Assert.Equal(qwen, Of("deepseek-v3"));
        Assert.Equal(qwen with { TextArguments = false }, Of("llama-3.1"));
        Assert.Equal(qwen with { TextArguments = false, RepeatedRoles = false, LooseResults = false }, Of("mistral"));
        Assert.True(Of("gpt-oss").ThinkingField);
        Assert.False(Of("gemma-2").SystemRole);
        Assert.True(TemplateCapabilities.Of(JinjaTemplate.Parse("{% for m in messages %}{% for part in m.content %}{{ part.text }}{% endfor %}{% endfor %}"), "", "").ContentParts);

        static TemplateCapabilities Of(string family) => TemplateCapabilities.Of(JinjaTemplate.Parse(Jinja.Fixture(family)), "", "");
    }

    [Fact]
    public void A_chat_that_alternates_not_is_brought_into_the_form_that_a_template_asks_for()
    {
        var template = new ChatTemplate(Jinja.Fixture("gemma-2"), "gemma-2", "<bos>", "");
        ChatTurn[] chat = [new("user", "One."), new("user", "Two."), new("assistant", "A"), new("assistant", "B"), new("tool", "12"), new("user", "Three.")];
        Assert.Equal(
            "<bos><start_of_turn>user\nOne.\n\nTwo.<end_of_turn>\n<start_of_turn>model\nA\n\nB<end_of_turn>\n<start_of_turn>user\n12\n\nThree.<end_of_turn>\n<start_of_turn>model\n",
            template.Render(chat, new ChatTemplateOptions()).Text);
    }

    [Fact]
    public void Thoughts_are_kept_behind_the_last_question_only()
    {
        var template = new ChatTemplate(Jinja.Fixture("qwen-3"), "qwen-3", "", "");
        ChatTurn[] chat =
        [
            new("user", "One?"), new("assistant", "1.") { Reasoning = "easy" }, new("user", "Two?"),
            new("assistant", "") { Reasoning = "look", ToolCalls = [new ChatToolCall("a", "count", "{}")] }, new("tool", "2") { ToolCallId = "a" },
        ];
        Assert.Equal(
            "<|im_start|>user\nOne?<|im_end|>\n<|im_start|>assistant\n1.<|im_end|>\n<|im_start|>user\nTwo?<|im_end|>\n"
            + "<|im_start|>assistant\n<think>\nlook\n</think>\n\n<tool_call>\n{\"name\": \"count\", \"arguments\": {}}\n</tool_call><|im_end|>\n"
            + "<|im_start|>user\n<tool_response>\n2\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
            template.Render(chat, new ChatTemplateOptions()).Text);
    }

    [Fact]
    public void Variables_reach_the_template()
    {
        using var documents = System.Text.Json.JsonDocument.Parse("""[{"text": "Bern is a city."}, {"text": "So is Basel."}]""");
        var options = new ChatTemplateOptions { Variables = new Dictionary<string, System.Text.Json.JsonElement> { ["documents"] = documents.RootElement }, Now = Jinja.Now };
        var template = new ChatTemplate(Jinja.Fixture("granite-3"), "granite-3", "", "");
        Assert.Equal(
            "<|start_of_role|>system<|end_of_role|>Today's Date: March 05, 2026.\nYou are Granite. You have documents.<|end_of_text|>\n"
            + "<|start_of_role|>documents<|end_of_role|>Document 0\nBern is a city.\n\nDocument 1\nSo is Basel.<|end_of_text|>\n"
            + "<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>",
            template.Render([new("user", "Hi")], options).Text);
    }

    [Fact]
    public void A_chat_that_the_template_refuses_says_why_and_where()
    {
        var template = new ChatTemplate(Jinja.Fixture("mistral"), "mistral", "<s>", "</s>");
        var exception = Assert.Throws<ChatTemplateException>(() => template.Render([new("assistant", "a"), new("user", "b")], new ChatTemplateOptions()));
        Assert.Equal(8, exception.Line);
        Assert.Equal("The chat template fails at line 8, column 28: Roles must alternate: user, assistant, user, and so on.", exception.Message);
        var tool = Assert.Throws<LlamaException>(() => template.Render(Chat, new ChatTemplateOptions { Tools = [Weather with { Parameters = "{" }] }));
        Assert.Contains("'get_weather'", tool.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_template_tools_are_written_as_hermes_models_read_them()
    {
        var template = new ChatTemplate(null, "bare", "", "");
        Assert.True(template.IsFallback);
        Assert.Equal(ToolCallFormat.Hermes, ToolCallFormats.Of(template.Effective));
        var prompt = template.Render(Chat, new ChatTemplateOptions { Tools = [Weather] }).Text;
        Assert.Contains("<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"get_weather\"", prompt, StringComparison.Ordinal);
        Assert.Contains("<|im_start|>assistant\n\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bern\"}}\n</tool_call><|im_end|>\n<|im_start|>tool\n12 degrees<|im_end|>\n", prompt, StringComparison.Ordinal);
    }
}
