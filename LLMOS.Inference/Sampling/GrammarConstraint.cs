using System.Text;
using LLMOS.Inference.Grammars;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Sampling;

/// <summary>
/// A GBNF grammar and how far a text has come in it. Tokens must be checked by <see cref="Allows"/> or <see cref="Restrict"/> before they are accepted:
/// llama.cpp ends the process on a token that does not fit.
/// </summary>
internal sealed unsafe class GrammarConstraint : IDisposable
{
    private readonly LlamaSamplerHandle _sampler;
    private LlamaTokenData[] _candidates = [];

    private GrammarConstraint(LlamaSamplerHandle sampler) => _sampler = sampler;

    /// <exception cref="LlamaException">The grammar does not parse.</exception>
    public static GrammarConstraint Parse(LlamaModel model, string grammar, string root)
    {
        GbnfSyntax.Parse(grammar, root, model.Vocabulary);
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
        return new GrammarConstraint(sampler);
    }

    /// <summary>Whether a token may come next.</summary>
    public bool Allows(int token)
    {
        var candidate = new LlamaTokenData { Id = token };
        var array = new LlamaTokenDataArray { Data = &candidate, Size = 1, Selected = -1 };
        LlamaSamplerNative.Apply(_sampler, &array);
        return !float.IsNegativeInfinity(candidate.Logit);
    }

    /// <summary>Forbids all tokens that may not come next.</summary>
    public void Restrict(Span<float> logits)
    {
        if (_candidates.Length < logits.Length)
            _candidates = new LlamaTokenData[logits.Length];
        var count = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (!float.IsNegativeInfinity(logits[i]))
                _candidates[count++] = new LlamaTokenData { Id = i, Logit = logits[i] };
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
    public void Accept(int token) => LlamaSamplerNative.Accept(_sampler, token);

    public void Dispose() => _sampler.Dispose();

    private static byte[] ZeroTerminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
