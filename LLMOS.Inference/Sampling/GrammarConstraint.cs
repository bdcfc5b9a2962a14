using System.Text;
using LLMOS.Inference.Grammars;
using LLMOS.Inference.Interop;
using LLMOS.Inference.Models;

namespace LLMOS.Inference.Sampling;

/// <summary>
/// A GBNF grammar and how far a text has come in it. Tokens must be checked by <see cref="Allows"/> or <see cref="Restrict"/> before they are accepted:
/// llama.cpp ends the process on a token that does not fit.
/// </summary>
internal sealed unsafe class GrammarConstraint : IDisposable
{
    private readonly LlamaSamplerHandle _sampler;
    private readonly LlamaVocabulary _vocabulary;
    private readonly ForcedText? _forced;
    private LlamaTokenData[] _candidates = [];
    private float[] _kept = [];

    private GrammarConstraint(LlamaSamplerHandle sampler, LlamaVocabulary vocabulary, ForcedText? forced)
    {
        _sampler = sampler;
        _vocabulary = vocabulary;
        _forced = forced;
    }

    /// <summary>Whether the text is complete and only its end can follow, as far as that is known.</summary>
    public bool OnlyEnds => _forced is { OnlyEnds: true };

    /// <param name="model">The model whose tokens are restricted.</param>
    /// <param name="grammar">GBNF.</param>
    /// <param name="root">The rule to begin with.</param>
    /// <param name="findForced">Whether to follow the text beside llama.cpp, so that what the grammar forces is known without logits.</param>
    /// <exception cref="LlamaException">The grammar does not parse.</exception>
    public static GrammarConstraint Parse(LlamaModel model, string grammar, string root, bool findForced = false)
    {
        var parsed = GbnfSyntax.Parse(grammar, root, model.Vocabulary);
        using var log = LlamaLog.Capture();
        LlamaSamplerHandle sampler;
        fixed (byte* text = ZeroTerminated(grammar))
        fixed (byte* start = ZeroTerminated(root))
            sampler = LlamaSamplerNative.Grammar(model.Vocabulary.Native, text, start);
        if (sampler.IsInvalid)
        {
            sampler.Dispose();
            throw new LlamaException(LlamaError.GrammarInvalid, $"The grammar is not one that llama.cpp takes{log.Because()}: if it repeats what is repeated already, make that a rule of its own, or lower the counts.");
        }
        sampler.Bind(model.Handle);
        return new GrammarConstraint(sampler, model.Vocabulary, findForced ? Follow(parsed, model.Vocabulary) : null);
    }

    /// <summary>Whether a token may come next.</summary>
    public bool Allows(int token)
    {
        var candidate = new LlamaTokenData { Id = token };
        var array = new LlamaTokenDataArray { Data = &candidate, Size = 1, Selected = -1 };
        LlamaSamplerNative.Apply(_sampler, &array);
        return !float.IsNegativeInfinity(candidate.Logit);
    }

    /// <summary>Finds the token that may come next when there is one only. It is not found where the grammar is too wide to be followed.</summary>
    public bool TryForced(out int token)
    {
        token = 0;
        if (_forced is null || !_forced.TryCandidates(out var candidates) || candidates is not [var only])
            return false;
        token = only;
        return Agrees(candidates);
    }

    /// <summary>Writes tokens that spell the text which the grammar forces from here, though others may spell it, too. Returns how many.</summary>
    public int Draft(Span<int> tokens) => _forced?.Draft(tokens) ?? 0;

    /// <summary>Forbids all tokens that may not come next.</summary>
    public void Restrict(Span<float> logits)
    {
        if (_forced is not null && _forced.TryCandidates(out var forced) && forced.Count > 0 && Agrees(forced))
        {
            Keep(forced, logits);
            return;
        }
        if (_candidates.Length < logits.Length)
            _candidates = new LlamaTokenData[logits.Length];
        var count = 0;
        if (_forced is not null && _forced.TryNarrow(out var narrow))
        {
            foreach (var token in narrow)
                Add(token, logits, ref count);
            foreach (var end in _vocabulary.EndTokens)
                Add(end, logits, ref count);
            logits.Fill(float.NegativeInfinity);
        }
        else
        {
            for (var i = 0; i < logits.Length; i++)
                Add(i, logits, ref count);
        }
        fixed (LlamaTokenData* data = _candidates)
        {
            var array = new LlamaTokenDataArray { Data = data, Size = (nuint)count, Selected = -1 };
            LlamaSamplerNative.Apply(_sampler, &array);
        }
        for (var i = 0; i < count; i++)
            logits[_candidates[i].Id] = _candidates[i].Logit;
    }

    /// <summary>Goes on with a token that is allowed and does not end the text.</summary>
    public void Accept(int token)
    {
        LlamaSamplerNative.Accept(_sampler, token);
        if (_forced is { IsLost: false })
            _forced.Accept(_vocabulary.Spelled(token));
    }

    public void Dispose() => _sampler.Dispose();

    private static ForcedText? Follow(GbnfGrammar grammar, LlamaVocabulary vocabulary)
    {
        try
        {
            return grammar.UsesTokens ? null : new ForcedText(new GbnfMatcher(grammar), vocabulary.SpelledTokens);
        }
        catch (LlamaException)
        {
            return null; // It is at too many places from the start.
        }
    }

    /// <summary>Whether llama.cpp takes the tokens, too. It ends the process on one that it does not take, so a difference must not get so far.</summary>
    private bool Agrees(IReadOnlyList<int> tokens)
    {
        foreach (var token in tokens)
        {
            if (Allows(token))
                continue;
            _forced!.Lose();
            return false;
        }
        return true;
    }

    private void Add(int token, ReadOnlySpan<float> logits, ref int count)
    {
        if (!float.IsNegativeInfinity(logits[token]))
            _candidates[count++] = new LlamaTokenData { Id = token, Logit = logits[token] };
    }

    private void Keep(IReadOnlyList<int> tokens, Span<float> logits)
    {
        if (_kept.Length < tokens.Count)
            _kept = new float[tokens.Count * 2];
        for (var i = 0; i < tokens.Count; i++)
            _kept[i] = logits[tokens[i]];
        logits.Fill(float.NegativeInfinity);
        for (var i = 0; i < tokens.Count; i++)
            logits[tokens[i]] = _kept[i];
    }

    private static byte[] ZeroTerminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
