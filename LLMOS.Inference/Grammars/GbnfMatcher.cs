using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LLMOS.Inference.Grammars;

/// <summary>
/// Tells how far a text has come in a GBNF grammar, and which characters may follow: a pushdown automaton that follows all ways at once.
/// Takes the texts that llama.cpp's grammar sampler takes. For one thread.
/// </summary>
internal sealed class GbnfMatcher
{
    /// <summary>Places that it may be at between two characters.</summary>
    internal const int MostPlaces = 16_384;

    private const int FramesBeforeCleaning = 1 << 16;
    private const int MostFrames = 1 << 20;

    private readonly Dictionary<(GbnfNode Node, int Count, GbnfFrame? Parent), GbnfFrame> _frames = [];
    private GbnfStacks _stacks;
    private int _nextCleaning = FramesBeforeCleaning;

    /// <exception cref="LlamaException">The grammar names tokens, or is at too many places at once before its first character.</exception>
    public GbnfMatcher(GbnfGrammar grammar)
    {
        if (grammar.UsesTokens)
            throw new LlamaException(LlamaError.NotSupported, "The grammar names tokens of the model, so text alone does not tell how far it has come: write them as text.");
        _stacks = Close([(GbnfCompiler.Compile(grammar), 0, null)]) ?? throw TooMany();
    }

    private GbnfMatcher(GbnfStacks stacks)
    {
        _stacks = stacks;
        KeepFrames();
    }

    /// <summary>Whether the text so far is complete.</summary>
    public bool AllowsEnd => _stacks.AllowsEnd;

    /// <summary>Places that it is at and that take a character.</summary>
    public int Places => _stacks.Heads.Count;

    /// <summary>Where it is.</summary>
    internal GbnfStacks Stacks => _stacks;

    /// <summary>A matcher of its own that is as far as this one.</summary>
    public GbnfMatcher Copy() => new(_stacks);

    /// <summary>Whether a character may come next.</summary>
    public bool Allows(Rune character) => _stacks.Allows(character.Value);

    /// <summary>Goes on by a character.</summary>
    /// <returns>Whether it may come next; if not, nothing has changed.</returns>
    /// <exception cref="LlamaException">The grammar is at too many places at once.</exception>
    public bool Accept(Rune character)
    {
        if (!Allows(character))
            return false;
        _stacks = After(_stacks, character) ?? throw TooMany();
        if (_frames.Count > _nextCleaning)
            KeepFrames();
        return true;
    }

    /// <summary>Goes on by a text.</summary>
    /// <returns>Whether all of it may come next; if not, nothing has changed.</returns>
    /// <exception cref="LlamaException">The grammar is at too many places at once.</exception>
    public bool Accept(string text)
    {
        var before = _stacks;
        foreach (var character in text.EnumerateRunes())
        {
            if (Accept(character))
                continue;
            _stacks = before;
            return false;
        }
        return true;
    }

    /// <summary>Finds the longest text that is the only way to go on from here. Nothing changes.</summary>
    /// <param name="text">At least one character when there is such a text.</param>
    /// <param name="mostCharacters">Where to stop: a grammar may force a text without end.</param>
    /// <returns>False when several characters may come next, or none, or the text may end here.</returns>
    public bool TryForced([NotNullWhen(true)] out string? text, int mostCharacters = 512)
    {
        var forced = new StringBuilder();
        var stacks = _stacks;
        for (var count = 0; count < mostCharacters && Only(stacks) is { } character; count++)
        {
            forced.Append(character.ToString());
            if (After(stacks, character) is not { } after)
                break;
            stacks = after;
        }
        text = forced.Length > 0 ? forced.ToString() : null;
        return text is not null;
    }

    private static Rune? Only(GbnfStacks stacks)
    {
        if (stacks.AllowsEnd || stacks.Heads.Count == 0 || stacks.Heads[0].Node.Characters.Only is not { } only)
            return null;
        foreach (var (node, _) in stacks.Heads)
        {
            if (node.Characters.Only != only)
                return null;
        }
        return new Rune(only);
    }

    /// <summary>Where it would be after a character. Nothing changes.</summary>
    /// <returns>Null when there are too many places.</returns>
    internal GbnfStacks? After(GbnfStacks stacks, Rune character)
    {
        var starts = new List<(GbnfNode Node, int Count, GbnfFrame? Frame)>();
        foreach (var (node, frame) in stacks.Heads)
        {
            if (node.Characters.Contains(character.Value))
                starts.Add((node.Next, 0, frame));
        }
        return Close(starts);
    }

    /// <summary>Follows everything that takes no character.</summary>
    /// <returns>Null when there are too many places.</returns>
    private GbnfStacks? Close(List<(GbnfNode Node, int Count, GbnfFrame? Frame)> starts)
    {
        var heads = new List<(GbnfNode Node, GbnfFrame? Frame)>();
        var allowsEnd = false;
        var seen = new HashSet<(GbnfNode Node, int Count, GbnfFrame? Frame)>();
        var open = new Stack<(GbnfNode Node, int Count, GbnfFrame? Frame)>(Enumerable.Reverse(starts));
        while (open.TryPop(out var place))
        {
            if (!seen.Add(place))
                continue;
            if (seen.Count > MostPlaces || _frames.Count > MostFrames)
                return null;
            var (node, count, frame) = place;
            switch (node.Kind)
            {
                case GbnfNodeKind.Character when !node.Characters.IsEmpty:
                    heads.Add((node, frame));
                    break;
                case GbnfNodeKind.Choice:
                    for (var i = node.Targets.Count - 1; i >= 0; i--)
                        open.Push((node.Targets[i], 0, frame));
                    break;
                case GbnfNodeKind.Call:
                    open.Push((node.Targets[0], 0, node.Next.Kind == GbnfNodeKind.Return ? frame : Frame(node.Next, 0, frame)));
                    break;
                case GbnfNodeKind.Repeat:
                    if (count >= node.Repetition.Least)
                        open.Push((node.Next, 0, frame));
                    if (count < node.Repetition.Most)
                        open.Push((node.Targets[0], 0, Frame(node, node.Repetition.IsUnbounded ? Math.Min(count + 1, node.Repetition.Least) : count + 1, frame)));
                    break;
                case GbnfNodeKind.Return when frame is null:
                    allowsEnd = true;
                    break;
                case GbnfNodeKind.Return:
                    open.Push((frame.Node, frame.Count, frame.Parent));
                    break;
            }
        }
        return new GbnfStacks(heads, allowsEnd);
    }

    private GbnfFrame Frame(GbnfNode node, int count, GbnfFrame? parent)
    {
        if (!_frames.TryGetValue((node, count, parent), out var frame))
            _frames[(node, count, parent)] = frame = new GbnfFrame(node, count, parent);
        return frame;
    }

    /// <summary>Forgets the frames that no stack has any more.</summary>
    private void KeepFrames()
    {
        _frames.Clear();
        foreach (var (_, top) in _stacks.Heads)
        {
            for (var frame = top; frame is not null && _frames.TryAdd((frame.Node, frame.Count, frame.Parent), frame); frame = frame.Parent)
            {
            }
        }
        _nextCleaning = Math.Max(FramesBeforeCleaning, _frames.Count * 2);
    }

    private static LlamaException TooMany() => new(
        LlamaError.GrammarInvalid,
        $"The grammar is at more than {MostPlaces} places at once, or nested deeper than {MostFrames}, after this text: let its alternatives differ sooner.");
}
