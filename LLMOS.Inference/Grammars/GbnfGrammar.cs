using LLMOS.Inference.Models;

namespace LLMOS.Inference.Grammars;

/// <summary>A GBNF grammar that was parsed and found sound.</summary>
internal sealed class GbnfGrammar
{
    internal GbnfGrammar(Dictionary<string, IReadOnlyList<IReadOnlyList<GbnfItem>>> rules, string root)
    {
        Rules = rules;
        Root = root;
        UsesTokens = rules.Values.Any(HasToken);
    }

    /// <summary>The alternatives of each rule.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<GbnfItem>>> Rules { get; }

    /// <summary>The rule to begin with.</summary>
    public string Root { get; }

    /// <summary>Whether it names tokens, such as <c>&lt;|im_end|&gt;</c>, so that text alone does not tell how far it has come.</summary>
    public bool UsesTokens { get; }

    /// <param name="text">The grammar.</param>
    /// <param name="root">The rule to begin with.</param>
    /// <param name="vocabulary">The model's, to check the tokens that the grammar names; null not to.</param>
    /// <exception cref="LlamaException">The grammar is wrong; the message says where and why.</exception>
    public static GbnfGrammar Parse(string text, string root = "root", LlamaVocabulary? vocabulary = null) => GbnfSyntax.Parse(text, root, vocabulary);

    /// <summary>The rules that no text of finite length can follow, since they need themselves again and again; in no order.</summary>
    public IReadOnlySet<string> EndlessRules()
    {
        var endless = Rules.Keys.ToHashSet(StringComparer.Ordinal);
        while (endless.RemoveWhere(rule => CanEnd(Rules[rule], endless)) > 0)
        {
        }
        return endless;
    }

    private static bool CanEnd(IReadOnlyList<IReadOnlyList<GbnfItem>> alternatives, HashSet<string> endless) =>
        alternatives.Any(sequence => sequence.All(item =>
            item.Repetitions.Any(repetition => repetition.Least == 0)
            || (item.Rule is not null ? !endless.Contains(item.Rule)
                : item.Group is not null ? CanEnd(item.Group, endless)
                : item.Characters.All(set => !set.IsEmpty))));

    private static bool HasToken(IReadOnlyList<IReadOnlyList<GbnfItem>> alternatives) =>
        alternatives.Any(sequence => sequence.Any(item => item.IsToken || (item.Group is not null && HasToken(item.Group))));
}
