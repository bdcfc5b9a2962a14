using System.Collections.Immutable;
using System.Reflection;
using LLMOS.SystemInterface.Syscalls;
using ModelForge.Evaluation.Shell;

namespace ModelForge.Corpus.Shell;

/// <summary>Sentences to the shell and the system calls that they ask for.</summary>
public sealed class ShellSource : ICorpusSource
{
    private const double Copies = 0.10;
    private const double Pairs = 0.07;

    /// <summary>Without a call, and with two: what a sentence with one is drawn against.</summary>
    private const double WithoutCalls = 0.10;
    private const double SeveralCalls = 0.07;

    private static readonly string[] Joints =
        [" and then ", ", then ", " and ", "; ", " and after that ", ". Then ", ", and ", " and also ", ", afterwards ", " then ", ". After that, "];

    private readonly SlotValues _values = new();
    private readonly SentenceMaker _maker;
    private readonly ExamGuard _guard;
    private readonly ImmutableArray<Template> _heldOut;
    private readonly ImmutableArray<Template> _answers;
    private readonly ImmutableArray<Template> _several;
    private readonly ImmutableArray<(ImmutableArray<Template> Templates, double Weight)> _bySyscall;
    private readonly double _weights;

    public ShellSource()
    {
        _maker = new SentenceMaker(_values);
        _heldOut = [.. TemplateFile.Load("heldout.templates")];
        _guard = new ExamGuard(_heldOut, HandwrittenSentences.First().Concat(HandwrittenSentences.Second()).Select(static sentence => sentence.Text));
        var trained = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith("trained-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .SelectMany(TemplateFile.Load).ToImmutableArray();
        _answers = [.. trained.Where(template => template.Calls.Count == 0)];
        _several = [.. trained.Where(template => template.Calls.Count > 1)];

        // Between even and by number of templates, so that a call with few ways to say it is neither starved nor learned by heart.
        _bySyscall = [.. trained.Where(template => template.Calls.Count == 1)
            .GroupBy(template => template.Calls[0].Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.ToImmutableArray(), Math.Sqrt(group.Count())))];
        _weights = _bySyscall.Sum(group => group.Weight);
    }

    /// <inheritdoc/>
    public string Task => "shell";

    /// <inheritdoc/>
    public double Weight => 0.4;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => SyscallText.FixedPieces;

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        return ToDocument(split == CorpusSplit.HeldOut ? HeldOut(random.Next(_heldOut.Length), random) : Trained(random));
    }

    /// <summary>Templates that are held out.</summary>
    internal int HeldOutCount => _heldOut.Length;

    /// <summary>A sentence of a template that is held out.</summary>
    internal ShellSentence HeldOut(int index, CorpusRandom random) => _maker.Make(_heldOut[index], _heldOut[index].Expand(random), random, noisy: false);

    /// <summary>A sentence to learn from, which shares no run of words with the exam.</summary>
    internal ShellSentence Trained(CorpusRandom random)
    {
        var kind = random.NextDouble();
        if (kind < Copies)
            return Copy(random);
        if (kind < Copies + WithoutCalls)
            return Sentence(random.Pick(_answers), random) ?? Trained(random);
        if (kind < Copies + WithoutCalls + SeveralCalls)
            return Sentence(random.Pick(_several), random) ?? Trained(random);
        if (kind < Copies + WithoutCalls + SeveralCalls + Pairs && Pair(random) is { } pair)
            return pair;
        return Sentence(One(random), random) ?? Trained(random);
    }

    private static Document ToDocument(ShellSentence sentence) => new("shell",
    [
        new DocumentMessage("system", SyscallPrompt.System),
        new DocumentMessage("user", SyscallPrompt.Normalise(sentence.Text)),
        new DocumentMessage("assistant", SyscallText.Write(sentence)),
    ]);

    private Template One(CorpusRandom random)
    {
        var at = random.NextDouble() * _weights;
        foreach (var (templates, weight) in _bySyscall)
        {
            at -= weight;
            if (at <= 0)
                return random.Pick(templates);
        }

        return random.Pick(_bySyscall[^1].Templates);
    }

    private ShellSentence? Sentence(Template template, CorpusRandom random, bool noisy = true)
    {
        const int Attempts = 8;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var expansion = template.Expand(random);
            if (_guard.Allows(expansion) && _maker.Make(template, expansion, random, noisy) is { Text.Length: > 0 } sentence
                && _guard.Allows(sentence.Text) && Sayable(sentence))
                return sentence;
        }

        return null;
    }

    /// <summary>A text argument must stand in the sentence as it is, or the grammar could not say it.</summary>
    private static bool Sayable(ShellSentence sentence)
    {
        var text = SyscallPrompt.Normalise(sentence.Text);
        return sentence.Calls.All(call => call.Args.All(argument =>
            SyscallCatalog.Find(call.Name)!.Find(argument.Key)!.Type == SyscallArgumentType.Choice
            || Texts(argument.Value).All(words => text.Contains(SyscallPrompt.Normalise(words, sentence.Text).Trim(), StringComparison.Ordinal))));

        static IEnumerable<string> Texts(SyscallValue value) =>
            value.Text is { } words ? [words] : value.Items.SelectMany(Texts);
    }

    private ShellSentence? Pair(CorpusRandom random)
    {
        var (first, second) = (Sentence(One(random), random, noisy: false), Sentence(One(random), random, noisy: false));
        if (first is null || second is null || first.Text.EndsWith('?') || second.Text.EndsWith('?'))
            return null;
        var tail = char.IsUpper(second.Text[0]) && second.Text.Skip(1).FirstOrDefault() is var next && char.IsLower(next)
            ? char.ToLowerInvariant(second.Text[0]) + second.Text[1..]
            : second.Text;
        var pair = new ShellSentence(first.Text.TrimEnd('.', '!') + random.Pick(Joints) + tail, [.. first.Calls, .. second.Calls], null);
        return _guard.Allows(pair.Text) && Sayable(pair) ? pair : null;
    }

    /// <summary>Strings that mean nothing, to be copied out of plain commands.</summary>
    private ShellSentence Copy(CorpusRandom random)
    {
        var (words, process) = (_values.Nonsense(random), _values.Make("pid", random));
        var template = random.Next(8) switch
        {
            0 => ("send {pid} {text}", "send pid={pid} text={text}"),
            1 => ("send \"{text}\" to {pid}", "send pid={pid} text={text}"),
            2 => ("broadcast {text}", "broadcast text={text}"),
            3 => ("search {text}", "search query={text}"),
            4 => ("embed \"{text}\"", "embed text={text}"),
            5 => ("malloc {text}", "malloc purpose={text}"),
            6 => ("tell {pid}: {text}", "send pid={pid} text={text}"),
            _ => ("grep \"{text}\"", "grep pattern={text}"),
        };
        var slots = new Dictionary<string, string>(StringComparer.Ordinal) { ["pid"] = process, ["text"] = words };
        var text = template.Item1.Replace("{pid}", process, StringComparison.Ordinal).Replace("{text}", words, StringComparison.Ordinal);
        return new ShellSentence(text, [.. TemplateFile.ParseCalls(template.Item2).Select(call => SentenceMaker.Call(call, slots))], null);
    }
}
