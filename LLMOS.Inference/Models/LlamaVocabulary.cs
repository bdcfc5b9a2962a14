using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Models;

/// <summary>A model's tokenizer. Safe to use from any thread.</summary>
internal sealed unsafe class LlamaVocabulary
{
    private const int NoVocabulary = 0;
    private const int SentencePiece = 1;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly LlamaModelHandle _model;
    private readonly nint _vocab;
    private readonly TokenPiece?[] _pieces;
    private readonly Lazy<SpecialTokens> _special;
    private readonly ByteFallback? _fallback;
    private readonly Lazy<PieceIndex> _spelled;

    public LlamaVocabulary(LlamaModelHandle model)
    {
        _model = model;
        _vocab = LlamaNative.ModelGetVocab(model);
        Exists = LlamaVocabNative.Type(_vocab) != NoVocabulary;
        Size = LlamaVocabNative.TokenCount(_vocab);
        _pieces = new TokenPiece?[Size];
        _special = new Lazy<SpecialTokens>(() => new SpecialTokens(this));
        _spelled = new Lazy<PieceIndex>(() => new PieceIndex(Enumerable.Range(0, Size).Except(EndTokens!).Select(token => (token, Spelled(token)))));
        Bos = LlamaVocabNative.Bos(_vocab);
        Eos = LlamaVocabNative.Eos(_vocab);
        _fallback = LlamaVocabNative.Type(_vocab) == SentencePiece ? ByteFallback.Of(this) : null;
        EndTokens = [.. Enumerable.Range(0, Size).Where(token => LlamaVocabNative.IsEndOfGeneration(_vocab, token))];
    }

    public nint Native => _vocab;

    /// <summary>False for models that have no tokenizer at all.</summary>
    public bool Exists { get; }

    public int Size { get; }

    public int Bos { get; }

    public int Eos { get; }

    /// <summary>The tokens that end a generation, ascending.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    public bool Contains(int token) => (uint)token < (uint)Size;

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        if (!Exists)
            throw new LlamaException(LlamaError.NotSupported, "The model has no tokenizer: give a model whose file has tokenizer.ggml.tokens.");
        _fallback?.Require(text);
        var maxBytes = Utf8.GetMaxByteCount(text.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        var tokens = ArrayPool<int>.Shared.Rent(text.Length + 8);
        try
        {
            var length = Utf8.GetBytes(text, bytes);
            while (true)
            {
                int count;
                fixed (byte* textPointer = bytes)
                fixed (int* tokenPointer = tokens)
                    count = LlamaVocabNative.Tokenize(_vocab, textPointer, length, tokenPointer, tokens.Length, addSpecial, parseSpecial);
                if (count == int.MinValue)
                    throw new LlamaException(LlamaError.TooLong, $"A text of {length} bytes has more tokens than can be counted: split it.");
                if (count >= 0)
                    return tokens.AsSpan(0, count).ToArray();
                ArrayPool<int>.Shared.Return(tokens);
                tokens = ArrayPool<int>.Shared.Rent(-count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(tokens);
            GC.KeepAlive(_model);
        }
    }

    /// <summary>
    /// The tokens of a prompt. It is cut at the control tokens that the template wrote, and what lies between two of them is tokenized as one
    /// text, whichever side its parts come from: ordinary text has the tokens that it has without segments.
    /// </summary>
    public int[] Tokenize(RenderedPrompt prompt, bool addSpecial)
    {
        var tokens = new List<int>();
        foreach (var (text, token) in _special.Value.Cut(prompt))
        {
            if (text is null)
                tokens.Add(token);
            else
                tokens.AddRange(Tokenize(text, addSpecial: false, parseSpecial: false));
        }
        if (addSpecial && Exists && LlamaVocabNative.AddsBos(_vocab) && Contains(Bos) && (tokens.Count == 0 || tokens[0] != Bos))
            tokens.Insert(0, Bos);
        if (addSpecial && Exists && LlamaVocabNative.AddsEos(_vocab) && Contains(Eos) && (tokens.Count == 0 || tokens[^1] != Eos))
            tokens.Add(Eos);
        GC.KeepAlive(_model);
        return [.. tokens];
    }

    /// <summary>A token as the vocabulary spells it; empty for one that it does not have.</summary>
    public string Text(int token) => Contains(token) && Exists ? Marshal.PtrToStringUTF8((nint)LlamaVocabNative.Text(_vocab, token)) ?? "" : "";

    /// <summary>The text of a control token; empty for one that is text itself.</summary>
    public string ControlText(int token) =>
        Contains(token) && Exists && (Attributes(token) & (TokenAttributes.Control | TokenAttributes.Unknown)) != 0 ? Text(token) : "";

    /// <summary>llama.cpp's flags of a token.</summary>
    public TokenAttributes Attributes(int token) => (TokenAttributes)LlamaVocabNative.Attributes(_vocab, token);

    public string Detokenize(ReadOnlySpan<int> tokens, bool renderSpecial)
    {
        foreach (var token in tokens)
            RequireToken(token);
        if (tokens.IsEmpty || !Exists)
            return "";
        var bytes = ArrayPool<byte>.Shared.Rent((tokens.Length * 8) + 16);
        try
        {
            while (true)
            {
                int length;
                fixed (int* tokenPointer = tokens)
                fixed (byte* pointer = bytes)
                    length = LlamaVocabNative.Detokenize(_vocab, tokenPointer, tokens.Length, pointer, bytes.Length, removeSpecial: !renderSpecial, unparseSpecial: renderSpecial);
                if (length >= 0)
                    return Utf8.GetString(bytes, 0, length);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = ArrayPool<byte>.Shared.Rent(-length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            GC.KeepAlive(_model);
        }
    }

    /// <summary>The bytes that a token stands for; none for control tokens. Made once a token.</summary>
    public TokenPiece Piece(int token) => _pieces[token] ??= MakePiece(token);

    /// <summary>The tokens by how they are spelled, without those that end a generation. Made on first use.</summary>
    public PieceIndex SpelledTokens => _spelled.Value;

    /// <summary>A token's bytes as llama.cpp's grammars see them, which take a control token for its text.</summary>
    public byte[] Spelled(int token) => Bytes(token, special: true);

    /// <exception cref="LlamaException">The model has no such token.</exception>
    public void RequireToken(int token)
    {
        if (!Contains(token))
            throw new LlamaException(LlamaError.InvalidRequest, $"Token {token} is not in the model's vocabulary: its tokens are 0 to {Size - 1}.");
    }

    private TokenPiece MakePiece(int token)
    {
        var bytes = Bytes(token, special: false);
        string? text = null;
        try
        {
            text = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            // Part of a character: only the bytes say what it is.
        }
        return new TokenPiece(bytes, text);
    }

    private byte[] Bytes(int token, bool special)
    {
        Span<byte> buffer = stackalloc byte[256];
        var length = Piece(token, buffer, special);
        if (length < 0)
        {
            buffer = new byte[-length];
            length = Piece(token, buffer, special);
        }
        GC.KeepAlive(_model);
        return buffer[..length].ToArray();
    }

    private int Piece(int token, Span<byte> buffer, bool special)
    {
        fixed (byte* pointer = buffer)
            return LlamaVocabNative.TokenToPiece(_vocab, token, pointer, buffer.Length, leftStrip: 0, special);
    }
}
