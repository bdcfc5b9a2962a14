using System.Numerics;

namespace ModelForge;

/// <summary>
/// The first dimensions of the residual stream, which no layer writes to: what a token's embedding puts there arrives
/// unchanged, but for the last norm's scale, at the output rows.
/// </summary>
internal sealed class ResidualLanes
{
    /// <summary>The most dimensions that are ever set aside.</summary>
    public const int Most = 4;

    private const int BiasLane = 0;

    /// <summary>Lane that asks for a character's last byte (A0–BF).</summary>
    private const int LastByteLane = 1;

    /// <summary>Lane that asks for its second last byte (80–8F).</summary>
    private const int MiddleByteLane = 2;

    /// <summary>Lane that asks for the byte 9F, which only follows F0.</summary>
    private const int EmojiByteLane = 3;

    private const float BiasMark = 4;
    private const float ByteMark = 12;

    /// <summary>What keeps a token from being sampled: about twenty below the mean logit.</summary>
    private const float Never = -10;

    /// <summary>What a lane adds to the bytes that it asks for: thrice <see cref="ByteMark"/>'s share outweighs <see cref="Never"/>.</summary>
    private const float Asked = 10;

    /// <summary>What a lane takes from every ordinary token while it asks for a byte.</summary>
    private const float NotNow = -5;

    private const double Ln2 = 0.6931;

    private readonly IReadOnlyList<VocabularyPiece> _vocabulary;
    private readonly bool _multibyte;
    private readonly double _biasAtOutput;
    private readonly double _leadPrior;

    public ResidualLanes(ModelShape shape, IReadOnlyList<VocabularyPiece> vocabulary, bool multibyte, double layerVariance, double logitDeviation)
    {
        _vocabulary = vocabulary;
        _multibyte = multibyte;
        _biasAtOutput = BiasMark / Math.Sqrt(1 + layerVariance + BiasMark * BiasMark / (double)shape.Width);

        // Four lead bytes of two, four of three, and the one of four that must do alone: together about as likely as the words.
        _leadPrior = Ln2 * BitOperations.Log2((uint)shape.Vocabulary / 24);
    }

    /// <summary>The dimensions set aside, from 0.</summary>
    public int Count => _multibyte ? Most : 1;

    /// <summary>Whether a token's output row is noise; the others hold a bias alone.</summary>
    public bool IsNoise(long token) => _vocabulary[(int)token].Type == TokenType.Normal || (_multibyte && Role((int)token) != ByteRole.None);

    public void MarkEmbedding(long token, Span<float> values)
    {
        values[BiasLane] = BiasMark;
        if (!_multibyte)
            return;
        values[LastByteLane] = values[MiddleByteLane] = values[EmojiByteLane] = 0;
        switch (Role((int)token))
        {
            case ByteRole.TwoByteLead or ByteRole.Middle:
                values[LastByteLane] = ByteMark;
                break;
            case ByteRole.ThreeByteLead or ByteRole.Emoji:
                values[MiddleByteLane] = ByteMark;
                break;
            case ByteRole.FourByteLead:
                values[EmojiByteLane] = ByteMark;
                break;
        }
    }

    public void MarkOutput(long token, Span<float> values)
    {
        var piece = _vocabulary[(int)token];
        var role = _multibyte ? Role((int)token) : ByteRole.None;
        var lead = role is ByteRole.TwoByteLead or ByteRole.ThreeByteLead or ByteRole.FourByteLead;
        var ordinary = piece.Type == TokenType.Normal || lead;
        values[BiasLane] = ordinary ? (float)((lead ? LeadPrior(role) : piece.Prior) / _biasAtOutput) : Never;
        if (!_multibyte)
            return;
        values[LastByteLane] = Weight(ByteRole.Last);
        values[MiddleByteLane] = Weight(ByteRole.Middle);
        values[EmojiByteLane] = Weight(ByteRole.Emoji);

        float Weight(ByteRole asked) => role == asked ? Asked : ordinary ? NotNow : 0;
    }

    private double LeadPrior(ByteRole lead) => _leadPrior + (lead == ByteRole.FourByteLead ? 2 * Ln2 : 0);

    /// <summary>What a byte token does in the characters that a multibyte model writes: Latin, Greek and Cyrillic letters, kana and ideographs, emoji.</summary>
    private static ByteRole Role(int token) => (token - ForgedVocabulary.FirstByteId) switch
    {
        0xC3 or 0xC4 or 0xCE or 0xD0 => ByteRole.TwoByteLead,
        0xE3 or 0xE4 or 0xE5 or 0xE6 => ByteRole.ThreeByteLead,
        0xF0 => ByteRole.FourByteLead,
        0x9F => ByteRole.Emoji,
        >= 0x80 and <= 0x8F => ByteRole.Middle,
        >= 0xA0 and <= 0xBF => ByteRole.Last,
        _ => ByteRole.None,
    };

    private enum ByteRole
    {
        None,
        TwoByteLead,
        ThreeByteLead,
        FourByteLead,
        Emoji,
        Middle,
        Last,
    }
}
