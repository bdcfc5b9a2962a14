using LLMOS.Inference.Grammars;
using LLMOS.Inference.Grammars.JsonSchema;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

/// <summary>Whether texts follow the grammar of a schema.</summary>
internal static class Fits
{
    public static bool Schema(string schema, string text, JsonSchemaGrammarOptions? options = null) => Grammar(JsonSchemaGrammar.Convert(schema, options), text);

    public static bool Grammar(string grammar, string text) => Grammar(GbnfGrammar.Parse(grammar), text);

    public static bool Grammar(GbnfGrammar grammar, string text)
    {
        var matcher = new GbnfMatcher(grammar);
        return matcher.Accept(text) && matcher.AllowsEnd;
    }
}
