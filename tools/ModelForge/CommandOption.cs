using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ModelForge;

/// <summary>Options whose errors are sentences that name the option.</summary>
internal static class CommandOption
{
    /// <summary>A number of this type; null when it is not given.</summary>
    public static Option<T?> Number<T>(string option, string description)
        where T : struct, INumber<T> => new(option)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                // Without the separators of thousands, of which "0,001" would be 1.
                var isWhole = T.IsInteger(T.One / (T.One + T.One));
                if (T.TryParse(Word(result), isWhole ? NumberStyles.Integer : NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                    return value;
                var kind = isWhole ? "a whole number" : "a number such as 0.5";
                result.AddError($"{Name(result)} must be {kind}, not '{Word(result)}'.");
                return null;
            },
        };

    /// <summary>A whole number of 1 or more; null when it is not given.</summary>
    public static Option<int?> Count(string option, string description) => new(option)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(Word(result), CultureInfo.InvariantCulture, out var value) && value > 0)
                return value;
            result.AddError($"{option} must be a whole number of 1 or more, not '{Word(result)}'.");
            return null;
        },
    };

    /// <summary>Parses one of these names.</summary>
    public static Func<ArgumentResult, T> OneOf<T>(IReadOnlyDictionary<string, T> values) => result =>
    {
        if (values.TryGetValue(Word(result), out var value))
            return value;
        result.AddError($"{Name(result)} must be one of {string.Join(", ", values.Keys)}, not '{Word(result)}'.");
        return default!;
    };

    private static string Name(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;

    private static string Word(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
}
