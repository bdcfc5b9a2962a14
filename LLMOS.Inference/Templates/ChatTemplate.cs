using LLMOS.Inference.Interop;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates;

/// <summary>Renders chats with the model's own template; ChatML stands in for one that is missing or does not parse or render.</summary>
internal sealed class ChatTemplate
{
    private readonly string _modelName;
    private readonly string _beginText;
    private readonly string _endText;
    private readonly JinjaTemplate _template;

    /// <param name="modelTemplate">The template that the model's file brings; null when it brings none.</param>
    /// <param name="modelName">How errors name the model.</param>
    /// <param name="beginText">The text of the token that begins a text; empty when there is none.</param>
    /// <param name="endText">The text of the token that ends a text; empty when there is none.</param>
    public ChatTemplate(string? modelTemplate, string modelName, string beginText, string endText)
    {
        (Source, _modelName, _beginText, _endText) = (modelTemplate, modelName, beginText, endText);
        try
        {
            _template = JinjaTemplate.Parse(modelTemplate ?? ChatMl.Template);
            Capabilities = TemplateCapabilities.Of(_template, beginText, endText);
        }
        catch (ChatTemplateException exception)
        {
            LlamaLog.Write(LlamaLogLevel.Warning, $"The model '{modelName}' has a chat template that cannot be used, so its chats are rendered as ChatML: {exception.Message}");
            IsFallback = true;
            _template = JinjaTemplate.Parse(ChatMl.Template);
            Capabilities = TemplateCapabilities.Of(_template, beginText, endText);
        }
        if (modelTemplate is null)
        {
            IsFallback = true;
            LlamaLog.Write(LlamaLogLevel.Warning, $"The model '{modelName}' brings no chat template: chats are rendered as ChatML.");
        }
    }

    /// <summary>The model's own template; null when it brings none.</summary>
    public string? Source { get; }

    /// <summary>The template that renders: the model's own, or ChatML's.</summary>
    public string Effective => _template.Source;

    /// <summary>Whether ChatML stands in for the model's own template.</summary>
    public bool IsFallback { get; }

    public TemplateCapabilities Capabilities { get; }

    /// <exception cref="ChatTemplateException">The template refuses the chat.</exception>
    /// <exception cref="LlamaException">There are tools, but the template has no place for them.</exception>
    public RenderedPrompt Render(IReadOnlyList<ChatTurn> turns, ChatTemplateOptions options)
    {
        if (options.Tools.Count > 0 && !Capabilities.Tools)
            throw new LlamaException(LlamaError.NotSupported, $"The chat template of the model '{_modelName}' has no place for tools, but {options.Tools.Count} are given, {options.Tools[0].Name} first: leave them out, or name a model that calls tools.");
        var text = _template.Render(ChatVariables.Of(turns, options, Capabilities, _beginText, _endText), options.Now ?? DateTimeOffset.Now);
        return new RenderedPrompt(Segments(text));
    }

    private static PromptSegment[] Segments(TextValue text)
    {
        var at = 0;
        var segments = new PromptSegment[text.Runs.Count];
        for (var i = 0; i < segments.Length; i++)
        {
            var end = text.Runs[i].End;
            segments[i] = new PromptSegment(text.Text[at..end], text.Runs[i].IsData);
            at = end;
        }
        return segments;
    }
}
