using System.Globalization;
using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>A link in the folder of a search.</summary>
/// <param name="Name">Rank and name of what was found.</param>
/// <param name="Target">Where that is, relative to the folder of the search.</param>
internal sealed record SearchHit(string Name, string Target)
{
    /// <summary>How many links a search has: two digits hold their ranks, and a person looks at no more.</summary>
    public const int Limit = 20;

    /// <summary>The links to what was found, in its order.</summary>
    public static IReadOnlyList<SearchHit> Of(IEnumerable<FileMatch> matches) =>
        [.. matches.Where(match => match.Path != VfsPath.Root).Select((match, index) => new SearchHit(NameOf(match.Path, index + 1), "../.." + match.Path))];

    private static string NameOf(string path, int rank)
    {
        var name = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{rank:00}-"));
        var length = name.Length;
        foreach (var rune in VfsPath.NameOf(path).EnumerateRunes())
        {
            length += rune.Utf8SequenceLength;
            if (length > VfsPath.MaxNameLength)
            {
                break;
            }

            name.Append(rune.ToString());
        }

        return name.ToString();
    }
}
