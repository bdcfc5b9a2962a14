namespace LLMOS.Inference.Grammars;

/// <summary>Refuses grammars that can go round without taking a character: llama.cpp finds only some of them and runs out of memory on the others.</summary>
internal sealed class GbnfRecursion
{
    private readonly Dictionary<string, IReadOnlyList<IReadOnlyList<GbnfItem>>> _rules;
    private readonly HashSet<string> _mayBeEmpty = new(StringComparer.Ordinal);

    private GbnfRecursion(Dictionary<string, IReadOnlyList<IReadOnlyList<GbnfItem>>> rules) => _rules = rules;

    /// <exception cref="LlamaException">A rule is missing, left-recursive, or repeats something that may be empty.</exception>
    public static void Check(Dictionary<string, IReadOnlyList<IReadOnlyList<GbnfItem>>> rules, string root)
    {
        if (!rules.ContainsKey(root))
            throw Invalid($"The grammar has no rule '{root}' to begin with: add it, or name another as its root.");
        var recursion = new GbnfRecursion(rules);
        recursion.RequireRules();
        recursion.FindEmptyRules();
        recursion.RequireNoEmptyRepetition();
        recursion.RequireNoLeftRecursion();
    }

    private void RequireRules()
    {
        foreach (var (name, rule) in _rules)
        {
            foreach (var item in AllItems(rule))
            {
                if (item.Rule is { } wanted && !_rules.ContainsKey(wanted))
                    throw Invalid($"The grammar's rule '{name}' refers to the rule '{wanted}' in line {item.Line}, which does not exist: add it.");
            }
        }
    }

    private void FindEmptyRules()
    {
        bool found;
        do
        {
            found = false;
            foreach (var (name, rule) in _rules)
            {
                if (!_mayBeEmpty.Contains(name) && MayBeEmpty(rule))
                    found = _mayBeEmpty.Add(name);
            }
        }
        while (found);
    }

    private void RequireNoEmptyRepetition()
    {
        foreach (var (name, rule) in _rules)
        {
            foreach (var item in AllItems(rule))
            {
                if (item.IsUnbounded && ContentMayBeEmpty(item))
                    throw Invalid($"The grammar's rule '{name}' repeats something in line {item.Line} that may be empty, which never ends: repeat something that has text.");
            }
        }
    }

    /// <summary>Follows what a rule can begin with, depth first, without recursion: a grammar may have thousands of rules in a row.</summary>
    private void RequireNoLeftRecursion()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in _rules.Keys)
        {
            var path = new Stack<(string Rule, IEnumerator<string> Next)>();
            var onPath = new HashSet<string>(StringComparer.Ordinal);
            Enter(start);
            while (path.TryPeek(out var top))
            {
                if (!top.Next.MoveNext())
                {
                    path.Pop();
                    onPath.Remove(top.Rule);
                    done.Add(top.Rule);
                }
                else if (onPath.Contains(top.Next.Current))
                {
                    throw Invalid($"The grammar's rule '{top.Next.Current}' can begin with itself, which never ends: put text before the recursion.");
                }
                else
                {
                    Enter(top.Next.Current);
                }
            }

            void Enter(string rule)
            {
                if (done.Contains(rule))
                    return;
                onPath.Add(rule);
                path.Push((rule, Beginnings(_rules[rule]).GetEnumerator()));
            }
        }
    }

    private IEnumerable<string> Beginnings(IReadOnlyList<IReadOnlyList<GbnfItem>> alternatives)
    {
        foreach (var sequence in alternatives)
        {
            foreach (var item in sequence)
            {
                if (item.Rule is not null)
                    yield return item.Rule;
                foreach (var nested in item.Group is null ? [] : Beginnings(item.Group))
                    yield return nested;
                if (!item.MayBeEmpty && !ContentMayBeEmpty(item))
                    break;
            }
        }
    }

    private bool MayBeEmpty(IReadOnlyList<IReadOnlyList<GbnfItem>> alternatives) =>
        alternatives.Any(sequence => sequence.All(item => item.MayBeEmpty || ContentMayBeEmpty(item)));

    /// <summary>Whether one occurrence of an item may be empty.</summary>
    private bool ContentMayBeEmpty(GbnfItem item) =>
        item.Group is not null ? MayBeEmpty(item.Group) : item.Rule is not null && _mayBeEmpty.Contains(item.Rule);

    private static IEnumerable<GbnfItem> AllItems(IReadOnlyList<IReadOnlyList<GbnfItem>> alternatives)
    {
        foreach (var item in alternatives.SelectMany(sequence => sequence))
        {
            yield return item;
            foreach (var nested in item.Group is null ? [] : AllItems(item.Group))
                yield return nested;
        }
    }

    private static LlamaException Invalid(string message) => new(LlamaError.GrammarInvalid, message);
}
