using System.Text.RegularExpressions;
using ModelForge.Corpus.Reading.Roles;

namespace ModelForge.Evaluation.Reading;

/// <summary>Compares role descriptions with those that should come out.</summary>
internal static partial class RoleCheck
{
    /// <summary>
    /// Whether each role of the answer has the jobs wanted, and every duty wanted is in exactly one role and no other is. Where a
    /// role with one job is split, any deal of its duties is right.
    /// </summary>
    public static bool IsRight(RoleCase example, string answer)
    {
        var roles = answer.Trim().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToArray();
        if (roles.Length != example.Roles.Count || Array.Exists(roles, role => role is null))
            return false;
        if (!roles.Select(role => string.Join('|', role!.Jobs)).Order().SequenceEqual(example.Roles.Select(role => string.Join('|', role.Jobs)).Order()))
            return false;
        var isOneJob = example.Roles.Select(role => string.Join('|', role.Jobs)).Distinct().Count() == 1;
        return Duties(roles!, isOneJob).SetEquals(Duties(example.Roles, isOneJob))
            && roles.Sum(role => role!.Duties.Count) == example.Roles.Sum(role => role.Duties.Count);
    }

    private static HashSet<string> Duties(IReadOnlyList<RoleText> roles, bool isOneJob) =>
        [.. roles.SelectMany(role => role.Duties.Select(duty => isOneJob ? duty : $"{string.Join('|', role.Jobs)}: {duty}"))];

    private static RoleText? Parse(string line)
    {
        var match = Description().Match(line.Trim());
        return match.Success ? new RoleText(Items(match.Groups["jobs"].Value), Items(match.Groups["duties"].Value)) : null;
    }

    private static string[] Items(string list) => list.Replace(" and ", ", ", StringComparison.Ordinal).Split(", ");

    [GeneratedRegex(@"^(\d\. )?You are an? (?<jobs>[^.]+)\. You (?<duties>[^.]+)\.$")]
    private static partial Regex Description();
}
