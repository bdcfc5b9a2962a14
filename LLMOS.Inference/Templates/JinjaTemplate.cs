using LLMOS.Inference.Templates.Evaluation;
using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates;

/// <summary>A parsed template. Safe to use from any thread.</summary>
internal sealed class JinjaTemplate
{
    private readonly IReadOnlyList<Statement> _body;
    private readonly TemplateLimits _limits;

    private JinjaTemplate(string source, IReadOnlyList<Statement> body, TemplateLimits limits)
    {
        Source = source;
        _body = body;
        _limits = limits;
    }

    public string Source { get; }

    /// <exception cref="ChatTemplateException">It does not parse, or is longer than the limits allow.</exception>
    public static JinjaTemplate Parse(string source, TemplateLimits? limits = null)
    {
        limits ??= TemplateLimits.Default;
        if (source.Length > limits.SourceCharacters)
            throw new ChatTemplateException(1, 1, $"it has {source.Length} characters, but may have {limits.SourceCharacters}");
        return new JinjaTemplate(source, TemplateParser.Parse(source), limits);
    }

    /// <summary>The template's text for these variables.</summary>
    /// <param name="variables">What the template is given besides Jinja2's own functions.</param>
    /// <param name="now">The time that it may print.</param>
    /// <param name="limits">What it may cost; null for the limits that it was parsed with.</param>
    /// <exception cref="ChatTemplateException">The template refuses them, fails, or passes a limit; the message says where and why.</exception>
    public TextValue Render(IEnumerable<KeyValuePair<string, Value>> variables, DateTimeOffset now, TemplateLimits? limits = null)
    {
        var interpreter = new Interpreter(limits ?? _limits, now);
        var scope = new Scope(outer: null);
        Globals.AddTo(scope, interpreter);
        foreach (var (name, value) in variables)
            scope.Set(name, value);
        var output = new TextBuilder(interpreter.Budget);
        new StatementRunner(interpreter).Run(_body, scope, output);
        return output.ToText();
    }
}
