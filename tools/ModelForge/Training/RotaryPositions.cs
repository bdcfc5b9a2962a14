namespace ModelForge.Training;

/// <summary>
/// Rotary positions (Su et al. 2021) on neighbouring pairs, as llama.cpp computes them for the llama architecture, so that an
/// exported file needs no permutation.
/// </summary>
internal sealed unsafe class RotaryPositions(int headWidth)
{
    private readonly int _pairs = headWidth / 2;
    private float[] _cosines = [];
    private float[] _sines = [];

    /// <summary>By position and pair.</summary>
    public ReadOnlySpan<float> Cosines => _cosines;

    /// <summary>By position and pair.</summary>
    public ReadOnlySpan<float> Sines => _sines;

    /// <summary>Turns the first <paramref name="heads"/> heads of each row by its position, the first row being 0.</summary>
    public void Turn(float* rows, int count, int stride, int heads, bool backwards)
    {
        Reserve(count);
        var sign = backwards ? -1f : 1f;
        for (var row = 0; row < count; row++)
        {
            for (var head = 0; head < heads; head++)
            {
                var pair = rows + (long)row * stride + head * headWidth;
                for (var i = 0; i < _pairs; i++, pair += 2)
                {
                    var (cosine, sine) = (_cosines[row * _pairs + i], sign * _sines[row * _pairs + i]);
                    (pair[0], pair[1]) = (pair[0] * cosine - pair[1] * sine, pair[0] * sine + pair[1] * cosine);
                }
            }
        }
    }

    /// <summary>Computes the angles of the first <paramref name="count"/> positions, unless they are there.</summary>
    public void Reserve(int count)
    {
        if (_cosines.Length >= count * _pairs)
            return;
        _cosines = new float[count * _pairs];
        _sines = new float[count * _pairs];
        for (var row = 0; row < count; row++)
        {
            for (var i = 0; i < _pairs; i++)
            {
                var angle = row * Math.Pow(ShapeMetadata.RotaryBase, -2.0 * i / headWidth);
                _cosines[row * _pairs + i] = (float)Math.Cos(angle);
                _sines[row * _pairs + i] = (float)Math.Sin(angle);
            }
        }
    }
}
