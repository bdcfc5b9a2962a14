using System.Globalization;
using System.Text.RegularExpressions;

namespace LLMOS.Inference.Gguf;

/// <summary>A file's place in a model that is split over several, named <c>NAME-00001-of-00003.gguf</c> and so on.</summary>
public sealed partial class GgufSplit
{
    private readonly string _prefix;

    private GgufSplit(string prefix, int number, int count)
    {
        _prefix = prefix;
        Number = number;
        Count = count;
    }

    /// <summary>The part's number, from 1.</summary>
    public int Number { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>The model's name, without number and extension.</summary>
    public string Name => Path.GetFileName(_prefix);

    /// <summary>The place that <paramref name="path"/> tells by its name, or null.</summary>
    public static GgufSplit? OfName(string path)
    {
        var match = PartName().Match(path);
        if (!match.Success)
            return null;
        var number = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        var count = int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
        return number >= 1 && number <= count ? new GgufSplit(match.Groups[1].Value, number, count) : null;
    }

    /// <summary>The place that the header tells, or null for a model in one file.</summary>
    internal static GgufSplit? Of(GgufFile file)
    {
        if (file.Metadata.GetValueOrDefault("split.count")?.WholeNumber is not (> 1 and <= 99_999 and var count))
            return null;
        var number = file.Metadata.GetValueOrDefault("split.no")?.WholeNumber is >= 0 and < 99_999 and var index ? (int)index + 1 : 1;
        var prefix = OfName(file.Path)?._prefix ?? Path.ChangeExtension(file.Path, null);
        return new GgufSplit(prefix, number, (int)count);
    }

    /// <summary>The path of part <paramref name="number"/>, from 1.</summary>
    public string PathOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{number:D5}-of-{Count:D5}.gguf");

    /// <summary>The first later part that is not there or not whole, or null.</summary>
    internal GgufException? MissingPart()
    {
        for (var number = 2; number <= Count; number++)
        {
            try
            {
                if (GgufFile.Read(PathOf(number)).PartDefect() is { } defect)
                    return defect;
            }
            catch (GgufException missing) when (missing.Problem == GgufProblem.Missing)
            {
                return new GgufException(
                    GgufProblem.IncompleteSplit, $"{PathOf(1)} is the first of {Count} parts, and {PathOf(number)} is not there; fetch the missing part.");
            }
            catch (GgufException defect)
            {
                return defect;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^(.*)-(\d{5})-of-(\d{5})\.gguf$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
