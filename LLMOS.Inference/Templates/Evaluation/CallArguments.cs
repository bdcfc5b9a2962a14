using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>The values that a call, a filter or a test is given.</summary>
internal sealed record CallArguments(IReadOnlyList<Value> Positional, IReadOnlyList<(string Name, Value Value)> Named)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>The arguments in the order of the parameters; null for one that is not given.</summary>
    /// <exception cref="TemplateFault">There are too many, or one has a name that is not a parameter's.</exception>
    public Value?[] Bind(string callee, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Count > parameters.Length)
            throw new TemplateFault($"{callee} takes at most {parameters.Length} {(parameters.Length == 1 ? "argument" : "arguments")}, but is given {Positional.Count}");
        var bound = new Value?[parameters.Length];
        for (var i = 0; i < Positional.Count; i++)
            bound[i] = Positional[i];
        foreach (var (name, value) in Named)
        {
            var at = parameters.IndexOf(name);
            if (at < 0)
                throw new TemplateFault($"{callee} has no parameter '{name}'{(parameters.IsEmpty ? "" : $": it has {string.Join(", ", parameters.ToArray())}")}");
            if (bound[at] is not null)
                throw new TemplateFault($"{callee} is given '{name}' twice");
            bound[at] = value;
        }
        return bound;
    }

    /// <summary>The arguments without the first of them.</summary>
    public CallArguments Rest() => new([.. Positional.Skip(1)], Named);
}
