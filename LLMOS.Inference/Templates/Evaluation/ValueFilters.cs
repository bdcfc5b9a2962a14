using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Filters for any value.</summary>
internal static class ValueFilters
{
    private const int WidestIndent = 100;

    public static Value Default(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("default", "default_value", "boolean");
        var isMissing = value is UndefinedValue || (bound[1] is { IsTrue: true } && !value.IsTrue);
        return isMissing ? bound[0] ?? TextValue.Empty : value;
    }

    public static Value String(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("string");
        return ValueText.Of(value, interpreter.Budget);
    }

    public static Value ToJson(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("tojson", "indent", "ensure_ascii", "separators", "sort_keys");
        var indent = bound[0] switch
        {
            null or NoneValue => null,
            TextValue text => text.Text,
            var width => new string(' ', Math.Clamp(Filters.Integer("tojson", width), 0, WidestIndent)),
        };
        var separators = bound[2] switch
        {
            null or NoneValue => null,
            ListValue { Items: [TextValue item, TextValue key] } => new[] { item.Text, key.Text },
            _ => throw new TemplateFault("tojson needs two strings as its separators"),
        };
        return JsonText.Of(value, interpreter.Budget, indent, separators?[0], separators?[1], bound[1]?.IsTrue ?? false, bound[3]?.IsTrue ?? false);
    }
}
