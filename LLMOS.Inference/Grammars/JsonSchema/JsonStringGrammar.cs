namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Strings: by format, by pattern or by length.</summary>
internal static class JsonStringGrammar
{
    public static string Expression(JsonSchemaNode node, JsonRules rules, GbnfWriter writer)
    {
        if (!node.LimitsStrings)
            return rules.String;
        if ((node.Pattern is not null ? 1 : 0) + (node.Format is not null ? 1 : 0) + (node.MinLength is not null || node.MaxLength is not null ? 1 : 0) > 1)
            throw SchemaError.At(node.Path, "a grammar follows only one of pattern, format and lengths: keep one, for example by writing the lengths into the pattern");
        if (node.Format is { } format)
        {
            var expression = StringFormat.Expression(format)
                ?? throw SchemaError.At(JsonPath.Member(node.Path, "format"), $"there is no grammar for the format '{format}': use one of {StringFormat.Names}, or a pattern");
            return Quoted(GbnfText.Item(expression));
        }
        if (node.Pattern is { } pattern)
            return Quoted(GbnfText.Item(PatternTranslator.Translate(pattern, JsonPath.Member(node.Path, "pattern"), rules.Character, writer)));
        return Quoted(GbnfText.Repeat(rules.Character, node.MinLength ?? 0, node.MaxLength));
    }

    private static string Quoted(string inside) => GbnfText.Sequence(JsonRules.Quote, inside, JsonRules.Quote);
}
