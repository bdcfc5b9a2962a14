using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LLMOS.Kernel.Resources;

namespace LLMOS.Shell.Commands;

/// <summary>The option that names LoRA adapters, each with a scale if it has one.</summary>
internal static class AdapterOption
{
    public static Option<AdapterSelection[]> Create() => new("--adapter")
    {
        Description = "A LoRA adapter it thinks with, by the name it is configured under; several may be given",
        HelpName = "NAME[=SCALE]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Parse(token.Value, result)).OfType<AdapterSelection>()],
    };

    private static AdapterSelection? Parse(string text, ArgumentResult result)
    {
        var parts = text.Split('=', 2);
        if (parts.Length == 1)
        {
            return new AdapterSelection(parts[0]);
        }

        if (float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && float.IsFinite(scale) && scale != 0)
        {
            return new AdapterSelection(parts[0], scale);
        }

        result.AddError($"The scale of the adapter '{parts[0]}' is '{parts[1]}': use a number other than 0, such as {parts[0]}=0.5.");
        return null;
    }
}
